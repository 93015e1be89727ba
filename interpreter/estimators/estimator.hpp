// The record of an estimator, and what its `fit` gets.
#pragma once

#include "core/record.hpp"
#include "data/frame.hpp"
#include "formula/design.hpp"
#include "formula/tree.hpp"
#include "inference/vcov.hpp"
#include "results/fit.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace spatial {
struct Weights;
}

namespace estimators {

using FitPtr = std::shared_ptr<const results::Fit>;

/// The value of a checked option, as bindings/ converts it by the option's Kind.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<double>,
                           std::vector<std::string>, formula::Tree, std::vector<formula::Tree>, formula::Weights,
                           inference::VcovSpec, FitPtr, data::Frame, std::shared_ptr<const spatial::Weights>>;

/// Options by name: only those the user gave; asking for others gives the default the caller names.
class Options {
 public:
  void set(std::string name, Value value) { values_[std::move(name)] = std::move(value); }
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  template <class T>
  T get(const std::string& name, T fallback = {}) const {
    const auto it = values_.find(name);
    if (it == values_.end()) return fallback;
    const T* value = std::get_if<T>(&it->second);
    return value ? *value : fallback;
  }

 private:
  std::map<std::string, Value> values_;
};

/// What an estimator's `fit` gets: the frame, the formula, the options common to all (already understood) and its own.
struct Request {
  data::Frame frame;
  formula::Tree formula;    ///< first positional argument; null for estimators that take none
  std::vector<Value> args;  ///< further positional arguments
  Options options;
  std::string call;  ///< the statement as written, when known
};

struct Estimator {
  core::Record record;
  results::Fit (*fit)(const Request&) = nullptr;
};

/// Every native estimator, in the order of help. registry.cpp holds the list.
const std::vector<const Estimator*>& registry();
/// Options every regression takes (fe, vcov, weights, where/if, data, keep_singletons, ssc, like, level), to be put in
/// a record.
std::vector<core::OptionSpec> common_options();

}  // namespace estimators
