// Times read_csv: bench_csv FILE THREADS REPEATS prints seconds, one line per repeat. run.R compares them with fread.
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "data/csv.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench_csv FILE THREADS REPEATS\n", stderr);
    return 2;
  }
  core::set_threads(std::atoi(argv[2]));
  try {
    for (int i = 0; i < std::atoi(argv[3]); ++i) {
      const auto begin = std::chrono::steady_clock::now();
      const data::Frame frame = data::read_csv(argv[1]);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      std::printf("%.4f %zu rows %zu columns\n", took.count(), frame.rows(), frame.width());
    }
  } catch (const core::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
