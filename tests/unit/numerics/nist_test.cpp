// NIST's certified linear regressions: coefficients, standard errors and residual standard deviation, judged by the
// number of correct digits (log relative error, LRE).
#include "numerics/least_squares.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;

  Vector column(const std::string& name) const {
    const std::size_t power = name.find('^');
    const std::string base = name.substr(0, power);
    const double exponent = power == std::string::npos ? 1 : std::stod(name.substr(power + 1));
    Vector out(static_cast<Index>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double value = base == "1" ? 1 : NAN;
      for (std::size_t j = 0; j < names.size(); ++j)
        if (names[j] == base) value = std::pow(rows[i][j], exponent);
      out[static_cast<Index>(i)] = value;
    }
    return out;
  }
};

Table read(const std::string& path) {
  std::ifstream file(std::string(TESTS_DIR) + "/data/" + path);
  REQUIRE(file);
  Table out;
  std::string line, cell;
  std::getline(file, line);
  for (std::istringstream cells(line); std::getline(cells, cell, ',');) out.names.push_back(cell);
  while (std::getline(file, line)) {
    out.rows.emplace_back();
    for (std::istringstream cells(line); std::getline(cells, cell, ',');) out.rows.back().push_back(std::stod(cell));
  }
  return out;
}

/// Correct digits; for a certified 0 those of the absolute error in units of `scale`.
double digits(double value, double certified, double scale) {
  if (value == certified) return 16;
  const double error = certified == 0 ? std::abs(value) / scale : std::abs(value / certified - 1);
  return std::min(16.0, -std::log10(error));
}

}  // namespace

TEST_CASE("NIST's certified regressions come out to the digits that double input allows") {
  const std::string name = GENERATE("norris", "pontius", "noint1", "noint2", "filip", "longley", "wampler1", "wampler2",
                                    "wampler3", "wampler4", "wampler5");
  std::ifstream file(std::string(TESTS_DIR) + "/reference/nist/" + name + ".json");
  REQUIRE(file);
  const nlohmann::json spec = nlohmann::json::parse(file);
  const Table table = read(spec["data"]);
  const Vector y = table.column("y");
  const auto terms = spec["terms"].get<std::vector<std::string>>();
  const auto n = static_cast<Index>(table.rows.size()), k = static_cast<Index>(terms.size());
  Matrix X(n, k);
  for (Index j = 0; j < k; ++j) X.col(j) = table.column(terms[static_cast<std::size_t>(j)]);

  const auto fit = numerics::least_squares(X, y);
  INFO(name);
  REQUIRE(fit.dropped.empty());
  const double sigma = std::sqrt(fit.rss / static_cast<double>(n - k));
  double coef = 16, se = 16;
  for (Index j = 0; j < k; ++j) {
    const std::string term = terms[static_cast<std::size_t>(j)];
    const std::string key = term == "1" ? "_cons" : term;
    const double certified = spec["expect"]["se"][key];
    coef = std::min(coef, digits(fit.coef[j], spec["expect"]["coef"][key], 1));
    se = std::min(se, digits(sigma * std::sqrt(fit.bread(j, j)), certified, 1));
  }
  CAPTURE(coef, se);
  CHECK(coef >= spec["digits"].get<double>());
  CHECK(se >= spec["digits"].get<double>());
  CHECK(digits(sigma, spec["expect"]["rmse"], 1) >= spec["digits"].get<double>());
}
