#include "files/files.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "files/format.hpp"
#include "files/input.hpp"

#include <algorithm>
#include <filesystem>

namespace files {
namespace {

std::string ending_of(const std::string& path) {
  const std::string ending = core::lower(std::filesystem::path(path).extension().string());
  return ending.empty() ? ending : ending.substr(1);
}

std::vector<std::string> strings(const std::vector<std::string_view>& names) { return {names.begin(), names.end()}; }

void check_options(const std::vector<std::string>& given, const std::vector<std::string_view>& taken,
                   const Format& format, const std::string& verb) {
  for (const std::string& name : given) {
    if (name == "format" || std::find(taken.begin(), taken.end(), name) != taken.end()) continue;
    std::string message = "option '" + name + "' does not apply to ";
    core::Error error(message.append(verb).append(" ").append(format.title));
    if (taken.empty())
      error.hint("there are no options for it");
    else
      error.hint("options that do: " + core::join(strings(taken), ", "));
    throw error.word(name);
  }
}

const Format& named_format(const std::string& name, const std::vector<std::string>& known) {
  const Format* format = find_format(name);
  if (!format || std::find(known.begin(), known.end(), format->name) == known.end())
    throw core::Error("'" + name + "' is not a format").hint(core::did_you_mean(name, known, "formats", 20)).word(name);
  return *format;
}

bool is_text(std::string_view head) {
  return !head.empty() && std::all_of(head.begin(), head.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\r' || c == '\t';
  });
}

/// The bytes as far as they can be shown.
std::string shown(std::string_view head) {
  std::string out;
  for (const char c : head.substr(0, 12)) {
    if (c < ' ' || c > '~') break;
    out += c;
  }
  return out;
}

/// The container of Excel's files before 2007, and of those with a password.
void refuse_old_excel(const std::string& path) {
  if (first_bytes(path, 8) == "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    throw file_error(path, "an Excel file of the old kind (.xls), or one with a password, which are not read")
        .hint("open it in Excel or LibreOffice and save it as .xlsx, without a password");
}

const Format& reading_format(const std::string& path, const ReadOptions& options, Report& report) {
  if (!options.format.empty()) return named_format(options.format, readable_formats());
  refuse_old_excel(path);
  const std::string ending = ending_of(path);
  const Format* by_ending = find_format(ending);
  const Format* by_content = format_of_content(path, ending);
  if (by_content) {
    if (by_ending && by_ending != by_content && !(by_ending->name == "json" && by_content->name == "geojson"))
      report.notes.push_back("'" + path + "' is " + std::string(by_content->title) +
                             " by its content, and is read as one (format= decides otherwise)");
    return *by_content;
  }
  if (by_ending && !by_ending->text) {
    const std::string head = first_bytes(path, 12);
    core::Error error("'" + path + "' is not " + std::string(by_ending->title) +
                      (head.empty()          ? ": it is empty"
                       : shown(head).empty() ? ": its first bytes are not those of one"
                                             : ": it begins with \"" + shown(head) + "\""));
    if (is_text(head)) error.hint("format=\"csv\" reads it as delimited text");
    throw error;
  }
  return by_ending ? *by_ending : *find_format("csv");
}

}  // namespace

std::vector<std::string> readable_formats() {
  std::vector<std::string> out;
  for (const Format& format : formats()) out.emplace_back(format.name);
  return out;
}

std::vector<std::string> writable_formats() {
  std::vector<std::string> out;
  for (const Format& format : formats())
    if (format.writer) out.emplace_back(format.name);
  return out;
}

data::Frame read(const std::string& path, const ReadOptions& options, Report* report) {
  Report own;
  Report& told = report ? *report : own;
  const Format& format = reading_format(path, options, told);
  told.format = format.title;
  check_options(options.given, format.read_options, format, "reading");
  return format.reader(path, options, told).named(stem(path));
}

void write(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report* report) {
  Report own;
  Report& told = report ? *report : own;
  const std::string ending = ending_of(path);
  const Format* format =
      options.format.empty() ? find_format(ending) : &named_format(options.format, writable_formats());
  if (!format || !format->writer)
    throw core::Error((ending.empty() ? "'" + path + "' has no ending that says the format"
                       : format       ? std::string(format->title) + " can be read, not written"
                                      : "unknown ending '." + ending + "'"))
        .hint(core::did_you_mean(ending, writable_formats(), "endings", 20))
        .word(path);
  told.format = format->title;
  check_options(options.given, format->write_options, *format, "writing");
  format->writer(frame, path, options, told);
}

data::Frame read_delimited(const std::string& path, const ReadOptions& options, Report& report) {
  data::CsvReport csv;
  data::Frame frame = data::read_csv(path, options.csv, &csv);
  report.notes.insert(report.notes.end(), csv.notes.begin(), csv.notes.end());
  return frame;
}

void write_delimited(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report) {
  if (frame.geometry()) report.notes.push_back("shapes are not written: .geojson and .mtf keep them");
  const std::string format = options.format.empty() ? ending_of(path) : options.format;
  data::write_csv(frame, path, format == "tsv" || format == "tab" ? '\t' : ',');
}

}  // namespace files
