// What the tests of files share: a scratch folder, the fixtures, errors, frames side by side.
#pragma once

#include "core/error.hpp"
#include "files/files.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace testing_files {

namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "moontide_files_XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  long files() const { return std::distance(fs::directory_iterator(path), fs::directory_iterator{}); }
};

inline std::string fixture(const std::string& name) { return std::string(TESTS_DIR) + "/data/files/" + name; }

inline std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void put(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

template <class Body>
core::Error error_of(const Body& body) {
  try {
    body();
  } catch (const core::Error& error) {
    return error;
  }
  FAIL("no error");
  return core::Error("");
}

inline core::Error reading_error(const std::string& path, const files::ReadOptions& options = {}) {
  return error_of([&] { files::read(path, options); });
}

/// The values of a column as people read them, "." for missing.
inline std::vector<std::string> texts(const data::Frame& frame, const std::string& name) {
  const data::ColumnPtr column = frame.at(name);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < column->size(); ++i) out.push_back(column->missing(i) ? "." : column->text(i));
  return out;
}

using Texts = std::vector<std::string>;

/// Every type, with missing values, labels and a panel.
inline data::Frame every_type() {
  using data::Column;
  data::Frame frame("all");
  frame = frame.with("id", Column::integers({1, 2, 3, 4})->labelled("Identifier"));
  frame = frame.with("big", Column::integers({-5000000000, data::missing_integer, 9007199254740992, 0}));
  frame = frame.with("y", Column::reals({0.1, -1e300, std::numeric_limits<double>::quiet_NaN(), 12345678.9}));
  frame = frame.with("ok", Column::booleans({0, 1, data::missing_boolean, 1}));
  frame = frame.with("name", Column::texts(std::vector<std::string>{"Beijing", "上海", "", "a, \"b\"\nc"}));
  frame = frame.with("kind", Column::categories({1, data::missing_code, 0, 1},
                                                std::make_shared<const std::vector<std::string>>(
                                                    std::vector<std::string>{"coastal", "inland", "border"}),
                                                {1, 2, 5})
                                 ->labelled("Kind of city"));
  frame = frame.with("day", Column::dates({0, data::missing_integer, 18321, -3653}));
  return frame;
}

inline void check_same(const data::Frame& a, const data::Frame& b) {
  CHECK(a.names() == b.names());
  REQUIRE(a.rows() == b.rows());
  for (const std::string& name : a.names()) {
    INFO(name);
    CHECK(data::name_of(a.at(name)->type()) == data::name_of(b.at(name)->type()));
    CHECK(texts(a, name) == texts(b, name));
    CHECK(a.at(name)->label() == b.at(name)->label());
    const auto values = a.at(name)->level_values();
    const auto others = b.at(name)->level_values();
    CHECK(std::vector<double>(values.begin(), values.end()) == std::vector<double>(others.begin(), others.end()));
  }
}

}  // namespace testing_files
