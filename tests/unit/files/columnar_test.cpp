#include "files/columnar.hpp"
#include "helpers.hpp"

#include <cstring>

using namespace testing_files;

TEST_CASE("A Moontide file holds everything a frame has") {
  const Folder folder;
  data::Frame frame = every_type();
  frame = frame.with("year", data::Column::integers({1, 2, 1, 2})).with("unit", data::Column::integers({1, 1, 2, 2}));
  frame = frame.with_panel("unit", "year");
  files::write(frame, folder / "x.mtf");
  const data::Frame back = files::read(folder / "x.mtf");
  check_same(frame, back);
  CHECK(back.at("big")->integers()[2] == 9007199254740992);
  REQUIRE(back.panel());
  CHECK(back.panel()->unit == "unit");
  // Columns point into the file, which may be replaced meanwhile.
  files::write(frame.take(std::vector<std::uint32_t>{0}), folder / "x.mtf");
  CHECK(texts(back, "name") == texts(frame, "name"));
  CHECK(files::read(folder / "x.mtf").rows() == 1);
  CHECK(folder.files() == 1);
  for (const double* p : {back.at("y")->reals().data()})
    CHECK(reinterpret_cast<std::uintptr_t>(p) % files::columnar::alignment == 0);
}

TEST_CASE("A Moontide file holds shapes, columns and rows can be selected") {
  const Folder folder;
  const data::Frame frame = files::read(fixture("map.geojson"));
  files::write(frame, folder / "x.mtf");
  files::ReadOptions options;
  options.csv.columns = {"pop"};
  options.csv.rows = 2;
  const data::Frame back = files::read(folder / "x.mtf", options);
  CHECK(texts(back, "pop") == Texts{"10", "20"});
  REQUIRE(back.geometry());
  CHECK(back.geometry()->projection == frame.geometry()->projection);
  CHECK(back.geometry()->path(0, 1).hole);
  CHECK(back.geometry()->path(1, 1).x[0] == 104);
}

TEST_CASE("Empty frames") {
  const Folder folder;
  const data::Frame none = every_type().take(std::vector<std::uint32_t>{});
  for (const std::string name : {"x.mtf", "x.dta", "x.xlsx", "x.json", "x.csv"}) {
    INFO(name);
    files::write(none, folder / name);
    CHECK(files::read(folder / name).rows() == 0);
  }
}

TEST_CASE("Damaged Moontide files") {
  const Folder folder;
  const std::string path = folder / "x.mtf";
  files::write(every_type(), path);
  const std::string whole = content(path);
  const auto message = [&](const std::string& bytes) {
    put(path, bytes);
    return reading_error(path).message();
  };
  CHECK(message(whole.substr(0, 40)).find("truncated within its header") != std::string::npos);
  CHECK(message(whole.substr(0, whole.size() - 1)).find("but was written with") != std::string::npos);
  std::string bytes = whole;
  bytes[20] ^= 1;
  CHECK(message(bytes).find("its header does not fit its checksum") != std::string::npos);
  bytes = whole;
  bytes[bytes.size() - 5] ^= 1;
  CHECK(message(bytes).find("its directory does not fit its checksum") != std::string::npos);
  bytes = whole;
  std::swap(bytes[8], bytes[11]);
  std::swap(bytes[9], bytes[10]);
  CHECK(message(bytes).find("other byte order") != std::string::npos);
  // A directory that claims 10^12 rows, with checksums that fit.
  bytes = whole;
  const std::size_t at = bytes.find("\"rows\":4");
  bytes.replace(at, 8, "\"rows\":9");
  CHECK(message(files::columnar::sealed(bytes)).find("block 'values' has 32 bytes") != std::string::npos);
  // Every byte of the file in turn: an error or a frame, never a crash.
  for (std::size_t i = 0; i < whole.size(); ++i) {
    bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x41);
    put(path, files::columnar::sealed(bytes));
    try {
      const data::Frame frame = files::read(path);
      for (const std::string& name : frame.names()) texts(frame, name);
    } catch (const core::Error& error) {
      CHECK(error.message().find(path) != std::string::npos);
    }
  }
}
