#include "data/csv/chunk.hpp"

#include "data/column.hpp"
#include "data/date.hpp"

#include <cassert>
#include <limits>

namespace data::csv {
namespace {

/// The state of one column while a chunk is read. A column that met a cell of another kind only widens from there on:
/// its values will be read again.
struct Reader {
  Target target;
  Findings found;
  bool storing = true;
  std::string_view last_word;  ///< neighbours often repeat: the word of the row before needs no look-up
  std::int32_t last_code = missing_code;
};

class ChunkReader {
 public:
  ChunkReader(const std::vector<Target>& targets, const Dialect& dialect) : d_(dialect), readers_(targets.size()) {
    for (std::size_t c = 0; c < targets.size(); ++c) {
      readers_[c].target = targets[c];
      readers_[c].found.kind = targets[c].kind;
      if (targets[c].wanted && targets[c].kind == Kind::text) readers_[c].found.words = std::make_unique<Words>();
    }
  }

  ChunkResult run(const char* p, const char* last, std::size_t row, std::size_t most_rows) {
    result_.begin = p;
    const std::size_t width = readers_.size();
    while (*p != '\0' && p <= last && result_.rows < most_rows) {
      if (const char* end = skip_blanks(p, d_); width > 1 && at_line_end(end, d_)) {
        p = after_line_end(end, d_);
        continue;
      }
      const char* next = read_row(p, row + result_.rows);
      if (!next) break;
      ++result_.rows;
      p = after_line_end(next, d_);
    }
    result_.end = p;
    for (Reader& reader : readers_) result_.columns.push_back(std::move(reader.found));
    return std::move(result_);
  }

 private:
  /// The line end of the row, or nullptr after a fault.
  const char* read_row(const char* p, std::size_t row) {
    const std::size_t width = readers_.size();
    for (std::size_t c = 0;;) {
      p = read_column(p, row, readers_[c], c);
      if (!p) return nullptr;
      ++c;
      const bool more = *p == d_.delimiter;
      if (c == width) {
        if (!more) return p;
        return ragged(p, c + 1);
      }
      if (more) {
        ++p;
        continue;
      }
      if (!d_.fill) return ragged(p, c);
      for (; c < width; ++c) store_missing(row, readers_[c]);
      return p;
    }
  }

  const char* ragged(const char* p, std::size_t cells) {
    result_.ragged = p;
    result_.cells = cells;
    return nullptr;
  }

  const char* read_column(const char* p, std::size_t row, Reader& reader, std::size_t c) {
    if (reader.target.wanted && reader.storing && !d_.na_is_number) {
      const char* next = nullptr;
      if (reader.target.kind == Kind::integer)
        next = fast_integer(p, d_, reader.target.integers[row]);
      else if (reader.target.kind == Kind::real)
        next = fast_real(p, d_, reader.target.reals[row]);
      if (next) return next;
    }
    const Cell cell = read_cell(p, d_);
    if (cell.fault != Cell::Fault::none) {
      result_.broken = cell;
      return nullptr;
    }
    if (!reader.target.wanted) return cell.next;
    if (!reader.storing)
      widen(cell, reader);
    else if (!store(cell, row, reader)) {
      if (reader.target.fixed) {
        result_.unfit = cell.text.data();
        result_.unfit_column = c;
        return nullptr;
      }
      reader.storing = false;
      widen(cell, reader);
    }
    return cell.next;
  }

  void widen(const Cell& cell, Reader& reader) {
    if (reader.found.kind == Kind::text) return;
    reader.found.kind = join(reader.found.kind, classify(cell, d_, &reader.found.overflow));
    if (reader.found.kind == Kind::text) reader.found.misfit = cell.text.data();
  }

  void store_missing(std::size_t row, Reader& reader) const {
    if (!reader.target.wanted || !reader.storing) return;
    switch (reader.target.kind) {
      case Kind::nothing:
        break;
      case Kind::boolean:
        reader.target.booleans[row] = missing_boolean;
        break;
      case Kind::integer:
      case Kind::date:
        reader.target.integers[row] = missing_integer;
        break;
      case Kind::real:
        reader.target.reals[row] = std::numeric_limits<double>::quiet_NaN();
        break;
      case Kind::text:
        reader.target.codes[row] = missing_code;
        break;
    }
  }

  /// False when the cell does not fit the column's kind.
  bool store(const Cell& cell, std::size_t row, Reader& reader) {
    const Target& target = reader.target;
    if (target.kind == Kind::text) {
      store_word(cell, row, reader);
      return true;
    }
    if (is_missing(cell, d_)) {
      store_missing(row, reader);
      return true;
    }
    const auto keep = [row](auto* values, const auto& value) {
      if (value) values[row] = static_cast<std::remove_reference_t<decltype(*values)>>(*value);
      return value.has_value();
    };
    switch (target.kind) {
      case Kind::boolean:
        return keep(target.booleans, parse_boolean(cell.text));
      case Kind::integer:
        return keep(target.integers, parse_integer(cell.text));
      case Kind::date:
        return keep(target.integers, parse_iso_date(cell.text));
      case Kind::real:
        return store_real(cell, row, reader);
      case Kind::nothing:
      case Kind::text:
        break;
    }
    return false;
  }

  bool store_real(const Cell& cell, std::size_t row, Reader& reader) {
    const auto value = parse_real(cell.text, d_.decimal);
    if (!value) return false;
    reader.target.reals[row] = *value;
    if (cell.text.size() > 18) classify(cell, d_, &reader.found.overflow);  // beyond 64 bits? worth a note
    return true;
  }

  void store_word(const Cell& cell, std::size_t row, Reader& reader) {
    std::int32_t& code = reader.target.codes[row];
    if (cell.text.empty() || (!cell.quoted && is_missing(cell, d_))) {
      code = missing_code;
      return;
    }
    if (cell.doubled) {
      code = reader.found.words->code_of_copy(unquoted(cell, d_, scratch_));
      return;
    }
    if (cell.text != reader.last_word) {
      reader.last_word = cell.text;
      reader.last_code = reader.found.words->code(cell.text);
    }
    code = reader.last_code;
  }

  const Dialect& d_;
  std::vector<Reader> readers_;
  ChunkResult result_;
  std::string scratch_;
};

}  // namespace

ChunkResult read_chunk(const char* begin, const char* last, std::size_t first_row, std::size_t most_rows,
                       const std::vector<Target>& targets, const Dialect& dialect) {
  return ChunkReader(targets, dialect).run(begin, last, first_row, most_rows);
}

}  // namespace data::csv
