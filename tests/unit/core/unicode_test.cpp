#include "core/unicode.hpp"

#include <catch2/catch.hpp>

TEST_CASE("case mapping knows every script and keeps stray bytes", "[unicode]") {
  CHECK(core::upper_case("straße Ærø жук") == "STRAẞE ÆRØ ЖУК");
  CHECK(core::lower_case("ÉCOLE ΑΒΓ") == "école αβγ");
  CHECK(core::title_case("new YORK-city o'neil") == "New York-City O'neil");
  CHECK(core::upper_case("a\xFFz") == "A\xFFZ");
  CHECK(core::upper_case("杭州市") == "杭州市");
}

TEST_CASE("folding takes off width, case and accents", "[unicode]") {
  CHECK(core::folded("Ｈａｎｇｚｈｏｕ") == "hangzhou");
  CHECK(core::folded("Córdoba") == "cordoba");
  CHECK(core::folded("Straße") == "strasse");
  CHECK(core::folded("杭州") == "杭州");
  CHECK(core::folded("A\xFF") == "a\xFF");
}

TEST_CASE("characters are counted, not bytes", "[unicode]") {
  CHECK(core::character_count("杭州a") == 3);
  CHECK(core::character_starts("é杭") == std::vector<std::size_t>{0, 2, 5});
  CHECK(core::utf8(core::code_points("a杭\xFFé")) == "a杭\xFFé");
}
