#include "report/panel_plots.hpp"

#include <catch2/catch.hpp>

#include <string>

using report::CellState;

TEST_CASE("a treatment pattern draws a tile for every cell that is there", "[panelview]") {
  const report::TreatmentPattern pattern{{"early", "late"},
                                         {"2011", "2012", "2013"},
                                         {CellState::untreated, CellState::treated, CellState::treated,
                                          CellState::missing, CellState::absent, CellState::treated}};
  const report::Figure figure = report::treatment_plot(pattern);
  REQUIRE(figure.series.size() == 3);
  CHECK(figure.series[0].x == std::vector<double>{1});
  CHECK(figure.series[1].x == std::vector<double>{2, 3, 3});
  CHECK(figure.series[1].y == std::vector<double>{2, 2, 1});
  CHECK(figure.series[2].y == std::vector<double>{1});
  const std::string text = report::render_text(figure, 40, 12);
  CHECK(text.find("█") != std::string::npos);
  CHECK(text.find("░") != std::string::npos);
  CHECK(text.find("early") < text.find("late"));
  CHECK(text.find("█") < text.find("late"));
}

TEST_CASE("a calendar counts units by first treated period", "[panelview]") {
  const report::Figure figure = report::calendar_plot({"2011", "2012"}, {0, 3});
  CHECK(figure.series[0].y == std::vector<double>{0, 3});
  CHECK(figure.x_ticks.size() == 2);
}
