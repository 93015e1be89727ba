#include "data/verbs/merge.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/shapes.hpp"

#include <algorithm>
#include <numeric>

namespace data {
namespace {

/// Both frames' keys as one numbering: codes of the master's rows, then of the other's.
struct Keys {
  std::vector<ColumnPtr> left, right;
  std::vector<ColumnPtr> both;  ///< stacked
  Grouping groups;              ///< over the stacked rows
  std::size_t master_rows = 0;
  std::span<const std::int32_t> of_master() const { return std::span(groups.codes).first(master_rows); }
  std::span<const std::int32_t> of_other() const { return std::span(groups.codes).subspan(master_rows); }
  std::size_t levels() const { return groups.first.size(); }
};

std::string frame_name(const Frame& frame, std::string_view role) {
  return "'" + frame.name() + "' (" + std::string(role) + ")";
}

/// A category meets numbers by the values behind its levels, text by its labels.
ColumnPtr text_as_numbers(const ColumnPtr& column) {
  return column->type() == Type::category && !column->level_values().empty() ? Column::reals(column->numbers())
                                                                             : column;
}

Keys coded_keys(const Frame& master, const Frame& other, const MergeOptions& options) {
  if (options.left.empty() || options.left.size() != options.right.size())
    throw core::Error("the keys of the two frames do not pair: " +
                      core::counted(static_cast<long long>(options.left.size()), "column") + " on the left, " +
                      std::to_string(options.right.size()) + " on the right");
  Keys keys;
  keys.left = columns_of(master, options.left);
  keys.right = columns_of(other, options.right);
  keys.master_rows = master.rows();
  check_size(static_cast<double>(master.rows()) + static_cast<double>(other.rows()), 1, "this merge");
  for (std::size_t k = 0; k < keys.left.size(); ++k) {
    ColumnPtr left = keys.left[k], right = keys.right[k];
    if (left->type() == Type::category && right->is_numeric()) left = text_as_numbers(left);
    if (right->type() == Type::category && left->is_numeric()) right = text_as_numbers(right);
    const bool words = !left->is_numeric();
    if (words == right->is_numeric() || (left->type() == Type::date) != (right->type() == Type::date)) {
      const auto kind = [](const ColumnPtr& column) {
        return column->is_numeric() && column->type() != Type::date
                   ? "a number (" + std::string(name_of(column->type())) + ")"
                   : "a " + std::string(name_of(column->type()));
      };
      core::Error error("the key '" + options.left[k] + "' is " + kind(keys.left[k]) + " in '" + master.name() +
                        "', and '" + options.right[k] + "' is " + kind(keys.right[k]) + " in '" + other.name() + "'");
      error.word(options.left[k]);
      if (words != !right->is_numeric())
        error.hint("make them alike first: gen(key = number(" + (words ? options.left[k] : options.right[k]) +
                   ")) reads numbers out of text, gen(key = text(x)) writes numbers as text");
      throw error;
    }
    const std::vector<Part> parts = {{left, master.rows(), master.name()}, {right, other.rows(), other.name()}};
    keys.both.push_back(stacked(parts, options.left[k]));
  }
  keys.groups = keyed(keys.both, master.rows() + other.rows());
  return keys;
}

/// Throws when two rows of one side have the same key.
void check_unique(const Keys& keys, bool master, const Frame& frame, const std::vector<std::string>& names,
                  const std::string& kind) {
  const auto codes = master ? keys.of_master() : keys.of_other();
  std::vector<std::uint32_t> counts(keys.levels(), 0);
  std::size_t twice = codes.size();
  std::size_t repeats = 0;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (++counts[static_cast<std::size_t>(codes[i])] != 2) continue;
    ++repeats;
    twice = std::min(twice, i);
  }
  if (repeats == 0) return;
  const auto first = static_cast<std::size_t>(std::find(codes.begin(), codes.end(), codes[twice]) - codes.begin());
  throw core::Error(kind + ": the key is not unique in " + frame_name(frame, master ? "master" : "using") + ": " +
                    key_text(names, master ? keys.left : keys.right, first) + " stands in rows " +
                    std::to_string(first + 1) + " and " + std::to_string(twice + 1) +
                    (repeats > 1 ? ", and " + core::counted(static_cast<long long>(repeats) - 1, "other key") +
                                       (repeats > 2 ? " are repeated too" : " is repeated too")
                                 : ""))
      .word(names.front())
      .hint("name further columns in on=, say \"" + std::string(master ? "m:1" : "1:m") +
            "\" if the repeats are meant, or see them with duplicates(\"list\", " + core::join(names, ", ") + ")");
}

/// Pairs of rows, no_row where there is none.
struct Pairs {
  std::vector<std::uint32_t> master, other;
  std::vector<Origin> origin;
};

/// Pairs by key: every master row with every row of `other` that has its key, then rows of `other` without match.
Pairs pairs_of(const Keys& keys, const MergeOptions& options, std::array<std::size_t, 6>& counts) {
  const auto of_master = keys.of_master();
  const auto of_other = keys.of_other();
  std::vector<std::uint8_t> in_master(keys.levels(), 0);
  for (const std::int32_t code : of_master) in_master[static_cast<std::size_t>(code)] = 1;
  const auto kept = [&](Origin origin) { return options.keep[static_cast<std::size_t>(origin)]; };
  // Updated and conflicting rows are matched rows: which they are is found later.
  const bool matches = kept(Origin::matched) || kept(Origin::updated) || kept(Origin::conflict);

  const GroupRows rows = rows_by_group(of_other, keys.levels());
  double total = 0;
  for (const std::int32_t code : of_master) {
    const std::size_t n = rows.of(static_cast<std::size_t>(code)).size();
    total += static_cast<double>(std::max<std::size_t>(n, 1));
  }
  check_size(total + static_cast<double>(of_other.size()), 2, "this join");
  Pairs out;
  out.master.reserve(static_cast<std::size_t>(total));
  out.other.reserve(static_cast<std::size_t>(total));
  out.origin.reserve(static_cast<std::size_t>(total));
  const auto add = [&](std::uint32_t master, std::uint32_t other, Origin origin) {
    out.master.push_back(master);
    out.other.push_back(other);
    out.origin.push_back(origin);
  };
  for (std::size_t i = 0; i < of_master.size(); ++i) {
    const auto found = rows.of(static_cast<std::size_t>(of_master[i]));
    if (found.empty()) {
      ++counts[static_cast<std::size_t>(Origin::master)];
      if (kept(Origin::master)) add(static_cast<std::uint32_t>(i), no_row, Origin::master);
    } else {
      counts[static_cast<std::size_t>(Origin::matched)] += found.size();
      if (matches)
        for (const std::uint32_t j : found) add(static_cast<std::uint32_t>(i), j, Origin::matched);
    }
  }
  core::poll();
  for (std::size_t j = 0; j < of_other.size(); ++j) {
    if (in_master[static_cast<std::size_t>(of_other[j])]) continue;
    ++counts[static_cast<std::size_t>(Origin::other)];
    if (kept(Origin::other)) add(no_row, static_cast<std::uint32_t>(j), Origin::other);
  }
  return out;
}

/// A column that both frames have and that is no key.
struct Shared {
  std::string name;
  ColumnPtr master, other, both;
};

std::vector<Shared> shared_columns(const Frame& master, const Frame& other, const std::vector<std::string>& names,
                                   const MergeOptions& options) {
  std::vector<Shared> out;
  if (!options.suffix.empty()) return out;
  for (const std::string& name : names) {
    const ColumnPtr mine = master.find(name);
    if (!mine) continue;
    Shared shared{name, mine, other.at(name), nullptr};
    const std::vector<Part> parts = {{mine, master.rows(), master.name()}, {shared.other, other.rows(), other.name()}};
    try {
      shared.both = stacked(parts, name);
    } catch (core::Error& error) {
      throw error.hint("suffix=\"_using\" brings the other frame's column under a name of its own");
    }
    out.push_back(std::move(shared));
  }
  return out;
}

/// Tells matched rows that fill or contradict the master apart, and drops those that are not kept.
void find_updates(Pairs& pairs, const std::vector<Shared>& shared, const MergeOptions& options,
                  std::array<std::size_t, 6>& counts) {
  for (std::size_t i = 0; i < pairs.origin.size(); ++i) {
    if (pairs.origin[i] != Origin::matched) continue;
    for (const Shared& column : shared) {
      if (column.other->missing(pairs.other[i])) continue;
      if (column.master->missing(pairs.master[i])) {
        if (pairs.origin[i] == Origin::matched) pairs.origin[i] = Origin::updated;
      } else if (!same_value(*column.master, pairs.master[i], *column.other, pairs.other[i])) {
        pairs.origin[i] = Origin::conflict;
        break;
      }
    }
    --counts[static_cast<std::size_t>(Origin::matched)];
    ++counts[static_cast<std::size_t>(pairs.origin[i])];
  }
  std::size_t to = 0;
  for (std::size_t i = 0; i < pairs.origin.size(); ++i) {
    if (!options.keep[static_cast<std::size_t>(pairs.origin[i])]) continue;
    pairs.master[to] = pairs.master[i];
    pairs.other[to] = pairs.other[i];
    pairs.origin[to++] = pairs.origin[i];
  }
  pairs.master.resize(to);
  pairs.other.resize(to);
  pairs.origin.resize(to);
}

/// For each pair, the row of the stacked column that holds the value.
template <class FromOther>
std::vector<std::uint32_t> stacked_rows(const Pairs& pairs, std::size_t master_rows, const FromOther& from_other) {
  std::vector<std::uint32_t> out(pairs.master.size());
  constexpr std::size_t block = 1 << 15;
  core::for_blocks(out.size(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      out[i] = pairs.master[i] == no_row || from_other(i) ? static_cast<std::uint32_t>(master_rows) + pairs.other[i]
                                                          : pairs.master[i];
  });
  return out;
}

/// The columns to bring: those asked for, or all, without keys.
std::vector<std::string> brought(const Frame& master, const Frame& other, const MergeOptions& options) {
  std::vector<std::string> names;
  if (!options.columns.empty()) columns_of(other, options.columns);
  for (const std::string& name : options.columns.empty() ? other.names() : options.columns) {
    if (std::find(options.right.begin(), options.right.end(), name) != options.right.end()) continue;
    if (std::find(options.left.begin(), options.left.end(), name) != options.left.end() && options.suffix.empty())
      throw core::Error("'" + name + "' is a key of the master and another column of '" + other.name() + "'")
          .word(name)
          .hint("suffix=\"_using\" brings it under a name of its own; columns= says what to bring");
    if (!options.suffix.empty() && master.has(name) &&
        (master.has(name + options.suffix) || other.has(name + options.suffix)))
      throw core::Error("there is already a column '" + name + options.suffix + "'")
          .word(name)
          .hint("choose another suffix=");
    names.push_back(name);
  }
  return names;
}

Frame assembled(const Frame& master, const Frame& other, const Keys& keys, const Pairs& pairs,
                const std::vector<std::string>& names, const std::vector<Shared>& shared, const MergeOptions& options,
                std::vector<std::string>& notes) {
  const std::size_t n = pairs.master.size();
  const bool others_only = std::find(pairs.master.begin(), pairs.master.end(), no_row) != pairs.master.end();
  bool as_it_was = n == master.rows();
  for (std::size_t i = 0; as_it_was && i < n; ++i) as_it_was = pairs.master[i] == i;
  Frame out = master;
  if (!as_it_was && !others_only) out = master.take(pairs.master);
  if (others_only) {
    const std::vector<std::uint32_t> rows = stacked_rows(pairs, master.rows(), [](std::size_t) { return false; });
    out = Frame(master.name());
    for (const std::string& name : master.names()) {
      const auto key = std::find(options.left.begin(), options.left.end(), name);
      ColumnPtr column = master.at(name);
      if (key != options.left.end()) {
        const auto k = static_cast<std::size_t>(key - options.left.begin());
        column = picked(*keys.both[k], rows);
      } else {
        column = picked(*column, pairs.master);
      }
      out = out.with(name, std::move(column));
    }
  }
  for (const Shared& column : shared) {
    if (!others_only && !options.update) continue;
    const auto from_other = [&](std::size_t i) {
      if (!options.update || pairs.other[i] == no_row) return false;
      return column.master->missing(pairs.master[i]) || (options.replace && !column.other->missing(pairs.other[i]));
    };
    out = out.with(column.name, picked(*column.both, stacked_rows(pairs, master.rows(), from_other)));
  }
  for (const std::string& name : names) {
    const bool both = master.has(name);
    if (both && options.suffix.empty()) continue;
    out = out.with(both ? name + options.suffix : name, picked(*other.at(name), pairs.other));
  }
  if (others_only) out = with_shapes_of(master, std::move(out), pairs.master, notes);
  if (!master.geometry()) out = with_shapes_of(other, std::move(out), pairs.other, notes);
  return out.panel() ? out : follow_panel(master, std::move(out), notes);
}

Merged merged_frame(const Frame& master, const Frame& other, const Keys& keys, const MergeOptions& options) {
  Merged out;
  const std::vector<std::string> names = brought(master, other, options);
  const std::vector<Shared> shared = shared_columns(master, other, names, options);
  Pairs pairs = pairs_of(keys, options, out.counts);
  if (options.update) find_updates(pairs, shared, options, out.counts);
  if (!shared.empty() && !options.update) {
    std::vector<std::string> both;
    both.reserve(shared.size());
    for (const Shared& column : shared) both.push_back(column.name);
    out.notes.push_back(
        core::join(both, ", ") + (both.size() == 1 ? " is" : " are") +
        " in both frames: the master's values stay (suffix= brings both, update= fills missing values)");
  }
  out.frame = assembled(master, other, keys, pairs, names, shared, options, out.notes);
  out.origin = std::move(pairs.origin);
  return out;
}

}  // namespace

Merged merge(const Frame& master, const Frame& other, Pairing pairing, const MergeOptions& options) {
  const Keys keys = coded_keys(master, other, options);
  const std::string kind = pairing == Pairing::one_to_one    ? "merge 1:1"
                           : pairing == Pairing::many_to_one ? "merge m:1"
                                                             : "merge 1:m";
  if (pairing != Pairing::many_to_one) check_unique(keys, true, master, options.left, kind);
  if (pairing != Pairing::one_to_many) check_unique(keys, false, other, options.right, kind);
  return merged_frame(master, other, keys, options);
}

Merged join(const Frame& master, const Frame& other, const MergeOptions& options) {
  return merged_frame(master, other, coded_keys(master, other, options), options);
}

}  // namespace data
