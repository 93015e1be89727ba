#include "report/statistics.hpp"

#include "core/text.hpp"
#include "report/number_format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace report {
namespace {

enum class Form { share, count, two, p };

struct Statistic {
  const char* name;
  const char* label;
  Form form;
};

constexpr std::array<Statistic, 29> known{{
    {"nobs", "Observations", Form::count},
    {"clusters", "Clusters", Form::count},
    {"df_t", "Degrees of freedom of t", Form::count},
    {"r2", "R²", Form::share},
    {"r2_adj", "Adjusted R²", Form::share},
    {"r2_within", "Within R²", Form::share},
    {"r2_within_adj", "Adjusted within R²", Form::share},
    {"r2_pseudo", "Pseudo R²", Form::share},
    {"r2_squared_correlation", "Squared correlation", Form::share},
    {"r2_between", "Between R²", Form::share},
    {"r2_overall", "Overall R²", Form::share},
    {"sigma2", "σ²", Form::share},
    {"instruments", "Instruments", Form::count},
    {"rmse", "Root MSE", Form::share},
    {"rmse_n", "Root MSE (by n)", Form::share},
    {"rss", "Residual sum of squares", Form::share},
    {"tss", "Total sum of squares", Form::share},
    {"tss_within", "Within sum of squares", Form::share},
    {"loglik", "Log likelihood", Form::two},
    {"aic", "AIC", Form::two},
    {"bic", "BIC", Form::two},
    {"parameters", "Parameters", Form::count},
    {"df_residual", "Residual degrees of freedom", Form::count},
    {"F", "F", Form::two},
    {"F_df1", "F: numerator degrees of freedom", Form::count},
    {"F_df2", "F: denominator degrees of freedom", Form::count},
    {"F_p", "p-value of F", Form::p},
    {"depvar_mean", "Mean of dependent variable", Form::share},
    {"depvar_sd", "Std. dev. of dependent variable", Form::share},
}};

const Statistic* find(const std::string& name) {
  const auto* at = std::find_if(known.begin(), known.end(), [&](const Statistic& s) { return name == s.name; });
  return at == known.end() ? nullptr : at;
}

/// Mean or standard deviation of the dependent variable in the sample (fitted + residuals), weighted as the fit is.
double depvar_moment(const results::Fit& fit, bool deviation) {
  const auto n = fit.fitted.size();
  if (n == 0 || fit.residuals.size() != n) return std::numeric_limits<double>::quiet_NaN();
  const results::Vector y = fit.fitted + fit.residuals;
  const results::Vector w = fit.weights.size() == n ? fit.weights : results::Vector::Ones(n);
  const double total = w.sum(), mean = w.dot(y) / total;
  if (!deviation) return mean;
  const double squares = w.dot((y.array() - mean).square().matrix());
  return std::sqrt(squares / (total - 1));
}

}  // namespace

std::string statistic_label(const std::string& name) {
  const Statistic* s = find(name);
  return s ? s->label : name;
}

std::string statistic_text(const std::string& name, double value, int digits) {
  if (std::isnan(value)) return "";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  const Statistic* s = find(name);
  switch (s ? s->form : Form::share) {
    case Form::count:
      if (value == std::floor(value) && std::abs(value) < 1e15) return core::grouped(static_cast<long long>(value));
      return core::fixed(value, 1);
    case Form::two:
      return name == "F" ? test_statistic(value) : core::fixed(value, 2);
    case Form::p:
      return core::fixed(value, 3);
    case Form::share:
      break;
  }
  return core::fixed(value, digits);
}

double statistic(const results::Fit& fit, const std::string& name) {
  if (name == "depvar_mean" || name == "depvar_sd") return depvar_moment(fit, name == "depvar_sd");
  if (name == "nobs") return fit.nobs;
  if (name == "df_t") return fit.vcov.df_t;
  if (name == "clusters") {
    if (fit.vcov.groups.empty()) return std::numeric_limits<double>::quiet_NaN();
    return *std::min_element(fit.vcov.groups.begin(), fit.vcov.groups.end());
  }
  return fit.stat(name);
}

std::vector<std::string> statistic_names(const results::Fit& fit) {
  std::vector<std::string> names = {"nobs"};
  for (const auto& [name, value] : fit.stats) names.push_back(name);
  names.emplace_back("df_t");
  if (!fit.vcov.groups.empty()) names.emplace_back("clusters");
  if (fit.fitted.size() > 0) names.insert(names.end(), {"depvar_mean", "depvar_sd"});
  return names;
}

std::string test_text(const inference::Test& test) {
  std::string name = test.distribution, df;
  if (name == "chi2") name = "χ²";
  if (test.distribution == "F")
    df = "(" + core::significant(test.df1, 6) + ", " + core::significant(test.df2, 6) + ")";
  else if (test.distribution == "chi2")
    df = "(" + core::significant(test.df1, 6) + ")";
  else if (test.distribution == "t")
    df = "(" + core::significant(test.df2, 6) + ")";
  return name + df + " = " + test_statistic(test.statistic);
}

std::string vcov_short(const inference::VcovSpec& spec) {
  using inference::VcovKind;
  switch (spec.kind) {
    case VcovKind::iid:
      return "IID";
    case VcovKind::hc0:
      return "HC0";
    case VcovKind::hc1:
      return "HC1";
    case VcovKind::hc2:
      return "HC2";
    case VcovKind::hc3:
      return "HC3";
    case VcovKind::hc4:
      return "HC4";
    case VcovKind::cluster:
      return "by " + core::join(spec.cluster, ", ");
    case VcovKind::cr2:
      return "CR2 by " + core::join(spec.cluster, ", ");
    case VcovKind::cr3:
      return "CR3 by " + core::join(spec.cluster, ", ");
    case VcovKind::newey_west:
      return "Newey–West";
    case VcovKind::driscoll_kraay:
      return "Driscoll–Kraay";
    case VcovKind::conley:
      return "Conley " + core::shortest(spec.cutoff_km) + " km";
  }
  return "";
}

}  // namespace report
