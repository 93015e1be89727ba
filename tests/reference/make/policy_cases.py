#!/usr/bin/env python3
"""Matching, synthetic control, mediation, logit and robust inference: the peers' raw results (match.json, did.json, misc.json,
hdfe.json; robust.json of robust.R, matching.json of matching.R) → cases.

    policy_cases.py RAW_FOLDER ROBUST.json MATCHING.json      rewrites ../match ../synth ../mediation ../glm ../robust
"""
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
RAW = pathlib.Path(sys.argv[1])
ROBUST, LOOPS = (json.loads(pathlib.Path(name).read_text()) for name in sys.argv[2:4])
RAW_CASES = {c["id"]: c for name in ("match", "did", "misc", "hdfe") for c in json.loads((RAW / f"{name}.json").read_text())["cases"]}


def peer(case):
    return ", ".join(f"{k} {v}" for k, v in case["peer"].items())


def write(folder, name, data, script, who, call, checks, notes=None, generator="match.R"):
    target = HERE.parent / folder
    target.mkdir(exist_ok=True)
    out = {"id": f"{folder}.{name}", "data": data, "script": script, "peer": who, "call": call, "generator": generator,
           "coef_tol": 1e-8, "se_tol": 1e-7}
    if notes:
        out["notes"] = notes
    out["checks"] = checks
    (target / f"{name}.json").write_text(json.dumps(out, indent=1) + "\n")


def numbers(of, expect, tol=1e-8):
    return {"of": of, "kind": "values", "tol": tol, "expect": expect}


def rename(name):
    return {"(Intercept)": "_cons", "racehispan": "race::hispan", "racewhite": "race::white"}.get(name, name)


# ---- logit and probit
def glm(name, raw, data, script, coef_tol=1e-6):
    r = raw["results"]
    names = list(r["coef"])
    expect = {"coef": {rename(k): r["coef"][k] for k in names}, "se": {rename(k): r["se"][k] for k in names}}
    stats = {"loglik": r["logLik"]}
    if "N" in r:
        stats["nobs"] = r["N"]
    expect["stats"] = stats
    case = {"of": "m", "kind": "result", "expect": expect}
    write("glm", name, data, script, peer(raw), raw["call"], [case], generator="match.R, hdfe.R")
    path = HERE.parent / "glm" / f"{name}.json"
    text = json.loads(path.read_text())
    text["coef_tol"], text["se_tol"] = coef_tol, coef_tol
    path.write_text(json.dumps(text, indent=1) + "\n")


F = "treat ~ age + educ + race + married + nodegree + re74 + re75"
LA = "real/lalonde.csv"
glm("lalonde.logit", RAW_CASES["match.lalonde.logit"], LA, [f"m = logit({F})"])
glm("lalonde.probit", RAW_CASES["match.lalonde.probit"], LA, [f'm = probit({F}, information="expected")'])
glm("ydr2014.logit", RAW_CASES["match.ydr2014.logit"], "ydr_cities.csv", ['m = logit(treat ~ lngdp + lnedu + lnpatent, where="year == 2014")'])
partner = ['gen(traded = "trade > 0")', "gen(ldist = log(dist))"]
raw = RAW_CASES["hdfe.partner.glm_probit"]
glm("partner.probit", raw, "partner_trade.csv", partner + ['m = probit(traded ~ ldist + partner + lngdp_o, information="expected")'])
glm("partner.logit", RAW_CASES["hdfe.partner.glm_logit"], "partner_trade.csv", partner + ["m = logit(traded ~ ldist + partner + lngdp_o)"])
for name, call in (("logit", "traded ~ ldist + partner + lngdp_o"), ("logit_fe", "traded ~ ldist + partner + lngdp_o | origin + dest")):
    raw = RAW_CASES[f"hdfe.partner.{name}"]
    checks = []
    for kind, of in (("iid", "m"), ("hetero", 'm:vcov_as("hetero")')):
        block = raw["results"]["vcov"].get(kind)
        if block:
            checks.append({"of": of, "kind": "result", "expect": {"coef": {rename(k): v for k, v in block["coef"].items()}, "se": {rename(k): v for k, v in block["se"].items()},
                           "stats": {"loglik": raw["results"]["logLik"], "r2_pseudo": raw["results"]["pseudo_r2"]}}})
    write("glm", f"partner.feglm_{name}", "partner_trade.csv", partner + [f'm = logit({call}, ssc="fixest")'], peer(raw), raw["call"], checks, generator="hdfe.R")
    path = HERE.parent / "glm" / f"partner.feglm_{name}.json"
    text = json.loads(path.read_text())
    text["coef_tol"], text["se_tol"] = 1e-6, 3e-5
    text["notes"] = "the peer takes its information matrix at the weights of the step before the last: standard errors agree to 2e-5 (R's glm, run to 1e-14, to 1e-6)"
    path.write_text(json.dumps(text, indent=1) + "\n")

# ---- matching
# MatchIt 4.5.1 does not always take the nearest neighbour (matching.R shows where): single neighbours are compared with loops.
CALLS = {"nn2": ", k=2", "subclass6": ', method="subclass", subclasses=6'}
FORMULAS = {"mahalanobis": "treat ~ age + educ + re74 + re75", "exact": "treat ~ race + married + nodegree", "cem": "treat ~ age + educ + race + re74"}
CALLS |= {"mahalanobis": ', method="mahalanobis", replace=true', "exact": ', method="exact"', "cem": ', method="cem", cutpoints={"age=5", "educ=4", "re74=4"}'}
FIELDS = {"Means Treated": "mean_treated", "Means Control": "mean_control", "Std. Mean Diff.": "difference", "Var. Ratio": "variance_ratio", "eCDF Mean": "ecdf_mean", "eCDF Max": "ecdf_max"}


def match(name, raw, data, script):
    r = raw["results"]
    checks = [numbers("m", {"estimate": r["att_difference_in_means"], "treated": r["n_table"]["Matched"]["Treated"], "controls": r["n_table"]["Matched"]["Control"],
                            "ess_control": r["n_table"]["Matched (ESS)"]["Control"]})]
    for row, values in (r["balance_matched"] or {}).items():
        ours = rename(row)
        if row == "raceblack":  # the base level has no column here
            continue
        expect = {FIELDS[k]: v for k, v in values.items() if k in FIELDS and isinstance(v, (int, float)) and not (isinstance(v, float) and math.isnan(v))}
        if abs(expect.get("difference", 1)) < 1e-12:
            expect.pop("difference", None)
            expect = {k: v for k, v in expect.items() if abs(v) > 1e-12}
        checks.append(numbers(f'm["{ours}"]', expect, 1e-7))
    write("match", name, data, script, peer(raw), raw["call"], checks)


for name, call in CALLS.items():
    match(f"lalonde.{name}", RAW_CASES[f"match.lalonde.{name}"], LA, [f"m = match({FORMULAS.get(name, F)}, y=re78{call})"])
for name, call in (("nn1", ""), ("nn1_replace", ", replace=true"), ("nn1_caliper", ", caliper=0.1"), ("nn1_linear_caliper", ", linear=true, caliper=0.2")):
    write("match", f"lalonde.{name}", LA, [f"m = match({F}, y=re78{call})"], "R 4.2.2", "plain loops over glm's scores", [numbers("m", LOOPS[f"lalonde.{name}"])], generator="matching.R")
write("match", "ydr2014.nn1", "ydr_cities.csv", ['m = match(treat ~ lngdp + lnedu + lnpatent, y=ser, replace=true, where="year == 2014")'], "R 4.2.2", "plain loops over glm's scores",
      [numbers("m", LOOPS["ydr2014.nn1"])], generator="matching.R")
for name in ("att1", "att2", "ate1", "ate2"):
    r = LOOPS[f"ai.{name}"]
    write("match", f"lalonde.ai_{name}", LA, [f'm = match({F}, y=re78, replace=true, ties=true, estimand="{name[:3]}", nn={name[3]})'], "Matching 4.10-8", f"Match(M = 1, ties = TRUE, Var.calc = {name[3]}, distance.tolerance = 1e-18), {name[:3]}",
          [numbers("m", r)], generator="matching.R")
write("match", "lalonde.ebal", LA, ["e = ebalance(treat ~ age + educ + married + re74 + re75, y=re78)"], "ebal", "ebalance(constraint.tolerance = 1e-10)", [numbers("e", LOOPS["ebal"], 1e-6)], generator="matching.R")
raw = RAW_CASES["match.lalonde.ipw"]["results"]
write("match", "lalonde.ipw", LA, [f"ate = teffects(re78 ~ 1, {F}, method=\"ipw\")", f"att = teffects(re78 ~ 1, {F}, method=\"ipw\", estimand=\"att\")"], "R 4.2.2", "own formulas",
      [numbers("ate.coef", {"ATE": raw["ate_hajek"]}, 1e-7), numbers("att.coef", {"ATT": raw["att_hajek"]}, 1e-7)])
raw = RAW_CASES["match.lalonde.aipw"]["results"]
G = F.replace("treat", "re78")
write("match", "lalonde.aipw", LA, [f'ra = teffects({G}, {F}, method="ra")', f'rat = teffects({G}, {F}, method="ra", estimand="att")', f'aipw = teffects({G}, {F}, method="aipw")'], "R 4.2.2", "own formulas",
      [numbers("ra.coef", {"ATE": raw["ra_ate"]}), numbers("rat.coef", {"ATT": raw["ra_att"]}), numbers("aipw.coef", {"ATE": raw["aipw_ate"]}, 1e-7)])
r = LOOPS["ydr.psm_did"]
write("match", "ydr.psm_did", "ydr_cities.csv", ["panel(city_id, year)", 'm = psmdid(ser ~ did + lngdp, treat=treat, on="lngdp + lnedu + lnpatent", at=2014, replace=true, use_weights=false, fe="city_id + year", vcov="cluster city_id", ssc="fixest")'],
      "R 4.2.2", "matched cities of ydr2014.nn1, lm with dummies, clustered by city", [{"of": "m", "kind": "result", "expect": {"coef": r["coef"], "se": r["se"], "stats": {"nobs": r["nobs"]}}}], generator="matching.R")

# ---- mediation
raw = RAW_CASES["misc.mediation.ydr"]
r = raw["results"]
write("mediation", "ydr", "ydr_cities.csv", ['m = mediate(ser ~ did + lngdp, mediator=lnpatent, fe="city_id + year", vcov="cluster city_id", ssc="fixest", reps=0)'], peer(raw), raw["call"],
      [numbers("m", {k: r[k] for k in ("total", "a", "b", "direct", "indirect", "se_a", "se_b", "sobel_z", "sobel_z_aroian")}, 1e-7)], generator="misc.R")

# ---- synthetic difference-in-differences
for name, data, script in (("prop99", "real/california_prog99.csv".replace("prog", "prop"), ["panel(State, Year)", "y, d = PacksPerCapita, treated"]),
                           ("ydr", "ydr_cities.csv", ['keep "cohort == 0 or cohort == 2016"', "panel(city, year)", "y, d = ser, did"])):
    raw = RAW_CASES[f"did.{name}.synthdid"]
    r = raw["results"]
    checks = [numbers('sdid(y ~ 1, treat=d, vce="none")', {"zeta": r["synthdid"]["zeta_omega"]}, 1e-8),
              numbers('sdid(y ~ 1, treat=d, vce="none", method="did")', {"estimate": r["did"]["estimate"]}, 1e-8)]
    write("synth", f"sdid.{name}", data, script, peer(raw), raw["call"], checks, generator="did.R",
          notes="the peer stops Frank-Wolfe early: its estimate is compared in sdid.R, at the minimum")

# ---- robust inference
YDR = "ydr_cities.csv"


def robust(name, script, checks, who, call):
    write("robust", name, YDR, script, who, call, checks, generator="robust.R")


FITS = {"plain_city": ("ols(ser ~ did + lngdp + lnedu)", "city_id"), "twoway_city": ('feols(ser ~ did + lngdp, fe="city_id + year")', "city_id"),
        "twoway_g": ('feols(ser ~ did + lngdp, fe="city_id + year")', "g"), "year_city": ("feols(ser ~ did + lngdp, fe=year)", "city_id")}
for name, (fit, cluster) in FITS.items():
    checks = []
    for kind in ("cr2", "cr3"):
        r = ROBUST[f"{name}.{kind}"]
        for of in (f'crv(m, "{kind}", cluster={cluster})', f'm:vcov_as("{kind} {cluster}")'):
            checks.append(numbers(of + ".se", r["se"], 1e-7))
            if "df" in r:
                checks.append(numbers(of + ".df_coef", r["df"], 1e-6))
    robust(name, ['gen(g = "city_id - 10*floor(city_id/10)")', f"m = {fit}"], checks, "clubSandwich 0.5.8, R 4.2.2", f"vcovCR, coef_test(test = Satterthwaite) on lm with dummies, {cluster}; CR3 times (G-1)/G, or leaving out clusters one by one")
BASE = ['gen(g = "city_id - 10*floor(city_id/10)")', 'm = feols(ser ~ did + lngdp, fe="city_id + year", vcov="cluster g", ssc="none")']
SUM = "(function() local s = 0; for _, t in ipairs(b.draws) do if t == t then s = s + math.abs(t) end end; return {sum = s} end)()"
for name, call in (("wcr", 'boottest(m, "did", reps=1024)'), ("wcu", 'boottest(m, "did", reps=1024, null=false)'), ("wcr_r", 'boottest(m, "did = 0.03", reps=1024)')):
    r = ROBUST[name]
    checks = [numbers("b", {"t": r["t_plain"], "p": r["p"]}, 1e-7), numbers(SUM, {"sum": r["sum_plain"]}, 1e-7)]
    if name == "wcr":
        checks.append(numbers("b", ROBUST["wcr_interval"], 1e-5))
    robust(name, BASE + [f"b = {call}"], checks, "R 4.2.2", "all 1024 sign vectors of 10 clusters, each fitted again with all dummies")
r = ROBUST["wcr_ways"]
robust("wcr_ways", BASE + ['b = boottest(m, "did", cluster="g + year", bootcluster=g, reps=1024, ci=false)'], [numbers("b", {"t": r["t_plain"], "p": r["p"]}, 1e-7), numbers(SUM, {"sum": r["sum_plain"]}, 1e-7)],
       "R 4.2.2", "errors clustered by g and by year, all 1024 sign vectors of g, each fitted again with all dummies")
r = ROBUST["wre"]
robust("wre", BASE[:1] + ['m = feols(ser ~ lngdp | city_id + year | lninternet ~ lnpatent + gov, vcov="cluster g", ssc="none")', 'b = boottest(m, "lninternet", reps=1024, ci=false)'],
       [numbers("b", {"estimate": r["coef"], "t": r["t_plain"], "p": r["p"]}, 1e-7), numbers(SUM, {"sum": r["sum_plain"]}, 1e-6)], "R 4.2.2", "WRE with all 1024 sign vectors, each fitted again with all dummies")
s = ROBUST["sensemakr"]
st = s["stats"]
checks = [numbers("s", {"estimate": st["estimate"], "se": st["se"], "t": st["t_statistic"], "partial_r2": st["r2yd.x"], "rv": st["rv_q"], "rv_alpha": st["rv_qa"], "df": st["dof"]})]
for i, bound in enumerate(s["bounds"], 1):
    key = f"{i}x lnedu"
    checks += [numbers("s.r2_treatment", {key: bound["r2dz.x"]}), numbers("s.r2_outcome", {key: bound["r2yz.dx"]}), numbers("s.adjusted", {key: bound["adjusted_estimate"]})]
robust("sensemakr", ["m = ols(ser ~ did + lngdp + lnedu + lninternet)", 's = sensitivity(m, "did", benchmark="lnedu", kd={1, 2})'], checks, "sensemakr", "sensemakr(m, 'did', 'lnedu', kd = 1:2)")
r = ROBUST["oster"]
robust("oster", ["m = ols(ser ~ did + lngdp + lnedu + lninternet)", 'o = oster(m, "did")'], [numbers("o", {k: r[k] for k in ("delta", "short_coef", "short_r2", "r2")}), numbers("o", {"beta": r["beta"]}, 1e-7)],
       "R 4.2.2", "Oster's equation of delta, and its root delta(beta) = 1 found numerically")
