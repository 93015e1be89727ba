#include "formula/compile.hpp"

#include "core/near.hpp"
#include "data/date.hpp"
#include "formula/evaluate.hpp"
#include "formula/maps.hpp"
#include "formula/own_terms.hpp"

#include <algorithm>
#include <utility>

namespace formula {

using data::Type;

namespace {

Value of(PiecePtr piece) { return value_of(std::move(piece)); }
Value of(data::ColumnPtr column) { return value_of(std::move(column)); }

bool holds_text(const data::Column& column, const std::string& text) {
  if (column.type() != Type::text && column.type() != Type::category) return false;
  const std::vector<std::string>& words = *column.dictionary();
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// 2020, 2020-01-31: numbers and minus signs alone.
bool is_plain_arithmetic(const Tree& tree) {
  if (tree->op == Op::number) return true;
  return tree->op == Op::minus && is_plain_arithmetic(tree->children[0]) && is_plain_arithmetic(tree->children[1]);
}

bool add(std::int64_t a, std::int64_t b, std::int64_t* out) {
  return __builtin_add_overflow(a, b, out) || *out == data::missing_integer;
}
bool subtract(std::int64_t a, std::int64_t b, std::int64_t* out) {
  return __builtin_sub_overflow(a, b, out) || *out == data::missing_integer;
}
bool multiply(std::int64_t a, std::int64_t b, std::int64_t* out) {
  return __builtin_mul_overflow(a, b, out) || *out == data::missing_integer;
}

Compare compare_of(Op op) {
  switch (op) {
    case Op::equal:
      return Compare::equal;
    case Op::unequal:
      return Compare::unequal;
    case Op::less:
      return Compare::less;
    case Op::less_equal:
      return Compare::less_equal;
    case Op::greater:
      return Compare::greater;
    default:
      return Compare::greater_equal;
  }
}

/// A date beside a text that names one: where == "2020-03-15".
void read_date(const Tree& tree, Value& text, const Value& date) {
  if (!text.word || !date.numeric() || date.piece->type() != Type::date) return;
  const auto days = data::parse_iso_date(*text.word);
  if (!days) throw error_at(tree, "'" + *text.word + "' is no date").hint("write dates as '2020-03-15'");
  text = of(retyped(constant(static_cast<double>(*days)), Type::date));
}

}  // namespace

Value value_of(PiecePtr piece) {
  Value out;
  out.piece = std::move(piece);
  return out;
}
Value value_of(data::ColumnPtr column) {
  Value out;
  if (column->type() == Type::text || column->type() == Type::category)
    out.text = std::move(column);
  else
    out.piece = column_piece(std::move(column));
  return out;
}

std::string describe(const Tree& tree, const Value& value) {
  if (value.text && value.text->type() == Type::category) return "'" + print(tree) + "' is a category";
  return (value.word ? print(tree) : "'" + print(tree) + "'") + " is text";
}

data::ColumnPtr Compiler::column(Value value) {
  if (value.text) return value.text;
  if (value.word) {
    if (value.word->empty())
      return data::Column::texts(std::vector<std::int32_t>(frame_.rows(), data::missing_code),
                                 std::make_shared<std::vector<std::string>>());
    return data::Column::texts(std::vector<std::int32_t>(frame_.rows(), 0),
                               std::make_shared<std::vector<std::string>>(1, *value.word));
  }
  data::ColumnPtr out = run(*value.piece, frame_.rows());
  if (overflow_.load(std::memory_order_relaxed)) throw IntegerOverflow{};
  return out;
}
data::ColumnPtr Compiler::column(const Tree& tree) {
  if (tree->op == Op::name)
    if (data::ColumnPtr whole = frame_.find(tree->text)) return whole;
  data::ColumnPtr out = column(value(tree));
  if (tree->op == Op::call && out->type() == Type::integer)
    if (std::string format = period_format(tree->text); !format.empty()) return out->formatted(std::move(format));
  return out;
}

PiecePtr Compiler::number(const Tree& tree, Value value, const std::string& use) {
  if (value.numeric()) return std::move(value.piece);
  if (value.text && value.text->type() == Type::category && !value.text->level_values().empty())
    return column_piece(data::Column::reals(value.text->numbers()));
  core::Error error = error_at(tree, describe(tree, value) + ", but " + use + " needs a number");
  if (value.text && value.text->type() == Type::text) error.hint("number(x) reads numbers out of text");
  throw error;
}
PiecePtr Compiler::number(const Tree& tree, const std::string& use) { return number(tree, value(tree), use); }

std::vector<double> Compiler::numbers(const Tree& tree, const std::string& use) {
  return column(of(number(tree, use)))->numbers();
}

PiecePtr Compiler::condition(const Tree& tree) {
  Value inner = value(tree);
  if (inner.numeric()) return std::move(inner.piece);
  throw error_at(tree, describe(tree, inner) + ", not a condition").hint("compare it: " + print(tree) + " == '…'");
}

Value Compiler::name(const Tree& tree) {
  if (const data::ColumnPtr column = frame_.find(tree->text)) return of(column);
  if (tree->text == "_n" || tree->text == "_N") return Statistics::position(*this, tree->text == "_N");
  core::Error error = error_at(tree, "no column '" + tree->text + "' in frame '" + frame_.name() + "'");
  error.word(tree->text);
  for (const std::string& name : frame_.names())
    if (holds_text(*frame_.at(name), tree->text))
      throw error.hint("'" + tree->text + "' is a value of " + name + ": values that are text stand in quotes, " +
                       name + " == '" + tree->text + "'");
  throw error.hint(core::did_you_mean(tree->text, frame_.names(), "columns"));
}

Value Compiler::value(const Tree& tree) {
  switch (tree->op) {
    case Op::number:
      return of(constant(tree->number));
    case Op::truth:
      return of(constant_boolean(tree->number != 0 ? 1 : 0));
    case Op::text: {
      Value out;
      out.word = tree->text;
      return out;
    }
    case Op::name:
      return name(tree);
    case Op::prefix:
      return prefixed(tree);
    case Op::call:
      return call_of(tree);
    case Op::plus:
    case Op::minus:
    case Op::times:
    case Op::divide:
    case Op::power:
    case Op::negate:
      return arithmetic(tree);
    case Op::equal:
    case Op::unequal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
      return compared(tree);
    case Op::member:
      return member_of(tree);
    case Op::conjunction:
      return of(conjunction(condition(tree->children[0]), condition(tree->children[1])));
    case Op::disjunction:
    case Op::bar:
      return of(disjunction(condition(tree->children[0]), condition(tree->children[1])));
    case Op::negation:
      return of(negation(condition(tree->children[0])));
    case Op::tilde:
      throw error_at(tree, "a formula stands where a column's values are needed");
    case Op::list:
      throw error_at(tree, "a list {…} stands where a column's values are needed").hint("lists follow 'in'");
    case Op::interact:
    case Op::cross:
      throw error_at(tree, "an interaction stands where a column's values are needed").hint("a product is a*b");
    case Op::slopes:
    case Op::slopes_only:
      throw error_at(tree, "varying slopes belong to the fixed effects of a formula")
          .hint("for another row's value, Stata's " + print(tree) +
                ": L.x is the period before, F.x the one after, "
                "in each unit of the panel");
  }
  return {};
}

PiecePtr Compiler::difference(PiecePtr a, PiecePtr b) {
  if (!exact_ || !a->whole() || !b->whole()) return real_arithmetic(Arithmetic::subtract, std::move(a), std::move(b));
  const bool earlier_date = a->type() == Type::date && b->type() != Type::date;
  return integer_pair(subtract, std::move(a), std::move(b), earlier_date ? Type::date : Type::integer);
}

Value Compiler::arithmetic(const Tree& tree) {
  const std::string use = "arithmetic";
  if (tree->op == Op::negate) {
    PiecePtr x = number(tree->children[0], use);
    return of(difference(constant(0), std::move(x)));
  }
  PiecePtr a = number(tree->children[0], use);
  PiecePtr b = number(tree->children[1], use);
  const bool whole = exact_ && a->whole() && b->whole();
  const bool one_date = (a->type() == Type::date) != (b->type() == Type::date);
  switch (tree->op) {
    case Op::plus:
      if (whole) return of(integer_pair(add, std::move(a), std::move(b), one_date ? Type::date : Type::integer));
      return of(real_arithmetic(Arithmetic::add, std::move(a), std::move(b)));
    case Op::minus:
      return of(difference(std::move(a), std::move(b)));
    case Op::times:
      if (whole) return of(integer_pair(multiply, std::move(a), std::move(b), Type::integer));
      return of(real_arithmetic(Arithmetic::multiply, std::move(a), std::move(b)));
    case Op::divide:
      return of(real_arithmetic(Arithmetic::divide, std::move(a), std::move(b)));
    default:
      return of(real_arithmetic(Arithmetic::power, std::move(a), std::move(b)));
  }
}

Value Compiler::compared(const Tree& tree) {
  const Tree& left = tree->children[0];
  const Tree& right = tree->children[1];
  for (const Tree& side : {left, right}) {
    const bool missing =
        (side->op == Op::number && std::isnan(side->number)) || (side->op == Op::text && side->text.empty());
    if (missing)
      throw error_at(side, "a comparison with missing is never true")
          .hint("write missing(" + print(side == left ? right : left) + ")");
  }
  Value a = value(left);
  Value b = value(right);
  read_date(left, a, b);
  read_date(right, b, a);
  for (const bool is_left : {true, false}) {
    const Value& date = is_left ? a : b;
    const Tree& other = is_left ? right : left;
    if (!date.numeric() || date.piece->type() != Type::date || !is_plain_arithmetic(other)) continue;
    throw error_at(other, "a date is compared with the number " + print(other))
        .hint("dates stand in quotes: " + print(is_left ? left : right) + " > '2020-01-31'; the year alone is year(" +
              print(is_left ? left : right) + ")");
  }
  const Compare op = compare_of(tree->op);
  if (!a.numeric() && !b.numeric()) return of(compare_texts(tree, op, a, b));
  const auto against = [](const Tree& other) { return "the comparison with " + print(other); };
  PiecePtr x = number(left, std::move(a), against(right));
  return of(comparison(op, std::move(x), number(right, std::move(b), against(left))));
}

Value Compiler::member_of(const Tree& tree) {
  const Tree& subject = tree->children[0];
  Value x = value(subject);
  std::vector<double> numbers;
  std::vector<std::string> words;
  if (tree->children[1]->op != Op::list) throw error_at(tree->children[1], "'in' needs a list like {1, 2}");
  for (const Tree& item : tree->children[1]->children) {
    if (item->op == Op::number || item->op == Op::truth) {
      numbers.push_back(item->number);
    } else if (item->op == Op::text) {
      words.push_back(item->text);
      if (x.numeric() && x.piece->type() == Type::date) {
        Value day;
        day.word = item->text;
        read_date(item, day, x);
        numbers.push_back(static_cast<double>(*data::parse_iso_date(item->text)));
        words.pop_back();
      }
    } else {
      throw error_at(item, "a list after 'in' holds numbers or texts").hint("join comparisons with 'or' instead");
    }
  }
  if (!words.empty() && !numbers.empty())
    throw error_at(tree->children[1], "a list after 'in' mixes numbers and texts");
  if (words.empty() && !(x.text && numbers.empty()))
    return of(member(number(subject, std::move(x), "a list of numbers"), std::move(numbers)));
  if (x.numeric()) throw error_at(tree->children[1], "'" + print(subject) + "' is a number, the list holds text");
  const data::ColumnPtr text = column(std::move(x));
  std::vector<std::uint8_t> answers;
  for (const std::string& word : *text->dictionary())
    answers.push_back(std::find(words.begin(), words.end(), word) != words.end() ? 1 : 0);
  return of(by_word(text, std::move(answers)));
}

void check_arguments(const Tree& call, std::size_t least, std::size_t most) {
  if (!call->keywords.empty())
    throw error_at(call, "'" + call->text + "' has no option '" + call->keywords.front().first + "'");
  const std::size_t given = call->children.size();
  if (given >= least && given <= most) return;
  std::string wanted = std::to_string(least);
  if (most > 100)
    wanted += " or more arguments";
  else if (most > least)
    wanted += " to " + std::to_string(most) + " arguments";
  else
    wanted += least == 1 ? " argument" : " arguments";
  throw error_at(call, "'" + call->text + "' takes " + wanted + ", not " + std::to_string(given));
}

Tree keyword(const Tree& call, const std::vector<std::string>& known, const std::string& name) {
  Tree found;
  for (const auto& [option, value] : call->keywords) {
    if (std::find(known.begin(), known.end(), option) == known.end())
      throw error_at(call, "'" + call->text + "' has no option '" + option + "'")
          .hint(core::did_you_mean(option, known, "options"));
    if (option == name) found = value;
  }
  return found;
}

Value Compiler::call_of(const Tree& tree) {
  if (tree->text == "I") {
    check_arguments(tree, 1, 1);
    return value(tree->children[0]);
  }
  if (tree->text.size() == 1 && is_lag_word(tree->text)) {
    if (tree->children.size() == 3)
      throw error_at(tree, "'" + print(tree) + "' is several columns").hint("name one lag: " + tree->text + "(x, 1)");
    check_arguments(tree, 1, 2);
    const std::int64_t order = tree->children.size() == 2 ? whole_constant(tree->children[1], "the lag") : 1;
    return lagged(tree, tree->children[0], tree->text[0], order);
  }
  if (tree->text == "i")
    throw error_at(tree, "'" + print(tree) + "' is a factor, which belongs to the right side of a formula");
  Value out;
  if (Statistics::apply(*this, tree, out) || RowFunctions::apply(*this, tree, out) ||
      Functions::apply(*this, tree, out) || DateFunctions::apply(*this, tree, out) ||
      PeriodFunctions::apply(*this, tree, out) || TextFunctions::apply(*this, tree, out))
    return out;
  if (const Map* map = find_map(tree->text)) {
    check_arguments(tree, 1, 1);
    return value_of(data::Column::reals((*map)(frame_, column(tree->children[0])->numbers())));
  }
  if (is_own_term(tree->text))
    throw error_at(tree, "'" + print(tree) + "' is a term of its own in feols and ols, not part of another")
        .hint("feols(y ~ x + " + print(tree) + " | id + year); help " + tree->text);
  throw error_at(tree, "unknown function '" + tree->text + "'")
      .hint(core::did_you_mean(tree->text, function_names(), "functions"));
}

std::int64_t whole_constant(const Tree& tree, const std::string& what) {
  if (tree->op != Op::number || std::floor(tree->number) != tree->number || std::abs(tree->number) > 1e6)
    throw error_at(tree, what + " must be a whole number, not " + print(tree));
  return static_cast<std::int64_t>(tree->number);
}

}  // namespace formula
