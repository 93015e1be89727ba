// absorb_bench make DESIGN ROWS FOLDER    writes a data set for fixest.R
// absorb_bench time DESIGN ROWS FE [THREADS]   times the Absorber on the same data with the first FE dimensions
#include "core/parallel.hpp"
#include "designs.hpp"
#include "numerics/absorb.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void measure(const bench::Data& data, std::size_t dimensions) {
  const auto n = numerics::Index(data.columns[0].size());
  const auto k = numerics::Index(data.columns.size());
  for (int run = 0; run < 3; ++run) {
    numerics::Matrix x(n, k);
    for (numerics::Index c = 0; c < k; ++c)
      std::memcpy(&x(0, c), data.columns[std::size_t(c)].data(), sizeof(double) * std::size_t(n));
    std::vector<numerics::FixedEffect> effects;
    for (std::size_t d = 0; d < dimensions; ++d) effects.push_back({data.codes[d], data.levels[d], true, {}});

    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu_start = std::clock();
    const numerics::Absorber absorber(std::move(effects), {});
    const double built = seconds_since(start);
    const numerics::AbsorbReport report = absorber.apply(x);
    const double total = seconds_since(start);
    const double cpu = double(std::clock() - cpu_start) / CLOCKS_PER_SEC;

    const numerics::Matrix xx = x.rightCols(k - 1).transpose() * x;
    std::printf("%.3f s (build %.3f, apply %.3f, processor %.3f) %s, %d iterations, residual %.1e, x1'y/x1'x1 %.12g\n",
                total, built, total - built, cpu, report.strategy.c_str(), report.iterations, report.residual,
                xx(0, 0) / xx(0, 1));
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc >= 5 && std::strcmp(argv[1], "make") == 0) {
    bench::write(bench::make(argv[2], std::atoll(argv[3])), argv[4]);
    return 0;
  }
  if (argc >= 5 && std::strcmp(argv[1], "time") == 0) {
    if (argc >= 6) core::set_threads(std::atoi(argv[5]));
    measure(bench::make(argv[2], std::atoll(argv[3])), std::size_t(std::atoi(argv[4])));
    return 0;
  }
  std::fprintf(stderr, "usage: absorb_bench make DESIGN ROWS FOLDER | time DESIGN ROWS DIMENSIONS [THREADS]\n");
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "absorb_bench: %s\n", error.what());
  return 1;
}
