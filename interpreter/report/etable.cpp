// Several fits side by side, as journals print them.
#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "report/patterns.hpp"
#include "report/regression.hpp"
#include "report/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace report {
namespace {

using Fits = std::vector<std::shared_ptr<const results::Fit>>;

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void check_length(std::size_t given, std::size_t models, const std::string& what) {
  if (given == models) return;
  throw core::Error(what + " has " + std::to_string(given) + (given == 1 ? " entry for " : " entries for ") +
                    core::counted(static_cast<long long>(models), "model"));
}

void check(const Fits& fits, const EtableOptions& options) {
  if (fits.empty())
    throw core::Error("there is no result to put in the table").hint("give one or more: etable(m1, m2)");
  if (!options.headers.empty()) check_length(options.headers.size(), fits.size(), "headers");
  for (const auto& [label, values] : options.extra) check_length(values.size(), fits.size(), "the row '" + label + "'");
  const std::vector<std::string> choices = {"se", "t", "p", "ci"};
  if (std::find(choices.begin(), choices.end(), options.below) == choices.end())
    throw core::Error("below is '" + options.below + "', not one of se, t, p, ci")
        .hint(core::did_you_mean(options.below, choices, "choices"));
  if (options.digits < 0 || options.digits > 15)
    throw core::Error("digits is " + std::to_string(options.digits) + ", not between 0 and 15");
  for (const double threshold : options.stars)
    if (!(threshold > 0 && threshold < 1))
      throw core::Error("stars holds " + core::shortest(threshold) + ", which is not a p-value between 0 and 1");
}

/// Decimals as asked; a number they would round to zero keeps two significant digits instead.
std::string number(double value, int digits) {
  if (std::isfinite(value) && value != 0 && std::abs(value) < 0.5 * std::pow(10, -digits))
    return core::significant(value, 2);
  return core::fixed(value, digits);
}

class Builder {
 public:
  Builder(const Fits& fits, const EtableOptions& options) : fits_(fits), o_(options), thresholds_(options.stars) {
    std::sort(thresholds_.begin(), thresholds_.end(), std::greater<>());
  }

  Table build() {
    table_.title = o_.title;
    table_.label = o_.label;
    table_.align.assign(fits_.size() + 1, Align::decimal);
    table_.align[0] = Align::left;
    headers();
    coefficients();
    facts();
    statistics();
    notes();
    return std::move(table_);
  }

 private:
  void headers() {
    if (o_.depvar) {
      Row row{.cells = {{}}};
      for (std::size_t m = 0; m < fits_.size();) {
        std::size_t end = m + 1;
        while (end < fits_.size() && fits_[end]->depvar == fits_[m]->depvar) ++end;
        row.cells.push_back({.text = variable_label(fits_[m]->depvar), .span = static_cast<int>(end - m)});
        m = end;
      }
      table_.header.push_back(std::move(row));
    }
    Row row{.cells = {{}}};
    for (std::size_t m = 0; m < fits_.size(); ++m)
      row.cells.push_back({.text = o_.headers.empty() ? "(" + std::to_string(m + 1) + ")" : o_.headers[m]});
    table_.header.push_back(std::move(row));
  }

  void coefficients() {
    std::vector<std::map<std::string, inference::Estimate>> estimates;
    std::vector<std::string> names;
    for (const auto& fit : fits_) {
      std::map<std::string, inference::Estimate>& own = estimates.emplace_back();
      for (const results::CoefficientRow& row : results::coefficient_table(*fit, o_.level)) {
        own[row.name] = row.estimate;
        add_new(names, row.name);
      }
    }
    const auto constant = std::find(names.begin(), names.end(), "_cons");
    if (constant != names.end()) std::rotate(constant, constant + 1, names.end());
    for (const std::string& name : choose(names, o_.keep, o_.drop, o_.order)) {
      Row values{.cells = {{.text = variable_label(name)}}}, below{.cells = {{}}};
      for (const auto& own : estimates) {
        const auto at = own.find(name);
        values.cells.push_back(at == own.end() ? Cell{} : estimate_cell(at->second));
        below.cells.push_back(at == own.end() ? Cell{} : Cell{.text = below_text(at->second)});
      }
      table_.body.push_back(std::move(values));
      table_.body.push_back(std::move(below));
    }
  }

  Cell estimate_cell(const inference::Estimate& e) const {
    const auto below =
        std::count_if(thresholds_.begin(), thresholds_.end(), [&](double threshold) { return e.p < threshold; });
    return {.text = number(e.value, o_.digits), .stars = std::string(static_cast<std::size_t>(below), '*')};
  }

  std::string below_text(const inference::Estimate& e) const {
    if (o_.below == "t") return "(" + core::fixed(e.t, std::min(o_.digits, 2)) + ")";
    if (o_.below == "p") return "[" + core::fixed(e.p, std::max(o_.digits, 3)) + "]";
    if (o_.below == "ci") return "[" + core::fixed(e.low, o_.digits) + ", " + core::fixed(e.high, o_.digits) + "]";
    return "(" + number(e.se, o_.digits) + ")";
  }

  /// Rows of words: the user's own, fixed effects, covariance.
  void facts() {
    const std::size_t first = table_.body.size();
    for (const auto& [label, values] : o_.extra)
      word_row(label, [&values = values](std::size_t m) { return values[m]; });
    if (o_.fe_rows) {
      std::vector<std::string> effects;
      for (const auto& fit : fits_)
        for (const results::AbsorbedEffect& effect : fit->fe) add_new(effects, effect.name);
      for (const std::string& name : effects) {
        word_row(effect_label(name), [&](std::size_t m) {
          const auto& own = fits_[m]->fe;
          const bool has = std::any_of(own.begin(), own.end(),
                                       [&](const results::AbsorbedEffect& effect) { return effect.name == name; });
          return std::string(has ? "Yes" : "No");
        });
      }
    }
    if (o_.vcov_row) word_row("Standard errors", [&](std::size_t m) { return vcov_short(fits_[m]->vcov.spec); });
    if (table_.body.size() > first) table_.body[first].rule_above = true;
  }

  void word_row(const std::string& label, const std::function<std::string(std::size_t)>& word) {
    Row row{.cells = {{.text = label}}};
    for (std::size_t m = 0; m < fits_.size(); ++m) row.cells.push_back({.text = word(m)});
    table_.body.push_back(std::move(row));
  }

  void statistics() {
    std::vector<std::string> known;
    for (const auto& fit : fits_)
      for (const std::string& name : statistic_names(*fit)) add_new(known, name);
    std::vector<std::string> wanted = o_.stats;
    if (wanted.empty()) {
      for (const char* name : {"nobs", "r2", "r2_pseudo", "r2_within"})
        if (std::find(known.begin(), known.end(), name) != known.end()) wanted.emplace_back(name);
    }
    const std::size_t first = table_.body.size();
    for (const std::string& name : wanted) {
      if (std::find(known.begin(), known.end(), name) == known.end())
        throw core::Error("stats: no result has a statistic '" + name + "'")
            .hint(core::did_you_mean(name, known, "statistics", 30))
            .word(name);
      const auto label = o_.labels.find(name);
      word_row(label == o_.labels.end() ? statistic_label(name) : label->second,
               [&](std::size_t m) { return statistic_text(name, statistic(*fits_[m], name), o_.digits); });
    }
    if (table_.body.size() > first) table_.body[first].rule_above = true;
  }

  void notes() {
    std::vector<std::string> rules;
    for (std::size_t i = 0; i < thresholds_.size(); ++i)
      rules.push_back(std::string(i + 1, '*') + " p<" + core::shortest(thresholds_[i]));
    if (!rules.empty()) table_.notes.push_back(core::join(rules, ", "));
    if (o_.below == "se") table_.notes.emplace_back("Standard errors in parentheses");
    if (o_.below == "t") table_.notes.emplace_back("t statistics in parentheses");
    if (o_.below == "p") table_.notes.emplace_back("p-values in brackets");
    if (o_.below == "ci") table_.notes.push_back(core::shortest(100 * o_.level) + "% confidence intervals in brackets");
    table_.notes.insert(table_.notes.end(), o_.notes.begin(), o_.notes.end());
  }

  /// The user's label; of an interaction without one, the labels of its parts.
  std::string variable_label(const std::string& name) const {
    const auto own = o_.labels.find(name);
    if (own != o_.labels.end()) return own->second;
    if (name == "_cons") return "Constant";
    if (name.find("::") != std::string::npos) return name;  // a factor level, not an interaction
    return joined_labels(name, ':');
  }

  std::string effect_label(const std::string& name) const {
    const auto own = o_.labels.find(name);
    if (own != o_.labels.end()) return own->second;
    return joined_labels(name, '^') + (name.back() == ']' ? " slopes" : " fixed effects");
  }

  std::string joined_labels(const std::string& name, char between) const {
    std::vector<std::string> parts = core::split(name, between);
    for (std::string& part : parts) {
      const auto label = o_.labels.find(part);
      if (label != o_.labels.end()) part = label->second;
    }
    return core::join(parts, " × ");
  }

  const Fits& fits_;
  const EtableOptions& o_;
  std::vector<double> thresholds_;  // descending
  Table table_;
};

}  // namespace

Table etable(const std::vector<std::shared_ptr<const results::Fit>>& fits, const EtableOptions& options) {
  check(fits, options);
  return Builder(fits, options).build();
}

}  // namespace report
