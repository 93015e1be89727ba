#include "estimators/settings.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <limits>

namespace estimators {
namespace {

// Functions, not constants: records in other files are made from them before main.
std::vector<std::string> preset_names() { return {"moontide", "fixest", "reghdfe", "stata", "none"}; }
std::vector<std::string> knob_names() {
  return {"k_adjust", "k_fixef", "k_exact", "g_adjust", "g_df", "t_df", "repair"};
}

core::Error unknown_word(const std::string& what, const std::string& word, const std::vector<std::string>& known) {
  return core::Error("ssc: no " + what + " '" + word + "'")
      .hint(core::did_you_mean(word, known, what + "s"))
      .word(word);
}

bool yes_or_no(const std::string& knob, const std::string& word) {
  if (word == "yes" || word == "true") return true;
  if (word == "no" || word == "false") return false;
  throw core::Error("ssc: " + knob + " is yes or no, not '" + word + "'").word(word);
}

/// Position of `word` among the values a knob takes.
std::size_t one_of(const std::string& knob, const std::string& word, const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == word) return i;
  }
  throw unknown_word("value of " + knob, word, values);
}

void turn(inference::Ssc& ssc, const std::string& knob, const std::string& value) {
  using inference::Ssc;
  if (knob == "k_adjust") {
    ssc.k_adjust = yes_or_no(knob, value);
  } else if (knob == "k_exact") {
    ssc.k_exact = yes_or_no(knob, value);
  } else if (knob == "g_adjust") {
    ssc.g_adjust = yes_or_no(knob, value);
  } else if (knob == "repair") {
    ssc.repair = static_cast<Ssc::Repair>(one_of(knob, value, {"none", "without_constant", "whole"}));
  } else if (knob == "k_fixef") {
    ssc.k_fixef = static_cast<Ssc::KFixef>(one_of(knob, value, {"none", "nonnested", "full"}));
  } else if (knob == "g_df") {
    ssc.g_df = static_cast<Ssc::GDf>(one_of(knob, value, {"min", "conventional"}));
  } else if (knob == "t_df") {
    const std::size_t which = one_of(knob, value, {"min", "conventional", "normal"});
    ssc.t_fixed = which == 2 ? std::numeric_limits<double>::infinity() : 0;
    if (which < 2) ssc.t_df = static_cast<Ssc::TDf>(which);
  } else {
    throw unknown_word("rule", knob, knob_names());
  }
}

}  // namespace

inference::Ssc parse_ssc(const std::string& text, const inference::Ssc& start) {
  inference::Ssc ssc = start;
  std::vector<std::pair<std::string, std::string>> knobs;
  for (const std::string& raw : core::split(text, ',')) {
    const std::string part(core::trim(raw));
    const std::size_t equals = part.find('=');
    const std::string knob(core::trim(part.substr(0, equals)));
    const std::string value(equals == std::string::npos ? std::string_view()
                                                        : core::trim(std::string_view(part).substr(equals + 1)));
    if (equals == std::string::npos) {
      ssc = inference::ssc_preset(knob);
    } else if (knob == "like") {
      ssc = inference::ssc_preset(value);
    } else {
      knobs.emplace_back(knob, value);
    }
  }
  for (const auto& [knob, value] : knobs) turn(ssc, knob, value);
  if (!knobs.empty() && ssc.like.find(" (changed)") == std::string::npos) ssc.like += " (changed)";
  return ssc;
}

namespace {

/// The cluster variables of cluster=: city, city + year, {city, year}, ~city.
void collect_clusters(const formula::Tree& tree, std::vector<std::string>& names) {
  using formula::Op;
  if (tree->op == Op::plus || tree->op == Op::list || (tree->op == Op::tilde && tree->children.size() == 1)) {
    for (const formula::Tree& child : tree->children) collect_clusters(child, names);
  } else {
    names.push_back(formula::print(tree));
  }
}

}  // namespace

formula::Parts read_formula(const Request& request, Settings& settings) {
  formula::Parts parts = formula::split(request.formula, settings.fe);
  if (parts.lhs.empty()) {
    throw core::Error("a formula has an outcome and regressors: y ~ x, and '" + formula::print(request.formula) +
                      "' has no outcome")
        .hint("write " + settings.command + "(y ~ x)");
  }
  settings.vcov = with_clusters(std::move(settings.vcov), parts.fe);
  return parts;
}

inference::VcovSpec with_clusters(inference::VcovSpec spec, const std::vector<formula::Tree>& fe) {
  if (spec.first_effects == 0) return spec;
  const auto wanted = static_cast<std::size_t>(spec.first_effects);
  for (const formula::Tree& effect : fe) {
    if (spec.cluster.size() == wanted) break;
    const bool slopes = effect->op == formula::Op::slopes || effect->op == formula::Op::slopes_only;
    spec.cluster.push_back(formula::print(slopes ? effect->children.front() : effect));
  }
  if (spec.cluster.size() < wanted) {
    throw core::Error("vcov '" + inference::print(spec) + "' alone clusters by the first " +
                      (wanted == 1 ? "fixed effect" : core::counted(spec.first_effects, "fixed effect")) +
                      ", and there " +
                      (fe.size() == 1 ? "is 1"
                       : fe.empty()   ? "is none"
                                      : "are too few"))
        .hint("name the variables: \"cluster city\" or cluster(city)")
        .word("vcov");
  }
  spec.first_effects = 0;
  return spec;
}

Settings read_settings(const Request& request, const std::string& command) {
  const Options& options = request.options;
  Settings settings;
  settings.command = command;
  settings.fe = options.get<formula::Tree>("fe");
  settings.design.where = options.get<formula::Tree>("where");
  settings.design.weights = options.get<formula::Weights>("weights");
  settings.design.keep_singletons = options.get<bool>("keep_singletons");
  settings.level = options.get<double>("level", 0.95);
  if (options.has("like"))
    settings.ssc = inference::ssc_preset(options.get<std::string>("like"));
  else
    settings.ssc = inference::ssc_preset("moontide");
  if (options.has("ssc")) settings.ssc = parse_ssc(options.get<std::string>("ssc"), settings.ssc);
  settings.vcov_given = options.has("vcov") || options.has("cluster");
  if (options.has("cluster")) {
    settings.vcov.kind = inference::VcovKind::cluster;
    if (options.has("vcov")) settings.vcov = options.get<inference::VcovSpec>("vcov");
    const bool open = inference::is_clustered(settings.vcov.kind) && settings.vcov.cluster.empty();
    if (!open)
      throw core::Error("both vcov= and cluster= are given")
          .hint("vcov=cluster(city) says both; vcov=\"cr2\" takes its clusters from cluster=")
          .word("cluster");
    settings.vcov.first_effects = 0;
    collect_clusters(options.get<formula::Tree>("cluster"), settings.vcov.cluster);
    inference::check(settings.vcov);
  } else if (options.has("vcov")) {
    settings.vcov = options.get<inference::VcovSpec>("vcov");
  } else if (settings.design.weights.kind == formula::WeightKind::probability) {
    settings.vcov.kind = inference::VcovKind::hc1;
  }
  return settings;
}

std::vector<core::OptionSpec> common_options() {
  using core::Kind;
  return {
      {.name = "fe",
       .kind = Kind::terms,
       .doc = "fixed effects to absorb: \"city + year\", province^year (combined), city[trend] (with slopes), "
              "city[[trend]] (slopes only)",
       .default_text = ""},
      {.name = "vcov",
       .kind = Kind::vcov,
       .doc =
           "covariance of the estimates: \"iid\", \"hetero\" (hc1), \"hc0\" … \"hc4\", cluster(city), \"cluster city "
           "year\", ~city + year, \"cluster\" and \"twoway\" (by the first fixed effects), \"cr2 city\", \"cr3 city\", "
           "newey_west(lag=2), \"dk\", conley(100)",
       .default_text = "iid; hc1 with probability weights",
       .aliases = {"vce", "se"}},
      {.name = "cluster",
       .kind = Kind::terms,
       .doc =
           "cluster variables: cluster=city is vcov=cluster(city); vcov=\"cr2\" and \"cr3\" take theirs from here, too",
       .default_text = ""},
      {.name = "weights",
       .kind = Kind::weights,
       .doc =
           "observation weights: aw(x) analytic (rescaled to sum to N; a bare x is the same), fw(x) frequency, pw(x) "
           "probability",
       .default_text = ""},
      {.name = "where",
       .kind = Kind::condition,
       .doc = "rows to use: \"year >= 2013 and treat == 1\"",
       .default_text = "",
       .aliases = {"if"}},
      {.name = "data", .kind = Kind::frame, .doc = "the frame to use", .default_text = "the data in use"},
      {.name = "keep_singletons",
       .kind = Kind::boolean,
       .doc = "keep rows that are alone in a level of a fixed effect (they say nothing about the coefficients and make "
              "clustered standard errors too small)",
       .default_text = "false"},
      {.name = "ssc",
       .kind = Kind::text,
       .doc = "small-sample rules: a preset (" + core::join(preset_names(), ", ") +
              ") and changes to it: \"fixest, k_fixef=full\". Knobs: k_adjust, k_exact, g_adjust (yes, no); "
              "k_fixef (none, nonnested, full); g_df (min, conventional); t_df (min, conventional, normal); repair of "
              "an indefinite matrix (none, "
              "without_constant, whole)",
       .default_text = "moontide"},
      {.name = "like",
       .kind = Kind::text,
       .doc = "the program whose conventions to follow",
       .default_text = "moontide",
       .one_of = preset_names()},
      {.name = "level",
       .kind = Kind::number,
       .doc = "confidence level of intervals",
       .default_text = "0.95",
       .min = 0.5,
       .max = 0.9999},
  };
}

}  // namespace estimators
