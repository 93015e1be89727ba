// Difference-in-differences by two-way fixed effects.
#pragma once

#include "estimators/pipeline.hpp"

#include <string>

namespace estimators {

/// The vcov that did, event_study and their kin use when the user gives none: clustered by the panel unit, which is
/// that of the declared panel, else the first fixed effect. Throws core::Error when there is neither.
inference::VcovSpec cluster_by_unit(const std::string& command, const data::Frame& frame, const formula::Parts& parts);

extern const Estimator did, event_study, att_gt, aggte, drdid, sunab, etwfe, imputation, gardner, stacked, spatial_did;

}  // namespace estimators
