#include "data/verbs/append.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "data/verbs/picked.hpp"

#include <algorithm>

namespace data {
namespace {

bool is_words(const Column& column) { return column.type() == Type::text || column.type() == Type::category; }

bool goes_with(const Column& a, const Column& b) {
  return is_words(a) == is_words(b) && (a.type() == Type::date) == (b.type() == Type::date);
}

}  // namespace

Appended append(const Frame& first, std::span<const Frame> others, std::span<const std::string> columns, bool force) {
  Appended out{Frame(first.name()), {}};
  std::vector<std::string> names = first.names();
  double rows = static_cast<double>(first.rows());
  for (const Frame& frame : others) {
    rows += static_cast<double>(frame.rows());
    for (const std::string& name : frame.names()) {
      const bool wanted = columns.empty() || std::find(columns.begin(), columns.end(), name) != columns.end();
      if (wanted && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  check_size(rows, names.size(), "append");
  for (const std::string& name : columns)
    if (std::none_of(others.begin(), others.end(), [&](const Frame& frame) { return frame.has(name); }))
      others.front().at(name);  // throws with the near name

  std::vector<std::string> apart;
  for (const std::string& name : names) {
    std::vector<Part> parts = {{first.find(name), first.rows(), first.name()}};
    ColumnPtr known = parts.front().column;
    for (const Frame& frame : others) {
      const bool wanted = columns.empty() || std::find(columns.begin(), columns.end(), name) != columns.end();
      ColumnPtr column = wanted ? frame.find(name) : nullptr;
      if (column && known && force && !goes_with(*known, *column)) {
        out.notes.push_back("'" + name + "' is a " + std::string(name_of(column->type())) + " column in '" +
                            frame.name() + "', not a " + std::string(name_of(known->type())) +
                            ": its values there are missing");
        column = nullptr;
      }
      if (!known) known = column;
      parts.push_back({std::move(column), frame.rows(), frame.name()});
    }
    try {
      out.frame = out.frame.with(name, stacked(parts, name));
    } catch (core::Error& error) {
      throw error.hint("force=true makes the values of the other type missing");
    }
    if (!first.has(name)) apart.push_back(name);
  }
  if (!apart.empty())
    out.notes.push_back(core::join(apart, ", ") + (apart.size() == 1 ? " is" : " are") +
                        " not in the data: missing in its rows");
  for (const Frame& frame : others) {
    std::vector<std::string> lacking;
    for (const std::string& name : first.names())
      if (!frame.has(name)) lacking.push_back(name);
    if (!lacking.empty() && columns.empty())
      out.notes.push_back(core::join(lacking, ", ") + (lacking.size() == 1 ? " is" : " are") + " not in '" +
                          frame.name() + "': missing in its rows");
  }
  out.frame = follow_panel(first, std::move(out.frame), out.notes);
  return out;
}

}  // namespace data
