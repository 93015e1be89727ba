#include "spatial/weights.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "spatial/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace spatial {
namespace {

constexpr std::size_t block = 4096;

/// Positions of ids; throws for an id that stands twice.
std::unordered_map<std::string, std::uint32_t> positions(const std::vector<std::string>& ids) {
  std::unordered_map<std::string, std::uint32_t> at;
  at.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (!at.emplace(ids[i], static_cast<std::uint32_t>(i)).second)
      throw core::Error("unit '" + ids[i] + "' stands twice among the ids of the weights");
  return at;
}

/// Throws for an id that stands twice. Equal ids have equal hashes, and sorted hashes cost less than a table of texts.
void require_distinct(const std::vector<std::string>& ids) {
  std::vector<std::size_t> hashes(ids.size());
  core::for_blocks(ids.size(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) hashes[i] = std::hash<std::string>()(ids[i]);
  });
  std::sort(hashes.begin(), hashes.end());
  if (std::adjacent_find(hashes.begin(), hashes.end()) != hashes.end()) positions(ids);
}

/// The same matrix values on the same units, other provenance kept.
Weights rebuilt(const Weights& like, std::vector<Link> links, std::string source, Standard standard) {
  Weights made = from_links(like.ids, std::move(links), std::move(source));
  made.id_column = like.id_column;
  made.origin = like.origin;
  made.standard = standard;
  return made;
}

/// The same links with the weights they had before they were standardised.
Weights unstandardised(const Weights& W) {
  Weights made = W;
  if (!W.raw.empty()) made.value = W.raw;
  made.raw.clear();
  made.standard = Standard::none;
  return made;
}

/// Throws core::Error for a negative weight: over a negative sum it would turn round.
void require_no_negative(const Weights& W) {
  for (std::size_t i = 0; i < W.units(); ++i)
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p)
      if (W.value[p] < 0)
        throw core::Error("weights must not be negative to be row-standardised: that of " + W.ids[i] + " - " +
                          W.ids[W.to[p]] + " is " + core::significant(W.value[p], 6))
            .hint("standardize=\"none\" keeps them; \"spectral\" and \"minmax\" divide all by one number");
}

/// Units and their links, with the weights in force.
Weights only(const Weights& W, const std::vector<std::uint32_t>& units) {
  std::vector<std::int64_t> now(W.units(), -1);
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < units.size(); ++i) {
    now[units[i]] = static_cast<std::int64_t>(i);
    ids.push_back(W.ids[units[i]]);
  }
  std::vector<Link> links;
  for (std::size_t i = 0; i < units.size(); ++i)
    for (std::size_t p = W.start[units[i]]; p < W.start[units[i] + 1]; ++p)
      if (now[W.to[p]] >= 0)
        links.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(now[W.to[p]]), W.value[p]});
  Weights made = from_links(std::move(ids), std::move(links), W.source);
  made.id_column = W.id_column;
  made.origin = W.origin;
  return made;
}

/// Each unit of b as a number in a.
std::vector<std::uint32_t> common_units(const Weights& a, const Weights& b) {
  if (a.units() != b.units())
    throw core::Error("weights of " + std::to_string(a.units()) + " and of " + std::to_string(b.units()) +
                      " units do not go together")
        .hint("take the common units of both with W:subset(...)");
  const auto at = positions(a.ids);
  std::vector<std::uint32_t> map;
  for (const std::string& id : b.ids) {
    const auto found = at.find(id);
    if (found == at.end()) throw core::Error("only one of the two weights has the unit '" + id + "'");
    map.push_back(found->second);
  }
  return map;
}

}  // namespace

std::string_view name_of(Standard standard) {
  switch (standard) {
    case Standard::row:
      return "row";
    case Standard::spectral:
      return "spectral";
    case Standard::minmax:
      return "minmax";
    case Standard::none:
      break;
  }
  return "none";
}

Standard parse_standard(const std::string& text) {
  for (const Standard s : {Standard::none, Standard::row, Standard::spectral, Standard::minmax})
    if (text == name_of(s)) return s;
  const std::vector<std::string> known = {"none", "row", "spectral", "minmax"};
  throw core::Error("unknown standardisation '" + text + "'; " + core::did_you_mean(text, known, "standardisations"))
      .word(text);
}

double Weights::at(std::size_t i, std::size_t j) const {
  const auto row = neighbours(i);
  const auto found = std::lower_bound(row.begin(), row.end(), static_cast<std::uint32_t>(j));
  return found != row.end() && *found == j ? value[start[i] + static_cast<std::size_t>(found - row.begin())] : 0;
}

Weights from_links(std::vector<std::string> ids, std::vector<Link> links, std::string source) {
  Weights W;
  W.source = std::move(source);
  require_distinct(ids);
  W.ids = std::move(ids);
  const auto before = [](const Link& a, const Link& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; };
  if (!std::is_sorted(links.begin(), links.end(), before)) std::stable_sort(links.begin(), links.end(), before);
  W.start.assign(W.ids.size() + 1, 0);
  W.to.reserve(links.size());
  W.value.reserve(links.size());
  for (std::size_t i = 0; i < links.size();) {
    const Link& first = links[i];
    double weight = 0;
    for (; i < links.size() && links[i].from == first.from && links[i].to == first.to; ++i) weight += links[i].weight;
    if (!std::isfinite(weight))
      throw core::Error("the weight of the link " + W.ids[first.from] + " - " + W.ids[first.to] + " is not finite")
          .hint("two units may have the same coordinates: merge them, or give a cutoff that leaves them apart");
    if (weight == 0) continue;
    W.to.push_back(first.to);
    W.value.push_back(weight);
    ++W.start[first.from + 1];
  }
  for (std::size_t i = 0; i < W.ids.size(); ++i) W.start[i + 1] += W.start[i];
  return W;
}

Weights over_time(const std::vector<std::pair<std::string, WeightsPtr>>& periods) {
  if (periods.empty()) throw core::Error("no period has weights");
  Weights out;
  const Weights& first = *periods[0].second;
  out.ids = first.ids;
  out.id_column = first.id_column;
  out.origin = first.origin;
  out.standard = first.standard;
  out.start.assign(first.units() + 1, 0);
  out.source = "weights of " + core::counted(static_cast<long long>(periods.size()), "period") + ", " +
               periods[0].first + ": " + first.source;
  for (const auto& [name, W] : periods) {
    require_constant(*W, "a period");
    if (W->units() != first.units())
      throw core::Error("the weights of " + name + " have " + std::to_string(W->units()) + " units, those of " +
                        periods[0].first + " " + std::to_string(first.units()))
          .hint("W:subset(ids) keeps the units that are in all");
    WeightsPtr ordered = W;
    if (W->ids != first.ids) try {
        ordered = std::make_shared<const Weights>(subset(*W, first.ids));
      } catch (const core::Error& error) {
        throw core::Error("the weights of " + name + " have other units than those of " + periods[0].first + ": " +
                          error.message());
      }
    if (!out.by_period.emplace(name, ordered).second) throw core::Error("period " + name + " has two weights");
  }
  return out;
}

WeightsPtr in_period(const WeightsPtr& W, const std::string& period) {
  if (W->by_period.empty()) return W;
  const auto found = W->by_period.find(period);
  if (found != W->by_period.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, weights] : W->by_period) known.push_back(name);
  throw core::Error("there are no weights for period " + period)
      .hint("periods that have some: " + core::join(known, ", ") + "; add those of " + period +
            ", or keep the others with where=");
}

void require_constant(const Weights& W, const std::string& what) {
  if (!W.by_period.empty())
    throw core::Error(what + " takes one W, and these weights change over time")
        .hint("W:period(\"2011\") is one of them");
}

std::vector<Link> links_of(const Weights& W) {
  require_constant(W, "this");
  std::vector<Link> links;
  links.reserve(W.links());
  for (std::size_t i = 0; i < W.units(); ++i)
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p)
      links.push_back({static_cast<std::uint32_t>(i), W.to[p], W.value[p]});
  return links;
}

Vector lag(const Weights& W, const Vector& x) {
  require_constant(W, "this");
  Vector y(static_cast<Index>(W.units()));
  core::for_blocks(W.units(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      double sum = 0;
      for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) sum += W.value[p] * x[W.to[p]];
      y[static_cast<Index>(i)] = sum;
    }
  });
  return y;
}

Matrix lag(const Weights& W, const Matrix& X) {
  Matrix Y(X.rows(), X.cols());
  for (Index j = 0; j < X.cols(); ++j) Y.col(j) = lag(W, Vector(X.col(j)));
  return Y;
}

Vector lag_transposed(const Weights& W, const Vector& x) {
  require_constant(W, "this");
  Vector y = Vector::Zero(static_cast<Index>(W.units()));
  for (std::size_t i = 0; i < W.units(); ++i)
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) y[W.to[p]] += W.value[p] * x[static_cast<Index>(i)];
  return y;
}

Vector row_sums(const Weights& W) { return lag(W, Vector(Vector::Ones(static_cast<Index>(W.units())))); }

Matrix dense(const Weights& W) {
  const auto n = static_cast<Index>(W.units());
  Matrix D = Matrix::Zero(n, n);
  for (const Link& link : links_of(W)) D(link.from, link.to) = link.weight;
  return D;
}

Weights sum(const Weights& a, double times_a, const Weights& b, double times_b) {
  const std::vector<std::uint32_t> map = common_units(a, b);
  std::vector<Link> links = links_of(a);
  for (Link& link : links) link.weight *= times_a;
  for (const Link& link : links_of(b)) links.push_back({map[link.from], map[link.to], times_b * link.weight});
  // Rows that sum to one on both sides do so in a weighted mean.
  const bool mean =
      a.standard == Standard::row && b.standard == Standard::row && std::abs(times_a + times_b - 1) < 1e-15;
  return rebuilt(a, std::move(links), a.source + " and " + b.source, mean ? Standard::row : Standard::none);
}

Weights product(const Weights& a, const Weights& b) {
  for (const Weights* W : {&a, &b}) require_constant(*W, "a product");
  const std::vector<std::uint32_t> map = common_units(a, b);
  std::vector<std::uint32_t> back(map.size());
  for (std::uint32_t j = 0; j < map.size(); ++j) back[map[j]] = j;
  std::vector<Link> links;
  for (std::size_t i = 0; i < a.units(); ++i) {
    std::vector<Link> row;
    for (std::size_t p = a.start[i]; p < a.start[i + 1]; ++p) {
      const std::size_t k = back[a.to[p]];
      for (std::size_t q = b.start[k]; q < b.start[k + 1]; ++q)
        row.push_back({static_cast<std::uint32_t>(i), map[b.to[q]], a.value[p] * b.value[q]});
    }
    links.insert(links.end(), row.begin(), row.end());
  }
  return rebuilt(a, std::move(links), a.source + " times " + b.source, Standard::none);
}

Weights power(const Weights& W, int exponent) {
  if (exponent < 1) throw core::Error("a power of weights is a whole number from 1 on");
  if (exponent == 1) return W;
  Weights made = W;
  for (int i = 1; i < exponent; ++i) made = product(made, W);
  made.source = W.source + ", power " + std::to_string(exponent);
  made.standard = W.standard == Standard::row ? Standard::row : Standard::none;
  return made;
}

Weights scaled(const Weights& W, double factor) {
  require_constant(W, "this");
  if (factor == 1) return W;
  std::vector<Link> links = links_of(W);
  for (Link& link : links) link.weight *= factor;
  return rebuilt(W, std::move(links), W.source, Standard::none);
}

Weights transposed(const Weights& W) {
  std::vector<Link> links = links_of(W);
  for (Link& link : links) std::swap(link.from, link.to);
  return rebuilt(W, std::move(links), W.source + ", transposed", Standard::none);
}

Weights subset(const Weights& W, const std::vector<std::uint32_t>& units) {
  Weights raw = only(unstandardised(W), units);
  if (units.size() < W.units()) return standardised(raw, W.standard);
  Weights made = only(W, units);  // another order: the same weights
  if (!W.raw.empty()) made.raw = std::move(raw.value);
  made.standard = W.standard;
  return made;
}

Weights subset(const Weights& W, const std::vector<std::string>& ids) {
  require_constant(W, "this");
  std::vector<std::uint32_t> units;
  for (const std::string& id : ids) units.push_back(static_cast<std::uint32_t>(unit_of(W, id)));
  return subset(W, units);
}

Weights with_link(const Weights& W, const std::string& a, const std::string& b, double weight) {
  const auto i = static_cast<std::uint32_t>(unit_of(W, a)), j = static_cast<std::uint32_t>(unit_of(W, b));
  if (i == j) throw core::Error("a link joins two units, not '" + a + "' with itself");
  if (!std::isfinite(weight)) throw core::Error("the weight of a link is a finite number");
  std::vector<Link> links = links_of(unstandardised(W));
  std::erase_if(links, [&](const Link& l) { return (l.from == i && l.to == j) || (l.from == j && l.to == i); });
  links.push_back({i, j, weight});
  links.push_back({j, i, weight});
  const Weights made = rebuilt(W, std::move(links), W.source + ", link " + a + " - " + b, Standard::none);
  return standardised(made, W.standard);
}

Weights binary(const Weights& W) {
  require_constant(W, "this");
  Weights made = unstandardised(W);
  std::fill(made.value.begin(), made.value.end(), 1.0);
  return made;
}

Weights standardised(const Weights& given, Standard standard) {
  require_constant(given, "this");
  const Weights W = unstandardised(given);
  Weights made = W;
  if (standard == Standard::none) return made;
  made.standard = standard;
  made.raw = W.value;
  if (standard == Standard::row) {
    require_no_negative(W);
    for (std::size_t i = 0; i < W.units(); ++i) {
      double total = 0;
      for (const double w : W.weights(i)) total += w;
      for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) made.value[p] /= total;
    }
    return made;
  }
  double by = 0;
  if (standard == Standard::spectral) {
    const Spectrum s = spectrum_range(W);
    by = std::max(std::abs(s.low), std::abs(s.high));
  } else {
    Weights magnitude = W;
    for (double& w : magnitude.value) w = std::abs(w);
    const Vector ones = Vector::Ones(static_cast<Index>(W.units()));
    by = std::min(row_sums(magnitude).maxCoeff(), lag_transposed(magnitude, ones).maxCoeff());
  }
  if (!(by > 0)) throw core::Error("weights without links cannot be standardised");
  for (double& w : made.value) w /= by;
  return made;
}

Weights with_self(const Weights& W, double value) {
  std::vector<Link> links = links_of(W);
  std::erase_if(links, [](const Link& link) { return link.from == link.to; });
  for (std::uint32_t i = 0; i < W.units(); ++i) links.push_back({i, i, value});
  return rebuilt(W, std::move(links), W.source, Standard::none);
}

std::optional<Vector> symmetrising(const Weights& W) {
  const auto n = static_cast<Index>(W.units());
  Vector d = Vector::Zero(n);
  std::vector<std::uint32_t> queue;
  for (std::uint32_t first = 0; first < W.units(); ++first) {
    if (d[first] != 0) continue;
    d[first] = 1;
    queue.assign(1, first);
    for (std::size_t at = 0; at < queue.size(); ++at) {
      const std::uint32_t i = queue[at];
      for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) {
        const std::uint32_t j = W.to[p];
        const double back = W.at(j, i);
        if (!(W.value[p] * back > 0)) return std::nullopt;
        const double wanted = d[i] * W.value[p] / back;
        if (d[j] == 0) {
          d[j] = wanted;
          queue.push_back(j);
        } else if (std::abs(d[j] - wanted) > 1e-9 * wanted) {
          return std::nullopt;
        }
      }
    }
  }
  return d;
}

Constants constants(const Weights& W) {
  Constants c;
  const Vector ones = Vector::Ones(static_cast<Index>(W.units()));
  const Vector rows = lag(W, ones), columns = lag_transposed(W, ones);
  c.S0 = rows.sum();
  double squares = 0, crossed = 0;
  for (std::size_t i = 0; i < W.units(); ++i)
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) {
      squares += W.value[p] * W.value[p];
      crossed += W.value[p] * W.at(W.to[p], i);
    }
  c.S1 = squares + crossed;
  c.S2 = (rows + columns).squaredNorm();
  return c;
}

std::size_t unit_of(const Weights& W, const std::string& id) {
  const auto found = std::find(W.ids.begin(), W.ids.end(), id);
  if (found == W.ids.end())
    throw core::Error("the weights have no unit '" + id + "'; " + core::did_you_mean(id, W.ids, "units")).word(id);
  return static_cast<std::size_t>(found - W.ids.begin());
}

std::vector<std::uint32_t> islands(const Weights& W) {
  require_constant(W, "this");
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < W.units(); ++i)
    if (W.start[i] == W.start[i + 1]) out.push_back(i);
  return out;
}

std::vector<std::uint32_t> components(const Weights& W, std::size_t* count) {
  require_constant(W, "this");
  std::vector<std::uint32_t> parent(W.units());
  for (std::uint32_t i = 0; i < parent.size(); ++i) parent[i] = i;
  const auto root = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (std::uint32_t i = 0; i < W.units(); ++i)
    for (const std::uint32_t j : W.neighbours(i)) {
      const std::uint32_t a = root(i), b = root(j);
      parent[std::max(a, b)] = std::min(a, b);
    }
  std::vector<std::uint32_t> number(W.units());
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < W.units(); ++i) number[i] = root(i) == i ? next++ : number[root(i)];
  if (count) *count = next;
  return number;
}

Shape shape(const Weights& W) {
  Shape s;
  s.islands = islands(W);
  components(W, &s.components);
  s.least = W.units() ? W.links() : 0;
  s.symmetric = true;
  for (std::size_t i = 0; i < W.units(); ++i) {
    const std::size_t count = W.start[i + 1] - W.start[i];
    s.least = std::min(s.least, count);
    s.most = std::max(s.most, count);
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) {
      const double back = W.at(W.to[p], i);
      if (back == 0) ++s.one_way;
      if (back != W.value[p]) s.symmetric = false;
    }
  }
  s.mean = W.units() ? static_cast<double>(W.links()) / static_cast<double>(W.units()) : 0;
  s.real = symmetrising(W).has_value();
  return s;
}

}  // namespace spatial
