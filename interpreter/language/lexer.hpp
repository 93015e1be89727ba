// The tokens of a script, by Lua 5.4's own rules (llex.c's grammar: Lua 5.4 reference manual, section 3.1), and names
// in any script's letters.
#pragma once

#include <string_view>
#include <vector>

#include "language/translate.hpp"

namespace language {

/// Cuts tokens one at a time, so that a reader can step over text that is not Lua's (a command statement).
class Lexer {
 public:
  /// With `blanks`, space and comments too, so that the texts joined are the script; without, only what Lua's parser
  /// sees.
  Lexer(std::string_view script, bool blanks);

  /// Appends the next token; false at the end of the script.
  bool next(std::vector<Token>& out);
  /// Goes on at `offset`, which lies at or after `token`; what was cut since is forgotten.
  void continue_at(const Token& token, std::size_t offset);

  bool unclosed() const { return unclosed_; }      ///< the last token is a string or comment without its end
  bool unfinished() const { return unfinished_; }  ///< and further lines could finish it
  /// Where the next token is looked for.
  std::size_t offset() const { return at_; }
  int line() const { return line_; }
  int column() const { return static_cast<int>(at_ - line_start_) + 1; }

 private:
  bool is_first_line_comment() const;
  char peek(std::size_t ahead) const { return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0'; }
  std::size_t line_end(std::size_t from) const;
  void move_to(std::size_t stop);
  void take(TokenKind kind, std::size_t length);
  void cut();
  template <class Test>
  std::size_t span(Test test) const;
  std::size_t name() const;
  std::size_t number() const;
  std::size_t short_string();
  std::size_t long_bracket(std::size_t skip);
  std::size_t comment();

  std::string_view script_;
  bool blanks_;
  bool unclosed_ = false, unfinished_ = false;
  std::vector<Token>* out_ = nullptr;  ///< of the call of next() that runs
  std::size_t at_ = 0, line_start_ = 0;
  int line_ = 1;
};

inline std::string_view text_of(std::string_view script, const Token& token) {
  return script.substr(token.offset, token.length);
}

}  // namespace language
