// A numeric expression that is ready to run: a tree of pieces, evaluated block by block so that every intermediate
// result stays in cache. Text lives in whole columns (compile.hpp); only its comparisons become pieces.
#pragma once

#include "data/column.hpp"

#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace formula {

constexpr std::size_t block_rows = 1024;
constexpr double missing_real = std::numeric_limits<double>::quiet_NaN();

/// Buffers of one block each, reused along the walk over the tree; one Scratch per thread.
class Scratch {
 public:
  template <class T>
  class Lease {
   public:
    Lease(std::vector<std::unique_ptr<T[]>>& free) : free_(free) {
      if (free.empty()) {
        buffer_ = std::make_unique<T[]>(block_rows);
      } else {
        buffer_ = std::move(free.back());
        free.pop_back();
      }
    }
    ~Lease() { free_.push_back(std::move(buffer_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    T* get() const { return buffer_.get(); }

   private:
    std::vector<std::unique_ptr<T[]>>& free_;
    std::unique_ptr<T[]> buffer_;
  };
  Lease<double> reals() { return reals_; }
  Lease<std::int64_t> integers() { return integers_; }
  Lease<std::uint8_t> booleans() { return booleans_; }

 private:
  std::vector<std::unique_ptr<double[]>> reals_;
  std::vector<std::unique_ptr<std::int64_t[]>> integers_;
  std::vector<std::unique_ptr<std::uint8_t[]>> booleans_;
};

/// One operation. Its own type is real, integer, date or boolean; the matching function must be overridden, the others
/// convert from it. Each fills out[0 … n−1] for rows begin … begin+n−1, n at most block_rows.
class Piece {
 public:
  explicit Piece(data::Type type) : type_(type) {}
  virtual ~Piece() = default;
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;
  data::Type type() const { return type_; }
  bool whole() const { return type_ != data::Type::real; }  ///< integers, dates and booleans

  virtual void reals(std::size_t begin, std::size_t n, double* out, Scratch& scratch) const;
  virtual void integers(std::size_t begin, std::size_t n, std::int64_t* out, Scratch& scratch) const;
  virtual void booleans(std::size_t begin, std::size_t n, std::uint8_t* out, Scratch& scratch) const;

 private:
  data::Type type_;
};
using PiecePtr = std::unique_ptr<Piece>;

enum class Compare { equal, unequal, less, less_equal, greater, greater_equal };

PiecePtr column_piece(data::ColumnPtr column);      ///< real, integer, boolean, date
PiecePtr constant(double value);                    ///< an integer when it is whole, up to 2^53
PiecePtr constant_boolean(std::uint8_t value);      ///< 0, 1 or missing
PiecePtr row_number();                              ///< 1, 2, …
PiecePtr retyped(PiecePtr whole, data::Type type);  ///< an integer piece as a date, or the other way

/// + - * / ^ on doubles; results that are not finite are missing.
enum class Arithmetic { add, subtract, multiply, divide, power };
PiecePtr real_arithmetic(Arithmetic op, PiecePtr a, PiecePtr b);
/// A function of two integers that are not missing: fills *out, true when the result does not fit. `overflow` is set
/// when that happens in any row.
using IntegerFunction2 = bool (*)(std::int64_t a, std::int64_t b, std::int64_t* out);
PiecePtr integer_function2(IntegerFunction2 f, PiecePtr a, PiecePtr b, data::Type type, std::atomic<bool>& overflow);

using RealFunction = double (*)(double);
using RealFunction2 = double (*)(double, double);
PiecePtr map(RealFunction f, PiecePtr x);
PiecePtr map2(RealFunction2 f, PiecePtr a, PiecePtr b);  ///< not called when an argument is missing
PiecePtr integer_function(std::int64_t (*f)(std::int64_t), PiecePtr x, data::Type type);  ///< missing stays missing

PiecePtr comparison(Compare op, PiecePtr a, PiecePtr b);
PiecePtr conjunction(PiecePtr a, PiecePtr b);  ///< three-valued
PiecePtr disjunction(PiecePtr a, PiecePtr b);
PiecePtr negation(PiecePtr a);
PiecePtr is_missing(PiecePtr x);
PiecePtr member(PiecePtr x, std::vector<double> list);
PiecePtr choose(PiecePtr condition, PiecePtr yes, PiecePtr no);
/// answers[code] for a text column; missing stays missing.
PiecePtr by_word(data::ColumnPtr text, std::vector<std::uint8_t> answers);

/// Runs over n rows on core::threads(); a column of the piece's type.
data::ColumnPtr run(const Piece& piece, std::size_t n);

}  // namespace formula
