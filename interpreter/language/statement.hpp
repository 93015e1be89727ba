// A command statement in parts: NAME words [if expr] [in range] [weights] [using file] [, options]
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace language {

struct StatementOption {
  std::string name;
  bool has_value = false;
  std::string value;  ///< between the brackets, as written
};

struct Statement {
  std::vector<std::string> prefixes;  ///< "quietly", "capture", "by province (year), sort": outermost first
  std::string name;
  std::size_t begin = 0;            ///< where the name stands in the text
  std::string body;                 ///< the words, as written
  std::string condition;            ///< after `if`
  std::string range;                ///< after `in`: "1/10"
  std::string weight_kind, weight;  ///< [aw=pop]: "aw", "pop"
  std::string file;                 ///< after `using`: one file without its quotes, several as written
  bool has_using = false;
  std::vector<StatementOption> options;
};

/// Throws Fault (statement_text.hpp) with offsets in `text`.
Statement parse_statement(std::string_view text);

/// Words apart by blanks outside brackets and quotes: {"y", "L(1/3).x", "(d = z)"}; quotes stay.
std::vector<std::string> statement_words(std::string_view body);
/// Without the quotes around it, when there are some.
std::string unquoted(std::string_view word);
/// Offset of the sign of `target = value` outside brackets and quotes, or npos; no comparison.
std::size_t assignment_sign(std::string_view body);
/// "absorb(city year) vce(cluster city)": options as written.
std::vector<StatementOption> statement_options(std::string_view text, std::size_t offset);

}  // namespace language
