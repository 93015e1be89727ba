#include "report/words.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "report/statistics.hpp"

#include <algorithm>

namespace report {
namespace {

const Words english{.constant = "Constant",
                    .yes = "Yes",
                    .no = "No",
                    .fixed_effects = " fixed effects",
                    .random_effects = " random effects",
                    .slopes = " slopes",
                    .standard_errors = "Standard errors",
                    .permutation = "permutation",
                    .between = " × ",
                    .exponentiated = "Exponentiated coefficients",
                    .standardised = "Standardised coefficients",
                    .all_rows = "All"};
const Words chinese{.constant = "常数项",
                    .yes = "是",
                    .no = "否",
                    .fixed_effects = "固定效应",
                    .random_effects = "随机效应",
                    .slopes = "斜率",
                    .standard_errors = "标准误",
                    .permutation = "置换检验",
                    .between = "×",
                    .exponentiated = "表中为系数的指数值",
                    .standardised = "表中为标准化系数",
                    .all_rows = "全样本"};

const std::vector<std::pair<const char*, const char*>> chinese_statistics = {
    {"nobs", "观测值"},
    {"clusters", "聚类数"},
    {"r2", "R²"},
    {"r2_squared_correlation", "相关系数平方"},
    {"r2_between", "组间R²"},
    {"r2_overall", "总体R²"},
    {"r2_adj", "调整R²"},
    {"r2_within", "组内R²"},
    {"r2_within_adj", "调整组内R²"},
    {"r2_pseudo", "伪R²"},
    {"rmse", "均方根误差"},
    {"loglik", "对数似然值"},
    {"F", "F值"},
    {"F_p", "F检验p值"},
    {"depvar_mean", "被解释变量均值"},
    {"depvar_sd", "被解释变量标准差"},
    {"df_residual", "残差自由度"},
};

bool is_heteroskedastic(inference::VcovKind kind) {
  using inference::VcovKind;
  return kind == VcovKind::hc0 || kind == VcovKind::hc1 || kind == VcovKind::hc2 || kind == VcovKind::hc3 ||
         kind == VcovKind::hc4;
}

std::string cluster_names(const inference::VcovSpec& spec, const std::map<std::string, std::string>& labels) {
  std::vector<std::string> names;
  for (const std::string& name : spec.cluster) {
    const auto label = labels.find(name);
    names.push_back(label == labels.end() ? name : label->second);
  }
  return core::join(names, "、");
}

/// "标准误" with what all the fits share: robust, or clustered by the same.
std::string chinese_errors(const std::vector<inference::VcovSpec>& specs,
                           const std::map<std::string, std::string>& labels) {
  if (specs.empty()) return "标准误";
  const auto all = [&](const auto& test) { return std::all_of(specs.begin(), specs.end(), test); };
  if (all([](const auto& s) { return is_heteroskedastic(s.kind); })) return "稳健标准误";
  const inference::VcovSpec& first = specs.front();
  if (all([&](const auto& s) { return inference::is_clustered(s.kind) && s.cluster == first.cluster; }))
    return "聚类到" + cluster_names(first, labels) + "层面的稳健标准误";
  return "标准误";
}

}  // namespace

const Words& words(const std::string& style) {
  if (style == "en") return english;
  if (style == "cn") return chinese;
  throw core::Error("style is '" + style + "', not one of en, cn")
      .hint(core::did_you_mean(style, {"en", "cn"}, "styles"));
}

std::string statistic_label(const std::string& name, const std::string& style) {
  if (style == "cn")
    for (const auto& [known, label] : chinese_statistics)
      if (name == known) return label;
  return statistic_label(name);
}

std::string vcov_cell(const inference::VcovSpec& spec, const std::string& style) {
  if (style != "cn") return vcov_short(spec);
  if (spec.kind == inference::VcovKind::iid) return "普通";
  if (is_heteroskedastic(spec.kind)) return "稳健";
  if (inference::is_clustered(spec.kind)) return "聚类：" + core::join(spec.cluster, "、");
  return vcov_short(spec);
}

std::string below_sentence(const std::string& kind, double level, const std::string& style,
                           const std::vector<inference::VcovSpec>& specs,
                           const std::map<std::string, std::string>& labels) {
  const std::string percent = core::shortest(100 * level) + "%";
  if (style == "cn") {
    if (kind == "se") return "括号内为" + chinese_errors(specs, labels);
    if (kind == "t" || kind == "z") return "括号内为" + kind + "值";
    if (kind == "t or z") return "括号内为t值或z值";
    return kind == "p" ? "方括号内为p值" : "方括号内为" + percent + "置信区间";
  }
  if (kind == "se") return "Standard errors in parentheses";
  if (kind == "t" || kind == "z" || kind == "t or z") return kind + " statistics in parentheses";
  return kind == "p" ? "p-values in brackets" : percent + " confidence intervals in brackets";
}

std::string stars_sentence(const std::vector<StarRule>& rules, const std::string& style) {
  if (rules.empty()) return "";
  std::vector<StarRule> sorted = rules;
  const bool cn = style == "cn";
  std::stable_sort(sorted.begin(), sorted.end(), [&](const StarRule& a, const StarRule& b) {
    return cn ? a.threshold < b.threshold : a.threshold > b.threshold;
  });
  std::vector<std::string> symbols, levels, both;
  for (const StarRule& rule : sorted) {
    symbols.push_back(rule.symbol);
    levels.push_back(core::shortest(100 * rule.threshold) + "%");
    both.push_back(rule.symbol + " p<" + core::shortest(rule.threshold));
  }
  if (!cn) return core::join(both, ", ");
  return core::join(symbols, "、") + (sorted.size() > 1 ? "分别" : "") + "表示在" + core::join(levels, "、") +
         "的水平上显著";
}

std::vector<std::string> notes_of(const std::vector<std::string>& sentences, const std::string& style) {
  if (style != "cn" || sentences.empty()) return sentences;
  return {"注：" + core::join(sentences, "；") + "。"};
}

}  // namespace report
