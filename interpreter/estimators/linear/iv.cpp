// Instrumental variables with absorbed fixed effects: y = X b + u, X = [endogenous, exogenous], Z = [exogenous,
// excluded].
//   2SLS: X̂ = P_Z X, b = (X̂'WX̂)⁻¹X̂'Wy.   LIML: the k-class estimator at the least κ with |Y'(M_1 − κ M_Z)Y| = 0.
// Scores are x̌_i w_i u_i with x̌ = X − κ M_Z X (κ = 1 gives X̂), u the structural residuals.
// Sources: Theil (1953); Anderson & Rubin (1949); Davidson & MacKinnon (2004), ch. 8 and 12.
// Peers:   fixest::feols, AER::ivreg, ivreg2.
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/linear/iv_tests.hpp"
#include "estimators/linear/linear.hpp"
#include "numerics/dense.hpp"

#include <Eigen/Dense>
#include <cmath>

namespace estimators {
namespace {

/// Positions in Problem::columns.
struct Layout {
  std::vector<Index> endogenous, exogenous, instruments;  ///< kept ones
  std::vector<Index> all_instruments() const {            ///< Z: exogenous first, so that they win over excluded ones
    std::vector<Index> z = exogenous;
    z.insert(z.end(), instruments.begin(), instruments.end());
    return z;
  }
};

const std::string& name_of(const Problem& problem, Index column) {
  return problem.names[static_cast<std::size_t>(column - 1)];
}

Matrix gather(const Problem& problem, const std::vector<Index>& columns) {
  Matrix out(problem.n(), static_cast<Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) out.col(static_cast<Index>(j)) = problem.columns.col(columns[j]);
  return out;
}

Vector weighted(const Problem& problem, const Vector& x) {
  return problem.weights().size() == 0 ? x : Vector(problem.weights().array() * x.array());
}

Vector root_weighted(const Problem& problem, const Vector& x) {
  return problem.weights().size() == 0 ? x : Vector(problem.weights().array().sqrt() * x.array());
}

/// Which instruments are linearly independent; names the others. Throws when too few are left.
Layout independent(const Problem& problem, results::Fit& fit) {
  Layout layout;
  for (Index j = 1; j <= problem.endogenous; ++j) layout.endogenous.push_back(j);
  std::vector<Index> z;
  for (Index j = 0; j < problem.exogenous + problem.instruments; ++j) z.push_back(1 + problem.endogenous + j);
  const numerics::LeastSquares ls = regress(problem, 0, z);
  for (const Index at : ls.kept) {
    const Index j = z[static_cast<std::size_t>(at)];
    (j <= problem.endogenous + problem.exogenous ? layout.exogenous : layout.instruments).push_back(j);
  }
  std::vector<Index> dropped;
  for (const Index at : ls.dropped) dropped.push_back(z[static_cast<std::size_t>(at)]);
  note_collinear(problem, dropped, fit);
  if (layout.instruments.size() < layout.endogenous.size()) {
    throw core::Error(
        "not identified: " + core::counted(static_cast<long long>(layout.endogenous.size()), "endogenous regressor") +
        ", " + core::counted(static_cast<long long>(layout.instruments.size()), "excluded instrument") +
        " left after dropping collinear ones")
        .hint(
            "give at least one instrument for each endogenous regressor, after the last bar: y ~ x | fe | d ~ z1 + z2");
  }
  return layout;
}

struct FirstStage {
  std::vector<numerics::LeastSquares> regressions;  ///< of each endogenous column on Z
  Matrix residuals;                                 ///< n×p, M_Z X
};

FirstStage first_stage(const Problem& problem, const Layout& layout) {
  FirstStage first;
  first.residuals.resize(problem.n(), static_cast<Index>(layout.endogenous.size()));
  for (const Index j : layout.endogenous) {
    first.regressions.push_back(regress(problem, j, layout.all_instruments()));
    first.residuals.col(j - 1) = first.regressions.back().residuals;
  }
  return first;
}

/// Scores x̌ w u of a fit; columns of `X` are x̌.
Matrix scores_of(const Problem& problem, const Matrix& X, const Vector& u) {
  return X.array().colwise() * weighted(problem, u).array();
}

/// The right side of a regression, as a formula has it: terms and fixed effects.
std::string terms_of(const results::Fit& fit) {
  const auto joined = [](const std::string& so_far, const std::string& next) {
    return so_far.empty() ? next : so_far + " + " + next;
  };
  std::string terms, effects;
  for (const std::string& name : fit.names)
    if (name != "_cons") terms = joined(terms, name);
  for (const results::AbsorbedEffect& effect : fit.fe) effects = joined(effects, effect.name);
  return (terms.empty() ? "1" : terms) + (effects.empty() ? "" : " | " + effects);
}

results::Fit first_stage_fit(const Problem& problem, const Layout& layout, const FirstStage& first, Index endogenous,
                             const Settings& settings, const Request& request) {
  const std::vector<Index> z = layout.all_instruments();
  const numerics::LeastSquares& ls = first.regressions[static_cast<std::size_t>(endogenous - 1)];
  results::Fit fit = start_fit(problem, settings, request);
  fit.title = "First stage of " + name_of(problem, endogenous);
  fit.depvar = name_of(problem, endogenous);
  for (const Index j : z) fit.names.push_back(name_of(problem, j));
  fit.formula = fit.depvar + " ~ " + terms_of(fit);
  fit.coef = ls.coef;
  fit.bread = ls.bread;
  fit.residuals = ls.residuals;
  fit.fitted = problem.endogenous_given.col(endogenous - 1) - ls.residuals;
  fit.rss = ls.rss;
  fit.rank = static_cast<Index>(z.size());
  if (problem.constant && !layout.exogenous.empty() &&
      layout.exogenous.back() == problem.endogenous + problem.exogenous) {
    fit.constant = static_cast<Index>(layout.exogenous.size()) - 1;
  }
  fit.scores = scores_of(problem, gather(problem, z), ls.residuals);
  finish_linear(fit, problem, settings, endogenous);
  const auto L = static_cast<Index>(layout.instruments.size());
  Matrix R = Matrix::Zero(L, fit.rank);
  R.rightCols(L).setIdentity();
  inference::Test test = inference::wald(R, Vector::Zero(L), fit.coef, fit.vcov.matrix, fit.vcov.df_t);
  test.name = "excluded instruments";
  fit.tests.push_back(test);
  return fit;
}

/// y, endogenous columns and instruments without what the exogenous ones explain, rows times √w.
Instrumented partialled(const Problem& problem, const Settings& settings, const Layout& layout) {
  const auto out = [&](Index column) {
    return root_weighted(problem, layout.exogenous.empty() ? Vector(problem.columns.col(column))
                                                           : regress(problem, column, layout.exogenous).residuals);
  };
  Instrumented iv{.problem = problem,
                  .settings = settings,
                  .y = out(0),
                  .X = {},
                  .Z = {},
                  .exogenous = static_cast<Index>(layout.exogenous.size()),
                  .endogenous_names = {}};
  iv.X.resize(problem.n(), static_cast<Index>(layout.endogenous.size()));
  iv.Z.resize(problem.n(), static_cast<Index>(layout.instruments.size()));
  for (std::size_t j = 0; j < layout.endogenous.size(); ++j) {
    iv.X.col(static_cast<Index>(j)) = out(layout.endogenous[j]);
    iv.endogenous_names.push_back(name_of(problem, layout.endogenous[j]));
  }
  for (std::size_t j = 0; j < layout.instruments.size(); ++j) {
    iv.Z.col(static_cast<Index>(j)) = out(layout.instruments[j]);
  }
  return iv;
}

/// The least κ with |Y'M_1 Y − κ Y'M_Z Y| = 0, Y = [y, endogenous].
double liml_kappa(const Instrumented& iv) {
  Matrix Y(iv.y.size(), iv.X.cols() + 1);
  Y.col(0) = iv.y;
  Y.rightCols(iv.X.cols()) = iv.X;
  const Matrix E =
      Y - numerics::product(iv.Z, numerics::solve_psd(numerics::crossprod(iv.Z), numerics::crossprod(iv.Z, Y)));
  const Matrix L = numerics::cholesky(numerics::crossprod(E), "residuals");
  const Matrix half = numerics::solve_lower(L, numerics::crossprod(Y));
  return std::max(1.0, numerics::symmetric_eigen(numerics::solve_lower(L, half.transpose())).values[0]);
}

/// Adds the robust test that the first-stage residuals explain nothing in the structural equation.
/// Source: Wu (1973); Hausman (1978), in the regression form.
void add_wu_hausman(const Problem& problem, const Settings& settings, const Matrix& X, const Matrix& V,
                    results::Fit& fit) {
  Matrix A(X.rows(), X.cols() + V.cols());
  A << X, V;
  const numerics::LeastSquares ls = numerics::least_squares(A, problem.columns.col(0), problem.weights());
  if (static_cast<Index>(ls.kept.size()) < A.cols())
    return;  // an endogenous regressor that the instruments explain fully
  const Covariance covariance(*problem.context, settings.vcov, settings.ssc, A.cols());
  const inference::Vcov vcov = covariance(scores_of(problem, A, ls.residuals), ls.bread, ls.residuals, ls.rss);
  Matrix R = Matrix::Zero(V.cols(), A.cols());
  R.rightCols(V.cols()).setIdentity();
  inference::Test test = inference::wald(R, Vector::Zero(V.cols()), ls.coef, vcov.matrix, vcov.df_t);
  test.name = "Wu-Hausman";
  fit.tests.push_back(test);
}

}  // namespace

results::Fit fit_iv(const Request& request, const Settings& settings, formula::Parts parts, const data::Frame& frame) {
  using inference::VcovKind;
  if (inference::uses_leverage(settings.vcov.kind)) {
    throw core::Error("vcov '" + inference::print(settings.vcov) +
                      "' is defined for least squares, not with instruments")
        .hint(inference::is_clustered(settings.vcov.kind) ? "use vcov=cluster(…)" : "use vcov=\"hetero\"")
        .word("vcov");
  }
  Problem problem = prepare(settings, std::move(parts), frame);
  absorb(problem);
  results::Fit fit = start_fit(problem, settings, request);
  const Layout layout = independent(problem, fit);
  const FirstStage first = first_stage(problem, layout);
  const Instrumented iv = partialled(problem, settings, layout);
  const bool liml = request.options.get<std::string>("method", "2sls") == "liml";
  const double kappa = liml ? liml_kappa(iv) : 1.0;

  // X = [endogenous, exogenous]; x̌ = X − κ M_Z X.
  const auto p = static_cast<Index>(layout.endogenous.size());
  std::vector<Index> regressors = layout.endogenous;
  regressors.insert(regressors.end(), layout.exogenous.begin(), layout.exogenous.end());
  const Matrix X = gather(problem, regressors);
  Matrix projected = X;
  projected.leftCols(p) -= first.residuals;
  numerics::LeastSquaresOptions options;
  options.reference_tol = problem.has_fe() ? problem.absorbed_tol : 1e-12;
  options.reference_norms.resize(X.cols());
  Matrix ordered(X.rows(),
                 X.cols());  // exogenous first: what they explain of an endogenous regressor is not identified
  ordered << projected.rightCols(X.cols() - p), projected.leftCols(p);
  for (Index j = 0; j < X.cols(); ++j) {
    options.reference_norms[(j + X.cols() - p) % X.cols()] = problem.norms[regressors[static_cast<std::size_t>(j)]];
  }
  const numerics::LeastSquares ls =
      numerics::least_squares(ordered, problem.columns.col(0), problem.weights(), options);
  if (!ls.dropped.empty()) {
    const Index at = ls.dropped.front() - (X.cols() - p);
    throw core::Error("not identified: the instruments explain nothing of '" +
                      name_of(problem, regressors[static_cast<std::size_t>(std::max<Index>(at, 0))]) +
                      "' beyond the exogenous regressors and fixed effects");
  }
  Eigen::PermutationMatrix<Eigen::Dynamic> back(static_cast<int>(X.cols()));
  for (Index j = 0; j < X.cols(); ++j) back.indices()[j] = static_cast<int>((j + p) % X.cols());
  fit.coef = back * ls.coef;
  fit.bread = numerics::sandwich(Matrix(back), ls.bread);
  if (liml) {
    projected.leftCols(p) += (1 - kappa) * first.residuals;
    Matrix wX = X;
    for (Index j = 0; j < X.cols(); ++j) wX.col(j) = weighted(problem, X.col(j));
    const Matrix H = numerics::crossprod(wX, projected);
    const Vector wy = weighted(problem, problem.columns.col(0));
    fit.bread = numerics::solve_psd((H + H.transpose()) / 2, Matrix(Matrix::Identity(X.cols(), X.cols())));
    fit.coef = numerics::product(fit.bread, numerics::crossprod(projected, wy));
  }
  fit.title = (liml ? "LIML" : "2SLS");
  if (problem.has_fe()) {
    fit.title += ", " + core::counted(static_cast<long long>(problem.context->fe.size()), "absorbed fixed effect");
  }
  for (const Index j : regressors) fit.names.push_back(name_of(problem, j));
  fit.residuals = problem.columns.col(0) - numerics::product(X, fit.coef);
  fit.fitted = problem.y - fit.residuals;
  fit.rss = fit.residuals.dot(weighted(problem, fit.residuals));
  fit.rank = X.cols();
  if (problem.constant && regressors.back() == problem.endogenous + problem.exogenous) fit.constant = X.cols() - 1;
  fit.scores = scores_of(problem, projected, fit.residuals);
  finish_linear(fit, problem, settings);
  if (liml) fit.set_stat("kappa", kappa);

  for (const Index j : layout.endogenous) {
    results::Fit stage = first_stage_fit(problem, layout, first, j, settings, request);
    inference::Test test = stage.tests.back();
    test.name = "first-stage F: " + stage.depvar;
    fit.tests.push_back(test);
    fit.first_stages.push_back(std::make_shared<const results::Fit>(std::move(stage)));
  }
  add_identification_tests(iv, fit);
  add_wu_hausman(problem, settings, X, first.residuals, fit);
  add_overidentification_test(iv, root_weighted(problem, fit.residuals), fit);
  if (p == 1) add_anderson_rubin(iv, fit.coef[0], fit.se(0), fit);
  return fit;
}

}  // namespace estimators
