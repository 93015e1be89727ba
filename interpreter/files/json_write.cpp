// JSON records: one object a line, in a list for .json, bare for .jsonl.
#include "files/json_write.hpp"

#include "core/interrupt.hpp"
#include "core/new_file.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "files/format.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

namespace files {

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

JsonRows::JsonRows(const data::Frame& frame) {
  for (std::size_t c = 0; c < frame.width(); ++c) {
    columns_.push_back(frame.column(c));
    keys_.push_back((c ? ", " : "") + json_text(frame.names()[c]) + ": ");
    words_.emplace_back();
    if (columns_.back()->dictionary())
      for (const std::string& word : *columns_.back()->dictionary()) words_.back().push_back(json_text(word));
  }
}

void JsonRows::append(std::string& out, std::size_t row) {
  out += '{';
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const data::Column& column = *columns_[c];
    out += keys_[c];
    const bool infinite = column.type() == data::Type::real && std::isinf(column.reals()[row]);
    if (infinite) ++infinite_;
    if (column.missing(row) || infinite)
      out += "null";
    else if (column.type() == data::Type::date)
      out += '"' + data::iso_date(column.integers()[row]) + '"';
    else if (column.dictionary())
      out += words_[c][static_cast<std::size_t>(column.codes()[row])];
    else
      out += column.text(row);
  }
  out += '}';
}

void JsonRows::note(Report& report) const {
  if (infinite_)
    report.notes.push_back(core::counted(infinite_, "infinite value") + " written as null: JSON has no other way");
}

void write_json(const data::Frame& frame, const std::string& path, const WriteOptions&, Report& report) {
  if (frame.geometry()) report.notes.push_back("shapes are not written: .geojson and .mtf keep them");
  const std::string ending = core::lower(std::filesystem::path(path).extension().string());
  const bool lines = ending == ".jsonl" || ending == ".ndjson";
  core::NewFile file(path);
  JsonRows rows(frame);
  std::string out = lines ? "" : "[\n";
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    rows.append(out, row);
    out += !lines && row + 1 < frame.rows() ? ",\n" : "\n";
    if (out.size() >= (std::size_t{1} << 20)) {
      core::poll();
      file.write(out);
      out.clear();
    }
  }
  if (!lines) out += "]\n";
  file.write(out);
  file.commit();
  rows.note(report);
}

}  // namespace files
