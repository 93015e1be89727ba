#include "estimators/did/sunab_term.hpp"

#include "core/error.hpp"
#include "estimators/settings.hpp"

#include <cmath>

namespace estimators {
namespace {

using formula::Op;
using formula::Tree;

bool is_term(const Tree& tree) { return tree->op == Op::call && tree->text == "sunab"; }

/// The tree without sunab terms of sums, which go to `found`; null when nothing is left.
Tree without(const Tree& tree, std::vector<Tree>& found) {
  if (is_term(tree)) {
    found.push_back(tree);
    return nullptr;
  }
  if (tree->op != Op::plus) return tree;
  std::vector<Tree> left;
  for (const Tree& child : tree->children)
    if (Tree one = without(child, found)) left.push_back(std::move(one));
  if (left.empty()) return nullptr;
  return left.size() == 1 ? left.front() : formula::node(Op::plus, std::move(left));
}

/// The same for the right side of a formula, which keeps 1.
Tree formula_without(const Tree& tree, std::vector<Tree>& found) {
  if (tree->op != Op::tilde && tree->op != Op::bar) return tree;
  std::vector<Tree> parts = tree->children;
  if (tree->op == Op::bar) {
    parts.front() = formula_without(parts.front(), found);
  } else {
    const Tree right = without(parts.back(), found);
    parts.back() = right != nullptr ? right : formula::number(1);
  }
  return found.empty() ? tree : formula::node(tree->op, std::move(parts));
}

std::vector<double> numbers_of(const Tree& tree) {
  if (tree->op == Op::number) return {tree->number};
  std::vector<double> out;
  if (tree->op == Op::list)
    for (const Tree& one : tree->children)
      if (one->op == Op::number) out.push_back(one->number);
  if (out.empty() || out.size() != tree->children.size())
    throw core::Error("ref= of sunab(…) takes event times: ref=-1, ref={-1, -9}").word("ref");
  return out;
}

core::Error hinted(const std::string& message) {
  return core::Error(message).hint("sunab(y ~ x, cohort=first_year) is the command").word("sunab");
}

void read_keywords(const Tree& term, Options& options) {
  for (const auto& [key, value] : term->keywords) {
    if (key == "ref") {
      options.set("ref", numbers_of(value));
    } else if (key == "agg" && (value->op == Op::text || value->op == Op::name)) {
      options.set("agg", value->text);
    } else if (key == "att" && value->op == Op::truth) {
      if (value->number != 0) options.set("agg", std::string("att"));
    } else {
      throw hinted("sunab(…) in a formula takes ref=, agg= and att=true, not " + key + "=" + formula::print(value));
    }
  }
}

}  // namespace

std::optional<Request> sunab_request(const Request& request, const std::string& command) {
  if (request.formula == nullptr) return std::nullopt;
  std::vector<Tree> found;
  Request out = request;
  out.formula = formula_without(request.formula, found);
  if (found.empty()) return std::nullopt;
  if (found.size() > 1) throw hinted("a formula takes one sunab(cohort, period), not " + std::to_string(found.size()));
  const Tree& term = found.front();
  if (term->children.size() != 2 || term->children.back()->op != Op::name)
    throw hinted("sunab(…) in a formula takes the cohort and the period, a column: sunab(first_year, year)");
  Settings settings = read_settings(request, command);
  Request plain = request;
  plain.formula = out.formula;
  const formula::Parts parts = read_formula(plain, settings);
  if (parts.fe.empty())
    throw hinted("sunab(cohort, period) needs fixed effects of units and periods: y ~ sunab(cohort, year) | id + year");
  const Tree& time = term->children.back();
  out.options.set("cohort", term->children.front());
  out.options.set("time", time);
  const data::Panel* panel = request.frame.panel();
  if (panel == nullptr || panel->time != time->text)
    for (const Tree& effect : parts.fe)
      if (effect->op == Op::name && effect->text != time->text) {
        out.options.set("unit", effect);
        break;
      }
  if (!request.options.has("cluster")) out.options.set("vcov", settings.vcov);
  read_keywords(term, out.options);
  return out;
}

}  // namespace estimators
