#include "formula/piece.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace formula {

using data::missing_boolean;
using data::missing_integer;
using data::Type;

void Piece::reals(std::size_t begin, std::size_t n, double* out, Scratch& scratch) const {
  if (type_ == Type::boolean) {
    const auto own = scratch.booleans();
    booleans(begin, n, own.get(), scratch);
    for (std::size_t i = 0; i < n; ++i) out[i] = own.get()[i] == missing_boolean ? missing_real : own.get()[i];
    return;
  }
  assert(type_ != Type::real);
  const auto own = scratch.integers();
  integers(begin, n, own.get(), scratch);
  for (std::size_t i = 0; i < n; ++i)
    out[i] = own.get()[i] == missing_integer ? missing_real : static_cast<double>(own.get()[i]);
}

void Piece::integers(std::size_t begin, std::size_t n, std::int64_t* out, Scratch& scratch) const {
  assert(type_ == Type::boolean);
  const auto own = scratch.booleans();
  booleans(begin, n, own.get(), scratch);
  for (std::size_t i = 0; i < n; ++i) out[i] = own.get()[i] == missing_boolean ? missing_integer : own.get()[i];
}

void Piece::booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const {
  assert(type_ != Type::boolean);
  const auto own = scratch.reals();
  reals(begin, n, own.get(), scratch);
  for (std::size_t i = 0; i < n; ++i)
    out[i] = std::isnan(own.get()[i]) ? missing_boolean : static_cast<std::uint8_t>(own.get()[i] != 0);
}

namespace {

class ColumnPiece final : public Piece {
 public:
  explicit ColumnPiece(data::ColumnPtr column) : Piece(column->type()), column_(std::move(column)) {}
  void reals(std::size_t begin, std::size_t n, double* out, Scratch& scratch) const override {
    if (type() != Type::real) return Piece::reals(begin, n, out, scratch);
    const double* from = column_->reals().data() + begin;
    for (std::size_t i = 0; i < n; ++i) out[i] = std::isfinite(from[i]) ? from[i] : missing_real;
  }
  void integers(std::size_t begin, std::size_t n, std::int64_t* out, Scratch& scratch) const override {
    if (type() == Type::boolean) return Piece::integers(begin, n, out, scratch);
    std::copy_n(column_->integers().data() + begin, n, out);
  }
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const override {
    if (type() != Type::boolean) return Piece::booleans(begin, n, out, scratch);
    std::copy_n(column_->booleans().data() + begin, n, out);
  }

 private:
  data::ColumnPtr column_;
};

class Constant final : public Piece {
 public:
  Constant(Type type, double value) : Piece(type), value_(value) {}
  void reals(std::size_t /*begin*/, std::size_t n, double* out, Scratch& /*scratch*/) const override {
    std::fill_n(out, n, type() == Type::boolean && value_ == missing_boolean ? missing_real : value_);
  }
  void integers(std::size_t /*begin*/, std::size_t n, std::int64_t* out, Scratch& /*scratch*/) const override {
    const bool missing = type() == Type::boolean && value_ == missing_boolean;
    std::fill_n(out, n, missing ? missing_integer : static_cast<std::int64_t>(value_));
  }
  void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const override {
    if (type() != Type::boolean) return Piece::booleans(begin, n, out, scratch);
    std::fill_n(out, n, static_cast<std::uint8_t>(value_));
  }

 private:
  double value_;
};

class RowNumber final : public Piece {
 public:
  RowNumber() : Piece(Type::integer) {}
  void integers(std::size_t begin, std::size_t n, std::int64_t* out, Scratch& /*scratch*/) const override {
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::int64_t>(begin + i + 1);
  }
};

class Retyped final : public Piece {
 public:
  Retyped(PiecePtr x, Type type) : Piece(type), x_(std::move(x)) {}
  void integers(std::size_t begin, std::size_t n, std::int64_t* out, Scratch& scratch) const override {
    x_->integers(begin, n, out, scratch);
  }

 private:
  PiecePtr x_;
};

}  // namespace

PiecePtr column_piece(data::ColumnPtr column) { return std::make_unique<ColumnPiece>(std::move(column)); }
PiecePtr constant(double value) {
  const bool whole = std::floor(value) == value && std::abs(value) <= 0x1p53;
  return std::make_unique<Constant>(whole ? Type::integer : Type::real, std::isfinite(value) ? value : missing_real);
}
PiecePtr constant_boolean(std::uint8_t value) { return std::make_unique<Constant>(Type::boolean, value); }
PiecePtr row_number() { return std::make_unique<RowNumber>(); }
PiecePtr retyped(PiecePtr whole, Type type) { return std::make_unique<Retyped>(std::move(whole), type); }

data::ColumnPtr run(const Piece& piece, std::size_t n) {
  constexpr std::size_t rows_per_task = 64 * block_rows;
  const auto fill = [&](auto& values, auto member) {
    values.resize(n);
    core::for_blocks(n, rows_per_task, [&](std::size_t begin, std::size_t end) {
      Scratch scratch;
      for (std::size_t at = begin; at < end && !core::interrupt_requested(); at += block_rows)
        (piece.*member)(at, std::min(block_rows, end - at), values.data() + at, scratch);
    });
    core::poll();
  };
  if (piece.type() == Type::real) {
    std::vector<double> values;
    fill(values, &Piece::reals);
    return data::Column::reals(std::move(values));
  }
  if (piece.type() == Type::boolean) {
    std::vector<std::uint8_t> values;
    fill(values, &Piece::booleans);
    return data::Column::booleans(std::move(values));
  }
  std::vector<std::int64_t> values;
  fill(values, &Piece::integers);
  return piece.type() == Type::date ? data::Column::dates(std::move(values))
                                    : data::Column::integers(std::move(values));
}

}  // namespace formula
