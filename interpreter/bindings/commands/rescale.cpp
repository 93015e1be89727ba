// winsor, trim, standardize, center, minmax: columns changed by statistics of their own.
#include "measures/rescale.hpp"
#include "bindings/commands/value_verbs.hpp"
#include "bindings/expr.hpp"
#include "core/text.hpp"
#include "measures/winsor.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;

constexpr const char* winsor_suffix = "_w";
constexpr const char* trim_suffix = "_tr";

measures::CutRule rule_of(const std::string& word) {
  if (word == "r6") return measures::CutRule::type6;
  if (word == "r7") return measures::CutRule::type7;
  if (word == "order") return measures::CutRule::order;
  return measures::CutRule::type2;
}

std::string rule_text(const std::string& word) {
  if (word == "order") return "order statistics, h = floor(p n)";
  if (word == "r6") return "type 6 of Hyndman & Fan";
  if (word == "r7") return "type 7 of Hyndman & Fan (R's)";
  return "type 2 of Hyndman & Fan (Stata's)";
}

std::pair<double, double> cuts_of(const Arguments& a) {
  std::vector<double> cuts = a.has("cuts") ? a.numbers("cuts") : std::vector<double>{1, 99};
  if (cuts.size() != 2) throw core::Error("cuts= takes two percentiles").word("cuts").hint("cuts={1, 99}");
  if (!(cuts[0] >= 0 && cuts[0] < cuts[1] && cuts[1] <= 100))
    throw core::Error("the cuts must be percentiles from 0 to 100, the lower first, not " + core::shortest(cuts[0]) +
                      " and " + core::shortest(cuts[1]))
        .word("cuts");
  return {cuts[0], cuts[1]};
}

int cut_columns(lua_State* L, Arguments& a, bool trim) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const std::vector<std::string> columns = a.column_names("columns");
  const std::vector<std::string> names = target_names(a, frame, columns, trim ? trim_suffix : winsor_suffix);
  const auto [low, high] = cuts_of(a);
  const std::string rule = a.text("percentiles", "stata");
  const std::optional<data::Grouping> groups = groups_within(a, frame);
  constexpr double percent = 100;
  std::vector<std::string> notes;
  lua_newtable(L);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const data::ColumnPtr old = frame.at(columns[k]);
    measures::Winsorized done = measures::winsorize(numbers_of(frame, columns[k]), low / percent, high / percent,
                                                    rule_of(rule), trim, groups ? &*groups : nullptr);
    std::size_t n = 0;
    for (const measures::Cut& cut : done.cuts) n += cut.n;
    const bool one = done.cuts.size() == 1;
    frame = frame.with(names[k], data::Column::reals(std::move(done.values))->described_as(*old));
    const auto side = [&](std::size_t count, const char* word, double cut) {
      return core::grouped(static_cast<long long>(count)) + " " + word + (one ? " " + core::significant(cut, 6) : "");
    };
    notes.push_back(names[k] + ": " + share_of(done.below + done.above, n, "value") +
                    (trim ? " made missing: " : " changed: ") + side(done.below, "below", done.cuts[0].low) + ", " +
                    side(done.above, "above", done.cuts[0].high) + "; percentiles " + core::shortest(low) + " and " +
                    core::shortest(high) +
                    (one ? "" : " of " + core::counted(static_cast<long long>(done.cuts.size()), "group")) + ", " +
                    rule_text(rule));
    std::vector<std::pair<std::string, double>> fields{{"n", static_cast<double>(n)},
                                                       {"below", static_cast<double>(done.below)},
                                                       {"above", static_cast<double>(done.above)}};
    if (one) {
      fields.emplace_back("low", done.cuts[0].low);
      fields.emplace_back("high", done.cuts[0].high);
    }
    push_fields(L, fields, "field");
    lua_setfield(L, -2, columns[k].c_str());
  }
  seal_named(L, columns, "column", "");
  box->frame = frame;
  for (const std::string& text : notes) say_note(text);
  return is_statement_call(L) ? 0 : 1;
}

int winsor(lua_State* L, Arguments& a) { return cut_columns(L, a, false); }

/// trim(name) of a text column or of an expression, as a value: the function of data expressions that takes blanks off.
bool push_text_function(lua_State* L, const Arguments& a) {
  const std::vector<formula::Tree> trees = a.trees("columns");
  if (trees.size() != 1) return false;
  const bool name = trees[0]->op == formula::Op::name;
  if (!name && is_statement_call(L)) throw core::Error("needs columns, not the expression " + formula::print(trees[0]));
  const FrameRef& box = session(L).in_use();
  const data::ColumnPtr column = name && box ? box->frame.find(trees[0]->text) : nullptr;
  if (name && (!column || column->is_numeric() || is_statement_call(L))) return false;
  push_expr(L, formula::call("trim", trees));
  return true;
}

int trim(lua_State* L, Arguments& a) { return push_text_function(L, a) ? 1 : cut_columns(L, a, true); }

int rescale_columns(Arguments& a, measures::Rescaling kind, const std::string& suffix, const std::string& done_word) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const std::vector<std::string> columns = a.column_names("columns");
  const std::vector<std::string> names = target_names(a, frame, columns, suffix);
  const std::optional<data::Grouping> groups = groups_within(a, frame);
  const bool population = a.text("sd", "sample") == "population";
  std::vector<double> range = a.has("range") ? a.numbers("range") : std::vector<double>{0, 1};
  if (range.size() != 2 || !(range[0] < range[1]) || !std::isfinite(range[0]) || !std::isfinite(range[1]))
    throw core::Error("range= takes two numbers, the lower first").word("range").hint("range={0, 1}");
  std::vector<std::string> notes;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    measures::Rescaled done =
        measures::rescale(numbers_of(frame, columns[k]), kind, population, groups ? &*groups : nullptr);
    if (a.has("range"))
      for (double& value : done.values) value = range[0] + (range[1] - range[0]) * value;
    if (done.constant > 0)
      notes.push_back(names[k] + ": " +
                      (done.groups == 1 ? "the values are all the same"
                                        : share_of(done.constant, done.groups, "group") + " without spread") +
                      ", " + done_word + " gives missing there");
    frame = frame.with(names[k], data::Column::reals(std::move(done.values))->labelled(frame.at(columns[k])->label()));
  }
  box->frame = frame;
  for (const std::string& text : notes) say_note(text);
  return 0;
}

int standardize(lua_State*, Arguments& a) {
  return rescale_columns(a, measures::Rescaling::standardize, "_z", "standardize");
}
int center(lua_State*, Arguments& a) { return rescale_columns(a, measures::Rescaling::center, "_c", "center"); }
int minmax(lua_State*, Arguments& a) {
  return rescale_columns(a, a.boolean("reverse") ? measures::Rescaling::minmax_cost : measures::Rescaling::minmax,
                         "_01", "minmax");
}

core::ArgSpec rescaled_columns() {
  return {.name = "columns", .kind = Kind::columns, .doc = "numeric columns", .repeated = true};
}

std::vector<OptionSpec> with_targets(std::vector<OptionSpec> own, const std::string& suffix, const char* where) {
  own.push_back(by_option("groups that each have their own statistics"));
  own.push_back(where_option(where));
  for (OptionSpec& option : target_options(suffix)) own.push_back(std::move(option));
  return own;
}

std::vector<OptionSpec> cut_options(const std::string& suffix) {
  return with_targets(
      {{.name = "cuts", .kind = Kind::numbers, .doc = "lower and upper percentile", .default_text = "{1, 99}"},
       {.name = "percentiles",
        .kind = Kind::text,
        .doc = "rule of the percentiles: type 2, 6 or 7 of Hyndman & Fan, or order statistics",
        .default_text = "stata",
        .one_of = {"stata", "r6", "r7", "order"},
        .aliases = {"rule"}}},
      suffix, "rows whose values are looked at and changed; the others stay as they are");
}

}  // namespace

void add_rescale_commands(Registry& registry) {
  const char* only = "rows that count; the others become missing";
  registry.add({{.name = "winsor",
                 .topic = "data",
                 .summary = "Pulls extreme values in to percentiles",
                 .args = {rescaled_columns()},
                 .options = cut_options(winsor_suffix),
                 .source = "Hyndman & Fan (1996); Stata winsor2, Cox's winsor",
                 .example = "winsor(rat, cuts={1, 99}, by=year)"},
                winsor});
  registry.add({{.name = "trim",
                 .topic = "data",
                 .summary = "Makes values beyond percentiles missing",
                 .args = {{.name = "columns", .kind = Kind::expression, .doc = "numeric columns", .repeated = true}},
                 .options = cut_options(trim_suffix),
                 .source = "Hyndman & Fan (1996); Stata winsor2, trim",
                 .example = "trim(rat, cuts={5, 95}, replace=true)"},
                trim});
  registry.add({{.name = "standardize",
                 .topic = "data",
                 .summary = "Makes columns of mean 0 and standard deviation 1",
                 .args = {rescaled_columns()},
                 .options = with_targets({{.name = "sd",
                                           .kind = Kind::text,
                                           .doc = "divide squares by n - 1 or by n",
                                           .default_text = "sample",
                                           .one_of = {"sample", "population"}}},
                                         "_z", only),
                 .example = "standardize(lngdp, lnedu, by=year)"},
                standardize});
  registry.add({{.name = "center",
                 .topic = "data",
                 .summary = "Takes means off columns",
                 .args = {rescaled_columns()},
                 .options = with_targets({}, "_c", only),
                 .example = "center(lngdp, by=city)"},
                center});
  registry.add({{.name = "minmax",
                 .topic = "data",
                 .summary = "Scales columns from their least to their largest value",
                 .args = {rescaled_columns()},
                 .options = with_targets({{.name = "reverse",
                                           .kind = Kind::boolean,
                                           .doc = "the least value becomes the top (cost items)",
                                           .default_text = "false"},
                                          {.name = "range",
                                           .kind = Kind::numbers,
                                           .doc = "what the least and the largest become",
                                           .default_text = "{0, 1}"}},
                                         "_01", only),
                 .example = "minmax(lngdp, by=year)"},
                minmax});
}

}  // namespace bindings
