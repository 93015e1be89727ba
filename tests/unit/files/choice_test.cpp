// Which reader a file gets, which options it takes, and that writing never harms the old file.
#include "helpers.hpp"

#include <sys/resource.h>

#include <csignal>

using namespace testing_files;

TEST_CASE("The content decides before the ending") {
  const Folder folder;
  fs::copy_file(fixture("cities_stata14.dta"), folder / "x.csv");
  files::Report report;
  CHECK(files::read(folder / "x.csv", {}, &report).rows() == 5);
  CHECK(report.format == "a Stata file");
  CHECK(report.notes.at(0).find("is a Stata file by its content") != std::string::npos);
  put(folder / "x.dta", "city,y\nA,1\n");
  const core::Error error = reading_error(folder / "x.dta");
  CHECK(error.message().find("is not a Stata file: it begins with \"city,y\"") != std::string::npos);
  CHECK(error.hints().at(0) == "format=\"csv\" reads it as delimited text");
  files::ReadOptions options;
  options.format = "csv";
  CHECK(files::read(folder / "x.dta", options).names() == Texts{"city", "y"});
  options.format = "stata";
  CHECK(reading_error(folder / "x.dta", options).message() == "'stata' is not a format");
  put(folder / "y.xlsx", "");
  CHECK(reading_error(folder / "y.xlsx").message().find("is not an Excel file: it is empty") != std::string::npos);
  CHECK(reading_error(folder / "none.dta").message().find("no file '") == 0);
  CHECK(reading_error(folder.path.string()).message().find("Is a directory") != std::string::npos);
}

TEST_CASE("Options apply to some formats") {
  files::ReadOptions options;
  options.sheet = "1";
  options.given = {"rows", "sheet"};
  const core::Error error = reading_error(fixture("cities_stata14.dta"), options);
  CHECK(error.message() == "option 'sheet' does not apply to reading a Stata file");
  CHECK(error.hints().at(0) == "options that do: columns, rows, encoding, labels");
  const Folder folder;
  files::WriteOptions writing;
  writing.given = {"version"};
  CHECK(error_of([&] { files::write(every_type(), folder / "x.csv", writing); }).message() ==
        "option 'version' does not apply to writing delimited text");
  CHECK(error_of([&] { files::write(every_type(), folder / "x.sav"); }).message() ==
        "an SPSS file can be read, not written");
  CHECK(error_of([&] { files::write(every_type(), folder / "x.dtaa"); }).hints().at(0).find("did you mean 'dta'?") ==
        0);
}

namespace {

/// No file of this process may grow past `bytes` while it lives: a full disk, without one.
struct FileLimit {
  rlimit old{};
  explicit FileLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    const rlimit limit{bytes, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() { setrlimit(RLIMIT_FSIZE, &old); }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
};

}  // namespace

TEST_CASE("A full disk leaves the old file whole, and nothing beside it") {
  const Folder folder;
  std::vector<double> values(60000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i * 7919 % 104729) / 7;
  data::Frame frame("big");
  frame = frame.with("y", data::Column::reals(values)).with("z", data::Column::reals(values));
  const data::Frame map = files::read(fixture("map.geojson"));
  const data::Frame many_shapes = map.take(std::vector<std::uint32_t>(30000, 0));
  for (const std::string name : {"x.csv", "x.dta", "x.xlsx", "x.json", "x.jsonl", "x.mtf", "x.geojson"}) {
    INFO(name);
    const data::Frame& written = name == "x.geojson" ? many_shapes : frame;
    put(folder / name, "old");
    {
      const FileLimit limit(100000);
      const core::Error error = error_of([&] { files::write(written, folder / name); });
      CHECK(error.message().find("cannot write '") == 0);
    }
    CHECK(content(folder / name) == "old");
    CHECK(folder.files() == 1);
    files::write(written, folder / name);
    CHECK(files::read(folder / name).rows() == written.rows());
    fs::remove(folder / name);
  }
}
