#include "results/explain.hpp"

#include "core/text.hpp"
#include "results/explain_spatial.hpp"

#include <algorithm>
#include <cmath>

namespace results {
namespace {

using inference::VcovKind;

std::string count(double value) {
  return value == std::floor(value) ? core::grouped(static_cast<long long>(value)) : core::significant(value, 8);
}
std::string value(double x) { return core::significant(x, 5); }

bool instrumented(const Fit& fit) { return !fit.first_stages.empty(); }
bool weighted(const Fit& fit) { return fit.weights.size() > 0; }

std::string effects_of(const Fit& fit) {
  std::vector<std::string> names;
  for (const AbsorbedEffect& effect : fit.fe) names.push_back(effect.name);
  return core::join(names, ", ");
}

/// y = b1*x + b2 + a[city] + u.
std::vector<std::string> equations(const Fit& fit, const std::optional<SpatialFormulas>& spatial) {
  if (spatial) return spatial->equations;
  std::string right;
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    const bool constant = static_cast<Index>(j) == fit.constant;
    right +=
        (right.empty() ? "" : " + ") + std::string("b") + std::to_string(j + 1) + (constant ? "" : "*" + fit.names[j]);
  }
  for (const AbsorbedEffect& effect : fit.fe) right += (right.empty() ? "a[" : " + a[") + effect.name + "]";
  return {fit.depvar + " = " + right + " + u"};
}

std::vector<std::string> model(const Fit& fit, const std::optional<SpatialFormulas>& spatial) {
  std::vector<std::string> lines = equations(fit, spatial);
  std::string sample = "N = " + count(fit.nobs) + (fit.frequency_weights ? " (sum of the frequency weights)" : " rows");
  if (static_cast<double>(fit.frame_rows) > fit.nobs && !fit.frequency_weights)
    sample += " of the " + count(static_cast<double>(fit.frame_rows)) + " in " + fit.frame_name;
  lines.push_back(sample + ", " + core::counted(fit.rank, "coefficient") + " estimated");
  for (const AbsorbedEffect& effect : fit.fe)
    lines.push_back("a[" + effect.name + "]: " + count(effect.levels) + " parameters, " + count(effect.redundant) +
                    " of them redundant given the effects before" + (fit.fe_rank_exact ? "" : " (at least)"));
  return lines;
}

std::vector<std::string> estimator(const Fit& fit, const std::optional<SpatialFormulas>& spatial) {
  if (spatial) return spatial->estimator;
  const std::string W = weighted(fit) ? "W" : "";
  std::vector<std::string> lines;
  if (!instrumented(fit)) {
    lines.push_back("b = (X'" + W + "X)^-1 X'" + W + "y, which minimises the sum of " + (weighted(fit) ? "w " : "") +
                    "u^2");
  } else if (std::isnan(fit.stat("kappa"))) {
    lines.push_back("b = (X'" + W + "Pz X)^-1 X'" + W + "Pz y, Pz the projection on the instruments (2SLS)");
  } else {
    lines.push_back("b = (X'" + W + "(I - k Mz)X)^-1 X'" + W +
                    "(I - k Mz)y, Mz = I - Pz, k = " + value(fit.stat("kappa")) + " (LIML)");
  }
  if (!fit.fe.empty())
    lines.push_back("y and X stand for what is left of them after regressing each on " + effects_of(fit) +
                    " (Frisch-Waugh-Lovell): b is that of the regression with all dummies");
  if (weighted(fit)) {
    const auto given = fit.provenance.find("weights");
    const std::string name = given == fit.provenance.end() ? "" : " = " + given->second;
    lines.push_back("W holds the weights w" + name +
                    (fit.frequency_weights ? ", frequencies" : ", scaled to sum to N"));
  }
  return lines;
}

/// What the middle of the sandwich sums.
std::string meat(const Fit& fit) {
  const inference::VcovSpec& spec = fit.vcov.spec;
  switch (spec.kind) {
    case VcovKind::iid:
      return "";
    case VcovKind::hc0:
    case VcovKind::hc1:
      return "sum over rows of s_i s_i'";
    case VcovKind::hc2:
      return "sum over rows of s_i s_i'/(1 - h_i), h_i the leverage";
    case VcovKind::hc3:
      return "sum over rows of s_i s_i'/(1 - h_i)^2, h_i the leverage";
    case VcovKind::hc4:
      return "sum over rows of s_i s_i'/(1 - h_i)^min(4, h_i/mean h), h_i the leverage";
    case VcovKind::cluster:
      if (spec.cluster.size() == 1) return "sum over " + spec.cluster.front() + " g of s_g s_g', s_g = sum of s_i in g";
      return "the sums over clusters of each variable, less those of their intersections (Cameron, Gelbach & Miller "
             "2011)";
    case VcovKind::cr2:
      return "sum over " + spec.cluster.front() + " g of X_g'A_g u_g u_g'A_g X_g, A_g = (I - H_g)^(-1/2)";
    case VcovKind::cr3:
      return "sum over " + spec.cluster.front() + " g of X_g'A_g u_g u_g'A_g X_g, A_g = (I - H_g)^-1";
    case VcovKind::newey_west:
      return "S0 + sum over l = 1 … " + std::to_string(spec.lag) + " of (1 - l/" + std::to_string(spec.lag + 1) +
             ")(S_l + S_l'), S_l = sum of s_t s_(t-l)' within units";
    case VcovKind::driscoll_kraay:
      return "S0 + sum over l = 1 … " + std::to_string(spec.lag) + " of (1 - l/" + std::to_string(spec.lag + 1) +
             ")(S_l + S_l'), s_t summed over the units of a period";
    case VcovKind::conley:
      return "sum over pairs of rows within " + core::shortest(spec.cutoff_km) + " km of K(d) s_i s_j', kernel " +
             spec.kernel;
  }
  return "";
}

/// "(N - 1)/(N - K) = 409/399 = 1.0251".
std::string quotient(const std::string& words, double top, double bottom) {
  return words + " = " + count(top) + "/" + count(bottom) + " = " + core::significant(top / bottom, 6);
}

std::vector<std::string> factors(const Fit& fit) {
  const inference::Vcov& v = fit.vcov;
  const inference::Ssc ssc = v.spec.ssc.value_or(fit.ssc);
  const double N = fit.nobs, K = v.K;
  std::vector<std::string> lines;
  switch (v.spec.kind) {
    case VcovKind::iid: {
      const double df = ssc.k_adjust ? N - K : N - 1;
      lines.push_back(std::string("s^2 = RSS/(N - ") + (ssc.k_adjust ? "K" : "1") + ") = " + value(fit.rss) + "/" +
                      count(df) + " = " + value(fit.rss / df));
      break;
    }
    case VcovKind::hc1:
    case VcovKind::conley:
      lines.push_back(ssc.k_adjust ? quotient("c = N/(N - K)", N, N - K) : "c = 1: no small-sample correction");
      break;
    case VcovKind::cluster: {
      const double least = *std::min_element(v.groups.begin(), v.groups.end());
      if (ssc.k_adjust) lines.push_back(quotient("c1 = (N - 1)/(N - K)", N - 1, N - K));
      if (ssc.g_adjust && v.groups.size() == 1) lines.push_back(quotient("c2 = G/(G - 1)", least, least - 1));
      if (ssc.g_adjust && v.groups.size() > 1) {
        lines.push_back(ssc.g_df == inference::Ssc::GDf::min
                            ? quotient("c2 = G/(G - 1), G the fewest clusters", least, least - 1)
                            : std::string("c2 = G/(G - 1) of each sum by its own G"));
      }
      if (lines.empty()) lines.emplace_back("c = 1: no small-sample correction");
      break;
    }
    case VcovKind::newey_west:
    case VcovKind::driscoll_kraay:
      if (ssc.k_adjust) lines.push_back(quotient("c1 = (N - 1)/(N - K)", N - 1, N - K));
      if (ssc.g_adjust) lines.push_back(quotient("c2 = T/(T - 1)", v.groups.at(0), v.groups.at(0) - 1));
      if (lines.empty()) lines.emplace_back("c = 1: no small-sample correction");
      break;
    case VcovKind::cr3:
      lines.push_back(quotient("c = (G - 1)/G", v.groups.front() - 1, v.groups.front()));
      break;
    case VcovKind::hc0:
    case VcovKind::hc2:
    case VcovKind::hc3:
    case VcovKind::hc4:
    case VcovKind::cr2:
      lines.emplace_back("no further correction");
      break;
  }
  return lines;
}

std::string counted_parameters(const Fit& fit) {
  const inference::Ssc ssc = fit.vcov.spec.ssc.value_or(fit.ssc);
  std::string line = "K = " + count(fit.vcov.K) + ": " + core::counted(fit.rank, "coefficient");
  const double absorbed = fit.vcov.K - static_cast<double>(fit.rank);
  if (fit.fe.empty()) return line;
  if (ssc.k_fixef == inference::Ssc::KFixef::none) return line + "; the fixed effects are not counted";
  line += " and " + count(absorbed) + " for the fixed effects";
  if (ssc.k_fixef == inference::Ssc::KFixef::nonnested && inference::is_clustered(fit.vcov.spec.kind))
    line += " (those nested in a cluster count as one constant)";
  return line;
}

std::string degrees(const Fit& fit) {
  if (std::isinf(fit.vcov.df_t)) return "p-values and intervals by the normal distribution";
  if (fit.vcov.df.size() > 0)
    return "p-values and intervals by t with Satterthwaite degrees of freedom of each coefficient, " +
           value(fit.vcov.df.minCoeff()) + " to " + value(fit.vcov.df.maxCoeff());
  const inference::Ssc ssc = fit.vcov.spec.ssc.value_or(fit.ssc);
  const bool given = ssc.t_fixed > 0;
  const bool residual = fit.vcov.df_t == fit.nobs - fit.vcov.K;
  const bool periods = fit.vcov.spec.kind == VcovKind::newey_west || fit.vcov.spec.kind == VcovKind::driscoll_kraay;
  return "p-values and intervals by t with " + count(fit.vcov.df_t) + " degrees of freedom" +
         (given      ? " (as given)"
          : residual ? " (N - K)"
          : periods  ? " (T - 1)"
                     : " (G - 1)");
}

std::vector<std::string> variance(const Fit& fit, const std::optional<SpatialFormulas>& spatial) {
  const inference::Vcov& v = fit.vcov;
  const std::string bread = spatial ? spatial->bread : "(X'X)^-1";
  std::vector<std::string> lines = spatial ? spatial->variance : std::vector<std::string>{};
  if (spatial && spatial->whole) {
    lines.push_back(std::isinf(v.df_t) ? degrees(fit)
                                       : "p-values and intervals by t with " + count(v.df_t) + " degrees of freedom");
    return lines;
  }
  if (v.spec.kind == VcovKind::iid) {
    lines.insert(lines.begin(), "V = s^2 " + bread);
  } else {
    const bool two = factors(fit).size() > 1;
    const bool of_rows = bread != "B";  // else the scores are those of the likelihood
    lines.insert(lines.begin(), std::string("V = ") + (two ? "c1 c2 " : "c ") + bread + " M " + bread +
                                    (of_rows ? ", s_i = x_i " : "") + (weighted(fit) ? "w_i " : "") +
                                    (of_rows ? "u_i" : ""));
    lines.push_back("M = " + meat(fit));
    for (std::size_t i = 0; i < v.groups.size(); ++i) {
      const bool cluster = inference::is_clustered(v.spec.kind);
      lines.push_back((cluster ? "G = " : "T = ") + count(v.groups[i]) +
                      (cluster ? " " + v.spec.cluster[i] : " periods"));
    }
  }
  for (std::string& line : factors(fit)) lines.push_back(std::move(line));
  lines.push_back(counted_parameters(fit));
  lines.push_back(degrees(fit));
  const inference::Ssc ssc = v.spec.ssc.value_or(fit.ssc);
  lines.push_back("small-sample rule: " + ssc.like);
  return lines;
}

std::vector<std::string> fit_measures(const Fit& fit) {
  std::vector<std::string> lines;
  const double r2 = fit.stat("r2"), tss = fit.stat("tss"), K = fit.stat("parameters"), df = fit.stat("df_residual");
  if (std::isnan(r2) || std::isnan(tss)) return lines;
  const bool centred = fit.constant >= 0 || !fit.fe.empty();
  lines.push_back("R2 = 1 - RSS/TSS = 1 - " + value(fit.rss) + "/" + value(tss) + " = " + core::fixed(r2, 4) +
                  ": the share of the " +
                  (centred ? "variation of " + fit.depvar + " about its mean" : "sum of squares of " + fit.depvar) +
                  " that the model explains" + (fit.fe.empty() ? "" : ", fixed effects included"));
  if (instrumented(fit)) lines.emplace_back("with instruments R2 is no share: it may be negative");
  if (!std::isnan(df))
    lines.push_back("adjusted R2 = 1 - (RSS/" + count(df) + ")/(TSS/" + count(fit.nobs - (centred ? 1 : 0)) +
                    ") = " + core::fixed(fit.stat("r2_adj"), 4) + ", N - " + count(K) + " = " + count(df) +
                    " with every fixed effect counted");
  const double within = fit.stat("tss_within");
  if (!std::isnan(within))
    lines.push_back("within R2 = 1 - RSS/TSS within = 1 - " + value(fit.rss) + "/" + value(within) + " = " +
                    core::fixed(fit.stat("r2_within"), 4) + ": the share of what the fixed effects leave of " +
                    fit.depvar);
  return lines;
}

void add_section(std::string& out, const std::string& head, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += "\n" + head + "\n";
  for (const std::string& line : lines) out += "  " + line + "\n";
}

}  // namespace

std::string explain(const Fit& fit) {
  std::string out = fit.title + (fit.call.empty() ? "" : "\n" + fit.call) + "\n";
  const std::optional<SpatialFormulas> spatial = spatial_formulas(fit);
  add_section(out, "Model", model(fit, spatial));
  add_section(out, "Estimator", estimator(fit, spatial));
  add_section(out, "Variance: " + fit.vcov.label, variance(fit, spatial));
  add_section(out, "Fit", fit_measures(fit));
  std::vector<std::string> notes = fit.notes;
  notes.insert(notes.end(), fit.vcov.notes.begin(), fit.vcov.notes.end());
  add_section(out, "Notes", notes);
  return out;
}

}  // namespace results
