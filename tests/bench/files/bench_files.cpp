// Times reading and writing: bench_files FOLDER ROWS writes one made-up panel in every format and reads it back; each
// line is a format with seconds to write, seconds to read and megabytes. run.R puts haven and readxl beside them.
#include "core/error.hpp"
#include "files/files.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

data::Frame panel(std::size_t rows) {
  std::vector<std::int64_t> id(rows);
  std::vector<std::int64_t> year(rows);
  std::vector<std::int32_t> city(rows);
  auto names = std::make_shared<std::vector<std::string>>();
  for (int i = 0; i < 2000; ++i) names->push_back("city" + std::to_string(i));
  for (std::size_t i = 0; i < rows; ++i) {
    id[i] = static_cast<std::int64_t>(i / 10);
    year[i] = 2011 + static_cast<std::int64_t>(i % 10);
    city[i] = static_cast<std::int32_t>(i * 7919 % 2000);
  }
  data::Frame frame("panel");
  frame = frame.with("id", data::Column::integers(id)).with("year", data::Column::integers(year));
  frame = frame.with("city", data::Column::texts(city, names));
  for (const char* name : {"y", "x1", "x2", "x3"}) {
    std::vector<double> values(rows);
    for (std::size_t i = 0; i < rows; ++i) values[i] = static_cast<double>(i * 104729 % 1000003) / (name[0] + name[1]);
    frame = frame.with(name, data::Column::reals(std::move(values)));
  }
  return frame;
}

template <class Body>
double seconds(const Body& body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_files FOLDER ROWS\n", stderr);
    return 2;
  }
  try {
    const data::Frame frame = panel(static_cast<std::size_t>(std::atoll(argv[2])));
    for (const char* format : {"csv", "dta", "mtf", "json", "xlsx"}) {
      const std::string path = std::string(argv[1]) + "/bench." + format;
      if (std::string(format) == "xlsx" && frame.rows() > 1000000) continue;
      const double writing = seconds([&] { files::write(frame, path); });
      double reading = 1e9;
      for (int i = 0; i < 3; ++i) reading = std::min(reading, seconds([&] { files::read(path); }));
      std::printf("%-5s write %8.4f read %8.4f MB %8.1f\n", format, writing, reading,
                  static_cast<double>(std::filesystem::file_size(path)) / 1e6);
    }
  } catch (const core::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
