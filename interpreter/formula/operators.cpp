// The operators of data expressions as pieces: arithmetic, comparison, logic, choice.
#include "formula/piece.hpp"

#include <algorithm>
#include <utility>

namespace formula {
namespace {

using data::missing_boolean;
using data::missing_integer;
using data::Type;

double finite(double x) { return std::isfinite(x) ? x : missing_real; }

template <class Op>
class RealBinary final : public Piece {
 public:
  RealBinary(Op op, PiecePtr a, PiecePtr b) : Piece(Type::real), op_(op), a_(std::move(a)), b_(std::move(b)) {}
  void reals(std::size_t begin, std::size_t n, double* out, Scratch& scratch) const override {
    a_->reals(begin, n, out, scratch);
    const auto right = scratch.reals();
    const double* b = right.get();
    b_->reals(begin, n, right.get(), scratch);
    for (std::size_t i = 0; i < n; ++i) out[i] = finite(op_(out[i], b[i]));
  }

 private:
  Op op_;
  PiecePtr a_, b_;
};
template <class Op>
PiecePtr real_binary(Op op, PiecePtr a, PiecePtr b) {
  return std::make_unique<RealBinary<Op>>(op, std::move(a), std::move(b));
}

class IntegerBinary final : public Piece {
 public:
  IntegerBinary(IntegerFunction2 f, PiecePtr a, PiecePtr b, Type type, std::atomic<bool>& overflow)
      : Piece(type), f_(f), a_(std::move(a)), b_(std::move(b)), overflow_(overflow) {}
  void integers(std::size_t begin, std::size_t n, std::int64_t* out, Scratch& scratch) const override {
    a_->integers(begin, n, out, scratch);
    const auto right = scratch.integers();
    const std::int64_t* b = right.get();
    b_->integers(begin, n, right.get(), scratch);
    bool over = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (out[i] == missing_integer || b[i] == missing_integer)
        out[i] = missing_integer;
      else
        over |= f_(out[i], b[i], &out[i]);
    }
    if (over) overflow_.store(true, std::memory_order_relaxed);
  }

 private:
  IntegerFunction2 f_;
  PiecePtr a_, b_;
  std::atomic<bool>& overflow_;
};

class RealMap final : public Piece {
 public:
  RealMap(RealFunction f, PiecePtr x) : Piece(Type::real), f_(f), x_(std::move(x)) {}
  void reals(std::size_t begin, std::size_t n, double* out, Scratch& scratch) const override {
    x_->reals(begin, n, out, scratch);
    for (std::size_t i = 0; i < n; ++i) out[i] = std::isnan(out[i]) ? out[i] : finite(f_(out[i]));
  }

 private:
  RealFunction f_;
  PiecePtr x_;
};

class IntegerMap final : public Piece {
 public:
  IntegerMap(std::int64_t (*f)(std::int64_t), PiecePtr x, Type type) : Piece(type), f_(f), x_(std::move(x)) {}
  void integers(std::size_t begin, std::size_t n, std::int64_t* out, Scratch& scratch) const override {
    x_->integers(begin, n, out, scratch);
    for (std::size_t i = 0; i < n; ++i)
      if (out[i] != missing_integer) out[i] = f_(out[i]);
  }

 private:
  std::int64_t (*f_)(std::int64_t);
  PiecePtr x_;
};

template <class T>
bool holds(Compare op, T a, T b) {
  switch (op) {
    case Compare::equal:
      return a == b;
    case Compare::unequal:
      return a != b;
    case Compare::less:
      return a < b;
    case Compare::less_equal:
      return a <= b;
    case Compare::greater:
      return a > b;
    case Compare::greater_equal:
      return a >= b;
  }
  return false;
}

class Comparison final : public Piece {
 public:
  Comparison(Compare op, PiecePtr a, PiecePtr b)
      : Piece(Type::boolean), op_(op), a_(std::move(a)), b_(std::move(b)), whole_(a_->whole() && b_->whole()) {}
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const override {
    if (whole_) {
      const auto a = scratch.integers();
      const auto b = scratch.integers();
      a_->integers(begin, n, a.get(), scratch);
      b_->integers(begin, n, b.get(), scratch);
      compare(a.get(), b.get(), n, out, [](std::int64_t x) { return x == missing_integer; });
    } else {
      const auto a = scratch.reals();
      const auto b = scratch.reals();
      a_->reals(begin, n, a.get(), scratch);
      b_->reals(begin, n, b.get(), scratch);
      compare(a.get(), b.get(), n, out, [](double x) { return std::isnan(x); });
    }
  }

 private:
  template <class T, class Missing>
  void compare(const T* a, const T* b, std::size_t n, std::uint8_t* out, Missing missing) const {
    for (std::size_t i = 0; i < n; ++i)
      out[i] = missing(a[i]) || missing(b[i]) ? missing_boolean : static_cast<std::uint8_t>(holds(op_, a[i], b[i]));
  }
  Compare op_;
  PiecePtr a_, b_;
  bool whole_;
};

/// Kleene's three values: false and missing is false, true or missing is true.
class Logic final : public Piece {
 public:
  Logic(std::uint8_t decides, PiecePtr a, PiecePtr b)
      : Piece(Type::boolean), decides_(decides), a_(std::move(a)), b_(std::move(b)) {}
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const override {
    a_->booleans(begin, n, out, scratch);
    const auto right = scratch.booleans();
    const std::uint8_t* b = right.get();
    b_->booleans(begin, n, right.get(), scratch);
    for (std::size_t i = 0; i < n; ++i) {
      if (out[i] == decides_ || b[i] == decides_)
        out[i] = decides_;
      else if (b[i] == missing_boolean)
        out[i] = missing_boolean;
    }
  }

 private:
  std::uint8_t decides_;
  PiecePtr a_, b_;
};

class Negation final : public Piece {
 public:
  explicit Negation(PiecePtr a) : Piece(Type::boolean), a_(std::move(a)) {}
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const override {
    a_->booleans(begin, n, out, scratch);
    for (std::size_t i = 0; i < n; ++i)
      if (out[i] != missing_boolean) out[i] ^= 1;
  }

 private:
  PiecePtr a_;
};

class IsMissing final : public Piece {
 public:
  explicit IsMissing(PiecePtr x) : Piece(Type::boolean), x_(std::move(x)) {}
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const override {
    const auto x = scratch.reals();
    x_->reals(begin, n, x.get(), scratch);
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(std::isnan(x.get()[i]));
  }

 private:
  PiecePtr x_;
};

class Member final : public Piece {
 public:
  Member(PiecePtr x, std::vector<double> list) : Piece(Type::boolean), x_(std::move(x)), list_(std::move(list)) {
    std::sort(list_.begin(), list_.end());
  }
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const override {
    const auto x = scratch.reals();
    x_->reals(begin, n, x.get(), scratch);
    for (std::size_t i = 0; i < n; ++i)
      out[i] = std::isnan(x.get()[i])
                   ? missing_boolean
                   : static_cast<std::uint8_t>(std::binary_search(list_.begin(), list_.end(), x.get()[i]));
  }

 private:
  PiecePtr x_;
  std::vector<double> list_;
};

Type common_type(const Piece& a, const Piece& b) {
  if (a.type() == b.type()) return a.type();
  const bool dates = a.type() == Type::date || b.type() == Type::date;
  return a.whole() && b.whole() && !dates ? Type::integer : Type::real;
}

class Choose final : public Piece {
 public:
  Choose(PiecePtr condition, PiecePtr yes, PiecePtr no)
      : Piece(common_type(*yes, *no)), condition_(std::move(condition)), yes_(std::move(yes)), no_(std::move(no)) {}
  void reals(std::size_t begin, std::size_t n, double* out, Scratch& scratch) const override {
    if (type() != Type::real) return Piece::reals(begin, n, out, scratch);
    const auto no = scratch.reals();
    yes_->reals(begin, n, out, scratch);
    no_->reals(begin, n, no.get(), scratch);
    pick(begin, n, out, no.get(), missing_real, scratch);
  }
  void integers(std::size_t begin, std::size_t n, std::int64_t* out, Scratch& scratch) const override {
    if (type() == Type::boolean) return Piece::integers(begin, n, out, scratch);
    const auto no = scratch.integers();
    yes_->integers(begin, n, out, scratch);
    no_->integers(begin, n, no.get(), scratch);
    pick(begin, n, out, no.get(), missing_integer, scratch);
  }
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const override {
    if (type() != Type::boolean) return Piece::booleans(begin, n, out, scratch);
    const auto no = scratch.booleans();
    yes_->booleans(begin, n, out, scratch);
    no_->booleans(begin, n, no.get(), scratch);
    pick(begin, n, out, no.get(), missing_boolean, scratch);
  }

 private:
  template <class T>
  void pick(std::size_t begin, std::size_t n, T* yes, const T* no, T missing, Scratch& scratch) const {
    const auto condition = scratch.booleans();
    condition_->booleans(begin, n, condition.get(), scratch);
    for (std::size_t i = 0; i < n; ++i)
      if (condition.get()[i] != 1) yes[i] = condition.get()[i] == 0 ? no[i] : missing;
  }
  PiecePtr condition_, yes_, no_;
};

class ByWord final : public Piece {
 public:
  ByWord(data::ColumnPtr text, std::vector<std::uint8_t> answers)
      : Piece(Type::boolean), text_(std::move(text)), answers_(std::move(answers)) {}
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& /*scratch*/) const override {
    const std::int32_t* codes = text_->codes().data() + begin;
    for (std::size_t i = 0; i < n; ++i)
      out[i] = codes[i] < 0 ? missing_boolean : answers_[static_cast<std::size_t>(codes[i])];
  }

 private:
  data::ColumnPtr text_;
  std::vector<std::uint8_t> answers_;
};

}  // namespace

PiecePtr real_arithmetic(Arithmetic op, PiecePtr a, PiecePtr b) {
  switch (op) {
    case Arithmetic::add:
      return real_binary([](double x, double y) { return x + y; }, std::move(a), std::move(b));
    case Arithmetic::subtract:
      return real_binary([](double x, double y) { return x - y; }, std::move(a), std::move(b));
    case Arithmetic::multiply:
      return real_binary([](double x, double y) { return x * y; }, std::move(a), std::move(b));
    case Arithmetic::divide:
      return real_binary([](double x, double y) { return x / y; }, std::move(a), std::move(b));
    case Arithmetic::power:
      break;
  }
  // Missing first: pow(1, NaN) and pow(NaN, 0) are 1 in C.
  const auto power = [](double x, double y) {
    if (y == 2) return x * x;
    return std::isnan(x) || std::isnan(y) ? missing_real : std::pow(x, y);
  };
  return real_binary(power, std::move(a), std::move(b));
}

PiecePtr integer_function2(IntegerFunction2 f, PiecePtr a, PiecePtr b, Type type, std::atomic<bool>& overflow) {
  return std::make_unique<IntegerBinary>(f, std::move(a), std::move(b), type, overflow);
}
PiecePtr map(RealFunction f, PiecePtr x) { return std::make_unique<RealMap>(f, std::move(x)); }
PiecePtr map2(RealFunction2 f, PiecePtr a, PiecePtr b) {
  const auto guarded = [f](double x, double y) { return std::isnan(x) || std::isnan(y) ? missing_real : f(x, y); };
  return real_binary(guarded, std::move(a), std::move(b));
}
PiecePtr integer_function(std::int64_t (*f)(std::int64_t), PiecePtr x, Type type) {
  return std::make_unique<IntegerMap>(f, std::move(x), type);
}
PiecePtr comparison(Compare op, PiecePtr a, PiecePtr b) {
  return std::make_unique<Comparison>(op, std::move(a), std::move(b));
}
PiecePtr conjunction(PiecePtr a, PiecePtr b) { return std::make_unique<Logic>(0, std::move(a), std::move(b)); }
PiecePtr disjunction(PiecePtr a, PiecePtr b) { return std::make_unique<Logic>(1, std::move(a), std::move(b)); }
PiecePtr negation(PiecePtr a) { return std::make_unique<Negation>(std::move(a)); }
PiecePtr is_missing(PiecePtr x) { return std::make_unique<IsMissing>(std::move(x)); }
PiecePtr member(PiecePtr x, std::vector<double> list) {
  return std::make_unique<Member>(std::move(x), std::move(list));
}
PiecePtr choose(PiecePtr condition, PiecePtr yes, PiecePtr no) {
  return std::make_unique<Choose>(std::move(condition), std::move(yes), std::move(no));
}
PiecePtr by_word(data::ColumnPtr text, std::vector<std::uint8_t> answers) {
  return std::make_unique<ByWord>(std::move(text), std::move(answers));
}

}  // namespace formula
