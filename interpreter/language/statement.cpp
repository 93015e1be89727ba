#include "language/statement.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "core/text.hpp"
#include "language/statement_text.hpp"

namespace language {
namespace {

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
using core::is_blank;

/// The offset after the string or bracket that begins at `at`, or `at + 1`.
std::size_t over(std::string_view text, std::size_t at) {
  const char here = text[at];
  if (here == '"' || here == '\'' || here == '`') {
    const std::size_t close = text.find(here, at + 1);
    return close == std::string_view::npos ? at + 1 : close + 1;
  }
  if (here != '(' && here != '[' && here != '{') return at + 1;
  std::vector<char> open;
  for (std::size_t i = at; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\'' || c == '`') {
      i = over(text, i);
      continue;
    }
    if (c == '(' || c == '[' || c == '{') open.push_back(c);
    if (c == ')' || c == ']' || c == '}') open.pop_back();
    ++i;
    if (open.empty()) return i;
  }
  return text.size();
}

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t stop = at;
  while (stop < text.size() && is_word_byte(text[stop])) ++stop;
  return text.substr(at, stop - at);
}

std::string trimmed(std::string_view text) { return std::string(core::trim(text)); }

struct Prefix {
  std::string_view name;
  enum class Takes { nothing, words_and_colon, may_have_colon } takes;
};
constexpr std::array<Prefix, 10> prefixes{{{"quietly", Prefix::Takes::may_have_colon},
                                           {"qui", Prefix::Takes::may_have_colon},
                                           {"noisily", Prefix::Takes::may_have_colon},
                                           {"noi", Prefix::Takes::may_have_colon},
                                           {"capture", Prefix::Takes::may_have_colon},
                                           {"cap", Prefix::Takes::may_have_colon},
                                           {"by", Prefix::Takes::words_and_colon},
                                           {"bys", Prefix::Takes::words_and_colon},
                                           {"bysort", Prefix::Takes::words_and_colon},
                                           {"eststo", Prefix::Takes::words_and_colon}}};

/// The colon that ends a prefix with words, outside brackets; npos when there is none.
std::size_t prefix_colon(std::string_view text, std::size_t at) {
  for (; at < text.size(); at = over(text, at))
    if (text[at] == ':') return at;
  return std::string_view::npos;
}

/// Takes the prefixes off the front; returns where the command begins.
std::size_t take_prefixes(std::string_view text, std::vector<std::string>& out) {
  std::size_t at = text.find_first_not_of(" \t");
  if (at == std::string_view::npos) throw Fault{"an empty statement", 0, 0, {}};
  for (;;) {
    const std::string_view word = word_at(text, at);
    const auto prefix = std::find_if(prefixes.begin(), prefixes.end(), [&](const Prefix& p) { return p.name == word; });
    if (prefix == prefixes.end()) return at;
    std::size_t next = at + word.size();
    if (prefix->takes == Prefix::Takes::words_and_colon) {
      const std::size_t colon = prefix_colon(text, next);
      if (colon == std::string_view::npos) {
        if (word == "eststo") return at;
        throw Fault{"'" + std::string(word) + "' has no colon before the command",
                    at,
                    word.size(),
                    {"write " + std::string(word) + " city: summarize ser"}};
      }
      out.push_back(trimmed(text.substr(at, colon - at)));
      next = colon + 1;
    } else {
      while (next < text.size() && is_blank(text[next])) ++next;
      if (next < text.size() && text[next] == ':') ++next;
      out.emplace_back(word);
    }
    while (next < text.size() && is_blank(text[next])) ++next;
    if (next >= text.size()) throw Fault{"'" + std::string(word) + "' needs a command after it", at, word.size(), {}};
    at = next;
  }
}

std::string short_prefix(const std::string& prefix) {
  if (prefix == "qui") return "quietly";
  if (prefix == "noi") return "noisily";
  if (prefix == "cap") return "capture";
  return prefix;
}

/// [aw=pop], [pweight = w]
bool take_weights(std::string_view inside, Statement& out) {
  const std::size_t equals = inside.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string kind = trimmed(inside.substr(0, equals));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kinds{{{"aw", "aw"},
                                                                                {"aweight", "aw"},
                                                                                {"fw", "fw"},
                                                                                {"fweight", "fw"},
                                                                                {"pw", "pw"},
                                                                                {"pweight", "pw"},
                                                                                {"iw", "iw"},
                                                                                {"iweight", "iw"},
                                                                                {"weight", "aw"}}};
  for (const auto& [written, meant] : kinds) {
    if (kind != written) continue;
    out.weight_kind = meant;
    out.weight = trimmed(inside.substr(equals + 1));
    return true;
  }
  return false;
}

/// The range after `in`: "1/10", "-5/l", "7"; "" when no range follows.
std::string_view range_at(std::string_view text, std::size_t at) {
  std::size_t stop = at;
  while (stop < text.size() && (is_word_byte(text[stop]) || text[stop] == '/' || text[stop] == '-')) ++stop;
  const std::string_view range = text.substr(at, stop - at);
  const bool plain = !range.empty() && range.find_first_not_of("0123456789-/flFL") == std::string_view::npos;
  return plain && range.find_first_of("0123456789flFL") != std::string_view::npos ? range : std::string_view();
}

/// Cuts the statement after its name, up to the comma of the options, into its clauses.
class Clauses {
 public:
  Clauses(std::string_view text, std::size_t at, Statement& out) : text_(text), at_(at), out_(out) {}

  void read() {
    std::size_t begin = at_;
    std::string* part = &out_.body;
    const auto close = [&] {
      const std::string piece = trimmed(text_.substr(begin, at_ - begin));
      if (part == &out_.file) {
        *part = statement_words(piece).size() == 1 ? unquoted(piece) : piece;
      } else {
        *part += (part->empty() || piece.empty() ? "" : " ") + piece;
      }
    };
    while (at_ < text_.size() && text_[at_] != ',') {
      const bool starts_word =
          is_word_byte(text_[at_]) && (at_ == 0 || !(is_word_byte(text_[at_ - 1]) || text_[at_ - 1] == '.'));
      const std::string_view word = starts_word ? word_at(text_, at_) : std::string_view();
      if (word == "if" && out_.condition.empty()) {
        close();
        at_ += word.size();
        begin = at_;
        part = &out_.condition;
      } else if (word == "using" && !out_.has_using && part == &out_.body) {
        close();
        out_.has_using = true;
        at_ += word.size();
        begin = at_;
        part = &out_.file;
      } else if (word == "in" && out_.range.empty() && !range(word.size()).empty()) {
        close();
        const std::string_view found = range(word.size());
        out_.range = found;
        at_ = static_cast<std::size_t>(found.data() - text_.data()) + found.size();
        begin = at_;
      } else if (text_[at_] == '[' && (at_ == 0 || is_blank(text_[at_ - 1]))) {
        const std::size_t stop = over(text_, at_);
        Statement weights;
        if (take_weights(text_.substr(at_ + 1, stop - at_ - 2), weights)) {
          close();
          out_.weight_kind = weights.weight_kind;
          out_.weight = weights.weight;
          begin = stop;
        }
        at_ = stop;
      } else {
        at_ = word.empty() ? over(text_, at_) : at_ + word.size();
      }
    }
    close();
    if (out_.has_using && out_.file.empty()) throw Fault{"no file after 'using'", text_.find("using"), 5, {}};
    const bool has_if = part == &out_.condition;
    if (has_if && out_.condition.empty()) throw Fault{"no condition after 'if'", text_.rfind("if", at_), 2, {}};
    if (at_ < text_.size()) out_.options = statement_options(text_.substr(at_ + 1), at_ + 1);
  }

 private:
  std::string_view range(std::size_t word) const {
    std::size_t next = at_ + word;
    while (next < text_.size() && is_blank(text_[next])) ++next;
    return next == at_ + word ? std::string_view() : range_at(text_, next);
  }

  std::string_view text_;
  std::size_t at_;
  Statement& out_;
};

}  // namespace

std::vector<StatementOption> statement_options(std::string_view text, std::size_t offset) {
  std::vector<StatementOption> out;
  for (std::size_t at = 0; at < text.size();) {
    if (is_blank(text[at]) || text[at] == ',') {
      ++at;
      continue;
    }
    const std::string_view name = word_at(text, at);
    if (name.empty())
      throw Fault{std::string("an option begins with a name, not with '") + text[at] + "'",
                  offset + at,
                  1,
                  {"options are words and word(value), with blanks between: detail absorb(city year)"}};
    at += name.size();
    StatementOption option;
    option.name = name;
    if (at < text.size() && text[at] == '(') {
      const std::size_t stop = over(text, at);
      option.has_value = true;
      option.value = trimmed(text.substr(at + 1, stop - at - 2));
      at = stop;
    } else if (at < text.size() && text[at] == '=') {
      throw Fault{"an option's value stands in brackets",
                  offset + at,
                  1,
                  {"write " + option.name + "(…) in a statement; " + option.name + "=… in a call"}};
    }
    out.push_back(std::move(option));
  }
  return out;
}

Statement parse_statement(std::string_view text) {
  Statement out;
  std::size_t at = take_prefixes(text, out.prefixes);
  for (std::string& prefix : out.prefixes) prefix = short_prefix(prefix);
  const std::string_view name = word_at(text, at);
  if (name.empty() || (name.front() >= '0' && name.front() <= '9'))
    throw Fault{"a statement begins with the name of a command", at, 1, {}};
  out.name = name;
  out.begin = at;
  Clauses(text, at + name.size(), out).read();
  return out;
}

std::vector<std::string> statement_words(std::string_view body) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < body.size();) {
    if (is_blank(body[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < body.size() && !is_blank(body[at])) at = over(body, at);
    out.emplace_back(body.substr(begin, at - begin));
  }
  return out;
}

std::string unquoted(std::string_view word) {
  if (word.size() >= 2 && (word.front() == '"' || word.front() == '\'') && word.back() == word.front())
    word = word.substr(1, word.size() - 2);
  return std::string(word);
}

std::size_t assignment_sign(std::string_view body) {
  for (std::size_t at = 0; at < body.size(); at = over(body, at)) {
    if (body[at] != '=') continue;
    const char before = at > 0 ? body[at - 1] : ' ', after = at + 1 < body.size() ? body[at + 1] : ' ';
    if (after == '=') {
      ++at;
      continue;
    }
    if (before != '<' && before != '>' && before != '!' && before != '~') return at;
  }
  return std::string_view::npos;
}

}  // namespace language
