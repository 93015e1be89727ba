#include "estimators/spatial/model.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/panel_r2.hpp"
#include "formula/maps.hpp"
#include "formula/terms.hpp"
#include "numerics/absorb.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <set>

namespace estimators {
namespace {

spatial::WeightsPtr weights_argument(const Request& request) {
  if (!request.args.empty())
    if (const auto* W = std::get_if<spatial::WeightsPtr>(&request.args[0]); W && *W) return *W;
  throw core::Error("a spatial model needs weights after its formula").hint("W = weights.queen(map); sar(y ~ x, W)");
}

/// fe="city", "year", "city + year", "unit", "time", "both"; effects= says the same. random_time: dummies of time
/// beside random unit effects.
Effects effects_of(const Request& request, const formula::Parts& parts, const data::Frame& frame, bool& random_time) {
  const data::Panel* panel = frame.panel();
  const std::string word = request.options.get<std::string>("effects", "");
  bool unit = false, time = false;
  for (const formula::Tree& effect : parts.fe) {
    const std::string name = formula::print(effect);
    if (panel && (name == panel->unit || name == "unit"))
      unit = true;
    else if (panel && (name == panel->time || name == "time"))
      time = true;
    else if (name == "both")
      unit = time = true;
    else if (!panel)
      throw core::Error("fixed effects in a spatial model need a panel").hint("declare it first: panel(unit, time)");
    else
      throw core::Error("spatial panels know effects of the unit ('" + panel->unit + "') and of time ('" + panel->time +
                        "'), not of '" + name + "'")
          .hint("put others into the formula as i." + name)
          .word(name);
  }
  if (word == "random" && unit)
    throw core::Error("unit effects are fixed (fe=) or random (effects=\"random\"), not both")
        .hint("fe=\"time\" goes with random unit effects")
        .word("effects");
  random_time = word == "random" && time;
  if (!word.empty() && word != "random" && (unit || time))
    throw core::Error("both fe= and effects= are given").word("effects");
  if (!word.empty() && word != "none" && !panel)
    throw core::Error("effects= needs a panel").hint("declare it first: panel(unit, time)").word("effects");
  if (word == "random") return Effects::random;
  unit = unit || word == "unit" || word == "both";
  time = time || word == "time" || word == "both";
  if ((unit || time) && !panel)
    throw core::Error("fixed effects in a spatial model need a panel").hint("declare it first: panel(unit, time)");
  return unit && time ? Effects::both : unit ? Effects::unit : time ? Effects::time : Effects::none;
}

/// Puts L.y first among the regressors; dynamic= says whether it stays, or its spatial lag, or both.
void add_past(const std::string& dynamic, const data::Frame& frame, formula::Parts& parts, SpatialContext& context) {
  if (!frame.panel())
    throw core::Error("dynamic= needs a panel").hint("declare it first: panel(unit, time)").word("dynamic");
  const formula::Tree past = formula::prefix("L", parts.lhs.at(0));
  const std::string name = formula::print(past);
  for (formula::Term& term : formula::expand(past, "dynamic=").terms) {
    const auto same = [&](const formula::Term& known) { return known.label == name; };
    std::erase_if(parts.exogenous, same);
    parts.exogenous.insert(parts.exogenous.begin(), std::move(term));
  }
  context.own_lag = name;
  if (dynamic != "lag") context.spatial_lag = "W*" + name;
}

/// After the design: L.y is the first regressor. Its spatial lag goes beside it, or in its place.
void lag_the_past(const std::string& dynamic, SpatialModel& m, Matrix& X) {
  SpatialContext& c = *m.context;
  const auto at = std::find(m.names.begin(), m.names.end(), c.own_lag);
  const Index own = static_cast<Index>(at - m.names.begin());
  if (dynamic == "lag") return;
  const Vector lagged = c.W.lag(Vector(X.col(own)));
  if (dynamic == "wlag") {
    X.col(own) = lagged;
    *at = c.spatial_lag;
    c.own_lag.clear();
    return;
  }
  Matrix wider(X.rows(), X.cols() + 1);
  wider << X.leftCols(own + 1), lagged, X.rightCols(X.cols() - own - 1);
  X = std::move(wider);
  m.names.insert(at + 1, c.spatial_lag);
  if (m.constant > own) ++m.constant;
}

/// W_lag(x) for the lag W*x that a formula holds: here W*x names the model's own lags, and impacts go by that name.
std::string as_written(const std::string& name) {
  const std::size_t times = name.find('*');
  if (times == std::string::npos || !formula::find_map(name.substr(0, times) + "_lag")) return name;
  return name.substr(0, times) + "_lag(" + as_written(name.substr(times + 1)) + ")";
}

std::vector<bool> lagged_columns(const Request& request, const SpatialModel& m) {
  std::vector<bool> wanted(m.names.size(), true);
  if (m.constant >= 0) wanted[static_cast<std::size_t>(m.constant)] = false;
  for (std::size_t j = 0; j < wanted.size(); ++j)
    if (m.names[j] == m.context->own_lag || m.names[j] == m.context->spatial_lag) wanted[j] = false;
  const formula::Tree terms = request.options.get<formula::Tree>("durbin");
  if (!terms) return wanted;
  std::set<std::string> names;
  for (const formula::Term& term : formula::expand(terms, "durbin=").terms) {
    names.insert(as_written(term.label));
  }
  for (std::size_t j = 0; j < wanted.size(); ++j) {
    const bool found = names.erase(m.names[j]) > 0;
    wanted[j] = found;
  }
  if (!names.empty())
    throw core::Error("durbin= names '" + *names.begin() + "', which is no regressor")
        .hint("regressors: " + core::join(m.names, ", "))
        .word("durbin");
  return wanted;
}

/// Weights of the error whose rows stand in the order of W's units.
spatial::WeightsPtr in_order_of(const spatial::Weights& W, const spatial::WeightsPtr& M) {
  if (M->ids == W.ids) return M;
  std::vector<std::string> ours = W.ids, theirs = M->ids, apart;
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  std::set_symmetric_difference(ours.begin(), ours.end(), theirs.begin(), theirs.end(), std::back_inserter(apart));
  if (!apart.empty())
    throw core::Error("error_W has other units than W: only one of them has '" + apart[0] + "'" +
                      (apart.size() > 1 ? " (and " + std::to_string(apart.size() - 1) + " more)" : ""))
        .hint("keep the units of both with W:subset(...)")
        .word("error_W");
  if (M->by_period.empty()) return std::make_shared<const spatial::Weights>(spatial::subset(*M, W.ids));
  std::vector<std::pair<std::string, spatial::WeightsPtr>> periods;
  for (const auto& [name, one] : M->by_period)
    periods.emplace_back(name, std::make_shared<const spatial::Weights>(spatial::subset(*one, W.ids)));
  return std::make_shared<const spatial::Weights>(spatial::over_time(periods));
}

/// Dummies of the periods from `first` on: all but one where a constant or unit effects hold the level.
void add_time_dummies(SpatialModel& m, std::size_t first, Matrix& X) {
  const std::string& time = m.problem.context->frame.panel()->time;
  for (std::size_t t = first; t < m.period_names.size(); ++t) {
    m.names.push_back(time + "::" + m.period_names[t]);
    m.context->dummies.push_back(m.names.back());
    X.conservativeResize(Eigen::NoChange, X.cols() + 1);
    for (Index i = 0; i < X.rows(); ++i)
      X(i, X.cols() - 1) = m.period[static_cast<std::size_t>(i)] == static_cast<Index>(t) ? 1 : 0;
  }
}

/// A lag that the formula spells, W_lag(x), is a regressor as any other: impacts do not know it, and W_lag(y) is not
/// exogenous.
void note_written_lags(SpatialModel& m, const std::string& outcome) {
  std::vector<std::string> outcome_lags, others;
  for (const std::string& name : m.names) {
    const std::size_t open = name.find("_lag(");
    if (open == std::string::npos || !formula::find_map(name.substr(0, open + 4))) continue;
    (name.substr(open + 5, name.size() - open - 6) == outcome ? outcome_lags : others).push_back(name);
  }
  for (const std::string& name : outcome_lags)
    m.notes.push_back(name +
                      " is the outcome's own spatial lag, which is not exogenous: leave it out of the formula, "
                      "sar estimates it as rho");
  if (!others.empty())
    m.notes.push_back(core::join(others, ", ") +
                      ": lags written into the formula count as regressors of their own, impacts leave them out of the "
                      "spill-overs; sdm(..., durbin=x) lags them itself");
}

/// Units that have neighbours in W, but none that is there in a period: their lag is 0 then.
void note_lost_neighbours(SpatialModel& m, const std::vector<std::vector<std::uint32_t>>& there,
                          const std::vector<std::string>& periods) {
  constexpr std::size_t most_named = 5;
  std::vector<std::string> named;
  std::size_t all = 0;
  for (std::size_t t = 0; t < there.size(); ++t) {
    const spatial::WeightsPtr W = spatial::in_period(m.context->W.pointer(), periods[t]);
    std::vector<bool> here(W->units(), false);
    for (const std::uint32_t u : there[t]) here[u] = true;
    for (const std::uint32_t u : there[t]) {
      const auto neighbours = W->neighbours(u);
      if (neighbours.empty() || std::any_of(neighbours.begin(), neighbours.end(), [&](auto j) { return here[j]; }))
        continue;
      if (++all <= most_named) named.push_back(W->ids[u] + " in " + periods[t]);
    }
  }
  if (all > 0)
    m.notes.push_back("missing rows leave " + core::counted(static_cast<long long>(all), "row") +
                      " without neighbours, with a spatial lag of 0: " + core::join(named, ", ") +
                      (all > most_named ? ", …" : ""));
}

/// The effects that were removed, as those that least squares absorbs: a sandwich counts them in K, but for those
/// nested in a cluster.
void count_effects(const SpatialModel& m, results::Fit& fit) {
  if (m.effects == Effects::none || m.effects == Effects::random) return;
  const data::Panel* panel = m.problem.context->frame.panel();
  SpatialContext& c = *m.context;
  c.removed.clear();
  const auto add = [&](const std::string& name, const std::vector<Index>& codes) {
    std::map<Index, std::int32_t> number;  // of those that are there
    numerics::FixedEffect effect;
    effect.codes.resize(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i)
      effect.codes[static_cast<std::size_t>(m.row[i])] =
          number.emplace(codes[i], static_cast<std::int32_t>(number.size())).first->second;
    effect.levels = static_cast<std::int32_t>(number.size());
    c.removed.push_back(std::move(effect));
    fit.fe.push_back({.name = name, .level_names = {}});
  };
  if (m.effects != Effects::time) add(panel->unit, m.unit);
  if (m.effects != Effects::unit) add(panel->time, m.period);
  const numerics::AbsorbedDegrees degrees = numerics::absorbed_degrees(c.removed);
  for (std::size_t q = 0; q < c.removed.size(); ++q) {
    fit.fe[q].levels = static_cast<double>(degrees.levels[q]);
    fit.fe[q].redundant = static_cast<double>(degrees.redundant[q]);
  }
  fit.fe_rank_exact = degrees.exact;
}

/// What a table of results says about the effects.
void name_effects(const SpatialModel& m, results::Fit& fit) {
  const data::Panel* panel = m.problem.context->frame.panel();
  if (!panel) return;
  std::vector<std::string> fixed;
  if (m.effects == Effects::unit || m.effects == Effects::both) fixed.push_back(panel->unit);
  if (m.effects == Effects::time || m.effects == Effects::both || !m.context->dummies.empty())
    fixed.push_back(panel->time);
  if (!fixed.empty()) fit.provenance["panel effects"] = core::join(fixed, ",");
  if (m.effects == Effects::random) fit.provenance["random effects"] = panel->unit;
}

}  // namespace

std::string_view name_of(Effects effects) {
  switch (effects) {
    case Effects::unit:
      return "unit effects";
    case Effects::time:
      return "time effects";
    case Effects::both:
      return "unit and time effects";
    case Effects::random:
      return "random unit effects";
    case Effects::none:
      break;
  }
  return "";
}

inference::VcovData SpatialContext::vcov_data(const inference::VcovSpec& spec) const {
  inference::VcovData data = Context::vcov_data(spec);
  for (std::size_t way = 0; way < data.clusters.size(); ++way)
    for (const numerics::FixedEffect& effect : removed)
      data.nests[way].push_back(numerics::nested(effect.codes, effect.levels, data.clusters[way]));
  return data;
}

const SpatialContext& spatial_context(const results::Fit& fit, const std::string& what) {
  const auto* context = dynamic_cast<const SpatialContext*>(fit.sample.get());
  if (!context)
    throw core::Error(what + " is for spatial models, not for '" + fit.command + "'")
        .hint("m = sar(y ~ x, W); " + what + "(m)");
  return *context;
}

Matrix SpatialModel::without_effects(Matrix columns) const {
  if (effects == Effects::none || effects == Effects::random) return columns;
  const bool by_unit = effects != Effects::time, by_time = effects != Effects::unit;
  if (!balanced) {
    std::vector<numerics::FixedEffect> fe;
    const auto add = [&](const std::vector<Index>& codes) {
      std::map<Index, std::int32_t> number;  // of those that are there
      numerics::FixedEffect effect;
      for (const Index code : codes)
        effect.codes.push_back(number.emplace(code, static_cast<std::int32_t>(number.size())).first->second);
      effect.levels = static_cast<std::int32_t>(number.size());
      fe.push_back(std::move(effect));
    };
    if (by_unit) add(unit);
    if (by_time) add(period);
    numerics::Absorber(std::move(fe), Vector(), {.tol = 1e-13}).apply(columns);
    return columns;
  }
  for (Index j = 0; j < columns.cols(); ++j) {
    Eigen::Map<Matrix> cells(columns.col(j).data(), units, periods);  // a column per period
    const Vector unit_means = cells.rowwise().mean();
    const Vector time_means = cells.colwise().mean().transpose();
    const double mean = time_means.mean();
    if (by_unit) cells.colwise() -= unit_means;
    if (by_time) cells.rowwise() -= time_means.transpose();
    if (by_unit && by_time) cells.array() += mean;
  }
  return columns;
}

Vector SpatialModel::to_sample(const Vector& stacked) const {
  Vector out(stacked.size());
  for (Index i = 0; i < stacked.size(); ++i) out[row[static_cast<std::size_t>(i)]] = stacked[i];
  return out;
}
Matrix SpatialModel::to_sample(const Matrix& stacked) const {
  Matrix out(stacked.rows(), stacked.cols());
  for (Index i = 0; i < stacked.rows(); ++i) out.row(row[static_cast<std::size_t>(i)]) = stacked.row(i);
  return out;
}

/// Throws core::Error for an outcome without variation, or without any that the effects leave: the likelihood has no
/// maximum.
void require_variation(const SpatialModel& m, const std::string& outcome) {
  const double size = m.y.norm(), spread = (m.y.array() - m.y.mean()).matrix().norm();
  if (spread <= 1e-14 * size) throw core::Error("the outcome " + outcome + " is constant").word(outcome);
  const bool fixed = m.effects == Effects::unit || m.effects == Effects::time || m.effects == Effects::both;
  if (fixed && m.without_effects(Matrix(m.y)).norm() <= 1e-12 * spread)
    throw core::Error("the effects leave no variation of the outcome " + outcome)
        .hint("it must differ within units (fe=\"unit\") and within periods (fe=\"time\")")
        .word(outcome);
}

SpatialModel spatial_model(const Request& request, const std::string& command, bool durbin) {
  SpatialModel m;
  const spatial::WeightsPtr W = weights_argument(request);
  m.settings = read_settings(request, command);
  m.settings.ssc.t_fixed = std::numeric_limits<double>::infinity();  // likelihood and moments: for large samples
  formula::Parts parts = read_formula(request, m.settings);
  bool random_time = false;
  m.effects = effects_of(request, parts, request.frame, random_time);
  m.demeaned_first = request.options.get<std::string>("demean", "last") == "first";
  const bool fixed = m.effects == Effects::unit || m.effects == Effects::time || m.effects == Effects::both;
  parts.fe.clear();
  m.settings.fe = nullptr;
  m.context = std::make_shared<SpatialContext>();
  const std::string dynamic = request.options.get<std::string>("dynamic", "none");
  if (dynamic != "none") add_past(dynamic, request.frame, parts, *m.context);
  m.problem = prepare(m.settings, std::move(parts), request.frame);
  Problem& p = m.problem;
  const data::Frame& frame = p.context->frame;
  const spatial::Periods at = spatial::align(*W, frame, p.context->rows);
  m.balanced = at.unit.size() == at.units * at.periods();
  m.periods = static_cast<Index>(at.periods());
  m.units = static_cast<Index>(at.units);
  if (!m.balanced && (at.periods() == 1 || !request.options.get<bool>("unbalanced"))) try {
      spatial::require_complete(*W, at);
    } catch (core::Error& error) {
      if (at.periods() > 1 && !(request.options.has("lee_yu") && request.options.get<bool>("lee_yu")))
        error.hint("or unbalanced=true, which standardises W again over the units of each period");
      throw;
    }
  if (at.periods() < 2 && (m.effects == Effects::unit || m.effects == Effects::both))
    throw core::Error("unit effects need two periods or more, and the sample has one" +
                      (at.names[0].empty() ? std::string() : ", " + at.names[0]))
        .hint("a cross-section is estimated without fe=, or keep more periods in where=");
  m.row.resize(static_cast<std::size_t>(p.n()));
  std::iota(m.row.begin(), m.row.end(), Index{0});
  std::sort(m.row.begin(), m.row.end(), [&](Index a, Index b) {
    const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
    return at.period[i] != at.period[j] ? at.period[i] < at.period[j] : at.unit[i] < at.unit[j];
  });
  std::vector<std::vector<std::uint32_t>> there(at.periods());
  m.y.resize(p.n());
  const Matrix given = p.columns.middleCols(1, p.endogenous + p.exogenous);
  Matrix X(p.n(), given.cols());
  for (std::size_t i = 0; i < m.row.size(); ++i) {
    const auto from = static_cast<std::size_t>(m.row[i]);
    m.y[static_cast<Index>(i)] = p.y[m.row[i]];
    X.row(static_cast<Index>(i)) = given.row(m.row[i]);
    m.unit.push_back(at.unit[from]);
    m.period.push_back(at.period[from]);
    there[at.period[from]].push_back(at.unit[from]);
  }
  static_cast<Context&>(*m.context) = *p.context;
  p.context = m.context;
  m.context->W = StackedWeights(W, there, at.names);
  const auto error_W = request.options.get<spatial::WeightsPtr>("error_W");
  m.context->M = error_W ? StackedWeights(in_order_of(*W, error_W), there, at.names) : m.context->W;
  m.context->effects = m.effects;
  m.context->row = m.row;
  const auto& matrices = m.context->W.parts();
  if (std::all_of(matrices.begin(), matrices.end(), [](const auto& part) { return part.W->links() == 0; }))
    throw core::Error("the weights have no links: there is nothing spatial to estimate");
  const std::vector<std::uint32_t> alone = spatial::islands(*matrices[0].W);
  if (!alone.empty() && m.context->W.constant())
    m.notes.push_back(core::counted(static_cast<long long>(alone.size()), "unit") + " without neighbours (" +
                      W->ids[alone[0]] + (alone.size() > 1 ? ", …" : "") + "): its spatial lag is 0");
  if (!m.balanced) {
    m.notes.push_back("unbalanced panel: in each period W covers the units that are there, standardised again");
    note_lost_neighbours(m, there, at.names);
  }

  for (auto name = p.names.begin(); name != p.names.begin() + (p.endogenous + p.exogenous); ++name)
    m.names.push_back(as_written(*name));
  note_written_lags(m, p.y_name);
  m.constant = p.constant ? static_cast<Index>(m.names.size()) - 1 : -1;
  if (fixed && m.constant >= 0) {  // the effects hold the level
    X.conservativeResize(Eigen::NoChange, X.cols() - 1);
    m.names.pop_back();
    m.constant = -1;
  }
  if (dynamic != "none") lag_the_past(dynamic, m, X);
  m.plain = X.cols();
  if (durbin) {
    const std::vector<bool> wanted = lagged_columns(request, m);
    for (std::size_t j = 0; j < wanted.size(); ++j)
      if (wanted[j]) m.lag_of.push_back(static_cast<Index>(j));
    const Index k = X.cols();
    X.conservativeResize(Eigen::NoChange, k + static_cast<Index>(m.lag_of.size()));
    for (std::size_t j = 0; j < m.lag_of.size(); ++j) {
      X.col(k + static_cast<Index>(j)) = m.context->W.lag(Vector(X.col(m.lag_of[j])));
      m.names.push_back("W*" + m.names[static_cast<std::size_t>(m.lag_of[j])]);
    }
  }
  m.period_names = at.names;
  if (random_time) add_time_dummies(m, 1, X);
  m.X = std::move(X);
  require_variation(m, p.y_name);
  return m;
}

void time_effects_as_dummies(SpatialModel& m, bool dynamic) {
  SpatialContext& c = *m.context;
  const bool by_time = m.effects == Effects::time || m.effects == Effects::both;
  if (!by_time || m.demeaned_first || (c.W.rows_sum_alike() && c.M.rows_sum_alike())) return;
  if (dynamic)
    throw core::Error("with time effects a dynamic model needs weights whose rows sum to one")
        .hint("W:standardize(\"row\"), and no islands")
        .word("dynamic");
  const bool by_unit = m.effects == Effects::both;
  m.effects = c.effects = by_unit ? Effects::unit : Effects::none;
  add_time_dummies(m, by_unit ? 1 : 0, m.X);
  m.notes.emplace_back("the rows of W sum to different numbers: time effects are dummies among the regressors");
}

Matrix without_lags(const SpatialModel& m) {
  const Index lagged = static_cast<Index>(m.lag_of.size()), rest = m.X.cols() - m.plain - lagged;
  Matrix out(m.n(), m.plain + rest);
  out << m.X.leftCols(m.plain), m.X.rightCols(rest);
  return out;
}

void drop_collinear(SpatialModel& m, results::Fit& fit) {
  const Matrix X = m.without_effects(m.X);
  numerics::LeastSquaresOptions options;
  if (m.effects != Effects::none && m.effects != Effects::random) {
    options.reference_norms.resize(X.cols());
    for (Index j = 0; j < X.cols(); ++j)
      options.reference_norms[j] = (m.X.col(j).array() - m.X.col(j).mean()).matrix().norm() + 1e-300;
    options.reference_tol = 1e-10;
  }
  // The constant first, so that it stays.
  std::vector<Index> order(static_cast<std::size_t>(X.cols()));
  std::iota(order.begin(), order.end(), Index{0});
  if (m.constant >= 0) std::rotate(order.begin(), order.begin() + m.constant, order.begin() + m.constant + 1);
  Matrix arranged(X.rows(), X.cols());
  Vector norms = options.reference_norms;
  for (std::size_t j = 0; j < order.size(); ++j) {
    arranged.col(static_cast<Index>(j)) = X.col(order[j]);
    if (norms.size()) options.reference_norms[static_cast<Index>(j)] = norms[order[j]];
  }
  const numerics::LeastSquares ls = numerics::least_squares(arranged, m.y, {}, options);
  if (ls.dropped.empty()) return;
  std::vector<bool> gone(order.size(), false);
  std::vector<std::string> dropped;
  for (const Index j : ls.dropped) gone[static_cast<std::size_t>(order[static_cast<std::size_t>(j)])] = true;
  std::vector<Index> now(order.size(), -1);
  Matrix kept(X.rows(), 0);
  std::vector<std::string> names;
  for (std::size_t j = 0; j < order.size(); ++j) {
    if (gone[j]) {
      dropped.push_back(m.names[j]);
      continue;
    }
    now[j] = kept.cols();
    kept.conservativeResize(Eigen::NoChange, kept.cols() + 1);
    kept.col(kept.cols() - 1) = m.X.col(static_cast<Index>(j));
    names.push_back(m.names[j]);
  }
  Index plain = 0;
  for (Index j = 0; j < m.plain; ++j) plain += !gone[static_cast<std::size_t>(j)];
  std::vector<Index> lag_of;
  for (std::size_t j = 0; j < m.lag_of.size(); ++j)
    if (!gone[static_cast<std::size_t>(m.plain) + j]) lag_of.push_back(now[static_cast<std::size_t>(m.lag_of[j])]);
  m.constant = m.constant >= 0 ? now[static_cast<std::size_t>(m.constant)] : -1;
  m.X = std::move(kept);
  m.names = std::move(names);
  m.plain = plain;
  m.lag_of = std::move(lag_of);
  fit.collinear = dropped;
  fit.notes.push_back("collinear with earlier terms or absorbed by the effects, dropped: " + core::join(dropped, ", "));
}

double effect_parameters(const SpatialModel& m) {
  switch (m.effects) {
    case Effects::unit:
      return static_cast<double>(m.units);
    case Effects::time:
      return static_cast<double>(m.periods);
    case Effects::both:
      return static_cast<double>(m.units + m.periods - 1);
    case Effects::none:
    case Effects::random:
      break;
  }
  return 0;
}

void set_likelihood_statistics(results::Fit& fit, const SpatialModel& m, double loglik, double sigma2, double n,
                               double parameters) {
  fit.set_stat("loglik", loglik);
  fit.set_stat("aic", -2 * loglik + 2 * parameters);
  fit.set_stat("bic", -2 * loglik + std::log(n) * parameters);
  fit.set_stat("sigma2", sigma2);
  fit.set_stat("rss", fit.rss);
  fit.set_stat("parameters", parameters);
  fit.set_stat("likelihood_rows", n);
  const Vector y = m.y.array() - m.y.mean();
  const Vector fitted = m.y - Vector(fit.residuals(m.row));
  const Vector f = fitted.array() - fitted.mean();
  fit.set_stat("r2_squared_correlation", std::pow(y.dot(f), 2) / (y.squaredNorm() * f.squaredNorm()));
  fit.set_stat("units", static_cast<double>(m.units));
  if (m.periods > 1) fit.set_stat("periods", static_cast<double>(m.periods));
}

void set_panel_statistics(results::Fit& fit, const SpatialModel& m, double rho) {
  if (m.periods < 2) return;
  Vector expected = m.context->xb;
  if (rho != 0) try {
      expected = inverse_times(m.context->W, rho, expected);
    } catch (const core::Error&) {  // too near the bound: there is no expectation to compare with
      return;
    }
  set_panel_r2(fit, m.y, expected, numerics::Codes(m.unit.begin(), m.unit.end()));
}

std::string likelihood_note(const results::Fit& fit) {
  return "log likelihood " + core::significant(fit.stat("loglik"), 7) + ", AIC " +
         core::significant(fit.stat("aic"), 7) + ", sigma2 " + core::significant(fit.stat("sigma2"), 5) +
         ", squared correlation of outcome and fit " + core::fixed(fit.stat("r2_squared_correlation"), 4);
}

results::Fit start_spatial_fit(const SpatialModel& m, const Request& request, const std::string& title) {
  results::Fit fit = start_fit(m.problem, m.settings, request);
  fit.title = title;
  if (m.periods > 1)
    fit.title += ", " + std::to_string(m.periods) + " periods of " + std::to_string(m.units) + " units";
  if (m.demeaned_first)
    fit.notes.emplace_back("demean=\"first\": effects are removed before lags are taken, and not again, as in splm");
  if (m.effects != Effects::none) fit.title += ", " + std::string(name_of(m.effects));
  if (!m.context->dummies.empty()) fit.title += ", time effects";
  name_effects(m, fit);
  count_effects(m, fit);
  fit.notes.insert(fit.notes.end(), m.notes.begin(), m.notes.end());
  const spatial::Weights& W = m.context->W.whole();
  fit.notes.push_back("W: " + W.source + ", standardised: " + std::string(spatial::name_of(W.standard)));
  fit.provenance["weights matrix"] = W.source + ", " + std::string(spatial::name_of(W.standard));
  return fit;
}

core::OptionSpec dynamic_option() {
  return {.name = "dynamic",
          .kind = core::Kind::text,
          .doc =
              "the past among the regressors: L.y (lag), W*L.y (wlag), or both; with effects the bias that they bring "
              "is taken away",
          .default_text = "none",
          .one_of = {"none", "lag", "wlag", "both"}};
}

std::vector<core::OptionSpec> spatial_options(bool durbin) {
  std::vector<core::OptionSpec> out;
  for (core::OptionSpec& option : common_options()) {
    if (option.name == "fe")
      option.doc = "fixed effects of the panel: its unit, its time or both, by name or as \"unit\", \"time\", \"both\"";
    for (const char* name : {"fe", "vcov", "cluster", "where", "data", "level"})
      if (option.name == name) out.push_back(option);
  }
  out.push_back({.name = "effects",
                 .kind = core::Kind::text,
                 .doc = "the same as fe=, and random unit effects (with fe=\"time\": and dummies of time)",
                 .default_text = "none",
                 .one_of = {"none", "unit", "time", "both", "random"}});
  out.push_back({.name = "unbalanced",
                 .kind = core::Kind::boolean,
                 .doc = "take periods in which units are missing, with W over those that are there",
                 .default_text = "false"});
  out.push_back({.name = "demean",
                 .kind = core::Kind::text,
                 .doc = "with time effects: remove them after the lag, as the likelihood asks, or before it and not "
                        "again, as splm and Elhorst's routines",
                 .default_text = "last",
                 .one_of = {"last", "first"}});
  if (durbin)
    out.push_back({.name = "durbin",
                   .kind = core::Kind::terms,
                   .doc = "regressors to lag",
                   .default_text = "all but the constant"});
  return out;
}

}  // namespace estimators
