#include "estimators/inference/clusters.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "formula/parse.hpp"

#include <algorithm>
#include <functional>

namespace estimators {

ClusterRows cluster_rows(const results::Fit& fit, const Context& context, const formula::Tree& given,
                         const std::string& command) {
  formula::Tree tree = given;
  if (tree == nullptr) {
    const std::vector<std::string>& ways = fit.vcov.spec.cluster;
    if (ways.size() > 1)
      throw core::Error(command + " takes one cluster variable, and the result is clustered by " +
                        core::join(ways, " and "))
          .hint("name it: " + command + "(…, cluster=" + ways.front() + ")");
    if (ways.empty())
      throw core::Error(command + " needs clusters, and the result has none")
          .hint("name them: " + command + "(…, cluster=city), or estimate with vcov=cluster(city)");
    tree = formula::parse(ways.front());
  }
  ClusterRows out;
  out.name = formula::print(tree);
  const data::Grouping grouping = formula::group_of(tree, context.frame, context.rows);
  if (std::find(grouping.codes.begin(), grouping.codes.end(), data::missing_code) != grouping.codes.end())
    throw core::Error("cluster variable '" + out.name + "' is missing in rows of the sample").word(out.name);
  out.codes = grouping.codes;
  out.groups = grouping.levels();
  if (out.groups < 2) throw core::Error("cluster variable '" + out.name + "' has one value only").word(out.name);
  const data::ColumnPtr column = tree->op == formula::Op::name ? context.frame.find(tree->text) : nullptr;
  std::vector<std::uint32_t> first(static_cast<std::size_t>(out.groups));
  for (std::size_t i = out.codes.size(); i-- > 0;) first[static_cast<std::size_t>(out.codes[i])] = context.rows[i];
  for (std::size_t g = 0; g < first.size(); ++g)
    out.labels.push_back(column != nullptr ? column->text(first[g]) : std::to_string(g + 1));
  return out;
}

std::vector<ClusterRows> cluster_ways(const results::Fit& fit, const Context& context, const formula::Tree& given,
                                      const std::string& command) {
  std::vector<formula::Tree> ways;
  const std::function<void(const formula::Tree&)> collect = [&](const formula::Tree& tree) {
    if (tree->op == formula::Op::plus || tree->op == formula::Op::list)
      for (const formula::Tree& child : tree->children) collect(child);
    else
      ways.push_back(tree);
  };
  if (given != nullptr) collect(given);
  if (given == nullptr && fit.vcov.spec.cluster.size() > 1)
    for (const std::string& way : fit.vcov.spec.cluster) ways.push_back(formula::parse(way));
  if (ways.empty()) ways.push_back(nullptr);
  std::vector<ClusterRows> out;
  for (const formula::Tree& way : ways) out.push_back(cluster_rows(fit, context, way, command));
  return out;
}

numerics::Vector cluster_sums(const numerics::Vector& x, const numerics::Vector& weights, const ClusterRows& clusters) {
  numerics::Vector out = numerics::Vector::Zero(clusters.groups);
  for (std::size_t i = 0; i < clusters.codes.size(); ++i) {
    const auto at = static_cast<numerics::Index>(i);
    out[clusters.codes[i]] += weights.size() > 0 ? weights[at] * x[at] : x[at];
  }
  return out;
}

}  // namespace estimators
