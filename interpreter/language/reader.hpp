// Follows a script token by token, as Lua's parser would, and notes what to change so that plain Lua can read it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "language/lexer.hpp"

namespace language {

/// `length` bytes at `offset` of the script become `text`.
struct Edit {
  std::size_t offset, length;
  std::string text;
};

/// A call met in the script; the numbers are indices of tokens.
struct Call {
  std::size_t first;       ///< where the suffixed expression begins: Lua gives the call this token's line
  std::size_t name;        ///< what is called, or no_token (`f()()`, `t[1]()`)
  std::size_t colon;       ///< of a method call, or no_token
  bool statement = false;  ///< stands as a statement: its value is dropped
  bool written = true;     ///< false for `help did`, which is a call only after translation
};
constexpr std::size_t no_token = static_cast<std::size_t>(-1);

/// An automaton with one frame for each open block or bracket, no recursion: hostile nesting costs memory only, and the
/// time is linear. It accepts a little more than Lua (Lua reports what it does not like); at a token that no rule fits
/// it stops, so that everything from there on reaches Lua untouched and the error is Lua's own.
class Reader {
 public:
  /// `script` and `chunk_name` must outlive the reader.
  Reader(std::string_view script, std::string_view chunk_name);

  /// Reads to the end, or to the first token that cannot be right. Throws core::Error for mistakes in the dialect's own
  /// constructs, which Lua could not report in the script's words.
  void read();

  const std::vector<Token>& tokens() const { return tokens_; }
  const std::vector<Edit>& edits() const { return edits_; }
  const std::vector<Call>& calls() const { return calls_; }
  /// By line: names tested for truth or equality, "L." with its point, and the word that does it.
  const std::map<int, std::map<std::string, std::string>>& tested() const { return tested_; }
  /// After read(). Throws core::Error when a call with keywords is never closed: Lua would name brackets that nobody
  /// wrote.
  void require_closed_calls() const;
  /// After read(): would further lines make sense of it?
  bool incomplete() const;

 private:
  enum class Kind {
    chunk,
    block,
    repeat_body,
    if_body,
    function_body,  // statements up to the closing word
    if_head,
    loop_head,  // an expression up to `then` or `do`
    parameters,
    call,
    group,
    index,
    table,  // up to the closing bracket
  };
  /// What a frame of statements is reading.
  enum class Reading { start, suffixed, expression, result, local_names, for_names, function_name };
  struct Keywords {
    std::size_t edit;  ///< the opening edit, completed when the call closes
    std::string names;
    std::set<std::string_view> seen;
  };
  struct Frame {
    Kind kind;
    Reading reading = Reading::start;
    bool operand = false;      ///< an operand is complete; else one is expected
    bool callable = false;     ///< that operand may take a suffix: a name, a call, (…), an index
    bool fresh = true;         ///< at the start of an argument or field
    bool call_suffix = false;  ///< of a table: an argument, f{…}; of a function body: it is an expression
    bool ends_in_call = false;
    std::size_t opener;
    std::size_t first = 0, name = no_token, colon = no_token;  ///< the suffixed expression being read
    std::size_t last_call = 0;
    std::unique_ptr<Keywords> keywords;
  };

  // What the tokens are.
  bool more(std::size_t ahead = 0);
  const Token& token(std::size_t index) const { return tokens_[index]; }
  std::string_view text(std::size_t ahead = 0);
  TokenKind kind(std::size_t ahead = 0);
  bool same_line(std::size_t ahead) { return more(ahead) && token(at_ + ahead).line == token(at_).line; }
  bool opens_call(std::size_t ahead);
  static bool holds_statements(Kind kind) { return kind <= Kind::function_body; }

  // One step of the automaton; each consumes a token, ends a statement, or stops.
  void step();
  void statement_token();
  void begin_statement();
  void begin_with_keyword();
  void begin_with_name();
  void names_token();
  void function_name_token();
  void parameter_token();
  void bracket_token();
  bool expression_token();
  bool operand_token();
  bool suffix_token();
  bool colon_token();
  void keyword_argument();
  void end_statement();

  void push(Kind frame_kind, Reading reading = Reading::start, bool call_suffix = false);
  void close_bracket();
  void close_block();
  void open_function(bool is_expression);
  void note_call();
  // Names whose truth is asked for (tested_names.cpp).
  void note_tested_names(std::size_t sign);
  void note_operand_before(std::size_t sign);
  void note_tested(std::size_t index, std::size_t sign);
  bool is_call_of(std::size_t index) const;
  void skip(std::size_t count);
  void stop();

  // help, search, command statements and comments outside Lua (command_statements.cpp).
  void help_statement();
  void search_statement();
  bool is_command_statement();
  bool exit_statement();
  bool is_return_list();
  void command_statement();
  bool skip_comment();
  void drop_comment();
  [[noreturn]] void refuse_macro_definition();
  bool declared(std::string_view name);
  // Names in other letters than ASCII's, which Lua has as strings only, and characters that are no part of the language
  // (foreign_text.cpp).
  bool is_foreign(std::size_t ahead = 0);
  void rewrite_foreign(std::string_view before, std::string_view after, std::size_t ahead = 0);
  void require_ascii(std::size_t ahead, std::string_view what);
  void foreign_text();
  /// Throws core::Error with the place of a token, and a caret under its first `length` bytes.
  [[noreturn]] void fail(std::size_t index, const std::string& what, std::vector<std::string> hints = {},
                         std::size_t length = std::string::npos) const;
  [[noreturn]] void fail_at(std::size_t offset, std::size_t length, const std::string& what,
                            std::vector<std::string> hints) const;

  std::string_view script_, chunk_name_;
  Lexer lexer_;
  std::vector<Token> tokens_;  ///< those cut so far
  std::size_t at_ = 0;
  std::map<std::string, bool, std::less<>> declared_;  ///< names asked for
  bool stopped_ = false;                               ///< at a token that cannot be right
  bool cut_short_ = false;                             ///< in the middle of a construct
  std::vector<Frame> frames_;
  std::vector<Edit> edits_;
  std::vector<Call> calls_;
  std::map<int, std::map<std::string, std::string>> tested_;
};

}  // namespace language
