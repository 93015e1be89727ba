#include "language/translate.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/error.hpp"

namespace {

std::string lua(std::string_view script) { return language::translate(script, "t.mt").lua; }

/// The message of the error, or "" when there is none.
std::string error(std::string_view script) {
  try {
    language::translate(script, "t.mt");
  } catch (const core::Error& e) {
    return e.message();
  }
  return "";
}

/// What the caret of the error marks.
std::string marked(std::string_view script) {
  try {
    language::translate(script, "t.mt");
  } catch (const core::Error& e) {
    return e.caret() == nullptr ? "" : e.caret()->text.substr(e.caret()->offset, e.caret()->length);
  }
  return "";
}

}  // namespace

TEST_CASE("keyword arguments become one options table that keeps their order") {
  CHECK(lua("f(a, k=v, j=w)") == "f(a, __kw(\"k j\", {k=v, j=w}))");
  CHECK(lua("f(k=1)") == "f(__kw(\"k\", {k=1}))");
  CHECK(lua("f( k = 1 )") == "f( __kw(\"k\", {k = 1 }))");
  CHECK(lua("obj:m(k=v)") == "obj:m(__kw(\"k\", {k=v}))");
  CHECK(lua("a.b[1](x, k=v)(j=2)") == "a.b[1](x, __kw(\"k\", {k=v}))(__kw(\"j\", {j=2}))");
  CHECK(lua("x = f(g(a, k=1), j=h(b, i=2))") ==
        "x = f(g(a, __kw(\"k\", {k=1})), __kw(\"j\", {j=h(b, __kw(\"i\", {i=2}))}))");
  CHECK(lua("f(a == b, k = c == d)") == "f(a == b, __kw(\"k\", {k = c == d}))");
  CHECK(lua("f(k=1,)") == "f(__kw(\"k\", {k=1,}))");
}

TEST_CASE("a keyword may be a reserved word") {
  CHECK(lua("f(x, if=\"y > 1\")") == "f(x, __kw(\"if\", {[\"if\"]=\"y > 1\"}))");
  CHECK(lua("f(k=1, end = 2, in=3)") == "f(__kw(\"k end in\", {k=1, [\"end\"] = 2, [\"in\"]=3}))");
}

TEST_CASE("keyword arguments go across lines and keep them") {
  const std::string script = "f(a, -- first\n  k=v,\n  --[[ k=v\n ]] j={\n x = 1, y = function() z = 2 end\n}\n)\n";
  const std::string out = lua(script);
  CHECK(out == "f(a, -- first\n  __kw(\"k j\", {k=v,\n  --[[ k=v\n ]] j={\n x = 1, y = function() z = 2 end\n}\n}))\n");
  CHECK(std::count(out.begin(), out.end(), '\n') == std::count(script.begin(), script.end(), '\n'));
}

TEST_CASE("an equals sign in a nested function, table or group is not a keyword") {
  CHECK(lua("f(function() x = 1 end, k=1)") == "f(function() x = 1 end, __kw(\"k\", {k=1}))");
  CHECK(lua("f({a = 1}, k=1)") == "f({a = 1}, __kw(\"k\", {k=1}))");
  CHECK(lua("f(k=function(a) b = a g(c, d=a) end)") ==
        "f(__kw(\"k\", {k=function(a) b = a g(c, __kw(\"d\", {d=a})) end}))");
  CHECK(lua("x = {f(k=1), k = 2}") == "x = {f(__kw(\"k\", {k=1})), k = 2}");
}

TEST_CASE("mistakes in keyword arguments say where they are") {
  CHECK(error("f(k=1, a)") == "t.mt:1:8: positional argument after a keyword");
  CHECK(marked("f(k=1, abc)") == "abc");
  CHECK(error("x = 1\n  f(k=1,\n j=2, k=3)") == "t.mt:3:7: keyword 'k' is given twice");
  CHECK(marked("x = 1\n  f(k=1,\n j=2, k=3)") == "k");
  CHECK(error("f(a, k=)") == "t.mt:1:8: unexpected symbol near ')'");
  CHECK(error("f(a, k=1 2)") == "t.mt:1:10: ')' expected near '2'");
  CHECK(error("f(a, k={1 2})") == "t.mt:1:11: '}' expected near '2'");
  CHECK(error("f(a, k=1; j=2)") == "t.mt:1:9: ')' expected near ';'");
  CHECK(error("f(a, k=1") == "t.mt:1:2: this '(' is never closed");
  CHECK(error("f(k=1\nend") == "t.mt:2:1: ')' expected near 'end'");
  CHECK(error("f(k=\"abc)\nx = 1") == "t.mt:1:5: unfinished string");
}

TEST_CASE("mistakes that Lua reports better are left to Lua") {
  for (const std::string script : {"f(a, b", "x = = 2", "f((k = 1))", "local x y = 2)", "end", "f(a b, k=1)", "\"a\":b",
                                   "for i = 1 x(k=2)", "x = \"abc", "a..b...c", "function f(k=1) end"})
    CHECK(lua(script) == script);
}

TEST_CASE("interactions use Lua's tightest operator") {
  CHECK(lua("m = did(y ~ a:b)") == "m = did(y ~ a^__ia^b)");
  CHECK(lua("m = did(y ~ a#b)") == "m = did(y ~ a^__ia^b)");
  CHECK(lua("x = a:b:c + d") == "x = a^__ia^b^__ia^c + d");
  CHECK(lua("x = a # b # c") == "x = a ^__ia^ b ^__ia^ c");
  CHECK(lua("x = i.year:c.x") == "x = i.year^__ia^c.x");
  CHECK(lua("x = a:i.year") == "x = a^__ia^i.year");
  CHECK(lua("x = x^2:b") == "x = x^2^__ia^b");
  CHECK(lua("x = log(a):b") == "x = log(a)^__ia^b");
  CHECK(lua("x = (a + b):c") == "x = (a + b)^__ia^c");
  CHECK(lua("x = a:(b + c)") == "x = a^__ia^(b + c)");
  CHECK(lua("x = t[1]:b, #a#b") == "x = t[1]^__ia^b, #a^__ia^b");
  CHECK(lua("a:b") == "a^__ia^b");
  CHECK(lua("f(a:b, k=c:d)") == "f(a^__ia^b, __kw(\"k\", {k=c^__ia^d}))");
  CHECK(lua("x = {a:b, a#b}") == "x = {a^__ia^b, a^__ia^b}");
  CHECK(lua("x = a:b y = c") == "x = a^__ia^b y = c");
}

TEST_CASE("the full factorial is Lua's product") {
  CHECK(lua("x = a##b") == "x = a*b");
  CHECK(lua("x = a ## b##c.x") == "x = a * b*c.x");
  CHECK(lua("x = ##a") == "x = ##a");
  CHECK(lua("x = a# #b") == "x = a^__ia^ #b");
}

TEST_CASE("a method call stays one") {
  for (const std::string script : {"a:log(x)", "a:b{1}", "a:b'x'", "a:b [[x]]", "a:b\n(x)", "a :\n b (x)",
                                   "m:summary():plot()", "x = (a):b(c)", "x = f():g()", "x = t[1]:g()"})
    CHECK(lua(script) == script);
  CHECK(lua("x = a:b:c(d)") == "x = a^__ia^b:c(d)");
  CHECK(lua("x = a:c(d):b") == "x = a:c(d)^__ia^b");
}

TEST_CASE("strings, comments, labels and attributes are never touched") {
  for (const std::string script :
       {"x = \"f(a, k=v) a:b a##b ?x\"", "-- f(k=v) a:b\n--[[ a##b ]] x = 1", "x = [==[ a:b ]] ]==]",
        "::label:: goto label", "local x <const> = 5", "local f <close>, g = nil", "#!moontide\nx = 1",
        "\xEF\xBB\xBFx = 1", "f{a=1}", "f(a == b)", "fe[[x]]", "use \"file.csv\"", "x = #t", "x = y ~ z | w",
        "return #t, -#u"})
    CHECK(lua(script) == script);
}

TEST_CASE("help is a statement of its own") {
  CHECK(lua("help did") == "help (\"did\");");
  CHECK(lua("help if") == "help (\"if\");");
  CHECK(lua("help \"did\"") == "help \"did\"");
  CHECK(lua("?did") == "help(\"did\");");
  CHECK(lua("? did\n(f)()") == "help (\"did\");\n(f)()");
  CHECK(lua("?'did'") == "help'did';");
  CHECK(lua("help") == "help();");
  CHECK(lua("?") == "help();");
  CHECK(lua("help\nx = 1") == "help();\nx = 1");
  CHECK(lua("x = 1 help did; y = 2") == "x = 1 help (\"did\");; y = 2");
  CHECK(lua("if a then help did end") == "if a then help (\"did\"); end");
  CHECK(lua("if a then help end") == "if a then help(); end");
  CHECK(lua("search fixed effects") == "search (\"fixed effects\");");
  CHECK(lua("search \"x\"") == "search \"x\"");
  for (const std::string script : {"help = 1", "help.x = 1", "help()", "help(x)", "local help = 2", "x = help"})
    CHECK(lua(script) == script);
  CHECK(error("help did reg") == "t.mt:1:10: help takes one name");
}

TEST_CASE("command statements show the call to write") {
  const std::string head = "t.mt:1:1: command statements like ";
  const std::string then = " are not supported yet: write ";
  CHECK(error("summarize ser rat") == head + "'summarize ser rat'" + then + "summarize(ser, rat)");
  CHECK(error("summarize ser rat, detail") ==
        head + "'summarize ser rat, detail'" + then + "summarize(ser, rat, detail=true)");
  CHECK(error("reghdfe ser did if year >= 2012, absorb(city year) vce(cluster city)") ==
        head + "'reghdfe ser did if year >= 2012, absorb(city year) vce(cluster city)'" + then +
            "reghdfe(ser, did, where=\"year >= 2012\", absorb=\"city year\", vce=\"cluster city\")");
  CHECK(error("gen lnser = log(ser)") == head + "'gen lnser = log(ser)'" + then + "gen(lnser=log(ser))");
  CHECK(error("list if x == \"a\"") == head + "'list if x == \"a\"'" + then + "list(where=[[x == \"a\"]])");
  CHECK(error("list x in 1/5") == head + "'list x in 1/5'" + then + "list(…), with commas between arguments");
  CHECK(error("x = 1\nif a then sum b end") ==
        "t.mt:2:11: command statements like 'sum b' are not supported yet: write sum(b)");
  CHECK(marked("summarize ser") == "summarize");
  CHECK(error("describe\nx = 1") == "t.mt:1:1: the name 'describe' alone is not a statement");
  CHECK(error("x = a b") == "");  // Lua's business: the text may be an expression typed in the REPL
}

TEST_CASE("characters beyond ASCII outside strings are explained") {
  CHECK(error("f（x)") == "t.mt:1:2: '（' cannot stand here");
  CHECK(marked("f（x)") == "（");
  CHECK(error("use “x.csv”") == "t.mt:1:5: '“' cannot stand here");
  CHECK(error("x = 城市2 + 1") == "t.mt:1:5: '城市2' cannot be a name in a script");
  CHECK(lua("x = \"城市\" -- 城市") == "x = \"城市\" -- 城市");
  CHECK(lua("x = \xff\xfe") == "x = \xff\xfe");  // not UTF-8
}

TEST_CASE("statement calls are named by line") {
  using Names = std::map<int, std::set<std::string>>;
  const auto names = [](std::string_view script) { return language::translate(script, "t.mt").statement_calls; };
  CHECK(names("did(y ~ x)\nm = did(y ~ x)\nm:summary()") == Names{{1, {"did"}}, {3, {"summary"}}});
  CHECK(names("placebo(m):plot()") == Names{{1, {"plot"}}});
  CHECK(names("a.b.c()\nuse \"x.csv\"\nf{1}") == Names{{1, {"c"}}, {2, {"use"}}, {3, {"f"}}});
  CHECK(names("did(\n  f(x),\n  k=g()\n)\n:plot()") == Names{{1, {"plot"}}});
  CHECK(names("f() g()") == Names{{1, {"f", "g"}}});
  CHECK(names("return f()") == Names{});
  CHECK(names("local x = f()\nx, y = f(), g()\nt[f()] = 1\nx.y = f()") == Names{});
  CHECK(names("t[1]()\nf()()\n(f or g)()") == Names{});
  CHECK(names("for i = 1, f() do\n g(h())\nend\nif f() then g() else h() end\nrepeat g() until f()") ==
        Names{{2, {"g"}}, {4, {"g", "h"}}, {5, {"g"}}});
  CHECK(names("x = function()\n did(a)\nend\nwith(function() did(b) end)") ==
        Names{{2, {"did"}}, {4, {"did", "with"}}});
  CHECK(names("help did\n?") == Names{{1, {"help"}}, {2, {"help"}}});
  CHECK(names("a.b = 1\nx = a.b (f)()") == Names{});
  CHECK(names("x = 1 f()") == Names{{1, {"f"}}});
}

TEST_CASE("a command called on one line as a statement and otherwise is told apart") {
  const std::set<std::string> commands = {"did", "plot"};
  const auto rewritten = [&](std::string_view script) { return language::translate(script, "t.mt", commands).lua; };
  CHECK(rewritten("x = did(a) did(b)") == "x = did(a) __shown(did)(b)");
  CHECK(rewritten("did(did(a))") == "__shown(did)(did(a))");
  CHECK(rewritten("x = m:plot() m.fig :plot(k=1)") == "x = m:plot() __shown(m.fig ,\"plot\")(__kw(\"k\", {k=1}))");
  CHECK(rewritten("a.did(x):plot() y = f:plot()") == "__shown(a.did(x),\"plot\")() y = f:plot()");
  CHECK(rewritten("command \"two\" {} x = two() two()") == "command \"two\" {} x = two() __shown(two)()");
  CHECK(rewritten("command('two', {})\ntwo(); return two()") == "command('two', {})\n__shown(two)(); return two()");
  CHECK(rewritten("did(a) did(b)") == "did(a) did(b)");
  CHECK(rewritten("f(f(x)) did(a)\ny = did(b)") == "f(f(x)) did(a)\ny = did(b)");
  CHECK(language::translate("x = did(a) did(b) f()", "t.mt", commands).statement_calls ==
        std::map<int, std::set<std::string>>{{1, {"f"}}});
  CHECK(language::translate("x = did(a) did(b)", "t.mt").lua == "x = did(a) did(b)");
}
