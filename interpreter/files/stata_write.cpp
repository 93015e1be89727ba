// Stata files through ReadStat: labels, value labels, dates; each column in the smallest type that holds it.
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/new_file.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "data/display_format.hpp"
#include "files/format.hpp"
#include "files/input.hpp"

#include <readstat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <set>

namespace files {
namespace {

using data::Column;
using data::ColumnPtr;
using data::Type;

constexpr double largest_double = 8.988465674311579e307;  // above are Stata's missing codes
constexpr std::size_t longest_name = 32;
constexpr std::size_t longest_label = 80;

/// How one column is stored.
struct Plan {
  ColumnPtr column;
  std::string name;
  readstat_type_t type = READSTAT_TYPE_DOUBLE;
  std::size_t width = 0;                        ///< bytes of a string type
  std::vector<double> level_values;             ///< what stands for each level of a category
  std::vector<readstat_string_ref_t*> strings;  ///< per word, of a long string column; one more for missing
  readstat_variable_t* variable = nullptr;
};

struct Sink {
  core::NewFile file;
  std::string pending = {};
  std::exception_ptr thrown = nullptr;
};

ssize_t on_bytes(const void* bytes, std::size_t count, void* context) {
  auto& sink = *static_cast<Sink*>(context);
  try {
    sink.pending.append(static_cast<const char*>(bytes), count);
    if (sink.pending.size() >= (std::size_t{1} << 20)) {
      sink.file.write(sink.pending);
      sink.pending.clear();
    }
    return static_cast<ssize_t>(count);
  } catch (...) {
    sink.thrown = std::current_exception();
    return -1;
  }
}

bool ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
}

/// The first `most` characters of UTF-8 text.
std::string first_characters(const std::string& text, std::size_t most) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U && count++ == most) return text.substr(0, i);
  return text;
}

/// A name Stata takes: letters, digits and _, at most 32 characters, no reserved word, not among `taken`.
std::string stata_name(const std::string& name, int version, std::set<std::string>& taken) {
  static const std::set<std::string> reserved = {"_all",  "_b",  "byte",  "_coef", "_cons", "double", "float",
                                                 "if",    "in",  "int",   "long",  "_n",    "_N",     "_pi",
                                                 "_pred", "_rc", "_skip", "strL",  "using", "with"};
  std::string out;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool digit = c >= '0' && c <= '9';
    const bool other = static_cast<unsigned char>(c) >= 128 && version >= 118;
    if (digit && out.empty()) out += '_';
    out += letter || digit || other ? c : '_';
  }
  out = first_characters(out, longest_name);
  if (out.empty() || reserved.contains(out)) out += '_';
  std::string unique = out;
  for (int n = 2; taken.contains(unique); ++n)
    unique = first_characters(out, longest_name - 1 - std::to_string(n).size()) + "_" + std::to_string(n);
  taken.insert(unique);
  return unique;
}

/// Dates shown with a time of day (%tc) are stored in milliseconds, others in days.
double unit_of_dates(const Column& column) {
  const std::optional<data::DisplayFormat> format = data::parse_display_format(column.format());
  return format && (format->unit == 'c' || format->unit == 'C') ? static_cast<double>(data::day_milliseconds) : 1;
}

void plan_integers(Plan& plan, Report& report) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const std::int64_t shift = plan.column->type() == Type::date ? -data::stata_epoch : 0;
  for (const std::int64_t value : plan.column->integers()) {
    if (value == data::missing_integer) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  if (low < -exact || high > exact)
    report.notes.push_back("column '" + plan.name + "' has integers beyond 2^53: rounded to doubles in the file");
  const bool far = low < -exact || high > exact;
  const auto within = [&](std::int64_t least, std::int64_t most) {
    return !far && low + shift >= least && high + shift <= most;
  };
  plan.type = within(-127, 100)                 ? READSTAT_TYPE_INT8
              : within(-32767, 32740)           ? READSTAT_TYPE_INT16
              : within(-2147483647, 2147483620) ? READSTAT_TYPE_INT32
                                                : READSTAT_TYPE_DOUBLE;
  if (plan.column->type() == Type::date && unit_of_dates(*plan.column) != 1) plan.type = READSTAT_TYPE_DOUBLE;
}

void plan_category(Plan& plan, Report& report) {
  const auto levels = plan.column->dictionary()->size();
  const auto values = plan.column->level_values();
  const bool whole = values.size() == levels && std::all_of(values.begin(), values.end(), [](double v) {
                       return v == std::floor(v) && std::abs(v) < 2147483620;
                     });
  if (!values.empty() && !whole)
    report.notes.push_back("column '" + plan.name +
                           "': the numbers of its levels are not whole, so the levels are numbered from 1");
  for (std::size_t i = 0; i < levels; ++i) plan.level_values.push_back(whole ? values[i] : static_cast<double>(i + 1));
  plan.type = READSTAT_TYPE_INT32;
}

void plan_text(Plan& plan, const std::string& path, int version) {
  std::size_t longest = 1;
  for (const std::string& word : *plan.column->dictionary()) {
    longest = std::max(longest, word.size());
    if (version < 118 && !ascii(word))
      throw file_error(path, "column '" + plan.name + "' has '" + word + "', and the Stata format " +
                                 std::to_string(version) + " holds no Unicode")
          .hint("version=118 (Stata 14 and later) does");
  }
  const std::size_t most = version >= 117 ? 2045 : 244;
  plan.type = longest <= most ? READSTAT_TYPE_STRING : READSTAT_TYPE_STRING_REF;
  plan.width = longest;
  if (plan.type == READSTAT_TYPE_STRING_REF && version < 117)
    throw file_error(path, "column '" + plan.name + "' has text of " + std::to_string(longest) +
                               " bytes; the Stata format " + std::to_string(version) + " holds 244")
        .hint("version=118 has long strings");
}

std::vector<Plan> plans_of(const data::Frame& frame, const std::string& path, int version, Report& report) {
  std::vector<Plan> plans;
  std::set<std::string> taken;
  for (std::size_t i = 0; i < frame.width(); ++i) {
    Plan plan;
    plan.column = frame.column(i);
    plan.name = stata_name(frame.names()[i], version, taken);
    if (plan.name != frame.names()[i])
      report.notes.push_back("column '" + frame.names()[i] + "' is called '" + plan.name + "' in the file");
    switch (plan.column->type()) {
      case Type::boolean:
        plan.type = READSTAT_TYPE_INT8;
        break;
      case Type::integer:
      case Type::date:
        plan_integers(plan, report);
        break;
      case Type::category:
        plan_category(plan, report);
        break;
      case Type::text:
        plan_text(plan, path, version);
        break;
      case Type::real: {
        const auto values = plan.column->reals();
        const auto lost =
            std::count_if(values.begin(), values.end(), [](double v) { return std::abs(v) >= largest_double; });
        if (lost)
          report.notes.push_back("column '" + plan.name + "': " + core::counted(lost, "value") +
                                 " beyond Stata's range (9e307), missing in the file");
      }
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

void declare(Plan& plan, readstat_writer_t* writer, int version, Report& report) {
  const Column& column = *plan.column;
  plan.variable = readstat_add_variable(writer, plan.name.c_str(), plan.type, plan.width);
  if (!plan.variable) throw std::bad_alloc();
  std::string label = first_characters(column.label(), longest_label);
  if (label != column.label()) report.notes.push_back("column '" + plan.name + "': its label is cut to 80 characters");
  if (version < 118 && !ascii(label)) {
    report.notes.push_back("column '" + plan.name + "': its label is left out, being Unicode (version=118 keeps it)");
    label.clear();
  }
  readstat_variable_set_label(plan.variable, label.c_str());
  const std::string& format = column.format();
  if (!format.empty() && data::suits(format, column.type()))
    readstat_variable_set_format(plan.variable, format.c_str());
  else if (column.type() == Type::date)
    readstat_variable_set_format(plan.variable, "%td");
  if (column.type() == Type::category) {
    readstat_label_set_t* const set = readstat_add_label_set(writer, READSTAT_TYPE_INT32, plan.name.c_str());
    if (!set) throw std::bad_alloc();
    for (std::size_t i = 0; i < plan.level_values.size(); ++i)
      readstat_label_int32_value(set, static_cast<std::int32_t>(plan.level_values[i]),
                                 (*column.dictionary())[i].c_str());
    readstat_variable_set_label_set(plan.variable, set);
  }
  if (plan.type == READSTAT_TYPE_STRING_REF) {
    for (const std::string& word : *column.dictionary())
      plan.strings.push_back(readstat_add_string_ref(writer, word.c_str()));
    plan.strings.push_back(readstat_add_string_ref(writer, ""));
  }
}

readstat_error_t insert_number(readstat_writer_t* writer, const Plan& plan, double value) {
  switch (plan.type) {
    case READSTAT_TYPE_INT8:
      return readstat_insert_int8_value(writer, plan.variable, static_cast<std::int8_t>(value));
    case READSTAT_TYPE_INT16:
      return readstat_insert_int16_value(writer, plan.variable, static_cast<std::int16_t>(value));
    case READSTAT_TYPE_INT32:
      return readstat_insert_int32_value(writer, plan.variable, static_cast<std::int32_t>(value));
    default:
      return readstat_insert_double_value(writer, plan.variable, value);
  }
}

readstat_error_t insert(readstat_writer_t* writer, const Plan& plan, std::size_t row) {
  const Column& column = *plan.column;
  if (column.missing(row)) {
    if (plan.type == READSTAT_TYPE_STRING_REF)
      return readstat_insert_string_ref(writer, plan.variable, plan.strings.back());
    return readstat_insert_missing_value(writer, plan.variable);
  }
  switch (column.type()) {
    case Type::real: {
      const double value = column.reals()[row];
      if (std::abs(value) >= largest_double) return readstat_insert_missing_value(writer, plan.variable);
      return readstat_insert_double_value(writer, plan.variable, value);
    }
    case Type::integer:
      return insert_number(writer, plan, static_cast<double>(column.integers()[row]));
    case Type::date:
      return insert_number(writer, plan,
                           static_cast<double>(column.integers()[row] - data::stata_epoch) * unit_of_dates(column));
    case Type::boolean:
      return insert_number(writer, plan, column.booleans()[row]);
    case Type::category:
      return insert_number(writer, plan, plan.level_values[static_cast<std::size_t>(column.codes()[row])]);
    case Type::text:
      break;
  }
  const auto code = static_cast<std::size_t>(column.codes()[row]);
  if (plan.type == READSTAT_TYPE_STRING_REF)
    return readstat_insert_string_ref(writer, plan.variable, plan.strings[code]);
  return readstat_insert_string_value(writer, plan.variable, (*column.dictionary())[code].c_str());
}

struct FreeWriter {
  void operator()(readstat_writer_t* writer) const { readstat_writer_free(writer); }
};

}  // namespace

void write_stata(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report) {
  const int version = options.version.value_or(118);
  constexpr std::array<int, 6> versions = {113, 114, 115, 117, 118, 119};
  if (std::find(versions.begin(), versions.end(), version) == versions.end())
    throw core::Error("version " + std::to_string(version) + " of the Stata format is not written")
        .hint(
            "versions: 113, 114 (Stata 10-11), 115 (12), 117 (13), 118 (14 and later), 119 (more than 32,767 columns)");
  if (version != 119 && frame.width() > 32767)
    throw file_error(path, "the Stata format " + std::to_string(version) + " holds 32,767 columns, not " +
                               core::grouped(static_cast<long long>(frame.width())))
        .hint("version=119 holds more");
  if (frame.rows() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw file_error(path, "Stata files are written with 2,147,483,647 rows at most");
  if (frame.geometry()) report.notes.push_back("shapes are not written: .geojson and .mtf keep them");
  std::vector<Plan> plans = plans_of(frame, path, version, report);
  Sink sink{core::NewFile(path)};
  const std::unique_ptr<readstat_writer_t, FreeWriter> writer(readstat_writer_init());
  if (!writer) throw std::bad_alloc();
  const auto check = [&](readstat_error_t code) {
    if (sink.thrown) std::rethrow_exception(sink.thrown);
    if (code != READSTAT_OK) throw core::Error("cannot write '" + path + "': " + readstat_error_message(code));
  };
  check(readstat_set_data_writer(writer.get(), on_bytes));
  check(readstat_writer_set_file_format_version(writer.get(), static_cast<std::uint8_t>(version)));
  for (Plan& plan : plans) declare(plan, writer.get(), version, report);
  check(readstat_begin_writing_dta(writer.get(), &sink, static_cast<long>(frame.rows())));
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    if (row % 1024 == 0) core::poll();
    check(readstat_begin_row(writer.get()));
    for (const Plan& plan : plans) check(insert(writer.get(), plan, row));
    check(readstat_end_row(writer.get()));
  }
  check(readstat_end_writing(writer.get()));
  sink.file.write(sink.pending);
  sink.file.commit();
}

}  // namespace files
