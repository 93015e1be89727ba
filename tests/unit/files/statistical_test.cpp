#include "data/display_format.hpp"
#include "helpers.hpp"

using namespace testing_files;

namespace {

void check_cities(const data::Frame& frame, const std::string& second) {
  CHECK(texts(frame, "city") == Texts{"Beijing", second, "Xi'an, old", ".", "Chengdu"});
  CHECK(texts(frame, "year") == Texts{"2011", "2012", ".", "2014", "2015"});
  CHECK(texts(frame, "gdp") == Texts{"1.5", "0.1", ".", "-1e+300", "12345678.9"});
  CHECK(texts(frame, "day") == Texts{"2011-03-15", "1959-12-31", ".", "2020-02-29", "1970-01-01"});
  CHECK(frame.at("day")->type() == data::Type::date);
}

bool has_note(const files::Report& report, const std::string& part) {
  for (const std::string& note : report.notes)
    if (note.find(part) != std::string::npos) return true;
  for (const std::string& note : report.notes) UNSCOPED_INFO(note);
  return false;
}

}  // namespace

TEST_CASE("Stata files of every version haven and foreign write") {
  for (const std::string version : {"8", "10", "12", "13"})
    check_cities(files::read(fixture("cities_stata" + version + ".dta")), "Shanghai");
  for (const std::string version : {"14", "15"}) {
    files::Report report;
    const data::Frame frame = files::read(fixture("cities_stata" + version + ".dta"), {}, &report);
    check_cities(frame, "上海");
    CHECK(frame.name() == "cities_stata" + version);
    CHECK(frame.at("gdp")->label() == "GDP, 100 million yuan");
    CHECK(frame.at("kind")->label() == "Kind of city");
    CHECK(frame.at("kind")->type() == data::Type::category);
    CHECK(texts(frame, "kind") == Texts{"coastal", "inland", "inland", ".", "border"});
    CHECK(frame.at("kind")->number(4) == 5);
    CHECK(frame.at("some")->type() == data::Type::real);
    CHECK(has_note(report, "'some' is kept as numbers"));
    CHECK(texts(frame, "refused") == Texts{"10", ".", ".", ".", "5"});
    CHECK(has_note(report, "'refused': missing are 2 times .a (does not know), 1 times .z"));
    CHECK(texts(frame, "moment")[0] == "2011-03-15 12:30:00");
    CHECK(texts(frame, "moment")[1] == "2011-03-15 00:00:00");
  }
  for (const std::string name : {"foreign6.dta", "foreign7.dta"}) {
    const data::Frame frame = files::read(fixture(name));
    CHECK(texts(frame, "y") == Texts{"1.5", ".", "2.5"});
    CHECK(texts(frame, "s") == Texts{"a", "bc", "d"});
  }
}

TEST_CASE("Stata periods stay numbers that their formats show") {
  const Folder folder;
  const data::Frame frame = files::read(fixture("periods.dta"));
  files::write(frame, folder / "back.dta");
  for (const data::Frame& read : {frame, files::read(folder / "back.dta")}) {
    const auto shown = [&](const std::string& name) {
      Texts out;
      for (std::size_t row = 0; row < 3; ++row)
        out.push_back(data::formatted_text(*read.at(name), row).value_or("no format"));
      return out;
    };
    CHECK(texts(read, "m") == Texts{"0", "13", "-1"});
    CHECK(shown("m") == Texts{"1960m1", "1961m2", "1959m12"});
    CHECK(shown("q") == Texts{"1960q1", "1961q2", "1959q4"});
    CHECK(shown("h") == Texts{"1960h1", "1961h2", "1959h2"});
    CHECK(shown("w") == Texts{"1960w1", "1961w2", "1960w11"});
    CHECK(texts(read, "y") == Texts{"1960", "2011", "1999"});
  }
}

TEST_CASE("display formats go into Stata files and come back") {
  const Folder folder;
  data::Frame frame("f");
  frame = frame.with("x", data::Column::reals({1.5, -2})->formatted("%12.3fc"));
  frame = frame.with("day", data::Column::dates({18000, 0})->formatted("%tdCCYY-NN-DD"));
  frame = frame.with("moment", data::Column::dates({18000, -3653})->formatted("%tc"));
  frame = frame.with("s", data::Column::texts(std::vector<std::string>{"a", "b"})->formatted("%-20s"));
  for (const std::string name : {"f.dta", "f.mtf"}) {
    files::write(frame, folder / name);
    const data::Frame back = files::read(folder / name);
    for (const std::string& column : frame.names()) {
      CHECK(back.at(column)->format() == frame.at(column)->format());
      CHECK(texts(back, column) == texts(frame, column));
      CHECK(back.at(column)->type() == frame.at(column)->type());
    }
  }
}

TEST_CASE("Stata long strings") {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "long ";
  CHECK(texts(files::read(fixture("strl.dta")), "text") == Texts{text, "short"});
}

TEST_CASE("Old Stata files in Chinese: the encoding is found, or named") {
  files::Report report;
  CHECK(texts(files::read(fixture("chinese_stata13.dta"), {}, &report), "city")[1] == "上海市区");
  CHECK(has_note(report, "GB18030"));
  files::ReadOptions options;
  options.csv.encoding = "GB18030";
  options.given = {"encoding"};
  CHECK(texts(files::read(fixture("chinese_stata13.dta"), options), "city")[1] == "上海市区");
}

TEST_CASE("SPSS and SAS files") {
  for (const std::string name : {"cities.sav", "cities.zsav"}) {
    files::Report report;
    const data::Frame frame = files::read(fixture(name), {}, &report);
    check_cities(frame, "上海");
    CHECK(texts(frame, "kind") == Texts{"coastal", "inland", "inland", ".", "border"});
    CHECK(texts(frame, "code") == Texts{"yes", "no", ".", "yes", "."});
    CHECK(has_note(report, "'code': missing are 1 times a value declared missing"));
    CHECK(texts(frame, "moment")[0] == "2011-03-15 12:30:00");
  }
  const data::Frame sas = files::read(fixture("cities.sas7bdat"));
  check_cities(sas, "Shanghai");
  CHECK(sas.at("gdp")->label() == "GDP, 100 million yuan");
  const data::Frame transport = files::read(fixture("cities.xpt"));
  CHECK(texts(transport, "city") == Texts{"Beijing", "Shanghai", "Xi'an, old", ".", "Chengdu"});
  CHECK(texts(transport, "day") == Texts{"2011-03-15", "1959-12-31", ".", "2020-02-29", "1970-01-01"});
  const data::Frame portable = files::read(fixture("small.por"));
  CHECK(texts(portable, "Y") == Texts{"1.5", ".", "2.5"});
  CHECK(texts(portable, "S") == Texts{"a", "bc", "d"});
}

TEST_CASE("Columns, rows and labels of statistical files") {
  files::ReadOptions options;
  options.csv.columns = {"kind", "city"};
  options.csv.rows = 2;
  options.labels = false;
  options.given = {"columns", "rows", "labels"};
  for (const std::string name : {"cities_stata14.dta", "cities.sav"}) {
    const data::Frame frame = files::read(fixture(name), options);
    CHECK(frame.names() == Texts{"kind", "city"});
    CHECK(texts(frame, "kind") == Texts{"1", "2"});
  }
  options.csv.rows = 0;
  CHECK(files::read(fixture("cities_stata14.dta"), options).rows() == 0);
  options.csv.columns = {"citi"};
  const core::Error error = reading_error(fixture("cities_stata14.dta"), options);
  CHECK(error.message().find("no column 'citi' in '") == 0);
  CHECK(error.hints().at(0).find("did you mean 'city'?") == 0);
}

TEST_CASE("What we write as Stata reads back the same") {
  const Folder folder;
  for (const int version : {117, 118, 119}) {
    files::WriteOptions options;
    options.version = version;
    data::Frame frame = every_type();
    if (version == 117) frame = frame.with("name", data::Column::texts(std::vector<std::string>{"a", "b", "", "c"}));
    files::write(frame, folder / "x.dta", options);
    const data::Frame back = files::read(folder / "x.dta");
    // Stata has no booleans: they come back as the integers 0 and 1.
    CHECK(texts(back, "ok") == Texts{"0", "1", ".", "1"});
    check_same(frame.without("ok").without("big"), back.without("ok").without("big"));
    CHECK(texts(back, "big") == Texts{"-5e+09", ".", "9007199254740992", "0"});
  }
  CHECK(folder.files() == 1);
}

TEST_CASE("Stata: names, long strings and what does not fit") {
  const Folder folder;
  const std::string text(3000, 'x');
  data::Frame frame("f");
  frame = frame.with("log(gdp)", data::Column::reals({1, 1e308}));
  frame = frame.with("double", data::Column::texts(std::vector<std::string>{text, ""}));
  frame = frame.with("2011", data::Column::integers({1, 2}));
  files::Report report;
  files::write(frame, folder / "x.dta", {}, &report);
  const data::Frame back = files::read(folder / "x.dta");
  CHECK(back.names() == Texts{"log_gdp_", "double_", "_2011"});
  CHECK(texts(back, "double_") == Texts{text, "."});
  CHECK(texts(back, "log_gdp_") == Texts{"1", "."});
  CHECK(has_note(report, "'log(gdp)' is called 'log_gdp_'"));
  CHECK(has_note(report, "1 value beyond Stata's range"));
  files::WriteOptions old;
  old.version = 115;
  CHECK(error_of([&] { files::write(frame, folder / "y.dta", old); }).message().find("has text of 3000 bytes") !=
        std::string::npos);
  old.version = 116;
  CHECK(error_of([&] { files::write(frame, folder / "y.dta", old); }).message() ==
        "version 116 of the Stata format is not written");
  CHECK(folder.files() == 1);
}

TEST_CASE("Damaged statistical files") {
  const Folder folder;
  for (const std::string name : {"cities_stata8.dta", "cities_stata13.dta", "cities_stata14.dta", "cities.sav",
                                 "cities.zsav", "cities.sas7bdat"}) {
    const std::string whole = content(fixture(name));
    const std::string path = folder / name;
    for (const double part : {0.02, 0.3, 0.6}) {
      INFO(name << " " << part);
      put(path, whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size()))));
      const core::Error error = reading_error(path);
      CHECK(error.message().find("'" + path + "'") != std::string::npos);
      CHECK(!error.hints().empty());
    }
  }
  // A header that claims 10^9 rows.
  std::string bytes = content(fixture("cities_stata8.dta"));
  bytes[6] = bytes[7] = bytes[8] = '\x3b';
  put(folder / "many.dta", bytes);
  CHECK(reading_error(folder / "many.dta").message().find("its header claims") != std::string::npos);
}
