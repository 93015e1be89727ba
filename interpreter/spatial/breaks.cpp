// Natural breaks by dynamic programming over the sorted different values with their counts:
//   D_c(j) = min_i D_{c−1}(i − 1) + SS(i … j). The best i never falls as j grows, so that halving finds a row of D in
//   O(m log m) instead of O(m²).
// Sources: Fisher (1958), JASA 53, 789-798; Jenks (1977); Jiang (2013), The Professional Geographer 65(3).
#include "spatial/breaks.hpp"

#include "core/error.hpp"
#include "core/near.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace spatial {
namespace {

class Natural {
 public:
  /// x: sorted, without NaN.
  explicit Natural(const std::vector<double>& x) {
    double total = 0;
    for (const double v : x) total += v;
    const double mean = total / static_cast<double>(x.size());
    count_ = sum_ = square_ = {0};
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (i == 0 || x[i] != x[i - 1]) {
        values.push_back(x[i]);
        count_.push_back(count_.back());
        sum_.push_back(sum_.back());
        square_.push_back(square_.back());
      }
      const double z = x[i] - mean;  // about the mean: differences of sums keep their digits
      count_.back() += 1;
      sum_.back() += z;
      square_.back() += z * z;
    }
  }

  /// First value of each class but the first.
  std::vector<std::size_t> split(std::size_t k) {
    const std::size_t m = values.size();
    best_.assign(m, 0);
    for (std::size_t j = 0; j < m; ++j) best_[j] = within(0, j);
    from_.assign(k, std::vector<std::uint32_t>(m, 0));
    for (std::size_t c = 1; c < k; ++c) {
      next_.assign(m, std::numeric_limits<double>::infinity());
      row(c, c, m - 1, c, m - 1);
      best_.swap(next_);
    }
    std::vector<std::size_t> starts;
    std::size_t j = m - 1;
    for (std::size_t c = k - 1; c > 0; --c) {
      starts.push_back(from_[c][j]);
      j = from_[c][j] - 1;
    }
    std::reverse(starts.begin(), starts.end());
    return starts;
  }

  double within(std::size_t i, std::size_t j) const {
    const double n = count_[j + 1] - count_[i], s = sum_[j + 1] - sum_[i];
    return std::max(0.0, square_[j + 1] - square_[i] - s * s / n);
  }

  std::vector<double> values;

 private:
  void row(std::size_t c, std::size_t low, std::size_t high, std::size_t first, std::size_t last) {
    if (low > high || high == static_cast<std::size_t>(-1)) return;
    const std::size_t j = low + (high - low) / 2;
    std::size_t where = first;
    for (std::size_t i = first; i <= std::min(j, last); ++i) {
      const double cost = best_[i - 1] + within(i, j);
      if (cost < next_[j]) {
        next_[j] = cost;
        where = i;
      }
    }
    from_[c][j] = static_cast<std::uint32_t>(where);
    if (j > low) row(c, low, j - 1, first, where);
    row(c, j + 1, high, where, last);
  }

  std::vector<double> count_, sum_, square_;  // of the values before each position
  std::vector<double> best_, next_;
  std::vector<std::vector<std::uint32_t>> from_;
};

double quantile7(const std::vector<double>& x, double p) {
  const double h = p * static_cast<double>(x.size() - 1);
  const auto below = static_cast<std::size_t>(h);
  return below + 1 < x.size() ? x[below] + (h - static_cast<double>(below)) * (x[below + 1] - x[below]) : x.back();
}

std::vector<double> head_tail(std::vector<double> x) {
  std::vector<double> at = {x.front()};
  const double last = x.back();
  while (x.size() > 1) {
    double mean = 0;
    for (const double v : x) mean += v;
    mean /= static_cast<double>(x.size());
    const auto head = std::upper_bound(x.begin(), x.end(), mean);
    const auto above = static_cast<double>(x.end() - head);
    if (above == 0 || above / static_cast<double>(x.size()) > 0.4) break;
    at.push_back(mean);
    x.erase(x.begin(), head);
  }
  at.push_back(last);
  return at;
}

std::vector<double> standard_deviations(const std::vector<double>& x) {
  double mean = 0, square = 0;
  for (const double v : x) mean += v;
  mean /= static_cast<double>(x.size());
  for (const double v : x) square += (v - mean) * (v - mean);
  const double sd = std::sqrt(square / static_cast<double>(x.size() - 1));
  std::vector<double> at = {x.front()};
  for (int s = -10; s <= 10; ++s)
    if (const double b = mean + s * sd; b > x.front() && b < x.back()) at.push_back(b);
  at.push_back(x.back());
  return at;
}

double fit_of(const std::vector<double>& x, const std::vector<int>& group, std::size_t k) {
  std::vector<double> n(k, 0), sum(k, 0);
  double mean = 0, total = 0, inside = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    n[static_cast<std::size_t>(group[i])] += 1;
    sum[static_cast<std::size_t>(group[i])] += x[i];
    mean += x[i];
  }
  mean /= static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto g = static_cast<std::size_t>(group[i]);
    inside += std::pow(x[i] - sum[g] / n[g], 2);
    total += std::pow(x[i] - mean, 2);
  }
  return 1 - inside / total;
}

}  // namespace

Breaks breaks(std::vector<double> x, const std::string& method, int k) {
  std::erase_if(x, [](double v) { return std::isnan(v); });
  std::sort(x.begin(), x.end());
  std::size_t different = x.empty() ? 0 : 1;
  for (std::size_t i = 1; i < x.size(); ++i) different += x[i] != x[i - 1];
  if (different < 2)
    throw core::Error("classes need at least two different values, and there " +
                      std::string(different ? "is one" : "is none"));
  const bool found = method == "headtail" || method == "sd";
  if (!found && (k < 2 || static_cast<std::size_t>(k) > different))
    throw core::Error("k classes of " + std::to_string(different) + " different values: k is from 2 to " +
                      std::to_string(different) + ", not " + std::to_string(k))
        .word("k");
  const auto count = static_cast<std::size_t>(std::max(k, 1));
  Breaks out;
  if (method == "jenks" || method == "fisher") {
    Natural natural(x);
    out.at = {x.front()};
    for (const std::size_t start : natural.split(count))
      out.at.push_back(method == "jenks" ? natural.values[start - 1]
                                         : (natural.values[start - 1] + natural.values[start]) / 2);
    out.at.push_back(x.back());
  } else if (method == "quantile") {
    for (std::size_t c = 0; c <= count; ++c)
      out.at.push_back(quantile7(x, static_cast<double>(c) / static_cast<double>(count)));
  } else if (method == "equal") {
    for (std::size_t c = 0; c <= count; ++c)
      out.at.push_back(c == count
                           ? x.back()
                           : x.front() + (x.back() - x.front()) * static_cast<double>(c) / static_cast<double>(count));
  } else if (method == "headtail") {
    out.at = head_tail(x);
  } else if (method == "sd") {
    out.at = standard_deviations(x);
  } else {
    const std::vector<std::string> known = {"jenks", "fisher", "quantile", "equal", "headtail", "sd"};
    throw core::Error("unknown method '" + method + "' of classes; " + core::did_you_mean(method, known, "methods"))
        .word(method);
  }
  const std::vector<int> group = classes(x, out.at);
  out.counts.assign(out.at.size() - 1, 0);
  for (const int g : group) ++out.counts[static_cast<std::size_t>(g)];
  out.fit = fit_of(x, group, out.counts.size());
  return out;
}

std::vector<int> classes(const std::vector<double>& x, const std::vector<double>& at) {
  std::vector<int> out(x.size(), -1);
  const int last = static_cast<int>(at.size()) - 2;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) continue;
    const auto above = std::lower_bound(at.begin() + 1, at.end(), x[i]);
    out[i] = std::min(static_cast<int>(above - at.begin()) - 1, last);
  }
  return out;
}

}  // namespace spatial
