// The formulas are those at the heads of estimators/spatial/likelihood.hpp, ml.cpp, gmm.cpp and mess.cpp.
#include "results/explain_spatial.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace results {
namespace {

constexpr std::array<const char*, 8> by_likelihood = {"sar", "sem", "sac", "sdm", "sdem", "slx", "gns", "mess"};
constexpr std::array<const char*, 3> by_moments = {"stsls", "gs2sls", "gmerror"};
constexpr std::array<const char*, 4> parameters = {"rho", "lambda", "phi", "alpha"};

template <std::size_t n>
bool one_of(const std::array<const char*, n>& commands, const Fit& fit) {
  return std::find(commands.begin(), commands.end(), fit.command) != commands.end();
}
bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}
bool has_lambda(const Fit& fit) { return holds(fit.names, "lambda") || std::isfinite(fit.stat("lambda")); }

std::string provenance(const Fit& fit, const std::string& key) {
  const auto found = fit.provenance.find(key);
  return found == fit.provenance.end() ? "" : found->second;
}

/// rho W y + b1*x + b2*(W x) + b3 + a[city].
std::string right_side(const Fit& fit) {
  std::vector<std::string> terms;
  if (holds(fit.names, "rho")) terms.push_back("rho W " + fit.depvar);
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    const std::string& name = fit.names[j];
    if (std::find(parameters.begin(), parameters.end(), name) != parameters.end()) continue;
    const bool lagged = core::starts_with(name, "W*"), constant = static_cast<Index>(j) == fit.constant;
    terms.push_back("b" + std::to_string(j + 1) +
                    (constant ? ""
                     : lagged ? "*(W " + name.substr(2) + ")"
                              : "*" + name));
  }
  const std::string fixed = provenance(fit, "panel effects"), random = provenance(fit, "random effects");
  for (const std::string& effect : core::split(fixed, ','))
    if (!effect.empty() && random.empty()) terms.push_back("a[" + effect + "]");
  if (!random.empty()) terms.push_back("a[" + random + "]");
  return core::join(terms, " + ");
}

std::vector<std::string> spatial_equations(const Fit& fit) {
  const bool lambda = has_lambda(fit);
  const std::string left = holds(fit.names, "alpha") ? "exp(alpha W) " + fit.depvar : fit.depvar;
  std::vector<std::string> lines = {left + " = " + right_side(fit) + (lambda ? " + u" : " + e")};
  if (lambda)
    lines.emplace_back(!one_of(by_moments, fit)
                           ? "u = lambda E u + e, E the weights of the error: W unless error_W= gives others"
                           : "u = lambda W u + e");
  if (holds(fit.names, "phi"))
    lines.push_back("a[" + provenance(fit, "random effects") + "] is random, of variance phi s2; e of variance s2");
  return lines;
}

/// Which data the coefficients are those of.
std::string filtered(const Fit& fit) {
  const bool rho = holds(fit.names, "rho"), lambda = has_lambda(fit);
  const std::string outcome = holds(fit.names, "alpha") ? "exp(alpha W) y" : rho ? "(I - rho W) y" : "y";
  return lambda ? "y* = (I - lambda E) " + outcome + ", X* = (I - lambda E) X" : "y* = " + outcome + ", X* = X";
}

SpatialFormulas likelihood(const Fit& fit) {
  SpatialFormulas f;
  f.equations = spatial_equations(fit);
  std::vector<std::string> there;
  for (const char* name : parameters)
    if (holds(fit.names, name)) there.emplace_back(name);
  const std::string found = core::join(there, ", ");
  if (found.empty()) {
    f.estimator = {"b = (X'X)^-1 X'y, which minimises the sum of e^2; X holds the lagged regressors, too"};
    f.bread = "(X'X)^-1";
    if (fit.vcov.spec.kind == inference::VcovKind::iid) {  // the effects count among the parameters
      f.whole = true;
      f.variance = {"V = s^2 (X'X)^-1, s^2 = RSS/df = " + core::significant(fit.rss, 5) + "/" +
                    core::shortest(fit.vcov.df_t) + " = " + core::significant(fit.rss / fit.vcov.df_t, 5)};
    }
    return f;
  }
  if (holds(fit.names, "alpha")) {
    f.estimator = {"alpha by maximum likelihood: the maximum of L = -n/2 (ln(2 pi s2) + 1) + alpha tr W"};
  } else {
    std::string logs = holds(fit.names, "rho") ? " + ln|I - rho W|" : "";
    if (has_lambda(fit)) logs += " + ln|I - lambda E|";
    if (holds(fit.names, "phi")) logs += " - ln|Omega|/2, Omega the covariance of a + e over s2";
    f.estimator = {found + " by maximum likelihood: the maximum of L = -n/2 (ln(2 pi s2) + 1)" + logs};
  }
  const bool random = holds(fit.names, "phi");
  f.estimator.push_back(std::string(random ? "b = (X*'Omega^-1 X*)^-1 X*'Omega^-1 y*" : "b = (X*'X*)^-1 X*'y*") +
                        " given them, s2 = " + (random ? "e'Omega^-1 e/n; " : "e'e/n; ") + filtered(fit));
  if (!provenance(fit, "panel effects").empty() && !random)
    f.estimator.push_back("y, W y and X stand for what is left of them without the effects of " +
                          provenance(fit, "panel effects"));
  f.bread = "B";
  const bool own = core::starts_with(fit.vcov.label, "ML, ");
  const std::string all = "(b, " + found + ", s2)";
  if (own) {
    f.whole = true;
    f.variance = core::starts_with(fit.vcov.label, "ML, expected")
                     ? std::vector<std::string>{"V = I^-1, I the expected information of " + all}
                     : std::vector<std::string>{
                           "V = I^-1, I the observed information: minus the second derivatives of L in " + found,
                           "V of b = s2 times that of the regression given them, plus J V J', J the derivatives of b"};
  } else {
    f.variance = {"B = I^-1/s2, I the information of " + all + "; s_i: what row i adds to the score, times s2"};
  }
  return f;
}

SpatialFormulas moments(const Fit& fit) {
  SpatialFormulas f;
  f.equations = spatial_equations(fit);
  const bool lag = holds(fit.names, "rho"), lambda = has_lambda(fit);
  if (lambda) {
    f.estimator.emplace_back(
        "lambda by moments: e'e, (W e)'W e and e'W e of e = u - lambda W u, near what independent e give");
    f.estimator.emplace_back("b from the data times I - lambda W:");
  }
  f.bread = lag ? "(Z'Ph Z)^-1" : "(Z'Z)^-1";
  f.estimator.push_back(lag ? "(b, rho) = (Z'Ph Z)^-1 Z'Ph y, Z = [X, W y], Ph the projection on the instruments (2SLS)"
                            : "b = (Z'Z)^-1 Z'y, Z = X");
  if (lag) f.estimator.emplace_back("instruments: X, W X, W^2 X (the last unless w2x=false), and those of the formula");
  if (!provenance(fit, "panel effects").empty())
    f.estimator.push_back("y, W y and X stand for what is left of them without the effects of " +
                          provenance(fit, "panel effects"));
  if (fit.vcov.label.find("jointly") != std::string::npos) {
    f.whole = true;
    f.variance = {std::string("V of (b, ") + (lag ? "rho, " : "") +
                      "lambda) = J Psi J', J what the estimates add for each moment, Psi the moments' covariance",
                  "Psi takes e_i^2 for the variance of row i"};
  } else if (fit.vcov.spec.kind != inference::VcovKind::iid) {
    f.variance = {lag ? "x_i: the row of Ph Z" : "x_i: the row of Z"};
  }
  return f;
}

}  // namespace

std::optional<SpatialFormulas> spatial_formulas(const Fit& fit) {
  if (one_of(by_likelihood, fit)) return likelihood(fit);
  if (one_of(by_moments, fit)) return moments(fit);
  return std::nullopt;
}

}  // namespace results
