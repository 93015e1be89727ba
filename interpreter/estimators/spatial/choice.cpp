#include "estimators/spatial/choice.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/linear/linear.hpp"
#include "estimators/spatial/lm_tests.hpp"
#include "estimators/spatial/ml.hpp"
#include "estimators/spatial/model.hpp"
#include "formula/parse.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

struct Pair {
  Index own, lagged;
};

/// Regressors whose lag is a regressor, too.
std::vector<Pair> pairs_of(const results::Fit& durbin) {
  std::vector<Pair> out;
  for (std::size_t j = 0; j < durbin.names.size(); ++j) {
    const auto lagged = std::find(durbin.names.begin(), durbin.names.end(), "W*" + durbin.names[j]);
    if (lagged != durbin.names.end())
      out.push_back({static_cast<Index>(j), static_cast<Index>(lagged - durbin.names.begin())});
  }
  if (out.empty()) throw core::Error("no regressor has its spatial lag beside it: there is nothing to reduce");
  return out;
}

inference::Test named(inference::Test test, const std::string& name) {
  test.name = name;
  return test;
}

/// The same data by least squares, with the effects as fixed effects.
FitPtr linear_fit(const Request& request, Effects effects) {
  Request plain;
  plain.frame = request.frame;
  plain.formula = request.formula;
  if (request.options.has("where")) plain.options.set("where", request.options.get<formula::Tree>("where"));
  const bool unit = effects == Effects::unit || effects == Effects::both;
  const bool time = effects == Effects::time || effects == Effects::both;
  if (!unit && !time) return std::make_shared<const results::Fit>(ols.fit(plain));
  const data::Panel& panel = *request.frame.panel();
  std::vector<std::string> names;
  if (unit) names.push_back(formula::print(formula::name(panel.unit)));
  if (time) names.push_back(formula::print(formula::name(panel.time)));
  // A bar of the formula would give the effects twice.
  formula::Tree tree = request.formula;
  while (tree->op == formula::Op::bar) tree = tree->children.front();
  plain.formula = tree;
  plain.options.set("fe", formula::parse(core::join(names, " + ")));
  return std::make_shared<const results::Fit>(feols.fit(plain));
}

const inference::Test& step(const SpatialChoice& c, const std::string& stage, const std::string& name) {
  for (const SpatialChoice::Step& s : c.steps)
    if (s.stage == stage && s.test.name == name) return s.test;
  throw core::Error("no test " + name);
}

void read(SpatialChoice& c, double size) {
  const auto rejects = [&](const std::string& stage, const std::string& name) { return step(c, stage, name).p < size; };
  const bool lag = rejects("LM", "lag"), error = rejects("LM", "error");
  const bool robust_lag = rejects("robust LM", "lag"), robust_error = rejects("robust LM", "error");
  const bool not_sar = rejects("LR", "SDM -> SAR"), not_sem = rejects("LR", "SDM -> SEM"),
             not_slx = rejects("LR", "SDM -> SLX");
  // What least squares points to: the only significant LM test; of two, the robust one with the smaller p.
  const bool to_lag = lag && (!error || step(c, "robust LM", "lag").p < step(c, "robust LM", "error").p);
  const std::string pointed = !lag && !error ? "ols" : to_lag ? "sar" : "sem";
  if (pointed == "ols" && !not_slx && !not_sar) {
    c.model = "ols";
    c.reading = "no test finds a spatial lag, error or spill-over: least squares";
  } else if (not_sar && !not_slx) {
    c.model = "slx";
    c.reading = "rho = 0 is not rejected, and the lagged regressors are needed: SLX";
  } else if (not_sar && not_sem) {
    c.model = "sdm";
    c.reading = "both reductions of the Durbin model are rejected: SDM";
  } else if (!not_sar && not_sem) {
    c.model = pointed == "sem" ? "sdm" : "sar";
    c.reading = pointed == "sem"
                    ? "the Durbin model reduces to SAR, but the LM tests point to SEM: SDM, which holds both"
                    : "the Durbin model reduces to SAR: SAR";
  } else if (not_sar && !not_sem) {
    c.model = pointed == "sar" ? "sdm" : "sem";
    c.reading = pointed == "sar"
                    ? "the Durbin model reduces to SEM, but the LM tests point to SAR: SDM, which holds both"
                    : "the Durbin model reduces to SEM: SEM";
  } else {
    c.model = pointed == "ols" ? "sdm" : pointed;
    c.reading = pointed == "ols" ? "the Durbin model reduces to SAR and to SEM, the LM tests point to neither: SDM"
                                 : "the Durbin model reduces to SAR and to SEM, the LM tests point to " +
                                       std::string(pointed == "sar" ? "SAR: SAR" : "SEM: SEM");
  }
  if (lag && error && robust_lag == robust_error)
    c.notes.push_back(std::string("the robust LM tests ") +
                      (robust_lag ? "both reject" : "do not tell lag and error apart") +
                      ": the smaller p-value counts");
}

}  // namespace

std::vector<inference::Test> wald_reductions(const results::Fit& durbin) {
  if (durbin.command != "sdm")
    throw core::Error("reductions start from a Durbin model, not from '" + durbin.command + "'")
        .hint("m = sdm(y ~ x, W)");
  const std::vector<Pair> pairs = pairs_of(durbin);
  const Index q = static_cast<Index>(pairs.size()), k = durbin.coef.size(), rho = durbin.position("rho");
  Matrix zero = Matrix::Zero(q, k), factor = Matrix::Zero(q, k), slope = Matrix::Zero(1, k);
  Vector value(q);
  for (Index i = 0; i < q; ++i) {
    const Pair& p = pairs[static_cast<std::size_t>(i)];
    zero(i, p.lagged) = 1;
    factor(i, p.lagged) = 1;
    factor(i, p.own) = durbin.coef[rho];
    factor(i, rho) = durbin.coef[p.own];
    value[i] = durbin.coef[p.lagged] + durbin.coef[rho] * durbin.coef[p.own];
  }
  slope(0, rho) = 1;
  // g + ρb is linearised: the Jacobian times the coefficients stands for it, shifted so that the value is right.
  const Vector shift = factor * durbin.coef - value;
  return {
      named(inference::wald(zero, Vector::Zero(q), durbin.coef, durbin.vcov.matrix, durbin.vcov.df_t), "SDM -> SAR"),
      named(inference::wald(factor, shift, durbin.coef, durbin.vcov.matrix, durbin.vcov.df_t), "SDM -> SEM"),
      named(inference::wald(slope, Vector::Zero(1), durbin.coef, durbin.vcov.matrix, durbin.vcov.df_t), "SDM -> SLX")};
}

inference::Test likelihood_ratio(const std::string& name, const results::Fit& durbin, const results::Fit& restricted) {
  if (durbin.rows != restricted.rows)
    throw core::Error("a likelihood ratio needs one sample: " + core::shortest(durbin.nobs) + " and " +
                      core::shortest(restricted.nobs) + " observations");
  return inference::chi2_test(name, 2 * (durbin.stat("loglik") - restricted.stat("loglik")),
                              durbin.stat("parameters") - restricted.stat("parameters"));
}

SpatialChoice choose_spatial(const Request& request, double size) {
  SpatialChoice c;
  Request narrow = request;
  c.sar = std::make_shared<const results::Fit>(sar.fit(narrow));
  c.sem = std::make_shared<const results::Fit>(sem.fit(narrow));
  c.sdm = std::make_shared<const results::Fit>(sdm.fit(narrow));
  c.slx = std::make_shared<const results::Fit>(slx.fit(narrow));
  const SpatialContext& context = spatial_context(*c.sdm, "spatial_choice");
  c.linear = linear_fit(request, context.effects);
  if (c.linear->rows != c.sdm->rows)
    throw core::Error("least squares and the spatial models have other samples: " + core::shortest(c.linear->nobs) +
                      " and " + core::shortest(c.sdm->nobs) + " observations");
  const std::vector<std::pair<std::string, std::string>> labels = {
      {"LM", "lag"}, {"LM", "error"}, {"robust LM", "lag"}, {"robust LM", "error"}};
  const std::vector<inference::Test> lm = lm_tests(*c.linear, context.W.pointer());
  for (std::size_t i = 0; i < labels.size(); ++i) c.steps.push_back({labels[i].first, named(lm[i], labels[i].second)});
  for (const inference::Test& test : wald_reductions(*c.sdm)) c.steps.push_back({"Wald", test});
  c.steps.push_back({"LR", likelihood_ratio("SDM -> SAR", *c.sdm, *c.sar)});
  c.steps.push_back({"LR", likelihood_ratio("SDM -> SEM", *c.sdm, *c.sem)});
  c.steps.push_back({"LR", likelihood_ratio("SDM -> SLX", *c.sdm, *c.slx)});
  read(c, size);
  return c;
}

}  // namespace estimators
