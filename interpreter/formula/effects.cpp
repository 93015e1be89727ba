#include "formula/effects.hpp"

#include "formula/groups.hpp"

#include <utility>

namespace formula {
namespace {

bool has_slopes(const Tree& effect) { return effect->op == Op::slopes || effect->op == Op::slopes_only; }

void collect_columns(const Tree& tree, std::vector<Tree>& out) {
  const bool combines = tree->op == Op::power || tree->op == Op::interact;
  if (combines)
    for (const Tree& child : tree->children) collect_columns(child, out);
  else if (tree->op == Op::prefix && tree->text == "i")
    collect_columns(tree->children[0], out);
  else if (has_slopes(tree))
    collect_columns(tree->children[0], out);
  else
    out.push_back(tree);
}

}  // namespace

std::vector<Tree> columns_of_effect(const Tree& effect) {
  std::vector<Tree> out;
  collect_columns(effect, out);
  for (const Tree& column : out)
    if (column->op == Op::number || column->op == Op::text)
      throw error_at(column, print(column) + " is no column to make groups of");
  return out;
}

std::vector<Tree> variables_of_effect(const Tree& effect) {
  std::vector<Tree> out = columns_of_effect(effect);
  if (has_slopes(effect)) out.insert(out.end(), effect->children.begin() + 1, effect->children.end());
  return out;
}

namespace {
data::Grouping grouped(const Tree& term, Columns& columns, const std::vector<std::uint32_t>& rows) {
  std::vector<data::ColumnPtr> parts;
  for (const Tree& column : columns_of_effect(term)) parts.push_back(columns.at(column));
  return sorted_groups(parts, &rows);
}
}  // namespace

Effects encode(const std::vector<Tree>& terms, Columns& columns, const std::vector<std::uint32_t>& rows) {
  Effects out;
  for (const Tree& term : terms) {
    data::Grouping groups = grouped(term, columns, rows);
    numerics::FixedEffect effect;
    effect.codes = std::move(groups.codes);
    effect.levels = groups.levels();
    effect.intercept = term->op != Op::slopes_only;
    if (has_slopes(term))
      for (std::size_t i = 1; i < term->children.size(); ++i) {
        numerics::Vector slope(static_cast<numerics::Index>(rows.size()));
        gather(term->children[i], *columns.at(term->children[i]), rows, slope.data());
        effect.slopes.push_back(std::move(slope));
      }
    out.fe.push_back(std::move(effect));
    out.groups.push_back(std::move(groups));
  }
  return out;
}

void keep_rows(Effects& effects, std::vector<std::uint32_t>& rows, const std::vector<bool>& keep) {
  const auto squeeze = [&](auto& values) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < keep.size(); ++i)
      if (keep[i]) values[static_cast<numerics::Index>(kept++)] = values[static_cast<numerics::Index>(i)];
    return kept;
  };
  for (std::size_t q = 0; q < effects.fe.size(); ++q) {
    numerics::FixedEffect& effect = effects.fe[q];
    effect.codes.resize(squeeze(effect.codes));
    for (numerics::Vector& slope : effect.slopes)
      slope.conservativeResize(static_cast<numerics::Index>(squeeze(slope)));
    std::vector<std::int32_t> code_of(static_cast<std::size_t>(effect.levels), -1);
    for (const std::int32_t code : effect.codes) code_of[static_cast<std::size_t>(code)] = 0;
    std::vector<std::uint32_t> first;
    for (std::size_t level = 0; level < code_of.size(); ++level) {
      if (code_of[level] < 0) continue;
      code_of[level] = static_cast<std::int32_t>(first.size());
      first.push_back(effects.groups[q].first[level]);
    }
    for (std::int32_t& code : effect.codes) code = code_of[static_cast<std::size_t>(code)];
    effect.levels = static_cast<std::int32_t>(first.size());
    effects.groups[q].first = std::move(first);
  }
  rows.resize(squeeze(rows));
}

std::vector<FixedEffectInfo> describe_effects(const std::vector<Tree>& terms, const Effects& effects,
                                              Columns& columns) {
  std::vector<FixedEffectInfo> out;
  for (std::size_t q = 0; q < terms.size(); ++q) {
    FixedEffectInfo info;
    info.name = print(terms[q]);
    if (has_slopes(terms[q]))
      for (std::size_t i = 1; i < terms[q]->children.size(); ++i)
        info.slope_names.push_back(print(terms[q]->children[i]));
    std::vector<data::ColumnPtr> parts;
    for (const Tree& column : columns_of_effect(terms[q])) parts.push_back(columns.at(column));
    info.level_names.reserve(effects.groups[q].first.size());
    for (const std::uint32_t row : effects.groups[q].first) {
      std::string name = parts.front()->text(row);
      for (std::size_t i = 1; i < parts.size(); ++i) name += "_" + parts[i]->text(row);
      info.level_names.push_back(std::move(name));
    }
    out.push_back(std::move(info));
  }
  return out;
}

data::Grouping group_of(const Tree& term, const data::Frame& frame, const std::vector<std::uint32_t>& rows) {
  Columns columns(frame);
  return grouped(term, columns, rows);
}

}  // namespace formula
