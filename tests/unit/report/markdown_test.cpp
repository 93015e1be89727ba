#include "report/markdown.hpp"

#include <catch2/catch.hpp>

using report::plain_lines;
using report::render_markdown_text;

TEST_CASE("headings, paragraphs and code lose their marks") {
  const std::string page =
      "# did\n\nOne `sentence` of **two** words.\n\n## Syntax\n\n    did(y ~ x)\n\n```moontide\nm = 1\n```\n";
  CHECK(render_markdown_text(page) == "did\n\nOne sentence of two words.\n\nSyntax\n\n    did(y ~ x)\n\n    m = 1\n");
  CHECK(render_markdown_text(page, {.color = true}).find("\x1b[1mdid\x1b[0m\n") == 0);
}

TEST_CASE("paragraphs and lists wrap with a hanging indent, code does not") {
  CHECK(render_markdown_text("one two three four five six", {.width = 20}) == "one two three four\nfive six\n");
  CHECK(render_markdown_text("- one two three four five\n- six\n", {.width = 22}) ==
        "• one two three four\n  five\n• six\n");
  CHECK(render_markdown_text("2. two\n3. three\n") == "2. two\n3. three\n");
  const std::string code(200, 'x');
  CHECK(render_markdown_text("```\n" + code + "\n```\n", {.width = 40}) == "    " + code + "\n");
  CHECK(render_markdown_text("some words `m:f(a = 1)`", {.width = 20}) == "some words\nm:f(a = 1)\n");
}

TEST_CASE("tables fit the width, and wide characters align") {
  const std::string table = "| name | meaning |\n|---|---:|\n| `fe` | 固定效应 |\n| `a` | `x \\| y` |\n";
  CHECK(render_markdown_text(table) == "name   meaning\n────  ────────\nfe    固定效应\na        x | y\n");
  const std::string narrow = render_markdown_text(
      "| option | meaning |\n|---|---|\n| `vcov` | covariance of the estimates |\n", {.width = 26, .ascii = true});
  CHECK(narrow == "option  meaning\n------  ------------------\nvcov    covariance of the\n        estimates\n");
}

TEST_CASE("any text renders") {
  for (const char* text : {"", "#", "| a |\n|---|", "```", "<b>x</b>", "[a](b)", "\xff\xfe", "***", "> - 1. x"})
    CHECK_NOTHROW(render_markdown_text(text));
  CHECK(render_markdown_text("[page](https://example.org)") == "page (https://example.org)\n");
}

TEST_CASE("plain lines are what search reads") {
  CHECK(plain_lines("# a\n\nb **c**\nd\n\n| e | f g |\n|---|---|\n| h | i |\n\n```\nj\n```\n") ==
        "a\nb c d\ne  f g\nh  i\nj\n\n");
}
