#include "data/csv/layout.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>

namespace data::csv {
namespace {

using Record = std::vector<Cell>;

/// Reads the record at p and moves p past its line end. False when a cell is not well formed (the last one read).
bool read_record(const char*& p, const Dialect& d, Record& record) {
  record.clear();
  for (;;) {
    record.push_back(read_cell(p, d));
    p = record.back().next;
    if (record.back().fault != Cell::Fault::none) return false;
    if (at_line_end(p, d)) break;
    ++p;
  }
  p = after_line_end(p, d);
  return true;
}

const char* skip_blank_lines(const char* p, const Dialect& d) {
  for (;;) {
    const char* end = skip_blanks(p, d);
    if (*end == '\0' || !at_line_end(end, d)) return p;
    p = after_line_end(end, d);
  }
}

const char* skip_lines(const char* p, std::size_t count, const Dialect& d) {
  for (; count > 0 && *p != '\0'; --count) {
    while (!at_line_end(p, d)) ++p;
    p = after_line_end(p, d);
  }
  return p;
}

/// How well a delimiter explains the first records; compared member by member.
struct Score {
  double same_width = 0;  ///< share of records with the commonest number of cells
  double numbers = 0;     ///< share of cells that are numbers or dates
  std::size_t width = 0;
  bool operator<(const Score& other) const {
    return std::tie(same_width, numbers, width) < std::tie(other.same_width, other.numbers, other.width);
  }
};

Score score(const char* p, const Dialect& d) {
  constexpr std::size_t most_records = 100;
  std::vector<std::size_t> widths;
  std::size_t cells = 0;
  std::size_t numbers = 0;
  Record record;
  while (*p != '\0' && widths.size() < most_records) {
    p = skip_blank_lines(p, d);
    if (*p == '\0') break;
    const bool fine = read_record(p, d, record);
    widths.push_back(record.size());
    cells += record.size();
    for (const Cell& cell : record) {
      const Kind kind = classify(cell, d);
      numbers += kind == Kind::integer || kind == Kind::real || kind == Kind::date ? 1 : 0;
    }
    if (!fine) {
      widths.push_back(0);
      break;
    }
  }
  Score out;
  if (widths.empty()) return out;
  std::sort(widths.begin(), widths.end());
  std::size_t commonest = 0;
  for (std::size_t i = 0; i < widths.size();) {
    const auto end =
        static_cast<std::size_t>(std::upper_bound(widths.begin(), widths.end(), widths[i]) - widths.begin());
    if (widths[i] > 1 && end - i >= commonest) {
      commonest = end - i;
      out.width = widths[i];
    }
    i = end;
  }
  if (out.width == 0) return {};
  out.same_width = static_cast<double>(commonest) / static_cast<double>(widths.size());
  out.numbers = static_cast<double>(numbers) / static_cast<double>(cells);
  return out;
}

char find_delimiter(const char* begin, Dialect d) {
  char best = ',';
  Score best_score;
  for (const char candidate : {',', '\t', ';', '|'}) {
    d.delimiter = candidate;
    d.decimal = candidate == ';' ? ',' : '.';
    const Score with_comma = score(begin, d);
    d.decimal = '.';
    const Score here = std::max(with_comma, score(begin, d));
    if (best_score < here) {
      best = candidate;
      best_score = here;
    }
  }
  return best;
}

/// First rows of the file, for guesses.
std::vector<Record> first_records(const char* p, const Dialect& d, std::size_t count) {
  std::vector<Record> records;
  Record record;
  while (records.size() < count) {
    p = skip_blank_lines(p, d);
    if (*p == '\0' || !read_record(p, d, record)) break;
    records.push_back(record);
  }
  return records;
}

/// In ';' files the decimal sign is often a comma: it is where that makes cells numbers and no cell has a point or two
/// commas, which separate thousands.
/// "3.582", "1.234.567": thousands, if commas are for decimals.
bool grouped_by_points(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::size_t first = std::min(text.find('.'), text.size());
  if (first == 0 || first > 3 || (text.size() - first) % 4 != 0) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool point = i >= first && (i - first) % 4 == 0;
    if (point ? text[i] != '.' : text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

bool uses_decimal_comma(const std::vector<Record>& records, Dialect d) {
  bool comma = false;
  for (const Record& record : records)
    for (const Cell& cell : record) {
      const bool digits = cell.text.find_first_not_of("0123456789,-+") == std::string_view::npos;
      if (digits && std::count(cell.text.begin(), cell.text.end(), ',') > 1) return false;
      d.decimal = '.';
      const bool point_number = classify(cell, d) == Kind::real;
      d.decimal = ',';
      const bool comma_number = classify(cell, d) == Kind::real;
      if (point_number && !comma_number && !grouped_by_points(cell.text)) return false;
      comma = comma || (comma_number && !point_number);
    }
  return comma;
}

std::vector<Kind> kinds_of(const std::vector<Record>& records, std::size_t from, std::size_t width, const Dialect& d) {
  std::vector<Kind> kinds(width, Kind::nothing);
  for (std::size_t i = from; i < records.size(); ++i)
    for (std::size_t c = 0; c < std::min(width, records[i].size()); ++c)
      kinds[c] = join(kinds[c], classify(records[i][c], d));
  return kinds;
}

/// Names like 2011, 2012, 2013 over columns of other values: a wide table by year.
bool names_years(const Record& record, const std::vector<Kind>& kinds, const Dialect& d) {
  std::int64_t last = 0;
  std::size_t years = 0;
  for (std::size_t c = 0; c < record.size(); ++c) {
    if (classify(record[c], d) == Kind::text) continue;
    const auto year = parse_integer(record[c].text);
    if (!year || *year < 1500 || *year > 2500 || (years > 0 && *year != last + 1)) return false;
    last = *year;
    ++years;
  }
  return years > 1 && years < record.size() && std::count(kinds.begin(), kinds.end(), Kind::real) > 0;
}

/// Whether the first record holds names: no cell of it is a value, or a cell is text over a column that is not.
bool has_header(const std::vector<Record>& records, const Dialect& d) {
  const Record& first = records.front();
  bool only_text = true;
  for (const Cell& cell : first) {
    const Kind kind = classify(cell, d);
    only_text = only_text && (kind == Kind::text || kind == Kind::nothing);
  }
  if (std::all_of(first.begin(), first.end(), [&](const Cell& cell) { return is_missing(cell, d); })) return false;
  if (only_text) return true;
  const std::vector<Kind> kinds = kinds_of(records, 1, first.size(), d);
  for (std::size_t c = 0; c < first.size(); ++c)
    if (classify(first[c], d) == Kind::text && kinds[c] != Kind::text && kinds[c] != Kind::nothing) return true;
  return names_years(first, kinds, d);
}

/// Empty names become V1, V2, … by position; repeated ones get _2, _3, …
void complete_names(std::vector<std::string>& names, std::vector<std::string>& notes) {
  std::unordered_set<std::string> taken(names.begin(), names.end());
  std::unordered_set<std::string> used;
  for (std::size_t c = 0; c < names.size(); ++c) {
    std::string name = names[c].empty() ? "V" + std::to_string(c + 1) : names[c];
    if (used.count(name) != 0 || (names[c].empty() && taken.count(name) != 0)) {
      std::size_t copy = 2;
      while (taken.count(name + "_" + std::to_string(copy)) != 0) ++copy;
      name += "_" + std::to_string(copy);
      if (!names[c].empty()) notes.push_back("a second column '" + names[c] + "' is called '" + name + "'");
      taken.insert(name);
    }
    used.insert(name);
    names[c] = std::move(name);
  }
}

Dialect known_dialect(const Text& text, const CsvOptions& options) {
  Dialect d;
  d.quote = options.quote;
  d.fill = options.fill;
  d.na = options.na;
  for (const std::string& word : d.na) {
    if (word.empty()) continue;
    d.begins_na[static_cast<unsigned char>(word[0])] = true;
    d.longest_na = std::max(d.longest_na, word.size());
    d.na_is_number = d.na_is_number || parse_real(word, '.') || parse_real(word, ',');
  }
  const bool feeds =
      std::any_of(text.chunks.begin(), text.chunks.end(), [](const ChunkScan& c) { return c.line_feeds > 0; });
  const bool returns =
      std::any_of(text.chunks.begin(), text.chunks.end(), [](const ChunkScan& c) { return c.returns > 0; });
  d.line_end = !feeds && returns ? '\r' : '\n';
  if (options.delimiter.size() > 1 || (!options.delimiter.empty() && options.delimiter[0] == options.quote) ||
      options.delimiter == "\n" || options.delimiter == "\r")
    throw core::Error("'" + options.delimiter + "' cannot be a delimiter")
        .hint("one character such as \",\" \";\" \"\\t\" \"|\", or \"whitespace\"");
  if (options.decimal != '\0' && options.decimal != '.' && options.decimal != ',')
    throw core::Error("the decimal sign is '.' or ','");
  if (!options.delimiter.empty() && options.decimal == options.delimiter[0])
    throw core::Error("'" + options.delimiter + "' cannot be both delimiter and decimal sign");
  return d;
}

/// Rows further down show types early; only without quotes can a row start be told from any place in the file.
void look_ahead(const Text& text, Layout& layout) {
  if (std::any_of(text.chunks.begin(), text.chunks.end(), [](const ChunkScan& c) { return c.quotes > 0; })) return;
  constexpr std::size_t places = 20;
  constexpr std::size_t rows = 10;
  for (std::size_t i = 1; i <= places; ++i) {
    const std::size_t at = layout.begin + (text.bytes.size() - layout.begin) / (places + 1) * i;
    const std::size_t line_end = text.bytes.find(layout.dialect.line_end, at);
    if (line_end == std::string_view::npos) return;
    const auto records = first_records(text.bytes.data() + line_end + 1, layout.dialect, rows);
    const std::vector<Kind> kinds = kinds_of(records, 0, layout.kinds.size(), layout.dialect);
    for (std::size_t c = 0; c < kinds.size(); ++c) layout.kinds[c] = join(layout.kinds[c], kinds[c]);
  }
}

}  // namespace

Layout find_layout(const Text& text, const std::string& path, const CsvOptions& options) {
  Layout layout;
  Dialect& d = layout.dialect;
  d = known_dialect(text, options);
  const char* begin = skip_lines(text.bytes.data(), options.skip, d);
  d.delimiter = options.delimiter.empty() ? '\0' : options.delimiter[0];
  begin = skip_blank_lines(begin, d);
  if (*begin == '\0')
    throw core::Error("'" + path + "' has no line that is not blank" + (options.skip ? " after those skipped" : ""));
  if (options.delimiter.empty()) d.delimiter = find_delimiter(begin, d);

  constexpr std::size_t sample = 200;
  std::vector<Record> records = first_records(begin, d, sample + 1);
  if (records.empty()) {
    Record record;
    const char* p = begin;
    read_record(p, d, record);
    throw fault_of(record.back(), text.bytes, path);
  }
  d.decimal = options.decimal;
  if (d.decimal == '\0') {
    d.decimal = d.delimiter == ';' && uses_decimal_comma(records, d) ? ',' : '.';
    if (d.decimal == ',') layout.notes.push_back("the decimal sign is taken to be ',' (decimal=\".\" says otherwise)");
  }
  layout.header = options.header.value_or(has_header(records, d));
  const Record first = records.front();
  std::size_t width = first.size();
  layout.begin = static_cast<std::size_t>(begin - text.bytes.data());
  if (layout.header) {
    const char* p = begin;
    Record header;
    read_record(p, d, header);
    layout.begin = static_cast<std::size_t>(p - text.bytes.data());
    std::string scratch;
    for (const Cell& cell : header) layout.names.emplace_back(unquoted(cell, d, scratch));
    records.erase(records.begin());
    // Row names, as R's write.table leaves them: a first column that the header does not name.
    const bool row_names = !records.empty() && std::all_of(records.begin(), records.end(), [&](const Record& record) {
      return record.size() == width + 1;
    });
    if (row_names) {
      layout.names.insert(layout.names.begin(), "");
      layout.notes.push_back("the header names " + core::counted(static_cast<long long>(width), "column") +
                             " and the rows have one more: the first is called V1");
      ++width;
    }
  } else {
    layout.names.resize(width);
  }
  complete_names(layout.names, layout.notes);
  layout.kinds = kinds_of(records, 0, width, d);
  look_ahead(text, layout);
  return layout;
}

core::Error fault_at(std::string_view text, const std::string& path, const char* where, const std::string& what) {
  const Place place = place_of(text, static_cast<std::size_t>(where - text.data()));
  return core::Error("'" + path + "', line " + std::to_string(place.line) + ", column " + std::to_string(place.column) +
                     ": " + what);
}

core::Error fault_of(const Cell& cell, std::string_view text, const std::string& path) {
  if (cell.fault == Cell::Fault::unterminated)
    return fault_at(text, path, cell.next, "a quoted cell starts here and never ends")
        .hint("close the quote, or read quotes as ordinary characters (quote=\"\")");
  return fault_at(text, path, cell.next, "text after a closing quote")
      .hint("a quote inside a quoted cell is written twice; quote=\"\" reads quotes as ordinary characters");
}

}  // namespace data::csv
