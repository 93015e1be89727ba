#include "formula/columns.hpp"

#include "core/parallel.hpp"
#include "formula/compile.hpp"
#include "formula/evaluate.hpp"
#include "formula/factors.hpp"
#include "formula/terms.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace formula {
namespace {

constexpr std::size_t values_per_task = 65'536;
constexpr std::size_t most_columns = 10'000;

/// The same for every spelling of a part: "i:year" however the factor is written.
std::string key_of(const Part& part) { return (part.coded ? "i:" : "") + print(part.values); }

std::set<std::string> keys_of(const std::vector<Part>& parts) {
  std::set<std::string> keys;
  for (const Part& part : parts) keys.insert(key_of(part));
  return keys;
}

/// i(f, x) and i(f, g) stand for themselves: neither do they make margins of other terms, nor have some.
bool own_coding(const TermPlan& term) {
  return std::any_of(term.parts.begin(), term.parts.end(), [](const Part& part) { return part.own_coding; });
}

/// Coded parts in the order in which their levels change, fastest first: the first of a:b, but the last of i(f, g).
std::vector<std::size_t> fastest_first(const std::vector<Part>& parts) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool pair = parts[i].own_coding && i + 1 < parts.size();
    if (pair && parts[i + 1].coded) out.push_back(i + 1);
    if (parts[i].coded) out.push_back(i);
    if (pair) ++i;
  }
  return out;
}

/// For each row the combination of kept levels, counting fastest first; −1 when a part has its reference level; NaN
/// rows (missing or unknown levels) get −2.
std::vector<std::int64_t> combinations(const TermPlan& term, Columns& columns, const std::vector<std::uint32_t>& rows) {
  std::vector<std::int64_t> out(rows.size(), 0);
  std::int64_t stride = 1;
  for (const std::size_t p : term.faster) {
    const Part& part = term.parts[p];
    const std::vector<std::int32_t> codes = level_codes(part, *columns.at(part.values), rows);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (codes[i] < 0)
        out[i] = -2;
      else if (out[i] >= 0)
        out[i] = part.slots[static_cast<std::size_t>(codes[i])] < 0
                     ? -1
                     : out[i] + stride * part.slots[static_cast<std::size_t>(codes[i])];
    }
    stride *= part.kept;
  }
  return out;
}

std::string name_of(const TermPlan& term, std::int64_t combination) {
  std::vector<std::size_t> slot(term.parts.size(), 0);
  for (const std::size_t p : term.faster) {
    slot[p] = static_cast<std::size_t>(combination % term.parts[p].kept);
    combination /= term.parts[p].kept;
  }
  std::string out;
  for (std::size_t p = 0; p < term.parts.size(); ++p) {
    const Part& part = term.parts[p];
    out += (p ? ":" : "") + part.label;
    if (!part.coded) continue;
    const auto level = std::find(part.slots.begin(), part.slots.end(), static_cast<std::int32_t>(slot[p]));
    out += "::" + part.level_labels[static_cast<std::size_t>(level - part.slots.begin())];
  }
  return out;
}

void number_columns(TermPlan& term, const Term& source, Columns& columns, const std::vector<std::uint32_t>& rows,
                    bool drop_first) {
  if (term.faster.empty()) {
    term.places = {0};
    term.names = {source.label};
    return;
  }
  double size = 1;
  for (const std::size_t p : term.faster) size *= term.parts[p].kept;
  if (size > 2e7) throw error_at(source.factors.front(), "'" + source.label + "' has over 20 million combinations");
  std::vector<bool> present(static_cast<std::size_t>(size), false);
  for (const std::int64_t c : combinations(term, columns, rows))
    if (c >= 0) present[static_cast<std::size_t>(c)] = true;
  const auto wanted = static_cast<std::size_t>(std::count(present.begin(), present.end(), true));
  if (wanted > most_columns)
    throw error_at(source.factors.front(), "'" + source.label + "' makes over 10,000 columns")
        .hint("absorb it instead: fe=" + print(term.parts[term.faster.back()].values));
  term.places.assign(present.size(), place_unseen);
  for (std::size_t c = 0; c < present.size(); ++c) {
    if (!present[c]) continue;
    if (drop_first) {
      drop_first = false;
      term.places[c] = place_reference;
      continue;
    }
    term.places[c] = static_cast<std::int32_t>(term.names.size());
    term.names.push_back(name_of(term, static_cast<std::int64_t>(c)));
  }
}

}  // namespace

data::ColumnPtr Columns::at(const Tree& expression) {
  const std::string key = print(expression);
  auto known = known_.find(key);
  if (known == known_.end()) known = known_.emplace(key, evaluate(expression, frame_)).first;
  return known->second;
}

std::vector<Tree> variables(const Term& term) {
  std::vector<Tree> out;
  for (const Tree& factor : term.factors)
    for (const Part& part : parts_of(factor)) out.push_back(part.values);
  return out;
}

namespace {

/// Are all variables of term t but part p in one term that comes before it, by degree and then as written? Then p is
/// coded by contrasts (R's rule, see ?terms.object and Chambers & Hastie 1992, section 2.4.1).
bool has_margin(const std::vector<std::set<std::string>>& keys, std::size_t t, const Part& part) {
  std::set<std::string> rest = keys[t];
  rest.erase(key_of(part));
  for (std::size_t u = 0; u < keys.size(); ++u) {
    const bool before = keys[u].size() < keys[t].size() || (keys[u].size() == keys[t].size() && u < t);
    if (before && std::includes(keys[u].begin(), keys[u].end(), rest.begin(), rest.end())) return true;
  }
  return false;
}

/// Labelled numbers that enter as numbers, said once for each variable.
void note_labelled(const Part& part, const data::Column& column, std::vector<std::string>& notes) {
  if (column.type() != data::Type::category || part.coded || part.continuous) return;
  const std::string name = print(part.values);
  const std::string note = name + " has value labels: its numbers are used; i." + name + " makes it a factor";
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
}

}  // namespace

Plan plan(const std::vector<Term>& terms, Columns& columns, const std::vector<std::uint32_t>& rows, bool spanned) {
  Plan out;
  std::vector<std::set<std::string>> keys;  // empty for terms with an own coding: margins of none
  std::vector<const Term*> sources;
  for (const Term& term : terms) {
    TermPlan made;
    for (const Tree& factor : term.factors)
      for (Part& part : parts_of(factor)) {
        const data::Column& column = *columns.at(part.values);
        classify(part, column);
        note_labelled(part, column, out.notes);
        made.parts.push_back(std::move(part));
      }
    const bool own = own_coding(made);
    std::set<std::string> own_keys = own ? std::set<std::string>() : keys_of(made.parts);
    // province and i.province are one term
    if (!own && std::find(keys.begin(), keys.end(), own_keys) != keys.end()) continue;
    keys.push_back(std::move(own_keys));
    out.terms.push_back(std::move(made));
    sources.push_back(&term);
  }
  const bool intercept = spanned;
  for (std::size_t t = 0; t < out.terms.size(); ++t) {
    TermPlan& term = out.terms[t];
    const bool own = own_coding(term);
    bool references = false;
    for (Part& part : term.parts) {
      if (!part.coded) continue;
      const bool main_effect = term.parts.size() == 1;
      const bool contrasts = main_effect ? spanned : has_margin(keys, t, part);
      const std::string note = code_levels(part, *columns.at(part.values), rows, !own && contrasts);
      if (!note.empty()) out.notes.push_back(note);
      references = references || !part.refs.empty();
      if (main_effect && part.refs.empty()) spanned = true;
    }
    term.faster = fastest_first(term.parts);
    const bool all_coded = term.faster.size() == term.parts.size();
    number_columns(term, *sources[t], columns, rows, own && all_coded && !references && intercept);
    out.names.insert(out.names.end(), term.names.begin(), term.names.end());
  }
  return out;
}

void gather(const Tree& blame, const data::Column& column, const std::vector<std::uint32_t>& rows, double* out) {
  const bool labels_only = column.type() == data::Type::category && column.level_values().empty();
  if (column.type() == data::Type::text || labels_only)
    throw error_at(
        blame, "'" + print(blame) + "' is " + (labels_only ? "a category" : "text") + ", but a number is needed here");
  core::for_blocks(rows.size(), values_per_task, [&](std::size_t begin, std::size_t end) {
    if (column.type() == data::Type::real) {
      const double* values = column.reals().data();
      for (std::size_t i = begin; i < end; ++i) out[i] = values[rows[i]];
    } else {
      for (std::size_t i = begin; i < end; ++i) out[i] = column.number(rows[i]);
    }
  });
}

void fill(const Plan& plan, Columns& columns, const std::vector<std::uint32_t>& rows, numerics::Matrix& X,
          numerics::Index at) {
  const std::size_t n = rows.size();
  std::vector<double> values;
  for (const TermPlan& term : plan.terms) {
    const auto width = static_cast<numerics::Index>(term.names.size());
    const bool one_column = term.faster.empty();
    double* product = nullptr;  // of the numeric parts
    if (one_column) {
      product = X.col(at).data();
    } else {
      X.middleCols(at, width).setZero();
      values.assign(n, 1.0);
      product = values.data();
    }
    bool first = one_column;
    std::vector<double> next;
    for (const Part& part : term.parts) {
      if (part.coded) continue;
      if (first) {
        gather(part.values, *columns.at(part.values), rows, product);
        first = false;
        continue;
      }
      next.resize(n);
      gather(part.values, *columns.at(part.values), rows, next.data());
      for (std::size_t i = 0; i < n; ++i) product[i] *= next[i];
    }
    if (!one_column) {
      const std::vector<std::int64_t> combination = combinations(term, columns, rows);
      for (std::size_t i = 0; i < n; ++i) {
        const std::int64_t c = combination[i];
        const auto row = static_cast<numerics::Index>(i);
        const std::int32_t place = c >= 0 ? term.places[static_cast<std::size_t>(c)] : place_reference;
        if (c == -2 || place == place_unseen)
          X.middleCols(at, width).row(row).setConstant(missing_real);
        else if (place >= 0)
          X(row, at + place) = values[i];
      }
    }
    at += width;
  }
}

}  // namespace formula
