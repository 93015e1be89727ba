// Ordinary and weighted least squares with absorbed fixed effects:
//   y = X b + D a + u; a is removed from y and X (Frisch–Waugh–Lovell), then b by pivoted QR.
// Sources: Frisch & Waugh (1933); Lovell (1963); Correia (2016), "Linear models with high-dimensional fixed effects".
// Peers:   R lm, fixest::feols, reghdfe.
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/sunab_term.hpp"
#include "estimators/linear/constant.hpp"
#include "estimators/linear/hat_basis.hpp"
#include "estimators/linear/leverage.hpp"
#include "estimators/linear/linear.hpp"

#include <numeric>

namespace estimators {
namespace {

std::string title(const std::string& method, const Context& context) {
  std::string text = method;
  if (!context.fe.empty()) {
    text += ", " + core::counted(static_cast<long long>(context.fe.size()), "absorbed fixed effect");
  }
  return text;
}

std::string method_name(const Settings& settings) {
  switch (settings.design.weights.kind) {
    case formula::WeightKind::none:
      return "OLS";
    case formula::WeightKind::frequency:
      return "OLS, frequency weights";
    case formula::WeightKind::analytic:
      return "WLS, analytic weights";
    case formula::WeightKind::probability:
      return "WLS, probability weights";
  }
  return "OLS";
}

/// h_i = fixed effects' part + w_i x̃_i'(X̃'WX̃)⁻¹x̃_i. The design is built again when asked: a fit does not keep it.
std::function<Vector()> leverage_of(const std::shared_ptr<const Context>& context, std::vector<std::string> names,
                                    Matrix bread) {
  return [context, names = std::move(names), bread = std::move(bread)]() -> Vector {
    const Matrix columns = absorbed_columns(*context, names);
    return numerics::leverage(columns.rightCols(columns.cols() - 1), bread, context->weights) +
           absorbed_leverage(context->fe, context->weights, columns.rows());
  };
}

/// Likewise the basis of the hat matrix over clusters.
std::function<Matrix(const numerics::Codes&)> hat_basis_of(const std::shared_ptr<const Context>& context,
                                                           std::vector<std::string> names) {
  return [context, names = std::move(names)](const numerics::Codes& clusters) -> Matrix {
    const Matrix columns = absorbed_columns(*context, names);
    return hat_basis(*context, Matrix(columns.rightCols(columns.cols() - 1)), clusters);
  };
}

results::Fit fit_ols(const Request& request, const Settings& settings, formula::Parts parts, const data::Frame& frame) {
  if (request.options.has("method")) {
    throw core::Error("method= chooses between 2SLS and LIML, and the formula has no instruments")
        .hint("write them after the last bar: y ~ x | d ~ z")
        .word("method");
  }
  Problem problem = prepare(settings, std::move(parts), frame);
  absorb(problem);
  std::vector<Index> regressors(static_cast<std::size_t>(problem.exogenous));
  std::iota(regressors.begin(), regressors.end(), Index{1});
  numerics::LeastSquares ls = regress(problem, 0, regressors);

  results::Fit fit = start_fit(problem, settings, request);
  fit.title = title(method_name(settings), *problem.context);
  std::vector<Index> kept, dropped;
  for (const Index j : ls.kept) kept.push_back(j + 1);
  for (const Index j : ls.dropped) dropped.push_back(j + 1);
  note_collinear(problem, dropped, fit);
  fit.coef = ls.coef;
  fit.bread = ls.bread;
  fit.residuals = std::move(ls.residuals);
  fit.rss = ls.rss;
  fit.rank = static_cast<Index>(kept.size());
  fit.scores.resize(problem.n(), fit.rank);
  for (Index j = 0; j < fit.rank; ++j) {
    const Index at = kept[static_cast<std::size_t>(j)];
    fit.names.push_back(problem.names[static_cast<std::size_t>(at - 1)]);
    if (problem.constant && at == problem.exogenous) fit.constant = j;
  }
  fit.fitted.resize(problem.n());
  numerics::for_rows(problem.n(), [&](Index from, Index count) {
    const auto u = fit.residuals.segment(from, count);
    fit.fitted.segment(from, count) = problem.y.segment(from, count) - u;
    for (Index j = 0; j < fit.rank; ++j) {
      auto score = fit.scores.col(j).segment(from, count).array();
      score = problem.columns.col(kept[static_cast<std::size_t>(j)]).segment(from, count).array() * u.array();
      if (fit.weights.size() > 0) score *= fit.weights.segment(from, count).array();
    }
  });
  fit.leverage = leverage_of(problem.context, fit.names, fit.bread);
  fit.hat_basis = hat_basis_of(problem.context, fit.names);
  const ConstantRow row = parse_constant(request.options.get<std::string>("cons", "none"));
  if (row != ConstantRow::none && problem.absorbed_constant) {
    add_constant(fit, problem, kept, row);
    fit.hat_basis = [](const numerics::Codes&) -> Matrix {
      throw core::Error("the row _cons beside absorbed fixed effects has no column of its own in the hat matrix")
          .hint("estimate with cons=\"none\"");
    };
  }
  finish_linear(fit, problem, settings);
  return fit;
}

results::Fit run(const Request& request, const std::string& command) {
  if (const auto staggered = sunab_request(request, command)) {
    results::Fit fit = sunab.fit(*staggered);
    fit.formula = formula::print(request.formula);
    return fit;
  }
  Settings settings = read_settings(request, command);
  formula::Parts parts = read_formula(request, settings);
  return fit_linear(request, settings, std::move(parts), request.frame);
}

core::Record record(const std::string& name, const std::string& summary) {
  core::Record r;
  r.name = name;
  r.topic = "estimation";
  r.summary = summary;
  r.args = {{.name = "formula",
             .kind = core::Kind::formula,
             .doc = "y ~ x, y ~ x | fe, or y ~ exogenous | fe | endogenous ~ instruments"}};
  r.options = common_options();
  for (core::OptionSpec& option : linear_options()) r.options.push_back(std::move(option));
  r.source = "Frisch & Waugh (1933); Lovell (1963); Correia (2016)";
  r.example = name + "(ser ~ did + lngdp, fe=\"city + year\", vcov=cluster(city))";
  return r;
}

}  // namespace

results::Fit fit_linear(const Request& request, const Settings& settings, formula::Parts parts,
                        const data::Frame& frame) {
  if (!parts.endogenous.empty()) return fit_iv(request, settings, std::move(parts), frame);
  return fit_ols(request, settings, std::move(parts), frame);
}

Matrix absorbed_columns(const Context& context, const std::vector<std::string>& names) {
  const formula::Design design = formula::design(context.parts, context.frame, context.options);
  Matrix columns(design.y.size(), static_cast<Index>(names.size()) + 1);
  columns.col(0) = design.y;
  Index at = 1;
  const auto copy = [&](const std::vector<std::string>& from, const Matrix& values) {
    for (std::size_t j = 0; j < from.size() && at < columns.cols(); ++j) {
      if (from[j] == names[static_cast<std::size_t>(at - 1)]) columns.col(at++) = values.col(static_cast<Index>(j));
    }
  };
  copy(design.endogenous_names, design.endogenous);
  copy(design.names, design.X);
  if (!context.fe.empty()) numerics::Absorber(context.fe, context.weights).apply(columns);
  return columns;
}

std::vector<core::OptionSpec> linear_options() {
  return {
      {.name = "cons",
       .kind = core::Kind::text,
       .doc =
           "with absorbed fixed effects, the row _cons: none; as reghdfe (mean of y minus mean of x times b); as xtreg "
           "(the first fixed effect absorbed, the others as dummies: the level at their base)",
       .default_text = "none",
       .one_of = {"none", "reghdfe", "xtreg"}},
      {.name = "method",
       .kind = core::Kind::text,
       .doc = "with instruments: two-stage least squares or LIML",
       .default_text = "2sls",
       .one_of = {"2sls", "liml"}},
  };
}

const Estimator reg{.record = record("reg", "Linear regression: OLS, weighted, with fixed effects, instruments"),
                    .fit = [](const Request& request) { return run(request, "reg"); }};
const Estimator ols{.record = record("ols", "Linear regression: OLS, weighted, with fixed effects, instruments"),
                    .fit = [](const Request& request) { return run(request, "ols"); }};
const Estimator feols{.record = record("feols", "Linear regression with absorbed fixed effects and instruments"),
                      .fit = [](const Request& request) { return run(request, "feols"); }};

}  // namespace estimators
