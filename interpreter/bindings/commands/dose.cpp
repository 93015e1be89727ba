// dose_curve(m): level and slope of the effect over the dose, with bands that hold for all doses at once.
#include "bindings/commands/dose.hpp"
#include "bindings/analysis.hpp"
#include "bindings/measures.hpp"
#include "bindings/reported.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/dose.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using estimators::DoseBand;

std::vector<double> bound(const std::vector<double>& value, const std::vector<double>& se, double times) {
  std::vector<double> out(value.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = value[i] + times * se[i];
  return out;
}

/// Evenly spaced over the doses observed.
std::vector<double> grid(const results::Fit& fit, std::int64_t points) {
  const auto* sample = dynamic_cast<const estimators::DoseSample*>(fit.sample.get());
  if (sample == nullptr) return {};
  std::vector<double> out;
  for (std::int64_t i = 0; i < points; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(points - 1);
    out.push_back(i + 1 == points ? sample->spline.high
                                  : sample->spline.low + share * (sample->spline.high - sample->spline.low));
  }
  return out;
}

report::Figure curve_figure(const DoseBand& band, bool slope, double level, const report::PlotText& text) {
  const std::vector<double>& value = slope ? band.slope : band.level;
  const std::vector<double>& se = slope ? band.slope_se : band.level_se;
  const double critical = slope ? band.slope_critical : band.level_critical;
  report::Figure figure;
  figure.title = text.title;
  figure.x_label = text.x_label.empty() ? "Dose" : text.x_label;
  figure.y_label = !text.y_label.empty() ? text.y_label : slope ? "Slope of the effect, ACRT(d)" : "Effect, ATT(d)";
  figure.note = text.note.empty() ? core::shortest(100 * level) + "% band for all doses at once" : text.note;
  figure.guides = {{.at = 0, .vertical = false, .dashed = false}};
  figure.legend = false;
  report::Series shade{.mark = report::Mark::band, .x = band.doses, .y = value, .color = 0};
  shade.low = bound(value, se, -critical);
  shade.high = bound(value, se, critical);
  figure.series = {shade, {.mark = report::Mark::line, .x = band.doses, .y = value, .color = 0}};
  return figure;
}

int dose_curve(lua_State* L, Arguments& a) {
  const auto fit = a.result("m");
  const double level = a.number("level", 0.95);
  const int reps = static_cast<int>(a.integer("reps", 999));
  const std::uint64_t seed = seed_of(a);
  const DoseBand band = estimators::dose_band(*fit, grid(*fit, a.integer("points", 101)), reps, seed, level);
  std::vector<double> at = a.numbers("at");
  if (at.empty())
    for (std::size_t i = 0; i <= 10; ++i) at.push_back(band.doses[i * (band.doses.size() - 1) / 10]);
  std::sort(at.begin(), at.end());
  at.erase(std::unique(at.begin(), at.end()), at.end());
  DoseBand shown = estimators::dose_band(*fit, at, reps, seed, level);

  Analysis out;
  out.what = "a dose curve";
  out.table.title = "Effect by dose on " + fit->depvar;
  out.table.header.push_back(header_row({"Dose", "ATT(d)", "Low", "High", "ACRT(d)", "Low", "High"}));
  out.table.align.assign(7, report::Align::right);
  out.table.align.front() = report::Align::left;
  const auto put = [&](const DoseBand& from, std::size_t i) {
    const double l = band.level_critical * from.level_se[i], s = band.slope_critical * from.slope_se[i];
    return text_row({core::significant(from.doses[i], 4), estimate_text(from.level[i]),
                     estimate_text(from.level[i] - l), estimate_text(from.level[i] + l), estimate_text(from.slope[i]),
                     estimate_text(from.slope[i] - s), estimate_text(from.slope[i] + s)});
  };
  for (std::size_t i = 0; i < shown.doses.size(); ++i) out.table.body.push_back(put(shown, i));
  out.note(core::shortest(100 * level) + "% bands hold for all of " + std::to_string(band.doses.size()) +
           " doses at once: estimate ± " + core::fixed(band.level_critical, 3) +
           " standard errors (slope: " + core::fixed(band.slope_critical, 3) + ")");
  out.note("multiplier bootstrap, " + core::grouped(reps) + " draws, seed " + std::to_string(seed));
  out.note("the slope is an effect of dose only under strong parallel trends");
  out.number("critical", band.level_critical);
  out.number("slope_critical", band.slope_critical);
  const auto column = [](std::vector<double> values) { return data::Column::reals(std::move(values)); };
  out.frames.emplace_back("frame",
                          data::Frame("dose curve")
                              .with("dose", column(band.doses))
                              .with("att", column(band.level))
                              .with("att_se", column(band.level_se))
                              .with("att_low", column(bound(band.level, band.level_se, -band.level_critical)))
                              .with("att_high", column(bound(band.level, band.level_se, band.level_critical)))
                              .with("acrt", column(band.slope))
                              .with("acrt_se", column(band.slope_se))
                              .with("acrt_low", column(bound(band.slope, band.slope_se, -band.slope_critical)))
                              .with("acrt_high", column(bound(band.slope, band.slope_se, band.slope_critical))));
  out.plots = {{"level", [=](const report::PlotText& text) { return curve_figure(band, false, level, text); }},
               {"slope", [=](const report::PlotText& text) { return curve_figure(band, true, level, text); }}};
  return push_analysis(L, a, std::move(out));
}

}  // namespace

void add_dose_command(Registry& registry) {
  registry.add(
      {{.name = "dose_curve",
        .topic = "did",
        .summary = "Effects of dose_did over the dose, with simultaneous bands",
        .args = {{.name = "m", .kind = Kind::result, .doc = "what dose_did returned"}},
        .options =
            {{.name = "at", .kind = Kind::numbers, .doc = "doses in the table", .default_text = "11, evenly spaced"},
             {.name = "points",
              .kind = Kind::integer,
              .doc = "doses, evenly spaced, that the bands hold for and figures show",
              .default_text = "101",
              .min = 11,
              .max = 10'000},
             {.name = "reps",
              .kind = Kind::integer,
              .doc = "draws of the multiplier bootstrap",
              .default_text = "999",
              .min = 99,
              .max = 1'000'000},
             seed_option(),
             confidence_option(),
             file_option()},
        .source = "Callaway, Goodman-Bacon & Sant'Anna (2024), NBER Working Paper 32117",
        .example = "dose_curve(m):plot(\"slope\", file=\"slope.svg\")"},
       dose_curve});
}

}  // namespace bindings
