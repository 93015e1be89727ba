#include "estimators/did/cohort_period.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/event_time.hpp"
#include "formula/evaluate.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace estimators {
namespace {

/// Inference through another fit's sample, without its design: predictions need the cells' own coefficients.
struct Forwarded final : results::Sample {
  std::shared_ptr<const results::Sample> to;
  inference::VcovData vcov_data(const inference::VcovSpec& spec) const override { return to->vcov_data(spec); }
};

std::string interaction_name(const std::string& cell, const std::string& covariate) {
  return cell + ":" + covariate + " (demeaned)";
}

/// Which row of the averages a cell belongs to, in their order; "" for none.
std::string key_of(const CohortCell& cell, const CellSums& sums, CellAverage by) {
  if (by == CellAverage::period) return event_name(cell.event);
  if (cell.event < 0) return "";
  if (by == CellAverage::cohort) return "cohort::" + sums.cohort_name;
  if (by == CellAverage::calendar) return "time::" + sums.period_name;
  return "ATT";
}

}  // namespace

std::string cell_name(const CohortCell& cell, const CellSums& sums) {
  return event_name(cell.event) + ":cohort::" + sums.cohort_name;
}

data::Frame with_cells(const CohortDesign& design, data::Frame frame) {
  const auto events = event_times(frame, design.cohort, design.time);
  const std::vector<double> cohorts = formula::evaluate_numbers(design.cohort, frame);
  std::map<CohortCell, std::vector<std::uint32_t>> rows;
  for (const auto& [cell, sums] : design.cells) rows[cell];
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!events[i]) continue;
    const auto at = rows.find({cohorts[i], *events[i]});
    if (at != rows.end()) at->second.push_back(static_cast<std::uint32_t>(i));
  }
  const data::Frame given = frame;
  std::vector<std::vector<double>> covariates;
  for (const std::string& name : design.covariates) covariates.push_back(given.at(name)->numbers());
  for (const auto& [cell, sums] : design.cells) {
    const std::string name = cell_name(cell, sums);
    std::vector<std::uint8_t> dummy(events.size(), 0);
    for (const std::uint32_t i : rows[cell]) dummy[i] = 1;
    frame = frame.with(name, data::Column::booleans(std::move(dummy)));
    for (std::size_t j = 0; j < covariates.size(); ++j) {
      std::vector<double> product(events.size(), 0);
      for (std::size_t i = 0; i < product.size(); ++i)
        if (std::isnan(covariates[j][i])) product[i] = std::nan("");
      for (const std::uint32_t i : rows[cell]) product[i] = covariates[j][i] - design.means.at(cell.cohort)[j];
      frame = frame.with(interaction_name(name, design.covariates[j]), data::Column::reals(std::move(product)));
    }
  }
  return frame;
}

results::Fit combine(results::Fit fit, const Matrix& A, std::vector<std::string> names) {
  const Matrix AB = numerics::product(A, fit.bread);
  Matrix bread = numerics::product(AB, Matrix(A.transpose()));
  const Matrix map = numerics::product(Matrix(AB.transpose()), numerics::inverse_spd(bread, "averages"));
  fit.scores = numerics::product(fit.scores, map);
  fit.coef = numerics::product(A, fit.coef);
  fit.vcov.matrix = numerics::product(numerics::product(A, fit.vcov.matrix), Matrix(A.transpose()));
  fit.bread = std::move(bread);
  fit.names = std::move(names);
  fit.constant = -1;
  fit.stats.erase(
      std::remove_if(fit.stats.begin(), fit.stats.end(), [](const auto& stat) { return stat.first.front() == 'F'; }),
      fit.stats.end());  // the F of every cell says nothing about the averages
  auto sample = std::make_shared<Forwarded>();
  sample->to = fit.sample;
  fit.sample = std::move(sample);
  return fit;
}

CellAverage cell_average(const std::string& word) {
  if (word == "period" || word == "event" || word == "dynamic") return CellAverage::period;
  if (word == "cohort" || word == "group") return CellAverage::cohort;
  if (word == "calendar") return CellAverage::calendar;
  if (word == "att" || word == "simple") return CellAverage::all;
  return CellAverage::none;
}

core::OptionSpec agg_option() {
  return {.name = "agg",
          .kind = core::Kind::text,
          .doc = "averages by event time (period), by cohort, by calendar period, over all treated rows (att), or none",
          .default_text = "period",
          .one_of = {"period", "cohort", "calendar", "att", "none"}};
}

results::Fit average_cells(results::Fit fit, const CohortDesign& design, CellAverage by, bool keep_others) {
  struct Place {
    const CohortCell* cell;
    const CellSums* sums;
    std::size_t covariate;  ///< 1 …; 0: the dummy itself
  };
  std::map<std::string, Place> places;
  for (const auto& [cell, sums] : design.cells) {
    const std::string name = cell_name(cell, sums);
    places[name] = {&cell, &sums, 0};
    for (std::size_t j = 0; j < design.covariates.size(); ++j)
      places[interaction_name(name, design.covariates[j])] = {&cell, &sums, j + 1};
  }
  if (by == CellAverage::none) return fit;
  std::vector<std::string> names, others;
  std::map<std::string, double> totals, events;
  std::vector<std::pair<double, std::string>> order;
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    const auto found = places.find(fit.names[j]);
    if (found == places.end()) {
      if (keep_others) others.push_back(fit.names[j]);
      continue;
    }
    if (found->second.covariate > 0) continue;
    const std::string key = key_of(*found->second.cell, *found->second.sums, by);
    if (key.empty()) continue;
    if (totals.count(key) == 0) {
      const double place = by == CellAverage::period ? static_cast<double>(found->second.cell->event)
                           : by == CellAverage::cohort
                               ? found->second.cell->cohort
                               : found->second.cell->cohort + static_cast<double>(found->second.cell->event);
      order.emplace_back(place, key);
      events[key] = static_cast<double>(found->second.cell->event);
    }
    totals[key] += found->second.sums->weight;
  }
  if (order.empty()) throw core::Error("no effect after treatment is identified");
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::map<std::string, Index> row;
  for (const auto& [place, key] : order) {
    row[key] = static_cast<Index>(names.size());
    names.push_back(key);
  }
  for (const std::string& name : others) {
    row[name] = static_cast<Index>(names.size());
    names.push_back(name);
  }
  Matrix A = Matrix::Zero(static_cast<Index>(names.size()), fit.coef.size());
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    const auto found = places.find(fit.names[j]);
    const auto at = static_cast<Index>(j);
    if (found == places.end()) {
      if (keep_others) A(row[fit.names[j]], at) = 1;
      continue;
    }
    const std::string key = key_of(*found->second.cell, *found->second.sums, by);
    if (key.empty() || totals.count(key) == 0) continue;
    const CellSums& sums = *found->second.sums;
    A(row[key], at) =
        (found->second.covariate == 0 ? sums.weight : sums.interactions[found->second.covariate - 1]) / totals[key];
  }
  results::Fit out = combine(std::move(fit), A, names);
  out.event_times.clear();
  if (by == CellAverage::period) {
    for (const std::string& name : names)
      out.event_times.push_back(events.count(name) > 0 && totals.count(name) > 0 ? events[name] : std::nan(""));
  }
  return out;
}

std::string take_unit_and_time(const Request& request, Settings& settings, formula::Parts& parts) {
  if (!parts.fe.empty()) return "";
  const auto name_of = [&](const char* option, const std::string& own) {
    return request.options.has(option) ? request.options.get<formula::Tree>(option)
           : own.empty()               ? formula::Tree()
                                       : formula::name(own);
  };
  const data::Panel* panel = request.frame.panel();
  const formula::Tree unit = name_of("unit", panel == nullptr ? "" : panel->unit);
  const formula::Tree time = name_of("time", panel == nullptr ? "" : panel->time);
  if (unit == nullptr || time == nullptr)
    throw core::Error("no units and periods are known")
        .hint("declare them first: panel(unit, time); or name them: unit=city, time=year");
  parts.fe = {unit, time};
  settings.fe = formula::node(formula::Op::plus, parts.fe);
  return formula::print(unit) + " + " + formula::print(time);
}

}  // namespace estimators
