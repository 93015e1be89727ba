#include "formula/tree.hpp"

#include <algorithm>
#include <cstdint>

#include "core/ascii.hpp"

namespace formula {
namespace {

Tree finished(Node&& made) {
  std::size_t below = 0;
  for (const Tree& child : made.children) below = std::max(below, child->depth);
  for (const auto& [key, value] : made.keywords) below = std::max(below, value->depth);
  made.depth = below + 1;
  if (made.depth > max_depth) {
    throw core::Error("the expression is nested over " + std::to_string(max_depth) + " levels deep")
        .hint("build it from fewer terms, or gather columns in a new one with gen()");
  }
  return std::make_shared<const Node>(std::move(made));
}

Node leaf(Op op, double value, std::string text) {
  Node out;
  out.op = op;
  out.number = value;
  out.text = std::move(text);
  return out;
}

using core::is_digit;

}  // namespace

Tree number(double value) { return finished(leaf(Op::number, value, {})); }
Tree text(std::string value) { return finished(leaf(Op::text, 0, std::move(value))); }
Tree truth(bool value) { return finished(leaf(Op::truth, value ? 1 : 0, {})); }
Tree name(std::string value) { return finished(leaf(Op::name, 0, std::move(value))); }

Tree node(Op op, std::vector<Tree> children) {
  if (op == Op::negate && children.front()->op == Op::number) return number(-children.front()->number);
  Node out = leaf(op, 0, {});
  out.children = std::move(children);
  return finished(std::move(out));
}

Tree call(std::string function, std::vector<Tree> children, std::vector<std::pair<std::string, Tree>> keywords) {
  Node out = leaf(Op::call, 0, std::move(function));
  out.children = std::move(children);
  out.keywords = std::move(keywords);
  return finished(std::move(out));
}

Tree prefix(std::string letter, Tree child) {
  Node out = leaf(Op::prefix, 0, std::move(letter));
  out.children.push_back(std::move(child));
  return finished(std::move(out));
}

Tree placed(const Tree& tree, std::shared_ptr<const std::string> source, std::size_t offset, std::size_t length) {
  Node out = *tree;
  out.source = std::move(source);
  out.offset = offset;
  out.length = length;
  return std::make_shared<const Node>(std::move(out));
}

namespace {
void collect_names(const Tree& tree, std::vector<std::string>& out) {
  if (tree->op == Op::name) {
    if (tree->text != "_n" && tree->text != "_N" && std::find(out.begin(), out.end(), tree->text) == out.end())
      out.push_back(tree->text);
    return;
  }
  for (const Tree& child : tree->children) collect_names(child, out);
}
}  // namespace

std::vector<std::string> names_in(const Tree& tree) {
  std::vector<std::string> out;
  if (tree) collect_names(tree, out);
  return out;
}

bool same(const Tree& a, const Tree& b) {
  if (a == b) return true;
  if (!a || !b || a->op != b->op || a->text != b->text || a->children.size() != b->children.size() ||
      a->keywords.size() != b->keywords.size())
    return false;
  const bool same_number = a->number == b->number || (a->number != a->number && b->number != b->number);
  if (!same_number) return false;
  for (std::size_t i = 0; i < a->children.size(); ++i)
    if (!same(a->children[i], b->children[i])) return false;
  for (std::size_t i = 0; i < a->keywords.size(); ++i)
    if (a->keywords[i].first != b->keywords[i].first || !same(a->keywords[i].second, b->keywords[i].second))
      return false;
  return true;
}

core::Error error_at(const Tree& tree, std::string message) {
  core::Error error(std::move(message));
  if (tree->source) return std::move(error).at({*tree->source, tree->offset, std::max<std::size_t>(tree->length, 1)});
  if (tree->op == Op::name || tree->op == Op::call) return std::move(error).word(tree->text);
  const std::vector<std::string> names = names_in(tree);
  return names.empty() ? error : std::move(error).word(names.front());
}

bool is_lag_word(const std::string& word) {
  if (word.empty() || std::string("LFDS").find(word[0]) == std::string::npos) return false;
  return word.size() <= 6 && std::all_of(word.begin() + 1, word.end(), is_digit);
}

bool is_prefix_word(const std::string& word) { return word == "i" || word == "c" || is_lag_word(word); }

bool is_plain_name(const std::string& word) {
  if (word.empty() || is_digit(word[0])) return false;
  for (const std::string reserved : {"and", "or", "not", "in", "true", "false"})
    if (word == reserved) return false;
  return std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

}  // namespace formula
