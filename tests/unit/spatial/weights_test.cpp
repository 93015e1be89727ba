#include "core/error.hpp"
#include "numerics/random.hpp"
#include "spatial/builders.hpp"
#include "spatial/logdet.hpp"
#include "spatial/spectrum.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace spatial;

namespace {

Units numbered(std::size_t n) {
  Units u;
  for (std::size_t i = 0; i < n; ++i) u.ids.push_back(std::to_string(i + 1));
  return u;
}

Points scattered(std::size_t n, Metric metric) {
  numerics::Random random(7);
  Points p{.x = {}, .y = {}, .metric = metric};
  for (std::size_t i = 0; i < n; ++i) {
    p.x.push_back(100 + 20 * random.uniform());
    p.y.push_back(25 + 15 * random.uniform());
  }
  return p;
}

Weights grid(std::size_t side, Standard standard = Standard::row) {
  std::vector<Link> links;
  for (std::uint32_t r = 0; r < side; ++r)
    for (std::uint32_t c = 0; c < side; ++c) {
      const auto at = static_cast<std::uint32_t>(r * side + c);
      if (c + 1 < side) {
        links.push_back({at, at + 1, 1});
        links.push_back({at + 1, at, 1});
      }
      if (r + 1 < side) {
        links.push_back({at, static_cast<std::uint32_t>(at + side), 1});
        links.push_back({static_cast<std::uint32_t>(at + side), at, 1});
      }
    }
  return standardised(from_links(numbered(side * side).ids, links, "grid"), standard);
}

}  // namespace

TEST_CASE("nearest neighbours are those of a plain search") {
  for (const Metric metric : {Metric::great_circle, Metric::planar}) {
    const Points p = scattered(400, metric);
    const std::vector<std::uint32_t> found = nearest(p, 5);
    for (std::size_t i = 0; i < 400; ++i) {
      std::vector<std::pair<double, std::uint32_t>> all;
      for (std::uint32_t j = 0; j < 400; ++j)
        if (j != i) all.emplace_back(distance(p, i, j), j);
      std::sort(all.begin(), all.end());
      for (std::size_t k = 0; k < 5; ++k) REQUIRE(found[i * 5 + k] == all[k].second);
    }
  }
}

TEST_CASE("a search by radius finds every pair") {
  const Points p = scattered(300, Metric::great_circle);
  std::size_t expected = 0;
  for (std::size_t i = 0; i < 300; ++i)
    for (std::size_t j = 0; j < 300; ++j) expected += i != j && distance(p, i, j) <= 150;
  CHECK(within(p, 150).size() == expected);
}

TEST_CASE("weights join by id, not by order") {
  const Weights a = from_links({"A", "B", "C"}, {{0, 1, 1}, {1, 2, 2}}, "a");
  const Weights b = from_links({"C", "A", "B"}, {{1, 2, 10}, {2, 0, 20}}, "b");
  const Weights c = sum(a, 1, b, 1);
  CHECK(c.at(0, 1) == 11);
  CHECK(c.at(1, 2) == 22);
  CHECK_THROWS_AS(sum(a, 1, from_links({"A", "B", "D"}, {{0, 1, 1}}, "d"), 1), core::Error);
  CHECK(product(a, b).at(0, 2) == 20);
  CHECK(subset(a, std::vector<std::string>{"C", "B"}).at(1, 0) == 2);
}

TEST_CASE("files give back the weights that were saved") {
  const Weights W =
      standardised(from_links({"A", "B", "C", "D"}, {{0, 1, 1}, {1, 0, 1}, {1, 2, 3}, {2, 1, 1}}, "w"), Standard::row);
  const Weights m = read_matrix_market(write_matrix_market(W), "w.mtx");
  REQUIRE(m.ids == W.ids);
  CHECK(m.value == W.value);
  const Weights g = read_gal(write_gal(W), "w.gal");
  REQUIRE(g.ids.size() == 4);
  CHECK(g.links() == W.links());
  CHECK_THROWS_AS(read_gal("0 3 x id\nA 2\nB\n", "broken.gal"), core::Error);
  CHECK_THROWS_AS(read_gwt("0 2 x id\nA B much\n", "broken.gwt"), core::Error);
  CHECK_THROWS_AS(read_matrix_market("%%MatrixMarket matrix coordinate real general\n2 2 1\n3 1 1\n", "broken.mtx"),
                  core::Error);
}

TEST_CASE("the log-determinant is the same by every exact method, and within its error by random vectors") {
  const Weights W = grid(20);  // 400 units
  const LogDet eigen(W, "eigen"), cholesky(W, "cholesky"), chebyshev(W, "chebyshev");
  CHECK(cholesky.interval().low == Approx(eigen.interval().low).epsilon(1e-9));
  for (const double rho : {-0.9, -0.3, 0.2, 0.7, 0.95}) {
    CHECK(std::abs(cholesky.value(rho) - eigen.value(rho)) < 1e-7);
    CHECK(cholesky.trace(rho) == Approx(eigen.trace(rho)).epsilon(1e-6).margin(1e-6));
    CHECK(cholesky.trace_square(rho) == Approx(eigen.trace_square(rho)).epsilon(1e-4));
    CHECK(std::abs(chebyshev.value(rho) - eigen.value(rho)) < 5 * chebyshev.error(rho) + 1e-3);
  }
  CHECK(std::isinf(eigen.value(1.0)));
  // Near the lower end of weights that do not sum to one the diagonal does not dominate: a Cholesky factor serves
  // there.
  const Weights binary = standardised(W, Standard::none);
  const LogDet all(binary, "eigen"), factor(binary, "cholesky");
  for (const double share : {-0.98, -0.5, 0.5, 0.98}) {
    const double rho = share * (share < 0 ? -all.interval().low : all.interval().high);
    CHECK(std::abs(factor.value(rho) - all.value(rho)) < 1e-7);
  }
  // A matrix that cannot be made symmetric goes through an LU, and where its rows are not dominated by the diagonal
  // through (I − ρW)'(I − ρW).
  const Weights K = standardised(knn(numbered(300), scattered(300, Metric::planar), 4), Standard::row);
  REQUIRE_FALSE(symmetrising(K).has_value());
  const LogDet by_eigen(K, "eigen"), by_factor(K, "cholesky");
  REQUIRE(by_eigen.interval().low < -1.05);
  for (const double rho : {-1.05, -0.5, 0.4, 0.8}) CHECK(std::abs(by_factor.value(rho) - by_eigen.value(rho)) < 1e-7);
}

TEST_CASE("standardising starts from the raw weights") {
  const Weights raw = from_links({"A", "B", "C"}, {{0, 1, 1}, {1, 0, 1}, {1, 2, 3}, {2, 1, 3}}, "w");
  const Weights row = standardised(raw, Standard::row);
  for (const Standard standard : {Standard::none, Standard::row, Standard::spectral, Standard::minmax})
    CHECK(standardised(row, standard).value == standardised(raw, standard).value);
  const Weights part = subset(row, std::vector<std::string>{"C", "B"});
  CHECK(part.at(0, 1) == 1);
  CHECK(standardised(part, Standard::none).at(0, 1) == 3);
  CHECK(standardised(subset(row, std::vector<std::string>{"C", "B", "A"}), Standard::none).at(0, 1) == 3);
  CHECK(standardised(scaled(row, 2), Standard::none).at(0, 1) == 2);
}

TEST_CASE("negative weights in rows that shall sum to one, and links that are not finite are errors") {
  CHECK_THROWS_AS(standardised(from_links({"A", "B"}, {{0, 1, -1}}, "w"), Standard::row), core::Error);
  CHECK_THROWS_AS(standardised(from_links({"A", "B", "C"}, {{0, 1, 1}, {0, 2, -1}}, "w"), Standard::row), core::Error);
  CHECK_THROWS_AS(from_links({"A", "B"}, {{0, 1, INFINITY}}, "w"), core::Error);
  CHECK_THROWS_AS(from_links({"A", "A"}, {}, "w"), core::Error);
  Points same{.x = {1, 1}, .y = {2, 2}};
  CHECK_THROWS_AS(inverse_distance(numbered(2), same, 1, 0), core::Error);
}

TEST_CASE("the spectrum of a bipartite W is symmetric, of one without negative eigenvalues the interval open") {
  const Spectrum s = spectrum_range(grid(40));  // 1,600 units: beyond all eigenvalues
  CHECK(s.high == 1);
  CHECK(s.low == -1);
  CHECK(s.low_exact);
  const Interval open = admissible(spectrum_range(product(grid(6), grid(6))));
  CHECK(open.open_low);
  CHECK_FALSE(open.open_high);
  CHECK(open.high == Approx(1).epsilon(1e-12));
  CHECK(open.holds(-1e9));
  CHECK(in_words(open) == "below 1");
  CHECK(in_words({.low = -2, .high = 1, .about_low = true}) == "between about -2 and 1");
}

TEST_CASE("a larger snap links squares whose border was digitised twice, and keeps the links there were") {
  data::Geometry shapes;
  const auto square = [&](double left, double off, double low, double side) {
    for (const auto& [x, y] :
         {std::pair{left, low}, {left + side, low}, {left + side, low + side}, {left, low + side}, {left, low}})
      shapes.add_point(x + off, y + off);
    shapes.end_path();
    shapes.end_shape(data::ShapeKind::polygon);
  };
  square(0, 0, 0, 1);
  square(1, 0.001, 0, 1);  // its border with the first lies 0.001 off
  square(2, 0.001, 0, 1);  // meets the second exactly
  square(0, 0, 2, 0.02);   // far away, with short edges
  const data::Frame frame = data::Frame("squares")
                                .with("name", data::Column::texts({"a", "b", "c", "d"}))
                                .with_geometry(std::make_shared<const data::Geometry>(shapes), {0, 1, 2, 3});
  const Units units = units_of(frame, "name");
  for (const bool rook : {false, true}) {
    CHECK(contiguity(frame, units, rook, 0).links() == 2);  // b and c, both ways
    CHECK(contiguity(frame, units, rook, 0.002).links() == 4);
    CHECK(contiguity(frame, units, rook, 0.01).links() == 4);
  }
  CHECK(contiguity(frame, units, true, 0.01).at(0, 2) == 0);
  CHECK_THROWS_AS(contiguity(frame, units, true, 0.5), core::Error);  // as long as every edge of d
}
