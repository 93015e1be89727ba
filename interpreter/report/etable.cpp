// Several fits side by side: headers, coefficients, rows of words, statistics, notes.
#include "report/etable.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "report/coefficient_rows.hpp"
#include "report/patterns.hpp"
#include "report/statistics.hpp"
#include "report/words.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace report {
namespace {

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
  for (const ExtraRow& row : options.extra) check_length(row.cells.size(), fits.size(), "the row '" + row.label + "'");
  if (!options.groups.empty()) {
    int columns = 0;
    for (const ColumnGroup& group : options.groups) {
      if (group.columns < 1) throw core::Error("groups: '" + group.label + "' is over no column");
      columns += group.columns;
    }
    if (columns != static_cast<int>(fits.size()))
      throw core::Error("groups are over " + core::counted(columns, "column") + ", the table has " +
                        core::counted(static_cast<long long>(fits.size()), "model"))
          .word("groups");
  }
  const std::vector<std::string> choices = {"se", "t", "p", "ci"};
  for (const std::string& below : options.below)
    if (std::find(choices.begin(), choices.end(), below) == choices.end())
      throw core::Error("below is '" + below + "', not one of se, t, p, ci")
          .hint(core::did_you_mean(below, choices, "choices"));
  if (options.digits.decimals < 0 || options.digits.decimals > 15)
    throw core::Error("digits is " + std::to_string(options.digits.decimals) + ", not between 0 and 15");
  for (const StarRule& rule : options.stars)
    if (!(rule.threshold > 0 && rule.threshold < 1))
      throw core::Error("stars holds " + core::shortest(rule.threshold) + ", which is not a p-value between 0 and 1");
}

/// A row and what it is about: a coefficient, a statistic, "fe", "stats".
struct KeyedRow {
  std::string key;
  Row row;
};

class Builder {
 public:
  Builder(const Fits& fits, const EtableOptions& options)
      : fits_(fits), o_(options), words_(words(options.style)), coefficients_(coefficient_rows(fits, options)) {}

  Table build() {
    table_.title = o_.title;
    table_.label = o_.label;
    table_.landscape = o_.landscape;
    table_.align.assign(fits_.size() + 1, Align::decimal);
    table_.align[0] = Align::left;
    headers();
    coefficients();
    facts();
    statistics();
    placed_rows();
    for (KeyedRow& keyed : rows_) table_.body.push_back(std::move(keyed.row));
    notes();
    return std::move(table_);
  }

 private:
  void headers() {
    if (!o_.groups.empty()) {
      Row row{.cells = {{}}};
      for (const ColumnGroup& group : o_.groups) row.cells.push_back({.text = group.label, .span = group.columns});
      table_.header.push_back(std::move(row));
    }
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
    if (o_.headers.empty()) split_headers();
    if (!o_.headers.empty()) {
      Row row{.cells = {{}}};
      for (const std::string& header : o_.headers) row.cells.push_back({.text = header});
      table_.header.push_back(std::move(row));
    }
    if (!o_.numbers.value_or(o_.headers.empty())) return;
    Row row{.cells = {{}}};
    for (std::size_t m = 0; m < fits_.size(); ++m) row.cells.push_back({.text = "(" + std::to_string(m + 1) + ")"});
    table_.header.push_back(std::move(row));
  }

  /// What each result of split= is of, a row for each variable that split.
  void split_headers() {
    std::vector<std::string> variables;
    for (const auto& fit : fits_)
      if (!fit->split_by.empty()) add_new(variables, fit->split_by);
    for (const std::string& by : variables) {
      Row row{.cells = {{.text = variable_label(by)}}};
      for (const auto& fit : fits_) {
        const bool whole = fit->split_level == "all";
        row.cells.push_back({.text = fit->split_by != by ? "" : whole ? words_.all_rows : fit->split_level});
      }
      table_.header.push_back(std::move(row));
    }
  }

  void coefficients() {
    for (const CoefficientRows::Line& line : coefficients_.lines) {
      if (line.name.empty()) {
        const int columns = static_cast<int>(fits_.size()) + 1;
        rows_.push_back({"", {.cells = {{.text = line.heading, .span = columns, .header = true}}}});
        continue;
      }
      if (line.name == "_cons" && !o_.standardise.empty()) continue;  // a standardised constant is 0
      Row values{.cells = {{.text = (line.indented ? "  " : "") + variable_label(line.name)}}};
      std::vector<Row> below(o_.below.size(), Row{.cells = {{}}});
      for (const auto& own : coefficients_.estimates) {
        const auto at = own.find(line.name);
        values.cells.push_back(at == own.end() ? Cell{} : estimate_cell(line.name, at->second));
        for (std::size_t b = 0; b < below.size(); ++b)
          below[b].cells.push_back(at == own.end() ? Cell{} : below_cell(line.name, o_.below[b], at->second, b == 0));
      }
      rows_.push_back({line.name, std::move(values)});
      for (Row& row : below) rows_.push_back({line.name, std::move(row)});
    }
  }

  std::string stars_of(const inference::Estimate& e) const {
    const StarRule* best = nullptr;
    for (const StarRule& rule : o_.stars)
      if (e.p < rule.threshold && (!best || rule.threshold < best->threshold)) best = &rule;
    return best ? best->symbol : "";
  }

  /// A format given for this coefficient, or for the kind of number; else `usual`.
  NumberFormat format(const std::string& name, const std::string& kind, const NumberFormat& usual) const {
    for (const auto& [key, own] : o_.formats)
      if (!name.empty() && (key == name || (key.find('*') != std::string::npos && matches(key, name)))) return own;
    for (const auto& [key, own] : o_.formats)
      if (key == kind) return own;
    return usual;
  }

  Cell estimate_cell(const std::string& name, const inference::Estimate& e) const {
    return {.text = formatted(e.value, format(name, "coef", o_.digits)),
            .stars = o_.stars_on_se && !o_.below.empty() ? "" : stars_of(e),
            .value = e.value};
  }

  Cell below_cell(const std::string& name, const std::string& kind, const inference::Estimate& e, bool first) const {
    NumberFormat usual = o_.digits;
    if (kind == "t" && !usual.adaptive) usual.decimals = std::min(usual.decimals, 2);
    if (kind == "t" && usual.adaptive) usual = {.decimals = 2};
    if (kind == "p") usual = {.decimals = usual.adaptive ? 3 : std::max(usual.decimals, 3)};
    const bool own = kind == "se" || kind == "ci";
    const NumberFormat how = format(own ? name : "", kind, own ? format(name, "coef", usual) : usual);
    Cell cell;
    if (o_.stars_on_se && first) cell.stars = stars_of(e);
    if (kind == "ci") {
      const auto bound =
          core::fixed(std::abs(e.value), how.decimals) == core::fixed(0, how.decimals) ? formatted : plain;
      cell.text = "[" + bound(e.low, how) + ", " + bound(e.high, how) + "]";
    } else if (kind == "se") {
      cell.text = "(" + formatted(e.se, how) + ")";
      cell.value = e.se;
    } else {
      const double value = kind == "t" ? e.t : e.p;
      cell.text = kind == "t" ? "(" + plain(value, how) + ")" : "[" + plain(value, how) + "]";
      cell.value = value;
    }
    return cell;
  }

  /// Decimals as asked, also where they round to zero.
  static std::string plain(double value, const NumberFormat& how) {
    return how.adaptive ? formatted(value, how) : core::fixed(value, how.decimals);
  }

  std::string yes_no(bool yes) const {
    if (o_.yes_no) return yes ? o_.yes_no->first : o_.yes_no->second;
    return yes ? words_.yes : words_.no;
  }

  /// A column of a permutation test: its model is that of another column.
  static bool is_permutation(const results::Fit& fit) { return fit.vcov.label.rfind("permutation", 0) == 0; }

  /// Rows of words: the user's own, indicators, fixed effects, covariance.
  void facts() {
    const std::size_t first = rows_.size();
    for (const ExtraRow& row : o_.extra)
      if (row.at.empty()) rows_.push_back({row.label, word_row(row)});
    for (std::size_t i = 0; i < o_.indicate.size(); ++i)
      add_word_row(o_.indicate[i].label, o_.indicate[i].label,
                   [&](std::size_t m) { return yes_no(coefficients_.indicators[i][m]); });
    if (o_.fe_rows) {
      std::vector<std::string> effects;
      for (const auto& fit : fits_)
        for (const std::string& name : effects_of(*fit)) add_new(effects, name);
      for (const std::string& name : effects) {
        add_word_row("fe", effect_label(name), [&](std::size_t m) {
          if (is_permutation(*fits_[m])) return std::string();
          const std::vector<std::string> own = effects_of(*fits_[m]);
          return yes_no(std::find(own.begin(), own.end(), name) != own.end());
        });
      }
      std::vector<std::string> random;
      const auto drawn = [](const results::Fit& fit) {
        const auto found = fit.provenance.find("random effects");
        return found == fit.provenance.end() ? std::string() : found->second;
      };
      for (const auto& fit : fits_)
        if (!drawn(*fit).empty()) add_new(random, drawn(*fit));
      for (const std::string& name : random)
        add_word_row("fe", random_label(name), [&](std::size_t m) {
          return is_permutation(*fits_[m]) ? std::string() : yes_no(drawn(*fits_[m]) == name);
        });
    }
    if (o_.vcov_row.value_or(o_.style != "cn"))
      add_word_row("vcov", words_.standard_errors, [&](std::size_t m) {
        const bool likelihood = fits_[m]->vcov.label.rfind("ML", 0) == 0;
        if (is_permutation(*fits_[m])) return words_.permutation;
        if (likelihood) return std::string(o_.style == "cn" ? "极大似然" : "ML");
        return vcov_cell(fits_[m]->vcov.spec, o_.style);
      });
    if (rows_.size() > first) rows_[first].row.rule_above = true;
  }

  /// Absorbed effects; a spatial panel, whose likelihood removes them itself, names them in its provenance.
  static std::vector<std::string> effects_of(const results::Fit& fit) {
    std::vector<std::string> names;
    for (const results::AbsorbedEffect& effect : fit.fe) names.push_back(effect.name);
    const auto panel = fit.provenance.find("panel effects");
    if (panel != fit.provenance.end())
      for (const std::string& name : core::split(panel->second, ',')) add_new(names, name);
    return names;
  }

  void add_word_row(const std::string& key, const std::string& label,
                    const std::function<std::string(std::size_t)>& word) {
    Row row{.cells = {{.text = label}}};
    for (std::size_t m = 0; m < fits_.size(); ++m) row.cells.push_back({.text = word(m)});
    rows_.push_back({key, std::move(row)});
  }

  static Row word_row(const ExtraRow& extra) {
    Row row{.cells = {{.text = extra.label}}};
    for (const std::string& cell : extra.cells) row.cells.push_back({.text = cell});
    return row;
  }

  /// Likelihoods of all rows and of transformed data, which have fewer, are no row of one table.
  bool likelihoods_compare() const {
    const auto transformed = [](const auto& fit) {
      const double rows = fit->stat("likelihood_rows");
      return !std::isnan(rows) && rows != fit->nobs;
    };
    const auto n = std::count_if(fits_.begin(), fits_.end(), transformed);
    return n == 0 || n == static_cast<std::ptrdiff_t>(fits_.size());
  }

  void statistics() {
    std::vector<std::string> known;
    for (const auto& fit : fits_)
      for (const std::string& name : statistic_names(*fit)) add_new(known, name);
    std::vector<StatisticRow> wanted = o_.stats;
    if (wanted.empty()) {
      std::vector<std::string> usual = {"nobs", "r2", "r2_pseudo", "r2_within"};
      if (std::find(known.begin(), known.end(), "r2_squared_correlation") != known.end()) {  // spatial models
        usual.emplace_back("r2_squared_correlation");
        if (likelihoods_compare()) usual.insert(usual.end(), {"loglik", "aic"});
      }
      for (const std::string& name : usual)
        if (std::find(known.begin(), known.end(), name) != known.end()) wanted.push_back({.name = name});
    }
    // The within R² of spatial panels is a squared correlation of unit deviations, another measure than that of least
    // squares: the two do not share a row unless asked to.
    const auto spatial = [](const auto& fit) { return !std::isnan(statistic(*fit, "r2_squared_correlation")); };
    const bool mixed = o_.stats.empty() && !std::all_of(fits_.begin(), fits_.end(), spatial);
    const std::size_t first = rows_.size();
    for (const StatisticRow& row : wanted) {
      if (row.name == "none" && wanted.size() == 1) break;
      if (std::find(known.begin(), known.end(), row.name) == known.end())
        throw core::Error("stats: no result has a statistic '" + row.name + "'")
            .hint(core::did_you_mean(row.name, known, "statistics", 30))
            .word(row.name);
      const auto own = o_.labels.find(row.name);
      std::string label = row.label;
      if (label.empty()) label = own == o_.labels.end() ? statistic_label(row.name, o_.style) : own->second;
      Row line{.cells = {{.text = label}}};
      for (const auto& fit : fits_) {
        const bool other = mixed && row.name == "r2_within" && spatial(fit);
        line.cells.push_back(statistic_cell(row, other ? std::nan("") : statistic(*fit, row.name)));
      }
      rows_.push_back({row.name, std::move(line)});
    }
    if (rows_.size() > first) rows_[first].row.rule_above = true;
    first_statistic_ = first < rows_.size() ? rows_[first].key : "";
  }

  Cell statistic_cell(const StatisticRow& row, double value) const {
    std::optional<NumberFormat> how = row.format;
    for (const auto& [key, own] : o_.formats)
      if (!how && key == row.name) how = own;
    const int digits = format("", "stats", o_.digits.adaptive ? NumberFormat{.decimals = 3} : o_.digits).decimals;
    std::string text = statistic_text(row.name, value, digits);
    if (how && std::isfinite(value)) {
      const bool count = how->decimals == 0 && !how->adaptive && std::abs(value) < 1e15;
      text = count ? core::grouped(std::llround(value)) : formatted(value, *how);
    }
    return {.text = std::move(text), .value = value};
  }

  /// The user's rows with a place of their own.
  void placed_rows() {
    for (const ExtraRow& extra : o_.extra) {
      if (extra.at.empty()) continue;
      KeyedRow row{extra.label, word_row(extra)};
      if (extra.at == "bottom") {
        rows_.push_back(std::move(row));
        continue;
      }
      const bool before = core::starts_with(extra.at, "before "), after = core::starts_with(extra.at, "after ");
      if (extra.at != "top" && !before && !after)
        throw core::Error("extra: the row '" + extra.label + "' has at = \"" + extra.at + "\"")
            .hint("at is \"top\", \"bottom\", \"before NAME\" or \"after NAME\"")
            .word(extra.at);
      std::size_t place = 0;
      if (before || after) {
        std::string key = extra.at.substr(before ? 7 : 6);
        if (key == "stats") key = first_statistic_;
        place = place_of(key, after);
      }
      if (place < rows_.size() && !after) {
        row.row.rule_above = rows_[place].row.rule_above;
        rows_[place].row.rule_above = false;
      }
      rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(place), std::move(row));
    }
  }

  std::size_t place_of(const std::string& key, bool after) const {
    std::vector<std::string> known;
    std::size_t first = rows_.size(), last = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].key.empty()) add_new(known, rows_[i].key);
      if (rows_[i].key != key) continue;
      first = std::min(first, i);
      last = i + 1;
    }
    if (first == rows_.size())
      throw core::Error("extra: no row of the table is about '" + key + "'")
          .word(key)
          .hint(core::did_you_mean(key, known, "rows", 30));
    return after ? last : first;
  }

  void notes() {
    std::vector<std::string> sentences;
    const std::string stars = o_.stars_note.value_or(o_.usual_notes ? stars_sentence(o_.stars, o_.style) : "");
    std::vector<std::string> usual;
    if (o_.usual_notes) {
      std::vector<inference::VcovSpec> specs;
      for (const auto& fit : fits_) specs.push_back(fit->vcov.spec);
      if (o_.exponentiate) usual.push_back(words_.exponentiated);
      if (!o_.standardise.empty()) usual.push_back(words_.standardised);
      for (const std::string& kind : o_.below)
        usual.push_back(below_sentence(kind == "t" ? ratio_name() : kind, o_.level, o_.style, specs, o_.labels));
    }
    if (!stars.empty() && o_.style != "cn") sentences.push_back(stars);
    sentences.insert(sentences.end(), usual.begin(), usual.end());
    if (!stars.empty() && o_.style == "cn") sentences.push_back(stars);
    table_.notes = notes_of(sentences, o_.style);
    table_.notes.insert(table_.notes.end(), o_.notes.begin(), o_.notes.end());
  }

  /// t, z where p-values are by the normal distribution, or both.
  std::string ratio_name() const {
    const auto normal =
        std::count_if(fits_.begin(), fits_.end(), [](const auto& fit) { return std::isinf(fit->vcov.df_t); });
    return normal == 0 ? "t" : normal == static_cast<std::ptrdiff_t>(fits_.size()) ? "z" : "t or z";
  }

  /// The user's label; of an interaction without one, the labels of its parts.
  std::string variable_label(const std::string& name) const {
    const auto own = o_.labels.find(name);
    if (own != o_.labels.end()) return own->second;
    if (name == "_cons") return words_.constant;
    if (name.find("::") != std::string::npos) return name;  // a factor level, not an interaction
    return joined_labels(name, ':');
  }

  std::string effect_label(const std::string& name) const {
    const auto own = o_.labels.find(name);
    if (own != o_.labels.end()) return o_.style == "cn" ? own->second + words_.fixed_effects : own->second;
    return joined_labels(name, '^') + (name.back() == ']' ? words_.slopes : words_.fixed_effects);
  }

  std::string random_label(const std::string& name) const {
    const auto own = o_.labels.find(name);
    return (own != o_.labels.end() ? own->second : name) + words_.random_effects;
  }

  /// Length of what stands before the column in L.x, D2.x, L.D.x.
  static std::size_t end_of_operators(const std::string& name) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < name.size() && std::string_view("LFDS").find(name[at]) != std::string_view::npos;) {
      do ++at;
      while (at < name.size() && name[at] >= '0' && name[at] <= '9');
      if (at == name.size() || name[at] != '.') break;
      end = ++at;
    }
    return end;
  }

  std::string joined_labels(const std::string& name, char between) const {
    std::vector<std::string> parts = core::split(name, between);
    for (std::string& part : parts) {
      const std::size_t point = end_of_operators(part);  // L.x is named after x: L.Treatment
      const auto label = o_.labels.find(part.substr(point));
      if (label != o_.labels.end()) part = part.substr(0, point) + label->second;
    }
    return core::join(parts, words_.between);
  }

  const Fits& fits_;
  const EtableOptions& o_;
  const Words& words_;
  CoefficientRows coefficients_;
  std::vector<KeyedRow> rows_;
  std::string first_statistic_;
  Table table_;
};

}  // namespace

std::vector<StarRule> star_rules(std::vector<double> thresholds) {
  std::sort(thresholds.begin(), thresholds.end(), std::greater<>());
  std::vector<StarRule> rules;
  for (std::size_t i = 0; i < thresholds.size(); ++i) rules.push_back({std::string(i + 1, '*'), thresholds[i]});
  return rules;
}

Table etable(const Fits& fits, const EtableOptions& options) {
  words(options.style);
  check(fits, options);
  return Builder(fits, options).build();
}

}  // namespace report
