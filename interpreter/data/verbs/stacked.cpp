// Columns one under another, or row by row, in the narrowest type that holds them all.
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/numbers.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/verbs/picked.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace data {
namespace {

using core::nan;

bool is_words(Type type) { return type == Type::text || type == Type::category; }

std::string owner(const Part& part) {
  return part.frame.empty() ? std::string() : " in '" + std::string(part.frame) + "'";
}

std::string kind_of(Type type) {
  return std::string(type == Type::integer ? "an " : "a ") + std::string(name_of(type)) + " column";
}

/// The narrowest type that holds both, or the error that says why there is none.
Type widened(const Part& a, Type type, const Part& b, const std::string& name) {
  const Type other = b.column->type();
  if (type == other) return type;
  if (is_words(type) && is_words(other)) return Type::text;
  const auto plain = [](Type t) { return t == Type::real || t == Type::integer || t == Type::boolean; };
  if (plain(type) && plain(other)) return type == Type::real || other == Type::real ? Type::real : Type::integer;
  throw core::Error("'" + name + "' is " + kind_of(type) + owner(a) + " and " + kind_of(other) + owner(b))
      .word(name)
      .hint(is_words(type) != is_words(other)
                ? "make both numbers with number(" + name + "), or both text with text(" + name + ")"
                : "make both dates or both numbers first");
}

Type common_type(std::span<const Part> parts, const std::string& name) {
  const Part* first = nullptr;
  Type type = Type::real;
  for (const Part& part : parts) {
    if (!part.column) continue;
    if (first == nullptr) {
      first = &part;
      type = part.column->type();
    } else {
      type = widened(*first, type, part, name);
    }
  }
  return type;
}

void check_exact(const Column& column, const std::string& name) {
  constexpr std::int64_t most = std::int64_t{1} << 53;
  if (column.type() != Type::integer) return;
  for (const std::int64_t value : column.integers())
    if (value != missing_integer && (value > most || value < -most))
      throw core::Error("'" + name + "' is integer here and double there, and " + std::to_string(value) +
                        " has too many digits for a double")
          .word(name)
          .hint("make both columns text, or both integer");
}

/// Levels of several coded columns under one numbering.
class Levels {
 public:
  Levels(std::span<const Part> parts, Type type) {
    by_value_ = type == Type::category && std::all_of(parts.begin(), parts.end(), [](const Part& part) {
                  return !part.column || part.column->level_values().size() == part.column->dictionary()->size();
                });
    std::size_t most = 0;
    for (const Part& part : parts) most += part.column ? part.column->dictionary()->size() : 0;
    if (!by_value_) of_word_.reserve(most);
    for (const Part& part : parts) codes_.push_back(part.column ? taken_in(*part.column) : std::vector<std::int32_t>{});
    if (by_value_ && type == Type::category) put_in_order();
  }
  /// The new code of each old code of part k.
  const std::vector<std::int32_t>& codes(std::size_t k) const { return codes_[k]; }
  Dictionary dictionary() const { return std::make_shared<std::vector<std::string>>(words_); }
  std::vector<double> values() const { return by_value_ ? values_ : std::vector<double>{}; }

 private:
  std::vector<std::int32_t> taken_in(const Column& column) {
    std::vector<std::int32_t> codes;
    const std::vector<std::string>& words = *column.dictionary();
    codes.reserve(words.size());
    for (std::size_t level = 0; level < words.size(); ++level) {
      const auto next = static_cast<std::int32_t>(words_.size());
      const auto [code, added] =
          by_value_ ? of_value_.try_emplace(column.level_values()[level], next) : std::pair(of_value_.end(), false);
      if (by_value_) {
        if (added) add(words[level], column.level_values()[level]);
        codes.push_back(code->second);
      } else {
        const auto [at, fresh] = of_word_.try_emplace(words[level], next);
        if (fresh) add(words[level], 0);
        codes.push_back(at->second);
      }
    }
    return codes;
  }
  void add(const std::string& word, double value) {
    words_.push_back(word);
    values_.push_back(value);
  }
  /// Levels with values stand in the order of the values.
  void put_in_order() {
    std::vector<std::int32_t> place(words_.size());
    std::vector<std::string> words;
    std::vector<double> values;
    for (const auto& [value, code] : of_value_) {
      place[static_cast<std::size_t>(code)] = static_cast<std::int32_t>(words.size());
      words.push_back(words_[static_cast<std::size_t>(code)]);
      values.push_back(value);
    }
    for (std::vector<std::int32_t>& codes : codes_)
      for (std::int32_t& code : codes) code = place[static_cast<std::size_t>(code)];
    words_ = std::move(words);
    values_ = std::move(values);
  }

  bool by_value_ = false;
  std::vector<std::string> words_;
  std::vector<double> values_;
  std::map<double, std::int32_t> of_value_;
  std::unordered_map<std::string_view, std::int32_t> of_word_;  // views into the columns' own dictionaries
  std::vector<std::vector<std::int32_t>> codes_;
};

/// Where value r of part k goes: one under another, or row by row.
struct Layout {
  std::vector<std::size_t> start;
  std::size_t stride = 1, total = 0;
};

Layout layout_of(std::span<const Part> parts, bool interleave) {
  Layout out;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    out.start.push_back(interleave ? k : out.total);
    out.total += parts[k].rows;
  }
  out.stride = interleave ? parts.size() : 1;
  return out;
}

/// The values of a column as they stand, or nullptr when they are of another type.
const double* values_as(const Column& column, double /*type*/) {
  return column.type() == Type::real ? column.reals().data() : nullptr;
}
const std::int64_t* values_as(const Column& column, std::int64_t /*type*/) {
  return column.type() == Type::integer || column.type() == Type::date ? column.integers().data() : nullptr;
}
template <class T>
const T* values_as(const Column& /*column*/, T /*type*/) {
  return nullptr;
}

/// Row by row from columns of one type: written in one stream. False when the parts are not so.
template <class T>
bool interleave_direct(std::span<const Part> parts, Buffer<T>& out) {
  std::vector<const T*> from;
  for (const Part& part : parts) {
    from.push_back(part.column ? values_as(*part.column, T{}) : nullptr);
    if (from.back() == nullptr) return false;
  }
  const std::size_t k = parts.size();
  constexpr std::size_t block = 1 << 12;
  core::for_blocks(parts.front().rows, block, [&](std::size_t begin, std::size_t end) {
    T* to = out.data() + begin * k;
    for (std::size_t r = begin; r < end; ++r)
      for (std::size_t c = 0; c < k; ++c) *to++ = from[c][r];
  });
  core::poll();
  return true;
}

template <class T, class Read>
Buffer<T> laid_out(std::span<const Part> parts, const Layout& layout, T missing, const Read& read) {
  Buffer<T> out(layout.total);
  if (layout.stride > 1 && interleave_direct(parts, out)) return out;
  constexpr std::size_t block = 1 << 14;
  const auto write = [&](std::size_t k, std::size_t begin, std::size_t end) {
    T* to = out.data() + layout.start[k];
    if (!parts[k].column) {
      for (std::size_t r = begin; r < end; ++r) to[r * layout.stride] = missing;
      return;
    }
    read(k, [&](const auto& value) {
      for (std::size_t r = begin; r < end; ++r) to[r * layout.stride] = value(r);
    });
  };
  if (layout.stride > 1) {  // all parts together, so that a block of the result is written once
    const std::size_t rows_per_block = std::max<std::size_t>(1, block / parts.size());
    core::for_blocks(parts.front().rows, rows_per_block, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = 0; k < parts.size(); ++k) write(k, begin, end);
    });
  } else {
    for (std::size_t k = 0; k < parts.size(); ++k)
      core::for_blocks(parts[k].rows, block, [&](std::size_t begin, std::size_t end) { write(k, begin, end); });
  }
  core::poll();
  return out;
}

ColumnPtr words_of(std::span<const Part> parts, const Layout& layout, Type type) {
  const Part* first = nullptr;
  bool one_dictionary = true;
  for (const Part& part : parts) {
    if (!part.column) continue;
    if (first == nullptr) first = &part;
    one_dictionary = one_dictionary && part.column->dictionary() == first->column->dictionary() &&
                     std::equal(part.column->level_values().begin(), part.column->level_values().end(),
                                first->column->level_values().begin(), first->column->level_values().end());
  }
  std::optional<Levels> levels;
  if (!one_dictionary) levels.emplace(parts, type);
  Buffer<std::int32_t> codes =
      laid_out<std::int32_t>(parts, layout, missing_code, [&](std::size_t k, const auto& loop) {
        const auto from = parts[k].column->codes();
        if (one_dictionary) return loop([&](std::size_t r) { return from[r]; });
        const std::vector<std::int32_t>& to = levels->codes(k);
        loop([&](std::size_t r) {
          return from[r] == missing_code ? missing_code : to[static_cast<std::size_t>(from[r])];
        });
      });
  const Dictionary words = one_dictionary ? first->column->dictionary() : levels->dictionary();
  if (type == Type::text) return Column::from_buffer(std::move(codes), words);
  const auto kept = first->column->level_values();
  return Column::categories({codes.data(), codes.data() + codes.size()}, words,
                            one_dictionary ? std::vector<double>(kept.begin(), kept.end()) : levels->values());
}

ColumnPtr integers_of(std::span<const Part> parts, const Layout& layout, Type type) {
  return Column::from_buffer(
      type, laid_out<std::int64_t>(parts, layout, missing_integer, [&](std::size_t k, const auto& loop) {
        if (parts[k].column->type() == Type::boolean) {
          const auto from = parts[k].column->booleans();
          return loop([&](std::size_t r) {
            return from[r] == missing_boolean ? missing_integer : static_cast<std::int64_t>(from[r]);
          });
        }
        const auto from = parts[k].column->integers();
        loop([&](std::size_t r) { return from[r]; });
      }));
}

ColumnPtr put_together(std::span<const Part> parts, const std::string& name, bool interleave) {
  const Layout layout = layout_of(parts, interleave);
  const Type type = common_type(parts, name);
  ColumnPtr out;
  switch (type) {
    case Type::real:
      for (const Part& part : parts)
        if (part.column) check_exact(*part.column, name);
      out = Column::from_buffer(laid_out<double>(parts, layout, nan, [&](std::size_t k, const auto& loop) {
        if (parts[k].column->type() == Type::real) {
          const auto from = parts[k].column->reals();
          return loop([&](std::size_t r) { return from[r]; });
        }
        const Column& from = *parts[k].column;
        loop([&](std::size_t r) { return from.number(r); });
      }));
      break;
    case Type::integer:
    case Type::date:
      out = integers_of(parts, layout, type);
      break;
    case Type::boolean:
      out = Column::from_buffer(
          laid_out<std::uint8_t>(parts, layout, missing_boolean, [&](std::size_t k, const auto& loop) {
            const auto from = parts[k].column->booleans();
            loop([&](std::size_t r) { return from[r]; });
          }));
      break;
    case Type::text:
    case Type::category:
      out = words_of(parts, layout, type);
      break;
  }
  for (const Part& part : parts)
    if (part.column && out->label().empty()) out = out->labelled(part.column->label());
  for (const Part& part : parts)
    if (part.column && out->format().empty()) out = out->formatted(part.column->format());
  return out;
}

}  // namespace

ColumnPtr stacked(std::span<const Part> parts, const std::string& name) { return put_together(parts, name, false); }

ColumnPtr interleaved(std::span<const Part> parts, const std::string& name) {
  return put_together(parts, name, parts.size() > 1);
}

}  // namespace data
