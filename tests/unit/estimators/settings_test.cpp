#include "estimators/settings.hpp"

#include "core/error.hpp"
#include "estimators/fingerprint.hpp"
#include "panel_data.hpp"

using estimators::parse_ssc;
using inference::Ssc;

TEST_CASE("small-sample rules: a preset and changes, in any order") {
  const Ssc start = inference::ssc_preset("moontide");
  const Ssc a = parse_ssc("fixest, k_fixef=full", start);
  CHECK_FALSE(a.k_exact);
  CHECK(a.k_fixef == Ssc::KFixef::full);
  const Ssc b = parse_ssc("k_fixef = full, like=fixest", start);
  CHECK(b.k_fixef == Ssc::KFixef::full);
  CHECK_FALSE(b.k_exact);
  CHECK(b.like == "fixest (changed)");
  const Ssc c = parse_ssc("g_df=conventional, t_df=conventional, k_adjust=no, g_adjust=false, repair=none", start);
  CHECK(c.g_df == Ssc::GDf::conventional);
  CHECK(c.t_df == Ssc::TDf::conventional);
  CHECK_FALSE(c.k_adjust);
  CHECK_FALSE(c.g_adjust);
  CHECK(c.repair == Ssc::Repair::none);
  CHECK(parse_ssc("reghdfe", start).like == "reghdfe");
}

TEST_CASE("misspelt small-sample rules name the near one") {
  const Ssc start = inference::ssc_preset("moontide");
  const auto hint = [&](const std::string& text) -> std::string {
    try {
      parse_ssc(text, start);
    } catch (const core::Error& error) {
      return error.message() + " | " + error.hints().front();
    }
    return "no error";
  };
  CHECK_THAT(hint("k_fixf=full"), Catch::Contains("no rule 'k_fixf'") && Catch::Contains("'k_fixef'"));
  CHECK_THAT(hint("k_fixef=ful"), Catch::Contains("no value of k_fixef 'ful'") && Catch::Contains("'full'"));
  CHECK_THAT(hint("fixst"), Catch::Contains("'fixest'"));
  CHECK_THROWS_WITH(parse_ssc("k_adjust=maybe", start), Catch::Contains("yes or no"));
}

TEST_CASE("the fingerprint sees names, values and missing values, not the frame's other columns") {
  const data::Frame frame = test::panel();
  const std::uint64_t before = estimators::fingerprint(frame, {"x", "y"});
  CHECK(before == estimators::fingerprint(frame.without("z"), {"x", "y"}));
  CHECK(before != estimators::fingerprint(frame, {"x"}));
  CHECK(before != estimators::fingerprint(frame, {"y", "x"}));
  std::vector<double> x = frame.at("x")->numbers();
  x[7] = std::nan("");
  CHECK(before != estimators::fingerprint(frame.with("x", data::Column::reals(x)), {"x", "y"}));
  CHECK(estimators::hexadecimal(0xABC) == "0000000000000abc");
}

TEST_CASE("every record says what each option is for") {
  for (const estimators::Estimator* estimator : estimators::registry()) {
    CAPTURE(estimator->record.name);
    CHECK_FALSE(estimator->record.summary.empty());
    CHECK_FALSE(estimator->record.source.empty());
    CHECK_FALSE(estimator->record.example.empty());
    for (const core::OptionSpec& option : estimator->record.options) {
      CAPTURE(option.name);
      CHECK_FALSE(option.doc.empty());
    }
  }
}
