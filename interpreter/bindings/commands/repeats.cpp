// contract, expand, sample: which rows, how often.
#include "bindings/open.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/rows.hpp"
#include "formula/evaluate.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;

int contract(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const data::Frame frame = a.frame();
  std::vector<std::string> columns = a.column_names("columns");
  data::Frame used = frame;
  if (a.boolean("nomiss")) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < frame.rows(); ++i)
      if (std::none_of(columns.begin(), columns.end(),
                       [&](const std::string& name) { return frame.at(name)->missing(i); }))
        rows.push_back(i);
    used = frame.take(rows);
  }
  const formula::Weights weights = a.weights();
  if (weights.expression && weights.kind != formula::WeightKind::frequency)
    throw core::Error("contract counts with fw() only").word("weights").hint("weights=fw(count)");
  const std::vector<double> w =
      weights.expression ? formula::evaluate_numbers(weights.expression, used) : std::vector<double>{};
  for (std::size_t row = 0; row < w.size(); ++row)
    if (w[row] < 0 || (!std::isnan(w[row]) && w[row] != std::floor(w[row])))
      throw core::Error("frequency weights must be whole numbers; row " + std::to_string(row + 1) + " has " +
                        core::shortest(w[row]));
  data::Contracted made = data::contract(used, columns, w, a.boolean("zero"));
  data::Frame out = made.frame;
  std::vector<std::int64_t> counts(made.counts.begin(), made.counts.end());
  out = with_new(out, a.text("freq", "_freq"), data::Column::integers(counts)->labelled("Frequency"), "freq");
  double total = 0;
  for (const double count : made.counts) total += count;
  std::vector<double> percent(counts.size()), cumulative(counts.size());
  std::vector<std::int64_t> running(counts.size());
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    sum += made.counts[i];
    percent[i] = total > 0 ? 100 * made.counts[i] / total : std::nan("");
    cumulative[i] = total > 0 ? 100 * sum / total : std::nan("");
    running[i] = static_cast<std::int64_t>(sum);
  }
  if (a.has("cfreq"))
    out = with_new(out, a.text("cfreq"), data::Column::integers(std::move(running))->labelled("Cumulative frequency"),
                   "cfreq");
  if (a.has("percent"))
    out = with_new(out, a.text("percent"), data::Column::reals(std::move(percent))->labelled("Percent"), "percent");
  if (a.has("cpercent"))
    out = with_new(out, a.text("cpercent"), data::Column::reals(std::move(cumulative))->labelled("Cumulative percent"),
                   "cpercent");
  say(L, rows_text(frame.rows()) + " → " + rows_text(out.rows()));
  return finish(L, a, box, std::move(out));
}

int expand(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const std::vector<double> times = formula::evaluate_numbers(a.tree("times"), box->frame);
  std::vector<std::int64_t> whole(times.size(), 1);
  constexpr double most = 4294967294.0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (std::isnan(times[i]) || times[i] < 1) continue;
    if (times[i] > most)
      throw core::Error("row " + std::to_string(i + 1) + " would become " + core::significant(times[i], 3) + " rows");
    whole[i] = static_cast<std::int64_t>(times[i]);
  }
  const std::vector<std::uint32_t> rows = data::expanded_rows(whole, box->frame.width());
  data::Frame made = box->frame.take(rows);
  std::vector<std::string> notes;
  if (box->frame.panel() && !made.panel()) made = data::follow_panel(box->frame, std::move(made), notes);
  if (a.has("generate")) {
    std::vector<std::uint8_t> copy(rows.size(), 0);
    std::fill(copy.begin() + static_cast<std::ptrdiff_t>(box->frame.rows()), copy.end(), 1);
    made = with_new(made, a.text("generate"), data::Column::booleans(std::move(copy))->labelled("Row copied by expand"),
                    "generate");
  }
  print_notes(notes);
  say(L, rows_text(rows.size() - whole.size()) + " added; " + rows_text(rows.size()));
  return finish(L, a, box, std::move(made));
}

int sample(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const double size = a.number("size");
  const bool counts = a.boolean("count");
  if (!(size >= 0) || (!counts && size > 100) || (counts && size != std::floor(size)))
    throw core::Error(counts ? "a count of rows is a whole number, not " + core::shortest(size)
                             : "sample takes a percentage between 0 and 100, not " + core::shortest(size))
        .hint("sample(10) keeps 10 percent of the rows, sample(10, count=true) ten rows");
  const std::uint64_t seed = a.has("seed") ? static_cast<std::uint64_t>(a.integer("seed")) : numerics::fresh_seed();
  std::vector<std::string> by_names = a.column_names("by");
  const std::vector<data::ColumnPtr> by = data::columns_of(box->frame, by_names);
  const data::Grouping groups = data::keyed_in_order(by, box->frame.rows());
  data::GroupRows rows = data::rows_by_group(groups.codes, groups.first.size());
  std::vector<std::uint32_t> kept;
  for (std::size_t g = 0; g < rows.groups(); ++g) {
    const auto here = rows.of(g);
    std::vector<std::uint32_t> drawn(here.begin(), here.end());
    numerics::Random random(seed, g);
    random.shuffle(drawn);
    const auto n = static_cast<double>(drawn.size());
    const double want = counts ? std::min(size, n) : std::round(n * size / 100);
    kept.insert(kept.end(), drawn.begin(), drawn.begin() + static_cast<std::ptrdiff_t>(want));
  }
  std::sort(kept.begin(), kept.end());
  say(L, rows_text(box->frame.rows() - kept.size()) + " dropped; " +
             core::grouped(static_cast<long long>(kept.size())) + " left (seed " + std::to_string(seed) + ")");
  return finish(L, a, box, box->frame.take(kept));
}

}  // namespace

void add_repeat_commands(Registry& registry) {
  const core::ArgSpec columns{
      .name = "columns", .kind = Kind::columns, .doc = "what rows are compared by", .repeated = true};
  const auto named = [](const char* name, const char* doc, const char* fallback) {
    return core::OptionSpec{.name = name, .kind = Kind::text, .doc = doc, .default_text = fallback};
  };
  registry.add(
      {{.name = "contract",
        .topic = "data",
        .summary = "Replaces the data by combinations of values and how often they occur",
        .args = {columns},
        .options =
            {named("freq", "name of the frequency", "_freq"),
             named("cfreq", "name of a cumulative frequency", ""),
             named("percent", "name of a percentage", ""),
             named("cpercent", "name of a cumulative percentage", ""),
             {.name = "zero",
              .kind = Kind::boolean,
              .doc = "also combinations that do not occur",
              .default_text = "false"},
             {.name = "nomiss",
              .kind = Kind::boolean,
              .doc = "leave out rows with a missing value",
              .default_text = "false"},
             {.name = "weights", .kind = Kind::weights, .doc = "fw(x): rows counted x times", .default_text = {}},
             copy_option()},
        .example = "contract(province, treat, percent=\"share\")"},
       contract});
  registry.add(whole_frame({.name = "expand",
                            .topic = "data",
                            .summary = "Repeats rows",
                            .args = {{.name = "times",
                                      .kind = Kind::expression,
                                      .doc = "how often a row stands in the result; below 1 and missing count as 1"}},
                            .options = {named("generate", "name of a column that marks the copies", ""), copy_option()},
                            .example = "expand(count)"},
                           expand));
  registry.add(whole_frame(
      {.name = "sample",
       .topic = "data",
       .summary = "Keeps a random sample of the rows",
       .args = {{.name = "size", .kind = Kind::number, .doc = "percent of the rows, or their number with count=true"}},
       .options = {{.name = "count", .kind = Kind::boolean, .doc = "size is a number of rows", .default_text = "false"},
                   {.name = "by", .kind = Kind::columns, .doc = "so much of each group", .default_text = {}},
                   {.name = "seed",
                    .kind = Kind::integer,
                    .doc = "of the random draws",
                    .default_text = "from the clock; printed",
                    .min = 0},
                   copy_option()},
       .example = "sample(10, by=province, seed=1)"},
      sample));
}

}  // namespace bindings
