#include "bindings/importance.hpp"

#include "core/text.hpp"

namespace bindings {

std::vector<double> importance_of(const Arguments& a, std::size_t count, const std::string& what) {
  if (!a.has("importance")) return {};
  std::vector<double> weights = a.numbers("importance");
  if (weights.size() != count)
    throw core::Error(core::counted(static_cast<long long>(count), what) + ", but " +
                      core::counted(static_cast<long long>(weights.size()), "number") + " in importance=")
        .word("importance");
  double sum = 0;
  for (const double w : weights) {
    if (!(w >= 0))
      throw core::Error("importance= takes numbers from 0 on, not " + core::shortest(w)).word("importance");
    sum += w;
  }
  if (!(sum > 0)) throw core::Error("the numbers of importance= sum to zero").word("importance");
  for (double& w : weights) w /= sum;
  return weights;
}

core::OptionSpec importance_option(const std::string& doc, const std::string& fallback) {
  return {.name = "importance", .kind = core::Kind::numbers, .doc = doc, .default_text = fallback};
}

}  // namespace bindings
