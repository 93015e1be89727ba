// The reader: chunks of the text in parallel, straight into the columns.
//
// The text is cut into chunks of fixed size. A chunk's records are those whose preceding line end lies in it, so the
// number of line ends bounds the number of rows, and every chunk has its own rows of the final columns before anything
// is read. Where a chunk's first record starts is guessed from the number of quotes before it; a guess is checked
// against where the records before it end, and the chunk is read again from there when the guess was wrong.
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/near.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/csv.hpp"
#include "data/csv/chunk.hpp"
#include "data/csv/layout.hpp"
#include "data/csv/meaning.hpp"
#include "data/csv/text.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <limits>
#include <numeric>

namespace data {
namespace csv {
namespace {

/// One column of the file on its way to a Column.
struct Job {
  std::size_t position = 0;  ///< among the file's columns
  bool fixed = false;
  bool category = false;
  Kind kind = Kind::nothing;
  Kind guess = Kind::nothing;  ///< of the first pass
  Buffer<double> reals;
  Buffer<std::int64_t> integers;
  Buffer<std::uint8_t> booleans;
  Buffer<std::int32_t> codes;
  std::vector<std::unique_ptr<Words>> words;  ///< per chunk

  Target allocate(std::size_t rows) {
    Target target{.wanted = true, .fixed = fixed, .kind = kind};
    switch (kind) {
      case Kind::nothing:
        break;
      case Kind::boolean:
        booleans = Buffer<std::uint8_t>(rows);
        target.booleans = booleans.data();
        break;
      case Kind::integer:
      case Kind::date:
        integers = Buffer<std::int64_t>(rows);
        target.integers = integers.data();
        break;
      case Kind::real:
        reals = Buffer<double>(rows);
        target.reals = reals.data();
        break;
      case Kind::text:
        codes = Buffer<std::int32_t>(rows);
        target.codes = codes.data();
        break;
    }
    return target;
  }
};

/// The part of the text that one chunk reads, and the rows it fills.
struct Span {
  const char* begin = nullptr;  ///< first record (a guess before the first pass)
  const char* last = nullptr;   ///< records that start at or before this belong to the chunk
  std::size_t first_row = 0, most_rows = 0;
};

Kind kind_of(Type type) {
  switch (type) {
    case Type::real:
      return Kind::real;
    case Type::integer:
      return Kind::integer;
    case Type::boolean:
      return Kind::boolean;
    case Type::date:
      return Kind::date;
    case Type::text:
    case Type::category:
      break;
  }
  return Kind::text;
}

std::string_view noun_of(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "a boolean (true or false)";
    case Kind::integer:
      return "an integer";
    case Kind::date:
      return "a date (yyyy-mm-dd)";
    default:
      return "a number";
  }
}

class CsvReader {
 public:
  CsvReader(const std::string& path, const CsvOptions& options) : path_(path), options_(options) {
    text_ = load_text(path, options.encoding, options.quote);
    if (options.delimiter == "whitespace") {
      text_ = blanks_to_tabs(text_, options.quote);
      options_.delimiter = "\t";
    }
    layout_ = find_layout(text_, path, options_);
  }

  Frame read() {
    plan();
    cut();
    std::vector<std::size_t> pending(jobs_.size());
    std::iota(pending.begin(), pending.end(), std::size_t{0});
    if (options_.rows)
      read_some(*options_.rows);
    else
      read_all();
    while (!(pending = widen(pending)).empty()) {
      pass(targets(pending));
      for (const ChunkResult& result : results_)
        if (result.failed()) throw fault(result);
    }
    close_gaps();
    return assemble();
  }

  CsvReport report(const CsvOptions& asked) const {
    CsvReport out;
    out.encoding = text_.encoding;
    out.delimiter = asked.delimiter == "whitespace" ? asked.delimiter : std::string(1, layout_.dialect.delimiter);
    out.header = layout_.header;
    out.notes = text_.notes;
    out.notes.insert(out.notes.end(), layout_.notes.begin(), layout_.notes.end());
    out.notes.insert(out.notes.end(), notes_.begin(), notes_.end());
    return out;
  }

 private:
  std::size_t position_of(const std::string& name) const {
    const auto at = std::find(layout_.names.begin(), layout_.names.end(), name);
    if (at == layout_.names.end())
      throw core::Error("no column '" + name + "' in '" + path_ + "'")
          .hint(core::did_you_mean(name, layout_.names, "columns"))
          .word(name);
    return static_cast<std::size_t>(at - layout_.names.begin());
  }

  /// One job per column to read.
  void plan() {
    std::vector<std::size_t> positions;
    for (const std::string& name : options_.columns) {
      positions.push_back(position_of(name));
      if (std::count(positions.begin(), positions.end(), positions.back()) > 1)
        throw core::Error("column '" + name + "' is named twice in columns=").word(name);
    }
    if (options_.columns.empty()) {
      positions.resize(layout_.names.size());
      std::iota(positions.begin(), positions.end(), std::size_t{0});
    }
    std::map<std::size_t, Type> types;
    for (const auto& [name, type] : options_.types) types[position_of(name)] = type;
    for (const std::size_t position : positions) {
      Job job;
      job.position = position;
      job.kind = layout_.kinds[position];
      if (const auto asked = types.find(position); asked != types.end()) {
        job.fixed = true;
        job.category = asked->second == Type::category;
        job.kind = kind_of(asked->second);
      }
      job.guess = job.kind;
      jobs_.push_back(std::move(job));
    }
  }

  /// Chunks with their rows, and guesses of where their first records start.
  void cut() {
    const char* const base = text_.bytes.data();
    const char line_end = layout_.dialect.line_end;
    std::size_t quotes = 0;
    for (std::size_t i = 0; i < text_.chunks.size(); ++i) {
      const std::size_t end = std::min(text_.bytes.size(), (i + 1) * chunk_bytes);
      const ChunkScan& scan = text_.chunks[i];
      if (layout_.begin < end) {
        Span span{.begin = nullptr, .last = base + end, .first_row = room_, .most_rows = 0};
        if (spans_.empty()) {
          span.begin = base + layout_.begin;
          span.most_rows = 1 + static_cast<std::size_t>(std::count(span.begin, span.last, line_end));
        } else {
          span.begin = guess_start(i * chunk_bytes, quotes % 2 != 0);
          span.most_rows = line_end == '\n' ? scan.line_feeds : scan.returns;
        }
        room_ += span.most_rows;
        spans_.push_back(span);
      }
      quotes += scan.quotes;
    }
    results_.resize(spans_.size());
  }

  const char* guess_start(std::size_t offset, bool in_quotes) const {
    const char quote = layout_.dialect.quote;
    const char line_end = layout_.dialect.line_end;
    for (const char* p = text_.bytes.data() + offset; *p != '\0'; ++p) {
      if (*p == quote) in_quotes = !in_quotes;
      if (*p == line_end && !in_quotes) return p + 1;
    }
    return text_.bytes.data() + text_.bytes.size();
  }

  /// Targets that read the jobs named, into new columns of room_ rows.
  std::vector<Target> targets(const std::vector<std::size_t>& pending) {
    std::vector<Target> out(layout_.names.size());
    for (const std::size_t j : pending) out[jobs_[j].position] = jobs_[j].allocate(room_);
    return out;
  }

  std::vector<Target> all_targets() {
    std::vector<std::size_t> all(jobs_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return targets(all);
  }

  void pass(const std::vector<Target>& targets) {
    core::for_blocks(spans_.size(), 1, [&](std::size_t i, std::size_t) {
      if (core::interrupt_requested()) return;
      results_[i] = read_chunk(spans_[i].begin, spans_[i].last, spans_[i].first_row, spans_[i].most_rows, targets,
                               layout_.dialect);
    });
    core::poll();
  }

  /// First pass over the whole text: in parallel from the guesses, then in order to check them.
  void read_all() {
    const std::vector<Target> everything = all_targets();
    pass(everything);
    const char* start = spans_.empty() ? nullptr : spans_.front().begin;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      Span& span = spans_[i];
      if (results_[i].begin != start) {
        core::poll();
        results_[i] = read_chunk(start, span.last, span.first_row, span.most_rows, everything, layout_.dialect);
      }
      if (results_[i].failed()) throw fault(results_[i]);
      span.begin = start;
      start = results_[i].end;
    }
  }

  /// First pass over the first `rows` rows only, chunk after chunk.
  void read_some(std::size_t rows) {
    room_ = std::min(room_, rows);
    const std::vector<Target> everything = all_targets();
    const char* start = spans_.empty() ? nullptr : spans_.front().begin;
    std::size_t row = 0;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      core::poll();
      Span& span = spans_[i];
      span.begin = start;
      span.first_row = row;
      span.most_rows = std::min(span.most_rows, room_ - row);
      results_[i] = read_chunk(start, span.last, row, span.most_rows, everything, layout_.dialect);
      if (results_[i].failed()) throw fault(results_[i]);
      start = results_[i].end;
      row += results_[i].rows;
      if (row == room_) {
        spans_.resize(i + 1);
        results_.resize(i + 1);
      }
    }
  }

  core::Error fault(const ChunkResult& result) const {
    if (result.broken) return fault_of(*result.broken, text_.bytes, path_);
    if (result.unfit) {
      const auto job =
          std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& j) { return j.position == result.unfit_column; });
      return fault_at(text_.bytes, path_, result.unfit,
                      "'" + cell_text(result.unfit) + "' is not " + std::string(noun_of(job->kind)))
          .hint("column '" + layout_.names[result.unfit_column] +
                "' was asked to be one in types=; na= names words that mean missing");
    }
    const std::size_t width = layout_.names.size();
    const auto cells = static_cast<long long>(result.cells);
    if (result.cells > width)
      return fault_at(text_.bytes, path_, result.ragged,
                      "more than the " + core::counted(static_cast<long long>(width), "cell") + " of the first row")
          .hint(
              "a cell that contains the delimiter must be quoted; delimiter= names another delimiter, skip= passes "
              "over lines before the header");
    return fault_at(text_.bytes, path_, result.ragged,
                    "the row ends after " + core::counted(cells, "cell") + " of " + std::to_string(width))
        .hint("fill=true ends short rows in missing values; skip= passes over lines before the header");
  }

  std::string cell_text(const char* where) const {
    const char* end = where;
    while (*end != layout_.dialect.delimiter && *end != layout_.dialect.quote && !at_line_end(end, layout_.dialect) &&
           end - where < 40)
      ++end;
    return {where, end};
  }

  /// Takes over what the chunks found in the columns just read. Returns those that must be read again as a wider kind.
  std::vector<std::size_t> widen(const std::vector<std::size_t>& read) {
    std::vector<std::size_t> again;
    for (const std::size_t j : read) {
      Job& job = jobs_[j];
      Kind kind = job.kind;
      bool overflow = false;
      const char* misfit = nullptr;
      for (const ChunkResult& result : results_) {
        const Findings& found = result.columns[job.position];
        kind = join(kind, found.kind);
        overflow = overflow || found.overflow;
        if (!misfit) misfit = found.misfit;
      }
      if (kind != job.kind) {
        job.kind = kind;
        again.push_back(j);
        if (kind == Kind::text && misfit && job.guess != Kind::nothing)
          notes_.push_back(
              "column '" + layout_.names[job.position] + "' is a string: line " +
              std::to_string(place_of(text_.bytes, static_cast<std::size_t>(misfit - text_.bytes.data())).line) +
              " has '" + cell_text(misfit) + "'");
        continue;
      }
      if (overflow && kind == Kind::real)
        notes_.push_back("column '" + layout_.names[job.position] +
                         "' has integers beyond 64 bits: read as double, rounded to 15 digits or so");
      job.words.clear();
      for (ChunkResult& result : results_) job.words.push_back(std::move(result.columns[job.position].words));
    }
    return again;
  }

  /// Moves the rows of each chunk up to those before: blank lines and line ends in quotes left room unused.
  void close_gaps() {
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      const std::size_t count = results_[i].rows;
      const std::size_t from = spans_[i].first_row;
      spans_[i].first_row = rows_;
      if (count && from != rows_)
        for (Job& job : jobs_) {
          const auto move = [&](auto& buffer) {
            if (buffer.size()) std::memmove(buffer.data() + rows_, buffer.data() + from, count * sizeof *buffer.data());
          };
          move(job.reals);
          move(job.integers);
          move(job.booleans);
          move(job.codes);
        }
      rows_ += count;
    }
    for (Job& job : jobs_) {
      if (job.kind == Kind::nothing) {
        job.kind = Kind::real;
        job.reals = Buffer<double>(rows_);
        std::fill_n(job.reals.data(), rows_, std::numeric_limits<double>::quiet_NaN());
      }
      job.reals.shrink(rows_);
      job.integers.shrink(rows_);
      job.booleans.shrink(rows_);
      job.codes.shrink(rows_);
    }
  }

  /// One dictionary for the whole column, in order of first appearance; the codes of every chunk renumbered to it.
  Dictionary merge_words(Job& job) const {
    Words all;
    std::vector<std::int32_t> code_of;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      code_of.clear();
      for (const std::string_view word : job.words[i]->list()) code_of.push_back(all.code(word));
      std::int32_t* const codes = job.codes.data() + spans_[i].first_row;
      for (std::size_t r = 0; r < results_[i].rows; ++r)
        if (codes[r] != missing_code) codes[r] = code_of[static_cast<std::size_t>(codes[r])];
    }
    return std::make_shared<const std::vector<std::string>>(all.list().begin(), all.list().end());
  }

  static ColumnPtr as_category(const Job& job, const std::vector<std::string>& words) {
    std::vector<std::int32_t> order(words.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
      return words[static_cast<std::size_t>(a)] < words[static_cast<std::size_t>(b)];
    });
    std::vector<std::int32_t> rank(words.size());
    auto levels = std::make_shared<std::vector<std::string>>();
    for (std::size_t i = 0; i < order.size(); ++i) {
      rank[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
      levels->push_back(words[static_cast<std::size_t>(order[i])]);
    }
    const auto codes = job.codes.span();
    std::vector<std::int32_t> sorted_codes(codes.begin(), codes.end());
    for (std::int32_t& code : sorted_codes)
      if (code != missing_code) code = rank[static_cast<std::size_t>(code)];
    return Column::categories(std::move(sorted_codes), std::move(levels));
  }

  Frame assemble() {
    std::vector<Dictionary> words(jobs_.size());
    core::for_blocks(jobs_.size(), 1, [&](std::size_t j, std::size_t) {
      if (jobs_[j].kind == Kind::text) words[j] = merge_words(jobs_[j]);
    });
    std::vector<std::string> names;
    std::vector<ColumnPtr> columns;
    for (std::size_t j = 0; j < jobs_.size(); ++j) {
      names.push_back(layout_.names[jobs_[j].position]);
      columns.push_back(finished(jobs_[j], words[j]));
      if (jobs_[j].kind == Kind::text && !jobs_[j].fixed)
        columns.back() = meaning_of(columns.back(), names.back(), options_, layout_.dialect.decimal, notes_);
    }
    return {std::filesystem::path(path_).stem().string(), std::move(names), std::move(columns)};
  }

  static ColumnPtr finished(Job& job, const Dictionary& words) {
    switch (job.kind) {
      case Kind::boolean:
        return Column::from_buffer(std::move(job.booleans));
      case Kind::integer:
        return Column::from_buffer(Type::integer, std::move(job.integers));
      case Kind::date:
        return Column::from_buffer(Type::date, std::move(job.integers));
      case Kind::text:
        return job.category ? as_category(job, *words) : Column::from_buffer(std::move(job.codes), words);
      case Kind::real:
      case Kind::nothing:
        break;
    }
    return Column::from_buffer(std::move(job.reals));
  }

  std::string path_;
  CsvOptions options_;
  Text text_;
  Layout layout_;
  std::vector<Job> jobs_;
  std::vector<Span> spans_;
  std::vector<ChunkResult> results_;
  std::vector<std::string> notes_;
  std::size_t room_ = 0;  ///< rows the columns have room for
  std::size_t rows_ = 0;
};

}  // namespace
}  // namespace csv

Frame read_csv(const std::string& path, const CsvOptions& options, CsvReport* report) {
  csv::CsvReader reader(path, options);
  Frame frame = reader.read();
  if (report) *report = reader.report(options);
  return frame;
}

}  // namespace data
