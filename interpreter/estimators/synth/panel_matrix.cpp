#include "estimators/synth/panel_matrix.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {

using numerics::Index;
using numerics::Matrix;

PanelMatrix panel_matrix(const formula::Tree& formula, const data::Frame& frame, const std::string& unit,
                         const std::string& time, const std::string& command) {
  const formula::Parts parts = formula::split(formula);
  if (parts.lhs.size() != 1)
    throw core::Error(command + " needs one outcome")
        .hint(command + "(y ~ x, …); without predictors " + command + "(y ~ 1, …)");
  if (!parts.fe.empty() || !parts.endogenous.empty())
    throw core::Error(command + " takes an outcome and covariates, no bars: unit and period effects are part of it");
  const data::Panel* declared = frame.panel();
  PanelMatrix out;
  out.unit = !unit.empty() ? unit : declared ? declared->unit : "";
  out.time = !time.empty() ? time : declared ? declared->time : "";
  if (out.unit.empty() || out.time.empty())
    throw core::Error(command + " needs units and periods")
        .hint("declare them first: panel(unit, time); or give unit= and time=");
  const data::ColumnPtr u = frame.at(out.unit), t = frame.at(out.time);
  const data::Grouping units = data::sorted(data::group(*u), *u), periods = data::sorted(data::group(*t), *t);
  const Index N = units.levels(), T = periods.levels();
  if (T < 2) throw core::Error(command + " needs at least two periods; '" + out.time + "' has " + std::to_string(T));
  out.y_name = formula::print(parts.lhs[0]);
  std::vector<std::vector<double>> values = {formula::evaluate_numbers(parts.lhs[0], frame)};
  for (const formula::Term& term : parts.exogenous) {
    if (term.factors.size() != 1)
      throw core::Error("predictor '" + term.label + "' is an interaction: make a column of it with gen first")
          .word(term.label);
    const formula::Tree& factor = term.factors[0];
    values.push_back(formula::evaluate_numbers(
        factor->op == formula::Op::prefix && factor->text == "c" ? factor->children[0] : factor, frame));
    out.x_names.push_back(term.label);
  }
  const double nan = std::nan("");
  std::vector<Matrix> full(values.size(), Matrix::Constant(N, T, nan));
  std::vector<std::int64_t> row_of(static_cast<std::size_t>(N * T), -1);
  for (std::uint32_t row = 0; row < frame.rows(); ++row) {
    const std::int32_t i = units.codes[row], s = periods.codes[row];
    if (i < 0 || s < 0) continue;
    std::int64_t& known = row_of[static_cast<std::size_t>(i * T + s)];
    if (known >= 0)
      throw core::Error("unit " + u->text(row) + " has two rows in " + out.time + " " + t->text(row)).word(out.unit);
    known = row;
    for (std::size_t v = 0; v < values.size(); ++v) full[v](i, s) = values[v][row];
  }
  std::vector<Index> complete;
  std::vector<std::string> dropped;
  for (Index i = 0; i < N; ++i) {
    const std::string name = u->text(units.first[static_cast<std::size_t>(i)]);
    if (full[0].row(i).array().isNaN().any()) {
      dropped.push_back(name);
    } else {
      complete.push_back(i);
      out.units.push_back(name);
    }
  }
  if (complete.size() < 2)
    throw core::Error("fewer than two units have '" + out.y_name + "' in all " + std::to_string(T) + " periods")
        .hint("keep the periods that all units have with where=, or fill the gaps with interpolate");
  if (!dropped.empty())
    out.notes.push_back(
        core::counted(static_cast<long long>(dropped.size()), "unit") + " without " + out.y_name +
        " in every period left out: " +
        core::join(std::vector<std::string>(
                       dropped.begin(),
                       dropped.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(dropped.size(), 8))),
                   ", ") +
        (dropped.size() > 8 ? ", …" : ""));
  out.Y = full[0](complete, Eigen::all);
  for (std::size_t v = 1; v < full.size(); ++v) out.X.push_back(full[v](complete, Eigen::all));
  for (const Index i : complete)
    for (Index s = 0; s < T; ++s)
      out.rows.push_back(static_cast<std::uint32_t>(row_of[static_cast<std::size_t>(i * T + s)]));
  for (const std::uint32_t row : periods.first) {
    out.periods.push_back(t->text(row));
    out.times.push_back(t->is_numeric() ? t->number(row) : static_cast<double>(out.times.size()));
  }
  return out;
}

Matrix cells(const PanelMatrix& panel, const formula::Tree& expression, const data::Frame& frame) {
  const std::vector<double> all = formula::evaluate_numbers(expression, frame);
  const auto N = static_cast<Index>(panel.units.size()), T = static_cast<Index>(panel.periods.size());
  Matrix out(N, T);
  for (Index i = 0; i < N; ++i)
    for (Index s = 0; s < T; ++s) {
      out(i, s) = all[panel.rows[static_cast<std::size_t>(i * T + s)]];
      if (std::isnan(out(i, s)))
        throw core::Error("'" + formula::print(expression) + "' is missing for " +
                          panel.units[static_cast<std::size_t>(i)] + " in " +
                          panel.periods[static_cast<std::size_t>(s)])
            .word(formula::print(expression));
    }
  return out;
}

std::vector<Index> adoption(const PanelMatrix& panel, const Matrix& D) {
  std::vector<Index> start(panel.units.size(), D.cols());
  for (Index i = 0; i < D.rows(); ++i)
    for (Index s = 0; s < D.cols(); ++s) {
      if (D(i, s) != 0 && D(i, s) != 1) throw core::Error("the treatment is not 0 or 1").word("treat");
      Index& first = start[static_cast<std::size_t>(i)];
      if (D(i, s) == 1) first = std::min(first, s);
      if (D(i, s) == 0 && s > first)
        throw core::Error("treatment ends again in " + panel.units[static_cast<std::size_t>(i)])
            .hint("the method is for treatments that stay; restrict the periods with where=");
    }
  return start;
}

namespace {

Index find(const std::vector<std::string>& names, const std::string& name, const std::string& what) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at != names.end()) return at - names.begin();
  throw core::Error("no " + what + " is called '" + name + "'")
      .hint(core::did_you_mean(name, names, what + "s"))
      .word(name);
}

}  // namespace

Index unit_called(const PanelMatrix& panel, const std::string& name) { return find(panel.units, name, panel.unit); }
Index period_called(const PanelMatrix& panel, const std::string& name) { return find(panel.periods, name, panel.time); }

}  // namespace estimators
