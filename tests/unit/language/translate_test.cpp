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

TEST_CASE("a command statement becomes one call on its line") {
  CHECK(lua("summarize ser rat") == "__statement(\"summarize ser rat\");");
  CHECK(lua("summarize ser rat if x == \"a\", detail") ==
        "__statement(\"summarize ser rat if x == \\\"a\\\", detail\");");
  CHECK(lua("x = 1\nif a then sum b end") == "x = 1\nif a then __statement(\"sum b\"); end");
  CHECK(lua("describe\nx = 1") == "__statement(\"describe\");\nx = 1");
  CHECK(lua("describe; x = 1") == "__statement(\"describe\");; x = 1");
  CHECK(lua("use \"x.csv\", clear") == "__statement(\"use \\\"x.csv\\\", clear\");");
  CHECK(lua("use \"x.csv\" if year > 2012") == "__statement(\"use \\\"x.csv\\\" if year > 2012\");");
  CHECK(lua("summarize, detail") == "__statement(\"summarize, detail\");");
  CHECK(lua("merge 1:1 id using \"b.dta\"") == "__statement(\"merge 1:1 id using \\\"b.dta\\\"\");");
  CHECK(lua("gsort -year x") == "__statement(\"gsort -year x\");");
  CHECK(lua("drop *_x") == "__statement(\"drop *_x\");");
  CHECK(lua("quietly: reg y x") == "__statement(\"quietly: reg y x\");");
  CHECK(lua("by x: gen n = _n") == "__statement(\"by x: gen n = _n\");");
  CHECK(lua("collapse (mean) a b (sd) c=a, by(g)") == "__statement(\"collapse (mean) a b (sd) c=a, by(g)\");");
  CHECK(lua("lincom (a + b) / 2") == "__statement(\"lincom (a + b) / 2\");");
  CHECK(lua("show, detail --> a = b") == "__statement(\"show, detail\"); --> a = b");
  CHECK(lua("di %5.2f x") == "__statement(\"di %5.2f x\");");
  CHECK(lua("do \"more.do\"") == "dofile \"more.do\";");
  CHECK(lua("display \"a\" x") == "__statement(\"display \\\"a\\\" x\");");
  CHECK(lua("ivregress 2sls y (d = z)") == "__statement(\"ivregress 2sls y (d = z)\");");
}

TEST_CASE("the line ends a statement, /// carries it on, comments are left out") {
  CHECK(lua("reg y ///\n  x ///  more\n  z\nw = 1") == "__statement(\"reg y    x    z\");\n\n\nw = 1");
  CHECK(lua("reg y x // note\nw = 1") == "__statement(\"reg y x\");\nw = 1");
  CHECK(lua("reg y x -- note\nw = 1") == "__statement(\"reg y x\"); -- note\nw = 1");
  CHECK(lua("reg y /* a\n b */ x") == "__statement(\"reg y   x\");\n");
  CHECK(lua("* don't\nreg y x\n// isn't\n/* it's */\n** a") == "\n__statement(\"reg y x\");\n\n\n");
  CHECK(lua("f(x) // note\ny = 2") == "f(x) \ny = 2");
  CHECK(lua("x = a // b\n* c") == "x = a // b\n* c");
  CHECK(lua("x = a\n* Table 2\ny = 1") == "x = a\n\ny = 1");
  CHECK(language::incomplete("reg y ///"));
  CHECK(language::incomplete("reg y ///\n"));
  CHECK_FALSE(language::incomplete("reg y ///\n x"));
}

TEST_CASE("{=expr} stands for a value of Lua in a statement") {
  CHECK(lua("reg y {=controls}, vce(cluster {=f(\"}\")})") ==
        "__statement(\"reg y \", controls, \", vce(cluster \", f(\"}\"), \")\");");
  CHECK(lua("{=x}") != "__statement(\"\", x);");
  CHECK(lua("reg {=a}{=b}") == "__statement(\"reg \", a, \"\", b);");
}

TEST_CASE("what Lua can read stays Lua's") {
  for (const std::string script :
       {"a, b = 1, 2", "a,\nb = 1, 2", "a, t[1]\n= 1, 2", "f \"x\"", "f \"x\" g = 1", "f \"a\" if x then y() end",
        "collapse (mean)", "local collapse\ncollapse (mean) x = 1", "f (mean) x = 1", "f\n(x)()", "f\n\"x\"", "x.y = 1",
        "capture:use \"x\"", "f\n= 2", "local display = f display \"a\" x = 1", "f\n.x = 1", "x = a\n* b", "x = y // 2",
        "f()\n;(g)()"})
    CHECK(lua(script) == script);
}

TEST_CASE("mistakes in statements say where they are") {
  CHECK(error("summarize x (ser") == "t.mt:1:13: this '(' is never closed");
  CHECK(marked("summarize x (ser") == "(");
  CHECK(error("x = 1\nsummarize ser)") == "t.mt:2:14: this ')' closes nothing");
  CHECK(error("reg y x, vce(cluster city") == "t.mt:1:13: this '(' is never closed");
  CHECK(error("use \"x.csv, clear\nx = 1") == "");  // Lua's own unfinished string
  CHECK(error("merge m:1 id using \"x.csv") == "t.mt:1:20: unfinished string");
  CHECK(error("foreach x of varlist a b {") == "t.mt:1:1: loops are Lua's: 'foreach …  {' is not read");
  CHECK(error("reg y `controls'") == "t.mt:1:7: macros are Lua's variables: '`controls'' is not read");
  CHECK(error("reg y $controls") == "t.mt:1:7: macros are Lua's variables: '$controls' is not read");
  CHECK(error("local controls a b") == "t.mt:1:7: macros are Lua's variables: 'local controls …' is not read");
  CHECK(error("local controls \"a b\"") == "t.mt:1:7: macros are Lua's variables: 'local controls …' is not read");
  CHECK(error("global controls a b") == "t.mt:1:1: macros are Lua's variables: 'global …' is not read");
  CHECK(error("reg y x if") == "t.mt:1:9: no condition after 'if'");
  CHECK(error("reg y x, vce=robust") == "t.mt:1:13: an option's value stands in brackets");
  CHECK(error("by x summarize y") == "t.mt:1:1: 'by' has no colon before the command");
  CHECK(error("quietly ") == "t.mt:1:1: 'quietly' needs a command after it");
  CHECK(error("x = a b") == "");  // Lua's business: the text may be an expression typed in the REPL
}

TEST_CASE("punctuation beyond ASCII outside strings is explained") {
  CHECK(error("f（x)") == "t.mt:1:2: '（' cannot stand here");
  CHECK(marked("f（x)") == "（");
  CHECK(error("use “x.csv”") == "t.mt:1:5: '“' cannot stand here");
  CHECK(error("x = 1 → 2") == "t.mt:1:7: '→' cannot stand here");
  CHECK(error("x = a ≥ 2") == "t.mt:1:7: '≥' cannot stand here");
  CHECK(lua("x = \"城市\" -- 城市") == "x = \"城市\" -- 城市");
  CHECK(lua("x = \xff\xfe") == "x = \xff\xfe");  // not UTF-8
}

TEST_CASE("return list is a statement where list is the command") {
  CHECK(lua("return list") == "__statement(\"return list\");");
  CHECK(lua("reg y x\nreturn list\nx = 1").find("__statement(\"return list\");\nx = 1") != std::string::npos);
  CHECK(lua("local list = {}\nreturn list") == "local list = {}\nreturn list");
  CHECK(lua("function f()\nreturn list\nend") == "function f()\nreturn list\nend");
  CHECK(lua("return list()") == "return list()");
  CHECK(lua("return list, 2") == "return list, 2");
}

TEST_CASE("exit and quit end a file, or leave the prompt") {
  CHECK(lua("exit") == "__exit() do return end");
  CHECK(lua("x = 1\nexit 198\ny = 2") == "x = 1\n__exit(198) do return end\ny = 2");
  CHECK(lua("exit, clear") == "__exit() do return end");
  CHECK(lua("if a then exit end") == "if a then __exit() do return end end");
  CHECK(lua("exit()") == "exit()");
  CHECK(error("function f() exit end") == "t.mt:1:14: 'exit' ends a file, and stands in a function here");
  CHECK(lua("exit = 3\nexit") == "exit = 3\n__statement(\"exit\");");
}

TEST_CASE("names in letters beyond ASCII") {
  CHECK(lua("x = 城市2 + Größe") == "x = _ENV[\"城市2\"] + _ENV[\"Größe\"]");
  CHECK(lua("城市, a.名 = 1, 2") == "_ENV[\"城市\"], a[\"名\"] = 1, 2");
  CHECK(lua("m.coef.人均()\n.b = 1") == "m.coef[\"人均\"]()\n.b = 1");
  CHECK(lua("f(y ~ 人均:x, 名=人均)") == "f(y ~ _ENV[\"人均\"]^__ia^x, __kw(\"名\", {[\"名\"]=_ENV[\"人均\"]}))");
  CHECK(lua("t = {人均 = 1, 人均, [人均] = 2}") == "t = {[\"人均\"] = 1, _ENV[\"人均\"], [_ENV[\"人均\"]] = 2}");
  CHECK(lua("reg 人均 x if 年 > 3") == "__statement(\"reg 人均 x if 年 > 3\");");
  CHECK(lua("x = 1\n* 描述统计\ny = 2") == "x = 1\n\ny = 2");
  CHECK(lua("help 面板\nsearch 面板 数据") == "help (\"面板\");\nsearch (\"面板 数据\");");
  CHECK(error("local 人均 = 1").find("t.mt:1:7: '人均' cannot name a local variable") == 0);
  CHECK(error("function 人均(x) end").find("t.mt:1:10: '人均' cannot name a function so defined") == 0);
  CHECK(error("x = function(人) end").find("t.mt:1:14: '人' cannot name a parameter") == 0);
  CHECK(error("for 人 = 1, 2 do end").find("t.mt:1:5: '人' cannot name a local variable") == 0);
  CHECK(error("m:方法(1)").find("t.mt:1:3: '方法' cannot name a method") == 0);
  CHECK(error("goto 人").find("t.mt:1:6: '人' cannot name a label") == 0);
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

TEST_CASE("names whose truth is asked for are noted, and the script stays as it is") {
  const auto tested = [](std::string_view script) {
    const language::Translation translation = language::translate(script, "t.mt");
    CHECK(translation.lua == script);
    std::string out;
    for (const auto& [line, names] : translation.tested)
      for (const auto& [name, word] : names) out += std::to_string(line) + name + " " + word + ";";
    return out;
  };
  CHECK(tested("f(a and b)") == "1a and;");
  CHECK(tested("f(a or b)") == "1a or;");
  CHECK(tested("x = not a") == "1a not;");
  CHECK(tested("x = a == 1 and b") == "1a ==;");
  CHECK(tested("if a then end") == "1a then;");
  CHECK(tested("x = (a + b) and c") == "1a and;1b and;");
  CHECK(tested("x = L.a and c") == "1L. and;");
  CHECK(tested("x = a\nand c") == "1a and;2a and;");
  CHECK(tested("x = f(a) and t.a and a.b[c] and d").find(" and;") != std::string::npos);
  CHECK(tested("x = f(a) and c").empty());
  CHECK(tested("x = t.f(a) and m:f(a) and \"a\"") == "1m and;1t. and;");
  CHECK(tested("x = a == nil").empty());
  CHECK(tested("x = nil ~= a").empty());
  CHECK(tested("x = c and a or b") == "1c and;");  // a choice between a and b
  CHECK(tested("while a do end") == "");
}
