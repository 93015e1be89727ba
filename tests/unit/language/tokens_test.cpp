#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "core/error.hpp"
#include "language/translate.hpp"

using language::TokenKind;

namespace {

std::string joined(std::string_view script) {
  std::string text;
  for (const language::Token& token : language::tokens(script)) text += script.substr(token.offset, token.length);
  return text;
}

}  // namespace

TEST_CASE("tokens carry kind, place and text") {
  const std::string script = "local x = 'a' --c\r\n\t12e+3 ..y[[z\n]] >>";
  const std::vector<language::Token> tokens = language::tokens(script);
  std::vector<std::string> texts;
  for (const language::Token& token : tokens)
    if (token.kind != TokenKind::space) texts.push_back(script.substr(token.offset, token.length));
  CHECK(texts == std::vector<std::string>{"local", "x", "=", "'a'", "--c", "12e+3", "..", "y", "[[z\n]]", ">>", ""});
  CHECK(tokens.front().kind == TokenKind::keyword);
  CHECK(tokens[6].kind == TokenKind::string);
  CHECK(tokens[8].kind == TokenKind::comment);
  CHECK(tokens[10].kind == TokenKind::number);
  CHECK(tokens[10].line == 2);
  CHECK(tokens[10].column == 2);
  CHECK(tokens[16].line == 3);  // ">>" after a string of two lines
  CHECK(tokens[16].column == 4);
  CHECK(tokens.back().kind == TokenKind::end);
}

TEST_CASE("an unfinished string or comment is one token to the end") {
  CHECK(language::tokens("x = \"abc\ny = 2").size() == 6);
  CHECK(language::tokens("--[[ abc\ny = 2").size() == 2);
  CHECK(language::tokens("[=[ abc ]]\ny = 2").size() == 2);
}

TEST_CASE("random bytes and random tokens neither crash nor lose a line") {
  const std::vector<std::string> pool = {
      "f",   "(",   ")",   "{",        "}",  "[",     "]",      "=",     "==",   ",",      ";",      ":",
      "::",  ".",   "..",  "...",      "#",  "##",    "-",      "^",     "?",    "help",   "if",     "then",
      "end", "do",  "for", "function", "in", "local", "return", "until", "else", "k",      "\n",     " ",
      "1",   "'s'", "\"",  "[[",       "]]", "--",    "--[[",   "\\",    "goto", "repeat", "while",  "not",
      "<",   ">",   "~",   "\r",       "\t", "城",    "（",     "0x",    "1e",   "search", "elseif", "or"};
  std::mt19937 random(20240511);
  for (int round = 0; round < 20000; ++round) {
    std::string script;
    const std::size_t length = random() % 60;
    const bool bytes = round % 4 == 0;
    for (std::size_t i = 0; i < length; ++i) {
      if (bytes) {
        script += static_cast<char>(random() % 256);
      } else {
        script += pool[random() % pool.size()];
        if (random() % 2 == 0) script += ' ';
      }
    }
    REQUIRE(joined(script) == script);
    language::incomplete(script);
    try {
      const std::string lua = language::translate(script, "x").lua;
      CAPTURE(script, lua);
      REQUIRE(std::count(lua.begin(), lua.end(), '\n') == std::count(script.begin(), script.end(), '\n'));
    } catch (const core::Error& error) {
      REQUIRE(error.message().substr(0, 2) == "x:");
    }
  }
}

TEST_CASE("deep nesting and long runs take linear time and no stack") {
  constexpr std::size_t count = 200000;
  const auto repeat = [](const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
  };
  for (const std::string piece : {"(", "f(", "f(k=", "{", "[", "do ", "function(", "if a then ", "a:", "#",
                                  "x=function() ", "f(a, k=1) ", "--[", "[=", "\\", "'a' ", "a:b:", "?x "}) {
    const std::string script = repeat(piece);
    INFO(piece);
    CHECK(joined(script) == script);
    language::incomplete(script);
    try {
      const std::string lua = language::translate(script, "x").lua;
      CHECK(lua.size() >= script.size());
    } catch (const core::Error& error) {
      CHECK(error.message().substr(0, 2) == "x:");
    }
  }
  std::string many = "f(";
  for (std::size_t i = 0; i < count; ++i) many += "k" + std::to_string(i) + "=1,";
  CHECK(language::translate(many + ")", "x").lua.size() > many.size());
}
