// upgrading, rationalisation, lq, specialisation: industrial structure, a value per row.
#include "measures/structure.hpp"
#include "bindings/measures.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "measures/concentration.hpp"
#include "measures/describe.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;

/// Columns of non-negative numbers over the rows in use.
std::vector<std::vector<double>> sectors_of(const MeasureRows& rows, const std::vector<std::string>& names) {
  std::vector<std::vector<double>> out;
  for (const std::string& name : names) {
    out.push_back(numbers_of(rows.frame, name));
    for (std::size_t i = 0; i < out.back().size(); ++i)
      if (out.back()[i] < 0)
        throw core::Error("'" + name + "' is negative: " + core::shortest(out.back()[i]) + " in row " +
                          std::to_string(rows.origin[i] + 1))
            .word(name)
            .hint("sectors have non-negative values; leave rows out with where=");
  }
  return out;
}

/// The report of new columns: their description.
int push_columns(lua_State* L, const Arguments& a, const std::string& title, const std::vector<std::string>& names,
                 const std::vector<std::vector<double>>& columns, std::vector<std::string> notes) {
  report::Table table;
  table.title = title;
  table.notes = std::move(notes);
  std::vector<Statistics> statistics;
  for (const std::vector<double>& column : columns) {
    const measures::Description d = measures::describe(column);
    statistics.push_back({{"n", "N", d.n},
                          {"mean", "Mean", d.mean},
                          {"sd", "Std. dev.", d.sd},
                          {"min", "Min", d.min},
                          {"max", "Max", d.max}});
  }
  push_by_rows(L, a, std::move(table), "Column", names, statistics);
  return 1;
}

int upgrading(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  const std::vector<std::string> sectors = a.column_names("sectors");
  if (sectors.size() < 2)
    throw core::Error("an index of upgrading needs two sectors or more")
        .word("upgrading")
        .hint("upgrading(y1, y2, y3)");
  const std::string name = a.text("name", "upgrading");
  const bool ratio = a.text("form", "hierarchy") == "ratio";
  NewColumns columns(a, rows);
  columns.claim(name);
  const std::vector<double> values = measures::upgrading(
      sectors_of(rows, sectors), ratio ? measures::Upgrading::ratio : measures::Upgrading::hierarchy);
  columns.add(name, values, "Industrial upgrading");
  columns.store();
  const std::string formula = ratio
                                  ? sectors.back() + " / " + sectors[sectors.size() - 2]
                                  : "Sum of k times the share of sector k, from 1 to " + std::to_string(sectors.size());
  return push_columns(L, a, "Industrial upgrading", {name}, {values}, {formula});
}

int rationalisation(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  const std::vector<std::string> output = a.column_names("output"), employment = a.column_names("employment");
  if (output.size() < 2) throw core::Error("the structure needs two sectors or more").word("rationalisation");
  if (employment.empty())
    throw core::Error("option 'employment' is missing")
        .word("rationalisation")
        .hint("rationalisation(y1, y2, y3, employment={l1, l2, l3})");
  if (output.size() != employment.size())
    throw core::Error(core::counted(static_cast<long long>(output.size()), "sector") + " of output, but " +
                      std::to_string(employment.size()) + " of employment")
        .word("employment");
  const std::string name = a.text("name", "rationalisation");
  const bool theil = a.text("form", "deviation") == "theil";
  NewColumns columns(a, rows);
  columns.claim(name);
  const std::vector<double> values =
      measures::rationalisation(sectors_of(rows, output), sectors_of(rows, employment),
                                theil ? measures::Rationalisation::theil : measures::Rationalisation::deviation);
  columns.add(name, values, theil ? "Theil index of structure" : "Deviation from rational structure");
  columns.store();
  return push_columns(L, a, "Rationalisation of industrial structure (0: equal productivity)", {name}, {values},
                      {theil ? "Sum of (Y_i/Y) ln((Y_i/L_i)/(Y/L))" : "Sum of |(Y_i/Y)/(L_i/L) - 1|"});
}

/// Employment by region and industry, within each group of by=: wide (a column an industry, a row a region) or long
/// (one column, region= and industry=).
class RegionTables {
 public:
  RegionTables(const Arguments& a, const MeasureRows& rows)
      : groups_(measure_groups(a, rows.frame)), industries_(a.column_names("columns")), rows_(rows.frame.rows()) {
    long_ = a.has("region") || a.has("industry");
    if (long_ && !(a.has("region") && a.has("industry")))
      throw core::Error("long data need both region= and industry=").word(a.has("region") ? "region" : "industry");
    if (long_ && industries_.size() != 1)
      throw core::Error("with region= and industry= there is one column of employment, not " +
                        std::to_string(industries_.size()));
    if (!long_ && industries_.size() < 2)
      throw core::Error("one column alone has no structure")
          .word(industries_.at(0))
          .hint("name a column for each industry, or give region= and industry=");
    columns_ = sectors_of(rows, industries_);
    if (long_) {
      region_ = codes(measure_groups(a, rows.frame, "region"));
      industry_ = codes(measure_groups(a, rows.frame, "industry"));
    }
  }

  bool is_long() const { return long_; }
  const std::vector<std::string>& industries() const { return industries_; }
  std::size_t left_out() const { return left_out_ + groups_.left_out; }

  /// Calls visit(table, cells) for each group; cells: row in use, its region and (long) its industry in the table.
  struct Cell {
    std::uint32_t row;
    numerics::Index region, industry;
  };
  template <class Visit>
  void each(const Visit& visit) {
    for (const auto& group : groups_.rows) {
      std::vector<Cell> cells;
      std::vector<std::int64_t> region_place, industry_place;
      for (const std::uint32_t row : group) {
        bool complete = true;
        for (const auto& column : columns_) complete = complete && !std::isnan(column[row]);
        if (long_) complete = complete && region_[row] >= 0 && industry_[row] >= 0;
        if (!complete) {
          ++left_out_;
          continue;
        }
        cells.push_back({row, long_ ? place(region_place, region_[row]) : static_cast<numerics::Index>(cells.size()),
                         long_ ? place(industry_place, industry_[row]) : 0});
      }
      numerics::Index regions = 0, industries = long_ ? 0 : static_cast<numerics::Index>(columns_.size());
      for (const Cell& cell : cells) {
        regions = std::max(regions, cell.region + 1);
        if (long_) industries = std::max(industries, cell.industry + 1);
      }
      if (static_cast<double>(regions) * static_cast<double>(industries) > 2e8)
        throw core::Error("the table of regions and industries has too many cells: " + std::to_string(regions) + " × " +
                          std::to_string(industries));
      numerics::Matrix table = numerics::Matrix::Zero(regions, industries);
      for (const Cell& cell : cells) {
        if (long_) {
          table(cell.region, cell.industry) += columns_[0][cell.row];
        } else {
          for (std::size_t j = 0; j < columns_.size(); ++j)
            table(cell.region, static_cast<numerics::Index>(j)) = columns_[j][cell.row];
        }
      }
      visit(table, cells);
    }
  }

 private:
  std::vector<std::int64_t> codes(const MeasureGroups& groups) const {
    std::vector<std::int64_t> out(rows_, -1);
    for (std::size_t g = 0; g < groups.rows.size(); ++g)
      for (const std::uint32_t row : groups.rows[g]) out[row] = static_cast<std::int64_t>(g);
    return out;
  }
  /// Dense numbers in order of first appearance.
  static numerics::Index place(std::vector<std::int64_t>& places, std::int64_t code) {
    const auto at = static_cast<std::size_t>(code);
    if (places.size() <= at) places.resize(at + 1, -1);
    if (places[at] < 0) {
      std::int64_t next = 0;
      for (const std::int64_t known : places) next = std::max(next, known + 1);
      places[at] = next;
    }
    return static_cast<numerics::Index>(places[at]);
  }

  MeasureGroups groups_;
  std::vector<std::string> industries_;
  std::size_t rows_ = 0, left_out_ = 0;
  bool long_ = false;
  std::vector<std::vector<double>> columns_;
  std::vector<std::int64_t> region_, industry_;
};

int lq(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  RegionTables tables(a, rows);
  const bool symmetric = a.text("form", "quotient") == "symmetric";
  const std::string name = a.text("name", "lq");
  std::vector<std::string> names;
  for (const std::string& industry : tables.industries()) {
    names.push_back(name);
    if (!tables.is_long()) names.back().append("_").append(industry);
  }
  NewColumns columns(a, rows);
  for (const std::string& one : names) columns.claim(one);
  std::vector<std::vector<double>> values(names.size(), std::vector<double>(rows.frame.rows(), std::nan("")));
  tables.each([&](const numerics::Matrix& table, const std::vector<RegionTables::Cell>& cells) {
    numerics::Matrix quotients = measures::location_quotients(table);
    if (symmetric) quotients = ((quotients.array() - 1) / (quotients.array() + 1)).matrix();
    for (const auto& cell : cells)
      for (std::size_t j = 0; j < names.size(); ++j)
        values[j][cell.row] =
            quotients(cell.region, tables.is_long() ? cell.industry : static_cast<numerics::Index>(j));
  });
  for (std::size_t j = 0; j < names.size(); ++j)
    columns.add(names[j], values[j],
                (symmetric ? "Symmetric location quotient, " : "Location quotient, ") + tables.industries()[j]);
  columns.store();
  std::vector<std::string> notes = {symmetric ? "(LQ - 1)/(LQ + 1), from -1 to 1"
                                              : "Share of the industry in the region over its share in all regions"};
  if (a.has("by")) notes.push_back("Within each " + core::join(a.column_names("by"), ", "));
  note_left_out(tables.left_out(), notes);
  return push_columns(L, a, "Location quotients", names, values, notes);
}

int specialisation(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  RegionTables tables(a, rows);
  const bool others = a.text("reference", "others") == "others";
  const std::string name = a.text("name", "specialisation");
  NewColumns columns(a, rows);
  columns.claim(name);
  std::vector<double> values(rows.frame.rows(), std::nan(""));
  tables.each([&](const numerics::Matrix& table, const std::vector<RegionTables::Cell>& cells) {
    const numerics::Vector index = measures::krugman(table, others);
    for (const auto& cell : cells) values[cell.row] = index[cell.region];
  });
  columns.add(name, values, "Krugman specialisation index");
  columns.store();
  std::vector<std::string> notes = {std::string("Sum over industries of |share in the region - share in ") +
                                    (others ? "the other regions" : "all regions") + "|, from 0 to 2"};
  if (a.has("by")) notes.push_back("Within each " + core::join(a.column_names("by"), ", "));
  note_left_out(tables.left_out(), notes);
  return push_columns(L, a, "Krugman index of specialisation", {name}, {values}, notes);
}

}  // namespace

void add_structure_commands(Registry& registry) {
  const auto option = [](const char* name, Kind kind, const char* doc) {
    return core::OptionSpec{.name = name, .kind = kind, .doc = doc, .default_text = {}};
  };
  registry.add(
      {{.name = "upgrading",
        .topic = "measures",
        .summary = "Index of industrial upgrading: sum of k times share k, or the ratio of the last two sectors",
        .args = {{.name = "sectors",
                  .kind = Kind::columns,
                  .doc = "output by sector, from the primary on",
                  .repeated = true}},
        .options = {{.name = "form",
                     .kind = Kind::text,
                     .doc = "sum of k P_k with shares P in [0, 1], or Y3/Y2",
                     .default_text = "hierarchy",
                     .one_of = {"hierarchy", "ratio"}},
                    name_option("the new column", "upgrading"),
                    replace_option(),
                    file_option()},
        .source = "Gan, Zheng & Yu (2011), Economic Research Journal 46(5)",
        .example = "upgrading(y1, y2, y3, name=\"uil\")"},
       upgrading});
  registry.add({{.name = "rationalisation",
                 .topic = "measures",
                 .summary = "How far the structure of output departs from that of employment",
                 .args = {{.name = "output", .kind = Kind::columns, .doc = "output by sector", .repeated = true}},
                 .options = {option("employment", Kind::columns, "employment by sector, in the same order"),
                             {.name = "form",
                              .kind = Kind::text,
                              .doc = "sum of |(Y_i/Y)/(L_i/L) - 1|, or the Theil form",
                              .default_text = "deviation",
                              .one_of = {"deviation", "theil"}},
                             name_option("the new column", "rationalisation"),
                             replace_option(),
                             file_option()},
                 .source = "Gan, Zheng & Yu (2011), Economic Research Journal 46(5)",
                 .example = "rationalisation(y1, y2, y3, employment={l1, l2, l3}, form=\"theil\")"},
                rationalisation});
  const core::ArgSpec employment{
      .name = "columns",
      .kind = Kind::columns,
      .doc = "a column an industry and a row a region; one column with region= and industry=",
      .repeated = true};
  const core::OptionSpec region = option("region", Kind::columns, "regions of long data"),
                         industry = option("industry", Kind::columns, "industries of long data");
  registry.add({{.name = "lq",
                 .topic = "measures",
                 .summary = "Location quotients of regions and industries",
                 .args = {employment},
                 .options = {region,
                             industry,
                             by_option("a table of its own for each, usually the year"),
                             {.name = "form",
                              .kind = Kind::text,
                              .doc = "the quotient, or (LQ - 1)/(LQ + 1)",
                              .default_text = "quotient",
                              .one_of = {"quotient", "symmetric"}},
                             name_option("the new column; of wide data NAME_INDUSTRY", "lq"),
                             replace_option(),
                             file_option()},
                 .source = "Florence (1939); Dalum, Laursen & Villumsen (1998) for the symmetric form",
                 .example = "lq(l1, l2, l3, by=year)"},
                lq});
  registry.add({{.name = "specialisation",
                 .topic = "measures",
                 .summary = "Krugman's index of each region's specialisation",
                 .args = {employment},
                 .options = {region,
                             industry,
                             by_option("a table of its own for each, usually the year"),
                             {.name = "reference",
                              .kind = Kind::text,
                              .doc = "compare with the other regions together, or with all",
                              .default_text = "others",
                              .one_of = {"others", "all"}},
                             name_option("the new column", "specialisation"),
                             replace_option(),
                             file_option()},
                 .source = "Krugman (1991), Geography and Trade; Midelfart-Knarvik et al. (2000)",
                 .example = "specialisation(l1, l2, l3, by=year)"},
                specialisation});
}

}  // namespace bindings
