#include "support.hpp"

#include "core/interrupt.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a plain Lua error has the script line, the word and where it was called from") {
  Running moon;
  const std::string error = moon.error("local function f()\n  local t\n  return t.x\nend\nlocal y = 1 + f()\n");
  CHECK(error ==
        "attempt to index a nil value (local 't')\n"
        "  test.mt:3:  return t.x\n"
        "                     ^\n"
        "  traceback:\n"
        "    test.mt:3: in function 'f'\n"
        "    test.mt:5: in main chunk");
}

TEST_CASE("an error of a command marks the word of the statement, on whichever line it stands") {
  Running moon;
  const std::string error = moon.error("x = 1\nols(ser ~ lngdp,\n    fes=\"city\")");
  CHECK(contains(error, "ols: unknown option 'fes'; did you mean 'fe'?"));
  CHECK(contains(error, "test.mt:3:  fes=\"city\")\n              ^^^"));
}

TEST_CASE("an error inside a string is marked in the script line, or on a line of its own") {
  Running moon;
  const std::string inside = moon.error("ols(\"ser ~ lngdp +\")");
  CHECK(contains(inside, "  test.mt:1:  ols(\"ser ~ lngdp +\")\n"));
  const std::string outside = moon.error("f = 'ser ~ ln'..'gdp +'\nols(f)");
  CHECK(contains(outside, "  in:  ser ~ lngdp +\n"));
}

TEST_CASE("pcall gives an error that reads as text and has fields") {
  Running moon;
  REQUIRE(moon.run("ok, e = pcall(ols, 'ser ~ lngdp', {fes=1})").ok);
  CHECK(contains(moon.value("e"), "ols: unknown option 'fes'"));
  CHECK(moon.value("e.command") == "ols");
  CHECK(moon.value("e:find('unknown', 1, true)") == "6");
  CHECK(contains(moon.error("error(e)"), "unknown option 'fes'"));
}

TEST_CASE("errors of any type are printed") {
  Running moon;
  CHECK(contains(moon.error("error({})"), "(error object is a table value)"));
  CHECK(contains(moon.error("error('plain', 0)"), "plain\n  test.mt:1:"));
  CHECK(contains(moon.error("x = = 1"), "unexpected symbol"));
}

TEST_CASE("syntax errors say the line") {
  Running moon;
  CHECK(contains(moon.error("x = 1\ny = f(k=1, 2)"), "test.mt:2:"));
}

TEST_CASE("an interruption stops loops, passes pcall and keeps the session") {
  Running moon;
  REQUIRE(moon.run("kept = 7; function stop() end").ok);
  lua_pushcfunction(moon.moon.state(), [](lua_State*) {
    core::request_interrupt();
    return 0;
  });
  lua_setglobal(moon.moon.state(), "stop");
  const bindings::Outcome outcome = moon.run("stop() while true do pcall(function() while true do end end) end");
  CHECK(outcome.interrupted);
  CHECK(outcome.error == "interrupted");
  CHECK(moon.value("kept") == "7");
}

TEST_CASE("os.exit ends the run with its status, through pcall and coroutines") {
  Running moon;
  const bindings::Outcome outcome = moon.run("pcall(coroutine.wrap(function() os.exit(3) end))");
  CHECK(outcome.leave);
  CHECK(outcome.exit_status == 3);
  CHECK(moon.run("os.exit(true)").exit_status == 0);
}

TEST_CASE("positions count through a session, and functions typed earlier keep their text and their statements") {
  Running moon;
  const auto type = [&](const std::string& text) { return moon.moon.run_text(text, "stdin", true); };
  REQUIRE(type("function f(t)\n  return t.x\nend").ok);
  REQUIRE(type("y = 1").ok);
  const bindings::Outcome outcome = type("f()");
  CHECK(contains(outcome.error, "stdin:2:  return t.x"));
  CHECK(contains(outcome.error, "stdin:5: in main chunk"));
}
