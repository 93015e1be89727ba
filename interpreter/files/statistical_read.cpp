// Stata, SPSS and SAS files through ReadStat, whose callbacks fill a Content.
#include "core/interrupt.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "files/input.hpp"
#include "files/statistical.hpp"

#include <readstat.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <memory>
#include <new>

namespace files {
namespace {

using statistical::Content;
using statistical::Program;
using statistical::Variable;

using core::nan;

/// What callbacks see. No exception may pass through C: it waits in `thrown`.
struct Reading {
  Content content;
  std::size_t file_size = 0;
  std::int64_t rows_claimed = -1;
  std::size_t rows_seen = 0;
  const std::vector<std::string>* columns = nullptr;
  std::string path, message;
  std::exception_ptr thrown;
};

template <class Body>
int guarded(void* context, const Body& body) {
  auto& reading = *static_cast<Reading*>(context);
  try {
    return body(reading);
  } catch (...) {
    reading.thrown = std::current_exception();
    return READSTAT_HANDLER_ABORT;
  }
}

std::string plain(const char* text) { return text ? text : ""; }

int on_metadata(readstat_metadata_t* metadata, void* context) {
  return guarded(context, [&](Reading& reading) {
    reading.content.version = readstat_get_file_format_version(metadata);
    reading.rows_claimed = metadata->row_count;
    // A row takes at least a byte where rows are not compressed.
    const bool plain_rows = reading.content.program == Program::stata;
    if (plain_rows && metadata->row_count > static_cast<std::int64_t>(reading.file_size))
      throw file_error(reading.path, "its header claims " + core::grouped(metadata->row_count) +
                                         " rows, but the file has only " +
                                         core::grouped(static_cast<long long>(reading.file_size)) + " bytes")
          .hint("the file is truncated or damaged");
    return int{READSTAT_HANDLER_OK};
  });
}

/// The name of a label set. ReadStat hands over the place in a Stata file's own table, which a damaged file need not
/// end.
std::string label_set_name(const Content& content, const char* name) {
  if (!name || content.program != Program::stata) return plain(name);
  const std::size_t room = content.version >= 118 ? 129 : content.version >= 110 ? 33 : 9;
  return {name, strnlen(name, room)};
}

int on_variable(int, readstat_variable_t* variable, const char* label_set, void* context) {
  return guarded(context, [&](Reading& reading) {
    Variable made;
    made.name = plain(readstat_variable_get_name(variable));
    made.label = plain(readstat_variable_get_label(variable));
    made.format = plain(readstat_variable_get_format(variable));
    made.label_set = label_set_name(reading.content, label_set);
    switch (readstat_variable_get_type(variable)) {
      case READSTAT_TYPE_INT8:
      case READSTAT_TYPE_INT16:
      case READSTAT_TYPE_INT32:
        made.kind = Variable::Kind::integer;
        break;
      case READSTAT_TYPE_FLOAT:
      case READSTAT_TYPE_DOUBLE:
        made.kind = Variable::Kind::real;
        break;
      case READSTAT_TYPE_STRING:
      case READSTAT_TYPE_STRING_REF:
        made.kind = Variable::Kind::text;
        break;
    }
    reading.content.variables.push_back(std::move(made));
    return int{READSTAT_HANDLER_OK};
  });
}

void add_number(Variable& variable, readstat_value_t value) {
  switch (readstat_value_type(value)) {
    case READSTAT_TYPE_INT8:
      variable.integers.push_back(static_cast<signed char>(readstat_int8_value(value)));
      break;
    case READSTAT_TYPE_INT16:
      variable.integers.push_back(readstat_int16_value(value));
      break;
    case READSTAT_TYPE_INT32:
      variable.integers.push_back(readstat_int32_value(value));
      break;
    case READSTAT_TYPE_FLOAT:
      variable.reals.push_back(static_cast<double>(readstat_float_value(value)));
      break;
    default:
      variable.reals.push_back(readstat_double_value(value));
  }
}

void add_missing(Variable& variable) {
  if (variable.kind == Variable::Kind::integer)
    variable.integers.push_back(data::missing_integer);
  else
    variable.reals.push_back(nan);
}

int on_value(int row, readstat_variable_t* variable, readstat_value_t value, void* context) {
  return guarded(context, [&](Reading& reading) {
    const auto index = static_cast<std::size_t>(readstat_variable_get_index(variable));
    if (index >= reading.content.variables.size()) throw file_error(reading.path, "a value outside its variables");
    Variable& to = reading.content.variables[index];
    if (index == 0 && row % 1024 == 0) core::poll();
    reading.rows_seen = static_cast<std::size_t>(row) + 1;
    if (!to.wanted) return int{READSTAT_HANDLER_OK};
    if (to.kind == Variable::Kind::text) {
      to.codes.push_back(to.words.code_of_copy(plain(readstat_string_value(value))));
    } else if (readstat_value_is_tagged_missing(value)) {
      ++to.coded_missing[readstat_value_tag(value)];
      add_missing(to);
    } else if (readstat_value_is_system_missing(value)) {
      add_missing(to);
    } else if (readstat_value_is_defined_missing(value, variable)) {
      ++to.defined_missing;
      add_missing(to);
    } else {
      add_number(to, value);
    }
    return int{READSTAT_HANDLER_OK};
  });
}

int on_value_label(const char* set, readstat_value_t value, const char* label, void* context) {
  return guarded(context, [&](Reading& reading) {
    statistical::LabelSet& to = reading.content.label_sets[plain(set)];
    if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING)
      to.of_text[plain(readstat_string_value(value))] = plain(label);
    else if (readstat_value_is_tagged_missing(value))
      to.of_missing[readstat_value_tag(value)] = plain(label);
    else if (const double number = readstat_double_value(value); !std::isnan(number))
      to.of_number[number] = plain(label);
    return int{READSTAT_HANDLER_OK};
  });
}

void on_error(const char* message, void* context) {
  guarded(context, [&](Reading& reading) {
    reading.message = core::trim(plain(message));
    return 0;
  });
}

[[noreturn]] void fail(const Reading& reading, readstat_error_t code, std::string_view title) {
  if (reading.thrown) std::rethrow_exception(reading.thrown);
  const std::string where =
      reading.rows_seen ? " after row " + std::to_string(reading.rows_seen) : std::string(" in its header");
  switch (code) {
    case READSTAT_ERROR_UNSUPPORTED_CHARSET:
      throw file_error(reading.path, "an encoding that is not known").hint("encoding= names it (encoding=\"GB18030\")");
    case READSTAT_ERROR_CONVERT:
    case READSTAT_ERROR_CONVERT_BAD_STRING:
    case READSTAT_ERROR_CONVERT_SHORT_STRING:
    case READSTAT_ERROR_CONVERT_LONG_STRING:
      throw file_error(reading.path, "text that is not in its encoding" + where)
          .hint("encoding= names another one (encoding=\"GB18030\")");
    case READSTAT_ERROR_UNSUPPORTED_FILE_FORMAT_VERSION:
      throw file_error(reading.path, "a version of the format that cannot be read");
    default:
      break;
  }
  core::Error error =
      file_error(reading.path, "not " + std::string(title) + " that can be read" + where + ": " +
                                   (reading.message.empty() ? plain(readstat_error_message(code)) : reading.message));
  throw error.hint("the file is truncated or damaged");
}

using Parse = readstat_error_t (*)(readstat_parser_t*, const char*, void*);
struct FreeParser {
  void operator()(readstat_parser_t* parser) const { readstat_parser_free(parser); }
};

/// One pass over the file.
readstat_error_t run(Reading& reading, Parse parse, const ReadOptions& options, bool raw_text) {
  const std::unique_ptr<readstat_parser_t, FreeParser> parser(readstat_parser_init());
  if (!parser) throw std::bad_alloc();
  readstat_set_metadata_handler(parser.get(), on_metadata);
  readstat_set_variable_handler(parser.get(), on_variable);
  readstat_set_value_label_handler(parser.get(), on_value_label);
  readstat_set_error_handler(parser.get(), on_error);
  readstat_set_value_handler(parser.get(), [](int row, readstat_variable_t* v, readstat_value_t value, void* context) {
    if (row == 0 && readstat_variable_get_index(v) == 0) {
      auto& r = *static_cast<Reading*>(context);
      if (!r.columns->empty())
        for (Variable& variable : r.content.variables)
          variable.wanted = std::find(r.columns->begin(), r.columns->end(), variable.name) != r.columns->end();
    }
    return on_value(row, v, value, context);
  });
  const std::string& encoding = options.csv.encoding;
  if (!encoding.empty()) readstat_set_file_character_encoding(parser.get(), encoding.c_str());
  if (raw_text) readstat_set_handler_character_encoding(parser.get(), nullptr);
  if (options.csv.rows) {
    const std::size_t most = std::max<std::size_t>(*options.csv.rows, 1);  // 0 means no limit there
    if (most < static_cast<std::size_t>(std::numeric_limits<int>::max()))
      readstat_set_row_limit(parser.get(), static_cast<long>(most));
  }
  return parse(parser.get(), reading.path.c_str(), &reading);
}

bool stata_before_unicode(const std::string& path) {
  const std::string head = first_bytes(path, 64);
  constexpr std::string_view opening = "<stata_dta><header><release>";
  return !core::starts_with(head, opening) || head.substr(opening.size(), 3) < "118";
}

/// ReadStat takes a file whose end is missing, without the value labels that stood there. Since format 117 a file ends
/// with a tag.
void require_stata_end(const std::string& path) {
  const Mapped file = map_file(path);
  constexpr std::size_t within = 64;  // blanks after the tag do no harm
  if (!core::starts_with(file.bytes, "<stata_dta>") || file.bytes.size() < within) return;
  if (file.bytes.substr(file.bytes.size() - within).find("</stata_dta>") == std::string_view::npos)
    throw file_error(path, "it is cut short: its last tag, </stata_dta>, is missing")
        .hint("the file is truncated or damaged");
}

data::Frame read_with(Parse parse, Program program, std::string_view title, const std::string& path,
                      const ReadOptions& options, Report& report) {
  Reading reading;
  reading.path = path;
  reading.file_size = size_of(path);
  reading.columns = &options.csv.columns;
  reading.content.program = program;
  reading.content.asked_encoding = options.csv.encoding;
  // Old Stata files do not say their encoding: their bytes are taken as they are, and looked at afterwards.
  const bool raw_text = options.csv.encoding.empty() && program == Program::stata && stata_before_unicode(path);
  const readstat_error_t code = run(reading, parse, options, raw_text);
  if (code != READSTAT_OK || reading.thrown) fail(reading, code, title);
  const std::int64_t wanted_rows =
      options.csv.rows
          ? std::min(reading.rows_claimed, static_cast<std::int64_t>(std::max<std::size_t>(*options.csv.rows, 1)))
          : reading.rows_claimed;
  if (!reading.content.variables.empty() && reading.rows_claimed >= 0 &&
      static_cast<std::int64_t>(reading.rows_seen) < wanted_rows)
    throw file_error(path, "its header claims " + core::grouped(reading.rows_claimed) + " rows, but only " +
                               core::grouped(static_cast<long long>(reading.rows_seen)) + " are there")
        .hint("the file is truncated or damaged");
  if (program == Program::stata) require_stata_end(path);
  to_utf8(reading.content, path, report);
  return frame_of(reading.content, path, options, report);
}

}  // namespace

data::Frame read_stata(const std::string& path, const ReadOptions& options, Report& report) {
  return read_with(readstat_parse_dta, Program::stata, "a Stata file", path, options, report);
}
data::Frame read_spss(const std::string& path, const ReadOptions& options, Report& report) {
  return read_with(readstat_parse_sav, Program::spss, "an SPSS file", path, options, report);
}
data::Frame read_spss_portable(const std::string& path, const ReadOptions& options, Report& report) {
  return read_with(readstat_parse_por, Program::spss, "an SPSS portable file", path, options, report);
}
data::Frame read_sas(const std::string& path, const ReadOptions& options, Report& report) {
  return read_with(readstat_parse_sas7bdat, Program::sas, "a SAS file", path, options, report);
}
data::Frame read_sas_transport(const std::string& path, const ReadOptions& options, Report& report) {
  constexpr std::size_t record = 80;  // a file is made of those, and says nowhere how many rows it has
  if (size_of(path) % record != 0)
    throw file_error(path, "it is cut short: its size is no multiple of 80 bytes")
        .hint("the file is truncated or damaged");
  return read_with(readstat_parse_xport, Program::sas, "a SAS transport file", path, options, report);
}

}  // namespace files
