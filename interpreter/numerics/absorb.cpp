#include "numerics/absorb.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "numerics/absorb_method.hpp"

#include <algorithm>
#include <cmath>

namespace numerics {

using namespace absorption;

namespace {

constexpr double rounding = 1e-13;  // scaled residual below which another round of a direct method gains nothing
constexpr int direct_rounds = 4;

std::unique_ptr<Method> choose(const Layers& layers, AbsorbStrategy strategy) {
  const auto wrong = [](const std::string& name, const std::string& why) {
    return core::Error("the strategy '" + name + "' does not fit these fixed effects: " + why)
        .hint("leave the strategy to 'automatic'");
  };
  const std::size_t dimensions = layers.effects().size();
  switch (strategy) {
    case AbsorbStrategy::none:
      if (dimensions > 0) throw wrong("none", "there are " + core::counted(std::int64_t(dimensions), "dimension"));
      return nullptr;
    case AbsorbStrategy::one_way:
      if (dimensions != 1) throw wrong("one-way", "it takes one dimension");
      return one_way(layers);
    case AbsorbStrategy::balanced_two_way: {
      auto method = balanced(layers);
      if (!method) throw wrong("balanced two-way", "the cells of their crossing are not proportional to its margins");
      return method;
    }
    case AbsorbStrategy::alternating_projections:
      if (dimensions == 0) return nullptr;
      return alternating_projections(layers);
    case AbsorbStrategy::direct:
    case AbsorbStrategy::conjugate_gradient:
    case AbsorbStrategy::automatic:
      break;
  }
  if (dimensions == 0) return nullptr;
  if (dimensions == 1) return one_way(layers);
  if (strategy == AbsorbStrategy::automatic)
    if (auto method = balanced(layers)) return method;
  return reduced_system(layers, strategy);
}

/// Norms of a column, as it came and around its weighted mean.
struct Norms {
  double before = 0, after = 0;
};

/// max over levels of |d'W r| / ‖d‖_W for each column, d a column of D: an intercept's or a slope's as it was given.
PerColumn largest_residual(const Layers& layers, const std::vector<Interleaved>& sums, int width) {
  PerColumn result{};
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (Index level = 0; level < layers[l].levels; ++level) {
      const double size = layers.given_norm(l, level);
      if (!(size > 0)) continue;
      for (int c = 0; c < width; ++c) {
        const double here = std::abs(layers.given_sum(l, level, sums, width, c)) / size;
        result[std::size_t(c)] = std::max(result[std::size_t(c)], here);
      }
    }
  return result;
}

}  // namespace

struct Absorber::State {
  State(std::vector<FixedEffect> effects, Vector weights, AbsorbOptions how)
      : layers(std::move(effects), std::move(weights)), options(how), method(choose(layers, how.strategy)) {}

  Layers layers;
  AbsorbOptions options;
  std::unique_ptr<Method> method;

  /// First sums and norms. A mean that dwarfs the spread costs digits in every sum: it is taken off first, if asked.
  std::array<Norms, max_width> open(const Columns& x, bool shift_means, std::vector<Interleaved>& sums,
                                    Workspace& work) const;
  /// Absorbs up to max_width columns; adds their coefficients to `total` where that is given.
  AbsorbReport absorb(const Columns& x, Workspace& work, std::vector<Interleaved>* total);
};

std::array<Norms, max_width> Absorber::State::open(const Columns& x, bool shift_means, std::vector<Interleaved>& sums,
                                                   Workspace& work) const {
  std::array<Norms, max_width> norms{};
  bool shifted = false;
  for (int round = 0; round < 2; ++round) {
    const Moments moments = layers.pass(x, nullptr, sums, work);
    for (std::size_t c = 0; c < std::size_t(x.width); ++c) {
      if (!std::isfinite(moments.squares[c])) throw core::Error("a column to absorb has values that are not finite");
      const double mean = moments.sum[c] / moments.weight;
      const double spread = std::max(0.0, moments.squares[c] - moments.sum[c] * mean);
      if (round == 0) norms[c].before = std::sqrt(moments.squares[c]);
      norms[c].after = std::sqrt(spread);
      if (round > 0 || !shift_means || spread >= 0.01 * moments.squares[c]) continue;
      double* column = x.at[c];
      core::for_blocks(std::size_t(layers.rows()), 65'536, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) column[i] -= mean;
      });
      shifted = true;
    }
    if (!shifted) break;
  }
  return norms;
}

AbsorbReport Absorber::State::absorb(const Columns& x, Workspace& work, std::vector<Interleaved>* total) {
  const auto width = std::size_t(x.width);
  AbsorbReport report{method->name(), 0, 0};
  std::vector<Interleaved> sums;
  // Coefficients add up to the column itself, so its mean stays on when they are wanted.
  const std::array<Norms, max_width> norms = open(x, !total && layers.has_intercept(), sums, work);
  Demand demand;
  // A column that its mean explains leaves rounding only; no method gets below that.
  for (std::size_t c = 0; c < width; ++c)
    demand.residual[c] = options.tol * std::max(norms[c].after, 1e-6 * norms[c].before);
  PerColumn left = largest_residual(layers, sums, x.width), previous{};
  std::array<bool, max_width> settled{};
  std::array<int, max_width> used{};
  for (int round = 0;; ++round) {
    core::poll();
    bool all = true;
    for (std::size_t c = 0; c < width; ++c) {
      if (round > 0 && !settled[c])
        settled[c] = method->direct()
                         ? left[c] <= rounding * norms[c].after || left[c] > 0.5 * previous[c] || round >= direct_rounds
                         : left[c] <= demand.residual[c] || used[c] >= options.max_iterations;
      all = all && (settled[c] || norms[c].before == 0);
      if (settled[c])
        for (Interleaved& layer : sums)
          for (std::size_t j = c; j < layer.size(); j += width) layer[j] = 0;
      demand.iterations[c] = settled[c] ? 0 : options.max_iterations - used[c];
    }
    if (all) break;
    Answer answer = method->solve(sums, x.width, demand, work);
    for (std::size_t c = 0; c < width; ++c) used[c] += answer.iterations[c];
    layers.pass(x, &answer.coefficients, sums, work);
    previous = left;
    left = largest_residual(layers, sums, x.width);
    if (total) {
      if (total->empty()) {
        *total = std::move(answer.coefficients);
      } else {
        for (std::size_t l = 0; l < layers.size(); ++l)
          for (std::size_t j = 0; j < (*total)[l].size(); ++j) (*total)[l][j] += answer.coefficients[l][j];
      }
    }
  }
  for (std::size_t c = 0; c < width; ++c) {
    report.iterations = std::max(report.iterations, used[c]);
    if (norms[c].before > 0) report.residual = std::max(report.residual, left[c] / norms[c].before);
    if (left[c] > demand.residual[c])
      throw core::Error("the fixed effects could not be absorbed: scaled normal-equation residual " +
                        core::significant(left[c] / norms[c].after, 2) + " after " +
                        core::counted(used[c], "iteration") + " (tolerance " + core::shortest(options.tol) + ")")
          .hint("raise max_iterations or tol; a tolerance below 1e-13 is out of reach of double precision");
  }
  return report;
}

Absorber::Absorber(std::vector<FixedEffect> effects, Vector weights, AbsorbOptions options)
    : state_(std::make_unique<State>(std::move(effects), std::move(weights), options)) {}
Absorber::~Absorber() = default;
Absorber::Absorber(Absorber&&) noexcept = default;
Absorber& Absorber::operator=(Absorber&&) noexcept = default;

Index Absorber::rows() const { return state_->layers.rows(); }

AbsorbReport Absorber::apply(Eigen::Ref<Matrix> columns) const {
  AbsorbReport report;
  report.strategy = state_->method ? state_->method->name() : "none";
  if (!state_->method || columns.cols() == 0) return report;
  if (columns.rows() != rows())
    throw core::Error("the columns to absorb have " + core::counted(columns.rows(), "row") +
                      ", but the fixed effects have " + core::grouped(rows()));
  Workspace work;
  for (Index first = 0; first < columns.cols(); first += max_width) {
    Columns x;
    x.width = int(std::min<Index>(max_width, columns.cols() - first));
    for (int c = 0; c < x.width; ++c) x.at[std::size_t(c)] = &columns(0, first + c);
    const AbsorbReport part = state_->absorb(x, work, nullptr);
    report.iterations = std::max(report.iterations, part.iterations);
    report.residual = std::max(report.residual, part.residual);
  }
  return report;
}

std::vector<Matrix> Absorber::coefficients(const Vector& sum) const {
  if (!state_->method) return {};
  if (sum.size() != rows())
    throw core::Error("the sum of fixed effects has " + core::counted(sum.size(), "row") +
                      ", but the fixed effects have " + core::grouped(rows()));
  Vector rest = sum;
  Workspace work;
  std::vector<Interleaved> total;
  state_->absorb({{rest.data()}, 1}, work, &total);
  std::vector<Matrix> result = state_->layers.on_effects(total);
  normalise(state_->layers.effects(), result);
  return result;
}

}  // namespace numerics
