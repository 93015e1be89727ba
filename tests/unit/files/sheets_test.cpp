#include "files/grid.hpp"
#include "helpers.hpp"

using namespace testing_files;

namespace {

files::ReadOptions sheet(const std::string& name, const std::string& range = "") {
  files::ReadOptions options;
  options.sheet = name;
  options.range = range;
  options.given = {"sheet"};
  return options;
}

}  // namespace

TEST_CASE("An Excel sheet with a range") {
  const data::Frame frame = files::read(fixture("book.xlsx"), sheet("2019", "B3"));
  CHECK(frame.names() == Texts{"city", "n", "y", "day", "ok", "mixed"});
  CHECK(texts(frame, "city") == Texts{"Beijing", "上海", "007"});
  CHECK(frame.at("n")->type() == data::Type::integer);
  CHECK(texts(frame, "y") == Texts{"0.1", ".", "1e-10"});
  CHECK(frame.at("day")->type() == data::Type::date);
  CHECK(texts(frame, "day") == Texts{"2019-01-01", "2020-02-29", "."});
  CHECK(frame.at("ok")->type() == data::Type::boolean);
  CHECK(texts(frame, "mixed") == Texts{"1", ".", "x"});
  const data::Frame part = files::read(fixture("book.xlsx"), sheet("1", "C3:D4"));
  CHECK(part.names() == Texts{"n", "y"});
  CHECK(part.rows() == 1);
}

TEST_CASE("An Excel sheet by number, with an error cell") {
  files::Report report;
  const data::Frame frame = files::read(fixture("book.xlsx"), sheet("2"), &report);
  CHECK(texts(frame, "a").size() >= 2);
  CHECK(texts(frame, "b")[1] == "y");
}

TEST_CASE("Excel files of the old kind are refused: their reader could be made to write past its memory") {
  const Folder folder;
  put(folder / "x.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more");
  CHECK(reading_error(folder / "x.xls").message().find("an Excel file of the old kind (.xls)") != std::string::npos);
}

TEST_CASE("Sheets and ranges that are not there") {
  const core::Error error = reading_error(fixture("book.xlsx"), sheet("2018"));
  CHECK(error.message() == "no sheet '2018' in '" + fixture("book.xlsx") + "'");
  CHECK(error.hints().at(0).find("2019") != std::string::npos);
  CHECK(reading_error(fixture("book.xlsx"), sheet("2019", "H30:K40")).message().find("nothing is in the range") !=
        std::string::npos);
  for (const std::string bad : {"", ":", "3", "B", "B3:", "B3:C", "ZZZZ1", "B0", "C3:B4", "B3:C4:D5", "a b"}) {
    if (bad.empty()) continue;
    INFO(bad);
    CHECK(error_of([&] { files::parse_range(bad); }).message().find("range \"") == 0);
  }
  const files::SheetRange range = files::parse_range("$B$3:aa40");
  CHECK(range.first_row == 2);
  CHECK(range.last_row == 39);
  CHECK(range.first_column == 1);
  CHECK(range.last_column == 26);
  CHECK(files::parse_range("B:F").last_column == 5);
  CHECK(files::parse_range("3:40").first_row == 2);
}

TEST_CASE("Excel's days") {
  CHECK(files::from_serial(43831, false).number == 18262);  // 2020-01-01
  CHECK(files::from_serial(1, false).number == -25567);     // 1900-01-01
  CHECK(files::from_serial(61, false).number == -25508);    // 1900-03-01
  CHECK(files::from_serial(0, true).number == -24107);      // 1904-01-01
  CHECK(files::from_serial(43831.5, false).text == "2020-01-01 12:00:00");
  CHECK(files::from_serial(0.25, false).text == "06:00:00");
  CHECK(files::from_serial(-1, false).kind == files::SheetValue::Kind::number);
}

TEST_CASE("An OpenDocument sheet") {
  const data::Frame frame = files::read(fixture("table.ods"));
  CHECK(texts(frame, "city") == Texts{"Beijing", "上海"});
  CHECK(texts(frame, "n") == Texts{"1", "2"});
  CHECK(texts(frame, "y") == Texts{"0.5", "."});
  CHECK(texts(frame, "day") == Texts{"2019-01-01", "2020-02-29"});
  CHECK(frame.at("day")->type() == data::Type::date);
}

TEST_CASE("What we write as Excel reads back the same") {
  const Folder folder;
  const data::Frame frame = every_type();
  files::WriteOptions options;
  options.sheet = "数据";
  files::write(frame, folder / "x.xlsx", options);
  const data::Frame back = files::read(folder / "x.xlsx", sheet("数据"));
  CHECK(back.names() == frame.names());
  for (const std::string name : {"id", "y", "name", "kind", "ok"}) CHECK(texts(back, name) == texts(frame, name));
  CHECK(texts(back, "day") == Texts{"1970-01-01", ".", "2020-02-29", "1960-01-01"});
  CHECK(folder.files() == 1);
  options.sheet = "a/b";
  CHECK(error_of([&] { files::write(frame, folder / "y.xlsx", options); }).message() ==
        "\"a/b\" is no name for an Excel sheet");
  CHECK(folder.files() == 1);
}

TEST_CASE("Damaged sheets") {
  const Folder folder;
  for (const std::string name : {"book.xlsx", "table.ods"}) {
    const std::string whole = content(fixture(name));
    const std::string path = folder / name;
    for (const double part : {0.1, 0.5, 0.95}) {
      put(path, whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size()))));
      CHECK(reading_error(path).message().find("'" + path + "'") != std::string::npos);
    }
    std::string spoilt = whole;
    // three quarters reach into the cells; headers before the parts are not read, the list of contents counts
    for (std::size_t i = 100; i < spoilt.size() / 4 * 3; i += 7) spoilt[i] = static_cast<char>(spoilt[i] ^ 0x55);
    put(path, spoilt);
    CHECK(reading_error(path).message().find("'" + path + "'") != std::string::npos);
  }
}
