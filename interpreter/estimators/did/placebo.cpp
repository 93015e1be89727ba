#include "estimators/did/placebo.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "estimators/did/companions.hpp"
#include "estimators/did/reassign.hpp"
#include "estimators/did/treatment.hpp"
#include "estimators/linear/linear.hpp"
#include "inference/tests.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

namespace estimators {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// y and a treatment column with the controls and fixed effects taken out.
class PartialRegression {
 public:
  PartialRegression(const results::Fit& fit, const Context& context, const std::string& treatment,
                    const std::vector<std::string>& companions)
      : context_(context),
        absorber_(context.fe, context.weights),
        covariance_(context, fit.vcov.spec, fit.ssc, fit.rank) {
    std::vector<std::string> names;
    for (const std::string& name : fit.names) {
      const bool rebuilt = std::find(companions.begin(), companions.end(), name) != companions.end();
      if (name != treatment && !rebuilt && !(name == "_cons" && !context.fe.empty())) names.push_back(name);
    }
    Matrix columns = absorbed_columns(context, names);
    y_ = columns.col(0);
    controls_ = columns.rightCols(columns.cols() - 1);
    weighted_ = controls_;
    if (context.weights.size() > 0) weighted_.array().colwise() *= context.weights.array();
    gram_ = numerics::crossprod(weighted_, controls_);
    take_out_controls(y_);
  }

  /// Takes the fixed effects out of a block of columns; says by how much their norm shrank at most.
  void absorb(Matrix& block) const {
    if (!context_.fe.empty()) absorber_.apply(block);
  }

  struct Estimate {
    double coef = no_value, se = no_value, p = no_value;
  };
  /// `columns`: a treatment column and its companions after absorb(); `norm`: of the treatment before. Not identified:
  /// missing.
  Estimate estimate(const Eigen::Ref<const Matrix>& columns, double norm) const {
    Vector d = columns.col(0), y = y_;
    take_out_controls(d);
    if (columns.cols() > 1) take_out_companions(columns.rightCols(columns.cols() - 1), d, y);
    const Vector wd = context_.weights.size() > 0 ? Vector(context_.weights.array() * d.array()) : d;
    const double dd = wd.dot(d);
    Estimate out;
    if (!(dd > 1e-14 * norm * norm)) return out;
    out.coef = wd.dot(y) / dd;
    const Vector residuals = y - out.coef * d;
    const Matrix scores = wd.array() * residuals.array();
    const double rss = context_.weights.size() > 0 ? residuals.dot(Vector(context_.weights.array() * residuals.array()))
                                                   : residuals.squaredNorm();
    const inference::Vcov vcov = covariance_(scores, Matrix::Constant(1, 1, 1 / dd), residuals, rss);
    out.se = std::sqrt(std::max(0.0, vcov.matrix(0, 0)));
    out.p = inference::t_two_sided(out.coef / out.se, vcov.df_t);
    return out;
  }

 private:
  void take_out_companions(Matrix C, Vector& d, Vector& y) const {
    for (Index j = 0; j < C.cols(); ++j) {
      Vector column = C.col(j);
      take_out_controls(column);
      C.col(j) = column;
    }
    Matrix wC = C;
    if (context_.weights.size() > 0) wC.array().colwise() *= context_.weights.array();
    const Matrix inverse = numerics::pseudo_inverse(numerics::crossprod(wC, C), 1e-14);
    for (Vector* x : {&d, &y}) *x -= numerics::product(C, numerics::product(inverse, numerics::crossprod(wC, *x)));
  }

  void take_out_controls(Vector& x) const {
    if (controls_.cols() > 0)
      x -= numerics::product(controls_, numerics::solve_psd(gram_, numerics::crossprod(weighted_, x)));
  }

  const Context& context_;
  numerics::Absorber absorber_;
  Covariance covariance_;
  Vector y_;
  Matrix controls_, weighted_;
  Matrix gram_;
};

/// One stratum per unit. Throws when it changes within a unit.
numerics::Codes unit_strata(const formula::Tree& strata, const Context& context, const Cells& cells) {
  if (strata == nullptr) return {};
  const data::Grouping grouping = formula::group_of(strata, context.frame, context.rows);
  numerics::Codes codes(static_cast<std::size_t>(cells.unit_count), -2);
  for (std::size_t i = 0; i < cells.units.size(); ++i) {
    std::int32_t& code = codes[static_cast<std::size_t>(cells.units[i])];
    if (code == -2) code = grouping.codes[i];
    if (code != grouping.codes[i] || code < 0) {
      throw core::Error("strata '" + formula::print(strata) + "' must be known and the same in all rows of a " +
                        cells.unit)
          .word("strata");
    }
  }
  return codes;
}

/// Units without periods: each row, or each level of `unit`, whose rows must share one treatment.
Cells cross_section_cells(const Context& context, const formula::Tree& unit) {
  Cells cells;
  cells.time = "time";
  cells.period_names = {"all"};
  cells.periods.assign(context.rows.size(), 0);
  if (unit == nullptr) {
    cells.unit = "row";
    cells.unit_count = static_cast<std::int32_t>(context.rows.size());
    for (std::size_t i = 0; i < context.rows.size(); ++i) cells.units.push_back(static_cast<std::int32_t>(i));
    return cells;
  }
  const data::Grouping grouping = formula::group_of(unit, context.frame, context.rows);
  cells.unit = formula::print(unit);
  cells.unit_count = grouping.levels();
  cells.units = grouping.codes;
  if (std::find(cells.units.begin(), cells.units.end(), data::missing_code) != cells.units.end())
    throw core::Error("unit '" + cells.unit + "' is missing in rows of the sample").word(cells.unit);
  return cells;
}

/// Rows of one unit and period must share one treatment: else it was not assigned by that unit.
void require_one_treatment(const Cells& cells, const Vector& treatment, bool cross_section) {
  std::unordered_map<std::int64_t, double> known;
  known.reserve(cells.units.size());
  const auto periods = static_cast<std::int64_t>(cells.period_names.size());
  for (std::size_t i = 0; i < cells.units.size(); ++i) {
    const double value = treatment[static_cast<Index>(i)];
    const auto [cell, fresh] = known.emplace(cells.units[i] * periods + cells.periods[i], value);
    if (fresh || cell->second == value) continue;
    core::Error error("treatment differs within a " + cells.unit + (cross_section ? "" : " and " + cells.time) +
                      ", so it was not assigned by " + cells.unit);
    error
        .hint(cross_section ? "leave cluster= out, or declare the panel: panel(unit, time)"
                            : "name the unit that was treated, or none: the panel's")
        .word(cells.unit);
    throw core::Error(std::move(error));
  }
}

/// (1 + #{|x| ≥ |observed|}) / (R + 1) over the draws that are not missing. Draws that equal the observed value but for
/// rounding (the same assignment drawn again) count.
double permutation_p(const std::vector<double>& draws, double observed) {
  double count = 1, total = 1;
  for (const double draw : draws) {
    if (std::isnan(draw)) continue;
    total += 1;
    count += std::abs(draw) >= std::abs(observed) * (1 - 1e-9);
  }
  return count / total;
}

void require_suitable(const results::Fit& fit, const Context& context, const PlaceboOptions& options) {
  using inference::VcovKind;
  if (!context.parts.endogenous.empty()) throw core::Error("placebo takes a fit without instruments");
  if (!fit.event_times.empty()) {
    throw core::Error("placebo reassigns one treatment, and an event study has an effect for each event time")
        .hint("give it the fit of did or feols");
  }
  if (options.reps < 1) throw core::Error("reps must be at least 1").word("reps");
  if (inference::uses_leverage(fit.vcov.spec.kind)) {
    throw core::Error("placebo draws have no leverages for hc2, hc3, hc4, cr2 and cr3")
        .hint("placebo(m:vcov_as(\"hetero\"), …), or cluster(…)");
  }
}

}  // namespace

Placebo placebo(const results::Fit& fit, const PlaceboOptions& options) {
  const Context& context = context_of(fit, "placebo");
  require_suitable(fit, context, options);
  std::string wanted = options.treatment;
  if (const auto known = fit.provenance.find("treatment"); wanted.empty() && known != fit.provenance.end()) {
    wanted = known->second;
  }
  const TreatmentSearch search = find_treatment(fit, context, wanted);
  const std::optional<Treatment>& treatment = search.found;
  if (!treatment && !search.others.empty()) {
    throw core::Error("which term is the treatment? 0/1 are " + core::join(search.others, ", "))
        .hint("name it: placebo(m, treatment=\"" + search.others.front() + "\")")
        .word("treatment");
  }
  if (!treatment) {
    throw core::Error("placebo needs a 0/1 treatment among the terms of '" + fit.formula + "'")
        .hint("name it: placebo(m, treatment=\"treat:post\")");
  }
  const AssignmentDesign& design = options.design;
  if (design.within != nullptr && design.draws == Assignment::time && !design.permute_dates) {
    throw core::Error("strata keep units that change places apart, and with uniform dates none does")
        .hint("assignment.timing(dates=\"permute\", within=…) moves dates within strata")
        .word("strata");
  }
  const Cells cells =
      options.cross_section ? cross_section_cells(context, design.level) : cells_of(context, "placebo", design.level);
  if (!options.cross_section && design.level == nullptr)
    require_right_way_round(context, treatment->values, adoption_of(cells, treatment->values));
  if (design.level != nullptr) require_one_treatment(cells, treatment->values, options.cross_section);
  const Reassignment reassignment(cells, treatment->values, design, unit_strata(design.within, context, cells));
  const Companions companions(fit, context, *treatment, cells, design.draws);
  const PartialRegression regression(fit, context, treatment->name, companions.names());

  const Index at = fit.position(treatment->name);
  const auto reps = static_cast<std::size_t>(options.reps);
  Placebo out{.command = fit.command,
              .depvar = fit.depvar,
              .treatment = treatment->name,
              .vcov_label = fit.vcov.label,
              .design = design,
              .estimate = fit.coef[at],
              .se = fit.se(at),
              .t = fit.coef[at] / fit.se(at),
              .nobs = fit.nobs,
              .draws = std::vector<double>(reps),
              .se_draws = std::vector<double>(reps),
              .p_draws = std::vector<double>(reps),
              .seed = options.seed ? *options.seed : numerics::fresh_seed(),
              .notes = {}};

  const Index n = treatment->values.size();
  const Index each = 1 + companions.count();  // columns of a draw
  const std::size_t width =
      std::clamp<std::size_t>(8'000'000 / static_cast<std::size_t>(n * each), 1, 64);  // memory: 64 MB
  std::vector<double> t(reps, no_value);
  core::Progress progress("placebo", reps);
  for (std::size_t first = 0; first < reps; first += width) {
    const std::size_t count = std::min(width, reps - first);
    Matrix block(n, static_cast<Index>(count) * each);
    std::vector<double> norms(count);
    core::for_blocks(count, 1, [&](std::size_t j, std::size_t) {
      auto own = block.middleCols(static_cast<Index>(j) * each, each);
      const std::vector<std::int32_t> from = reassignment.draw(out.seed, first + j, own.col(0));
      companions.rebuild(own.col(0), from, own.rightCols(each - 1));
      norms[j] = own.col(0).norm();
    });
    regression.absorb(block);
    for (std::size_t j = 0; j < count; ++j) {
      const std::size_t r = first + j;
      const PartialRegression::Estimate estimate =
          regression.estimate(block.middleCols(static_cast<Index>(j) * each, each), norms[j]);
      out.draws[r] = estimate.coef;
      out.se_draws[r] = estimate.se;
      out.p_draws[r] = estimate.p;
      t[r] = estimate.coef / estimate.se;
      progress.step();
    }
  }
  if (companions.count() > 0) out.notes.push_back("rebuilt in each draw: " + core::join(companions.names(), ", "));
  out.p = permutation_p(out.draws, out.estimate);
  out.p_t = permutation_p(t, out.t);
  const auto lost = std::count_if(out.draws.begin(), out.draws.end(), [](double b) { return std::isnan(b); });
  if (lost > 0) out.notes.push_back(core::counted(lost, "draw") + " without an identified effect left out");
  return out;
}

core::Record placebo_record() {
  core::Record r;
  r.name = "placebo";
  r.topic = "did";
  r.summary = "Placebo test: the estimate against those of randomly reassigned treatments";
  r.args = {{.name = "m", .kind = core::Kind::result, .doc = "what did, feols or reg returned"}};
  r.options = {
      {.name = "reps", .kind = core::Kind::integer, .doc = "number of draws", .default_text = "500", .min = 1},
      {.name = "assign",
       .kind = core::Kind::any,
       .doc = "what is drawn: which units are treated (\"unit\": histories change places, numbers and dates are kept), "
              "when "
              "treated units begin (\"time\": uniform over the periods after the first; units that share one date keep "
              "sharing one), or \"both\"; or what assignment.units, assignment.clusters, assignment.timing or "
              "assignment.rollout made",
       .default_text = "unit"},
      {.name = "strata",
       .kind = core::Kind::expression,
       .doc = "units change places within its levels only",
       .default_text = ""},
      {.name = "unit",
       .kind = core::Kind::expression,
       .doc = "the level at which treatment is assigned",
       .default_text = "the panel unit, else the first fixed effect"},
      {.name = "treatment",
       .kind = core::Kind::text,
       .doc = "the coefficient of the treatment",
       .default_text = "the 0/1 term that turns on over time"},
      {.name = "seed",
       .kind = core::Kind::integer,
       .doc = "of the random draws; the result names it",
       .default_text = "a fresh one",
       .min = 0},
  };
  r.source = "Fisher (1935); Chetty, Looney & Kroft (2009), section III; Phipson & Smyth (2010)";
  r.example = "placebo(m, reps=500, assign=\"unit\", seed=1):plot()";
  return r;
}

}  // namespace estimators
