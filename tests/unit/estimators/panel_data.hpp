// Small made-up data for the tests of this room, and a short way to call an estimator.
#pragma once

#include "data/frame.hpp"
#include "estimators/estimator.hpp"
#include "formula/parse.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// `units` × `periods`; columns unit (text), year, x, z, z2, d (0/1, staggered: units 1, 2 from year 3, unit 3 from 5),
/// cohort (0 never), w (positive), f (whole 1 … 3), y. Same numbers on every machine.
inline data::Frame panel(int units = 8, int periods = 6, std::uint64_t seed = 7) {
  numerics::Random random(seed);
  std::vector<std::string> unit;
  std::vector<std::int64_t> year, cohort, d, f;
  std::vector<double> x, z, z2, w, y;
  for (int i = 0; i < units; ++i) {
    const double a = random.normal();
    const int start = i == 1 || i == 2 ? 3 : i == 3 ? 5 : 0;
    for (int t = 1; t <= periods; ++t) {
      unit.push_back("u" + std::to_string(i));
      year.push_back(t);
      cohort.push_back(start);
      d.push_back(start > 0 && t >= start);
      const double u = random.normal();
      z.push_back(random.normal() + a);
      z2.push_back(random.normal());
      x.push_back(0.8 * z.back() + 0.5 * z2.back() + 0.5 * u + 0.3 * random.normal() + 0.1 * t);
      w.push_back(0.5 + random.uniform());
      f.push_back(static_cast<std::int64_t>(1 + random.below(3)));
      y.push_back(a + 0.2 * t + 0.5 * x.back() + 1.0 * static_cast<double>(d.back()) + u);
    }
  }
  return data::Frame("panel")
      .with("unit", data::Column::texts(unit))
      .with("year", data::Column::integers(std::move(year)))
      .with("cohort", data::Column::integers(std::move(cohort)))
      .with("d", data::Column::integers(std::move(d)))
      .with("f", data::Column::integers(std::move(f)))
      .with("x", data::Column::reals(std::move(x)))
      .with("z", data::Column::reals(std::move(z)))
      .with("z2", data::Column::reals(std::move(z2)))
      .with("w", data::Column::reals(std::move(w)))
      .with("y", data::Column::reals(std::move(y)));
}

using Settings = std::vector<std::pair<std::string, estimators::Value>>;

inline formula::Tree terms(const std::string& text) { return formula::parse(text); }
inline inference::VcovSpec vcov(const std::string& text) { return inference::parse_vcov(text); }
inline formula::Weights weights(formula::WeightKind kind, const std::string& text) {
  return {kind, formula::parse(text)};
}

inline results::Fit fit(const std::string& command, const data::Frame& frame, const std::string& formula,
                        const Settings& settings = {}) {
  estimators::Request request;
  request.frame = frame;
  request.formula = formula::parse(formula);
  for (const auto& [name, value] : settings) request.options.set(name, value);
  for (const estimators::Estimator* estimator : estimators::registry()) {
    if (estimator->record.name == command) return estimator->fit(request);
  }
  FAIL("no estimator " + command);
  return {};
}

inline double coef(const results::Fit& fit, const std::string& name) { return fit.coef[fit.position(name)]; }
inline double se(const results::Fit& fit, const std::string& name) { return fit.se(fit.position(name)); }

inline bool noted(const std::vector<std::string>& notes, const std::string& part) {
  for (const std::string& note : notes) {
    if (note.find(part) != std::string::npos) return true;
  }
  return false;
}

inline const inference::Test& test_called(const results::Fit& fit, const std::string& name) {
  for (const inference::Test& test : fit.tests) {
    if (test.name == name) return test;
  }
  FAIL("no test " + name);
  return fit.tests.front();
}

/// Equal to 1e-9 relative: two exact routes to the same number.
class Near : public Catch::MatcherBase<double> {
 public:
  explicit Near(double value) : value_(value) {}
  bool match(const double& got) const override {
    return std::abs(got - value_) <= std::max(1e-13, 1e-9 * std::abs(value_));
  }
  std::string describe() const override { return "is near " + std::to_string(value_); }

 private:
  double value_;
};
inline Near near(double value) { return Near(value); }

}  // namespace test
