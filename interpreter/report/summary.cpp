// One fit as printed after the command: what was estimated, on which sample, with which covariance, and what was
// dropped.
#include "core/text.hpp"
#include "report/layout.hpp"
#include "report/number_format.hpp"
#include "report/regression.hpp"
#include "report/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace report {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Decimals that show four significant digits of the standard error, so that estimate and interval stop where the
/// data do.
int decimals_for(const inference::Estimate& e) {
  const double scale = e.se > 0 && std::isfinite(e.se) ? e.se : std::abs(e.value) / 100;
  if (!(scale > 0)) return 4;
  return std::clamp(3 - static_cast<int>(std::floor(std::log10(scale))), 1, 12);
}

/// A number with `decimals`, in powers of ten where that would be a row of zeros or of digits.
std::string number(double value, int decimals) {
  const double size = std::abs(value);
  if (std::isfinite(value) && value != 0 && (size >= 1e9 || decimals > 8)) return core::significant(value, 5);
  return core::fixed(value, decimals);
}

Pairs sample_lines(const results::Fit& fit) {
  Pairs lines;
  if (!fit.split_by.empty()) lines.emplace_back("Sample: " + fit.split_by, fit.split_level);
  lines.emplace_back("Observations", statistic_text("nobs", fit.nobs, 0));
  const bool in_title = fit.provenance.count("panel effects") > 0;  // of spatial panels
  for (const results::AbsorbedEffect& effect : fit.fe) {
    if (in_title) break;
    std::string text = core::counted(std::llround(effect.levels), "level");
    if (effect.redundant > 0) {
      text += fit.fe_rank_exact ? ", " : ", at least ";
      text += core::grouped(std::llround(effect.redundant)) + " redundant";
    }
    lines.emplace_back("Absorbed " + effect.name, text);
  }
  return lines;
}

Pairs fit_lines(const results::Fit& fit) {
  Pairs lines;
  for (const char* name : {"r2", "r2_adj", "r2_pseudo", "r2_within", "r2_within_adj"}) {
    const double value = fit.stat(name);
    if (!std::isnan(value)) lines.emplace_back(statistic_label(name), core::fixed(value, 4));
  }
  const double rmse = fit.stat("rmse");
  if (!std::isnan(rmse)) lines.emplace_back(statistic_label("rmse"), core::significant(rmse, 5));
  const double F = fit.stat("F"), df1 = fit.stat("F_df1"), df2 = fit.stat("F_df2"), p = fit.stat("F_p");
  if (!std::isnan(F)) {
    const bool finite = std::isfinite(df2);
    const std::string degrees = core::significant(df1, 6) + (finite ? ", " + core::significant(df2, 6) : "");
    lines.emplace_back((finite ? "F(" : "Wald χ²(") + degrees + ")", test_statistic(finite ? F : F * df1));
    lines.emplace_back(finite ? "p-value of F" : "p-value of χ²", core::fixed(p, 3));
  }
  return lines;
}

/// Two lists of names and values side by side, names left and values right.
std::string side_by_side(const Pairs& left, const Pairs& right) {
  const auto width_of = [](const Pairs& lines, bool values) {
    int width = 0;
    for (const auto& [name, value] : lines) width = std::max(width, display_width(values ? value : name));
    return width;
  };
  const int left_names = width_of(left, false), left_values = width_of(left, true);
  const int right_names = width_of(right, false), right_values = width_of(right, true);
  std::string out;
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const auto& [name, value] = i < left.size() ? left[i] : std::pair<std::string, std::string>();
    std::string line = pad(name, left_names, Align::left) + "  " + pad(value, left_values, Align::right);
    if (i < right.size())
      line += "      " + pad(right[i].first, right_names, Align::left) + "  " +
              pad(right[i].second, right_values, Align::right);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string vcov_line(const results::Fit& fit) {
  if (fit.vcov.label.empty()) return "";
  std::string line = "Standard errors: " + fit.vcov.label;
  if (fit.vcov.df.size() > 0) {
    line += "; Satterthwaite degrees of freedom";
    return fit.ssc.like == "moontide" ? line : line + "; small-sample rule: " + fit.ssc.like;
  }
  if (std::isinf(fit.vcov.df_t))
    line += "; normal distribution";
  else if (fit.vcov.df_t > 0)
    line += "; t with " + core::significant(fit.vcov.df_t, 8) + " degrees of freedom";
  if (fit.ssc.like != "moontide") line += "; small-sample rule: " + fit.ssc.like;
  return line;
}

std::string test_lines(const std::vector<inference::Test>& tests) {
  int names = 0, statistics = 0;
  for (const inference::Test& test : tests) {
    names = std::max(names, display_width(test.name));
    statistics = std::max(statistics, display_width(test_text(test)));
  }
  std::string out;
  for (const inference::Test& test : tests)
    out += pad(test.name, names, Align::left) + "  " + pad(test_text(test), statistics, Align::left) +
           "  p = " + core::fixed(test.p, 3) + "\n";
  return out;
}

/// A wrapped text whose further lines stand under the first one's text.
std::string hanging(const std::string& head, const std::string& text, int width) {
  const int indent = display_width(head);
  std::string out;
  for (const std::string& line : wrap(text, width - indent))
    out += (out.empty() ? head : std::string(static_cast<std::size_t>(indent), ' ')) + line + "\n";
  return out;
}

}  // namespace

Table coefficient_table(const results::Fit& fit, std::optional<double> level) {
  Table table;
  const bool own_df = fit.vcov.df.size() > 0;  // each coefficient has degrees of freedom of its own
  table.align.assign(own_df ? 8 : 7, Align::decimal);
  table.align.front() = Align::left;
  Row header{{{.text = fit.depvar},
              {.text = "Coefficient"},
              {.text = "Std. error"},
              {.text = std::isinf(fit.vcov.df_t) ? "z" : "t"},
              {.text = "p"},
              {.text = core::shortest(100 * level.value_or(fit.level)) + "% interval", .span = 2}}};
  if (own_df) header.cells.insert(header.cells.begin() + 4, {.text = "df"});
  table.header = {header};
  for (const results::CoefficientRow& row : results::coefficient_table(fit, level)) {
    const inference::Estimate& e = row.estimate;
    const int decimals = decimals_for(e);
    table.body.push_back({{{.text = row.name},
                           {.text = number(e.value, decimals)},
                           {.text = number(e.se, decimals)},
                           {.text = test_statistic(e.t)},
                           {.text = core::fixed(e.p, 3)},
                           {.text = number(e.low, decimals)},
                           {.text = number(e.high, decimals)}}});
    if (own_df) {
      std::vector<Cell>& cells = table.body.back().cells;
      cells.insert(cells.begin() + 4, {.text = core::fixed(fit.vcov.df_of(fit.position(row.name)), 1)});
    }
  }
  return table;
}

std::string summary(const results::Fit& fit, const TextStyle& style, std::optional<double> level) {
  const int width = style.width > 0 ? style.width : 80;
  const auto wrapped = [&](const std::string& text) {
    std::string out;
    for (const std::string& line : wrap(text, width)) out += line + "\n";
    return out;
  };
  std::string out;
  if (!fit.title.empty())
    for (const std::string& line : wrap(fit.title, width))
      out += style.color ? "\x1b[1m" + line + "\x1b[0m\n" : line + "\n";
  if (!fit.formula.empty()) out += wrapped(fit.formula);
  if (!out.empty()) out += "\n";
  out += side_by_side(sample_lines(fit), fit_lines(fit));
  const std::string vcov = vcov_line(fit);
  if (!vcov.empty()) out += wrapped(vcov);
  const Table table = report::coefficient_table(fit, level);
  if (!table.body.empty()) out += render_text(table, style);
  out += test_lines(fit.tests);
  for (const std::vector<std::string>* notes : {&fit.notes, &fit.vcov.notes})
    for (const std::string& note : *notes) {
      const bool warns = note.rfind("warning: ", 0) == 0;
      out += warns ? hanging("Warning: ", note.substr(9), width) : hanging("Note: ", note, width);
    }
  return out;
}

}  // namespace report
