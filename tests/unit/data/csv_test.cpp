#include "data/csv.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "support/temporary.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <random>

using Catch::Matchers::Contains;
using data::CsvOptions;
using data::CsvReport;
using data::Frame;
using data::Type;
using std::string_literals::operator""s;

namespace {

/// Reads text as a file of that content.
Frame read(const std::string& text, const CsvOptions& options = {}, CsvReport* report = nullptr) {
  const support::TemporaryFile file("test.csv", text);
  return data::read_csv(file.path(), options, report);
}

std::string error_of(const std::string& text, const CsvOptions& options = {}) {
  try {
    read(text, options);
  } catch (const core::Error& error) {
    std::string out = error.message();
    for (const std::string& hint : error.hints()) out += "\n" + hint;
    return out;
  }
  return "no error";
}

std::vector<std::string> texts(const Frame& frame, const std::string& name) {
  std::vector<std::string> out;
  const data::ColumnPtr column = frame.at(name);
  for (std::size_t i = 0; i < column->size(); ++i) out.push_back(column->text(i));
  return out;
}
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("every type is found, and missing markers are missing in each") {
  const Frame f = read(
      "i,x,b,d,t\n"
      "1,1.5,true,2020-02-29,abc\n"
      "NA,NA,NA,NA,NA\n"
      ".,.,.,.,.\n"
      ",,,,\n"
      "NaN,NaN,NaN,NaN,NaN\n"
      "-7,-2e-3,FALSE,1969-12-31, padded \n");
  CHECK(f.rows() == 6);
  CHECK(f.at("i")->type() == Type::integer);
  CHECK(f.at("x")->type() == Type::real);
  CHECK(f.at("b")->type() == Type::boolean);
  CHECK(f.at("d")->type() == Type::date);
  CHECK(f.at("t")->type() == Type::text);
  for (const std::string& name : f.names()) CHECK(f.at(name)->count_missing() == 4);
  CHECK(f.at("i")->integers()[5] == -7);
  CHECK(f.at("x")->reals()[5] == -0.002);
  CHECK(f.at("b")->booleans()[5] == 0);
  CHECK(f.at("d")->text(5) == "1969-12-31");
  CHECK(f.at("t")->text(5) == "padded");
}

TEST_CASE("columns widen only as far as needed") {
  const Frame f = read("a,b,c,d,e,f\n1,1,true,2020-01-01,1,\n2,2.5,1,x,00701,\n");
  CHECK(f.at("a")->type() == Type::integer);
  CHECK(f.at("b")->type() == Type::real);
  CHECK(f.at("c")->type() == Type::text);
  CHECK(f.at("d")->type() == Type::text);
  CHECK(texts(f, "e") == Texts{"1", "00701"});
  CHECK(f.at("f")->type() == Type::real);  // nothing in it
  CHECK(f.at("f")->count_missing() == 2);
}

TEST_CASE("numbers are read exactly") {
  const Frame f = read(
      "x\n0.1\n3.141592653589793\n1.7976931348623157e308\n5e-324\n123456789012345678\n-0.0\n.5\n5.\n1E5\n"
      "9007199254740993\n0.30000000000000004\n+2\ninf\n-Infinity\n");
  const auto x = f.at("x")->reals();
  CHECK(x[0] == 0.1);
  CHECK(x[1] == 3.141592653589793);
  CHECK(x[2] == 1.7976931348623157e308);
  CHECK(x[3] == 5e-324);
  CHECK(x[4] == 123456789012345678.0);
  CHECK(std::signbit(x[5]));
  CHECK(x[6] == 0.5);
  CHECK(x[7] == 5);
  CHECK(x[8] == 1e5);
  CHECK(x[9] == 9007199254740992.0);
  CHECK(x[10] == 0.30000000000000004);
  CHECK(x[11] == 2);
  CHECK(std::isinf(x[12]));
  CHECK(x[13] == -HUGE_VAL);
  CHECK(read("x\n1e999\n").at("x")->type() == Type::text);
  CHECK(read("x\n1_000\n-\n1e\n0x10\n").at("x")->type() == Type::text);
}

TEST_CASE("the fast and the careful way to read a number agree") {
  // A quoted number takes the careful way.
  std::mt19937_64 random(20240101);
  std::string text = "fast,careful\n";
  for (int i = 0; i < 20000; ++i) {
    std::string number;
    const auto digits = random() % 20 + 1;
    for (std::uint64_t k = 0; k < digits; ++k) number += static_cast<char>('0' + random() % 10);
    if (number[0] == '0') number[0] = '1';
    number.insert(1 + random() % number.size(), ".");
    if (random() % 2) number.insert(0, "-");
    text += number + ",\"" + number + "\"\n";
  }
  const Frame f = read(text);
  REQUIRE(f.at("careful")->type() == Type::real);
  for (std::size_t i = 0; i < f.rows(); ++i) REQUIRE(f.at("fast")->reals()[i] == f.at("careful")->reals()[i]);
}

TEST_CASE("integers beyond 64 bits make a double column, with a note") {
  CsvReport report;
  const Frame f = read("id\n9223372036854775807\n9223372036854775808\n", {}, &report);
  CHECK(f.at("id")->type() == Type::real);
  CHECK(f.at("id")->reals()[1] == 9223372036854775808.0);
  REQUIRE(report.notes.size() == 1);
  CHECK_THAT(report.notes[0], Contains("'id' has integers beyond 64 bits"));
  CHECK(read("id\n9223372036854775807\n-9223372036854775807\n").at("id")->type() == Type::integer);
}

TEST_CASE("quotes protect delimiters, line ends and quotes") {
  const Frame f =
      read("name,x\n\"a,b\",1\n\"two\nlines\",2\n\"say \"\"hi\"\"\",3\n\"\",4\n \"padded\" , 5\n\"NA\",\"6\"\n");
  CHECK(texts(f, "name") == Texts{"a,b", "two\nlines", "say \"hi\"", "", "padded", "NA"});
  CHECK(f.at("name")->count_missing() == 1);  // "" is missing; a quoted NA is a word
  CHECK(f.at("x")->type() == Type::integer);
  const CsvOptions plain{.quote = '\0'};
  CHECK(texts(read("a,b\n\"x,y\"\n", plain), "a") == Texts{"\"x"});
  CHECK(texts(read("a,b\n5\" pipe,y\n"), "a") == Texts{"5\" pipe"});
}

TEST_CASE("line ends of every kind, with and without the last one") {
  for (const std::string& end : {"\n"s, "\r\n"s, "\r"s})
    for (const bool last : {true, false}) {
      const Frame f = read("a,b" + end + "1,x" + end + end + "2,y" + (last ? end : ""));
      CHECK(f.rows() == 2);
      CHECK(f.at("a")->integers()[1] == 2);
      CHECK(texts(f, "b") == Texts{"x", "y"});
    }
  CHECK(texts(read("a\n1\n\n3\n"), "a") == Texts{"1", "", "3"});  // one column: a blank line is a value
}

TEST_CASE("delimiters are told apart") {
  CsvReport report;
  CHECK(read("a;b\n1,5;2\n3,5;4\n", {}, &report).at("a")->reals()[0] == 1.5);
  CHECK(report.delimiter == ";");
  REQUIRE(report.notes.size() == 1);
  CHECK_THAT(report.notes[0], Contains("decimal sign is taken to be ','"));
  CHECK(texts(read("1,5;2,5;x\n3,5;4,5;y\n"), "V1") == Texts{"1.5", "3.5"});
  CHECK(read("a\tb\n1,000\tx\n").width() == 2);
  CHECK(read("a|b|c\n1|2|3\n").width() == 3);
  CHECK(read("a,b\n\"1;2;3\",\"x;y\"\n").width() == 2);
  CHECK(read("just one column\nhello\n").width() == 1);
  CHECK(texts(read("  a   b\n 1  \"x  y\"\n\t2\tz  \n", {.delimiter = "whitespace"}), "b") == Texts{"x  y", "z"});
  CHECK(read("a b\n1 2\n", {.delimiter = " "}).at("b")->integers()[0] == 2);
  CHECK(read("a;b\n3.582;2,5\n2.507;8,6\n").at("a")->numbers() == std::vector<double>{3582, 2507});
  CHECK(read("a;b\n3.582;2\n2.5;8\n").at("a")->numbers() == std::vector<double>{3.582, 2.5});
  CHECK(read("a;b\n1,5;2\n", {.decimal = '.'}).at("a")->type() == Type::text);
  CHECK_THAT(error_of("a,b\n", {.delimiter = ",,"}), Contains("',,' cannot be a delimiter"));
  CHECK_THAT(error_of("a,b\n", {.delimiter = ",", .decimal = ','}), Contains("both delimiter and decimal"));
}

TEST_CASE("headers are found, completed, or denied") {
  CsvReport report;
  CHECK(read("1,2\n3,4\n", {}, &report).names() == Texts{"V1", "V2"});
  CHECK_FALSE(report.header);
  CHECK(read("x,x,,x_2\n1,2,3,4\n").names() == Texts{"x", "x_3", "V3", "x_2"});
  CHECK(read("city,2011,2012\nRome,1.5,2.5\n").names() == Texts{"city", "2011", "2012"});
  CHECK(read("1,2\n", {.header = true}).names() == Texts{"1", "2"});
  CHECK(read("a,b\nc,d\n", {.header = false}).rows() == 2);
  const Frame only = read("a,b\n");
  CHECK(only.rows() == 0);
  CHECK(only.names() == Texts{"a", "b"});
  const Frame r = read("\"a\" \"b\"\n\"1\" 3 4\n\"2\" 5 6\n", {.delimiter = " "}, &report);
  CHECK(r.names() == Texts{"V1", "a", "b"});
  CHECK_THAT(report.notes.at(0), Contains("the first is called V1"));
  CHECK(read("source: x\nmore, of, it\na,b\n1,2\n", {.skip = 2}).names() == Texts{"a", "b"});
}

TEST_CASE("options choose columns, rows, types and missing words") {
  const std::string text = "a,b,c\n1,x,-9\n2,y,5\n3,z,6\n";
  CHECK(read(text, {.columns = {"c", "a"}}).names() == Texts{"c", "a"});
  CHECK(read(text, {.rows = 2}).rows() == 2);
  CHECK(read(text, {.rows = 0}).rows() == 0);
  CHECK(read(text, {.rows = 99}).rows() == 3);
  CHECK(read(text, {.na = {"-9"}}).at("c")->count_missing() == 1);
  CHECK(read(text, {.types = {{"a", Type::text}}}).at("a")->type() == Type::text);
  CHECK(read(text, {.types = {{"a", Type::real}}}).at("a")->reals()[2] == 3);
  const auto category = read("g\nlow\nhigh\nlow\n", {.types = {{"g", Type::category}}}).at("g");
  CHECK(category->type() == Type::category);
  CHECK(*category->dictionary() == Texts{"high", "low"});
  CHECK(category->codes()[0] == 1);
  CHECK_THAT(error_of(text, {.columns = {"aa"}}), Contains("no column 'aa'") && Contains("did you mean 'a'?"));
  CHECK_THAT(error_of(text, {.columns = {"a", "a"}}), Contains("named twice"));
  CHECK_THAT(error_of(text, {.types = {{"b", Type::real}}}), Contains("line 2, column 3: 'x' is not a number"));
}

TEST_CASE("what is wrong is told with line and column") {
  CHECK_THAT(error_of("a,b\n1,2\n3\n"),
             Contains("line 3, column 2: the row ends after 1 cell of 2") && Contains("fill=true"));
  CHECK_THAT(error_of("a,b\n1,2\n3,4,5\n"), Contains("line 3, column 4: more than the 2 cells of the first row"));
  CHECK_THAT(error_of("a,b\n1,\"x\n3,4\n"), Contains("line 2, column 3: a quoted cell starts here and never ends"));
  CHECK_THAT(error_of("a,b\n1,\"x\"y\n"), Contains("line 2, column 6: text after a closing quote"));
  CHECK_THAT(error_of("a,b\n1,x\0y\n"s), Contains("line 2, column 4: a NUL byte"));
  CHECK_THAT(error_of(""), Contains("is empty"));
  CHECK_THAT(error_of("\xEF\xBB\xBF"), Contains("is empty"));
  CHECK_THAT(error_of("\n \n\r\n"), Contains("has no line that is not blank"));
  CHECK_THAT(error_of("a,b\n1,2\n", {.skip = 5}), Contains("after those skipped"));
  const Frame filled = read("a,b,c\n1,x\n2\n3,y,z\n", {.fill = true});
  CHECK(texts(filled, "b") == Texts{"x", "", "y"});
  CHECK(texts(filled, "c") == Texts{"", "", "z"});
  CHECK_THROWS_WITH(data::read_csv("/nowhere/x.csv"), Contains("no file '/nowhere/x.csv'"));
  CHECK_THROWS_WITH(data::read_csv("/"), Contains("is a folder"));
  const support::TemporaryFile file("cities.csv", "a\n1\n");
  const std::string wrong = file.path().substr(0, file.path().size() - 10) + "citeis.csv";
  try {
    data::read_csv(wrong);
    FAIL("no error");
  } catch (const core::Error& error) {
    CHECK_THAT(error.hints().at(0), Contains("did you mean '" + file.path() + "'?"));
  }
}

TEST_CASE("encodings are found") {
  CsvReport report;
  const std::string city = "\xE5\x8C\x97\xE4\xBA\xAC";  // Beijing
  CHECK(texts(read("\xEF\xBB\xBF"
                   "city,x\n" +
                       city + ",1\n",
                   {}, &report),
              "city") == Texts{city});
  CHECK(report.encoding == "UTF-8");
  CHECK(report.notes.empty());

  CHECK(texts(read("city,x\n\xB1\xB1\xBE\xA9,1\n", {}, &report), "city") == Texts{city});
  CHECK(report.encoding == "GB18030");
  CHECK_THAT(report.notes.at(0), Contains("read as GB18030"));

  CHECK(texts(read("city,x\nS\xE3o Paulo,1\n", {}, &report), "city") == Texts{"S\xC3\xA3o Paulo"});
  CHECK(report.encoding == "WINDOWS-1252");

  std::u16string wide = u"city,x\n\u5317\u4EAC,1\n";
  std::string little;
  std::string big;
  for (const char16_t c : wide) {
    const auto low = static_cast<char>(c & 0xFF);
    const auto high = static_cast<char>(c >> 8);
    little += {low, high};
    big += {high, low};
  }
  for (const std::string& mark : {""s, "\xFF\xFE"s}) CHECK(texts(read(mark + little), "city") == Texts{city});
  for (const std::string& mark : {""s, "\xFE\xFF"s}) CHECK(texts(read(mark + big), "city") == Texts{city});
  CHECK(texts(read(little, {.encoding = "UTF-16LE"}), "city") == Texts{city});
  CHECK(texts(read("city\ncaf\xE9\n", {.encoding = "latin1"}), "city") == Texts{"caf\xC3\xA9"});
  CHECK_THAT(error_of("a\nb\n", {.encoding = "latin-one"}), Contains("unknown encoding 'latin-one'"));
  CHECK_THAT(error_of("a\nb\xFF\n", {.encoding = "UTF-8"}), Contains("line 2, column 2: not UTF-8"));
  CHECK_THAT(error_of("abc\n\xFF", {.encoding = "GB18030"}), Contains("is not GB18030"));
}

namespace {

/// A file of several chunks with quoted line ends, blank lines, and text from row `late` on in a column of integers.
std::string long_file(int rows, int late) {
  std::string text = "id,x,word,note\n";
  for (int i = 0; i < rows; ++i) {
    text += i < late ? std::to_string(i) : "n" + std::to_string(i);
    text += "," + std::to_string(i) + ".25,w" + std::to_string(i % 977) + ",";
    text += i % 11 == 0 ? "\"two\nlines, \"\"" + std::to_string(i) + "\"\"\"\n" : "plain\n";
    if (i % 5000 == 0) text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("late surprises, quoted line ends and any number of threads give the same frame") {
  const int rows = 120000;  // about 4 MB: several chunks
  const support::TemporaryFile file("long.csv", long_file(rows, 119990));
  const int before = core::threads();
  for (const int threads : {1, 2, 3}) {
    core::set_threads(threads);
    CsvReport report;
    const Frame f = data::read_csv(file.path(), {}, &report);
    REQUIRE(f.rows() == rows);
    CHECK(f.at("id")->type() == Type::text);
    CHECK_THAT(report.notes.at(0), Contains("column 'id' is a string: line 130925 has 'n119990'"));
    for (std::size_t i = 0; i < rows; i += 7) {
      const std::string number = std::to_string(i);
      REQUIRE(f.at("id")->text(i) == (i < 119990 ? number : "n" + number));
      REQUIRE(f.at("x")->reals()[i] == static_cast<double>(i) + 0.25);
      REQUIRE(f.at("word")->codes()[i] == static_cast<std::int32_t>(i % 977));
      REQUIRE(f.at("note")->text(i) == (i % 11 == 0 ? "two\nlines, \"" + number + "\"" : "plain"));
    }
  }
  core::set_threads(before);
  CHECK(data::read_csv(file.path(), {.rows = 50000}).at("x")->reals()[49999] == 49999.25);
}

TEST_CASE("a stray quote does not mislead the chunks after it") {
  std::string text = "a,b\n";
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + (i == 100 ? ",5\" pipe\n" : ",word\n");
  const Frame f = read(text);
  REQUIRE(f.rows() == 200000);
  CHECK(f.at("a")->integers()[199999] == 199999);
  CHECK(f.at("b")->text(100) == "5\" pipe");
  CHECK_THAT(error_of(text + "1\n"), Contains("line 200002, column 2: the row ends after 1 cell of 2"));
}

TEST_CASE("a cell longer than a chunk") {
  const std::string big(3 << 20, 'x');
  const Frame f = read("a,b\n1,\"" + big + "\n" + big + "\"\n2,y\n");
  REQUIRE(f.rows() == 2);
  CHECK(f.at("b")->text(0).size() == 2 * big.size() + 1);
  CHECK(f.at("b")->text(1) == "y");
}

TEST_CASE("what is written reads back the same") {
  const double nan = std::nan("");
  const auto levels = std::make_shared<Texts>(Texts{"low", "high, really"});
  const Frame frame =
      Frame("out")
          .with("x", data::Column::reals({0.1, nan, -1e300, HUGE_VAL, 1.0 / 3}))
          .with("n", data::Column::integers({1, data::missing_integer, -5, 9223372036854775807, 0}))
          .with("b", data::Column::booleans({1, 0, data::missing_boolean, 1, 0}))
          .with("d", data::Column::dates({0, 18336, data::missing_integer, -1, 1}))
          .with("a \"name\", quoted", data::Column::texts(Texts{"a,b", "", "say \"hi\"", "NA", " blanks "}))
          .with("lines", data::Column::texts(Texts{"one\ntwo", ".", "\r", "007", "\xE5\x8C\x97"}))
          .with("c", data::Column::categories({1, 0, -1, 1, 0}, levels));
  const support::TemporaryFile file("out.csv", "");
  for (const char delimiter : {',', ';', '\t'}) {
    data::write_csv(frame, file.path(), delimiter);
    const Frame back = data::read_csv(file.path(), {.delimiter = std::string(1, delimiter)});
    REQUIRE(back.names() == frame.names());
    for (const std::string& name : frame.names()) {
      CHECK(texts(back, name) == texts(frame, name));
      if (name != "c") CHECK(back.at(name)->type() == frame.at(name)->type());
    }
  }
  data::write_csv(frame.selected(Texts{"d"}), file.path());
  CHECK(texts(data::read_csv(file.path()), "d") == texts(frame, "d"));
  CHECK_THROWS_WITH(data::write_csv(frame, "/nowhere/x.csv"), Contains("cannot write '/nowhere/x.csv'"));
}

TEST_CASE("random bytes give a frame or a named error, never anything else") {
  std::mt19937_64 random(7);
  const std::string seed =
      "id,name,x,when\n1,\"a, \"\"b\"\"\",1.5,2020-01-01\r\n2,NA,-3e5,.\n3,\xE5\x8C\x97,inf,2021-12-31\n";
  const std::string alphabet = "\",;\t|\n\r \0.-+eE0123456789NAtruefalse\xFF\xFE\xEF\xBB\xBF\xB1\x1A\\'"s;
  for (int round = 0; round < 1000; ++round) {
    std::string text = round % 3 == 0 ? "" : seed;
    const auto changes = random() % 30 + 1;
    for (std::uint64_t i = 0; i < changes; ++i) {
      const char c = alphabet[random() % alphabet.size()];
      const std::size_t at = text.empty() ? 0 : random() % text.size();
      if (text.empty() || random() % 3 == 0)
        text.insert(at, 1, c);
      else if (random() % 2 == 0)
        text.erase(at, random() % 5);
      else
        text[at] = c;
    }
    CsvOptions options;
    options.fill = random() % 2 == 0;
    if (random() % 8 == 0) options.delimiter = "whitespace";
    if (random() % 8 == 0) options.rows = random() % 4;
    if (random() % 8 == 0) options.skip = random() % 4;
    if (random() % 8 == 0) options.header = random() % 2 == 0;
    try {
      const Frame frame = read(text, options);
      for (const std::string& name : frame.names()) REQUIRE(frame.at(name)->size() == frame.rows());
    } catch (const core::Error& error) {
      REQUIRE_FALSE(error.message().empty());
    }
  }
}
