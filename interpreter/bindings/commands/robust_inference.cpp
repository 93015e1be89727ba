// boottest, cluster_report, ri, romano_wolf, qvalues: inference after the fit that needs few assumptions.
#include "bindings/analysis.hpp"
#include "bindings/assignment.hpp"
#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "estimators/did/placebo.hpp"
#include "estimators/inference/boottest.hpp"
#include "estimators/inference/romano_wolf.hpp"
#include "inference/cluster_leverage.hpp"
#include "report/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;
using estimators::BoottestOptions;

const core::ArgSpec result_argument{.name = "m", .kind = Kind::result, .doc = "what reg, feols or did returned"};

OptionSpec cluster_option() {
  return {.name = "cluster",
          .kind = Kind::expression,
          .doc = "the cluster variable",
          .default_text = "that of the result's vcov"};
}
OptionSpec weights_type_option() {
  return {.name = "type",
          .kind = Kind::text,
          .doc = "weights of the clusters",
          .default_text = "rademacher; webb with 12 clusters or fewer",
          .one_of = {"rademacher", "webb", "mammen", "normal"}};
}
OptionSpec null_option() {
  return {.name = "null",
          .kind = Kind::boolean,
          .doc = "impose the null on the draws (WCR); false: WCU",
          .default_text = "true"};
}

BoottestOptions boottest_options(const Arguments& a) {
  BoottestOptions o;
  o.reps = static_cast<int>(a.integer("reps", o.reps));
  o.weights_given = a.has("type");
  o.weights = inference::wild_weights(a.text("type", "rademacher"));
  o.null_imposed = a.boolean("null", true);
  o.cluster = a.tree("cluster");
  o.bootcluster = a.tree("bootcluster");
  o.seed = seed_of(a);
  return o;
}

std::string draws_text(numerics::Index draws, bool enumerated, inference::WildWeights weights, std::uint64_t seed) {
  if (enumerated) return "all " + core::grouped(draws) + " sign vectors of the clusters, so that no seed matters";
  return core::grouped(draws) + " draws of " + inference::wild_name(weights) + " weights; seed " + std::to_string(seed);
}

int boottest(lua_State* L, Arguments& a) {
  BoottestOptions options = boottest_options(a);
  options.level = a.number("level", 0.95);
  options.interval = a.boolean("ci", true);
  options.equal_tailed = a.text("ptype", "symmetric") == "equaltail";
  const FitRef fit = a.result("m");
  estimators::Boottest b = estimators::boottest(*fit, a.text("hypothesis"), options);
  Analysis out;
  out.what = "a boottest";
  out.table.title = "Wild cluster bootstrap" +
                    std::string(b.iv                   ? " (WRE)"
                                : options.null_imposed ? " (WCR)"
                                                       : " (WCU)") +
                    ": " + b.hypothesis;
  out.row("Estimate", estimate_text(b.estimate));
  out.row("Std. error, clustered", estimate_text(b.se));
  out.row("t", core::fixed(b.test.t, 3));
  out.row("p, bootstrap", p_text(b.test.p));
  if (options.interval)
    out.row(core::shortest(100 * options.level) + "% confidence set",
            "[" + estimate_text(b.test.low) + ", " + estimate_text(b.test.high) + "]");
  out.row("Clusters", b.cluster + " (" + core::grouped(b.groups) + ")");
  if (!b.ways.empty()) out.row("Variance clustered by", core::join(b.ways, " and "));
  out.table.notes = b.notes;
  out.note(draws_text(b.draws, b.enumerated, b.weights, options.seed));
  out.note(std::string(options.equal_tailed ? "p = 2 min of the shares of t* in the tails"
                                            : "p = share of draws with |t*| > |t|") +
           (options.interval ? "; the confidence set holds every value that is not rejected" : ""));
  for (const auto& [name, value] : NamedNumbers{{"estimate", b.estimate},
                                                {"r", b.r},
                                                {"se", b.se},
                                                {"t", b.test.t},
                                                {"p", b.test.p},
                                                {"low", options.interval ? b.test.low : std::nan("")},
                                                {"high", options.interval ? b.test.high : std::nan("")},
                                                {"clusters", static_cast<double>(b.groups)},
                                                {"draws_used", static_cast<double>(b.draws)},
                                                {"seed", static_cast<double>(options.seed)}})
    out.number(name, value);
  out.texts = {{"term", b.term}, {"hypothesis", b.hypothesis}, {"type", inference::wild_name(b.weights)}};
  results::Fit shown;
  shown.command = "boottest";
  shown.title = out.table.title;
  shown.depvar = fit->depvar;
  shown.names = {b.term};
  shown.coef = results::Vector::Constant(1, b.estimate);
  shown.p_values = results::Vector::Constant(1, b.test.p);
  shown.vcov.matrix = results::Matrix::Constant(1, 1, b.se * b.se);
  shown.vcov.df_t = static_cast<double>(b.groups - 1);
  shown.vcov.label = "wild cluster bootstrap by " + b.cluster + " (" + core::grouped(b.groups) + ")";
  shown.nobs = fit->nobs;
  shown.rank = 1;
  shown.notes = out.table.notes;
  out.results.emplace_back("result", std::make_shared<const results::Fit>(std::move(shown)));
  auto draws = std::make_shared<const std::vector<double>>(b.test.draws);
  out.plots.push_back({"density", [draws, t = b.test.t, p = b.test.p](const report::PlotText& text) {
                         report::PlotText own = text;
                         if (own.x_label.empty()) own.x_label = "t of the draws";
                         return report::density_plot(*draws, t, p, own);
                       }});
  out.lists.emplace_back("draws", std::move(b.test.draws));
  return push_analysis(L, a, std::move(out));
}

int cluster_report(lua_State* L, Arguments& a) {
  const FitRef fit = a.result("m");
  const estimators::Context& context = estimators::context_of(*fit, "cluster_report");
  const estimators::ClusterRows rows = estimators::cluster_rows(*fit, context, a.tree("cluster"), "cluster_report");
  if (!fit->hat_basis)
    throw core::Error("cluster leverage is that of least squares, and '" + fit->command + "' gave '" + fit->title +
                      "'");
  const inference::ClusterBlocks blocks =
      inference::cluster_blocks(fit->hat_basis(rows.codes), fit->residuals, fit->weights, rows.codes, fit->coef.size());
  const std::string term = a.text("term", fit->names.front());
  const results::Index j = fit->position(term);
  const inference::ClusterInfluence influence = inference::cluster_influence(blocks, fit->coef, j);
  const double G = static_cast<double>(rows.groups);
  const double mean = influence.partial.mean();
  const double spread = (influence.partial.array() / mean - 1).square().mean();
  const double effective = G / (1 + spread);
  const double most_rows = *std::max_element(blocks.rows.begin(), blocks.rows.end());
  Analysis out;
  out.what = "a cluster report";
  out.table.title = "Clusters of " + rows.name + ": " + term + " = " + estimate_text(fit->coef[j]);
  out.table.header.push_back(header_row({rows.name, "Rows", "Leverage", "Partial leverage", "Without it"}));
  std::vector<std::size_t> order(blocks.rows.size());
  for (std::size_t g = 0; g < order.size(); ++g) order[g] = g;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return influence.partial[static_cast<results::Index>(x)] > influence.partial[static_cast<results::Index>(y)];
  });
  const auto shown = static_cast<std::size_t>(a.integer("show", 10));
  for (std::size_t i = 0; i < std::min(shown, order.size()); ++i) {
    const auto g = static_cast<results::Index>(order[i]);
    out.table.body.push_back(
        text_row({rows.labels[order[i]], core::grouped(static_cast<long long>(blocks.rows[order[i]])),
                  core::fixed(influence.leverage[g], 4), core::fixed(influence.partial[g], 4),
                  estimate_text(influence.without[g])}));
  }
  out.note(core::grouped(rows.groups) + " clusters of " +
           core::shortest(*std::min_element(blocks.rows.begin(), blocks.rows.end())) + " to " +
           core::shortest(most_rows) + " rows; mean leverage " + core::significant(influence.leverage.mean(), 4) +
           ", partial leverage sums to 1");
  out.note("effective number of clusters for " + term + ": " + core::fixed(effective, 1) +
           (effective < G / 2 ? "; a few clusters decide: prefer boottest or vcov=\"cr3 " + rows.name + "\"" : ""));
  out.note("estimates without one cluster: " + estimate_text(influence.without.minCoeff()) + " to " +
           estimate_text(influence.without.maxCoeff()));
  if (order.size() > shown)
    out.note("the " + std::to_string(shown) + " clusters of largest partial leverage are shown");
  out.number("clusters", G);
  out.number("effective", effective);
  out.number("leverage_max", influence.leverage.maxCoeff());
  out.number("partial_max", influence.partial.maxCoeff());
  out.number("without_min", influence.without.minCoeff());
  out.number("without_max", influence.without.maxCoeff());
  std::vector<double> leverage, partial, without;
  for (results::Index g = 0; g < influence.leverage.size(); ++g) {
    leverage.push_back(influence.leverage[g]);
    partial.push_back(influence.partial[g]);
    without.push_back(influence.without[g]);
  }
  data::Frame frame("cluster_report");
  frame = frame.with(rows.name, data::Column::texts(rows.labels))
              .with("rows", data::Column::reals(blocks.rows))
              .with("leverage", data::Column::reals(leverage))
              .with("partial", data::Column::reals(partial))
              .with("without", data::Column::reals(without));
  out.frames.emplace_back("frame", std::move(frame));
  out.plots.push_back({"without", [without, at = fit->coef[j], term](const report::PlotText& text) {
                         report::Figure figure;
                         figure.title = text.title;
                         figure.x_label =
                             text.x_label.empty() ? "Clusters, in order of the estimate without them" : text.x_label;
                         figure.y_label = text.y_label.empty() ? term : text.y_label;
                         figure.note = text.note.empty() ? "Line: the estimate with all clusters" : text.note;
                         report::Series points{.mark = report::Mark::points, .label = "without one cluster"};
                         std::vector<double> sorted = without;
                         std::sort(sorted.begin(), sorted.end());
                         for (std::size_t i = 0; i < sorted.size(); ++i) points.x.push_back(static_cast<double>(i + 1));
                         points.y = std::move(sorted);
                         figure.series = {points};
                         figure.guides = {{.at = at, .vertical = false}};
                         return figure;
                       }});
  return push_analysis(L, a, std::move(out));
}

/// vcov="cr2" or "cr3" after the fit.
int crv(lua_State* L, Arguments& a) {
  const FitRef fit = a.result("m");
  const std::string type = a.text("type", "cr2");
  if (type != "cr2" && type != "cr3")
    throw core::Error("crv: no type '" + type + "'").hint(core::did_you_mean(type, {"cr2", "cr3"}, "types")).word(type);
  inference::VcovSpec spec;
  spec.kind = type == "cr3" ? inference::VcovKind::cr3 : inference::VcovKind::cr2;
  spec.cluster = {estimators::cluster_rows(*fit, estimators::context_of(*fit, "crv"), a.tree("cluster"), "crv").name};
  push_value<FitRef>(L, std::make_shared<const results::Fit>(results::vcov_as(*fit, spec)));
  return 1;
}

int ri(lua_State* L, Arguments& a) {
  const FitRef fit = a.result("m");
  estimators::PlaceboOptions options;
  options.reps = static_cast<int>(a.integer("reps", 1000));
  options.treatment = a.text("treatment");
  options.seed = seed_of(a);
  options.design = assignment_of(a, "cluster");
  const estimators::Context& context = estimators::context_of(*fit, "ri");
  options.cross_section = context.frame.panel() == nullptr && context.parts.fe.size() < 2;
  const estimators::Placebo p = estimators::placebo(*fit, options);
  double above = 1, below = 1, total = 1;
  for (const double draw : p.draws) {
    if (std::isnan(draw)) continue;
    total += 1;
    above += draw >= p.estimate - 1e-9 * std::abs(p.estimate);
    below += draw <= p.estimate + 1e-9 * std::abs(p.estimate);
  }
  const std::string statistic = a.text("statistic", "coef");
  const std::string side = a.text("alternative", "two-sided");
  if (statistic == "t" && side != "two-sided")
    throw core::Error("one-sided tests are by the coefficient: leave statistic=\"t\" out").word("statistic");
  const double chosen = side == "greater"  ? above / total
                        : side == "less"   ? below / total
                        : statistic == "t" ? p.p_t
                                           : p.p;
  Analysis out;
  out.what = "a randomisation inference";
  out.table.title = "Randomisation inference: " + p.treatment + " on " + p.depvar;
  out.row("Estimate", estimate_text(p.estimate));
  out.row("t", core::fixed(p.t, 3));
  out.row("p, " + side + ", by " + (statistic == "t" ? "|t|" : "the coefficient"), p_text(chosen));
  out.row("Draws", core::grouped(static_cast<long long>(p.draws.size())));
  out.table.notes = p.notes;
  out.note("assignment: " + estimators::words(options.design) +
           (options.cross_section && !options.design.level ? " (each row is a unit)" : "") + "; seed " +
           std::to_string(p.seed));
  out.note("p = (1 + #{draws at least as far})/(R + 1): exact under the sharp null if treatment was assigned this way");
  for (const auto& [name, value] : NamedNumbers{{"estimate", p.estimate},
                                                {"se", p.se},
                                                {"t", p.t},
                                                {"p", chosen},
                                                {"p_coef", p.p},
                                                {"p_t", p.p_t},
                                                {"p_greater", above / total},
                                                {"p_less", below / total},
                                                {"seed", static_cast<double>(p.seed)}})
    out.number(name, value);
  out.texts = {{"treatment", p.treatment}};
  auto draws = std::make_shared<const std::vector<double>>(p.draws);
  for (const bool histogram : {true, false})
    out.plots.push_back({histogram ? "histogram" : "density",
                         [draws, histogram, p_value = chosen, at = p.estimate](const report::PlotText& text) {
                           return histogram ? report::placebo_histogram(*draws, at, p_value, text)
                                            : report::density_plot(*draws, at, p_value, text);
                         }});
  out.lists = {{"draws", p.draws}, {"se_draws", p.se_draws}};
  return push_analysis(L, a, std::move(out));
}

int romano_wolf(lua_State* L, Arguments& a) {
  BoottestOptions options = boottest_options(a);
  const std::vector<FitRef> fits = a.results("results");
  if (fits.empty()) throw core::Error("romano_wolf needs results").hint("romano_wolf(m1, m2, x=\"did\")");
  std::vector<std::string> terms = a.texts("x");
  if (terms.empty()) terms = {fits.front()->names.front()};
  const estimators::Family family = estimators::romano_wolf(fits, terms, options);
  Analysis out;
  out.what = "a family of tests";
  out.table.title = "Romano-Wolf: " + core::counted(static_cast<long long>(family.members.size()), "test");
  out.table.header.push_back(
      header_row({"Outcome", "Term", "Estimate", "Std. error", "t", "p", "Romano-Wolf p", "Sharpened q"}));
  out.table.align = {report::Align::left,  report::Align::left,  report::Align::right, report::Align::right,
                     report::Align::right, report::Align::right, report::Align::right, report::Align::right};
  std::vector<std::string> outcomes, names;
  std::vector<double> estimate, p, stepdown, q;
  for (const estimators::FamilyMember& m : family.members) {
    out.table.body.push_back(text_row({m.outcome, m.term, estimate_text(m.estimate), estimate_text(m.se),
                                       core::fixed(m.t, 2), p_text(m.p), p_text(m.stepdown), p_text(m.sharpened)}));
    outcomes.push_back(m.outcome);
    names.push_back(m.term);
    estimate.push_back(m.estimate);
    p.push_back(m.p);
    stepdown.push_back(m.stepdown);
    q.push_back(m.sharpened);
  }
  out.note("wild cluster bootstrap by " + family.cluster + " (" + core::grouped(family.groups) +
           "), the same weights in every result: " +
           draws_text(family.draws, family.enumerated, family.weights, options.seed));
  out.note("p: of one hypothesis alone; Romano-Wolf: familywise error; q: false discovery rate (Anderson 2008)");
  out.frames.emplace_back("frame", data::Frame("romano_wolf")
                                       .with("outcome", data::Column::texts(outcomes))
                                       .with("term", data::Column::texts(names))
                                       .with("estimate", data::Column::reals(estimate))
                                       .with("p", data::Column::reals(p))
                                       .with("romano_wolf", data::Column::reals(stepdown))
                                       .with("sharpened_q", data::Column::reals(q)));
  out.lists = {{"p", p}, {"romano_wolf", stepdown}, {"sharpened_q", q}};
  out.number("seed", static_cast<double>(options.seed));
  return push_analysis(L, a, std::move(out));
}

int qvalues(lua_State* L, Arguments& a) {
  const std::vector<double> p = a.numbers("p");
  for (const double one : p)
    if (!std::isnan(one) && !(one >= 0 && one <= 1))
      throw core::Error("p-values lie between 0 and 1, not at " + core::shortest(one)).word("p");
  if (p.empty()) throw core::Error("there are no p-values");
  std::vector<std::string> names = a.texts("names");
  if (!names.empty() && names.size() != p.size())
    throw core::Error(std::to_string(p.size()) + " p-values, but " + std::to_string(names.size()) + " names")
        .word("names");
  for (std::size_t i = names.size(); i < p.size(); ++i) names.push_back(std::to_string(i + 1));
  const std::vector<double> q = estimators::sharpened_q(p), bh = estimators::benjamini_hochberg(p),
                            holm = estimators::holm(p);
  Analysis out;
  out.what = "a list of q-values";
  out.table.title = "Adjusted p-values of " + core::counted(static_cast<long long>(p.size()), "test");
  out.table.header.push_back(header_row({"Hypothesis", "p", "Sharpened q", "Benjamini-Hochberg", "Holm"}));
  for (std::size_t i = 0; i < p.size(); ++i)
    out.table.body.push_back(text_row({names[i], p_text(p[i]), p_text(q[i]), p_text(bh[i]), p_text(holm[i])}));
  out.note("sharpened q: two-stage procedure of Benjamini, Krieger and Yekutieli (2006), to 0.0001");
  out.lists = {{"p", p}, {"q", q}, {"bh", bh}, {"holm", holm}};
  return push_analysis(L, a, std::move(out));
}

}  // namespace

void add_robust_inference_commands(Registry& registry) {
  registry.add(
      {{.name = "boottest",
        .topic = "inference",
        .summary = "Wild cluster bootstrap of one restriction, with the interval by inversion",
        .args = {result_argument, {.name = "hypothesis", .kind = Kind::text, .doc = "\"x\", \"x = 0.5\", \"x = z\""}},
        .options = {reps_option("9999"),
                    weights_type_option(),
                    null_option(),
                    {.name = "cluster",
                     .kind = Kind::terms,
                     .doc = "what errors are clustered by: city, or \"city + year\" for two ways",
                     .default_text = "that of the result's vcov"},
                    {.name = "bootcluster",
                     .kind = Kind::expression,
                     .doc = "whose levels share a weight",
                     .default_text = "cluster=; of several that with the fewest levels"},
                    {.name = "ptype",
                     .kind = Kind::text,
                     .doc = "p-value by |t|, or twice the smaller tail",
                     .default_text = "symmetric",
                     .one_of = {"symmetric", "equaltail"}},
                    {.name = "ci", .kind = Kind::boolean, .doc = "invert the test", .default_text = "true"},
                    {.name = "level",
                     .kind = Kind::number,
                     .doc = "of the interval",
                     .default_text = "0.95",
                     .min = 0.5,
                     .max = 0.9999},
                    seed_option(),
                    file_option()},
        .source = "Cameron, Gelbach & Miller (2008); Roodman, MacKinnon, Nielsen & Webb (2019), Stata Journal 19(1)",
        .example = "boottest(m, \"did\", reps=9999, seed=1)"},
       boottest,
       false});
  registry.add(
      {{.name = "crv",
        .topic = "inference",
        .summary =
            "Bias-reduced (CR2) or jackknife (CR3) clustered standard errors with Satterthwaite degrees of freedom",
        .args = {result_argument, {.name = "type", .kind = Kind::text, .doc = "cr2 or cr3", .optional = true}},
        .options = {cluster_option()},
        .source = "Bell & McCaffrey (2002); Pustejovsky & Tipton (2018); MacKinnon, Nielsen & Webb (2023)",
        .example = "crv(m, \"cr3\", cluster=city)"},
       crv,
       false});
  registry.add(
      {{.name = "cluster_report",
        .topic = "inference",
        .summary = "Sizes, leverage and influence of clusters: can the clustered standard error be trusted?",
        .args = {result_argument, {.name = "term", .kind = Kind::text, .doc = "the coefficient", .optional = true}},
        .options =
            {cluster_option(),
             {.name = "show", .kind = Kind::integer, .doc = "clusters in the table", .default_text = "10", .min = 1},
             file_option()},
        .source = "MacKinnon, Nielsen & Webb (2023), Stata Journal 23(4); Carter, Schnepel & Steigerwald (2017)",
        .example = "cluster_report(m, \"did\")"},
       cluster_report,
       false});
  registry.add(
      {{.name = "ri",
        .topic = "inference",
        .summary = "Randomisation inference: the estimate against those of treatments drawn as the design drew them",
        .args = {result_argument},
        .options = {{.name = "assign",
                     .kind = Kind::any,
                     .doc = "what is drawn: which units are treated (\"unit\"), the same within strata (\"strata\"), "
                            "which clusters are (\"cluster\"), when treatment begins (\"timing\"), or units and dates "
                            "(\"both\"); or what assignment.units, assignment.clusters, assignment.timing or "
                            "assignment.rollout made",
                     .default_text = "unit"},
                    {.name = "strata",
                     .kind = Kind::expression,
                     .doc = "units change places within its levels only",
                     .default_text = ""},
                    {.name = "cluster",
                     .kind = Kind::expression,
                     .doc = "the level at which treatment was assigned",
                     .default_text = "the panel unit; without a panel each row"},
                    {.name = "treatment",
                     .kind = Kind::text,
                     .doc = "the coefficient of the 0/1 treatment",
                     .default_text = "the 0/1 term that turns on"},
                    {.name = "statistic",
                     .kind = Kind::text,
                     .doc = "what is compared",
                     .default_text = "coef",
                     .one_of = {"coef", "t"}},
                    {.name = "alternative",
                     .kind = Kind::text,
                     .doc = "direction",
                     .default_text = "two-sided",
                     .one_of = {"two-sided", "greater", "less"}},
                    reps_option("1000"),
                    seed_option(),
                    file_option()},
        .source = "Fisher (1935); Young (2019), Quarterly Journal of Economics 134(2); Phipson & Smyth (2010)",
        .example = "ri(m, assign=\"strata\", strata=province, reps=999, seed=1)"},
       ri,
       false});
  registry.add({{.name = "romano_wolf",
                 .topic = "inference",
                 .summary = "Stepdown p-values of a family of hypotheses over several results",
                 .args = {{.name = "results", .kind = Kind::result, .doc = "least-squares results", .repeated = true}},
                 .options = {{.name = "x",
                              .kind = Kind::texts,
                              .doc = "coefficients; each result is tested for those it has",
                              .default_text = "the first of the first result"},
                             reps_option("9999"),
                             weights_type_option(),
                             null_option(),
                             cluster_option(),
                             seed_option(),
                             file_option()},
                 .source = "Romano & Wolf (2005, 2016); Clarke, Romano & Wolf (2020), Stata Journal 20(4)",
                 .example = "romano_wolf(m1, m2, m3, x=\"did\", seed=1)"},
                romano_wolf,
                false});
  registry.add({{.name = "qvalues",
                 .topic = "inference",
                 .summary = "Sharpened q-values of a list of p-values, beside Benjamini-Hochberg and Holm",
                 .args = {{.name = "p", .kind = Kind::numbers, .doc = "p-values"}},
                 .options = {{.name = "names", .kind = Kind::texts, .doc = "one for each", .default_text = "1, 2, …"},
                             file_option()},
                 .source = "Benjamini, Krieger & Yekutieli (2006); Anderson (2008)",
                 .example = "qvalues({0.001, 0.02, 0.3})"},
                qvalues});
}

}  // namespace bindings
