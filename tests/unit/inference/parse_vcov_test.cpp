#include "inference/vcov.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

using inference::parse_vcov;
using inference::print;
using inference::VcovKind;

TEST_CASE("the names of covariances") {
  CHECK(parse_vcov("iid").kind == VcovKind::iid);
  for (const std::string name : {"hetero", "robust", "HC1", "hc1"}) CHECK(parse_vcov(name).kind == VcovKind::hc1);
  CHECK(parse_vcov("HC0").kind == VcovKind::hc0);
  CHECK(parse_vcov("hc3").kind == VcovKind::hc3);
  CHECK(parse_vcov("driscoll_kraay").kind == VcovKind::driscoll_kraay);
}

TEST_CASE("cluster variables are separated by spaces, + or commas") {
  const std::vector<std::string> both = {"city", "year"};
  CHECK(parse_vcov("cluster city year").cluster == both);
  CHECK(parse_vcov("cluster city + year").cluster == both);
  CHECK(parse_vcov("cluster(city, year)").cluster == both);
  CHECK(parse_vcov("twoway city year").cluster == both);
  CHECK(parse_vcov("cluster origin ^ dest + year").cluster == std::vector<std::string>{"origin^dest", "year"});
}

TEST_CASE("fixest's spellings of clusters") {
  CHECK(parse_vcov("~city").cluster == std::vector<std::string>{"city"});
  CHECK(parse_vcov("~ city + year").cluster == std::vector<std::string>{"city", "year"});
  CHECK(parse_vcov("~origin^dest").kind == VcovKind::cluster);
  CHECK(parse_vcov("cluster").first_effects == 1);
  CHECK(parse_vcov("twoway").first_effects == 2);
  CHECK(print(parse_vcov("twoway")) == "twoway");
  CHECK(parse_vcov("cluster city").first_effects == 0);
}

TEST_CASE("lags, cutoffs and kernels") {
  CHECK(parse_vcov("nw").lag == -1);
  CHECK(parse_vcov("nw 3").lag == 3);
  CHECK(parse_vcov("nw auto").lag_auto);
  CHECK(inference::print(parse_vcov("dk lag=auto")) == "driscoll_kraay lag=auto");
  CHECK(parse_vcov("newey_west(lag=2)").lag == 2);
  CHECK(parse_vcov("dk lag = 0").lag == 0);
  const auto conley = parse_vcov("conley 120.5 bartlett time_lag=2 lat=y lon=x");
  CHECK(conley.cutoff_km == 120.5);
  CHECK(conley.kernel == "bartlett");
  CHECK(conley.time_lag == 2);
  CHECK(conley.lat == "y");
  CHECK(conley.lon == "x");
}

TEST_CASE("printed covariances read back as the same") {
  for (const std::string text :
       {"iid", "hetero", "HC2", "cluster city + o^d", "newey_west", "newey_west lag=4", "driscoll_kraay lag=0",
        "conley 100 kernel=uniform", "conley 62.5 kernel=bartlett time_lag=3 lat=a lon=b"}) {
    CHECK(print(parse_vcov(text)) == text);
  }
}

TEST_CASE("mistakes in a covariance name the nearest thing and mark the place") {
  const auto error = [](const std::string& text) {
    try {
      parse_vcov(text);
    } catch (const core::Error& e) {
      std::string out = e.message();
      for (const std::string& hint : e.hints()) out += "|" + hint;
      if (e.caret()) out += "|at " + std::to_string(e.caret()->offset) + "+" + std::to_string(e.caret()->length);
      return out;
    }
    return std::string("no error");
  };
  CHECK(error("clutser city").find("unknown vcov 'clutser'|did you mean 'cluster'?  kinds: iid, ") == 0);
  CHECK(error("clutser city").find("|at 0+7") != std::string::npos);
  CHECK(error("nw lagg=2") == "vcov 'newey_west' has no option 'lagg'|did you mean 'lag'?  options: lag|at 3+6");
  CHECK(error("nw lag=two") == "vcov: 'two' is not a whole number of periods|at 3+7");
  CHECK(error("nw 1.5") == "vcov: '1.5' is not a whole number of periods|at 3+3");
  CHECK(error("hetero city") == "vcov 'hetero' does not take 'city'|at 7+4");
  CHECK(error("conley").find("vcov 'conley' needs a distance cutoff in kilometres") == 0);
  CHECK(error("conley 10 kernel=barlett").find("vcov 'conley' has no kernel 'barlett'|did you mean 'bartlett'?") == 0);
  CHECK(error("").find("vcov is empty") == 0);
}
