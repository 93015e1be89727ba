#include "spatial/logdet.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/near.hpp"
#include "core/numbers.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "numerics/random.hpp"
#include "numerics/sparse_cholesky.hpp"
#include "numerics/sparse_lu.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <numbers>

namespace spatial {
namespace {

using core::infinity;

/// M(ρ) = M0 + ρ M1 + ρ² M2 on one pattern.
struct Pencil {
  numerics::SparsePattern pattern;
  std::vector<double> constant, linear, square;
  double log_scale = 0;  ///< ln |I − ρW| = half · ln |M(ρ)| − log_scale
  double half = 1;

  std::vector<double> at(double rho) const {
    std::vector<double> m(constant.size());
    for (std::size_t i = 0; i < m.size(); ++i) m[i] = constant[i] + rho * (linear[i] + rho * square[i]);
    return m;
  }
};

struct Entry {
  std::uint32_t column, row;
  double constant, linear, square;
};

Pencil pencil_of(std::vector<Entry> entries, std::size_t n) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.column != b.column ? a.column < b.column : a.row < b.row; });
  Pencil p;
  p.pattern.starts.assign(n + 1, 0);
  for (std::size_t e = 0; e < entries.size(); ++e) {
    const Entry& now = entries[e];
    const bool same = e > 0 && entries[e - 1].column == now.column && entries[e - 1].row == now.row;
    if (same) {
      p.constant.back() += now.constant;
      p.linear.back() += now.linear;
      p.square.back() += now.square;
      continue;
    }
    p.pattern.rows.push_back(static_cast<int>(now.row));
    p.constant.push_back(now.constant);
    p.linear.push_back(now.linear);
    p.square.push_back(now.square);
    ++p.pattern.starts[now.column + 1];
  }
  for (std::size_t j = 0; j < n; ++j) p.pattern.starts[j + 1] += p.pattern.starts[j];
  return p;
}

/// D − ρDW with D = diag(d) when W can be symmetrised; else (I − ρW)'(I − ρW).
Pencil pencil(const Weights& W, const std::optional<Vector>& d) {
  std::vector<Entry> entries;
  const std::size_t n = W.units();
  double log_scale = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double scale = d ? (*d)[i] : 1;
    log_scale += std::log(scale);
    entries.push_back({i, i, scale, 0, 0});
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) {
      const std::uint32_t j = W.to[p];
      const double w = scale * W.value[p];
      if (d) {
        if (j <= i) entries.push_back({j, i, 0, -w, 0});
        continue;
      }
      entries.push_back({std::min(i, j), std::max(i, j), 0, (i == j ? -2 : -1) * w, 0});
      for (std::size_t q = W.start[i]; q < W.start[i + 1]; ++q)  // row i adds w_ij w_ik to (j, k)
        if (W.to[q] >= j) entries.push_back({j, W.to[q], 0, 0, w * W.value[q]});
    }
  }
  Pencil out = pencil_of(std::move(entries), n);
  out.log_scale = d ? log_scale : 0;
  out.half = d ? 1 : 0.5;
  return out;
}

/// I − ρW, for ρ where elimination needs no pivoting: diagonally dominant rows, or an M-matrix.
struct Direct {
  std::unique_ptr<numerics::SparseLU> factor;
  std::vector<double> identity, weight;  ///< as the factor's values
  double least = 0, most = 0;            ///< so for ρ in (least, most)

  bool serves(double rho) const { return factor && rho > least && rho < most; }
  std::optional<double> log_det(double rho) const {
    std::vector<double> values(weight.size());
    for (std::size_t e = 0; e < values.size(); ++e) values[e] = identity[e] - rho * weight[e];
    return factor->log_abs_det(values);
  }
};

Direct direct(const Weights& W, const Interval& bounds) {
  const std::size_t n = W.units();
  Direct out;
  numerics::SparseRows rows;
  rows.starts.push_back(0);
  bool nonnegative = true;
  double largest = 0;  // of Σ_j |w_ij|: rows are dominated where |ρ| is below its inverse
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0;
    bool diagonal = false;
    const auto add = [&](std::uint32_t j, double w) {
      diagonal = diagonal || j == i;
      rows.columns.push_back(static_cast<int>(j));
      out.identity.push_back(j == i ? 1 : 0);
      out.weight.push_back(w);
    };
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) {
      if (!diagonal && W.to[p] > i) add(static_cast<std::uint32_t>(i), 0);
      add(W.to[p], W.value[p]);
      sum += std::abs(W.value[p]);
      nonnegative = nonnegative && W.value[p] >= 0;
    }
    if (!diagonal) add(static_cast<std::uint32_t>(i), 0);
    rows.starts.push_back(rows.columns.size());
    largest = std::max(largest, sum);
  }
  out.most = nonnegative ? bounds.high : std::min(bounds.high, 1 / largest);
  out.least = std::max(bounds.low, -1 / largest);
  out.factor = std::make_unique<numerics::SparseLU>(std::move(rows));
  return out;
}

/// Coefficients c_k of f on [low, high] in Chebyshev polynomials, k < terms.
std::vector<double> chebyshev(const std::function<double(double)>& f, double low, double high, std::size_t terms) {
  const std::size_t m = terms + 16;
  std::vector<double> values(m), c(terms, 0);
  for (std::size_t j = 0; j < m; ++j)
    values[j] =
        f((low + high) / 2 +
          (high - low) / 2 * std::cos(std::numbers::pi * (static_cast<double>(j) + 0.5) / static_cast<double>(m)));
  for (std::size_t k = 0; k < terms; ++k) {
    for (std::size_t j = 0; j < m; ++j)
      c[k] += values[j] * std::cos(std::numbers::pi * static_cast<double>(k) * (static_cast<double>(j) + 0.5) /
                                   static_cast<double>(m));
    c[k] *= (k == 0 ? 1.0 : 2.0) / static_cast<double>(m);
  }
  return c;
}

/// Traces of polynomials of W by random vectors.
struct Moments {
  double low = -1, high = 1;                  ///< spectrum; Chebyshev polynomials live on it
  bool chebyshev = true;                      ///< else powers of W
  std::vector<std::vector<double>> by_probe;  ///< [probe][k]
  std::vector<double> known;                  ///< exact traces of the first k

  static constexpr std::size_t terms = 64;

  std::vector<double> coefficients(double rho, int derivative) const {
    if (chebyshev)
      return spatial::chebyshev(
          [&](double x) {
            const double g = x / (1 - rho * x);
            return derivative == 0 ? std::log(std::max(1 - rho * x, 1e-300)) : derivative == 1 ? g : g * g;
          },
          low, high, terms);
    std::vector<double> c(terms,
                          0);  // ln(1 − ρx) = −Σ ρ^k x^k/k; x/(1 − ρx) = Σ ρ^(k−1) x^k; its square Σ (k−1) ρ^(k−2) x^k
    for (std::size_t k = 1; k < terms; ++k) {
      const double j = static_cast<double>(k);
      c[k] = derivative == 0   ? -std::pow(rho, j) / j
             : derivative == 1 ? std::pow(rho, j - 1)
             : k < 2           ? 0
                               : (j - 1) * std::pow(rho, j - 2);
    }
    return c;
  }
  /// Mean over the vectors, and its standard error.
  std::pair<double, double> sum(double rho, int derivative) const {
    const std::vector<double> c = coefficients(rho, derivative);
    double fixed = 0, mean = 0, square = 0;
    for (std::size_t k = 0; k < known.size(); ++k) fixed += c[k] * known[k];
    std::vector<double> draws;
    for (const std::vector<double>& m : by_probe) {
      double draw = 0;
      for (std::size_t k = known.size(); k < terms; ++k) draw += c[k] * m[k];
      draws.push_back(draw);
      mean += draw;
    }
    const double probes = static_cast<double>(draws.size());
    mean /= probes;
    for (const double draw : draws) square += (draw - mean) * (draw - mean);
    return {fixed + mean, std::sqrt(square / (probes * (probes - 1)))};
  }
};

/// tr W, tr W², tr W³, tr W⁴ (W symmetric: else the last is left out).
std::vector<double> power_traces(const Weights& W, bool symmetric) {
  const std::size_t n = W.units();
  constexpr std::size_t block = 8192;
  std::vector<std::array<double, 4>> parts((n + block - 1) / block, {0, 0, 0, 0});
  core::for_blocks(n, block, [&](std::size_t begin, std::size_t end) {
    std::vector<std::pair<std::uint32_t, double>> row;
    auto& part = parts[begin / block];
    for (std::size_t i = begin; i < end; ++i) {
      part[0] += W.at(i, i);
      row.clear();
      for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) {
        part[1] += W.value[p] * W.at(W.to[p], i);
        for (std::size_t q = W.start[W.to[p]]; q < W.start[W.to[p] + 1]; ++q)
          row.emplace_back(W.to[q], W.value[p] * W.value[q]);
      }
      std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t e = 0; e < row.size();) {
        double sum = 0;
        const std::uint32_t j = row[e].first;
        for (; e < row.size() && row[e].first == j; ++e) sum += row[e].second;
        part[2] += sum * W.at(j, i);
        part[3] += sum * sum;
      }
    }
  });
  std::array<double, 4> total = {0, 0, 0, 0};
  for (const auto& part : parts)
    for (std::size_t k = 0; k < 4; ++k) total[k] += part[k];
  std::vector<double> out = {static_cast<double>(n), total[0], total[1], total[2]};
  if (symmetric) out.push_back(total[3]);
  return out;
}

Moments moments_of(const Weights& W, const std::optional<Vector>& d, const Spectrum& s, std::size_t probes) {
  Moments m;
  Weights T = W;
  m.chebyshev = d.has_value();
  if (d)
    for (std::size_t i = 0; i < W.units(); ++i)
      for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p)
        T.value[p] *= std::sqrt((*d)[static_cast<Index>(i)] / (*d)[W.to[p]]);
  const double room = 1e-3 * (s.high - s.low);  // Ritz values lie inside the spectrum
  m.low = s.low - room;
  m.high = s.high_exact ? s.high : s.high + room;
  const double middle = (m.low + m.high) / 2, half = (m.high - m.low) / 2;
  std::vector<double> t = power_traces(T, m.chebyshev);
  if (!m.chebyshev) {
    m.known = t;
  } else {  // traces of T_k((x − middle)/half) from those of the powers of x
    const double a = middle, h = half;
    const double s1 = (t[1] - a * t[0]) / h;
    const double s2 = (t[2] - 2 * a * t[1] + a * a * t[0]) / (h * h);
    const double s3 = (t[3] - 3 * a * t[2] + 3 * a * a * t[1] - a * a * a * t[0]) / (h * h * h);
    const double s4 =
        (t[4] - 4 * a * t[3] + 6 * a * a * t[2] - 4 * a * a * a * t[1] + a * a * a * a * t[0]) / (h * h * h * h);
    m.known = {t[0], s1, 2 * s2 - t[0], 4 * s3 - 3 * s1, 8 * s4 - 8 * s2 + t[0]};
  }
  m.by_probe.assign(probes, std::vector<double>(Moments::terms, 0));
  core::Progress progress("log-determinant", probes);
  const std::size_t step = static_cast<std::size_t>(std::max(1, core::threads()));
  const auto n = static_cast<Index>(W.units());
  const auto times = [&](const Vector& x, Vector& y) {  // in one thread: vectors run side by side
    for (Index i = 0; i < n; ++i) {
      double sum = 0;
      for (std::size_t p = T.start[static_cast<std::size_t>(i)]; p < T.start[static_cast<std::size_t>(i) + 1]; ++p)
        sum += T.value[p] * x[T.to[p]];
      y[i] = m.chebyshev ? (sum - middle * x[i]) / half : sum;
    }
  };
  for (std::size_t done = 0; done < probes; done += step) {
    const std::size_t now = std::min(step, probes - done);
    core::for_blocks(now, 1, [&](std::size_t r, std::size_t) {
      numerics::Random random(20240611, done + r);
      Vector v(n), before(n), current(n), next(n);
      for (Index i = 0; i < n; ++i) v[i] = (random.bits() & 1) ? 1 : -1;
      std::vector<double>& out = m.by_probe[done + r];
      before = v;
      times(v, current);
      out[0] = static_cast<double>(n);
      out[1] = v.dot(current);
      for (std::size_t k = 2; k < Moments::terms && !core::interrupt_requested(); ++k) {
        times(current, next);
        if (m.chebyshev) next = 2 * next - before;
        out[k] = v.dot(next);
        before.swap(current);
        current.swap(next);
      }
    });
    progress.step(now);
  }
  core::poll();
  return m;
}

}  // namespace

struct LogDet::State {
  enum class Method { eigen, cholesky, chebyshev } kind = Method::eigen;
  double n = 0;
  Interval bounds;
  ComplexVector omega;
  // `direct` costs least; where it does not serve, the factor of `pencil` does, which is made when first asked for.
  Direct direct;
  std::optional<Weights> weights;  ///< to make the factor of
  std::optional<Vector> symmetry;  ///< what makes them symmetric
  mutable Pencil pencil;
  mutable std::unique_ptr<numerics::SparseCholesky> factor;
  mutable std::once_flag factor_made;
  Moments moments;
  bool stochastic_row = false;

  // Cells of the interpolated exact log-determinant, in s = artanh of ρ's place in the interval: there the singular
  // ends are infinitely far, and the nearest singularities at s ± iπ/2, so that ten nodes a cell leave less than 1e-11
  // n.
  struct Cell {
    double low = 0;
    std::vector<double> c;  ///< Chebyshev coefficients; empty: not positive definite somewhere in it
  };
  mutable std::map<long, Cell> cells;
  mutable std::mutex lock;
  static constexpr double width = 0.4;
  static constexpr std::size_t nodes = 10;

  double place(double rho) const {
    return std::atanh((2 * rho - bounds.low - bounds.high) / (bounds.high - bounds.low));
  }
  double rho_at(double s) const { return (bounds.low + bounds.high + (bounds.high - bounds.low) * std::tanh(s)) / 2; }

  void make_factor(const Weights& W, const std::optional<Vector>& d) const {
    pencil = spatial::pencil(W, d);
    factor = std::make_unique<numerics::SparseCholesky>(pencil.pattern);
  }

  double exact(double rho) const {
    if (direct.serves(rho)) return direct.log_det(rho).value_or(-infinity);
    std::call_once(factor_made, [&] { make_factor(*weights, symmetry); });
    const std::optional<double> ln = factor->log_det(pencil.at(rho));
    return ln ? pencil.half * *ln - pencil.log_scale : -infinity;
  }

  const Cell& cell_of(double s) const {
    const std::scoped_lock guard(lock);
    const long number = static_cast<long>(std::floor(s / width));
    const auto found = cells.find(number);
    if (found != cells.end()) return found->second;
    Cell cell{.low = static_cast<double>(number) * width, .c = {}};
    std::vector<double> values(nodes);
    core::for_blocks(nodes, 1, [&](std::size_t j, std::size_t) {
      values[j] = exact(
          rho_at(cell.low + width / 2 * (1 + std::cos(std::numbers::pi * (static_cast<double>(j) + 0.5) / nodes))));
    });
    core::poll();
    bool finite = true;
    for (const double v : values) finite = finite && std::isfinite(v);
    for (std::size_t k = 0; k < nodes && finite; ++k) {
      double c = 0;
      for (std::size_t j = 0; j < nodes; ++j)
        c += values[j] * std::cos(std::numbers::pi * static_cast<double>(k) * (static_cast<double>(j) + 0.5) / nodes);
      cell.c.push_back(c * (k == 0 ? 1.0 : 2.0) / nodes);
    }
    return cells.emplace(number, std::move(cell)).first->second;
  }

  /// The interpolant or a derivative of it in s.
  static double interpolated(const Cell& cell, double s, int derivative) {
    std::vector<double> c = cell.c;
    const double scale = 2 / width;
    for (int d = 0; d < derivative; ++d) {  // c'_{k−1} = c'_{k+1} + 2k c_k
      std::vector<double> next(c.size() + 1, 0);
      for (std::size_t k = c.size() - 1; k > 0; --k) next[k - 1] = next[k + 1] + 2 * static_cast<double>(k) * c[k];
      next[0] /= 2;
      next.resize(c.size());
      for (double& v : next) v *= scale;
      c = std::move(next);
    }
    const double x = (s - cell.low) * scale - 1;
    double b1 = 0, b2 = 0;
    for (std::size_t k = c.size(); k-- > 1;) {
      const double b = 2 * x * b1 - b2 + c[k];
      b2 = b1;
      b1 = b;
    }
    return x * b1 - b2 + c[0];
  }

  double cholesky(double rho, int derivative) const {
    const double s = place(rho);
    const Cell& cell = cell_of(s);
    if (cell.c.empty()) return derivative == 0 ? exact(rho) : std::nan("");
    if (derivative == 0) return interpolated(cell, s, 0);
    const double up = 2 / (bounds.high - bounds.low), u = std::tanh(s), slope = up / (1 - u * u);
    const double first = interpolated(cell, s, 1) * slope;
    if (derivative == 1) return first;
    return interpolated(cell, s, 2) * slope * slope + interpolated(cell, s, 1) * 2 * u * slope * slope;
  }

  double sum(double rho, int derivative) const {
    if (!(rho > bounds.low && rho < bounds.high)) return derivative == 0 ? -infinity : std::nan("");
    if (kind == Method::cholesky) return derivative == 0 ? cholesky(rho, 0) : -cholesky(rho, derivative);
    if (kind == Method::chebyshev) return moments.sum(rho, derivative).first;
    double total = 0;
    for (const std::complex<double>& w : omega) {
      const std::complex<double> g = w / (1.0 - rho * w);
      total += derivative == 0 ? std::log(std::abs(1.0 - rho * w)) : derivative == 1 ? g.real() : (g * g).real();
    }
    return total;
  }
};

LogDet::LogDet(const Weights& W, const std::string& method, int probes) : state_(std::make_unique<State>()) {
  const std::vector<std::string> known = {"auto", "eigen", "cholesky", "chebyshev"};
  if (std::find(known.begin(), known.end(), method) == known.end())
    throw core::Error("unknown method '" + method + "' of the log-determinant; " +
                      core::did_you_mean(method, known, "methods"))
        .word(method);
  State& s = *state_;
  s.n = static_cast<double>(W.units());
  const std::size_t n = W.units();
  if (method == "eigen" && n > 5000)
    throw core::Error("all eigenvalues of " + std::to_string(n) + " units take too long")
        .hint("logdet=\"cholesky\" is exact, too");
  s.kind = method == "eigen" || (method == "auto" && n <= most_eigen)         ? State::Method::eigen
           : method == "cholesky" || (method == "auto" && n <= most_cholesky) ? State::Method::cholesky
                                                                              : State::Method::chebyshev;
  if (s.kind == State::Method::eigen) {
    s.omega = eigenvalues(W);
    Spectrum range{.low = s.omega[0].real(), .high = s.omega[0].real()};
    for (const auto& w : s.omega) {
      range.low = std::min(range.low, w.real());
      range.high = std::max(range.high, w.real());
    }
    s.bounds = admissible(range);
    return;
  }
  const Spectrum range = spectrum_range(W);
  s.bounds = admissible(range);
  const std::optional<Vector> d = symmetrising(W);
  if (s.kind == State::Method::cholesky) {
    s.direct = direct(W, s.bounds);
    s.weights = W;
    s.symmetry = d;
  } else {
    s.moments = moments_of(W, d, range, static_cast<std::size_t>(probes));
  }
}
LogDet::~LogDet() = default;
LogDet::LogDet(LogDet&&) noexcept = default;

double LogDet::value(double rho) const { return state_->sum(rho, 0); }
double LogDet::trace(double rho) const { return state_->sum(rho, 1); }
double LogDet::trace_square(double rho) const { return state_->sum(rho, 2); }
Interval LogDet::interval() const { return state_->bounds; }
double LogDet::units() const { return state_->n; }
bool LogDet::exact() const { return state_->kind != State::Method::chebyshev; }
double LogDet::error(double rho) const { return exact() ? 0 : state_->moments.sum(rho, 0).second; }
std::string LogDet::method() const {
  switch (state_->kind) {
    case State::Method::eigen:
      return "eigenvalues";
    case State::Method::cholesky:
      return "sparse LU";
    case State::Method::chebyshev:
      break;
  }
  return std::string(state_->moments.chebyshev ? "Chebyshev polynomials" : "powers of W") + ", " +
         std::to_string(state_->moments.by_probe.size()) + " random vectors";
}

}  // namespace spatial
