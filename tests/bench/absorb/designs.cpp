#include "designs.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <random>
#include <stdexcept>

namespace bench {
namespace {

struct Generator {
  std::mt19937_64 bits{20240229};
  double uniform() { return (double(bits() >> 11) + 0.5) * 0x1p-53; }
  double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform()); }
  std::int32_t below(std::int64_t count) { return std::int32_t(uniform() * double(count)); }
};

/// Renumbers codes so that each of 0 … levels − 1 is used, in the order of their numbers.
void add_dimension(Data& data, std::vector<std::int32_t> codes, std::int64_t most) {
  std::vector<std::int32_t> used(std::size_t(most), 0);
  for (const auto code : codes) used[std::size_t(code)] = 1;
  std::int32_t count = 0;
  for (auto& name : used) name = name ? count++ : 0;
  for (auto& code : codes) code = used[std::size_t(code)];
  data.codes.push_back(std::move(codes));
  data.levels.push_back(count);
}

/// Levels drawn at random: `crossed` has two large dimensions, whose reduced system would fill up.
Data simple(std::int64_t n, Generator& g, const std::vector<std::int64_t>& sizes) {
  const auto rows = std::size_t(n);
  Data data;
  std::vector<double> x(rows), y(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    x[i] = g.normal();
    y[i] = x[i] + 0.05 * x[i] * x[i];
  }
  for (const std::int64_t levels : sizes) {
    std::vector<double> effect(std::size_t(levels), 0.0);
    for (double& e : effect) e = g.normal();
    std::vector<std::int32_t> codes(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      codes[i] = g.below(levels);
      y[i] += effect[std::size_t(codes[i])];
    }
    add_dimension(data, std::move(codes), levels);
  }
  for (double& v : y) v += g.normal();
  data.columns = {std::move(y), std::move(x)};
  return data;
}

Data difficult(std::int64_t n, Generator& g) {
  const auto rows = std::size_t(n);
  const std::int64_t people = n / 20, firms = n / 160, years = std::llround(std::pow(double(n), 0.3));
  std::vector<std::int32_t> person(rows), firm(rows), year(rows);
  std::vector<double> y(rows), x1(rows), x2(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::int64_t id = 1 + g.below(people);
    const std::int64_t f = std::min(g.below(21) + std::max<std::int64_t>(1, id / 8 - 10), firms);
    const std::int64_t t = 1 + g.below(years);
    person[i] = std::int32_t(id - 1);
    firm[i] = std::int32_t(f - 1);
    year[i] = std::int32_t(t - 1);
    const double a = double(id), b = double(f), c = double(t);
    x1[i] = 5 * std::cos(a) + 5 * std::sin(b) + 5 * std::sin(c) + g.uniform();
    x2[i] = std::cos(a) + std::sin(b) + std::sin(c) + g.normal();
    y[i] = 3 * x1[i] + 5 * x2[i] + std::cos(a) + std::cos(b) * std::cos(b) + std::sin(c) + g.normal();
  }
  Data data;
  add_dimension(data, std::move(person), people);
  add_dimension(data, std::move(firm), firms);
  add_dimension(data, std::move(year), years);
  data.columns = {std::move(y), std::move(x1), std::move(x2)};
  return data;
}

Data worker_firm(std::int64_t n, Generator& g, double moves, std::int64_t reach) {
  const std::int64_t years = 10, workers = n / years, firms = std::max<std::int64_t>(workers / 100, 2);
  const auto rows = std::size_t(workers * years);
  std::vector<std::int32_t> worker(rows), firm(rows), year(rows);
  std::vector<double> y(rows), x(rows), firm_effect(std::size_t(firms), 0.0);
  for (double& e : firm_effect) e = g.normal();
  std::size_t i = 0;
  for (std::int64_t w = 0; w < workers; ++w) {
    std::int64_t f = g.below(firms);
    const double own = g.normal();
    for (std::int64_t t = 0; t < years; ++t, ++i) {
      if (t > 0 && g.uniform() < moves)
        f = reach > 0 ? (f + firms + 1 + g.below(2 * reach) - reach) % firms : g.below(firms);
      worker[i] = std::int32_t(w);
      firm[i] = std::int32_t(f);
      year[i] = std::int32_t(t);
      x[i] = 0.5 * own + 0.5 * firm_effect[std::size_t(f)] + g.normal();
      y[i] = x[i] + own + firm_effect[std::size_t(f)] + 0.1 * double(t) + g.normal();
    }
  }
  Data data;
  add_dimension(data, std::move(worker), workers);
  add_dimension(data, std::move(firm), firms);
  add_dimension(data, std::move(year), years);
  data.columns = {std::move(y), std::move(x)};
  return data;
}

}  // namespace

Data make(const std::string& design, std::int64_t n) {
  Generator g;
  const double size = double(n);
  if (design == "simple")
    return simple(n, g, {n / 20, std::int64_t(std::sqrt(size)), std::int64_t(std::pow(size, 0.33))});
  if (design == "crossed") return simple(n, g, {n / 10, n / 23, 10});
  if (design == "difficult") return difficult(n, g);
  if (design == "worker-firm") return worker_firm(n, g, 0.001, 5);
  if (design == "dense-moves") return worker_firm(n, g, 0.2, 0);
  throw std::invalid_argument("no design '" + design + "': simple, crossed, difficult, worker-firm, dense-moves");
}

void write(const Data& data, const std::string& folder) {
  std::filesystem::create_directories(folder);
  const auto save = [&](const std::string& name, const auto& values) {
    std::ofstream out(folder + "/" + name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(values.data()), std::streamsize(values.size() * sizeof(values[0])));
    if (!out) throw std::runtime_error("cannot write " + folder + "/" + name);
  };
  for (std::size_t d = 0; d < data.codes.size(); ++d) {
    std::vector<std::int32_t> codes = data.codes[d];
    for (auto& code : codes) ++code;
    save("fe" + std::to_string(d + 1), codes);
  }
  for (std::size_t c = 0; c < data.columns.size(); ++c) save(c == 0 ? "y" : "x" + std::to_string(c), data.columns[c]);
}

}  // namespace bench
