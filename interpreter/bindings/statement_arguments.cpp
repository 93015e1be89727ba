// The parts of a statement as the arguments of a command: one mapping for every record.
#include "bindings/expr.hpp"
#include "bindings/statements.hpp"
#include "bindings/value.hpp"
#include "bindings/weights.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/parse.hpp"
#include "language/stata_expression.hpp"
#include "language/statement_text.hpp"

#include <algorithm>
#include <array>

namespace bindings {
namespace {

using core::ArgSpec;
using core::Kind;
using core::OptionSpec;
using language::Statement;
using language::StatementOption;

const OptionSpec* option_of(const core::Record& record, const std::string& name) {
  for (const OptionSpec& option : record.options)
    if (option.name == name || std::find(option.aliases.begin(), option.aliases.end(), name) != option.aliases.end())
      return &option;
  return nullptr;
}

void push_list(lua_State* L, const std::vector<std::string>& items) {
  lua_createtable(L, static_cast<int>(items.size()), 0);
  lua_Integer i = 0;
  for (const std::string& item : items) {
    push_text(L, item);
    lua_rawseti(L, -2, ++i);
  }
}

bool push_number(lua_State* L, const std::string& text) {
  if (lua_stringtonumber(L, text.c_str()) == text.size() + 1) return true;
  return false;
}

std::vector<std::string> unquoted_words(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string& word : language::statement_words(text)) out.push_back(language::unquoted(word));
  return out;
}

/// absorb(i.city prov#year city#c.trend): terms of the language.
std::string absorbed_terms(lua_State* L, const std::string& text) {
  if (text.find_first_of("+^[,") != std::string::npos) return text;
  std::vector<std::string> terms;
  for (const std::string& word : expand_columns(L, language::statement_words(text))) {
    std::vector<std::string> factors, slopes;
    bool full = false;
    std::string rest = word;
    while (!rest.empty()) {
      const std::size_t sign = rest.find('#');
      std::string part = rest.substr(0, sign);
      rest = sign == std::string::npos ? "" : rest.substr(sign + 1);
      if (!rest.empty() && rest[0] == '#') {
        full = true;
        rest.erase(0, 1);
      }
      if (core::starts_with(part, "c.")) {
        slopes.push_back(part.substr(2));
      } else {
        factors.push_back(core::starts_with(part, "i.") ? part.substr(2) : part);
      }
    }
    const std::string factor = core::join(factors, "^");
    if (slopes.empty()) {
      if (full)
        for (const std::string& one : factors) terms.push_back(one);
      terms.push_back(factor);
    } else {
      const std::string slope = core::join(slopes, ", ");
      std::string term = factor;
      term.append(full ? "[" : "[[").append(slope).append(full ? "]" : "]]");
      terms.push_back(std::move(term));
    }
  }
  return core::join(terms, " + ");
}

/// vce(cluster city), vce(robust), vce(r)
std::string vcov_text(const std::string& text) {
  std::vector<std::string> words = language::statement_words(text);
  if (words.empty()) return text;
  if (words[0] == "robust" || words[0] == "r" || words[0] == "rob") return words.size() == 1 ? "hetero" : text;
  if (words[0] == "unadjusted" || words[0] == "ols" || words[0] == "conventional") return "iid";
  if (words[0] != "cluster" && words[0] != "cl" && words[0] != "clu") return text;
  std::string out = "cluster";
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string word = words[i];
    std::replace(word.begin(), word.end(), '#', '^');
    out += " " + word;
  }
  return out;
}

[[noreturn]] void needs_value(const OptionSpec& option) {
  throw core::Error("option '" + option.name + "' takes a value")
      .word(option.name)
      .hint("write " + option.name + "(…)" + (option.doc.empty() ? "" : ": " + option.doc));
}

/// The value between an option's brackets as its kind wants it.
void push_option_value(lua_State* L, const StatementOption& given, const OptionSpec& option) {
  const std::string& text = given.value;
  if (!given.has_value) {
    const bool word = option.kind == Kind::boolean || option.kind == Kind::any;
    if (!word) needs_value(option);
    lua_pushboolean(L, 1);
    return;
  }
  switch (option.kind) {
    case Kind::boolean:
      if (text != "true" && text != "false" && !text.empty())
        throw core::Error("option '" + option.name + "' takes no value").word(option.name);
      lua_pushboolean(L, text != "false");
      break;
    case Kind::number:
    case Kind::integer:
      if (!push_number(L, text)) push_text(L, language::unquoted(text));
      break;
    case Kind::numbers: {
      lua_newtable(L);
      lua_Integer i = 0;
      for (const std::string& word : language::statement_words(text)) {
        if (!push_number(L, word)) push_text(L, word);
        lua_rawseti(L, -2, ++i);
      }
      break;
    }
    case Kind::texts:
      push_list(L, unquoted_words(text));
      break;
    case Kind::columns:
      push_list(L, expand_columns(L, language::statement_words(text)));
      break;
    case Kind::terms:
      push_text(L, absorbed_terms(L, text));
      break;
    case Kind::formula:
      push_text(L, formula_text(L, text, false));
      break;
    case Kind::vcov:
      push_text(L, vcov_text(text));
      break;
    case Kind::expression:
    case Kind::condition:
    case Kind::weights:
      push_text(L, language::plain_expression(text));
      break;
    case Kind::result:
    case Kind::table:
    case Kind::figure:
    case Kind::frame:
    case Kind::list:
    case Kind::function:
    case Kind::spatial:
      push_named_value(L, text);
      break;
    case Kind::any:
      if (!push_number(L, text)) push_text(L, language::unquoted(text));
      break;
    case Kind::text:
    case Kind::column:
      push_text(L, language::unquoted(text));
      break;
  }
}

class Mapping {
 public:
  Mapping(lua_State* L, const Statement& statement, const core::Record& record)
      : L_(L), s_(statement), record_(record) {}

  int push() {
    const int base = lua_gettop(L_);
    luaL_checkstack(L_, 40, "statement");
    push_positional();
    const int positional = lua_gettop(L_) - base;
    lua_newtable(L_);
    const int keywords = lua_gettop(L_);
    push_assignment(keywords);
    if (!weights_.empty()) {
      push_named_value(L_, weights_);
      set(keywords, spatial_argument()->name);
    }
    push_clauses(keywords);
    for (const StatementOption& option : s_.options) push_option(option, keywords);
    if (order_.empty()) {
      lua_pop(L_, 1);
      return positional;
    }
    mark_keywords(L_, keywords, core::join(order_, " "));
    return positional + 1;
  }

 private:
  bool makes_columns() const {
    return record_.open_keywords && language::assignment_sign(s_.body) != std::string::npos;
  }

  void set(int keywords, const std::string& name) {
    if (std::find(order_.begin(), order_.end(), name) != order_.end())
      throw core::Error("option '" + name + "' is given twice").word(name);
    lua_setfield(L_, keywords, name.c_str());
    order_.push_back(name);
  }

  // gen double lnser = log(ser)
  void push_assignment(int keywords) {
    if (!makes_columns()) return;
    const std::size_t sign = language::assignment_sign(s_.body);
    std::vector<std::string> target = language::statement_words(s_.body.substr(0, sign));
    constexpr std::array<std::string_view, 6> types = {"byte", "int", "long", "float", "double", "str"};
    if (target.size() == 2 &&
        (std::find(types.begin(), types.end(), target[0]) != types.end() || core::starts_with(target[0], "str")))
      target.erase(target.begin());
    if (target.size() != 1)
      throw core::Error("one name stands before '='").word(record_.name).hint(record_.name + " lny = log(y)");
    const std::string value(core::trim(std::string_view(s_.body).substr(sign + 1)));
    if (value.empty()) throw core::Error("no expression after '='").word(target[0]);
    push_expr(L_, formula::parse(language::plain_expression(value, record_.name != "egen")));
    set(keywords, target[0]);
  }

  void push_clauses(int keywords) {
    const std::string where = statement_condition(s_);
    if (!where.empty()) {
      if (!option_of(record_, "where"))
        throw core::Error(record_.name + " takes no '" + (s_.condition.empty() ? "in" : "if") + "'")
            .word(s_.condition.empty() ? "in" : "if");
      push_text(L_, where);
      set(keywords, "where");
    }
    if (!s_.weight.empty()) {
      if (!option_of(record_, "weights")) throw core::Error(record_.name + " takes no weights").word(s_.weight);
      if (s_.weight_kind == "iw")
        throw core::Error("importance weights are not supported").word("iw").hint("aw, fw and pw are");
      push_text(L_, s_.weight_kind + "(" + language::plain_expression(s_.weight) + ")");
      set(keywords, "weights");
    }
    if (!s_.has_using) return;
    for (const char* name : {"using", "file"}) {
      const bool positional =
          std::any_of(record_.args.begin(), record_.args.end(), [&](const ArgSpec& arg) { return arg.name == name; });
      if (!option_of(record_, name) && !positional) continue;
      push_text(L_, s_.file);
      return set(keywords, name);
    }
    throw core::Error(record_.name + " takes no 'using'").word("using");
  }

  void push_option(const StatementOption& given, int keywords) {
    const OptionSpec* option = option_of(record_, given.name);
    const bool has_formula = !record_.args.empty() && record_.args[0].kind == Kind::formula;
    if (!option && has_formula && (given.name == "noconstant" || given.name == "nocons") && !given.has_value) return;
    if (!option && core::starts_with(given.name, "no") && !given.has_value) {
      option = option_of(record_, given.name.substr(2));
      if (option && option->kind == Kind::boolean) {
        lua_pushboolean(L_, 0);
        return set(keywords, option->name);
      }
      option = nullptr;
    }
    if (!option) option = begun_option(given.name);
    if (option) {
      push_option_value(L_, given, *option);
      return set(keywords, option->name);
    }
    const auto arg = std::find_if(record_.args.begin(), record_.args.end(), [&](const ArgSpec& a) {
      return a.name == given.name || (a.kind == Kind::spatial && given.name == "w");
    });
    if (arg != record_.args.end()) {
      push_option_value(L_, given, {.name = arg->name, .kind = arg->kind, .doc = arg->doc, .default_text = {}});
      return set(keywords, arg->name);
    }
    std::vector<std::string> names;
    for (const OptionSpec& known : record_.options) names.push_back(known.name);
    throw core::Error("unknown option '" + given.name + "'; " + core::did_you_mean(given.name, names, "options"))
        .word(given.name);
  }

  /// The one option that begins so, from three letters on.
  const OptionSpec* begun_option(const std::string& word) const {
    constexpr std::size_t shortest = 3;
    const OptionSpec* found = nullptr;
    for (const OptionSpec& option : record_.options) {
      if (word.size() < shortest || !core::starts_with(option.name, word)) continue;
      if (found) return nullptr;
      found = &option;
    }
    return found;
  }

  bool has_option_given(const char* name) const {
    return std::any_of(s_.options.begin(), s_.options.end(), [&](const StatementOption& o) { return o.name == name; });
  }

  const ArgSpec* spatial_argument() const {
    const auto at = std::find_if(record_.args.begin(), record_.args.end(),
                                 [](const ArgSpec& arg) { return arg.kind == Kind::spatial; });
    return at == record_.args.end() ? nullptr : &*at;
  }

  // moran crime W, sar y x1 x2 W: the last word is the weights, when a variable holds some.
  void take_weights(std::vector<std::string>& words) {
    if (words.size() < 2 || !spatial_argument() || session(L_).is_column(words.back())) return;
    push_named_value(L_, words.back());
    const bool weights = test_value<WeightsRef>(L_, -1) != nullptr;
    lua_pop(L_, 1);
    if (!weights) return;
    weights_ = words.back();
    words.pop_back();
  }

  void push_positional() {
    if (makes_columns()) return;
    std::vector<std::string> words = language::statement_words(s_.body);
    take_weights(words);
    if (words.empty()) return;
    if (record_.args.empty() && record_.open_keywords)
      throw core::Error(record_.name + " takes NAME = expression, and there is no '='")
          .word(words[0])
          .hint(record_.name + " " + words[0] + " = …");
    if (record_.args.empty()) throw core::Error(record_.name + " takes no words: '" + words[0] + "'").word(words[0]);
    std::size_t at = 0;
    for (const ArgSpec& arg : record_.args) {
      if (at >= words.size()) return;
      const bool last = &arg == &record_.args.back();
      switch (arg.kind) {
        case Kind::formula: {
          std::string formula = formula_text(L_, rest(words, at), true);
          if (has_option_given("noconstant") || has_option_given("nocons")) formula = without_constant(formula);
          push_text(L_, formula);
          return;
        }
        case Kind::condition:
        case Kind::terms:
          push_text(L_, language::plain_expression(rest(words, at)));
          return;
        case Kind::columns:
          if (!last && !arg.repeated) break;
          push_list(L_, expand_columns(L_, {words.begin() + static_cast<std::ptrdiff_t>(at), words.end()}));
          return;
        case Kind::expression:
          if (!arg.repeated) {
            push_text(L_, language::plain_expression(rest(words, at)));
            return;
          }
          break;
        default:
          break;
      }
      if (!arg.repeated) {
        push_word(arg, words[at++]);
        continue;
      }
      if (arg.kind == Kind::any || arg.kind == Kind::column || arg.kind == Kind::expression)
        words = expanded(words, at);
      luaL_checkstack(L_, static_cast<int>(words.size()) + 20, "words");
      for (; at < words.size(); ++at) push_word(arg, words[at]);
      if (last) return;
    }
    if (at < words.size())
      throw core::Error("too many words: '" + words[at] + "' is not taken").word(words[at]).hint(shape());
  }

  std::vector<std::string> expanded(const std::vector<std::string>& words, std::size_t at) const {
    std::vector<std::string> out;
    for (const std::string& name : expand_columns(L_, {words.begin() + static_cast<std::ptrdiff_t>(at), words.end()}))
      out.push_back(name);
    out.insert(out.begin(), words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
    return out;
  }

  static std::string rest(const std::vector<std::string>& words, std::size_t at) {
    return core::join({words.begin() + static_cast<std::ptrdiff_t>(at), words.end()}, " ");
  }

  static std::string without_constant(const std::string& formula) {
    const std::size_t bar = formula.find(" | ");
    const std::string main = formula.substr(0, bar);
    const std::size_t empty = main.rfind(" ~ 1");
    const bool alone = empty != std::string::npos && empty + 4 == main.size();
    return (alone ? main.substr(0, empty) + " ~ -1" : main + " - 1") +
           (bar == std::string::npos ? "" : formula.substr(bar));
  }

  void push_word(const ArgSpec& arg, const std::string& word) {
    switch (arg.kind) {
      case Kind::result:
      case Kind::table:
      case Kind::figure:
      case Kind::frame:
      case Kind::list:
      case Kind::function:
      case Kind::spatial:
        push_named_value(L_, word);
        if (lua_isnil(L_, -1)) throw core::Error("there is no value named '" + word + "'").word(word);
        return;
      case Kind::number:
      case Kind::integer:
      case Kind::numbers:
        if (!push_number(L_, word)) push_text(L_, word);
        return;
      case Kind::columns:
        push_list(L_, expand_columns(L_, language::statement_words(language::unquoted(word))));
        return;
      case Kind::vcov:
        push_text(L_, vcov_text(word));
        return;
      default:
        push_text(L_, language::unquoted(word));
    }
  }

  std::string shape() const {
    std::string out = record_.name;
    for (const ArgSpec& arg : record_.args) out += " " + (arg.optional ? "[" + arg.name + "]" : arg.name);
    return out;
  }

  lua_State* L_;
  const Statement& s_;
  const core::Record& record_;
  std::vector<std::string> order_;
  std::string weights_;  ///< the word that names the weights
};

}  // namespace

std::string statement_condition(const Statement& statement) {
  const std::string range = statement.range.empty() ? "" : language::range_condition(statement.range);
  const std::string condition = language::plain_expression(statement.condition);
  if (range.empty() || condition.empty()) return range + condition;
  return range + " and (" + condition + ")";
}

int push_statement_arguments(lua_State* L, const Statement& statement, const core::Record& record) {
  return Mapping(L, statement, record).push();
}

}  // namespace bindings
