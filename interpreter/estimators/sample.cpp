#include "estimators/sample.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "formula/parse.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

using inference::VcovKind;

numerics::Codes cluster_codes(const std::string& text, const data::Frame& frame,
                              const std::vector<std::uint32_t>& rows) {
  numerics::Codes codes = formula::group_of(formula::parse(text), frame, rows).codes;
  const auto missing = std::count(codes.begin(), codes.end(), data::missing_code);
  if (missing != 0) {
    throw core::Error("cluster variable '" + text + "' is missing in " + core::counted(missing, "row") +
                      " of the sample")
        .hint("estimate again with vcov=cluster(" + text + "), which leaves those rows out")
        .word(text);
  }
  return codes;
}

/// The column named in the spec, or the first of the usual names that the frame has (case does not matter).
std::string coordinate(const std::string& given, const std::vector<std::string>& usual, const data::Frame& frame,
                       const std::string& option) {
  if (!given.empty()) return given;
  for (const std::string& name : usual) {
    for (const std::string& column : frame.names()) {
      if (core::lower(column) == name) return column;
    }
  }
  throw core::Error("a conley vcov needs coordinates, and frame '" + frame.name() + "' has no column called " +
                    core::join(usual, " or "))
      .hint("name it: conley(cutoff, " + option + "=column)");
}

std::string latitude(const inference::VcovSpec& spec, const data::Frame& frame) {
  return coordinate(spec.lat, {"lat", "latitude"}, frame, "lat");
}

std::string longitude(const inference::VcovSpec& spec, const data::Frame& frame) {
  return coordinate(spec.lon, {"lon", "lng", "long", "longitude"}, frame, "lon");
}

numerics::Vector degrees(const std::string& text, const data::Frame& frame, const std::vector<std::uint32_t>& rows) {
  const std::vector<double> all = formula::evaluate_numbers(formula::parse(text), frame);
  numerics::Vector values(static_cast<numerics::Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) values[static_cast<numerics::Index>(i)] = all[rows[i]];
  if (!values.allFinite()) {
    throw core::Error("coordinate '" + text + "' is missing in rows of the sample")
        .hint("estimate again with this vcov, which leaves those rows out, or restrict with where=")
        .word(text);
  }
  return values;
}

void add_panel(inference::VcovData& data, const data::Panel& panel, const std::vector<std::uint32_t>& rows) {
  data.units.resize(rows.size());
  data.times.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    data.units[i] = panel.units.codes[rows[i]];
    data.times[i] = panel.times[rows[i]];
  }
}

}  // namespace

inference::VcovData Context::vcov_data(const inference::VcovSpec& spec) const {
  inference::VcovData data;
  for (const std::string& text : spec.cluster) {
    data.clusters.push_back(cluster_codes(text, frame, rows));
    std::vector<bool>& nests = data.nests.emplace_back();
    for (const numerics::FixedEffect& effect : fe) {
      nests.push_back(effect.intercept && numerics::nested(effect.codes, effect.levels, data.clusters.back()));
    }
  }
  const bool serial = spec.kind == VcovKind::newey_west || spec.kind == VcovKind::driscoll_kraay ||
                      (spec.kind == VcovKind::conley && spec.time_lag > 0);
  if (frame.panel() != nullptr && (serial || spec.kind == VcovKind::conley)) add_panel(data, *frame.panel(), rows);
  if (serial && frame.panel() == nullptr) {
    throw core::Error("vcov " + inference::print(spec) + " needs the order in time, and frame '" + frame.name() +
                      "' has no panel")
        .hint("declare it first: panel(unit, time)");
  }
  if (spec.kind == VcovKind::conley) {
    data.lat = degrees(latitude(spec, frame), frame, rows);
    data.lon = degrees(longitude(spec, frame), frame, rows);
  }
  return data;
}

const Context& context_of(const results::Fit& fit, const std::string& what) {
  const auto* context = dynamic_cast<const Context*>(fit.sample.get());
  if (context == nullptr)
    throw core::Error(what + " needs a result that keeps its sample; '" + fit.command + "' does not");
  return *context;
}

std::vector<formula::Tree> columns_needed(const inference::VcovSpec& spec, const data::Frame& frame) {
  std::vector<formula::Tree> needed;
  for (const std::string& text : spec.cluster) {
    for (const std::string& column : formula::names_in(formula::parse(text))) needed.push_back(formula::name(column));
  }
  if (spec.kind == VcovKind::conley) {
    needed.push_back(formula::parse(latitude(spec, frame)));
    needed.push_back(formula::parse(longitude(spec, frame)));
  }
  return needed;
}

}  // namespace estimators
