// From values as Stata, SPSS and SAS store them to columns: encodings, dates, value labels, missing codes.
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "data/csv/encoding.hpp"
#include "data/date.hpp"
#include "data/display_format.hpp"
#include "data/value_labels.hpp"
#include "files/input.hpp"
#include "files/statistical.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <optional>

namespace files::statistical {
namespace {

using Kind = Variable::Kind;

constexpr std::size_t npos = std::string_view::npos;
constexpr std::int64_t epoch_1582 = -141428;  // 1582-10-14

/// What one unit of a date variable is.
/// Periods (months, quarters, weeks, business days) stay the numbers that they are counted by.
enum class DateUnit { none, day, second, millisecond, period };

/// The letters of a format: "DATE" of "DATE9.", "YYMMDD" of "YYMMDDN8".
std::string word_of(const std::string& format) {
  std::string out;
  for (const char c : format) {
    const bool digit = c >= '0' && c <= '9';
    if (c == '.' ||
        (digit && out != "E" && !core::starts_with(out, "E8") && out != "B" && !core::starts_with(out, "B8")))
      break;
    out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return out;
}

DateUnit stata_unit(const std::string& format) {
  std::size_t at = format.find('%');
  if (at == npos) return DateUnit::none;
  ++at;
  if (at < format.size() && format[at] == '-') ++at;
  if (at < format.size() && format[at] == 'd') return DateUnit::day;
  if (at + 1 >= format.size() || format[at] != 't') return DateUnit::none;
  switch (format[at + 1]) {
    case 'd':
      return DateUnit::day;
    case 'c':
    case 'C':
      return DateUnit::millisecond;
    default:
      return DateUnit::period;
  }
}

DateUnit unit_of(Program program, const std::string& format) {
  if (program == Program::stata) return stata_unit(format);
  const std::string word = word_of(format);
  const auto one_of = [&](std::initializer_list<const char*> names) {
    return std::find(names.begin(), names.end(), word) != names.end();
  };
  if (program == Program::spss)
    return one_of({"DATE", "ADATE", "EDATE", "SDATE", "JDATE", "MOYR", "QYR", "WKYR", "DATETIME", "YMDHMS"})
               ? DateUnit::second
               : DateUnit::none;
  if (one_of({"DATETIME", "DATEAMPM", "E8601DT", "B8601DT", "MDYAMPM"})) return DateUnit::second;
  if (one_of({"DATE",    "DAY",     "DDMMYY",  "DDMMYYB", "DDMMYYC",  "DDMMYYD",  "DDMMYYN", "DDMMYYP",
              "DDMMYYS", "MMDDYY",  "MMDDYYB", "MMDDYYC", "MMDDYYD",  "MMDDYYN",  "MMDDYYP", "MMDDYYS",
              "YYMMDD",  "YYMMDDB", "YYMMDDC", "YYMMDDD", "YYMMDDN",  "YYMMDDP",  "YYMMDDS", "E8601DA",
              "B8601DA", "MONYY",   "YYMM",    "YYQ",     "WEEKDATE", "WORDDATE", "JULIAN",  "MINGUO"}))
    return DateUnit::day;
  return DateUnit::none;
}

std::optional<double> number_at(const Variable& variable, std::size_t row) {
  if (variable.kind == Kind::integer) {
    if (variable.integers[row] == data::missing_integer) return std::nullopt;
    return static_cast<double>(variable.integers[row]);
  }
  if (std::isnan(variable.reals[row])) return std::nullopt;
  return variable.reals[row];
}

constexpr double furthest = 1e7;  // days; later ones are not dates that people meant

/// Days for a value in `unit`; nothing when it is no whole day or too far off.
std::optional<std::int64_t> day_of(double value, DateUnit unit, Program program) {
  const double epoch = static_cast<double>(program == Program::spss ? epoch_1582 : data::stata_epoch);
  double days = value + epoch;
  if (unit == DateUnit::second) days = value / 86400 + epoch;
  if (unit == DateUnit::millisecond) days = value / 86400000 + epoch;
  if (days != std::floor(days) || std::abs(days) > furthest) return std::nullopt;
  return static_cast<std::int64_t>(days);
}

/// "2020-03-15 12:30:00", with thousandths where there are any.
std::optional<std::string> moment_of(double value, DateUnit unit, Program program) {
  const double milliseconds = unit == DateUnit::second ? value * 1000 : value;
  if (std::abs(milliseconds) > furthest * 86400000) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(std::llround(milliseconds));
  constexpr std::int64_t day = 86400000;
  const std::int64_t days = whole >= 0 ? whole / day : -((-whole + day - 1) / day);
  const auto rest = static_cast<int>(whole - days * day);
  char text[40];
  std::snprintf(text, sizeof text, " %02d:%02d:%02d", rest / 3600000, rest / 60000 % 60, rest / 1000 % 60);
  std::string out = data::iso_date(days + (program == Program::spss ? epoch_1582 : data::stata_epoch)) + text;
  if (rest % 1000) {
    std::snprintf(text, sizeof text, ".%03d", rest % 1000);
    out += text;
  }
  return out;
}

/// A date column, or nullptr when the values are not all days.
data::ColumnPtr dates_of(const Variable& variable, DateUnit unit, Program program) {
  std::vector<std::int64_t> days(variable.rows(), data::missing_integer);
  for (std::size_t row = 0; row < days.size(); ++row) {
    const std::optional<double> value = number_at(variable, row);
    if (!value) continue;
    const std::optional<std::int64_t> day = day_of(*value, unit, program);
    if (!day) return nullptr;
    days[row] = *day;
  }
  return data::Column::dates(std::move(days));
}

data::ColumnPtr moments_of(const Variable& variable, DateUnit unit, Program program) {
  std::vector<std::string> texts(variable.rows());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::optional<double> value = number_at(variable, row);
    if (!value) continue;
    std::optional<std::string> moment = moment_of(*value, unit, program);
    if (!moment) return nullptr;
    texts[row] = std::move(*moment);
  }
  return data::Column::texts(texts);
}

/// Reals that are all whole become integers: periods that Stata's generate stored as floats.
data::ColumnPtr periods_of(Variable& variable) {
  const std::vector<double>& values = variable.reals;
  if (variable.kind == Kind::real && std::all_of(values.begin(), values.end(), [](double v) {
        return std::isnan(v) || (v == std::floor(v) && std::abs(v) < 0x1p53);
      })) {
    for (const double v : values)
      variable.integers.push_back(std::isnan(v) ? data::missing_integer : static_cast<std::int64_t>(v));
    variable.kind = Kind::integer;
    variable.reals.clear();
  }
  return variable.kind == Kind::integer ? data::Column::integers(std::move(variable.integers))
                                        : data::Column::reals(std::move(variable.reals));
}

data::ColumnPtr numbers_of(Variable& variable) {
  return variable.kind == Kind::integer ? data::Column::integers(std::move(variable.integers))
                                        : data::Column::reals(std::move(variable.reals));
}

/// A category with the numbers behind its levels, or nullptr when some values have no label.
data::ColumnPtr category_of(const Variable& variable, const LabelSet& labels) {
  std::map<double, std::int32_t> code_of;
  std::vector<double> values;
  for (const auto& [value, label] : labels.of_number) {
    code_of[value] = static_cast<std::int32_t>(values.size());
    values.push_back(value);
  }
  std::vector<std::int32_t> codes(variable.rows(), data::missing_code);
  bool any = false;
  for (std::size_t row = 0; row < codes.size(); ++row) {
    const std::optional<double> value = number_at(variable, row);
    if (!value) continue;
    const auto at = code_of.find(*value);
    if (at == code_of.end()) return nullptr;
    codes[row] = at->second;
    any = true;
  }
  if (!any) return nullptr;
  return data::Column::categories(
      std::move(codes), std::make_shared<const std::vector<std::string>>(data::distinct_labels(labels.of_number)),
      std::move(values));
}

data::ColumnPtr texts_of(Variable& variable) {
  auto words = std::make_shared<std::vector<std::string>>();
  std::vector<std::int32_t> code_of;
  for (const std::string_view word : variable.words.list()) {
    code_of.push_back(word.empty() ? data::missing_code : static_cast<std::int32_t>(words->size()));
    if (!word.empty()) words->emplace_back(word);
  }
  std::vector<std::int32_t> codes = std::move(variable.codes);
  for (std::int32_t& code : codes) code = code_of[static_cast<std::size_t>(code)];
  return data::Column::texts(std::move(codes), std::move(words));
}

void note_missing(const Variable& variable, const Content& content, Report& report) {
  std::vector<std::string> parts;
  const auto set = content.label_sets.find(variable.label_set);
  for (const auto& [tag, count] : variable.coded_missing) {
    std::string part = core::grouped(static_cast<long long>(count)) + " times ." + std::string(1, tag);
    if (set != content.label_sets.end())
      if (const auto label = set->second.of_missing.find(tag); label != set->second.of_missing.end())
        part += " (" + label->second + ")";
    parts.push_back(std::move(part));
  }
  if (variable.defined_missing)
    parts.push_back(core::grouped(static_cast<long long>(variable.defined_missing)) +
                    " times a value declared missing");
  if (!parts.empty()) report.notes.push_back("column '" + variable.name + "': missing are " + core::join(parts, ", "));
}

data::ColumnPtr column_of(Variable& variable, const Content& content, bool labels, Report& report) {
  if (variable.kind == Kind::text) return texts_of(variable);
  note_missing(variable, content, report);
  const DateUnit unit = unit_of(content.program, variable.format);
  const auto kept = [&](const std::string& what) {
    report.notes.push_back("column '" + variable.name + "' (format " + variable.format + ") " + what);
  };
  if (unit == DateUnit::period) {
    return periods_of(variable);
  } else if (unit != DateUnit::none) {
    if (data::ColumnPtr dates = dates_of(variable, unit, content.program)) return dates;
    if (unit == DateUnit::second || unit == DateUnit::millisecond)
      if (data::ColumnPtr moments = moments_of(variable, unit, content.program)) {
        kept("has times of day: read as strings yyyy-mm-dd hh:mm:ss");
        return moments;
      }
    kept("has values that are no dates: kept as numbers");
  }
  const auto set = content.label_sets.find(variable.label_set);
  if (labels && content.program == Program::stata && !variable.label_set.empty() && set == content.label_sets.end())
    report.notes.push_back("column '" + variable.name + "': its value labels '" + variable.label_set +
                           "' are not in the file");
  if (labels && unit == DateUnit::none && !variable.label_set.empty() && set != content.label_sets.end() &&
      !set->second.of_number.empty()) {
    if (data::ColumnPtr category = category_of(variable, set->second)) return category;
    report.notes.push_back("column '" + variable.name +
                           "' is kept as numbers: its value labels do not cover all of its values");
  }
  return numbers_of(variable);
}

/// Calls `change` with every text of the content.
void for_texts(Content& content, const std::function<void(std::string&)>& change) {
  for (Variable& variable : content.variables) {
    change(variable.name);
    change(variable.label);
  }
  for (auto& [name, set] : content.label_sets) {
    for (auto& [value, label] : set.of_number) change(label);
    for (auto& [tag, label] : set.of_missing) change(label);
  }
}

}  // namespace

void to_utf8(Content& content, const std::string& path, Report& report) {
  std::string bad;
  for_texts(content, [&](std::string& text) {
    if (data::csv::invalid_utf8(text) != npos) bad += text + "\n";
  });
  for (const Variable& variable : content.variables)
    for (const std::string_view word : variable.words.list())
      if (data::csv::invalid_utf8(word) != npos) bad.append(word).push_back('\n');
  if (bad.empty()) return;
  if (!content.asked_encoding.empty() || (content.program == Program::stata && content.version >= 118))
    throw file_error(path, "text that is not valid " +
                               (content.asked_encoding.empty() ? std::string("UTF-8") : content.asked_encoding))
        .hint("encoding= names another encoding (encoding=\"GB18030\", \"latin1\")");
  const std::string encoding = data::csv::guess_legacy_encoding(bad);
  const auto converted = [&](std::string_view text) {
    std::string out;
    if (data::csv::invalid_utf8(text) == npos) return std::string(text);
    if (data::csv::convert(text, encoding, out) != npos)
      throw file_error(path, "text in an encoding that is not known").hint("encoding= names it");
    return out;
  };
  for_texts(content, [&](std::string& text) { text = converted(text); });
  for (Variable& variable : content.variables) {
    data::csv::Words words;
    std::vector<std::int32_t> code_of;
    for (const std::string_view word : variable.words.list()) code_of.push_back(words.code_of_copy(converted(word)));
    for (std::int32_t& code : variable.codes) code = code_of[static_cast<std::size_t>(code)];
    variable.words = std::move(words);
  }
  report.notes.push_back("text is not UTF-8: read as " + encoding + " (encoding= names another)");
}

data::Frame frame_of(Content& content, const std::string& path, const ReadOptions& options, Report& report) {
  std::vector<std::string> names;
  for (const Variable& variable : content.variables) names.push_back(variable.name);
  names = distinct_names(std::move(names));
  check_columns(path, options.csv.columns, names);
  data::Frame frame;
  const std::vector<std::string>& order = options.csv.columns.empty() ? names : options.csv.columns;
  for (const std::string& name : order) {
    core::poll();
    Variable& variable =
        content.variables[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
    const std::size_t most = options.csv.rows.value_or(std::numeric_limits<std::size_t>::max());
    if (variable.integers.size() > most) variable.integers.resize(most);
    if (variable.reals.size() > most) variable.reals.resize(most);
    if (variable.codes.size() > most) variable.codes.resize(most);
    data::ColumnPtr column = column_of(variable, content, options.labels, report)->labelled(variable.label);
    if (content.program == Program::stata && data::suits(variable.format, column->type()))
      column = column->formatted(variable.format);
    frame = frame.with(name, std::move(column));
  }
  return frame;
}

}  // namespace files::statistical
