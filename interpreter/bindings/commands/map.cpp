// map(frame, x): a variable on its shapes in classes; words as colours of their own (clusters, hot spots).
#include "bindings/drawn.hpp"
#include "bindings/open.hpp"
#include "bindings/reported.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "report/figure.hpp"
#include "spatial/breaks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>

namespace bindings {
namespace {

using core::Kind;

/// ColorBrewer's sequential reds, and its diverging blue to red (Harrower & Brewer 2003).
const std::array<std::vector<std::string>, 3>& palettes() {
  static const std::array<std::vector<std::string>, 3> all = {
      std::vector<std::string>{"#fef0d9", "#fdd49e", "#fdbb84", "#fc8d59", "#ef6548", "#d7301f", "#990000"},
      std::vector<std::string>{"#eff3ff", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#084594"},
      std::vector<std::string>{"#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fddbc7", "#ef8a62", "#b2182b"}};
  return all;
}

/// Colours that clusters and hot spots have everywhere.
std::string known_color(const std::string& word) {
  static const std::map<std::string, std::string> colors = {
      {"High-High", "#ca0020"},     {"Low-Low", "#0571b0"},         {"High-Low", "#f4a582"},
      {"Low-High", "#92c5de"},      {"Not significant", "#eeeeee"}, {"No neighbours", "#cccccc"},
      {"Hot spot 99%", "#b2182b"},  {"Hot spot 95%", "#ef8a62"},    {"Hot spot 90%", "#fddbc7"},
      {"Cold spot 90%", "#d1e5f0"}, {"Cold spot 95%", "#67a9cf"},   {"Cold spot 99%", "#2166ac"}};
  const auto found = colors.find(word);
  return found == colors.end() ? "" : found->second;
}

/// Between two colours "#rrggbb".
std::string mixed(const std::string& a, const std::string& b, double share) {
  std::string out = "#";
  for (std::size_t c = 0; c < 3; ++c) {
    const int x = std::stoi(a.substr(1 + 2 * c, 2), nullptr, 16), y = std::stoi(b.substr(1 + 2 * c, 2), nullptr, 16);
    const int value = static_cast<int>(std::lround(x + share * (y - x)));
    constexpr const char* digits = "0123456789abcdef";
    out += digits[value / 16];
    out += digits[value % 16];
  }
  return out;
}

/// The palette's own colours while there are enough, then colours between them: every class has another.
std::string color_of(const std::string& palette, std::size_t c, std::size_t k) {
  const std::vector<std::string>& colors = palettes()[palette == "blues" ? 1 : palette == "diverging" ? 2 : 0];
  if (k == 1) return colors[3];
  const double at = static_cast<double>(c) * static_cast<double>(colors.size() - 1) / static_cast<double>(k - 1);
  if (k <= colors.size()) return colors[static_cast<std::size_t>(std::lround(at))];
  const std::size_t low = std::min(static_cast<std::size_t>(at), colors.size() - 2);
  return mixed(colors[low], colors[low + 1], at - static_cast<double>(low));
}

/// Relative luminance of "#rrggbb" (WCAG 2): 0 black, 1 white.
double luminance(const std::string& rgb) {
  const std::array<double, 3> share = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const double v = std::stoi(rgb.substr(1 + 2 * c, 2), nullptr, 16) / 255.0;
    sum += share[c] * (v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
  }
  return sum;
}

/// Below this luminance white words stand out more than those in #333333.
constexpr double dark_fill = 0.245;

/// The rings of a shape; holes go to the series that is drawn over with the background.
void add_shape(const data::Geometry& map, std::uint32_t shape, report::Series& area, report::Series& holes) {
  for (std::size_t p = 0; p < map.paths(shape); ++p) {
    const data::Geometry::Path path = map.path(shape, p);
    report::Series& to = path.hole ? holes : area;
    for (std::size_t i = 0; i < path.x.size(); ++i) {
      to.x.push_back(path.x[i]);
      to.y.push_back(path.y[i]);
    }
    to.x.push_back(std::nan(""));
    to.y.push_back(std::nan(""));
  }
}

/// Centroid of the largest ring.
std::pair<double, double> centre(const data::Geometry& map, std::uint32_t shape) {
  double best = -1, cx = 0, cy = 0;
  for (std::size_t p = 0; p < map.paths(shape); ++p) {
    const data::Geometry::Path path = map.path(shape, p);
    double area = 0, x = 0, y = 0;
    for (std::size_t i = 0; i + 1 < path.x.size(); ++i) {
      // About the first point: products of differences keep their digits.
      const double ax = path.x[i] - path.x[0], ay = path.y[i] - path.y[0], bx = path.x[i + 1] - path.x[0],
                   by = path.y[i + 1] - path.y[0];
      const double cross = ax * by - bx * ay;
      area += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (std::abs(area) > best) {
      best = std::abs(area);
      cx = path.x[0] + (area == 0 ? 0 : x / (3 * area));
      cy = path.y[0] + (area == 0 ? 0 : y / (3 * area));
    }
  }
  return {cx, cy};
}

/// "16180", "0.0123": significant digits without an exponent between 1e-4 and 1e9, and a true minus.
std::string limit(double x, int digits) {
  const double size = std::abs(x);
  std::string text = core::significant(x, digits);
  if (text.find('e') != std::string::npos && size >= 1e-4 && size < 1e9)
    text = core::fixed(x, std::max(0, digits - 1 - static_cast<int>(std::floor(std::log10(size)))));
  return text[0] == '-' ? "−" + text.substr(1) : text;
}

bool told_apart(const std::vector<std::string>& texts, const std::vector<double>& at) {
  for (std::size_t i = 1; i < at.size(); ++i)
    if (texts[i] == texts[i - 1] && at[i] != at[i - 1]) return false;
  return true;
}

/// "0.0000", "0.0853", "0.3190": decimals in common, as many as give the largest limit four digits and tell all apart,
/// less zeros at the end of all. Nothing where that takes more than ten digits, or sizes beyond those of limit().
std::vector<std::string> common_decimals(const std::vector<double>& at) {
  constexpr int most_digits = 10;
  double largest = 0;
  for (const double x : at) largest = std::max(largest, std::abs(x));
  if (!(largest >= 1e-4 && largest < 1e9)) return {};
  const int before = std::max(1, static_cast<int>(std::floor(std::log10(largest))) + 1);
  std::vector<std::string> out;
  for (int decimals = std::max(0, 4 - before); before + decimals <= most_digits; ++decimals) {
    out.clear();
    for (const double x : at) {
      const std::string text = core::fixed(x, decimals);
      const bool zero = text.find_first_not_of("-0.") == std::string::npos;
      out.push_back(text[0] != '-' ? text : (zero ? "" : "−") + text.substr(1));
    }
    if (!told_apart(out, at)) continue;
    const auto ends_in = [&](char c) {
      return decimals > 0 &&
             std::all_of(out.begin(), out.end(), [&](const std::string& text) { return text.back() == c; });
    };
    while (ends_in('0') || ends_in('.')) {
      const bool point = ends_in('.');
      for (std::string& text : out) text.pop_back();
      if (point) break;
    }
    return out;
  }
  return {};
}

/// Limits of classes: decimals in common, or, for limits of very different sizes, as many digits as tell them apart,
/// from four on.
std::vector<std::string> limits(const std::vector<double>& at) {
  std::vector<std::string> out = common_decimals(at);
  if (!out.empty()) return out;
  for (int digits = 4; digits <= 12; ++digits) {
    out.clear();
    for (const double x : at) out.push_back(limit(x, digits));
    if (told_apart(out, at)) break;
  }
  return out;
}

/// "1.2 – 3.4", and of a class that is one value this value.
std::string range_text(const std::string& from, const std::string& to) { return from == to ? from : from + " – " + to; }

struct MapGroups {
  std::vector<int> of;  ///< each row; −1: no value
  std::vector<std::string> names, colors;
};

/// For a palette of two hues: the middle colour stands at `centre`, and the class farthest from it gets the last one of
/// its side, so that colours of both sides can be compared. Classes of one side have different colours: at least a step
/// of the palette apart, or as far as they all fit.
std::vector<std::string> diverging_colors(const std::vector<double>& at, double centre) {
  const std::vector<std::string>& colors = palettes()[2];
  const double middle = static_cast<double>(colors.size() - 1) / 2;
  const std::size_t k = at.size() - 1;
  double reach = 0;
  for (std::size_t c = 0; c < k; ++c) reach = std::max(reach, std::abs((at[c] + at[c + 1]) / 2 - centre));
  std::vector<double> place(k, middle);
  for (std::size_t c = 0; c < k && reach > 0; ++c)  // a class around the centre leans to the side of its middle
    if (at[c] < centre && at[c + 1] > centre)
      place[c] = middle + std::clamp(((at[c] + at[c + 1]) / 2 - centre) / reach * middle, -0.4, 0.4);
  for (const int side : {-1, 1}) {
    std::vector<std::size_t> outward;  // classes of this side, the one nearest the centre first
    for (std::size_t i = 0; i < k; ++i) {
      const std::size_t c = side > 0 ? i : k - 1 - i;
      const bool here = side > 0 ? at[c] >= centre && at[c + 1] > centre : at[c + 1] <= centre && at[c] < centre;
      if (here) outward.push_back(c);
    }
    if (outward.empty()) continue;
    const double gap = std::min(1.0, middle / static_cast<double>(outward.size()));
    double last = 0;
    for (const std::size_t c : outward) {  // steps from the middle
      const double away = std::abs((at[c] + at[c + 1]) / 2 - centre) / reach * middle;
      place[c] = last = std::max({away, last + gap});
    }
    double room = middle;
    for (std::size_t i = outward.size(); i-- > 0; room -= gap) place[outward[i]] = std::min(place[outward[i]], room);
    if (gap == 1)
      for (const std::size_t c : outward) place[c] = std::round(place[c]);
    for (const std::size_t c : outward) place[c] = middle + side * place[c];
  }
  std::vector<std::string> out;
  for (const double p : place) {
    const auto low = static_cast<std::size_t>(std::clamp(std::floor(p), 0.0, 2 * middle - 1));
    out.push_back(mixed(colors[low], colors[low + 1], p - static_cast<double>(low)));
  }
  return out;
}

/// centre=, or 0 where values lie on both sides of it, or the middle of the range.
double centre_of(const Arguments& a, const std::vector<double>& at) {
  if (a.has("centre")) return a.number("centre");
  return at.front() < 0 && at.back() > 0 ? 0 : (at.front() + at.back()) / 2;
}

/// Values beyond the limits of at=: a class of their own at that end.
struct Beyond {
  std::size_t below = 0, above = 0;
  double least = 0, most = 0;
};

Beyond beyond(const std::vector<double>& x, const std::vector<double>& at) {
  Beyond b;
  b.least = at.front();
  b.most = at.back();
  for (const double v : x) {
    b.below += v < at.front();
    b.above += v > at.back();
    b.least = std::min(b.least, std::isnan(v) ? b.least : v);
    b.most = std::max(b.most, std::isnan(v) ? b.most : v);
  }
  return b;
}

void note_beyond(const Beyond& b, const std::string& low, const std::string& high) {
  const auto values = [](std::size_t n) { return core::counted(static_cast<long long>(n), "value"); };
  std::vector<std::string> parts;
  if (b.below) parts.push_back(values(b.below) + " below " + low);
  if (b.above) parts.push_back(values(b.above) + " above " + high);
  if (!parts.empty())
    print_notes({"the limits of at= leave out " + core::join(parts, " and ") + ": the map has a class for them"});
}

MapGroups in_classes(const Arguments& a, const data::Column& column) {
  MapGroups g;
  const std::vector<double> x = column.numbers();
  std::vector<double> at = a.numbers("at");
  const bool given = !at.empty();
  if (!given) {
    at = spatial::breaks(x, a.text("method", "jenks"), static_cast<int>(a.integer("k", 4))).at;
  } else if (at.size() < 2 || !std::is_sorted(at.begin(), at.end())) {
    throw core::Error("at= takes the limits of the classes in ascending order: one more than classes").word("at");
  }
  g.of = spatial::classes(x, at);
  const std::vector<std::string> ends = limits(at);
  for (std::size_t c = 0; c + 1 < at.size(); ++c) g.names.push_back(range_text(ends[c], ends[c + 1]));
  const Beyond b = given ? beyond(x, at) : Beyond{};
  note_beyond(b, ends.front(), ends.back());
  const double low = at.front(), high = at.back();
  if (b.below) {
    g.names.insert(g.names.begin(), "< " + ends.front());
    at.insert(at.begin(), b.least);
  }
  if (b.above) {
    g.names.push_back("> " + ends.back());
    at.push_back(b.most);
  }
  for (std::size_t i = 0; i < x.size(); ++i)
    if (g.of[i] >= 0 && (b.below || b.above))
      g.of[i] = x[i] < low ? 0 : x[i] > high ? static_cast<int>(at.size()) - 2 : g.of[i] + (b.below ? 1 : 0);
  const std::size_t k = at.size() - 1;
  const std::string palette = a.text("palette", "reds");
  if (a.has("centre") && palette != "diverging")
    throw core::Error("centre= is where a diverging palette changes its hue: palette=\"diverging\"").word("centre");
  const double centre = centre_of(a, at);
  if (palette == "diverging")
    g.colors = diverging_colors(at, centre);
  else
    for (std::size_t c = 0; c < k; ++c) g.colors.push_back(color_of(palette, c, k));
  return g;
}

MapGroups in_words(const Arguments& a, const data::Column& column) {
  MapGroups g;
  const data::Grouping groups = data::sorted(data::group(column), column);
  g.of.assign(groups.codes.begin(), groups.codes.end());
  for (std::size_t c = 0; c < groups.first.size(); ++c) {
    g.names.push_back(column.text(groups.first[c]));
    const std::string known = known_color(g.names.back());
    g.colors.push_back(known.empty() ? color_of(a.text("palette", "reds"), c, groups.first.size()) : known);
  }
  if (g.names.size() > 12)
    throw core::Error("a map shows at most 12 words, and these are " + std::to_string(g.names.size()));
  return g;
}

/// Throws core::Error for a polygon with two rows of different values: the one drawn last would hide the other.
void require_one_value(const data::Frame& frame, const data::Column& column) {
  std::map<std::uint32_t, std::size_t> first;
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    const auto [at, fresh] = first.emplace(frame.shapes()[row], row);
    if (fresh || column.text(row) == column.text(at->second)) continue;
    const std::string time = frame.panel() ? frame.panel()->time : "year";
    throw core::Error("a polygon stands in several rows with different values: rows " + std::to_string(at->second + 1) +
                      " and " + std::to_string(row + 1))
        .hint("a map shows one period: where=\"" + time + " == …\", or collapse to one row a polygon");
  }
}

int map(lua_State* L, Arguments& a) {
  a.push("map");
  const FrameRef* given = test_value<FrameRef>(L, -1);
  if (!given)
    throw core::Error("a map is a frame with shapes").hint("shapes = read(\"cities.geojson\"); map(shapes, x)");
  data::Frame frame = (*given)->frame;
  lua_pop(L, 1);
  if (const formula::Tree where = a.tree("where")) frame = frame.take(formula::rows_where(where, frame));
  const data::Geometry* shapes = frame.geometry();
  if (!shapes)
    throw core::Error("frame '" + frame.name() + "' has no shapes")
        .hint("read the map and merge the data into it: use \"cities.geojson\"; merge(\"data.csv\", on=city)");
  if (frame.rows() == 0) throw core::Error("no rows to draw");
  const data::ColumnPtr column = formula::evaluate(a.tree("x"), frame);
  require_one_value(frame, *column);
  const MapGroups g = column->is_numeric() ? in_classes(a, *column) : in_words(a, *column);
  report::Figure f;
  const std::string text = formula::print(a.tree("x"));
  f.title = a.text("title", frame.has(text) && !frame.at(text)->label().empty() ? frame.at(text)->label() : text);
  f.note = a.text("note");
  f.axes = false;
  f.y_label = a.text("legend_title", a.has("title") && column->is_numeric() ? text : "");  // heads the legend
  f.legend_place = report::LegendPlace::right;
  report::Series missing{.mark = report::Mark::areas, .label = "no value", .rgb = "#ffffff"},
      holes{.mark = report::Mark::areas, .rgb = "#ffffff"};
  report::Series names{.mark = report::Mark::words, .rgb = "#333333", .centred = true},
      light_names{.mark = report::Mark::words, .rgb = "#ffffff", .centred = true};
  double low = 1e300, high = -1e300;
  for (std::size_t c = 0; c < g.names.size(); ++c)
    f.series.push_back({.mark = report::Mark::areas, .label = g.names[c], .rgb = g.colors[c]});
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    const std::uint32_t shape = frame.shapes()[row];
    if (shapes->kind(shape) != data::ShapeKind::polygon)
      throw core::Error("a map of classes needs polygons, and row " + std::to_string(row + 1) + " has none");
    add_shape(*shapes, shape, g.of[row] < 0 ? missing : f.series[static_cast<std::size_t>(g.of[row])], holes);
    const auto [x, y] = centre(*shapes, shape);
    low = std::min(low, y);
    high = std::max(high, y);
    if (!a.has("label")) continue;
    const bool on_dark = g.of[row] >= 0 && luminance(g.colors[static_cast<std::size_t>(g.of[row])]) < dark_fill;
    report::Series& words = on_dark ? light_names : names;
    words.x.push_back(x);
    words.y.push_back(y);
    words.texts.push_back(frame.at(a.column_names("label").at(0))->text(row));
  }
  std::erase_if(f.series, [](const report::Series& s) { return s.x.empty(); });
  if (!missing.x.empty()) f.series.push_back(std::move(missing));
  if (!holes.x.empty()) f.series.push_back(std::move(holes));
  for (report::Series* words : {&names, &light_names})
    if (!words->x.empty()) f.series.push_back(std::move(*words));
  f.aspect = shapes->geographic ? 1 / std::cos((low + high) / 2 * std::numbers::pi / 180) : 1;
  f.width_in = a.number("width", 6.4);
  f.height_in = a.number("height", 5);
  return push_figure(L, a, std::move(f));
}

}  // namespace

void add_map_commands(Registry& registry) {
  core::Record r{.name = "map",
                 .topic = "spatial",
                 .summary = "A variable on the map: classes of numbers, or clusters and other words in colours",
                 .args = {{.name = "map", .kind = Kind::frame, .doc = "a frame with shapes"},
                          {.name = "x", .kind = Kind::expression, .doc = "the variable"}}};
  r.options = {
      {.name = "method",
       .kind = Kind::text,
       .doc = "classes, as breaks makes them",
       .default_text = "jenks",
       .one_of = {"jenks", "fisher", "quantile", "equal", "headtail", "sd"}},
      {.name = "k", .kind = Kind::integer, .doc = "classes", .default_text = "4", .min = 2, .max = 12},
      {.name = "at",
       .kind = Kind::numbers,
       .doc = "limits of the classes, instead of method= and k=",
       .default_text = "found by method="},
      {.name = "palette",
       .kind = Kind::text,
       .doc = "colours",
       .default_text = "reds",
       .one_of = {"reds", "blues", "diverging"}},
      {.name = "centre",
       .kind = Kind::number,
       .doc = "the value at which a diverging palette changes its hue",
       .default_text = "0 with values on both sides, else the middle"},
      {.name = "label", .kind = Kind::column, .doc = "names to write on the units", .default_text = "none"},
      {.name = "title", .kind = Kind::text, .doc = "above the map", .default_text = "the variable"},
      {.name = "legend_title",
       .kind = Kind::text,
       .doc = "above the legend",
       .default_text = "the variable, when title= says something else"},
      {.name = "note", .kind = Kind::text, .doc = "under the map", .default_text = "none"},
      {.name = "width", .kind = Kind::number, .doc = "in inches", .default_text = "6.4", .min = 1, .max = 40},
      {.name = "height", .kind = Kind::number, .doc = "in inches", .default_text = "5", .min = 1, .max = 40},
      {.name = "file", .kind = Kind::text, .doc = "where to save it (.svg, .png, .pdf)", .default_text = "not saved"}};
  r.example = "map(shapes, exports, k=4, label=city, file=\"map.png\")";
  registry.add({r, map});
}

}  // namespace bindings
