// Text in data expressions: comparisons and functions. Work is done once per distinct word, not per row, where it can
// be.
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "formula/compile.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <unordered_map>
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

/// Bytes where characters of a UTF-8 text begin, and its end.
std::vector<std::size_t> characters(std::string_view word) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < word.size(); ++i)
    if ((static_cast<unsigned char>(word[i]) & 0xC0) != 0x80) out.push_back(i);
  out.push_back(word.size());
  return out;
}

/// Characters from `start` (1 is the first, −1 the last), `count` of them.
std::string part(std::string_view word, std::int64_t start, std::int64_t count) {
  const std::vector<std::size_t> begins = characters(word);
  const auto length = static_cast<std::int64_t>(begins.size()) - 1;
  std::int64_t first = start < 0 ? length + start : start - 1;
  std::int64_t last = std::min(length, first + count);
  first = std::max<std::int64_t>(first, 0);
  if (first >= last) return {};
  const std::size_t from = begins[static_cast<std::size_t>(first)];
  return std::string(word.substr(from, begins[static_cast<std::size_t>(last)] - from));
}

std::string upper(std::string_view word) {
  std::string out(word);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

/// Each distinct word changed; "" becomes missing.
data::ColumnPtr map_words(const data::Column& text, const std::function<std::string(std::string_view)>& f) {
  auto words = std::make_shared<std::vector<std::string>>();
  std::unordered_map<std::string, std::int32_t> seen;
  std::vector<std::int32_t> code_of;
  for (const std::string& word : *text.dictionary()) {
    std::string changed = f(word);
    if (changed.empty()) {
      code_of.push_back(data::missing_code);
      continue;
    }
    const auto [found, added] = seen.try_emplace(changed, static_cast<std::int32_t>(words->size()));
    if (added) words->push_back(std::move(changed));
    code_of.push_back(found->second);
  }
  std::vector<std::int32_t> codes(text.codes().begin(), text.codes().end());
  for (std::int32_t& code : codes)
    if (code >= 0) code = code_of[static_cast<std::size_t>(code)];
  return data::Column::texts(std::move(codes), std::move(words));
}

template <class T, class F>
std::vector<T> per_word(const data::Column& text, T missing, const F& f) {
  std::vector<T> of_word;
  for (const std::string& word : *text.dictionary()) of_word.push_back(f(word));
  std::vector<T> out(text.size(), missing);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (text.codes()[i] >= 0) out[i] = of_word[static_cast<std::size_t>(text.codes()[i])];
  return out;
}

double number_in(std::string_view word) {
  word = core::trim(word);
  if (!word.empty() && word[0] == '+') word.remove_prefix(1);
  double value = 0;
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value);
  return status == std::errc() && end == word.data() + word.size() && std::isfinite(value) ? value : missing_real;
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

data::ColumnPtr concatenated(const std::vector<data::ColumnPtr>& parts) {
  std::vector<std::string> out(parts.front()->size());
  for (std::size_t i = 0; i < out.size(); ++i)
    for (const data::ColumnPtr& part : parts) {
      if (part->missing(i)) {
        out[i].clear();
        break;
      }
      out[i] += part->text(i);
    }
  return data::Column::texts(out);
}

data::ColumnPtr dates_from(const std::vector<std::vector<double>>& parts) {
  std::vector<std::int64_t> days(parts[0].size(), data::missing_integer);
  for (std::size_t i = 0; i < days.size(); ++i) {
    const double year = parts[0][i];
    const double month = parts[1][i];
    const double day = parts[2][i];
    const bool known = year == std::floor(year) && std::abs(year) < 10'000 && month >= 1 && month <= 12 &&
                       month == std::floor(month) && day >= 1 && day == std::floor(day);
    if (!known || day > data::days_in_month(static_cast<std::int64_t>(year), static_cast<int>(month))) continue;
    days[i] = data::days_from_civil({static_cast<std::int64_t>(year), static_cast<int>(month), static_cast<int>(day)});
  }
  return data::Column::dates(std::move(days));
}

struct Arity {
  const char* name;
  std::size_t least, most;
};
constexpr Arity text_functions[] = {
    {"length", 1, 1}, {"lower", 1, 1},     {"upper", 1, 1},     {"trim", 1, 1},
    {"substr", 2, 3}, {"contains", 2, 2},  {"text", 1, 1},      {"starts_with", 2, 2},
    {"number", 1, 1}, {"ends_with", 2, 2}, {"concat", 1, 1000}, {"date", 1, 3},
};

/// Answers of contains, starts_with and ends_with.
PiecePtr search(const std::string& name, const data::ColumnPtr& text, const Tree& wanted) {
  if (wanted->op != Op::text) throw error_at(wanted, "the second argument of " + name + "() is a text like 'city'");
  const std::string& part = wanted->text;
  std::vector<std::uint8_t> answers;
  for (const std::string& word : *text->dictionary()) {
    const std::size_t found = name == "ends_with" ? word.rfind(part) : word.find(part);
    const bool yes = found != std::string::npos && (name != "starts_with" || found == 0) &&
                     (name != "ends_with" || found + part.size() == word.size());
    answers.push_back(yes ? 1 : 0);
  }
  return by_word(text, std::move(answers));
}

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
    std::vector<std::string> words(condition->size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (condition->missing(i)) continue;
      words[i] = condition->number(i) != 0 ? yes->text(i) : no->text(i);
    }
    out = value_of(data::Column::texts(words));
    return true;
  }
  const auto* const known = std::find_if(std::begin(text_functions), std::end(text_functions),
                                         [&](const Arity& f) { return name == f.name; });
  if (known == std::end(text_functions)) return false;
  check_arguments(tree, known->least, known->most);

  if (name == "concat") {
    std::vector<data::ColumnPtr> parts;
    for (const Tree& arg : args) parts.push_back(compiler.column(arg));
    out = value_of(concatenated(parts));
    return true;
  }
  if (name == "date" && args.size() > 1) {
    check_arguments(tree, 3, 3);
    std::vector<std::vector<double>> parts;
    for (const Tree& arg : args) parts.push_back(compiler.numbers(arg, "date(year, month, day)"));
    out = value_of(dates_from(parts));
    return true;
  }
  const data::ColumnPtr x = compiler.column(args[0]);
  if (name == "text") {
    out = value_of(concatenated({x}));
    return true;
  }
  if (x->is_numeric()) {
    if (name == "number") {
      out = value_of(data::Column::reals(x->numbers()));
      return true;
    }
    throw error_at(args[0], "'" + print(args[0]) + "' is a number, but " + name + "() needs text")
        .hint("text(" + print(args[0]) + ") makes text of it");
  }
  if (name == "length")
    out = value_of(data::Column::integers(per_word(*x, data::missing_integer, [](const std::string& word) {
      return static_cast<std::int64_t>(characters(word).size()) - 1;
    })));
  else if (name == "number")
    out = value_of(data::Column::reals(per_word(*x, missing_real, number_in)));
  else if (name == "date")
    out = value_of(data::Column::dates(per_word(*x, data::missing_integer, [](const std::string& word) {
      return data::parse_iso_date(word).value_or(data::missing_integer);
    })));
  else if (name == "lower")
    out = value_of(map_words(*x, [](std::string_view word) { return core::lower(word); }));
  else if (name == "upper")
    out = value_of(map_words(*x, upper));
  else if (name == "trim")
    out = value_of(map_words(*x, [](std::string_view word) { return std::string(core::trim(word)); }));
  else if (name == "substr") {
    const std::int64_t start = whole_constant(args[1], "the start of substr(text, start, count)");
    const std::int64_t count = args.size() == 3 ? whole_constant(args[2], "the count of substr(text, start, count)")
                                                : std::int64_t{1'000'000'000};
    out = value_of(map_words(*x, [=](std::string_view word) { return part(word, start, count); }));
  } else {
    out = value_of(search(name, x, args[1]));
  }
  return true;
}

void TextFunctions::add_names(std::vector<std::string>& names) {
  for (const Arity& f : text_functions) names.emplace_back(f.name);
}

}  // namespace formula
