// Fits made by hand for tests of tables and plots.
#pragma once

#include "results/fit.hpp"

#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace by_hand {

using results::Fit;

inline Fit simple(const std::string& depvar, double effect) {
  Fit fit;
  fit.command = "feols";
  fit.title = "OLS, 2 absorbed fixed effects";
  fit.depvar = depvar;
  fit.formula = depvar + " ~ did + lngdp | city + year";
  fit.names = {"did", "treat:post"};
  fit.coef.resize(2);
  fit.coef << effect, -10.25;
  fit.vcov.matrix = numerics::Matrix::Zero(2, 2);
  fit.vcov.matrix.diagonal() << 0.0045 * 0.0045, 2.5 * 2.5;
  fit.vcov.df_t = 40;
  fit.vcov.label = "clustered by city (41)";
  fit.vcov.spec.kind = inference::VcovKind::cluster;
  fit.vcov.spec.cluster = {"city"};
  fit.vcov.groups = {41};
  fit.nobs = 1410;
  fit.rank = 2;
  results::AbsorbedEffect effect_of;
  effect_of.name = "city";
  effect_of.levels = 41;
  fit.fe.push_back(effect_of);
  effect_of.name = "year";
  effect_of.levels = 10;
  effect_of.redundant = 1;
  fit.fe.push_back(effect_of);
  fit.stats = {{"r2", 0.91234}, {"r2_adj", 0.9}, {"r2_within", 0.0456}, {"rmse", 0.1234567}, {"loglik", -123.456},
               {"F", 5.671},    {"F_df1", 2},    {"F_df2", 40},         {"F_p", 0.0068}};
  return fit;
}

inline std::shared_ptr<const Fit> shared(Fit fit) { return std::make_shared<const Fit>(std::move(fit)); }

inline Fit with_constant() {
  Fit fit = simple("rat", 0.037);
  fit.names = {"_cons", "x"};
  fit.coef << 0.00001234, 3;
  fit.fe.pop_back();
  fit.vcov.spec = {};
  fit.vcov.groups.clear();
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.stats = {{"r2", 0.5}};
  return fit;
}

}  // namespace by_hand
