// Column sets and sums are those of model.matrix (R 4.2.2) and of fixest 0.14.2's i() on the same eight rows.
#include "formula/design.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "data/frame.hpp"
#include "formula/parse.hpp"

#include <catch2/catch.hpp>

#include <limits>

using data::Column;
using formula::Design;
using formula::parse;

namespace {

const double hole = std::numeric_limits<double>::quiet_NaN();

data::Frame eight() {
  data::Frame frame("eight");
  frame = frame.with("f", Column::texts({"b", "a", "c", "a", "b", "c", "a", "b"}));
  frame = frame.with("g", Column::texts({"u", "v", "u", "u", "v", "v", "u", "u"}));
  frame = frame.with("k", Column::integers({1, 2, 3, 1, 2, 3, 3, 1}));
  frame = frame.with("x", Column::reals({1, 2, 3, 4, 5, 6, 7, 8}));
  frame = frame.with("z", Column::reals({2, 1, 2, 3, 1, 2, 2, 5}));
  frame = frame.with("y", Column::reals({1, 3, 2, 5, 4, 6, 8, 7}));
  frame = frame.with("b", Column::booleans({0, 1, 0, 1, 0, 1, 0, 1}));
  frame = frame.with("id", Column::integers({1, 1, 2, 2, 3, 3, 4, 4}));
  const auto levels = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"low", "mid", "high"});
  return frame.with("size", Column::categories({2, 1, 0, 0, 1, 2, 2, 0}, levels, {10, 20, 30}));
}

Design built(const std::string& text, const data::Frame& frame, const formula::DesignOptions& options = {}) {
  return formula::design(formula::split(parse(text)), frame, options);
}

formula::DesignOptions keeping_singletons() {
  formula::DesignOptions options;
  options.keep_singletons = true;
  return options;
}
formula::DesignOptions where(const std::string& condition) {
  formula::DesignOptions options;
  options.where = parse(condition);
  return options;
}

/// "name sum" of every column of X.
std::string columns(const std::string& right) {
  const Design design = built("y ~ " + right, eight());
  std::vector<std::string> out;
  for (std::size_t j = 0; j < design.names.size(); ++j)
    out.push_back(design.names[j] + " " + core::shortest(design.X.col(static_cast<Eigen::Index>(j)).sum()));
  return core::join(out, ", ");
}

std::string complaint(const std::string& text, const data::Frame& frame = eight()) {
  try {
    built(text, frame);
  } catch (const core::Error& error) {
    std::string out = error.message();
    if (const core::Caret* caret = error.caret()) out += " [" + caret->text.substr(caret->offset, caret->length) + "]";
    for (const std::string& hint : error.hints()) out += "; " + hint;
    return out;
  }
  return "no error";
}

std::string dropped(const Design& design) {
  std::vector<std::string> out;
  for (const formula::Dropped& one : design.dropped) out.push_back(one.reason + ": " + std::to_string(one.rows));
  return core::join(out, "; ");
}

}  // namespace

TEST_CASE("factors are coded as model.matrix codes them") {
  CHECK(columns("f") == "f::b 3, f::c 2, _cons 8");
  CHECK(columns("f - 1") == "f::a 3, f::b 3, f::c 2");
  CHECK(columns("f*x") == "f::b 3, f::c 2, x 36, f::b:x 14, f::c:x 9, _cons 8");
  CHECK(columns("f:x") == "f::a:x 13, f::b:x 14, f::c:x 9, _cons 8");
  CHECK(columns("x + x:f") == "x 36, x:f::b 14, x:f::c 9, _cons 8");
  CHECK(columns("x:f + x") == "x:f::b 14, x:f::c 9, x 36, _cons 8");
  CHECK(columns("f:g") == "f::a:g::u 2, f::b:g::u 2, f::c:g::u 1, f::a:g::v 1, f::b:g::v 1, f::c:g::v 1, _cons 8");
  CHECK(columns("f + f:g") == "f::b 3, f::c 2, f::a:g::v 1, f::b:g::v 1, f::c:g::v 1, _cons 8");
  CHECK(columns("f + g + f:g") == "f::b 3, f::c 2, g::v 3, f::b:g::v 1, f::c:g::v 1, _cons 8");
  CHECK(columns("g + f:g - 1") == "g::u 5, g::v 3, f::b:g::u 2, f::c:g::u 1, f::b:g::v 1, f::c:g::v 1");
  CHECK(columns("f + g - 1") == "f::a 3, f::b 3, f::c 2, g::v 3");
  CHECK(columns("x:z") == "x:z 93, _cons 8");
  CHECK(columns("f:g:x") ==
        "f::a:g::u:x 11, f::b:g::u:x 9, f::c:g::u:x 3, f::a:g::v:x 2, f::b:g::v:x 5, "
        "f::c:g::v:x 6, _cons 8");
  CHECK(columns("f:x + g:x - 1") == "f::a:x 13, f::b:x 14, f::c:x 9, g::v:x 13");
  CHECK(columns("f*g*x").find("f::b:g::v:x 5, f::c:g::v:x 6") != std::string::npos);
  // Combinations that no row has are no columns.
  CHECK(columns("i.k:f - 1") ==
        "i.k::1:f::a 1, i.k::2:f::a 1, i.k::3:f::a 1, i.k::1:f::b 2, i.k::2:f::b 1, "
        "i.k::3:f::c 2");
}

TEST_CASE("i() codes as fixest does") {
  CHECK(columns("i(k)") == "i(k)::2 2, i(k)::3 3, _cons 8");
  CHECK(columns("i.k") == "i.k::2 2, i.k::3 3, _cons 8");
  CHECK(columns("i(k) - 1") == "i(k)::1 3, i(k)::2 2, i(k)::3 3");
  CHECK(columns("i(k) + i(g) - 1") == "i(k)::1 3, i(k)::2 2, i(k)::3 3, i(g)::v 3");
  CHECK(columns("i(k, ref=2)") == "i(k)::1 3, i(k)::3 3, _cons 8");
  CHECK(columns("i(k, ref={1, 2})") == "i(k)::3 3, _cons 8");
  CHECK(columns("i(f, ref='b')") == "i(f)::a 3, i(f)::c 2, _cons 8");
  CHECK(columns("i(f, ref=b)") == "i(f)::a 3, i(f)::c 2, _cons 8");
  CHECK(columns("i(k, x)") == "i(k)::1:x 13, i(k)::2:x 7, i(k)::3:x 16, _cons 8");
  CHECK(columns("i(k, x, ref=3)") == "i(k)::1:x 13, i(k)::2:x 7, _cons 8");
  CHECK(columns("i(k, log(x), ref={2, 3})").substr(0, 14) == "i(k)::1:log(x)");
  CHECK(columns("i(g, f)") ==
        "i(g)::u:f::b 2, i(g)::u:f::c 1, i(g)::v:f::a 1, i(g)::v:f::b 1, i(g)::v:f::c 1, _cons 8");
  CHECK(columns("i(k, i.b, ref=1)") == "i(k)::2:b::0 1, i(k)::2:b::1 1, i(k)::3:b::0 2, i(k)::3:b::1 1, _cons 8");
  CHECK(columns("i(k, i.b, ref=1, ref2=0)") == "i(k)::2:b::1 1, i(k)::3:b::1 1, _cons 8");
  CHECK(columns("i.b") == "i.b::1 4, _cons 8");
  CHECK(columns("b") == "b 4, _cons 8");
  CHECK(columns("f + i.f") == "f::b 3, f::c 2, _cons 8");
}

TEST_CASE("labelled numbers enter by their numbers, and i. makes them factors in the order of their levels") {
  CHECK(columns("size") == "size 160, _cons 8");
  CHECK(built("y ~ size + size:x", eight()).notes ==
        std::vector<std::string>{"size has value labels: its numbers are used; i.size makes it a factor"});
  CHECK(columns("i.size") == "i.size::mid 2, i.size::high 3, _cons 8");
  CHECK(columns("i(size, ref='mid')") == "i(size)::low 3, i(size)::high 3, _cons 8");
  CHECK(columns("i(size, ref=20)") == "i(size)::low 3, i(size)::high 3, _cons 8");
  CHECK(columns("c.size") == "size 160, _cons 8");
}

TEST_CASE("with a fixed effect there is no constant, and main effects leave a level out") {
  const Design design = built("y ~ f + x | id", eight());
  CHECK(core::join(design.names, " ") == "f::b f::c x");
  CHECK_FALSE(design.constant);
  REQUIRE(design.fe.size() == 1);
  CHECK(design.fe[0].codes == numerics::Codes{0, 0, 1, 1, 2, 2, 3, 3});
  CHECK(design.fe[0].levels == 4);
  CHECK(design.fe_info[0].level_names == std::vector<std::string>{"1", "2", "3", "4"});
  CHECK(core::join(built("y ~ f - 1 | id", eight()).names, " ") == "f::b f::c");
  // Slopes alone do not absorb a constant.
  CHECK(core::join(built("y ~ x | id[[z]]", eight()).names, " ") == "x _cons");
}

TEST_CASE("fixed effects are coded in sorted order, combined and with slopes") {
  const Design design = built("y ~ x | f + g^id[z] + size", eight(), keeping_singletons());
  REQUIRE(design.fe.size() == 3);
  CHECK(design.fe[0].codes == numerics::Codes{1, 0, 2, 0, 1, 2, 0, 1});
  CHECK(design.fe_info[0].level_names == std::vector<std::string>{"a", "b", "c"});
  CHECK(design.fe_info[1].name == "(g^id)[z]");
  CHECK(design.fe_info[1].slope_names == std::vector<std::string>{"z"});
  CHECK(design.fe_info[1].level_names == std::vector<std::string>{"u_1", "u_2", "u_4", "v_1", "v_3"});
  CHECK(design.fe[1].codes == numerics::Codes{0, 3, 1, 1, 4, 4, 2, 2});
  CHECK(design.fe[1].intercept);
  REQUIRE(design.fe[1].slopes.size() == 1);
  CHECK(design.fe[1].slopes[0][7] == 5);
  CHECK(design.fe_info[2].level_names == std::vector<std::string>{"low", "mid", "high"});
}

TEST_CASE("rows are dropped for reasons, in order") {
  data::Frame frame = eight();
  frame = frame.with("m", Column::reals({1, hole, 2, 3, 4, 5, 6, 7}));
  frame = frame.with("w", Column::reals({1, 1, 1, 0, 1, 1, hole, 1}));
  frame = frame.with("h", Column::texts({"p", "p", "", "q", "q", "q", "q", "p"}));
  formula::DesignOptions options;
  options.where = parse("x < 8");
  options.weights = {formula::WeightKind::analytic, parse("w")};
  options.complete = {parse("h")};
  const Design design = built("y ~ m + log(x - 1)", frame, options);
  CHECK(dropped(design) == "where: 1; missing in m, h: 2; not finite in log(x - 1): 1; weight zero or missing: 2");
  CHECK(design.rows == std::vector<std::uint32_t>{4, 5});
  CHECK(design.weights.size() == 2);
  CHECK(design.frame_rows == 8);
  CHECK(design.y.size() == 2);
  CHECK(design.X.rows() == 2);

  // Levels that vanish with their rows are no columns.
  CHECK(core::join(built("y ~ f", eight(), where("f != 'c'")).names, " ") == "f::b _cons");

  const data::Frame infinite = eight().with("x", Column::reals({1, 2, 3, 4, 5, 6, 7, HUGE_VAL}));
  CHECK(dropped(built("y ~ x", infinite)) == "not finite in x: 1");
  const data::Frame panel = eight().with("t", Column::integers({1, 2, 1, 2, 1, 2, 1, 2})).with_panel("id", "t");
  CHECK(dropped(built("y ~ L.x", panel)) == "missing in L.x: 4");
  options = {};
  options.weights = {formula::WeightKind::frequency, parse("x - 3")};
  CHECK_THROWS_WITH(built("y ~ z", eight(), options), Catch::Contains("the weight x - 3 is negative in row 1: -2"));
  options.where = parse("x >= 3");
  CHECK(dropped(built("y ~ z", eight(), options)) == "where: 2; weight zero or missing: 1");
}

TEST_CASE("singletons go iteratively, unless kept") {
  data::Frame frame = eight();
  // Row 7 is alone in p; without it row 6 is alone in id 4.
  frame = frame.with("p", Column::integers({1, 1, 1, 2, 2, 2, 1, 9}));
  const Design design = built("y ~ x | id + p", frame);
  CHECK(dropped(design) == "singleton: 2");
  CHECK(design.rows == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5});
  CHECK(design.fe[0].levels == 3);
  CHECK(design.fe[1].levels == 2);
  CHECK(design.fe_info[1].level_names == std::vector<std::string>{"1", "2"});
  const Design kept = built("y ~ x | id + p", frame, keeping_singletons());
  CHECK(kept.rows.size() == 8);
  CHECK(kept.fe[1].levels == 3);
}

TEST_CASE("instruments and endogenous columns") {
  const Design design = built("y ~ x | id | z ~ k + log(x)", eight());
  CHECK(core::join(design.endogenous_names, " ") == "z");
  CHECK(core::join(design.instrument_names, " ") == "k log(x)");
  CHECK(design.endogenous(7, 0) == 5);
  CHECK(design.instruments(2, 0) == 3);
  CHECK(built("log(y) ~ x", eight()).y_name == "log(y)");
  CHECK(built("b ~ x", eight()).y.sum() == 4);
}

TEST_CASE("errors of designs say what and where") {
  CHECK(complaint("y ~ xx") ==
        "no column 'xx' in frame 'eight' [xx]; did you mean 'x'?  columns: f, g, k, x, z, y, b, id, size");
  CHECK(complaint("f ~ x").substr(0, 31) == "the left side 'f' is text [f]; ");
  CHECK(complaint("y ~ log(f)") == "'f' is text, but log() needs a number [f]; number(x) reads numbers out of text");
  CHECK(complaint("y ~ c.f") == "'f' is text: it has no numbers for c. [f]");
  CHECK(complaint("y ~ i(k, ref=7)") == "'7' is not a level of k [7]; levels: 1, 2, 3");
  CHECK(complaint("y ~ i(k, rfe=2)").substr(0, 24) == "i() has no option 'rfe' ");
  CHECK(complaint("y ~ x | id[f]") == "'f' is text, but a number is needed here [f]");
  CHECK(complaint("y ~ log(x - 9)") == "no rows left; 8 rows dropped: not finite in log(x - 9)");
  CHECK(complaint("y ~ x | x") == "no rows left; 8 rows dropped: singleton");
  formula::DesignOptions options;
  options.weights = {formula::WeightKind::frequency, parse("x/2")};
  CHECK_THROWS_WITH(built("y ~ z", eight(), options), "frequency weights must be whole numbers; 'x/2' has 0.5");
  CHECK(built("y ~ i(k, ref=3)", eight(), where("k < 3")).notes ==
        std::vector<std::string>{"reference level 3 of i(k) is in none of the rows used"});
}

TEST_CASE("a design for prediction keeps the levels of the first") {
  const formula::Parts parts = formula::split(parse("y ~ f*x + i(k, ref=2)"));
  const Design first = formula::design(parts, eight());
  data::Frame next("next");
  next = next.with("f", Column::texts({"c", "zz", "a", ""})).with("x", Column::reals({10, 20, hole, 1}));
  next = next.with("k", Column::reals({3, 1, 2, 2}));
  const formula::TermColumns out = formula::design_for_prediction(parts, eight(), first.rows, next);
  CHECK(out.names == first.names);
  const auto at = [&](Eigen::Index row, const std::string& name) {
    const auto found = std::find(out.names.begin(), out.names.end(), name);
    REQUIRE(found != out.names.end());
    return out.values(row, found - out.names.begin());
  };
  CHECK(at(0, "f::b") == 0);
  CHECK(at(0, "f::c") == 1);
  CHECK(at(0, "f::c:x") == 10);
  CHECK(at(0, "i(k)::3") == 1);
  CHECK(at(0, "_cons") == 1);
  CHECK(std::isnan(at(1, "f::b")));
  CHECK(at(1, "i(k)::1") == 1);
  CHECK(std::isnan(at(2, "x")));
  CHECK(at(2, "f::b") == 0);
  CHECK(std::isnan(at(3, "f::c:x")));
  // On its own rows it is the design.
  const formula::TermColumns self = formula::design_for_prediction(parts, eight(), first.rows, eight());
  CHECK((self.values - first.X).cwiseAbs().maxCoeff() == 0);
}

TEST_CASE("groups of terms") {
  const data::Grouping groups = formula::group_of(parse("g^b"), eight(), {1, 2, 3, 4});
  CHECK(groups.codes == std::vector<std::int32_t>{3, 0, 1, 2});
  CHECK(groups.first == std::vector<std::uint32_t>{2, 3, 4, 1});
  const data::Frame holes = eight().with("f", Column::texts({"b", "", "c", "a", "", "c", "a", "b"}));
  CHECK(formula::group_of(parse("f"), holes, {0, 1, 2}).codes == std::vector<std::int32_t>{0, -1, 1});
}
