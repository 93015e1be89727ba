// Weights in files: GeoDa's .gal (neighbours) and .gwt (weights), Matrix Market, lists of links, square tables.
#include "spatial/builders.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <cmath>
#include <map>
#include <sstream>
#include <unordered_map>

namespace spatial {
namespace {

[[noreturn]] void broken(const std::string& name, std::size_t line, const std::string& why) {
  throw core::Error("'" + name + "' line " + std::to_string(line) + ": " + why);
}

/// Numbers ids in order of first appearance.
class Names {
 public:
  std::uint32_t operator()(const std::string& id) {
    const auto [at, added] = at_.emplace(id, static_cast<std::uint32_t>(ids.size()));
    if (added) ids.push_back(id);
    return at->second;
  }
  bool has(const std::string& id) const { return at_.count(id) > 0; }
  std::vector<std::string> ids;

 private:
  std::unordered_map<std::string, std::uint32_t> at_;
};

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::vector<std::string> lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

double number_in(const std::string& word, const std::string& name, std::size_t line) {
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  if (end == word.c_str() || *end) broken(name, line, "'" + word + "' is not a number");
  return value;
}

std::size_t count_in(const std::string& word, const std::string& name, std::size_t line) {
  const double value = number_in(word, name, line);
  if (!(value >= 0 && value == std::floor(value) && value < 4e9)) broken(name, line, "'" + word + "' is no count");
  return static_cast<std::size_t>(value);
}

/// "0 n shapefile id" or "n": units said to follow.
std::size_t header(const std::vector<std::string>& first, const std::string& name) {
  if (first.empty()) broken(name, 1, "the first line says how many units there are");
  return count_in(first.size() == 1 ? first[0] : first[1], name, 1);
}

std::string id_of_header(const std::vector<std::string>& first) { return first.size() >= 4 ? first[3] : ""; }

}  // namespace

Weights read_gal(const std::string& text, const std::string& name) {
  const std::vector<std::string> all = lines(text);
  const std::vector<std::string> first = words(all.empty() ? "" : all[0]);
  const std::size_t n = header(first, name);
  Names names;
  std::vector<Link> links;
  std::size_t units = 0;
  for (std::size_t at = 1; at < all.size(); ++at) {
    const std::vector<std::string> head = words(all[at]);
    if (head.empty()) continue;
    if (head.size() != 2) broken(name, at + 1, "a unit and its number of neighbours are expected");
    const std::uint32_t i = names(head[0]);
    const std::size_t count = count_in(head[1], name, at + 1);
    ++units;
    if (count == 0) continue;
    if (++at >= all.size()) broken(name, at, "the neighbours of unit " + head[0] + " are missing");
    const std::vector<std::string> around = words(all[at]);
    if (around.size() != count)
      broken(name, at + 1,
             std::to_string(count) + " neighbours are announced, " + std::to_string(around.size()) + " listed");
    for (const std::string& id : around) links.push_back({i, names(id), 1});
  }
  if (units != n || names.ids.size() != n)
    throw core::Error("'" + name + "' announces " + std::to_string(n) + " units and holds " +
                      std::to_string(std::max(units, names.ids.size())));
  Weights W = from_links(std::move(names.ids), std::move(links), "neighbours in " + name);
  W.id_column = id_of_header(first);
  return W;
}

Weights read_gwt(const std::string& text, const std::string& name) {
  const std::vector<std::string> all = lines(text);
  const std::vector<std::string> first = words(all.empty() ? "" : all[0]);
  const std::size_t n = header(first, name);
  Names names;
  std::vector<Link> links;
  for (std::size_t at = 1; at < all.size(); ++at) {
    const std::vector<std::string> row = words(all[at]);
    if (row.empty()) continue;
    if (row.size() != 3) broken(name, at + 1, "two units and a weight are expected");
    const std::uint32_t i = names(row[0]);
    links.push_back({i, names(row[1]), number_in(row[2], name, at + 1)});
  }
  if (names.ids.size() > n)
    throw core::Error("'" + name + "' announces " + std::to_string(n) + " units and holds " +
                      std::to_string(names.ids.size()));
  if (names.ids.size() < n)
    throw core::Error("'" + name + "' announces " + std::to_string(n) + " units, and only " +
                      std::to_string(names.ids.size()) +
                      " have a link: the file does not say what the others are called")
        .hint("save the weights as .gal or Matrix Market, which hold units without neighbours");
  Weights W = from_links(std::move(names.ids), std::move(links), "weights in " + name);
  W.id_column = id_of_header(first);
  return W;
}

Weights read_matrix_market(const std::string& text, const std::string& name) {
  const std::vector<std::string> all = lines(text);
  const std::vector<std::string> banner = words(all.empty() ? "" : all[0]);
  if (banner.size() < 5 || banner[0] != "%%MatrixMarket" || banner[2] != "coordinate")
    broken(name, 1, "'%%MatrixMarket matrix coordinate …' is expected");
  const bool pattern = banner[3] == "pattern", symmetric = banner[4] == "symmetric";
  std::vector<std::string> ids;
  std::string id_column;
  std::size_t at = 1;
  for (; at < all.size() && (all[at].empty() || all[at][0] == '%'); ++at) {
    if (all[at].rfind("% id: ", 0) == 0) ids.push_back(all[at].substr(6));
    if (all[at].rfind("% column: ", 0) == 0) id_column = all[at].substr(10);
  }
  const std::vector<std::string> size = words(at < all.size() ? all[at] : "");
  if (size.size() != 3) broken(name, at + 1, "rows, columns and entries are expected");
  const std::size_t n = count_in(size[0], name, at + 1);
  if (n != count_in(size[1], name, at + 1)) throw core::Error("'" + name + "' holds no square matrix");
  if (n > text.size()) broken(name, at + 1, "more units are announced than the file can hold");
  if (!ids.empty() && ids.size() != n)
    throw core::Error("'" + name + "' names " + std::to_string(ids.size()) + " of " + std::to_string(n) + " units");
  for (std::size_t i = ids.size(); i < n; ++i) ids.push_back(std::to_string(i + 1));
  std::vector<Link> links;
  for (++at; at < all.size(); ++at) {
    const std::vector<std::string> row = words(all[at]);
    if (row.empty()) continue;
    if (row.size() < (pattern ? 2U : 3U)) broken(name, at + 1, "row, column and value are expected");
    const std::size_t i = count_in(row[0], name, at + 1), j = count_in(row[1], name, at + 1);
    if (i < 1 || j < 1 || i > n || j > n) broken(name, at + 1, "there is no entry " + row[0] + ", " + row[1]);
    const double w = pattern ? 1 : number_in(row[2], name, at + 1);
    links.push_back({static_cast<std::uint32_t>(i - 1), static_cast<std::uint32_t>(j - 1), w});
    if (symmetric && i != j) links.push_back({static_cast<std::uint32_t>(j - 1), static_cast<std::uint32_t>(i - 1), w});
  }
  Weights W = from_links(std::move(ids), std::move(links), "matrix in " + name);
  W.id_column = id_column;
  return W;
}

std::string write_gal(const Weights& W) {
  std::string out = "0 " + std::to_string(W.units()) + " moontide " + (W.id_column.empty() ? "id" : W.id_column) + "\n";
  for (std::size_t i = 0; i < W.units(); ++i) {
    if (W.ids[i].find_first_of(" \t\r\n") != std::string::npos)
      throw core::Error("a .gal file cannot hold the id '" + W.ids[i] + "', which has blanks")
          .hint("save as .mtx or .csv");
    const auto around = W.neighbours(i);
    out += W.ids[i] + " " + std::to_string(around.size()) + "\n";
    if (around.empty()) continue;
    for (std::size_t p = 0; p < around.size(); ++p) out += (p ? " " : "") + W.ids[around[p]];
    out += "\n";
  }
  return out;
}

std::string write_gwt(const Weights& W) {
  std::string out = "0 " + std::to_string(W.units()) + " moontide " + (W.id_column.empty() ? "id" : W.id_column) + "\n";
  for (const Link& link : links_of(W)) {
    if ((W.ids[link.from] + W.ids[link.to]).find_first_of(" \t\r\n") != std::string::npos)
      throw core::Error("a .gwt file cannot hold ids with blanks").hint("save as .mtx or .csv");
    out += W.ids[link.from] + " " + W.ids[link.to] + " " + core::shortest(link.weight) + "\n";
  }
  return out;
}

std::string write_matrix_market(const Weights& W) {
  std::string out = "%%MatrixMarket matrix coordinate real general\n";
  if (!W.id_column.empty()) out += "% column: " + W.id_column + "\n";
  for (const std::string& id : W.ids) out += "% id: " + id + "\n";
  out += std::to_string(W.units()) + " " + std::to_string(W.units()) + " " + std::to_string(W.links()) + "\n";
  for (const Link& link : links_of(W))
    out += std::to_string(link.from + 1) + " " + std::to_string(link.to + 1) + " " + core::shortest(link.weight) + "\n";
  return out;
}

std::string write_csv(const Weights& W) {
  const auto quoted = [](const std::string& id) {
    if (id.find_first_of(",\"\r\n") == std::string::npos) return id;
    std::string out = "\"";
    for (const char c : id) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
  };
  std::vector<char> linked(W.units(), 0);
  std::string out = "i,j,w\n";
  for (const Link& link : links_of(W)) {
    out += quoted(W.ids[link.from]) + "," + quoted(W.ids[link.to]) + "," + core::shortest(link.weight) + "\n";
    linked[link.from] = linked[link.to] = 1;
  }
  for (std::size_t i = 0; i < linked.size(); ++i)  // a weight of zero keeps an island's name
    if (!linked[i]) out += quoted(W.ids[i]) + "," + quoted(W.ids[i]) + ",0\n";
  return out;
}

namespace {

/// What stands in a list that may not be meant: a pair twice, a unit linked with itself, all links in one direction.
std::vector<std::string> doubts(const std::vector<Link>& rows, const std::vector<std::string>& ids, bool both) {
  std::vector<std::string> notes;
  const auto pair = [&](const Link& l) { return ids[l.from] + " - " + ids[l.to]; };
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> seen;
  std::size_t again = 0, turned = 0, self = 0;
  std::string first_again, first_turned, first_self;
  for (const Link& l : rows) {
    if (l.from == l.to && self++ == 0) first_self = ids[l.from];
    if (seen[{l.from, l.to}]++ > 0 && again++ == 0) first_again = pair(l);
    if (l.from != l.to && seen.count({l.to, l.from}) && turned++ == 0) first_turned = pair(l);
  }
  const auto rows_text = [](std::size_t n) { return core::counted(static_cast<long long>(n), "row"); };
  if (again > 0)
    notes.push_back("the list has pairs more than once (" + rows_text(again) + ", first " + first_again +
                    "): their weights are added");
  if (self > 0)
    notes.push_back("the list links units with themselves (" + rows_text(self) + ", first " + first_self +
                    "): they stand on the diagonal of W");
  if (both && turned > 0)
    notes.push_back("the list has pairs in both directions (" + rows_text(turned) + ", first " + first_turned +
                    "), and both=true adds each once more: their weights are doubled");
  if (!both && turned == 0 && rows.size() > self)
    notes.push_back("no link of the list has a link back: when each row is a pair of neighbours, both=true");
  return notes;
}

}  // namespace

Weights from_list(const data::Frame& frame, const std::string& i, const std::string& j, const std::string& w, bool both,
                  const std::vector<std::string>& units, std::vector<std::string>& notes) {
  const data::ColumnPtr from = frame.at(i), to = frame.at(j);
  const std::vector<double> weight = w.empty() ? std::vector<double>(frame.rows(), 1) : frame.at(w)->numbers();
  Names names;
  for (const std::string& id : units) names(id);
  std::vector<Link> rows;
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    if (from->missing(row) || to->missing(row) || std::isnan(weight[row]))
      throw core::Error("row " + std::to_string(row + 1) + " of the list of links has a missing value");
    for (const data::ColumnPtr& end : {from, to})
      if (const std::string id = end->text(row); !units.empty() && !names.has(id))
        throw core::Error("row " + std::to_string(row + 1) + " of the list of links has '" + id +
                          "', which is none of the units; " + core::did_you_mean(id, units, "units"));
    const std::uint32_t a = names(from->text(row)), b = names(to->text(row));
    if (weight[row] != 0) rows.push_back({a, b, weight[row]});
  }
  notes = doubts(rows, names.ids, both);
  std::vector<Link> links = rows;
  if (both)
    for (const Link& l : rows)
      if (l.from != l.to) links.push_back({l.to, l.from, l.weight});
  return from_links(std::move(names.ids), std::move(links), "links in " + frame.name());
}

Weights from_square(const data::Frame& frame) {
  if (frame.names() == std::vector<std::string>{"i", "j", "w"}) {  // what write_csv writes
    std::vector<std::string> notes;
    return from_list(frame, "i", "j", "w", false, {}, notes);
  }
  const std::size_t n = frame.rows();
  const bool named = frame.width() > 0 && (frame.column(0)->type() == data::Type::text || frame.width() == n + 1);
  if (frame.width() != n + (named ? 1 : 0))
    throw core::Error("'" + frame.name() + "' has " + std::to_string(n) + " rows and " +
                      std::to_string(frame.width() - (named ? 1 : 0)) + " columns of weights: that is not square")
        .hint(frame.width() == 2 || frame.width() == 3
                  ? "a list of links, one a row, is read by weights.edges(file, \"" + frame.names()[0] + "\", \"" +
                        frame.names()[1] + "\")"
                  : "rows and columns are the same units; a list of links is read by weights.edges");
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < n; ++i) {
    ids.push_back(named ? frame.column(0)->text(i) : frame.names()[i]);
    if (named && frame.names()[i + 1] != ids[i])
      throw core::Error("row " + std::to_string(i + 1) + " of '" + frame.name() + "' is '" + ids[i] + "' and column " +
                        std::to_string(i + 1) + " '" + frame.names()[i + 1] +
                        "': rows and columns must be the same units");
  }
  std::vector<Link> links;
  for (std::size_t j = 0; j < n; ++j) {
    const std::vector<double> column = frame.column(j + (named ? 1 : 0))->numbers();
    for (std::size_t i = 0; i < n; ++i) {
      if (std::isnan(column[i])) throw core::Error("the weight of " + ids[i] + " - " + ids[j] + " is missing");
      if (column[i] != 0) links.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), column[i]});
    }
  }
  return from_links(std::move(ids), std::move(links), "table " + frame.name());
}

}  // namespace spatial
