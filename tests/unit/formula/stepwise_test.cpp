#include "formula/stepwise.hpp"
#include "formula/parse.hpp"

#include <catch2/catch.hpp>

namespace {

std::vector<std::string> each(const std::string& text) {
  std::vector<std::string> out;
  for (const formula::Tree& tree : formula::each_formula(formula::parse(text))) out.push_back(formula::print(tree));
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("outcomes and steps give one formula each") {
  CHECK(each("y ~ x | f") == Texts{"y ~ x | f"});
  CHECK(each("{y, z} ~ x") == Texts{"y ~ x", "z ~ x"});
  CHECK(each("c(y, log(z)) ~ x | f") == Texts{"y ~ x | f", "log(z) ~ x | f"});
  CHECK(each("y ~ w + sw(x, z)") == Texts{"y ~ w + x", "y ~ w + z"});
  CHECK(each("y ~ csw(x, z, w)") == Texts{"y ~ x", "y ~ x + z", "y ~ x + z + w"});
  CHECK(each("y ~ sw0(x)") == Texts{"y ~ 1", "y ~ x"});
  CHECK(each("y ~ w + csw0(x, z)") == Texts{"y ~ w", "y ~ w + x", "y ~ w + x + z"});
  CHECK(each("y ~ x | sw0(f, g)") == Texts{"y ~ x", "y ~ x | f", "y ~ x | g"});
  CHECK(each("{y, z} ~ sw(a, b)") == Texts{"y ~ a", "y ~ b", "z ~ a", "z ~ b"});
  CHECK_THROWS_WITH(each("y ~ x:sw(a, b)"), Catch::Contains("steps inside"));
  CHECK_THROWS_WITH(each("y ~ sw(a, csw(b, d))"), Catch::Contains("steps inside steps"));
  CHECK_THROWS_WITH(each("y ~ sw()"), Catch::Contains("takes terms"));
}

TEST_CASE("fixed effects of the formula and of fe= become one part") {
  const auto joined = [](const std::string& text, const std::string& fe) {
    return formula::print(formula::with_effects(formula::parse(text), formula::parse(fe)));
  };
  CHECK(joined("y ~ x", "f") == "y ~ x | f");

  CHECK(joined("y ~ x | d ~ z", "f") == "y ~ x | f | d ~ z");
  CHECK(joined("y ~ x | f | d ~ z", "g") == "y ~ x | f + g | d ~ z");
}
