#include "estimators/inference/romano_wolf.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/near.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Positions of the finite values in ascending order.
std::vector<std::size_t> ascending(const std::vector<double>& p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  return order;
}

/// How many of the sorted p-values Benjamini & Hochberg reject at level q.
std::size_t rejected(const std::vector<double>& sorted, double q) {
  const double m = static_cast<double>(sorted.size());
  for (std::size_t r = sorted.size(); r > 0; --r)
    if (sorted[r - 1] <= q * static_cast<double>(r) / m) return r;
  return 0;
}

/// Rejections of the two-stage procedure at level q.
std::size_t two_stage(const std::vector<double>& sorted, double q) {
  const double m = static_cast<double>(sorted.size());
  const double first = q / (1 + q);
  const std::size_t r1 = rejected(sorted, first);
  if (r1 == 0 || r1 == sorted.size()) return r1;
  return rejected(sorted, first * m / (m - static_cast<double>(r1)));
}

void step_down(Family& family, const std::vector<std::vector<double>>& draws) {
  const std::size_t m = family.members.size();
  std::vector<std::size_t> order(m);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(family.members[a].t) > std::abs(family.members[b].t);
  });
  const std::size_t B = draws.front().size();
  std::vector<double> largest(B, 0);
  std::vector<double> p(m);
  for (std::size_t j = m; j-- > 0;) {
    const std::size_t at = order[j];
    const double t = std::abs(family.members[at].t);
    double count = 1;
    for (std::size_t b = 0; b < B; ++b) {
      if (!std::isnan(draws[at][b])) largest[b] = std::max(largest[b], std::abs(draws[at][b]));
      count += largest[b] >= t * (1 - 1e-10);
    }
    p[j] = count / (static_cast<double>(B) + 1);
  }
  double floor = 0;
  for (std::size_t j = 0; j < m; ++j) {
    floor = std::max(floor, p[j]);
    family.members[order[j]].stepdown = floor;
  }
}

}  // namespace

Family romano_wolf(const std::vector<FitPtr>& fits, const std::vector<std::string>& terms,
                   const BoottestOptions& options) {
  struct Piece {
    std::size_t fit;
    std::string term;
  };
  std::vector<Piece> pieces;
  std::map<std::string, Index> labels;  // of clusters, over all fits
  std::vector<ClusterRows> clusters;
  std::vector<std::string> known;
  Family family;
  for (std::size_t f = 0; f < fits.size(); ++f) {
    const Context& context = context_of(*fits[f], "romano_wolf");
    if (!context.parts.endogenous.empty())
      throw core::Error("romano_wolf takes least-squares fits, and one has instruments");
    clusters.push_back(cluster_rows(*fits[f], context, options.cluster, "romano_wolf"));
    for (const std::string& label : clusters.back().labels) labels.emplace(label, static_cast<Index>(labels.size()));
    for (const std::string& term : terms)
      if (std::find(fits[f]->names.begin(), fits[f]->names.end(), term) != fits[f]->names.end())
        pieces.push_back({f, term});
    known.insert(known.end(), fits[f]->names.begin(), fits[f]->names.end());
  }
  for (const std::string& term : terms)
    if (std::none_of(pieces.begin(), pieces.end(), [&](const Piece& piece) { return piece.term == term; }))
      throw core::Error("no result has a coefficient '" + term + "'")
          .hint(core::did_you_mean(term, known, "coefficients"))
          .word(term);
  family.cluster = clusters.front().name;
  family.groups = static_cast<Index>(labels.size());
  family.weights = options.weights;
  const Matrix v = inference::wild_draws(options.weights, family.groups, options.reps, options.seed, family.enumerated);
  family.draws = v.cols();
  inference::WildQuestion question;
  question.null_imposed = options.null_imposed;
  question.interval = false;
  std::vector<std::vector<double>> draws;
  core::Progress progress("romano_wolf", pieces.size());
  for (const Piece& piece : pieces) {
    const results::Fit& fit = *fits[piece.fit];
    const ClusterRows& rows = clusters[piece.fit];
    Vector R = Vector::Zero(fit.coef.size());
    R[fit.position(piece.term)] = 1;
    std::vector<Index> of;
    for (const std::string& label : rows.labels) of.push_back(labels.at(label));
    inference::WildTest test = inference::wild_test(wild_ols(fit, context_of(fit, "romano_wolf"), rows, R),
                                                    Matrix(v(of, Eigen::all)), question);
    const Index at = fit.position(piece.term);
    family.members.push_back({.outcome = fit.depvar,
                              .term = piece.term,
                              .estimate = fit.coef[at],
                              .se = fit.se(at),
                              .t = test.t,
                              .p = test.p});
    draws.push_back(std::move(test.draws));
    progress.step();
  }
  step_down(family, draws);
  std::vector<double> p;
  for (const FamilyMember& member : family.members) p.push_back(member.p);
  const std::vector<double> q = sharpened_q(p);
  for (std::size_t i = 0; i < q.size(); ++i) family.members[i].sharpened = q[i];
  return family;
}

std::vector<double> sharpened_q(const std::vector<double>& p) {
  const std::vector<std::size_t> order = ascending(p);
  std::vector<double> sorted, out(p.size(), std::nan(""));
  for (const std::size_t at : order) sorted.push_back(p[at]);
  constexpr int steps = 10000;
  std::size_t done = 0;  // the smallest level that rejects the first `done`
  for (int i = 0; i <= steps && done < sorted.size(); ++i) {
    const double q = static_cast<double>(i) / steps;
    for (const std::size_t r = two_stage(sorted, q); done < r; ++done) out[order[done]] = q;
  }
  for (; done < sorted.size(); ++done) out[order[done]] = 1;
  return out;
}

std::vector<double> benjamini_hochberg(const std::vector<double>& p) {
  const std::vector<std::size_t> order = ascending(p);
  std::vector<double> out(p.size(), std::nan(""));
  double least = 1;
  for (std::size_t j = order.size(); j-- > 0;) {
    least = std::min(least, p[order[j]] * static_cast<double>(order.size()) / static_cast<double>(j + 1));
    out[order[j]] = least;
  }
  return out;
}

std::vector<double> holm(const std::vector<double>& p) {
  const std::vector<std::size_t> order = ascending(p);
  std::vector<double> out(p.size(), std::nan(""));
  double most = 0;
  for (std::size_t j = 0; j < order.size(); ++j) {
    most = std::min(1.0, std::max(most, p[order[j]] * static_cast<double>(order.size() - j)));
    out[order[j]] = most;
  }
  return out;
}

}  // namespace estimators
