#!/usr/bin/env python3
"""Turns the peers' raw results (ols.json, hdfe.json, did.json, misc.json, written by the R scripts here) into the cases that the
tests run: one JSON file a case, with the Moontide script that must give the same numbers.

    cases.py RAW_FOLDER      rewrites ../ols, ../hdfe, ../did, ../misc
"""
import json
import math
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
FIVE = "did + lngdp + lnforeign + deposit + lninternet + lnedu"
EIGHT = "did + lngdp + lnforeign + retail + deposit + infra + lninternet + lnedu"
FX = ', ssc="fixest"'


def rename(name):
    """A peer's coefficient name → ours."""
    name = {"(Intercept)": "_cons", "lngdp:did": "did:lngdp", "I(exper^2)": "exper^2", "I(I(exper^2))": "exper^2"}.get(name, name)
    name = re.sub(r"^fit_", "", name)
    name = re.sub(r"^factor\((\w+)\)(.+)$", r"i.\1::\2", name)
    name = re.sub(r"^(province|period)::([^:]+):(\w+)$", r"i(\1)::\2:\3", name)
    name = re.sub(r"^relb::(.+)$", r"i(relb)::\1", name)
    name = re.sub(r"^l\((\w+), 1\)$", r"L.\1", name)
    name = re.sub(r"^f\((\w+), 1\)$", r"F.\1", name)
    name = re.sub(r"^d\((\w+)\)$", r"D.\1", name)
    return name


def number(x):
    return float(x) if isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x) else None


def block(source, factor=1.0):
    """coef, se, p, df_t and vcov of one peer block; `factor` scales variances (a rule of the peer that has no name here)."""
    out = {"coef": {rename(k): v for k, v in source["coef"].items()}}
    if factor == 1.0:
        out["se"] = {rename(k): v for k, v in source["se"].items()}
        out["p"] = {rename(k): v for k, v in source["p"].items()}
        if number(source.get("df_t")) is not None:
            out["df_t"] = source["df_t"]
        if "vcov" in source:
            names, matrix = source["vcov"]["names"], source["vcov"]["values"]
            if isinstance(names, str):  # a single coefficient is written without its list
                names = [names]
                matrix = [[matrix]] if not isinstance(matrix, list) else [matrix] if not isinstance(matrix[0], list) else matrix
            out["vcov"] = {"names": [rename(n) for n in names], "values": matrix}
    else:
        out["se"] = {rename(k): v * math.sqrt(factor) for k, v in source["se"].items()}
    return out


STATS = {"N": "nobs", "r2": "r2", "r2_adj": "r2_adj", "r2_within": "r2_within", "r2_within_adj": "r2_within_adj",
         "rss": "rss", "logLik": "loglik", "AIC": "aic", "BIC": "bic", "sigma": "sigma", "F": "F"}


def stats(source, leave=(), weighted=False):
    out = {STATS[k]: source[k] for k in STATS if number(source.get(k)) is not None and k not in leave}
    # rmse differs by name: fixest's is sqrt(RSS / N), reghdfe's divides by the residual degrees of freedom.
    if number(source.get("rmse")) is not None:
        out["rmse_n"] = source["rmse"]
    if "sigma" in source and "AIC" in source:
        # R's lm counts the error variance as a parameter of AIC and BIC; ours (as fixest's) do not.
        out["aic"] = source["AIC"] - 2
        out["bic"] = source["BIC"] - math.log(source["N"])
    out.pop("sigma", None)
    if "sigma" in source and not weighted:
        out["rmse"] = source["sigma"]
    return out


class Cases:
    def __init__(self, topic, raw):
        self.topic, self.folder = topic, HERE.parent / topic
        self.raw = {c["id"]: c for c in json.loads((raw / f"{topic}.json").read_text())["cases"]}
        self.used = set()
        self.folder.mkdir(exist_ok=True)
        for old in self.folder.glob("*.json"):
            old.unlink()

    def add(self, id, script, checks, setup="", name=None, **more):
        """checks: a list of {"of": Lua expression, "expect": …}."""
        case = self.raw[id]
        self.used.add(id)
        peer = ", ".join([f"{k} {v}" for k, v in case["peer"].items() if k != "R"] + ["R 4.2.2"])
        record = {"id": name or id, "data": case["data"], "script": (setup + "\n" + script).strip().split("\n"), "peer": peer,
                  "call": case["call"], "generator": f"{self.topic}.R", "coef_tol": 1e-8, "se_tol": 1e-7}
        if case.get("notes"):
            record["notes"] = case["notes"]
        record.update(more)
        record["checks"] = checks
        path = self.folder / f"{(name or id).split('.', 1)[1]}.json"
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def result(of, expect):
    return {"of": of, "kind": "result", "expect": expect}


def values(of, expect, tol=1e-8):
    return {"of": of, "kind": "values", "expect": expect, "tol": tol}


def ols(raw):
    c = Cases("ols", raw)
    one = f"m = ols(ser ~ {EIGHT})"
    models = {
        "ols.ydr": (one, ""),
        "ols.ydr.weighted": (one[:-1] + ", weights=aw(exp(lngdp)))", ""),
        "ols.cigarettes": ("m = ols(lp ~ lrp + lri + i.year)",
                           "gen(lp = log(packs), lrp = log(price/cpi), lri = log(income/population/cpi))"),
        "ols.petersen": ("m = ols(y ~ x)", ""),
        "ols.usconsump": ("m = ols(expenditure ~ income)", ""),
    }
    for id, case in c.raw.items():
        base, kind = id.rsplit(".", 1)
        if base in models and (kind == "classical" or re.fullmatch("hc[0-4]", kind)):
            script, setup = models[base]
            # R's weighted log-likelihood is ours; R's rss and sigma use the weights as given, ours are rescaled to sum N.
            weighted = base.endswith("weighted")
            expect = block(case["results"])
            if kind == "classical":
                expect["stats"] = stats(case["results"], leave=("rss",) if weighted else (), weighted=weighted)
                c.add(id, script, [result("m", expect)], setup)
            else:
                c.add(id, script, [result(f'm:vcov_as("{kind.upper()}")', expect)], setup)
    clusters = {
        "ols.ydr.cluster_city.hc0": ("city_id", '"k_adjust=no"'), "ols.ydr.cluster_city.hc1": ("city_id", None),
        "ols.ydr.cluster_city_year.hc1": ("city_id, year", '"g_df=conventional"'),
        "ols.ydr.weighted.cluster_city": ("city_id", None), "ols.cigarettes.cluster_state": ("state", None),
        "ols.petersen.cluster_firm": ("firm", None), "ols.petersen.cluster_year": ("year", None),
        "ols.petersen.cluster_firm_year": ("firm, year", '"g_df=conventional"'),
    }
    for id, (by, ssc) in clusters.items():
        base = "ols.ydr.weighted" if "weighted" in id else ".".join(id.split(".")[:2])
        script, setup = models[base]
        c.add(id, script, [result(f"m:vcov_as(cluster({by}){', ssc=' + ssc if ssc else ''})", block(c.raw[id]["results"]))], setup)
    # multi0: the intersection term is the plain HC0 matrix; one city-year pair is one row, so both are the same but for its G/(G-1).
    id = "ols.ydr.cluster_city_year.multi0"
    n, k = 402, 9
    both = c.raw["ols.ydr.cluster_city_year.hc1"]["results"]["vcov"]["values"]
    hc0 = c.raw["ols.ydr.hc0"]["results"]["vcov"]["values"]
    expect = block(c.raw[id]["results"])
    c.add(id, one, [{"of": 'm:vcov_as(cluster(city_id, year), ssc="g_df=conventional")', "kind": "vcov_plus",
                     "other": 'm:vcov_as("HC0")', "times": n / (n - k) - 1, "expect": expect["vcov"]}],
          why="the peer subtracts the plain HC0 matrix, ours n/(n-k) times it (its own small-sample factors)")
    r = c.raw["ols.ydr.diagnostics"]["results"]
    c.add("ols.ydr.diagnostics", one, [
        values("bptest(m)", {"statistic": r["breusch_pagan_koenker"]["statistic"]["BP"], "p": r["breusch_pagan_koenker"]["p_value"], "df1": 8}),
        values("bptest(m, studentize=false)", {"statistic": r["breusch_pagan_classic"]["statistic"]["BP"], "p": r["breusch_pagan_classic"]["p_value"]}),
        values("whitetest(m)", {"statistic": r["white"]["statistic"], "df1": 2, "p": r["white"]["p_value"]}),
        values("reset(m)", {"statistic": r["reset_23"]["statistic"]["RESET"], "p": r["reset_23"]["p_value"], "df1": 2, "df2": 391}),
        values("vif(m)", r["vif"]),
        values("dwtest(m)", {"statistic": r["durbin_watson"]}),
        values("influence(m)", {"leverage_max": r["leverage_max"], "cooks_max": r["cooks_max"]})])
    r = c.raw["ols.usconsump.diagnostics"]["results"]
    bg = lambda k: {"statistic": r[k]["statistic"]["LM test"], "p": r[k]["p_value"]}
    c.add("ols.usconsump.diagnostics", "m = ols(expenditure ~ income)", [
        values("dwtest(m)", {"statistic": r["durbin_watson"]["statistic"]["DW"]}),
        {"of": "dwtest(m)", "kind": "values", "tol": 1e-4, "expect": {"p": r["durbin_watson"]["p_value"]},
         "why": "the peer's exact p-value comes from pan's algorithm with its own accuracy"},
        values("bgtest(m, order=1)", bg("bg1")), values("bgtest(m, order=2)", bg("bg2")), values('bgtest(m, order=2, form="F")', bg("bg2_F")),
        values("bptest(m)", {"statistic": r["bp"]["statistic"]["BP"], "p": r["bp"]["p_value"]})])
    r = c.raw["ols.ydr.wald"]["results"]
    w = lambda k: {"statistic": r[k]["F"], "df1": r[k]["df1"], "df2": r[k]["df2"], "p": r[k]["p"]}
    c.add("ols.ydr.wald", one, [values('m:vcov_as("HC1"):test("lnforeign", "retail")', w("joint_lnforeign_retail_hc1")),
                                values('m:test("lngdp + lninternet = 0")', w("lngdp_plus_lninternet_classical"))])
    for id, script, setup in (("ols.ydr.factor_interaction", "m = ols(ser ~ lngdp + lnedu + i.province + did:lngdp)", ""),
                              ("ols.ydr.collinear", "m = ols(ser ~ lngdp + lnedu + dup)", "gen(dup = 2*lngdp - lnedu)")):
        r = c.raw[id]["results"]
        c.add(id, script, [result("m", dict(block(r), stats=stats(r)))], setup)
    for km in (100, 160):
        id = f"ols.ydr2020.conley{km}"
        c.add(id, "m = ols(ser ~ lngdp + lnedu + lninternet)", [
            result(f'm:vcov_as(conley(cutoff={km}, lat="lat", lon="lon"), ssc="fixest")', block(c.raw[id]["results"]))], 'keep "year == 2020"')
    for lag in (0, 1, 3, 5):
        for adjust in ("", ".adjust"):
            id = f"ols.usconsump.neweywest{lag}{adjust}"
            ssc = '"none"'
            expect = block(c.raw[id]["results"], 1.0)
            if adjust:  # the peer multiplies by n/(n−k): the same numbers from the unadjusted matrix
                expect = block({"coef": c.raw[id]["results"]["coef"], "se": c.raw[id]["results"]["se"]}, 42 / 44)
            else:
                del expect["df_t"], expect["p"]
            c.add(id, "m = ols(expenditure ~ income)", [result(f"m:vcov_as(newey_west(lag={lag}), ssc={ssc})", expect)],
                  "tsset(year)", **({"why": "the peer's n/(n-k) is divided out"} if adjust else {}))
    id = "ols.usconsump.neweywest_auto"
    expect = block(c.raw[id]["results"])
    del expect["df_t"], expect["p"]
    c.add(id, "m = ols(expenditure ~ income)",
          [result('m:vcov_as(newey_west(lag="auto"), ssc="none")', expect)], "tsset(year)")
    grunfeld = {"pooling": "m = ols(inv ~ value + capital)", "within": 'm = feols(inv ~ value + capital, fe="firm")'}
    n = 200
    for model, script in grunfeld.items():
        k = 3 if model == "pooling" else 2
        none = 'ssc="none"'
        for what, vcov in (("driscoll_kraay0", "driscoll_kraay(lag=0)"), ("driscoll_kraay2", "driscoll_kraay(lag=2)"),
                           ("arellano_group", "cluster(firm)"), ("arellano_time", "cluster(year)")):
            for rule in ("hc0", "hc1", "sss"):
                id = f"ols.grunfeld.{model}.{what}.{rule}"
                if id not in c.raw:
                    continue
                ssc, why = none, {}
                if rule == "sss":
                    ssc = 'ssc="k_fixef=none"'
                expect = block(c.raw[id]["results"], (n - k) / n if rule == "hc1" else 1.0)
                expect.pop("df_t", None), expect.pop("p", None)
                if rule == "hc1":
                    why = {"why": "the peer's n/(n-k), with the columns of the demeaned design as k, is divided out"}
                c.add(id, script, [result(f"m:vcov_as({vcov}, {ssc})", expect)], "panel(firm, year)", **why)
    id = "ols.ydr.twoways.driscoll_kraay2.hc0"
    expect = block(c.raw[id]["results"])
    expect.pop("df_t"), expect.pop("p")
    c.add(id, 'm = feols(ser ~ did + lngdp + lnforeign + lnedu, fe="city_id+year")',
          [result('m:vcov_as(driscoll_kraay(lag=2), ssc="none")', expect)], "panel(city_id, year)")
    checks = []
    for v, r in c.raw["ols.describe.ydr"]["results"].items():
        e = {"N": r["N"], "mean": r["mean"], "sd": r["sd"], "min": r["min"], "max": r["max"], "skewness": r["skewness"],
             "kurtosis": r["kurtosis"], "p25": r["p25"], "p50": r["p50"], "p75": r["p75"]}
        checks.append(values(f'summarize({v}, detail=true, percentiles="r7").{v}', e))
    c.add("ols.describe.ydr", "", checks)
    r = c.raw["ols.correlation.ydr"]["results"]
    names = r["pearson"]["names"]
    pairs = lambda m: {f"{a}.{b}": m["values"][i][j] for i, a in enumerate(names) for j, b in enumerate(names)}
    c.add("ols.correlation.ydr", "", [values("correlate(ser, lngdp, retail, infra)", pairs(r["pearson"])),
                                      values('correlate(ser, lngdp, retail, infra, method="spearman")', pairs(r["spearman"]))])
    r = c.raw["ols.ttest.ydr"]["results"]
    t = lambda k, s: {"statistic": r[k]["statistic"][s], "p": r[k]["p_value"]}
    c.add("ols.ttest.ydr", "", [values("ttest(ser, by=treat, unequal=true)", dict(t("welch", "t"), df=r["welch"]["parameter"]["df"])),
                                values("ttest(ser, by=treat)", dict(t("pooled", "t"), df=39)),
                                values("ranksum(ser, by=treat)", t("wilcoxon", "W")), values("kstest(ser, by=treat)", t("ks", "D"))],
          'keep "year == 2020"')
    return c


def hdfe(raw):
    c = Cases("hdfe", raw)
    variants = {"iid": '"iid"', "hetero": '"hetero"', "cluster": "cluster({c})", "cluster_K_full": 'cluster({c}), ssc="fixest, k_fixef=full"',
                "cluster_no_ssc": 'cluster({c}), ssc="fixest, k_adjust=no, g_adjust=no"',
                "cluster_K_full_exact": 'cluster({c}), ssc="fixest, k_fixef=full, k_exact=yes"',
                "twoway": "cluster({c2})", "twoway_conventional": 'cluster({c2}), ssc="fixest, g_df=conventional"',
                "threeway": "cluster({c2})", "cluster_pair": "cluster({c})", "newey_west2": "newey_west(lag=2)", "newey_west0": "newey_west(lag=0)",
                "newey_west2_no_ssc": 'newey_west(lag=2), ssc="fixest, k_adjust=no, g_adjust=no"',
                "driscoll_kraay2": "driscoll_kraay(lag=2)",
                "driscoll_kraay2_no_ssc": 'driscoll_kraay(lag=2), ssc="fixest, k_adjust=no, g_adjust=no"'}

    def fixed(id, script, cluster, setup="", extra=(), leave=(), why=None):
        r = c.raw[id]["results"]
        one, two = cluster if isinstance(cluster, tuple) else (cluster, "")
        checks = []
        for name, expect in r["vcov"].items():
            if name in leave:
                continue
            call = variants[name].format(c=one, c2=two)
            if "ssc=" not in call:
                call += ', ssc="fixest"'
            e = block(expect)
            if not checks:
                e["stats"] = stats(r, leave=leave)
            # A raw indefinite matrix is what the peer recorded; ours repairs it, so the case asks for the raw one.
            if number(expect.get("min_eigen")) is not None and expect["min_eigen"] < 0:
                call = re.sub(r'ssc="([^"]*)"', r'ssc="\1, repair=none"', call)
            checks.append(result(f"m:vcov_as({call})", e))
        c.add(id, script, checks + list(extra), setup, **({"why": why} if why else {}))

    cy = ("city_id", "city_id, year")
    fixed("hdfe.ydr.fe1", f'm = feols(ser ~ {FIVE}, fe="city_id"{FX})', cy)
    fixed("hdfe.ydr.fe2", f'm = feols(ser ~ {FIVE}, fe="city_id + year"{FX})', cy)
    fixed("hdfe.ydr.missing", f'm = feols(ser ~ did + lngdp + retail + infra, fe="city_id + year"{FX})', cy)
    fixed("hdfe.ydr.interacted_fe", f'm = feols(ser ~ did + lngdp, fe=city_id + province^year{FX})', cy)
    fixed("hdfe.ydr.interacted_fe.keep_singletons", f'm = feols(ser ~ did + lngdp, fe="city_id + province^year", keep_singletons=true{FX})', cy)
    fixed("hdfe.ydr.slopes", f'm = feols(ser ~ did + lngdp, fe=city_id[trend] + year{FX})', cy, "gen(trend = year - 2010)",
          leave=("cluster_K_full_exact",), why="the peer's exact count of the fixed effects is 91; the rank of their dummies and slopes is 90, as ours")
    fixed("hdfe.ydr.slopes_only", f'm = feols(ser ~ did, fe="city_id[[trend]] + year"{FX})', cy, "gen(trend = year - 2010)")
    fixed("hdfe.ydr.collinear", f'm = feols(ser ~ did + lngdp + lnarea | city_id + year{FX})', cy)
    fixed("hdfe.ydr.weights", f'm = feols(ser ~ did + lngdp + lnedu, fe="city_id + year", weights=aw(wt){FX})', cy, "gen(wt = exp(lngdp)/1000)",
          leave=("rss", "logLik", "AIC", "BIC"), why="analytic weights are rescaled to sum to N here, so rss and the likelihood have another scale than the peer's")
    fixed("hdfe.ydr.interactions", f'm = feols(ser ~ did + did:lngdp + i(province, lnedu, ref="Anhui"), fe=city_id + year{FX})', cy)
    fixed("hdfe.ydr.panel_hac", f'm = feols(ser ~ did + lngdp, fe="city_id + year"{FX})', cy, "panel(city_id, year)")
    fixed("hdfe.ydr.lags", f'm = feols(ser ~ L.did + D.lngdp + F.lnedu, fe="city_id + year"{FX})', cy, "panel(city_id, year)")
    solo = 'gen(cell = "cond(city_id == 7 and year == 2013, \'solo\', province)")'
    fixed("hdfe.ydr.singleton.removed", f'm = feols(ser ~ did + lngdp, fe="city_id + year + cell"{FX})', cy, solo)
    fixed("hdfe.ydr.singleton.kept", f'm = feols(ser ~ did + lngdp, fe="city_id + year + cell", keep_singletons=true{FX})', cy, solo)
    fixed("hdfe.base_did.fe2", f'm = feols(y ~ x1 + treat:post, fe="id + period"{FX})', ("id", "id, period"))
    logs = "gen(lE = log(Euros), ld = log(dist_km))"
    fixed("hdfe.trade.fe3", f'm = feols(lE ~ ld | Origin + Destination + Product{FX})', ("Origin", "Origin, Destination"), logs)
    fixed("hdfe.trade.fe3_interacted", f'm = feols(lE ~ ld, fe="Origin^Year + Destination^Year + Product"{FX})',
          ("Origin", "Origin, Destination, Product"), logs)
    fixed("hdfe.trade.fe4", f'm = feols(lE ~ ld | Origin + Destination + Product + Year{FX})',
          ("Origin^Destination", "Origin, Destination, Product"), logs)
    fixed("hdfe.males.fe2", f'm = feols(wage ~ exper + exper^2 + u, fe="nr + year"{FX})'.replace("+ u,", "+ union,"), ("nr", "nr, year"),
          'replace(union = "union == \'yes\'")')
    fixed("hdfe.partner.loglinear_gravity", f'm = feols(log(trade) ~ partner_we + partner_ew + ldist, fe="origin^month + dest^month", where="trade > 0"{FX})',
          ("origin^dest", ""), 'gen(we = "direction == \'WE\'")\ngen(partner_we = partner * we, partner_ew = partner * (1 - we), ldist = log(dist))')
    r = c.raw["hdfe.ydr.fixef_values"]["results"]
    contrasts = lambda d, first: {k: v - d[first] for k, v in d.items()}
    c.add("hdfe.ydr.fixef_values", 'm = feols(ser ~ did + lngdp, fe="city_id + year")', [
        {"of": "m:fe().city_id", "kind": "contrasts", "first": "1", "tol": 1e-8, "expect": contrasts(r["city_id"], "1")},
        {"of": "m:fe().year", "kind": "contrasts", "first": "2011", "tol": 1e-8, "expect": contrasts(r["year"], "2011")},
        {"of": "m:fitted()", "kind": "first", "tol": 1e-8, "expect": r["fitted_first10"]},
        {"of": "m:residuals()", "kind": "first", "tol": 1e-7, "expect": r["resid_first10"]}])

    def iv(id, script, cluster, setup=""):
        r = c.raw[id]["results"]
        one = lambda s: {"statistic": s["stat"], "p": s["p"], **({"df1": s["df1"], "df2": s["df2"]} if "df1" in s else {"df1": s["df"]})}
        extra = []
        for key, s in r["ivf1"].items():
            extra.append(values(f'm.tests["first-stage F: {key.split("::")[1]}"]', one(s)))
        if r["wu_hausman"]["wh"].get("stat") is not None:
            extra.append(values('m.tests["Wu-Hausman"]', one(r["wu_hausman"]["wh"])))
        if isinstance(r["sargan"]["sargan"], dict) and number(r["sargan"]["sargan"].get("stat")) is not None:
            extra.append(values('m.tests["Sargan"]', one(r["sargan"]["sargan"])))
        for endogenous, first in r["first_stage"].items():
            e = block({k: first[k] for k in ("coef", "se", "p", "df_t")})
            extra.append(result(f'm.first_stages.{endogenous}', e))
        # The peer's R² of 2SLS comes from other residuals than Stata's and AER's, 1 − RSS/TSS with those of the structural equation, which we follow.
        fixed(id, script, cluster, setup, extra, leave=("r2", "r2_adj", "r2_within", "r2_within_adj"),
              why="R² of 2SLS is 1 - RSS/TSS here, as in Stata and AER; the peer's is another")

    z = "gen(z1 = lnpatent, z2 = gov)"
    iv("hdfe.ydr.iv_overid", f"m = feols(ser ~ lngdp + lnedu | city_id + year | lninternet ~ z1 + z2{FX})", cy, z)
    iv("hdfe.ydr.iv_just", f"m = feols(ser ~ lngdp | city_id + year | lninternet ~ z1{FX})", cy, z)
    iv("hdfe.ydr.iv_two_endog", f"m = feols(ser ~ lngdp | year | lninternet + lnforeign ~ z1 + z2 + lnedu{FX})", cy, z)
    cg = ('keep "year == 1995"\ngen(lp = log(packs), lrp = log(price/cpi), lri = log(income/population/cpi), tdiff = (taxs - tax)/cpi, rtax = tax/cpi)')
    iv("hdfe.cigarettes.iv", f"m = feols(lp ~ lri | lrp ~ tdiff + rtax{FX})", ("state", ""), cg)
    r = c.raw["hdfe.cigarettes.ivreg"]["results"]
    f = lambda s: {"statistic": s.get("F", s.get("chi2")), "df1": s.get("df1", s.get("df")), "p": s["p"]}
    hc0, hc1 = block(r["hc0"]), block(r["hc1"])
    c.add("hdfe.cigarettes.ivreg", "m = feols(lp ~ lri | lrp ~ tdiff + rtax)", [
        result("m", dict(block(r), stats={"r2": r["r2"], "rmse": r["sigma"]})), result('m:vcov_as("HC0")', hc0), result('m:vcov_as("HC1")', hc1),
        values('m.tests["first-stage F: lrp"]', f(r["weak_instruments"])), values('m.tests["Wu-Hausman"]', f(r["wu_hausman"])),
        values('m.tests["Sargan"]', f(r["sargan"]))], cg)
    return c


def did(raw):
    c = Cases("did", raw)

    def one(id, script, cluster, setup="", names=None):
        r = c.raw[id]["results"]
        e = block(r)
        if names:
            e = json.loads(names(json.dumps(e)))
        e["stats"] = {"nobs": r["N"], "r2": r["r2"], "r2_within": r["r2_within"]}
        c.add(id, script, [result("m", e)], setup)

    one("did.ydr.twfe", 'm = did(ser ~ did + lngdp + lnforeign + lnedu + lninternet + deposit, fe="city_id+year", ssc="fixest")', "city_id", "panel(city_id, year)")
    one("did.ydr.event_study", 'm = event_study(ser ~ lngdp, cohort=cohort, fe=city_id+year, ref=-1, window={-5,3}, bin=true, ssc="fixest")', "city_id",
        "panel(city_id, year)", lambda s: s.replace("i(relb)::", "event::").replace("event::-5", "event::<=-5").replace("event::3", "event::>=3"))
    one("did.base_did.event_study", 'm = did(y ~ i(period, treat, ref=5) + x1, fe="id+period", ssc="fixest")', "id", "panel(id, period)")
    one("did.base_did.twfe", 'm = did(y ~ x1 + treat:post, fe="id+period", ssc="fixest")', "id", "panel(id, period)")
    # The fake cohorts are typed out: those of city (17 i mod 41) + 1.
    one("did.ydr.placebo_fixed_permutation", 'm = did(ser ~ fdid, fe="city_id+year", ssc="fixest")', "city_id", FAKE)
    group_time(c)
    staggered(c)
    return c


def numbered(names, coef, se):
    """coef and se of a peer's parallel lists, without what it leaves undefined (the base period, empty cohorts)."""
    kept = [(n, b, s) for n, b, s in zip(names, coef, se) if number(b) is not None and number(s) is not None]
    return {"coef": {n: b for n, b, _ in kept}, "se": {n: s for n, _, s in kept}}


def group_time(c):
    """did::att_gt and its four aggregations, DRDID's two-by-two estimators."""
    as_list = lambda x: x if isinstance(x, list) else [x]
    for id, case in c.raw.items():
        if ".att_gt." not in id:
            continue
        r, call = case["results"], case["call"]
        option = lambda name: re.search(rf"{name}='?([^',]+)'?", call).group(1)
        x = re.search(r"xformla=~(\w+)", call).group(1)
        setup = f"panel({option('idname')}, {option('tname')})"
        where = ', where="cohort == 0 or cohort == 2019 or cohort == 2020"' if "ydr_late" in id else ""
        cohort = '"`first.treat`"' if "mpdta" in id else "cohort"
        script = (f"m = att_gt({option('yname')} ~ {x}, cohort={cohort}, method=\"{option('est_method')}\", "
                  f"control=\"{option('control_group')}\", base=\"{option('base_period')}\", anticipation={option('anticipation')}{where}, like=\"did\", reps=0)")
        checks = [result("m", numbered([f"g{g}::{t}" for g, t in zip(r["group"], r["time"])], r["att"], r["se"])),
                  values("m", {"units": r["n_units"]})]
        if number(r["pretest_W"]) is not None and "mpdta" in id:
            checks.append(values("m.tests[1]", {"statistic": r["pretest_W"]}))
        for type, key, head in (("simple", "simple", ""), ("dynamic", "dynamic", "event"), ("group", "group_agg", "cohort"), ("calendar", "calendar", "time")):
            a = r[key]
            names, coef, se = ["ATT"], [a["overall_att"]], [a["overall_se"]]
            if head:
                names += [f"{head}::{e}" for e in as_list(a["egt"])]
                coef += as_list(a["att"])
                se += as_list(a["se"])
            checks.append(result(f'aggte(m, "{type}")', numbered(names, coef, se)))
        c.add(id, script, checks, setup)
    peers = {"drdid_panel": "dr", "drdid_imp_panel": "imp", "std_ipw_did_panel": "stdipw", "ipw_did_panel": "ipw", "reg_did_panel": "reg"}
    for id, script, setup in (
            ("did.mpdta.drdid_2x2", 'drdid(lemp ~ lpop, treat=treat, where="(`first.treat` == 0 or `first.treat` == 2007) and (year == 2006 or year == 2007)", method="{}")',
             "panel(countyreal, year)"),
            ("did.ydr.drdid_2x2", 'drdid(ser ~ lnedu + lnarea, treat=treat, where="(cohort == 0 or cohort >= 2018) and (year == 2017 or year == 2020)", method="{}")',
             "panel(city_id, year)")):
        r = c.raw[id]["results"]
        c.add(id, "", [result(script.format(ours), numbered(["ATT"], [r[peer]["att"]], [r[peer]["se"]])) for peer, ours in peers.items()], setup)


def staggered(c):
    """Sun-Abraham, Goodman-Bacon."""
    ours = lambda name: name.replace("year::", "event::")
    for id, script, setup in (("did.ydr.sunab", 'sunab(ser ~ 1, cohort=cohort, ssc="fixest", agg="{}")', "panel(city_id, year)"),
                              ("did.base_stagg.sunab", 'sunab(y ~ x1, cohort=year_treated, ssc="fixest", agg="{}")', "panel(id, year)")):
        r = c.raw[id]["results"]
        pick = lambda part: {"coef": {ours(k): v for k, v in r[part]["coef"].items()}, "se": {ours(k): v for k, v in r[part]["se"].items()}}
        period, raw = pick("by_period"), pick("raw_cohort_period")
        att = {"ATT.coef": r["att"]["coef"], "ATT.se": r["att"]["se"]}
        both = lambda of: f"(function() local m = {of}; return {{ATT = {{coef = m.coef.ATT, se = m.se.ATT}}}} end)()"
        period["df_t"] = r["df_t"]
        period["stats"] = {"nobs": r["N"]}
        c.add(id, "", [result(script.format("period"), period), result(script.format("none"), raw), values(both(script.format("att")), att, 1e-7)], setup)
    types = {"Earlier vs Later Treated": "earlier and later treated", "Later vs Earlier Treated": "later and earlier treated",
             "Treated vs Untreated": "treated and never treated"}
    for id, script, setup in (("did.castle.bacon", "b = bacon(l_homicide ~ 1, cohort=effyear)", "panel(state, year)"),
                              ("did.ydr.bacon", "b = bacon(ser ~ 1, cohort=cohort)", "panel(city_id, year)")):
        r = c.raw[id]["results"]
        pairs = ("(function() local t = {}; for _, p in ipairs(b.comparisons) do t[p.treated .. '_' .. p.control] = p end return t end)()")
        expect = {}
        for p in r["comparisons"]:
            expect[f"{p['treated']}_{p['untreated']}.estimate"] = p["estimate"]
            expect[f"{p['treated']}_{p['untreated']}.weight"] = p["weight"]
        by_type = {f"{types[k]}.{f}": v[g] for k, v in r["by_type"].items() for f, g in (("weight", "weight"), ("estimate", "avg_estimate"))}
        c.add(id, script, [values("b", {"twfe": r["weighted_sum"]}), values(pairs, expect), values("b.types", by_type)], setup)


def misc(raw):
    c = Cases("misc", raw)
    r = lambda id: c.raw["misc." + id]["results"]
    first = lambda of, expect, tol=1e-8: {"of": of, "kind": "first", "expect": expect, "tol": tol}
    column = lambda name, expect: first(f"data().{name}:values()", expect)
    keep = 'keep "year == 2020"'
    gdp = "exp(lngdp)"

    v = r("structure_indices")
    c.add("misc.structure_indices",
          'upgrading(y1, y2, y3, form="ratio", name="s")\nrationalisation(y1, y2, y3, employment={l1, l2, l3}, name="a")\n'
          'rationalisation(y1, y2, y3, employment={l1, l2, l3}, form="theil", name="b")\nupgrading(y1, y2, y3, name="u")\nm = summarize(s, a, b, u)',
          [column("s", v["first10"]["ser"]), column("a", v["first10"]["rat"]), column("b", v["first10"]["theil"]), column("u", v["first10"]["upgrading"]),
           values("m", {f"{ours}.mean": v["mean"][theirs] for ours, theirs in zip("sabu", ("ser", "rat", "theil", "upgrading"))})],
          "sort(city_id, year)")
    v = r("location_quotient")
    c.add("misc.location_quotient", "lq(l1, l2, l3)", [column("lq_l3", v["lq3"]), column("lq_l2", v["lq2"])], keep)
    c.add("misc.krugman", "specialisation(l1, l2, l3)", [column("specialisation", r("krugman")["spec"])], keep)
    long = ("local w, sector, province = {}, {}, {}\nfor _, s in ipairs {\"l1\", \"l2\", \"l3\"} do\n  for i, x in ipairs(data()[s]:values()) do\n"
            "    table.insert(w, x); table.insert(sector, s); table.insert(province, data().province:values()[i])\n  end\nend\n"
            "f = frame{employed=w, industry_=sector, prov=province}")
    c.add("misc.ellison_glaeser", long + "\nm = ellison_glaeser(employed, industry=industry_, region=prov, data=f)",
          [values("m", {f"{s}.{k}": x for s, d in r("ellison_glaeser").items() for k, x in d.items()})], keep)

    v = r("inequality")
    c.add("misc.inequality", f"g = gini({gdp})\nt = theil({gdp})\na = atkinson({gdp})\nv = cv({gdp})\nh = hhi({gdp})\n"
          f"w = gini({gdp} / (l1 + l2 + l3), weights=aw(l1 + l2 + l3))",
          [values("g", {"gini": v["gini"]}), values("w", {"gini": v["gini_weighted"]}), values("t", {"T": v["theil_T"], "L": v["theil_L"]}),
           values("a", {"atkinson": v["atkinson_05"]}), values("v", {"cv": v["cv"]}), values("h", {"hhi": v["hhi"]})], keep)
    v = r("inequality_ineq")
    c.add("misc.inequality_ineq", f"g = inequality({gdp})\nk = gini({gdp}, corrected=true)\nv = cv({gdp}, population=true)\nh = hhi({gdp})",
          [values("g", {"gini": v["gini"], "theil_T": v["theil_T"], "theil_L": v["theil_L"], "atkinson_05": v["atkinson_05"], "atkinson_1": v["atkinson_1"]}),
           values("k", {"gini": v["gini_corrected"]}), values("v", {"cv": v["cv_population"]}), values("h", {"hhi": v["hhi"]})], keep)
    v = r("gini_se")
    c.add("misc.gini_se", f'j = gini({gdp}, se="jackknife")\ni = gini({gdp}, se="influence")',
          [values("j", {"se": v["jackknife"]}), values("i", {"se": v["influence"]})], keep)
    v = r("concentration")
    c.add("misc.concentration", f'k = cr({gdp}, n={{4, 8}})\nh = hhi({gdp})\nt = top_share({gdp})\np = percentile_ratio({gdp}, ratios="90/10 75/25")',
          [values("k", {"cr4": v["cr4"], "cr8": v["cr8"]}), values("h", {"normalised": v["hhi_normalised"]}), values("t", {"top10": v["top10"]}),
           values("p", {"p90_p10": v["p90_p10"], "p75_p25": v["p75_p25"]})], keep)
    c.add("misc.zj_exports_gini", "m = gini(exports, by=year)", [values("m", {f"{y}.gini": x for y, x in r("zj_exports_gini").items()})])
    v = r("theil_decomposition")
    c.add("misc.theil_decomposition", f"m = theil({gdp}, groups=province)",
          [values("m", {"T": v["total"], "T_between": v["between"], "T_within": v["within"]})], keep)
    v = r("dagum_gini")
    pairs = {(a if a == b else f"{b}:{a}"): v["gini_between"][i][j] for i, a in enumerate(v["groups"]) for j, b in enumerate(v["groups"]) if j <= i and not (a == b == "Shanghai")}
    c.add("misc.dagum_gini", "m = dagum(ser, province)\ng = gini(ser, groups=province)",
          [values("m", dict({"gini": v["total"], "within": v["within"], "net_between": v["net_between"], "transvariation": v["transvariation"]}, **pairs)),
           values("g", {"gini": v["total"], "within": v["within"], "between": v["net_between"], "overlap": v["transvariation"]})], keep)

    def entropy(id, names, setup, options=""):
        v = r(id)
        c.add("misc." + id, f"m = entropy_index({names}{options})",
              [values("m", {f"{x}.{k}": v[k][x] for k in ("entropy", "utility", "weight") for x in v[k]}), column("entropy_index", v["score"])], setup)

    entropy("entropy_weights.zj", "broadband, mobile, ecompark", "")
    entropy("entropy_weights.zj_shift", "broadband, mobile, ecompark", "", ", shift=1e-4")
    entropy("entropy_weights.ydr", "lninternet, lnpatent, lnedu", keep)
    c.add("misc.topsis", "topsis(lngdp, lnpatent, -agg, importance={0.5, 0.3, 0.2})", [column("topsis", r("topsis")["score"])], keep)
    v = r("pca")
    five = "lngdp, lnforeign, lnedu, lninternet, lnpatent"
    c.add("misc.pca", f'm = pca_index({five})\nv = pca_index({five}, matrix="covariance", name="second")',
          [first("m.eigenvalues", v["eigenvalues"]), first("m.shares", v["shares"]), values("m", {f"{k}.pc1": x for k, x in v["loadings"].items()}),
           values("m", {f"{k}.msa": x for k, x in v["msa"].items()}), column("pca_index", v["score"]),
           values("m", {"kmo": v["kmo"], "bartlett": v["bartlett"]}), values("m", {"bartlett_p": v["bartlett_p"]}, 1e-6),
           first("v.eigenvalues", v["covariance"]["eigenvalues"]), values("v", {f"{k}.pc1": x for k, x in v["covariance"]["loadings"].items()})], keep)
    v = r("coupling")
    c.add("misc.coupling", "m = coupling(digital, lnexports)",
          [column("coupling_D", v["D_first5"]), values("m", {"coupling_D.mean": v["mean_D"], "coupling_C.mean": v["mean_C"]})])
    v = r("coupling3")
    three = "coupling(digital, lnexports, human, importance={5, 3, 2}"
    c.add("misc.coupling3", f'{three})\n{three}, form="revised", name="r")',
          [column("coupling_C", v["C"]), column("coupling_D", v["D"]), column("r_C", v["revised"])])

    v = r("interpolation")
    cell = lambda name, o: values("cell", {f"{name} {o['city']} {o['year']}": o["value"]})
    c.add("misc.interpolation", "interpolate(infra, retail)\ncell = {}\nlocal f = data()\nlocal city, year = f.city:values(), f.year:values()\n"
          'for _, k in ipairs { "infra", "retail" } do\n  local v = f[k]:values()\n'
          '  for i = 1, #v do cell[k .. " " .. city[i] .. " " .. year[i]] = v[i] end\nend',
          [cell(name, o) for name in v for o in v[name]], "panel(city, year)")
    v = r("sigma_convergence")
    c.add("misc.sigma_convergence", 'm = sigma_convergence(exports, cv="logs")',
          [values("m", {f"{y}.sd_log": x for y, x in v["sd_log"].items()}), values("m", {f"{y}.cv": x for y, x in v["cv_log"].items()}),
           values("m", {f"{k}_{s}": x for k in ("sd", "cv") for s, x in v[k + "_trend"].items()}, 1e-7)], "panel(city, year)",
          why="the data set rounds ln exports to 12 digits; a trend of five points keeps fewer")
    v = r("beta_convergence")
    c.add("misc.beta_convergence", "a = beta_convergence(exports)\nk = beta_convergence(exports, controls={human, open})",
          [values("a", v["absolute"], 1e-7), values("k", v["conditional"], 1e-7)], "panel(city, year)",
          why="the data set rounds ln exports to 12 digits")
    v = r("convergence_clubs")
    check = lambda name, o: [values(name, {"clubs": o["clubs"]}), first(f"{name}.divergent and {{#{name}.divergent}}", [o["divergent"]])] + [
        values(name, {f"club{i + 1}.{k}": o[k][i] for i in range(o["clubs"]) for k in ("size", "b", "t")}, 1e-6)]
    c.add("misc.convergence_clubs", "l = log_t(lngdp)\nf = convergence_clubs(lngdp, merge=false)\nm = convergence_clubs(lngdp)",
          [values("l", {k: v["log_t"][k] for k in ("b", "se", "t")}, 1e-7)] + check("f", v["found"]) + check("m", v["merged"]), "panel(city, year)")
    return c


FAKE = """panel(city_id, year)
local cohort_of, ids, cohorts = {}, data().city_id:values(), data().cohort:values()
for row = 1, #ids do cohort_of[ids[row]] = cohorts[row] end
local fake = {}
for row = 1, #ids do fake[row] = cohort_of[(17 * ids[row]) % 41 + 1] end
gen(fake = fake)
gen(fdid = "fake > 0 and year >= fake")"""


def main():
    raw = pathlib.Path(sys.argv[1])
    for make in (ols, hdfe, did, misc):
        cases = make(raw)
        missing = [i for i in cases.raw if i not in cases.used]
        print(f"{cases.topic}: {len(cases.used)} cases; left for later: {', '.join(missing) or 'none'}")


if __name__ == "__main__":
    main()
