// Double-double arithmetic: an unevaluated sum of two doubles carries about 32 significant digits.
// Source: Dekker (1971); Knuth, TAOCP 2, 4.2.2; Hida, Li & Bailey (2001), the "sloppy" sum being avoided.
// Needs rounding to nearest and no contraction into fused multiply-adds (the build sets -ffp-contract=off).
#pragma once

#include <cmath>

namespace numerics {

struct DoubleDouble {
  double hi = 0, lo = 0;  ///< |lo| ≤ ulp(hi) / 2

  DoubleDouble() = default;
  DoubleDouble(double value) : hi(value) {}  // NOLINT: a double is a double-double
  DoubleDouble(double high, double low) : hi(high), lo(low) {}
  explicit operator double() const { return hi + lo; }
};

/// a + b exactly.
inline DoubleDouble two_sum(double a, double b) {
  const double s = a + b, bb = s - a;
  return {s, (a - (s - bb)) + (b - bb)};
}
/// a + b exactly, for |a| ≥ |b|.
inline DoubleDouble quick_two_sum(double a, double b) {
  const double s = a + b;
  return {s, b - (s - a)};
}
/// a as a sum of two halves of 26 bits, whose products are exact. |a| below 1e300.
inline DoubleDouble halves(double a) {
  const double t = 134217729.0 * a;  // 2^27 + 1
  const double high = t - (t - a);
  return {high, a - high};
}
/// a · b exactly, barring underflow. |a|, |b| below 1e300.
inline DoubleDouble two_product(double a, double b) {
  const double p = a * b;
  const DoubleDouble x = halves(a), y = halves(b);
  return {p, ((x.hi * y.hi - p) + x.hi * y.lo + x.lo * y.hi) + x.lo * y.lo};
}

inline DoubleDouble operator-(const DoubleDouble& a) { return {-a.hi, -a.lo}; }
inline DoubleDouble operator+(const DoubleDouble& a, const DoubleDouble& b) {
  const DoubleDouble s = two_sum(a.hi, b.hi), t = two_sum(a.lo, b.lo);
  const DoubleDouble u = quick_two_sum(s.hi, s.lo + t.hi);
  return quick_two_sum(u.hi, u.lo + t.lo);
}
inline DoubleDouble operator-(const DoubleDouble& a, const DoubleDouble& b) { return a + (-b); }
inline DoubleDouble operator*(const DoubleDouble& a, const DoubleDouble& b) {
  const DoubleDouble p = two_product(a.hi, b.hi);
  return quick_two_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}
inline DoubleDouble operator/(const DoubleDouble& a, const DoubleDouble& b) {
  const double q1 = a.hi / b.hi;
  const DoubleDouble r1 = a - b * q1;
  const double q2 = r1.hi / b.hi;
  const DoubleDouble r2 = r1 - b * q2;
  return quick_two_sum(q1, q2) + DoubleDouble(r2.hi / b.hi);
}
inline DoubleDouble& operator+=(DoubleDouble& a, const DoubleDouble& b) { return a = a + b; }
inline DoubleDouble& operator-=(DoubleDouble& a, const DoubleDouble& b) { return a = a - b; }
inline bool operator<(const DoubleDouble& a, const DoubleDouble& b) {
  return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}

/// Square root by one Newton step from the double root; 0 for values that are not positive.
inline DoubleDouble sqrt(const DoubleDouble& a) {
  if (!(a.hi > 0)) return {};
  const double x = std::sqrt(a.hi);
  const DoubleDouble error = a - two_product(x, x);
  return quick_two_sum(x, error.hi / (2 * x));
}

}  // namespace numerics
