// Text in data expressions: comparisons and functions. Work is done once per distinct word, not per row, where it can
// be.
#include "core/near.hpp"
#include "core/text.hpp"
#include "core/unicode.hpp"
#include "data/text_builder.hpp"
#include "formula/compile.hpp"
#include "formula/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace formula {

using data::Type;

namespace {

bool holds(Compare op, int order) {
  switch (op) {
    case Compare::equal:
      return order == 0;
    case Compare::unequal:
      return order != 0;
    case Compare::less:
      return order < 0;
    case Compare::less_equal:
      return order <= 0;
    case Compare::greater:
      return order > 0;
    case Compare::greater_equal:
      return order >= 0;
  }
  return false;
}
Compare mirrored(Compare op) {
  switch (op) {
    case Compare::less:
      return Compare::greater;
    case Compare::less_equal:
      return Compare::greater_equal;
    case Compare::greater:
      return Compare::less;
    case Compare::greater_equal:
      return Compare::less_equal;
    default:
      return op;
  }
}

/// Against one word. Categories are ordered by their levels, text by its bytes.
PiecePtr compare_word(const Tree& blame, Compare op, const data::ColumnPtr& text, const std::string& word) {
  const std::vector<std::string>& words = *text->dictionary();
  std::vector<std::uint8_t> answers(words.size());
  const bool ordered = text->type() == Type::category && op != Compare::equal && op != Compare::unequal;
  const auto level = std::find(words.begin(), words.end(), word);
  if (ordered && level == words.end())
    throw error_at(blame, "'" + word + "' is not a level").hint(core::did_you_mean(word, words, "levels"));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const int by_level = static_cast<int>(i) - static_cast<int>(level - words.begin());
    answers[i] = holds(op, ordered ? by_level : words[i].compare(word)) ? 1 : 0;
  }
  return by_word(text, std::move(answers));
}

std::string_view at(const data::Column& text, std::size_t row) {
  return (*text.dictionary())[static_cast<std::size_t>(text.codes()[row])];
}

}  // namespace

PiecePtr compare_texts(const Tree& tree, Compare op, const Value& a, const Value& b) {
  if (a.word && b.word) return constant_boolean(holds(op, a.word->compare(*b.word)) ? 1 : 0);
  if (b.word) return compare_word(tree->children[1], op, a.text, *b.word);
  if (a.word) return compare_word(tree->children[0], mirrored(op), b.text, *a.word);
  std::vector<std::uint8_t> out(a.text->size(), data::missing_boolean);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!a.text->missing(i) && !b.text->missing(i)) out[i] = holds(op, at(*a.text, i).compare(at(*b.text, i))) ? 1 : 0;
  return column_piece(data::Column::booleans(std::move(out)));
}

namespace {

/// What the second and later arguments of text functions are: fixed in the expression, so that each distinct word is
/// worked on once.
const std::string& fixed_text(const Tree& tree, const std::string& what) {
  if (tree->op != Op::text) throw error_at(tree, what + " is a text like 'city'");
  return tree->text;
}

Regex pattern_of(const Tree& tree) {
  const std::string& pattern = fixed_text(tree, "the pattern");
  try {
    return Regex(pattern);
  } catch (const core::Error& error) {
    throw error_at(tree, error.message());
  }
}

template <class F>
data::ColumnPtr answers(const data::Column& text, const F& f) {
  return data::Column::booleans(per_word(text, data::missing_boolean, [&](const std::string& word) {
    return static_cast<std::uint8_t>(f(word) ? 1 : 0);
  }));
}

template <class F>
data::ColumnPtr counts(const data::Column& text, const F& f) {
  return data::Column::integers(per_word(text, data::missing_integer, f));
}

data::ColumnPtr substr(const data::Column& x, const std::vector<Tree>& args) {
  const std::int64_t start = whole_constant(args[1], "the start of substr(text, start, count)");
  const std::int64_t count =
      args.size() == 3 ? whole_constant(args[2], "the count of substr(text, start, count)") : all_characters;
  return map_words(x, [=](std::string_view word) { return part(word, start, count); });
}

data::ColumnPtr subinstr(const data::Column& x, const std::vector<Tree>& args) {
  const std::string& from = fixed_text(args[1], "what is replaced");
  const std::string& to = fixed_text(args[2], "the replacement");
  const std::int64_t most = args.size() == 4 ? whole_constant(args[3], "how many are replaced") : all_characters;
  if (from.empty()) throw error_at(args[1], "what is replaced is empty");
  return map_words(x, [&](std::string_view word) { return substituted(word, from, to, most); });
}

data::ColumnPtr regex_extract(const data::Column& x, const std::vector<Tree>& args) {
  const Regex regex = pattern_of(args[1]);
  const std::int64_t group = args.size() == 3 ? whole_constant(args[2], "the group") : regex.groups() > 0 ? 1 : 0;
  if (group < 0 || group > regex.groups())
    throw error_at(args.back(), "the pattern has " + core::counted(regex.groups(), "group") + ", not a group " +
                                    std::to_string(group));
  return map_words(x, [&](std::string_view word) { return regex.extract(word, static_cast<int>(group)); });
}

data::ColumnPtr regex_replace(const data::Column& x, const std::vector<Tree>& args) {
  const Regex regex = pattern_of(args[1]);
  const std::string& to = fixed_text(args[2], "the replacement");
  try {
    (void)regex.replaced("", to);
  } catch (const core::Error& error) {
    throw error_at(args[2], error.message());
  }
  return map_words(x, [&](std::string_view word) { return regex.replaced(word, to); });
}

template <bool left>
data::ColumnPtr pad(const data::Column& x, const std::vector<Tree>& args) {
  const std::int64_t width = whole_constant(args[1], "the width");
  const std::string fill = args.size() == 3 ? fixed_text(args[2], "the filling") : " ";
  if (fill.empty()) throw error_at(args[2], "the filling is empty");
  if (width > 10'000) throw error_at(args[1], "the width is 10000 characters at most");
  return map_words(x, [&](std::string_view word) { return padded(word, width, fill, left); });
}

template <bool left, bool right, bool inside>
data::ColumnPtr strip(const data::Column& x, const std::vector<Tree>& /*args*/) {
  return map_words(x, [](std::string_view word) { return stripped(word, left, right, inside); });
}

template <std::string (*f)(std::string_view)>
data::ColumnPtr changed(const data::Column& x, const std::vector<Tree>& /*args*/) {
  return map_words(x, f);
}

data::ColumnPtr length(const data::Column& x, const std::vector<Tree>& /*args*/) {
  return counts(x, [](const std::string& word) { return static_cast<std::int64_t>(core::character_count(word)); });
}

data::ColumnPtr strpos(const data::Column& x, const std::vector<Tree>& args) {
  const std::string& wanted = fixed_text(args[1], "what is looked for");
  return counts(x, [&](const std::string& word) { return position(word, wanted); });
}

data::ColumnPtr word(const data::Column& x, const std::vector<Tree>& args) {
  const std::int64_t n = whole_constant(args[1], "the number of the word");
  if (n == 0) throw error_at(args[1], "words count from 1, or back from -1");
  return map_words(x, [=](std::string_view text) { return nth_word(text, n); });
}

/// Stata's ends(): what stands before the first separator (head), after the first (tail) or after the last (last).
/// Without a separator head and last are all of it, tail is nothing.
data::ColumnPtr ends(const data::Column& x, const std::vector<Tree>& args) {
  const std::string which = args.size() > 1 ? fixed_text(args[1], "the end") : "head";
  const std::string separator = args.size() > 2 ? fixed_text(args[2], "the separator") : " ";
  if (which != "head" && which != "tail" && which != "last")
    throw error_at(args[1], "the end is 'head', 'tail' or 'last', not '" + which + "'");
  if (separator.empty()) throw error_at(args[2], "the separator is empty");
  return map_words(x, [&](std::string_view word) {
    const std::size_t at = which == "last" ? word.rfind(separator) : word.find(separator);
    if (at == std::string_view::npos) return which == "tail" ? std::string() : std::string(word);
    return std::string(which == "head" ? word.substr(0, at) : word.substr(at + separator.size()));
  });
}

/// One function of a text column: its first argument, and what is fixed.
struct TextFunction {
  const char* name;
  std::size_t least, most;
  data::ColumnPtr (*run)(const data::Column& x, const std::vector<Tree>& args);
};
constexpr TextFunction functions[] = {
    {"length", 1, 1, length},
    {"strlen", 1, 1, length},
    {"lower", 1, 1, changed<core::lower_case>},
    {"strlower", 1, 1, changed<core::lower_case>},
    {"upper", 1, 1, changed<core::upper_case>},
    {"strupper", 1, 1, changed<core::upper_case>},
    {"proper", 1, 1, changed<core::title_case>},
    {"fold", 1, 1, changed<core::folded>},
    {"trim", 1, 1, strip<true, true, false>},
    {"strtrim", 1, 1, strip<true, true, false>},
    {"ltrim", 1, 1, strip<true, false, false>},
    {"rtrim", 1, 1, strip<false, true, false>},
    {"itrim", 1, 1, strip<false, false, true>},
    {"substr", 2, 3, substr},
    {"strpos", 2, 2, strpos},
    {"find", 2, 2, strpos},
    {"subinstr", 3, 4, subinstr},
    {"replace", 3, 4, subinstr},
    {"ends", 1, 3, ends},
    {"word", 2, 2, word},
    {"wordcount", 1, 1,
     [](const data::Column& x, const std::vector<Tree>&) {
       return counts(x, [](const std::string& text) { return count_words(text); });
     }},
    {"lpad", 2, 3, pad<true>},
    {"rpad", 2, 3, pad<false>},
    {"contains", 2, 2,
     [](const data::Column& x, const std::vector<Tree>& args) {
       const std::string& wanted = fixed_text(args[1], "the second argument of contains()");
       return answers(x, [&](const std::string& w) { return w.find(wanted) != std::string::npos; });
     }},
    {"starts_with", 2, 2,
     [](const data::Column& x, const std::vector<Tree>& args) {
       const std::string& wanted = fixed_text(args[1], "the second argument of starts_with()");
       return answers(x, [&](const std::string& w) { return w.compare(0, wanted.size(), wanted) == 0; });
     }},
    {"ends_with", 2, 2,
     [](const data::Column& x, const std::vector<Tree>& args) {
       const std::string& wanted = fixed_text(args[1], "the second argument of ends_with()");
       return answers(x, [&](const std::string& w) {
         return w.size() >= wanted.size() && w.compare(w.size() - wanted.size(), wanted.size(), wanted) == 0;
       });
     }},
    {"regexm", 2, 2,
     [](const data::Column& x, const std::vector<Tree>& args) {
       const Regex regex = pattern_of(args[1]);
       return answers(x, [&](const std::string& w) { return regex.found_in(w); });
     }},
    {"regex_extract", 2, 3, regex_extract},
    {"regex_replace", 3, 3, regex_replace},
    {"number", 1, 1,
     [](const data::Column& x, const std::vector<Tree>&) {
       return data::Column::reals(per_word(x, missing_real, [](const std::string& w) { return number_in(w); }));
     }},
};

data::ColumnPtr concatenated(const std::vector<data::ColumnPtr>& parts) {
  const std::size_t n = parts.front()->size();
  data::TextBuilder out(n);
  std::string joined;
  for (std::size_t i = 0; i < n; ++i) {
    joined.clear();
    bool known = true;
    for (const data::ColumnPtr& part : parts) {
      known = known && !part->missing(i);
      if (!known) break;
      if (part->is_numeric())
        joined += part->text(i);
      else
        joined += at(*part, i);
    }
    if (known)
      out.add(joined);
    else
      out.add_missing();
  }
  return out.column();
}

/// cond(a, "yes", "no") of texts.
data::ColumnPtr chosen(const data::Column& condition, const data::Column& yes, const data::Column& no) {
  data::TextBuilder out(condition.size());
  for (std::size_t i = 0; i < condition.size(); ++i) {
    const data::Column* from = condition.missing(i) ? nullptr : condition.number(i) != 0 ? &yes : &no;
    if (from == nullptr || from->missing(i))
      out.add_missing();
    else
      out.add(at(*from, i));
  }
  return out.column();
}

/// A number as text; the last three are Stata's and Lua's words.
constexpr std::array text_names = {"text", "string", "strofreal", "tostring"};

}  // namespace

bool TextFunctions::apply(Compiler& compiler, const Tree& tree, Value& out) {
  const std::string& name = tree->text;
  const std::vector<Tree>& args = tree->children;
  if (name == "cond" || name == "ifelse") {
    const data::ColumnPtr condition = run(*compiler.condition(args[0]), compiler.frame_.rows());
    const data::ColumnPtr yes = compiler.column(args[1]);
    const data::ColumnPtr no = compiler.column(args[2]);
    if (yes->is_numeric() || no->is_numeric())
      throw error_at(tree, "'" + name + "' chooses between a text and a number").hint("make both text or both numbers");
    out = value_of(chosen(*condition, *yes, *no));
    return true;
  }
  const bool to_text = std::find(text_names.begin(), text_names.end(), name) != text_names.end();
  if (name == "concat" || to_text) {
    check_arguments(tree, 1, name == "concat" ? 1000 : 1);
    std::vector<data::ColumnPtr> parts;
    parts.reserve(args.size());
    for (const Tree& arg : args) parts.push_back(compiler.column(arg));
    out = value_of(concatenated(parts));
    return true;
  }
  const auto* const known =
      std::find_if(std::begin(functions), std::end(functions), [&](const TextFunction& f) { return name == f.name; });
  if (known == std::end(functions)) return false;
  check_arguments(tree, known->least, known->most);
  const data::ColumnPtr x = compiler.column(args[0]);
  if (!x->is_numeric()) {
    out = value_of(known->run(*x, args));
    return true;
  }
  if (name == "number") {
    out = value_of(data::Column::reals(x->numbers()));
    return true;
  }
  throw error_at(args[0], "'" + print(args[0]) + "' is a number, but " + name + "() needs text")
      .hint("text(" + print(args[0]) + ") makes text of it");
}

void TextFunctions::add_names(std::vector<std::string>& names) {
  for (const TextFunction& f : functions) names.emplace_back(f.name);
  names.emplace_back("concat");
  for (const char* name : text_names) names.emplace_back(name);
}

}  // namespace formula
