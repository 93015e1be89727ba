#include "formula/factors.hpp"

#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/compile.hpp"
#include "formula/terms.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unordered_map>
#include <utility>

namespace formula {

using data::Type;

namespace {

Part part_of(Tree values, std::string label) {
  Part out;
  out.values = std::move(values);
  out.label = std::move(label);
  return out;
}

std::vector<Tree> references(const Tree& given) {
  std::vector<Tree> out = given->op == Op::list ? given->children : std::vector<Tree>{given};
  for (const Tree& ref : out)
    if (ref->op != Op::number && ref->op != Op::text && ref->op != Op::truth && ref->op != Op::name)
      throw error_at(ref, "a reference level is a number or a text, not " + print(ref))
          .hint("several are written ref={2013, 2014}");
  return out;
}

/// bin={2011, 2012}: one bin; {{2011, 2012}, {2013, 2014}}: several; list(early={2011, 2012}): named; 2 or "bin::2":
/// every two units.
void read_bins(const Tree& given, Part& part) {
  const auto width = [&](double value) {
    if (!(value > 0)) throw error_at(given, "bin= takes a positive width or lists of levels");
    part.bin_width = value;
  };
  if (given->op == Op::number) return width(given->number);
  if (given->op == Op::text) {
    constexpr std::string_view head = "bin::";
    if (!core::starts_with(given->text, std::string(head)))
      throw error_at(given, "bin='" + given->text + "' means nothing").hint("write bin={2011, 2012} or 'bin::2'");
    return width(std::strtod(given->text.c_str() + head.size(), nullptr));
  }
  const bool named = given->op == Op::call && given->text == "list";
  if (named) {
    for (const auto& [label, levels] : given->keywords) part.bins.push_back({label, references(levels)});
    for (const Tree& levels : given->children) part.bins.push_back({"", references(levels)});
  } else if (given->op == Op::list && !given->children.empty() && given->children.front()->op == Op::list) {
    for (const Tree& levels : given->children) part.bins.push_back({"", references(levels)});
  } else {
    part.bins.push_back({"", references(given)});
  }
}

/// The variable beside the factor in i(f, x): i.x, c.x or x.
Part second_part(const Tree& tree) {
  if (tree->op == Op::prefix && (tree->text == "i" || tree->text == "c")) {
    Part out = part_of(tree->children[0], print(tree->children[0]));
    out.coded = tree->text == "i";
    out.continuous = !out.coded;
    return out;
  }
  return part_of(tree, factor_label(tree));
}

bool is_reference(const Tree& ref, const data::Column& column, std::size_t row) {
  if (ref->op == Op::number || ref->op == Op::truth) {
    const bool has_number = column.is_numeric() || (column.type() == Type::category && !column.level_values().empty());
    if (has_number) return column.number(row) == ref->number;
    return column.text(row) == core::shortest(ref->number);
  }
  return column.text(row) == ref->text;
}

[[noreturn]] void unknown_reference(const Part& part, const Tree& ref, const data::Column& column) {
  const data::Grouping groups = data::sorted(data::group(column), column);
  std::vector<std::string> known;
  for (const std::uint32_t row : groups.first) known.push_back(column.text(row));
  const std::string given = ref->op == Op::number ? core::shortest(ref->number) : ref->text;
  core::Error error = error_at(ref, "'" + given + "' is not a level of " + print(part.values));
  throw error.hint(core::did_you_mean(given, known, "levels"));
}

}  // namespace

std::vector<Part> parts_of(const Tree& factor) {
  if (factor->op == Op::prefix && factor->text == "c") {
    Part out = part_of(factor->children[0], factor_label(factor));
    out.continuous = true;
    return {out};
  }
  if (factor->op == Op::prefix && factor->text == "i") {
    Part out = part_of(factor->children[0], print(factor));
    out.coded = true;
    return {out};
  }
  if (factor->op != Op::call || factor->text != "i") return {part_of(factor, factor_label(factor))};

  if (factor->children.empty() || factor->children.size() > 2)
    throw error_at(factor, "i() takes a factor, and perhaps a variable to interact it with")
        .hint("i(event, treat, ref=-1)");
  Part first = part_of(factor->children[0], "i(" + print(factor->children[0]) + ")");
  first.coded = true;
  std::vector<Part> out = {first};
  if (factor->children.size() == 2) {
    out[0].own_coding = true;
    out.push_back(second_part(factor->children[1]));
    out[1].own_coding = true;
  }
  for (const auto& [key, value] : factor->keywords) {
    if (key == "ref") {
      out[0].refs = references(value);
    } else if (key == "bin") {
      read_bins(value, out[0]);
    } else if (key == "ref2" && out.size() == 2) {
      out[1].refs = references(value);
      out[1].coded = true;
    } else {
      throw error_at(factor, "i() has no option '" + key + "'")
          .hint(core::did_you_mean(
              key,
              out.size() == 2 ? std::vector<std::string>{"ref", "ref2", "bin"} : std::vector<std::string>{"ref", "bin"},
              "options"));
    }
  }
  return out;
}

void classify(Part& part, const data::Column& column) {
  const bool text = column.type() == Type::text || column.type() == Type::category;
  if (part.continuous && (column.type() == Type::text || (text && column.level_values().empty())))
    throw error_at(part.values, "'" + print(part.values) + "' is text: it has no numbers for c.");
  if (text && !part.continuous && column.level_values().empty()) part.coded = true;
}

namespace {

bool anywhere(const Tree& level, const data::Column& column) {
  for (std::size_t row = 0; row < column.size(); ++row)
    if (!column.missing(row) && is_reference(level, column, row)) return true;
  return false;
}

/// The bin of each level: the place of the first level that shares its coefficient. Fills `labels` of those.
std::vector<std::size_t> bins_of(const Part& part, const data::Column& column, const std::vector<std::uint32_t>& first,
                                 std::vector<std::string>& labels) {
  std::vector<std::size_t> bin(first.size());
  std::vector<bool> used(first.size(), false);
  for (std::size_t level = 0; level < bin.size(); ++level) bin[level] = level;
  for (const Bin& one : part.bins) {
    std::size_t leader = first.size();
    for (std::size_t level = 0; level < first.size(); ++level) {
      const bool inside = std::any_of(one.levels.begin(), one.levels.end(),
                                      [&](const Tree& given) { return is_reference(given, column, first[level]); });
      if (!inside) continue;
      if (used[level]) throw error_at(one.levels.front(), "level " + column.text(first[level]) + " stands in two bins");
      used[level] = true;
      leader = std::min(leader, level);
      bin[level] = leader;
    }
    for (const Tree& given : one.levels)
      if (!anywhere(given, column)) unknown_reference(part, given, column);
    if (!one.label.empty() && leader < first.size()) labels[leader] = one.label;
  }
  if (part.bin_width > 0) {
    if (!column.is_numeric())
      throw error_at(part.values, "'" + print(part.values) + "' is text: it has no bins of equal width")
          .hint("name the levels: bin={{'a', 'b'}, {'c', 'd'}}");
    const auto place = [&](std::size_t level) {
      return std::floor((column.number(first[level]) - column.number(first.front())) / part.bin_width);
    };
    for (std::size_t level = 1; level < first.size(); ++level) {
      if (place(level) != place(level - 1)) continue;
      bin[level] = bin[level - 1];
      labels[bin[level]] = column.text(first[bin[level]]) + "-" + column.text(first[level]);
    }
  }
  return bin;
}

}  // namespace

std::string code_levels(Part& part, const data::Column& column, const std::vector<std::uint32_t>& rows,
                        bool drop_first) {
  const data::Grouping groups = data::sorted(data::group(column, rows), column);
  std::vector<std::string> labels;
  for (const std::uint32_t row : groups.first)
    labels.push_back(column.type() == Type::boolean ? core::shortest(column.number(row)) : column.text(row));
  const std::vector<std::size_t> bin = bins_of(part, column, groups.first, labels);
  std::vector<bool> omitted(groups.first.size(), false);
  std::string note;
  for (const Tree& ref : part.refs) {
    bool found = false;
    for (std::size_t level = 0; level < omitted.size(); ++level)
      if (is_reference(ref, column, groups.first[level]) || (ref->op == Op::text && labels[bin[level]] == ref->text))
        found = omitted[bin[level]] = true;
    if (found) continue;
    if (!anywhere(ref, column)) unknown_reference(part, ref, column);
    note = "reference level " + print(ref) + " of " + part.label + " is in none of the rows used";
  }
  if (part.refs.empty() && drop_first && !omitted.empty()) omitted[0] = true;

  part.levels.clear();
  part.level_labels.clear();
  part.slots.clear();
  part.kept = 0;
  for (std::size_t level = 0; level < omitted.size(); ++level) {
    part.levels.push_back(column.text(groups.first[level]));
    part.level_labels.push_back(labels[level]);
    if (bin[level] != level)
      part.slots.push_back(part.slots[bin[level]]);
    else
      part.slots.push_back(omitted[level] ? -1 : part.kept++);
  }
  return note;
}

std::vector<std::int32_t> level_codes(const Part& part, const data::Column& column,
                                      const std::vector<std::uint32_t>& rows) {
  std::unordered_map<std::string_view, std::int32_t> level_of;
  for (std::size_t i = 0; i < part.levels.size(); ++i) level_of.emplace(part.levels[i], static_cast<std::int32_t>(i));
  data::Grouping groups = data::group(column, rows);
  std::vector<std::int32_t> level(groups.first.size());
  for (std::size_t g = 0; g < level.size(); ++g) {
    const auto known = level_of.find(column.text(groups.first[g]));
    level[g] = known == level_of.end() ? -2 : known->second;
  }
  for (std::int32_t& code : groups.codes)
    if (code >= 0) code = level[static_cast<std::size_t>(code)];
  return std::move(groups.codes);
}

}  // namespace formula
