#include "report/coefficient_rows.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "report/patterns.hpp"

#include <algorithm>
#include <cmath>

namespace report {
namespace {

bool any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& p) { return matches(p, name); });
}

inference::Estimate exponentiated(inference::Estimate e) {
  e.value = std::exp(e.value);
  e.se *= e.value;
  e.low = std::exp(e.low);
  e.high = std::exp(e.high);
  return e;
}

inference::Estimate scaled(inference::Estimate e, double factor) {
  e.value *= factor;
  e.se *= factor;
  e.low *= factor;
  e.high *= factor;
  return e;
}

void add_estimates(CoefficientRows& rows, std::vector<std::string>& names, const Fits& fits,
                   const EtableOptions& options) {
  for (std::size_t m = 0; m < fits.size(); ++m) {
    std::map<std::string, inference::Estimate>& own = rows.estimates.emplace_back();
    for (const results::CoefficientRow& row : results::coefficient_table(*fits[m], options.level)) {
      const auto renamed = options.rename.find(row.name);
      const std::string& name = renamed == options.rename.end() ? row.name : renamed->second;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      inference::Estimate estimate = row.estimate;
      if (!options.standardise.empty()) {
        const auto factor = options.standardise[m].find(row.name);
        if (factor == options.standardise[m].end()) continue;
        estimate = scaled(estimate, factor->second);
      }
      if (options.exponentiate) estimate = exponentiated(estimate);
      if (!own.emplace(name, estimate).second)
        throw core::Error("rename: two coefficients of model " + std::to_string(m + 1) + " would be called '" + name +
                          "'")
            .word(name);
    }
  }
  for (const auto& [from, to] : options.rename) {
    std::vector<std::string> known;
    for (const auto& fit : fits) known.insert(known.end(), fit->names.begin(), fit->names.end());
    if (std::find(known.begin(), known.end(), from) == known.end())
      throw core::Error("rename: there is no coefficient '" + from + "'")
          .word(from)
          .hint(core::did_you_mean(from, known, "coefficients"));
  }
}

}  // namespace

CoefficientRows coefficient_rows(const Fits& fits, const EtableOptions& options) {
  CoefficientRows rows;
  std::vector<std::string> names;
  add_estimates(rows, names, fits, options);
  const auto constant = std::find(names.begin(), names.end(), "_cons");
  if (constant != names.end()) std::rotate(constant, constant + 1, names.end());

  std::vector<std::string> indicated;
  for (const NamedPatterns& row : options.indicate) {
    check_patterns(row.patterns, "indicate", names);
    std::vector<bool>& has = rows.indicators.emplace_back();
    for (const auto& fit : fits)
      has.push_back(std::any_of(fit->names.begin(), fit->names.end(), [&](const std::string& name) {
        const auto renamed = options.rename.find(name);
        return any(row.patterns, renamed == options.rename.end() ? name : renamed->second);
      }));
    indicated.insert(indicated.end(), row.patterns.begin(), row.patterns.end());
  }

  std::vector<std::string> rest = choose(names, options.keep, options.drop, options.order);
  rest.erase(std::remove_if(rest.begin(), rest.end(), [&](const std::string& name) { return any(indicated, name); }),
             rest.end());
  for (const NamedPatterns& group : options.coef_groups) {
    check_patterns(group.patterns, "coef_groups", names);
    const auto matched = std::stable_partition(rest.begin(), rest.end(),
                                               [&](const std::string& name) { return any(group.patterns, name); });
    if (matched != rest.begin()) rows.lines.push_back({.heading = group.label});
    for (auto name = rest.begin(); name != matched; ++name) rows.lines.push_back({.name = *name, .indented = true});
    rest.erase(rest.begin(), matched);
  }
  for (const std::string& name : rest) rows.lines.push_back({.name = name});
  return rows;
}

}  // namespace report
