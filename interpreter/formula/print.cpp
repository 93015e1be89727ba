// Tree → text with the fewest parentheses. The levels are those of the grammar in parse.hpp.
#include "core/text.hpp"
#include "formula/tree.hpp"

#include <cmath>

namespace formula {
namespace {

enum Level {
  bar_level,
  or_level,
  and_level,
  not_level,
  tilde_level,
  comparison_level,
  sum_level,
  product_level,
  unary_level,
  power_level,
  cross_level,
  interact_level,
  operand_level,
  postfix_level,
  primary_level
};

Level level_of(const Node& node);

bool is_plain_number(const Node& node) { return level_of(node) == primary_level && node.op == Op::number; }

/// Does it begin, or end, so that a '^' next to it would take a part of it away?
bool begins_with_number(const Node& node) {
  const bool chain = node.op == Op::interact || node.op == Op::cross;
  if (!chain) return false;
  const Node& first = *node.children[0];
  return is_plain_number(first) || begins_with_number(first);
}
bool ends_with_power(const Node& node) {
  if (node.op == Op::power) return true;
  return (node.op == Op::interact || node.op == Op::cross) && ends_with_power(*node.children[1]);
}

Level level_of(const Node& node) {
  switch (node.op) {
    case Op::disjunction:
      return or_level;
    case Op::conjunction:
      return and_level;
    case Op::negation:
      return not_level;
    case Op::bar:
      return bar_level;
    case Op::tilde:
      return tilde_level;
    case Op::equal:
    case Op::unequal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::member:
      return comparison_level;
    case Op::plus:
    case Op::minus:
      return sum_level;
    case Op::times:
    case Op::divide:
      return product_level;
    case Op::negate:
      return unary_level;
    case Op::power:
      return is_plain_number(*node.children[1]) ? operand_level : power_level;
    case Op::cross:
      return cross_level;
    case Op::interact:
      return interact_level;
    case Op::slopes:
    case Op::slopes_only:
      return postfix_level;
    case Op::number:
      return std::signbit(node.number) && !std::isnan(node.number) ? unary_level : primary_level;
    default:
      return primary_level;
  }
}

const char* sign_of(Op op) {
  switch (op) {
    case Op::disjunction:
      return " or ";
    case Op::conjunction:
      return " and ";
    case Op::bar:
      return " | ";
    case Op::tilde:
      return " ~ ";
    case Op::equal:
      return " == ";
    case Op::unequal:
      return " != ";
    case Op::less:
      return " < ";
    case Op::less_equal:
      return " <= ";
    case Op::greater:
      return " > ";
    case Op::greater_equal:
      return " >= ";
    case Op::member:
      return " in ";
    case Op::plus:
      return " + ";
    case Op::minus:
      return " - ";
    case Op::times:
      return "*";
    case Op::divide:
      return "/";
    case Op::cross:
      return "##";
    default:
      return ":";
  }
}

void quote(std::string& out, const std::string& text, char mark) {
  out += mark;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\t') {
      out += "\\t";
      continue;
    }
    if (c == mark || c == '\\') out += '\\';
    out += c;
  }
  out += mark;
}

/// "log.gdp" reads back as one name; "L.x" would not.
bool is_dotted_name(const std::string& word) {
  const std::size_t dot = word.find('.');
  if (dot == std::string::npos || dot == 0 || word.back() == '.') return false;
  std::string head = word.substr(0, dot);
  for (const char c : head)
    if (std::string("icLFDS0123456789").find(c) == std::string::npos) {
      std::string all = word;
      for (std::size_t i = 1; i < all.size(); ++i)
        if (all[i] == '.' && all[i - 1] == '.') return false;
      for (char& c2 : all)
        if (c2 == '.') c2 = '_';
      return is_plain_name(head) && is_plain_name(all);
    }
  return false;
}

void write(std::string& out, const Tree& tree);

void write_in(std::string& out, const Tree& tree, bool parentheses) {
  if (parentheses) out += '(';
  write(out, tree);
  if (parentheses) out += ')';
}
void write_at(std::string& out, const Tree& tree, int lowest) { write_in(out, tree, level_of(*tree) < lowest); }

void write_list(std::string& out, const std::vector<Tree>& trees, std::size_t first = 0) {
  for (std::size_t i = first; i < trees.size(); ++i) {
    if (i > first) out += ", ";
    write(out, trees[i]);
  }
}

void write_call(std::string& out, const Node& node) {
  out += node.text;
  out += '(';
  write_list(out, node.children);
  bool comma = !node.children.empty();
  for (const auto& [key, value] : node.keywords) {
    if (comma) out += ", ";
    comma = true;
    out += key + "=";
    write(out, value);
  }
  out += ')';
}

/// Powers group to the right, and their exponent may carry a minus.
void write_power(std::string& out, const Node& node) {
  const Node& base = *node.children[0];
  const Node& exponent = *node.children[1];
  const Level least = is_plain_number(exponent) ? postfix_level : cross_level;
  write_in(out, node.children[0], level_of(base) < least || ends_with_power(base));
  out += '^';
  write_in(out, node.children[1], level_of(exponent) < unary_level || begins_with_number(exponent));
}

void write_binary(std::string& out, const Tree& tree) {
  const Node& node = *tree;
  if (node.op == Op::power) return write_power(out, node);
  const int own = level_of(node);
  write_at(out, node.children[0], own == comparison_level ? own + 1 : own);
  out += sign_of(node.op);
  write_at(out, node.children[1], own + 1);
}

void write(std::string& out, const Tree& tree) {
  const Node& node = *tree;
  switch (node.op) {
    case Op::number:
      if (std::isinf(node.number))
        out += node.number > 0 ? "1e999" : "-1e999";
      else
        out += core::shortest(node.number);
      return;
    case Op::text:
      return quote(out, node.text, '\'');
    case Op::truth:
      out += node.number != 0 ? "true" : "false";
      return;
    case Op::name:
      if (is_plain_name(node.text) || is_dotted_name(node.text))
        out += node.text;
      else
        quote(out, node.text, '`');
      return;
    case Op::list:
      out += '{';
      write_list(out, node.children);
      out += '}';
      return;
    case Op::call:
      return write_call(out, node);
    case Op::prefix:
      out += node.text + ".";
      return write_at(
          out, node.children[0],
          node.children[0]->op == Op::name || node.children[0]->op == Op::call || node.children[0]->op == Op::prefix
              ? primary_level
              : primary_level + 1);
    case Op::negation:
      out += "not ";
      return write_at(out, node.children[0], not_level);
    case Op::negate:
      out += '-';  // "--" would start a comment in a script
      return write_at(out, node.children[0], level_of(*node.children[0]) == unary_level ? power_level : unary_level);
    case Op::slopes:
    case Op::slopes_only:
      write_at(out, node.children[0], postfix_level);
      out += node.op == Op::slopes ? "[" : "[[";
      write_list(out, node.children, 1);
      out += node.op == Op::slopes ? "]" : "]]";
      return;
    case Op::tilde:
      if (node.children.size() == 1) {
        out += "~ ";
        return write_at(out, node.children[0], tilde_level + 1);
      }
      return write_binary(out, tree);
    default:
      return write_binary(out, tree);
  }
}

}  // namespace

std::string print(const Tree& tree) {
  std::string out;
  if (tree) write(out, tree);
  return out;
}

}  // namespace formula
