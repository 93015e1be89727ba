#include "inference/vcov.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "inference/meat.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/random.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>

#include <Eigen/Dense>

#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <set>

using inference::Codes;
using inference::Index;
using inference::Matrix;
using inference::parse_vcov;
using inference::Sandwich;
using inference::Ssc;
using inference::ssc_preset;
using inference::Vcov;
using inference::VcovData;
using inference::Vector;

namespace {

/// A regression and what its covariance needs.
struct Fitted {
  Matrix X;  // with fixed effects absorbed
  Vector weights;
  numerics::LeastSquares ls;
  Matrix scores;
  bool frequency = false;
  double n = 0;
  std::vector<double> fe_levels, fe_redundant, fe_slopes;
  Matrix dummies;  // the absorbed columns, for leverage

  Fitted(const Matrix& design, const Vector& y, const Vector& w = {}, const Matrix& D = {}) : weights(w), dummies(D) {
    X = design;
    Vector left = y;
    if (D.cols() > 0) {
      const auto first = numerics::least_squares(D, y, w);
      left = first.residuals;
      Matrix kept(D.rows(), static_cast<Index>(first.kept.size()));
      for (std::size_t j = 0; j < first.kept.size(); ++j) kept.col(static_cast<Index>(j)) = D.col(first.kept[j]);
      dummies = kept;
      for (Index j = 0; j < X.cols(); ++j) X.col(j) = numerics::least_squares(kept, design.col(j), w).residuals;
    }
    ls = numerics::least_squares(X, left, w);
    const Vector wu = w.size() == 0 ? ls.residuals : Vector(w.cwiseProduct(ls.residuals));
    scores = wu.asDiagonal() * X;
    n = static_cast<double>(y.size());
  }
  Vector leverage() const {
    Vector h = numerics::leverage(X, ls.bread, weights);
    if (dummies.cols() > 0)
      h +=
          numerics::leverage(dummies, numerics::least_squares(dummies, Vector::Zero(X.rows()), weights).bread, weights);
    return h;
  }
  Vcov vcov(const std::string& spec, const VcovData& data = {}, const Ssc& ssc = {}) const {
    return inference::vcov(parse_vcov(spec),
                           Sandwich{.scores = scores,
                                    .bread = ls.bread,
                                    .residuals = ls.residuals,
                                    .weights = weights,
                                    .frequency = frequency,
                                    .n = n,
                                    .rss = ls.rss,
                                    .k = X.cols(),
                                    .constant = -1,
                                    .fe_levels = fe_levels,
                                    .fe_redundant = fe_redundant,
                                    .fe_nestable = {},
                                    .leverage = [this] { return leverage(); },
                                    .fe_slopes = fe_slopes},
                           data, ssc);
  }
};

double furthest(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff(); }
double relative(const Matrix& a, const Matrix& b) { return furthest(a, b) / b.cwiseAbs().maxCoeff(); }

Matrix normals(Index n, Index k, std::uint64_t seed) {
  numerics::Random random(seed);
  Matrix out(n, k);
  for (Index j = 0; j < k; ++j)
    for (Index i = 0; i < n; ++i) out(i, j) = random.normal();
  return out;
}

Codes random_codes(std::size_t n, std::int32_t groups, std::uint64_t seed) {
  numerics::Random random(seed);
  Codes out(n);
  for (std::size_t i = 0; i < n; ++i)
    out[i] = i < static_cast<std::size_t>(groups)
                 ? static_cast<std::int32_t>(i)
                 : static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(groups)));
  return out;
}

Codes zero_based(const nlohmann::json& values) {
  Codes out;
  for (const auto& v : values) out.push_back(v.get<std::int32_t>() - 1);
  return out;
}

Vector vector_of(const nlohmann::json& values) {
  Vector out(static_cast<Index>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) out[static_cast<Index>(i)] = values[i].get<double>();
  return out;
}

Matrix indicator(const Codes& codes, std::int32_t groups) {
  Matrix out = Matrix::Zero(static_cast<Index>(codes.size()), groups);
  for (std::size_t i = 0; i < codes.size(); ++i) out(static_cast<Index>(i), codes[i]) = 1;
  return out;
}

}  // namespace

TEST_CASE("covariances agree with fixest and sandwich") {
  std::ifstream file(std::string(TESTS_DIR) + "/reference/vcov/panel24.json");
  REQUIRE(file);
  const nlohmann::json spec = nlohmann::json::parse(file);
  const nlohmann::json& d = spec["data"];
  const Codes unit = zero_based(d["unit"]), time = zero_based(d["time"]), region = zero_based(d["region"]);
  const Vector y = vector_of(d["y"]), w = vector_of(d["w"]), lat = vector_of(d["lat"]), lon = vector_of(d["lon"]);
  Matrix slopes(24, 2), X(24, 3);
  slopes << vector_of(d["x"]), vector_of(d["z"]);
  X << Vector::Ones(24), slopes;
  Matrix dummies(24, 10);
  dummies << indicator(unit, 6), indicator(time, 4);

  Fitted fixed(slopes, y, {}, dummies);
  fixed.fe_levels = {6, 4};
  fixed.fe_redundant = {0, 1};
  const Fitted plain(X, y), weighted(X, y, w);
  Matrix X4(6, 3);
  Vector y4(6);
  VcovData last;
  last.lat.resize(6);
  last.lon.resize(6);
  for (Index i = 0; i < 6; ++i) {
    X4.row(i) = X.row(4 * i + 3);
    y4[i] = y[4 * i + 3];
    last.lat[i] = lat[4 * i + 3];
    last.lon[i] = lon[4 * i + 3];
  }
  const Fitted cross(X4, y4);

  Ssc fixest = ssc_preset("fixest");
  fixest.repair = Ssc::Repair::none;
  REQUIRE(spec["cases"].size() >= 30);
  for (const auto& c : spec["cases"]) {
    const std::string model = c["model"], text = c["vcov"];
    INFO(model << " " << text);
    VcovData data;
    if (model == "last") data = last;
    const inference::VcovSpec asked = parse_vcov(text);
    for (const std::string& way : asked.cluster) {
      data.clusters.push_back(way == "unit" ? unit : way == "time" ? time : region);
      if (model == "fixed") data.nests.push_back({way != "time", way == "time"});  // is {unit, time} nested in it?
    }
    if (asked.kind == inference::VcovKind::newey_west) data.units = unit;
    if (model != "last")
      for (const std::int32_t t : time) data.times.push_back(t);
    const Fitted& fit = model == "fixed" ? fixed : model == "plain" ? plain : model == "weighted" ? weighted : cross;
    const Vcov v = fit.vcov(text, data, fixest);
    Matrix expected(v.matrix.rows(), v.matrix.cols());
    for (Index i = 0; i < expected.rows(); ++i)
      expected.row(i) = vector_of(c["matrix"][static_cast<std::size_t>(i)]).transpose();
    CHECK(relative(v.matrix, expected) < spec["rel_tol"].get<double>());
    if (!c["df_t"].is_null()) CHECK(v.df_t == c["df_t"].get<double>());
    if (!c["K"].is_null()) CHECK(v.K == c["K"].get<double>());
  }
}

TEST_CASE("one row per cluster gives heteroskedasticity-robust errors") {
  const Fitted fit(normals(50, 3, 1), normals(50, 1, 2));
  VcovData data;
  data.clusters.emplace_back(50);
  std::iota(data.clusters[0].begin(), data.clusters[0].end(), 0);
  // The factors agree too: (n − 1)/(n − K) · n/(n − 1).
  CHECK(relative(fit.vcov("cluster row", data).matrix, fit.vcov("hetero").matrix) < 1e-14);
}

TEST_CASE("k-way clusters follow inclusion and exclusion") {
  const std::size_t n = 300;
  const Matrix scores = normals(static_cast<Index>(n), 2, 3);
  std::vector<Codes> ways;
  for (std::uint64_t w = 0; w < 5; ++w) ways.push_back(random_codes(n, static_cast<std::int32_t>(4 + 7 * w), 10 + w));
  const auto meat = inference::meat_clusters(scores, ways, {});
  REQUIRE(meat.terms.size() == 31);
  Matrix sum = Matrix::Zero(2, 2), plain = Matrix::Zero(2, 2);
  for (const auto& term : meat.terms) sum += term.sign * term.meat;
  // Rows count as related when they share any code: the same sum, pair by pair.
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (std::any_of(ways.begin(), ways.end(), [&](const Codes& c) { return c[i] == c[j]; }))
        plain += scores.row(static_cast<Index>(i)).transpose() * scores.row(static_cast<Index>(j));
  CHECK(relative(sum, plain) < 1e-12);
}

TEST_CASE("intersections of codes are the pairs that occur") {
  const Codes a = random_codes(2000, 50, 1), b = random_codes(2000, 30, 2);
  const auto [codes, groups] = inference::intersection(a, 50, b, 30);
  std::map<std::pair<int, int>, int> code_of;
  std::set<int> used;
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(code_of.try_emplace({a[i], b[i]}, codes[i]).first->second == codes[i]);
    used.insert(codes[i]);
  }
  CHECK(groups == static_cast<std::int32_t>(code_of.size()));
  CHECK(used.size() == code_of.size());
  CHECK(*used.rbegin() == groups - 1);
}

TEST_CASE("frequency weights are repeated rows") {
  const Index n = 60;
  const Matrix X = normals(n, 2, 4);
  const Vector y = normals(n, 1, 5);
  Vector w(n);
  Codes group(static_cast<std::size_t>(n)), long_group;
  for (Index i = 0; i < n; ++i) {
    w[i] = static_cast<double>(1 + i % 4);
    group[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(i % 15);
  }
  const auto total = static_cast<Index>(w.sum());
  Matrix long_X(total, 2);
  Vector long_y(total);
  for (Index i = 0, at = 0; i < n; ++i)
    for (int copy = 0; copy < static_cast<int>(w[i]); ++copy, ++at) {
      long_X.row(at) = X.row(i);
      long_y[at] = y[i];
      long_group.push_back(group[static_cast<std::size_t>(i)]);
    }
  Fitted weighted(X, y, w);
  weighted.frequency = true;
  weighted.n = w.sum();
  const Fitted repeated(long_X, long_y);
  VcovData by_group, by_long_group;
  by_group.clusters = {group};
  by_long_group.clusters = {long_group};
  for (const std::string spec : {"iid", "hetero", "HC0", "HC2", "HC3", "cluster g"}) {
    INFO(spec);
    const Vcov a = weighted.vcov(spec, by_group), b = repeated.vcov(spec, by_long_group);
    CHECK(relative(a.matrix, b.matrix) < 1e-13);
    CHECK(a.df_t == b.df_t);
  }
  VcovData series;
  series.times.resize(static_cast<std::size_t>(n));
  std::iota(series.times.begin(), series.times.end(), 0);
  CHECK_THROWS_AS(weighted.vcov("nw 1", series), core::Error);
}

TEST_CASE("Newey-West respects gaps and the order of rows does not matter") {
  // Units of 3 rows at times 0, 1, 3: only the first pair is one period apart.
  const Matrix s = normals(30, 2, 6);
  Codes units;
  std::vector<std::int64_t> times;
  for (std::int32_t u = 0; u < 10; ++u)
    for (const std::int64_t t : {0, 1, 3}) {
      units.push_back(u);
      times.push_back(t);
    }
  const auto weight = [](std::int64_t l, int lag) { return std::max(0.0, 1 - static_cast<double>(l) / (lag + 1)); };
  const int lag = GENERATE(0, 1, 2, 5);
  Matrix plain = Matrix::Zero(2, 2);
  for (Index i = 0; i < 30; ++i)
    for (Index j = 0; j < 30; ++j) {
      const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
      if (units[a] == units[b]) plain += weight(std::abs(times[a] - times[b]), lag) * s.row(i).transpose() * s.row(j);
    }
  CHECK(furthest(inference::meat_newey_west(s, units, times, lag), plain) < 1e-13);
  std::vector<std::size_t> order(30);
  std::iota(order.begin(), order.end(), 0U);
  numerics::Random(7).shuffle(order);
  Matrix mixed(30, 2);
  Codes mixed_units(30);
  std::vector<std::int64_t> mixed_times(30);
  for (std::size_t i = 0; i < 30; ++i) {
    mixed.row(static_cast<Index>(i)) = s.row(static_cast<Index>(order[i]));
    mixed_units[i] = units[order[i]];
    mixed_times[i] = times[order[i]];
  }
  CHECK(furthest(inference::meat_newey_west(mixed, mixed_units, mixed_times, lag), plain) < 1e-13);
  mixed_times[0] = mixed_times[1];
  mixed_units[0] = mixed_units[1];
  CHECK_THROWS_AS(inference::meat_newey_west(mixed, mixed_units, mixed_times, lag), core::Error);
}

TEST_CASE("the automatic lag follows the persistence of the scores") {
  // Alternating scores: s0 and s1 by hand. T = 9, m = floor(4 · 0.09^(2/9)) = 2, σ = 9, −8, 7; s0 = 7, s1 = 12.
  Matrix alternating(9, 2);
  std::vector<std::int64_t> times;
  for (Index i = 0; i < 9; ++i) {
    alternating.row(i) << 5, i % 2 == 0 ? 1 : -1;
    times.push_back(2000 + i);
  }
  const double bandwidth = 1.1447 * std::cbrt(std::pow(12.0 / 7, 2) * 9);
  CHECK(inference::lag_newey_west(alternating, {}, times, 0) == static_cast<int>(bandwidth));
  CHECK(inference::lag_newey_west(alternating, Codes(9, 0), times, 0) == static_cast<int>(bandwidth));
  CHECK(inference::lag_driscoll_kraay(alternating, times, 0) == static_cast<int>(bandwidth));
  // Two units side by side: the same autocovariances and periods for Newey-West; sums per period for Driscoll-Kraay.
  const Matrix twice = alternating.replicate(2, 1);
  Codes units(9, 0);
  units.resize(18, 1);
  std::vector<std::int64_t> both = times;
  both.insert(both.end(), times.begin(), times.end());
  CHECK(inference::lag_newey_west(twice, units, both, 0) == static_cast<int>(bandwidth));
  CHECK(inference::lag_driscoll_kraay(twice, both, 0) == static_cast<int>(bandwidth));
  // Rows four periods apart have no neighbours within m = 2: no lag. Never more than T − 1 lags.
  for (std::int64_t& time : times) time *= 4;
  CHECK(inference::lag_newey_west(alternating, {}, times, 0) == 0);
  CHECK(inference::lag_newey_west(Matrix::Ones(3, 1), {}, {1, 2, 3}, -1) <= 2);
}

TEST_CASE("Driscoll-Kraay with one unit is Newey-West of a series") {
  const Matrix s = normals(40, 2, 8);
  std::vector<std::int64_t> times(40);
  std::iota(times.begin(), times.end(), 1990);
  CHECK(inference::meat_driscoll_kraay(s, times, 3) == inference::meat_newey_west(s, {}, times, 3));
}

TEST_CASE("Conley sums over the pairs within the cutoff, by the haversine formula") {
  const Index n = 400;
  numerics::Random random(9);
  const Matrix s = normals(n, 2, 10);
  Vector lat(n), lon(n);
  std::vector<std::int64_t> times;
  // Around the pole and across the date line, where a grid in degrees goes wrong; some rows share a place.
  for (Index i = 0; i < n; ++i) {
    lat[i] = i % 7 == 3 ? 80.0 : 70 + 20 * random.uniform();
    lon[i] = i % 7 == 3 ? 179.5 : -180 + 360 * random.uniform();
    times.push_back(i % 2);
  }
  const double cutoff = GENERATE(1e-3, 300.0, 2500.0, 25000.0);
  const bool bartlett = GENERATE(false, true), panel = GENERATE(false, true);
  Matrix plain = Matrix::Zero(2, 2);
  const double radians = std::acos(-1.0) / 180;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      const double a = std::pow(std::sin((lat[i] - lat[j]) * radians / 2), 2) +
                       std::cos(lat[i] * radians) * std::cos(lat[j] * radians) *
                           std::pow(std::sin((lon[i] - lon[j]) * radians / 2), 2);
      const double km = 2 * inference::earth_radius_km * std::asin(std::min(1.0, std::sqrt(a)));
      if (km > cutoff || (panel && i % 2 != j % 2)) continue;
      const double reach = std::min(cutoff, inference::earth_radius_km * std::acos(-1.0));
      plain += (bartlett ? 1 - km / reach : 1.0) * s.row(i).transpose() * s.row(j);
    }
  const Matrix meat =
      inference::meat_conley(s, lat, lon, panel ? times : std::vector<std::int64_t>{}, cutoff, bartlett);
  CHECK(furthest(meat, plain) < 1e-9 * s.squaredNorm());
}

TEST_CASE("Conley with a time lag adds serial correlation within units") {
  const Index n = 40;
  const Fitted fit(normals(n, 2, 11), normals(n, 1, 12));
  VcovData data;
  data.lat = Vector::Zero(n);
  data.lon.resize(n);
  for (Index i = 0; i < n; ++i) {
    data.units.push_back(static_cast<std::int32_t>(i / 4));
    data.times.push_back(i % 4);
    data.lon[i] = static_cast<double>(i / 4) * 10;  // 1,112 km apart: no two units within the cutoff
  }
  const Matrix spatial = fit.vcov("conley 100", data).matrix, both = fit.vcov("conley 100 time_lag=2", data).matrix;
  CHECK(relative(spatial, fit.vcov("hetero").matrix) < 1e-14);
  CHECK(furthest(both - spatial, 40.0 / 38 * fit.ls.bread *
                                     inference::meat_serial(fit.scores, data.units, data.times, 2) * fit.ls.bread) <
        1e-15);
}

TEST_CASE("an indefinite two-way matrix is repaired and says so") {
  // Two ways of two groups each: V1 + V2 − V12 is easily indefinite.
  const Index n = 40;
  numerics::Random random(13);
  VcovData data;
  data.clusters = {random_codes(40, 3, 14), random_codes(40, 3, 15)};
  const Fitted fit(normals(n, 4, 16), normals(n, 1, 17));
  Ssc ssc;
  ssc.repair = Ssc::Repair::none;
  const Vcov raw = fit.vcov("cluster a b", data, ssc), repaired = fit.vcov("cluster a b", data);
  const Vector eigen = raw.matrix.selfadjointView<Eigen::Lower>().eigenvalues();
  REQUIRE(eigen[0] < 0);
  CHECK(Vector(repaired.matrix.selfadjointView<Eigen::Lower>().eigenvalues())[0] > -1e-15);
  const Matrix difference = repaired.matrix - raw.matrix;
  CHECK(difference.trace() == Approx(-eigen.cwiseMin(0).sum()).epsilon(1e-12));
  const auto mentions = [](const Vcov& v, const std::string& words) {
    return std::any_of(v.notes.begin(), v.notes.end(),
                       [&](const std::string& note) { return note.find(words) != std::string::npos; });
  };
  CHECK(mentions(repaired, "negative eigenvalues set to zero"));
  CHECK(mentions(raw, "is not positive semi-definite (smallest eigenvalue -"));
  CHECK(mentions(repaired, "few clusters: a has 3; t with 2 degrees of freedom"));
}

TEST_CASE("the constant stays out of the repair") {
  const Index n = 40;
  Matrix X = normals(n, 4, 16);
  X.col(3).setOnes();
  VcovData data;
  data.clusters = {random_codes(40, 3, 14), random_codes(40, 3, 15)};
  const Fitted fit(X, normals(n, 1, 17));
  const auto with_constant = [&](Ssc::Repair repair) {
    Ssc ssc;
    ssc.repair = repair;
    return inference::vcov(parse_vcov("cluster a b"),
                           Sandwich{.scores = fit.scores,
                                    .bread = fit.ls.bread,
                                    .residuals = fit.ls.residuals,
                                    .weights = fit.weights,
                                    .n = fit.n,
                                    .rss = fit.ls.rss,
                                    .k = 4,
                                    .constant = 3,
                                    .fe_levels = {},
                                    .fe_redundant = {},
                                    .fe_nestable = {},
                                    .leverage = {}},
                           data, ssc)
        .matrix;
  };
  const Matrix raw = with_constant(Ssc::Repair::none), block = with_constant(Ssc::Repair::without_constant);
  const Matrix whole = with_constant(Ssc::Repair::whole);
  REQUIRE(Vector(Matrix(raw.topLeftCorner(3, 3)).selfadjointView<Eigen::Lower>().eigenvalues())[0] < 0);
  CHECK(block.col(3) == raw.col(3));
  CHECK(furthest(block.topLeftCorner(3, 3), raw.topLeftCorner(3, 3)) > 1e-6);
  CHECK(Vector(whole.selfadjointView<Eigen::Lower>().eigenvalues())[0] > -1e-15);
}

TEST_CASE("rows that the model fits by construction are left out of HC2 and HC3") {
  Matrix X = normals(20, 2, 18);
  X.col(1).setZero();
  X(7, 1) = 1;  // a dummy for one row
  const Fitted fit(X, normals(20, 1, 19));
  const Vcov v = fit.vcov("HC3");
  CHECK(v.matrix.allFinite());
  REQUIRE(v.notes.size() == 1);
  CHECK(v.notes[0].find("1 row with leverage 1") == 0);
}

TEST_CASE("labels and degrees of freedom") {
  Fitted fit(normals(30, 2, 20), normals(30, 1, 21));
  VcovData data;
  data.clusters = {random_codes(30, 12, 22), random_codes(30, 10, 23)};
  CHECK(fit.vcov("iid").label == "iid");
  CHECK(fit.vcov("iid").df_t == 28);
  CHECK(fit.vcov("hc1").label == "heteroskedasticity-robust (HC1)");
  const Vcov v = fit.vcov("cluster city + year", data);
  CHECK(v.label == "clustered by city (12) and year (10)");
  CHECK(v.df_t == 9);
  CHECK(v.groups == std::vector<double>{12, 10});
  Ssc ssc;
  ssc.t_df = Ssc::TDf::conventional;
  CHECK(fit.vcov("cluster city + year", data, ssc).df_t == 28);
  ssc.t_fixed = 5;
  CHECK(fit.vcov("cluster city + year", data, ssc).df_t == 5);
  VcovData series;
  for (int t = 0; t < 30; ++t) series.times.push_back(t);
  CHECK(fit.vcov("nw", series).label == "Newey–West (lag 2)");  // 30^0.25 = 2.34
  CHECK(fit.vcov("nw", series).df_t == 28);
  CHECK(fit.vcov("dk lag=1", series).df_t == 29);
}

TEST_CASE("what a covariance needs and does not get is an error") {
  const Fitted fit(normals(10, 2, 24), normals(10, 1, 25));
  VcovData one;
  one.clusters.emplace_back(10, 0);
  CHECK_THROWS_WITH(fit.vcov("cluster city", one), "clusters of 'city': only one in the sample");
  CHECK_THROWS_AS(fit.vcov("nw 2"), core::Error);
  CHECK_THROWS_AS(fit.vcov("dk 2"), core::Error);
  CHECK_THROWS_AS(fit.vcov("conley 100"), core::Error);
  VcovData places;
  places.lat = Vector::Constant(10, 120);  // latitude and longitude swapped
  places.lon = Vector::Constant(10, 30);
  CHECK_THROWS_AS(fit.vcov("conley 100", places), core::Error);
  Fitted full(normals(3, 3, 26), normals(3, 1, 27));
  CHECK_THROWS_AS(full.vcov("iid"), core::Error);
}

TEST_CASE("the number of threads changes no digit of a covariance") {
  const std::size_t n = 20'000;
  const Fitted fit(normals(static_cast<Index>(n), 3, 28), normals(static_cast<Index>(n), 1, 29));
  VcovData data;
  data.clusters = {random_codes(n, 500, 30), random_codes(n, 40, 31)};
  data.lat = 10 * normals(static_cast<Index>(n), 1, 32).array().tanh();
  data.lon = 10 * normals(static_cast<Index>(n), 1, 33).array().tanh();
  const int before = core::threads();
  for (const std::string spec : {"hetero", "HC3", "cluster a b", "conley 20"}) {
    INFO(spec);
    core::set_threads(1);
    const Matrix one = fit.vcov(spec, data).matrix;
    core::set_threads(3);
    const Matrix three = fit.vcov(spec, data).matrix;
    CHECK(one == three);
  }
  core::set_threads(before);
}
