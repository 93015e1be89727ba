#include "report/figure.hpp"

#include "core/error.hpp"
#include "report/gnuplot.hpp"
#include "report/plots.hpp"
#include "report/range.hpp"
#include "report/table.hpp"

#include <stdlib.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace fs = std::filesystem;
using report::Figure;
using report::Mark;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Figure simple() {
  Figure figure;
  figure.title = "a_b^c & <it's> `id` 100%";
  figure.x_label = "城市";
  figure.note = "note \"one\"";
  figure.series = {{.mark = Mark::points, .label = "x_1", .x = {1, 2, 3}, .y = {4, missing, 5}}};
  figure.x_ticks = {{1, "50%"}, {3, "-1"}};
  return figure;
}

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string saved(const Figure& figure, const std::string& ending) {
  std::string folder = (fs::temp_directory_path() / "moontide_figure_XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const fs::path path = fs::path(folder) / ("figure" + ending);
  report::save(figure, path.string());
  const std::string bytes = content(path);
  fs::remove_all(folder);
  return bytes;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// The value of an environment variable while this lives.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name), old_(getenv(name) ? getenv(name) : "") {
    setenv(name, value, 1);
  }
  ~Environment() { setenv(name_, old_.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::string old_;
};

}  // namespace

TEST_CASE("an svg shows labels as written, whatever gnuplot would make of them") {
  const std::string svg = saved(simple(), ".svg");
  CHECK_THAT(svg, Catch::Contains("a_b^c &amp; &lt;it's> `id` 100%</text>"));
  CHECK_THAT(svg, Catch::Contains("<title>a_b^c &amp; &lt;it's&gt; `id` 100%</title>"));
  CHECK_THAT(svg, Catch::Contains("<desc>note \"one\"</desc>"));
  CHECK_THAT(svg, Catch::Contains("城市</text>") && Catch::Contains("x_1</text>"));
  CHECK_THAT(svg, Catch::Contains(">50%</text>") && Catch::Contains(">−1</text>"));
  CHECK_THAT(svg, Catch::Contains("DejaVu Sans, Helvetica"));
  CHECK_THAT(svg, !Catch::Contains("GNUPLOT"));
}

TEST_CASE("the same figure gives the same bytes, and no date") {
  for (const char* ending : {".svg", ".png", ".pdf", ".txt"}) {
    INFO(ending);
    const std::string first = saved(simple(), ending);
    CHECK(first.size() > 100);
    CHECK((first == saved(simple(), ending)));
  }
  CHECK_THAT(saved(simple(), ".pdf"), Catch::Contains("/CreationDate (D:20000101000000"));
}

TEST_CASE("a missing value is left out, and a figure of nothing is an error") {
  const std::string script = report::gnuplot_script(simple(), report::Device::svg);
  CHECK_THAT(script, Catch::Contains("$data0 << END\n1 4\n2 NaN\n3 5\nEND\n"));
  Figure empty = simple();
  empty.series[0].y = {missing, missing, missing};
  CHECK_THROWS_WITH(report::gnuplot_script(empty, report::Device::svg), "the figure has no finite point to draw");
}

TEST_CASE("text in labels cannot leave its quotes") {
  Figure figure = simple();
  figure.title = "x'; system('touch /tmp/never'); '\nset output 'y'";
  const std::string script = report::gnuplot_script(figure, report::Device::svg);
  CHECK_THAT(script, Catch::Contains("set title 'x''; system(''touch /tmp/never''); '' set output ''y''' "));
}

TEST_CASE("without gnuplot the error says how to get it, and no file appears") {
  const Environment path("PATH", "/nonexistent");
  const fs::path target = fs::temp_directory_path() / "moontide_no_gnuplot.svg";
  try {
    report::save(simple(), target.string());
    FAIL("no error");
  } catch (const core::Error& error) {
    CHECK(error.message() == "gnuplot, which draws the figures, is not installed");
    REQUIRE(error.hints().size() == 1);
    CHECK_THAT(error.hints()[0], Catch::Contains("apt install gnuplot-nox"));
  }
  CHECK_FALSE(fs::exists(target));
}

TEST_CASE("gnuplot's own complaint is passed on") {
  CHECK_THROWS_WITH(report::run_gnuplot("set terminal svg\nplot nothing\n"),
                    Catch::StartsWith("gnuplot could not draw the figure: ") && Catch::Contains("nothing"));
}

TEST_CASE("unknown endings and folders that are not there are said") {
  CHECK_THROWS_WITH(report::save(simple(), "f.jpg"), "cannot save a figure: unknown ending '.jpg'");
  CHECK_THROWS_WITH(report::save(simple(), "/nonexistent/f.svg"),
                    "cannot write '/nonexistent/f.svg': No such file or directory");
}

TEST_CASE("an event study draws bars, a ring at the reference period and both guides") {
  const Figure figure = report::event_study_plot({{.time = 1, .estimate = 2, .low = 1, .high = 3},
                                                  {.time = -1, .reference = true},
                                                  {.time = 0, .estimate = 1, .low = 0.5, .high = 1.5}},
                                                 0.9, {.title = "T"});
  REQUIRE(figure.series.size() == 3);
  CHECK(figure.series[0].x == std::vector<double>{-1, 0, 1});
  CHECK(figure.series[0].y == std::vector<double>{0, 1, 2});
  CHECK(figure.series[1].mark == Mark::errorbars);
  CHECK(figure.series[1].x == std::vector<double>{0, 1});
  CHECK(figure.series[1].high == std::vector<double>{1.5, 3});
  CHECK(figure.series[2].hollow);
  CHECK(figure.series[2].x == std::vector<double>{-1});
  REQUIRE(figure.guides.size() == 2);
  CHECK_FALSE(figure.guides[0].vertical);
  CHECK(figure.guides[0].at == 0);
  CHECK(figure.guides[1].at == -0.5);
  CHECK(figure.note == "90% confidence intervals; ring: reference period");
  CHECK(figure.x_ticks.size() == 3);
  const std::string svg = saved(figure, ".svg");
  CHECK(count(svg, "xlink:href='#gpPt5'") == 2);  // the ring, and its definition's use
}

TEST_CASE("a placebo density integrates to one and names its bandwidth") {
  std::vector<double> draws;
  for (int i = 0; i < 200; ++i) draws.push_back(std::sin(i * 12.9898) * 0.1);
  const Figure figure = report::density_plot(draws, 0.3, 0.005);
  const report::Series& curve = figure.series.back();
  double area = 0;
  for (std::size_t i = 1; i < curve.x.size(); ++i)
    area += (curve.x[i] - curve.x[i - 1]) * (curve.y[i] + curve.y[i - 1]) / 2;
  CHECK(area == Approx(1).margin(0.005));  // three bandwidths beyond the ends leave out at most 0.3 %
  CHECK(figure.guides.back().at == 0.3);
  CHECK(figure.guides.back().label == "estimate 0.3");
  CHECK_THAT(figure.note,
             Catch::StartsWith("Gaussian kernel, bandwidth 0.02") && Catch::EndsWith("200 draws; p = 0.005"));
  CHECK_THROWS_WITH(report::density_plot({1, 1, missing}, 0), "a density needs at least two different values");
}

TEST_CASE("a placebo scatter counts the draws below its line") {
  const Figure figure = report::placebo_scatter({-1, 0, 1, 2}, {0.05, 0.9, 0.2, 0.01}, 1.5);
  CHECK(figure.note == "4 draws; 50.0% below p = 0.1");
  CHECK(figure.guides[0].at == 0.1);
  CHECK(figure.guides[1].at == 1.5);
  CHECK(figure.series[0].y == std::vector<double>{0.05, 0.9, 0.2, 0.01});
}

TEST_CASE("a figure in characters: discs, ring, intervals, guides, wide labels") {
  const Figure figure = report::event_study_plot({{.time = -1, .reference = true},
                                                  {.time = 0, .estimate = 1, .low = 0.2, .high = 1.8},
                                                  {.time = 1, .estimate = 2, .low = 1, .high = 3}},
                                                 0.95, {.title = "事件研究", .y_label = "ser"});
  CHECK("\n" + report::render_text(figure, 40, 16) == R"(
                事件研究
ser
  │         ┊                        │
  │         ┊                        │
  │         ┊                        │
2 ┤         ┊        │          ⣀⡠⠤⠒⠊●
  │         ┊        │    ⢀⣀⠤⠒⠊⠉     │
  │         ┊       ⢀●⠤⠔⠒⠉⠁          │
  │         ┊ ⣀⡠⠤⠒⠒⠉⠁│
  │    ⣀⣀⠤⠔⠒⠉⠉       │
0 ┤─○⠊⠉─────┊──────────────────────────
  └─┬────────────────┬───────────────┬─
   -1                0               1
        Periods since treatment
95% confidence intervals; ring:
reference period
)");
}

TEST_CASE("a figure in characters keeps to its size and needs no gnuplot") {
  const Environment path("PATH", "/nonexistent");
  std::vector<double> draws;
  for (int i = 0; i < 200; ++i) draws.push_back(std::sin(i * 12.9898) * 0.1);
  const std::string text = report::render_text(report::density_plot(draws, 0.3), 79, 24);
  CHECK(count(text, "\n") == 24);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(report::display_width(line) <= 79);
  CHECK_THAT(text, Catch::Contains("estimate 0.3 │") && Catch::Contains("░"));
}

TEST_CASE("bars end in parts of a cell and further lines have letters") {
  Figure figure;
  figure.series = {{.mark = Mark::bars, .label = "n", .x = {1, 2}, .y = {1, 2}},
                   {.mark = Mark::line, .label = "a", .x = {1, 2}, .y = {1, 2}},
                   {.mark = Mark::line, .label = "b", .x = {1, 2}, .y = {2, 1}}};
  CHECK("\n" + report::render_text(figure, 30, 10) == R"(
      █ n   ⠒⠒ a   ** b
2 ┤ ***               ▄▄▄▄▄▄▄
  │    ********  ⣀⣀⠤⠤⠒███████
  │      ⣀⣀⠤⠤⠒⠒********██████
  │▄▄▄▄▄▄▄            █*****█
  │███████            ███████
  │███████            ███████
0 ┤███████            ███████
  └─┬──────────────────────┬─
    1                      2
)");
}

TEST_CASE("round ticks fall on multiples of 1, 2 and 5") {
  CHECK_THAT(report::round_ticks({-0.11, 0.32}, 5), Catch::Approx(std::vector<double>{-0.1, 0, 0.1, 0.2, 0.3}));
  CHECK(report::round_ticks({2010.6, 2020.4}, 6) == std::vector<double>{2012, 2014, 2016, 2018, 2020});
  CHECK(report::round_ticks({1, 1}, 5).empty());
}

TEST_CASE("a few whole numbers along x have a tick each, and nothing between them") {
  Figure figure;
  figure.series = {{.mark = Mark::line, .x = {2016, 2017, 2019, std::nan("")}, .y = {1, 2, 3, 4}}};
  const auto ticks = on_scales(figure).x_ticks;
  REQUIRE(ticks.size() == 4);
  CHECK(ticks[2] == std::pair<double, std::string>{2018, "2018"});
  figure.series[0].x[0] = 2016.5;
  CHECK(on_scales(figure).x_ticks.empty());
  figure.series[0].x[0] = 2000;
  CHECK(on_scales(figure).x_ticks.empty());
}
