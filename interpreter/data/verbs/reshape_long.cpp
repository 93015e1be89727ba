#include "core/error.hpp"
#include "core/near.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/reshape.hpp"
#include "data/verbs/shapes.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <set>

namespace data {
namespace {

/// The wide columns of one stub by the value of j that their names hold.
struct Stub {
  std::string name;                         ///< of the long column
  std::map<std::string, std::string> wide;  ///< j as written → column
  std::vector<std::string> columns;         ///< in the frame's order
};

bool whole_number(std::string_view text, std::int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

Stub stub_of(const Frame& frame, const std::string& written, const ReshapeOptions& options) {
  const std::size_t at = written.find('@');
  const std::string head = written.substr(0, at) + options.separator;
  const std::string tail = at == std::string::npos ? "" : written.substr(at + 1);
  Stub out;
  out.name = written.substr(0, at) + tail;
  for (const std::string& name : frame.names()) {
    if (name.size() <= head.size() + tail.size() || !core::starts_with(name, head) ||
        name.compare(name.size() - tail.size(), tail.size(), tail) != 0)
      continue;
    if (std::find(options.i.begin(), options.i.end(), name) != options.i.end()) continue;
    const std::string middle = name.substr(head.size(), name.size() - head.size() - tail.size());
    std::int64_t value = 0;
    if (!options.text_j && !whole_number(middle, value)) continue;
    out.wide[middle] = name;
    out.columns.push_back(name);
  }
  if (out.columns.empty()) {
    core::Error error("no column is '" + head + "' and " + (options.text_j ? "a text" : "a whole number") +
                      (tail.empty() ? "" : " and '" + tail + "'"));
    error.word(written);
    if (!options.text_j) error.hint("string=true takes any text after the stub; separator=\"_\" reads gdp_2010");
    if (!frame.has(head)) error.hint(core::did_you_mean(head, frame.names(), "columns"));
    throw error;
  }
  return out;
}

/// Values of j over all stubs, in order: numbers by value, text by bytes.
std::vector<std::string> values_of(const std::vector<Stub>& stubs, const ReshapeOptions& options) {
  std::set<std::string> texts;
  for (const Stub& stub : stubs)
    for (const auto& [text, column] : stub.wide) texts.insert(text);
  if (options.text_j) return {texts.begin(), texts.end()};
  std::map<std::int64_t, std::string> numbers;
  for (const std::string& text : texts) {
    std::int64_t value = 0;
    whole_number(text, value);
    const auto [there, added] = numbers.emplace(value, text);
    if (!added)
      throw core::Error("'" + there->second + "' and '" + text + "' in column names are the same number " +
                        std::to_string(value))
          .hint("string=true keeps them apart, or rename the columns");
  }
  std::vector<std::string> out;
  out.reserve(numbers.size());
  for (const auto& [value, text] : numbers) out.push_back(text);
  return out;
}

ColumnPtr repeated_values(const std::vector<std::string>& values, std::size_t rows, bool text_j) {
  const std::size_t k = values.size();
  if (text_j) {
    std::vector<std::int32_t> codes(rows * k);
    for (std::size_t r = 0; r < codes.size(); ++r) codes[r] = static_cast<std::int32_t>(r % k);
    return Column::texts(std::move(codes), std::make_shared<std::vector<std::string>>(values));
  }
  std::vector<std::int64_t> numbers(k);
  for (std::size_t v = 0; v < k; ++v) whole_number(values[v], numbers[v]);
  Buffer<std::int64_t> out(rows * k);
  constexpr std::size_t block = 1 << 12;
  core::for_blocks(rows, block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) std::copy(numbers.begin(), numbers.end(), out.data() + r * k);
  });
  return Column::from_buffer(Type::integer, std::move(out));
}

/// The label that wide columns had before reshape_wide put their j in front of it, or the one they all share.
std::string long_label(const Frame& frame, const Stub& stub) {
  std::string common;
  for (const auto& [j, name] : stub.wide) {
    const std::string& label = frame.at(name)->label();
    const std::string mine = core::starts_with(label, j + " ") ? label.substr(j.size() + 1) : label;
    if (name != stub.wide.begin()->second && mine != common) return {};
    common = mine;
  }
  return common;
}

void check_identified(const Frame& frame, const ReshapeOptions& options) {
  const std::vector<ColumnPtr> by = columns_of(frame, options.i);
  if (const auto twice = repeated(keyed(by, frame.rows())))
    throw core::Error("i does not identify the rows: " + key_text(options.i, by, twice->first) + " stands in rows " +
                      std::to_string(twice->first + 1) + " and " + std::to_string(twice->second + 1))
        .word(options.i.front())
        .hint("name the columns that together are unique in i=, or number the rows: gen(id = _n)");
}

}  // namespace

Reshaped reshape_long(const Frame& frame, const ReshapeOptions& options) {
  check_identified(frame, options);
  std::vector<Stub> stubs;
  std::map<std::string, std::size_t> stub_at;  // first wide column → stub
  std::set<std::string> wide;
  for (const std::string& written : options.stubs) {
    Stub stub = stub_of(frame, written, options);
    for (const std::string& name : stub.columns)
      if (!wide.insert(name).second)
        throw core::Error("column '" + name + "' belongs to two stubs")
            .word(written)
            .hint("name one of the stubs more exactly");
    stub_at[stub.columns.front()] = stubs.size();
    stubs.push_back(std::move(stub));
  }
  Reshaped out;
  out.columns.assign(wide.begin(), wide.end());
  out.values = values_of(stubs, options);
  const std::size_t k = out.values.size();
  check_size(static_cast<double>(frame.rows()) * static_cast<double>(k), frame.width() - wide.size() + stubs.size() + 1,
             "reshape");
  std::vector<std::uint32_t> rows(frame.rows() * k);
  constexpr std::size_t block = 1 << 12;
  core::for_blocks(frame.rows(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r)
      std::fill_n(rows.begin() + static_cast<std::ptrdiff_t>(r * k), k, static_cast<std::uint32_t>(r));
  });
  out.frame = Frame(frame.name());
  const auto add = [&](const std::string& name, ColumnPtr column) {
    if (out.frame.has(name))
      throw core::Error("there is already a column '" + name + "'").word(name).hint("rename or drop it first");
    out.frame = out.frame.with(name, std::move(column));
  };
  for (const std::string& name : options.i) add(name, picked(*frame.at(name), rows));
  add(options.j, repeated_values(out.values, frame.rows(), options.text_j));
  for (const std::string& name : frame.names()) {
    if (const auto at = stub_at.find(name); at != stub_at.end()) {
      const Stub& stub = stubs[at->second];
      std::vector<Part> parts;
      for (const std::string& value : out.values) {
        const auto found = stub.wide.find(value);
        parts.push_back({found == stub.wide.end() ? nullptr : frame.at(found->second), frame.rows(), frame.name()});
        if (found == stub.wide.end())
          out.notes.push_back("there is no column of '" + stub.name + "' for " + options.j + " = " + value +
                              ": missing");
      }
      add(stub.name, interleaved(parts, stub.name)->labelled(long_label(frame, stub)));
    } else if (wide.count(name) == 0 && std::find(options.i.begin(), options.i.end(), name) == options.i.end()) {
      add(name, picked(*frame.at(name), rows));
    }
  }
  out.frame = with_shapes_of(frame, std::move(out.frame), rows, out.notes);
  if (frame.panel()) out.notes.push_back("the panel index is dropped: declare panel(…) again");
  return out;
}

}  // namespace data
