// Elementwise functions on numbers, and those that take any type: missing, cond.
#include "formula/compile.hpp"

#include <array>
#include <utility>

namespace formula {

using data::Type;

namespace {

struct RealEntry {
  const char* name;
  RealFunction f;
};
// Where a function is undefined it gives NaN or an infinity, which become missing.
constexpr std::array<RealEntry, 31> real_functions{{
    {"log", [](double x) { return std::log(x); }},
    {"ln", [](double x) { return std::log(x); }},
    {"exp", [](double x) { return std::exp(x); }},
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"ceil", [](double x) { return std::ceil(x); }},
    {"int", [](double x) { return std::trunc(x); }},
    {"trunc", [](double x) { return std::trunc(x); }},
    {"log1p", [](double x) { return std::log1p(x); }},
    {"expm1", [](double x) { return std::expm1(x); }},
    {"log10", [](double x) { return std::log10(x); }},
    {"log2", [](double x) { return std::log2(x); }},
    {"sin", [](double x) { return std::sin(x); }},
    {"cos", [](double x) { return std::cos(x); }},
    {"tan", [](double x) { return std::tan(x); }},
    {"asin", [](double x) { return std::asin(x); }},
    {"acos", [](double x) { return std::acos(x); }},
    {"atan", [](double x) { return std::atan(x); }},
    {"sinh", [](double x) { return std::sinh(x); }},
    {"cosh", [](double x) { return std::cosh(x); }},
    {"tanh", [](double x) { return std::tanh(x); }},
    {"asinh", [](double x) { return std::asinh(x); }},
    {"logistic", [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"invlogit", [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"logit", [](double x) { return std::log(x / (1 - x)); }},
    {"normal", [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }},
    {"normalden", [](double x) { return std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979323846); }},
    {"erf", [](double x) { return std::erf(x); }},
    {"lgamma", [](double x) { return std::lgamma(x); }},
    {"gamma", [](double x) { return std::tgamma(x); }},
    {"cbrt", [](double x) { return std::cbrt(x); }},
}};

double round_to(double x, double digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(x * scale) / scale;
}
double modulo(double x, double y) { return x - y * std::floor(x / y); }
bool integer_modulo(std::int64_t a, std::int64_t b, std::int64_t* out) {
  if (b == 0) {
    *out = data::missing_integer;
  } else if (b == -1) {
    *out = 0;
  } else {
    const std::int64_t rest = a % b;
    *out = rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  }
  return false;
}
bool integer_min(std::int64_t a, std::int64_t b, std::int64_t* out) {
  *out = a < b ? a : b;
  return false;
}
bool integer_max(std::int64_t a, std::int64_t b, std::int64_t* out) {
  *out = a < b ? b : a;
  return false;
}
std::int64_t integer_sign(std::int64_t x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }
std::int64_t integer_absolute(std::int64_t x) { return x < 0 ? -x : x; }

}  // namespace

namespace {
const RealEntry* real_function(const std::string& name) {
  for (const RealEntry& entry : real_functions)
    if (name == entry.name) return &entry;
  return nullptr;
}
}  // namespace

bool Functions::apply(Compiler& compiler, const Tree& tree, Value& out) {
  const std::string& name = tree->text;
  const std::vector<Tree>& args = tree->children;
  const auto number = [&](std::size_t i) { return compiler.number(args[i], name + "()"); };
  const auto result = [&](PiecePtr piece) {
    out = value_of(std::move(piece));
    return true;
  };

  if (const RealEntry* entry = real_function(name)) {
    check_arguments(tree, 1, 1);
    return result(map(entry->f, number(0)));
  }
  if (name == "abs" || name == "sign") {
    check_arguments(tree, 1, 1);
    PiecePtr x = number(0);
    if (x->whole())
      return result(integer_function(name == "abs" ? integer_absolute : integer_sign, std::move(x), Type::integer));
    if (name == "abs") return result(map([](double v) { return std::abs(v); }, std::move(x)));
    return result(map([](double v) { return v > 0 ? 1.0 : v < 0 ? -1.0 : 0.0; }, std::move(x)));
  }
  if (name == "round") {
    check_arguments(tree, 1, 2);
    if (args.size() == 1) return result(map([](double x) { return std::round(x); }, number(0)));
    const std::int64_t digits = whole_constant(args[1], "digits of round(x, digits)");
    return result(map2(round_to, number(0), constant(static_cast<double>(digits))));
  }
  if (name == "mod") {
    check_arguments(tree, 2, 2);
    PiecePtr a = number(0);
    PiecePtr b = number(1);
    if (a->whole() && b->whole())
      return result(compiler.integer_pair(integer_modulo, std::move(a), std::move(b), Type::integer));
    return result(map2(modulo, std::move(a), std::move(b)));
  }
  if (name == "min" || name == "max") {
    check_arguments(tree, 2, 1000);
    const bool low = name == "min";
    PiecePtr best = number(0);
    for (std::size_t i = 1; i < args.size(); ++i) {
      PiecePtr next = number(i);
      const Type type = best->type() == next->type() && best->type() == Type::date ? Type::date : Type::integer;
      if (best->whole() && next->whole())
        best = compiler.integer_pair(low ? integer_min : integer_max, std::move(best), std::move(next), type);
      else
        best = map2(
            low ? [](double a, double b) { return std::fmin(a, b); }
                : [](double a, double b) { return std::fmax(a, b); },
            std::move(best), std::move(next));
    }
    return result(std::move(best));
  }
  if (name == "missing") {
    check_arguments(tree, 1, 1000);
    PiecePtr any;
    for (const Tree& arg : args) {
      Value x = compiler.value(arg);
      if (!x.numeric()) {
        const data::ColumnPtr text = compiler.column(std::move(x));
        x.piece = by_word(text, std::vector<std::uint8_t>(text->dictionary()->size(), 0));
      }
      PiecePtr one = is_missing(std::move(x.piece));
      any = any ? disjunction(std::move(any), std::move(one)) : std::move(one);
    }
    return result(std::move(any));
  }
  if (name == "cond" || name == "ifelse") {
    check_arguments(tree, 3, 3);
    Value yes = compiler.value(args[1]);
    Value no = compiler.value(args[2]);
    if (!yes.numeric() || !no.numeric()) return false;  // a choice between texts
    return result(choose(compiler.condition(args[0]), std::move(yes.piece), std::move(no.piece)));
  }
  return false;
}

void Functions::add_names(std::vector<std::string>& names) {
  for (const RealEntry& entry : real_functions) names.emplace_back(entry.name);
  for (const char* name : {"abs", "sign", "round", "mod", "min", "max", "missing", "cond", "ifelse", "I"})
    names.emplace_back(name);
}

}  // namespace formula
