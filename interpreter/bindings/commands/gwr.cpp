// gwr(y ~ x, lon, lat): coefficients that differ from place to place, as a summary, a frame and columns for maps.
#include "estimators/spatial/gwr.hpp"

#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"
#include "estimators/pipeline.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace bindings {
namespace {

using core::Kind;
using estimators::Index;
using estimators::Vector;

estimators::GwrOptions options_of(const Arguments& a) {
  estimators::GwrOptions o;
  const std::string kernel = a.text("kernel", "bisquare");
  o.kernel = kernel == "gaussian"      ? estimators::GwrKernel::gaussian
             : kernel == "exponential" ? estimators::GwrKernel::exponential
             : kernel == "boxcar"      ? estimators::GwrKernel::boxcar
                                       : estimators::GwrKernel::bisquare;
  o.adaptive = a.boolean("adaptive", true);
  o.bandwidth = a.number("bandwidth", 0);
  if (o.adaptive && o.bandwidth != std::round(o.bandwidth))
    throw core::Error("an adaptive bandwidth is a whole number of rows; adaptive=false takes a distance")
        .word("bandwidth");
  o.criterion = a.text("criterion", "aicc") == "cv" ? estimators::GwrCriterion::cv : estimators::GwrCriterion::aicc;
  return o;
}

/// Minimum, quartiles (type 2, as summarize) and maximum.
std::vector<double> five_numbers(Vector x) {
  std::sort(x.begin(), x.end());
  const auto at = [&](double p) {
    const double position = static_cast<double>(x.size()) * p;
    const auto below = static_cast<Index>(std::floor(position));
    return position == std::floor(position) ? (x[below - 1] + x[below]) / 2 : x[below];
  };
  return {x[0], at(0.25), at(0.5), at(0.75), x[x.size() - 1]};
}

/// Of a declared panel with several periods among the rows in use: a place then stands in several rows.
void note_pooled(const data::Frame& frame, const std::vector<std::uint32_t>& rows, std::vector<std::string>& notes) {
  if (!frame.panel() || frame.panel()->time.empty()) return;
  const data::Column& time = *frame.at(frame.panel()->time);
  std::set<std::string> periods;
  for (const std::uint32_t r : rows) periods.insert(time.text(r));
  if (periods.size() > 1)
    notes.push_back("Rows of all " + std::to_string(periods.size()) + " periods are pooled: where=\"" +
                    frame.panel()->time + " == …\" takes one");
}

data::ColumnPtr reals(const Vector& v) {
  return data::Column::reals(std::vector<double>(v.data(), v.data() + v.size()));
}

int gwr(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  estimators::Request request;
  request.frame = rows.frame;
  request.formula = a.tree("formula");
  estimators::Settings settings = estimators::read_settings(request, "gwr");
  formula::Parts parts = estimators::read_formula(request, settings);
  if (!parts.fe.empty() || !parts.endogenous.empty())
    throw core::Error("gwr has no fixed effects or instruments").hint("dummies of few levels may stand in the formula");
  settings.design.complete = {a.tree("lon"), a.tree("lat")};
  const estimators::Problem p = estimators::prepare(settings, std::move(parts), rows.frame);
  const std::vector<std::uint32_t>& used = p.context->rows;
  spatial::Points points;
  points.metric =
      a.text("metric", "great_circle") == "planar" ? spatial::Metric::planar : spatial::Metric::great_circle;
  const std::vector<double> lon = formula::evaluate_numbers(a.tree("lon"), rows.frame),
                            lat = formula::evaluate_numbers(a.tree("lat"), rows.frame);
  for (const std::uint32_t r : used) {
    if (points.metric == spatial::Metric::great_circle && !(std::abs(lon[r]) <= 360 && std::abs(lat[r]) <= 90))
      throw core::Error("(" + core::shortest(lon[r]) + ", " + core::shortest(lat[r]) + ") is no place on earth")
          .hint("longitude first, in degrees; metric=\"planar\" for projected coordinates");
    points.x.push_back(lon[r]);
    points.y.push_back(lat[r]);
  }
  const estimators::Matrix X = p.columns.rightCols(p.columns.cols() - 1);
  const numerics::LeastSquares global = numerics::least_squares(X, p.y);
  if (static_cast<Index>(global.kept.size()) < X.cols())
    throw core::Error("the regressors are collinear")
        .hint("drop " + p.names[static_cast<std::size_t>(global.dropped[0])]);
  const estimators::GwrOptions o = options_of(a);
  const estimators::Gwr g = estimators::gwr(p.y, X, points, o);
  const double n = static_cast<double>(p.n()), k = static_cast<double>(X.cols());

  report::Table table;
  table.title = "Geographically weighted regression of " + p.y_name;
  table.header.push_back(header_row({"Coefficient", "Global", "Minimum", "p25", "Median", "p75", "Maximum"}));
  lua_newtable(L);
  std::vector<std::string> fields;
  for (Index j = 0; j < X.cols(); ++j) {
    const std::string& name = p.names[static_cast<std::size_t>(j)];
    const std::vector<double> five = five_numbers(g.coef.col(j));
    std::vector<std::string> cells = {name, statistic_text(global.coef[j], 5)};
    for (const double v : five) cells.push_back(statistic_text(v, 5));
    table.body.push_back(text_row(cells));
    push_fields(L,
                {{"global", global.coef[j]},
                 {"min", five[0]},
                 {"p25", five[1]},
                 {"median", five[2]},
                 {"p75", five[3]},
                 {"max", five[4]}},
                "number");
    lua_setfield(L, -2, name.c_str());
    fields.push_back(name);
  }
  const std::string width =
      o.adaptive ? core::shortest(g.bandwidth) + " nearest rows"
                 : core::significant(g.bandwidth, 6) + (points.metric == spatial::Metric::planar ? "" : " km");
  table.notes.push_back("Kernel " + a.text("kernel", "bisquare") + ", bandwidth " + width +
                        (g.searched
                             ? ", by " + std::string(o.criterion == estimators::GwrCriterion::cv ? "CV" : "AICc") +
                                   " over " + std::to_string(g.tried.size()) + " bandwidths"
                             : ""));
  if (g.searched && g.at_end)
    table.notes.emplace_back(
        "The best bandwidth is the end of the range searched: nothing says that coefficients differ");
  table.notes.push_back("AICc " + core::significant(g.aicc, 6) + " (of one regression for all " +
                        core::significant(estimators::global_aicc(global.rss, n, k + 1), 6) + "), R² " +
                        core::fixed(g.r2, 4) + ", " + core::significant(g.trace, 4) + " effective parameters, N " +
                        core::shortest(n));
  note_pooled(rows.frame, used, table.notes);
  table.notes.insert(table.notes.end(), p.notes.begin(), p.notes.end());
  for (const auto& [name, value] : std::vector<std::pair<const char*, double>>{{"bandwidth", g.bandwidth},
                                                                               {"aicc", g.aicc},
                                                                               {"cv", g.cv},
                                                                               {"rss", g.rss},
                                                                               {"sigma2", g.sigma2},
                                                                               {"r2", g.r2},
                                                                               {"trace", g.trace},
                                                                               {"trace2", g.trace2},
                                                                               {"edf", g.edf},
                                                                               {"nobs", n}}) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
    fields.emplace_back(name);
  }
  data::Frame frame = rows.frame.take(used);
  std::vector<std::pair<std::string, Vector>> made;
  for (Index j = 0; j < X.cols(); ++j) {
    const std::string name = "_" + p.names[static_cast<std::size_t>(j)];
    made.emplace_back(name, g.coef.col(j));
    made.emplace_back(name + "_se", g.se.col(j));
    made.emplace_back(name + "_t", g.coef.col(j).cwiseQuotient(g.se.col(j)));
  }
  made.emplace_back("_fitted", g.fitted);
  made.emplace_back("_residual", g.residuals);
  made.emplace_back("_r2", g.local_r2);
  for (const auto& [name, values] : made) frame = frame.with(a.text("name", "b") + name, reals(values));
  push_frame(L, frame);
  lua_setfield(L, -2, "frame");
  fields.emplace_back("frame");
  if (a.has("name")) {
    NewColumns columns(a, rows);
    for (const auto& [name, values] : made) {
      columns.claim(a.text("name") + name);
      std::vector<double> all(rows.frame.rows(), std::nan(""));
      for (std::size_t i = 0; i < used.size(); ++i) all[used[i]] = values[static_cast<Index>(i)];
      columns.add(a.text("name") + name, all, a.text("name") + name);
    }
    columns.store();
  }
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), fields, "field");
  return 1;
}

}  // namespace

void add_gwr_command(Registry& registry) {
  core::Record r{.name = "gwr",
                 .topic = "spatial",
                 .summary = "Geographically weighted regression: coefficients that differ from place to place",
                 .args = {{.name = "formula", .kind = Kind::formula, .doc = "y ~ x1 + x2"},
                          {.name = "lon", .kind = Kind::expression, .doc = "longitude in degrees, or easting"},
                          {.name = "lat", .kind = Kind::expression, .doc = "latitude in degrees, or northing"}}};
  r.options = {
      {.name = "bandwidth",
       .kind = Kind::number,
       .doc = "nearest rows (adaptive), or a distance in km or in the units of the plane",
       .default_text = "searched",
       .min = 0},
      {.name = "adaptive",
       .kind = Kind::boolean,
       .doc = "the same number of rows near every place, else the same distance",
       .default_text = "true"},
      {.name = "kernel",
       .kind = Kind::text,
       .doc = "how weights fall with distance",
       .default_text = "bisquare",
       .one_of = {"bisquare", "gaussian", "exponential", "boxcar"}},
      {.name = "criterion",
       .kind = Kind::text,
       .doc = "what the search makes least",
       .default_text = "aicc",
       .one_of = {"aicc", "cv"}},
      {.name = "metric",
       .kind = Kind::text,
       .doc = "kilometres on the sphere, or in the plane",
       .default_text = "great_circle",
       .one_of = {"great_circle", "planar"}},
      name_option(
          "also make columns NAME_x, NAME_x_se, NAME_x_t of every coefficient, NAME_fitted, NAME_residual, NAME_r2",
          "no columns"),
      replace_option(),
      {.name = "where", .kind = Kind::condition, .doc = "rows to use", .default_text = "all", .aliases = {"if"}},
      {.name = "data", .kind = Kind::frame, .doc = "the frame", .default_text = "the data in use"},
      file_option()};
  r.source = "Fotheringham, Brunsdon & Charlton (2002)";
  r.example = "gwr(y ~ x, lon, lat, name=\"b\"); map(data(), b_x, palette=\"diverging\")";
  registry.add({r, gwr});
}

}  // namespace bindings
