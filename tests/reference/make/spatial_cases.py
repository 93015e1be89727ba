#!/usr/bin/env python3
"""Turns the peers' raw results on spatial econometrics (spatial.json: spdep, spatialreg, splm, classInt) into the cases that the
tests run, as cases.py does for the rest:

    spatial_cases.py spatial.json      rewrites ../spatial
"""
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "spatial"
COLUMBUS = ['W = weights.edges("{folder}/columbus_nb.csv", "i", "j", id="POLYID")']
ZJ = ['panel(city, year)', 'W = weights.edges("{folder}/zj_contiguity.csv", "city_i", "city_j", both=true, id=city)',
      'D = weights.inverse_distance(lon, lat, power=2, id=city, radius=6371)']
YDR = ['panel(city_id, year)', 'W = weights.inverse_distance(lon, lat, power=2, id=city_id, radius=6371)']
PRODUC = ['panel(state, year)', 'W = weights.read("{folder}/usaww.csv", id=state)']
F = {"columbus": "CRIME ~ INC + HOVAL", "ydr2020": "ser ~ lngdp + lnedu + lninternet + did",
     "produc": "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp",
     "zj": "y ~ lnretail + lnwage + digital + open + human + lnaccess + lnqiyeshu + lnpatents"}


def name(x, lag="rho", error="lambda"):
    x = {"(Intercept)": "_cons", "Rho": "rho", "Rho_Wy": "rho"}.get(x, x)
    x = {"lambda": "@lag", "rho": "@error"}.get(x, x) if lag != "rho" else x
    x = {"@lag": "rho", "@error": "lambda"}.get(x, x)
    return "W*" + x[4:] if x.startswith("lag.") else "W*" + x[2:] if x.startswith("W_") else x


def table(source, swap=False):
    t = source["coef_table"]
    names = [name(n, "swap" if swap else "rho") for n in t["names"]]
    return dict(zip(names, t["estimate"])), dict(zip(names, t["se"]))


def values(of, expect, tol):
    return {"of": of, "kind": "values", "expect": {k: v for k, v in expect.items() if isinstance(v, (int, float)) and math.isfinite(v)}, "tol": tol}


def result(of, coef, se, stats=None):
    return {"of": of, "kind": "result", "expect": {"coef": coef, "se": se, "stats": stats or {}}}


def association(prefix, source, kind):
    est = list(source["estimate"].values())
    return {f"{prefix}statistic": est[0], f"{prefix}expected": est[1], f"{prefix}variance": est[2], f"{prefix}z": source["statistic_z"], f"{prefix}p": source["p"]}


def moran_geary(r, script, where=""):
    lines, checks = list(script), []
    for key, source in r.items():
        command, variance, side = key.split("_")
        options = f'variance="{ {"random": "randomisation", "normal": "normality"}[variance] }", alternative="{ {"two": "two-sided"}.get(side, side) }"'
        lines.append(f"{key} = {command}(X, V, {options}{where})")
        e = association("", source, command)
        checks.append(values(key, e, 1e-9))
    return lines, checks


def impacts(source, names):
    out = {}
    for k in ("direct", "indirect", "total"):
        v = source[k] if isinstance(source[k], list) else [source[k]]
        for n, x in zip(names, v):
            out[f"{n}.{k}"] = x
    return out


def cases(raw):
    for c in raw["cases"]:
        key, r = c["id"], c["results"]
        parts = key.split(".")[1:]
        data = c["data"]
        tol = dict(coef_tol=1e-6, se_tol=1e-6)
        script, checks, why = None, [], "likelihood with one or two spatial parameters"
        closed = dict(coef_tol=1e-8, se_tol=1e-7)
        if parts[0] == "columbus":
            script = list(COLUMBUS)
            f = F["columbus"]
            what = parts[1]
            place = ""
        elif parts[0] == "ydr2020":
            script, f, what, place = list(YDR), F["ydr2020"], parts[1], ', where="year == 2020"'
        if key == "spatial.columbus.knn4":
            script = ['W = weights.knn(X, Y, k=4, metric="planar", id=POLYID, standardize="none")', "N = {}",
                      'for i = 1, 49 do N[tostring(i)] = {}; for j = 1, 49 do N[tostring(i)][tostring(j)] = W:weight(tostring(i), tostring(j)) end end']
            e = {f"{i + 1}.{j}": (1 if j in row else 0) for i, row in enumerate(r["neighbours"]) for j in range(1, 50)}
            checks, tol, why = [values("N", e, 1e-12)], closed, "links are there or not"
        elif key == "spatial.columbus.dist":
            script = ['W = weights.band(X, Y, most=1.2, metric="planar", id=POLYID, standardize="none")', "N = {}",
                      'for i = 1, 49 do N[tostring(i)] = {}; for j = 1, 49 do N[tostring(i)][tostring(j)] = W:weight(tostring(i), tostring(j)) end end']
            e = {f"{i + 1}.{j}": (1 if j in row else 0) for i, row in enumerate(r["neighbours"]) for j in range(1, 50)}
            checks, tol, why = [values("N", e, 1e-12)], closed, "links are there or not"
        elif key == "spatial.ydr.weights":
            script = ["panel(city_id, year)", "K = weights.knn(lon, lat, k=4, standardize=\"none\")", "B = weights.band(lon, lat, most=120, radius=6371, standardize=\"none\")",
                      "W = weights.inverse_distance(lon, lat, power=2, radius=6371)", "D = weights.inverse_distance(lon, lat, radius=6371, standardize=\"none\")",
                      "function square(M) local N = {}; for i = 1, 41 do N[tostring(i)] = {}; for j = 1, 41 do N[tostring(i)][tostring(j)] = M:weight(tostring(i), tostring(j)) end end return N end",
                      "k, b, w, d = square(K), square(B), square(W), square(D)"]
            e = {f"{i + 1}.{j}": (1 if j in row else 0) for i, row in enumerate(r["knn4"]) for j in range(1, 42)}
            e2 = {f"{i + 1}.{j}": (1 if j in row else 0) for i, row in enumerate(r["within120"]) for j in range(1, 42)}
            checks = [values("k", e, 1e-12), values("b", e2, 1e-12), values("w", {f"1.{j + 1}": v for j, v in enumerate(r["inv2_rowstd_row1"])}, 1e-10),
                      values("d", {f"1.{j + 1}": 1 / v for j, v in enumerate(r["dist_row1"]) if v > 0}, 1e-10)]
            tol, why = closed, "distances by the same formula"
        elif key == "spatial.zj.contiguity":
            data = "zj_exports.csv"
            script = list(ZJ) + ["B = W:binary()", "n = {}", "for _, id in ipairs(W.ids) do n[id] = #W:neighbours(id) end", "w, b = W:constants(), B:constants()"]
            checks = [values("n", dict(zip(r["cities"], r["n_neighbours"])), 1e-12), values("w", r["rowstd_constants"], 1e-12), values("b", r["binary_constants"], 1e-12)]
            tol, why = closed, "sums"
        elif len(parts) > 1 and parts[1] == "moran_geary":
            if parts[0] == "columbus":
                s = COLUMBUS + ["V = W" if parts[2] == "W" else "V = W:binary()", "X = col.CRIME"]
                script, checks = moran_geary(r, s)
            elif parts[0] == "zj":
                s = ZJ + ["V = W" if parts[2] == "contiguity" else "V = D", "X = col.lnexports"]
                script, checks = moran_geary(r, s, f', where="year == {parts[3]}"')
            else:
                script, checks = moran_geary(r, YDR + ["V = W", "X = col.ser"], ', where="year == 2020"')
            tol, why = closed, "closed forms"
        elif key == "spatial.columbus.globalG":
            script, checks, tol, why = COLUMBUS + ["g = getis_ord(CRIME, W:binary())"], [values("g", association("", r, "G"), 1e-9)], closed, "closed forms"
        elif key == "spatial.zj.globalG":
            script, checks, tol, why = ZJ + ['g = getis_ord(exports, W:binary(), where="year == 2020")'], [values("g", association("", r, "G"), 1e-9)], closed, "closed forms"
        elif key == "spatial.columbus.joincount":
            script = COLUMBUS + ["gen(high = \"CRIME > 35\")", 'j = join_counts(high, W:binary(), alternative="greater")', 'J = {low = j["false:false"], high = j["true:true"]}']
            e = {}
            for colour in ("low", "high"):
                e |= association(colour + ".", r[colour], "J")
            checks, tol, why = [values("J", e, 1e-9)], closed, "closed forms"
        elif len(parts) > 1 and parts[1] == "localG":
            x, where, s, n = ("CRIME", "", COLUMBUS, 49) if parts[0] == "columbus" else ("lnexports", f', where="year == {parts[2]}"', ZJ, 11)
            script = s + [f"a = gi({x}, W, star=false{where}).frame.z", f"b = gi({x}, W{where}).frame.z"]
            checks = [{"of": "a", "kind": "first", "expect": r["Gi"], "tol": 1e-9}, {"of": "b", "kind": "first", "expect": r["Gi_star"], "tol": 1e-9}]
            tol, why = closed, "closed forms"
        elif len(parts) > 1 and parts[1] == "localmoran":
            x, where, s = ("CRIME", "", COLUMBUS) if parts[0] == "columbus" else ("lnexports", ', where="year == 2020"', ZJ)
            script, checks = list(s), []
            for key2, o in (("conditional", ""), ("total", ', moments="total"'), ("mlvar_false", ", unbiased=true")):
                script.append(f"{key2} = local_moran({x}, W{o}{where}).frame")
                # With mlvar=FALSE the peer scales I by n - 1 and its moments by n.
                for ours, theirs in (("statistic", "Ii"), ("expected", "E"), ("z", "Z"), ("p", "p"))[: 1 if key2 == "mlvar_false" else 4]:
                    checks.append({"of": f"{key2}.{ours}", "kind": "first", "expect": r[key2][theirs], "tol": 1e-8})
                if key2 != "mlvar_false":
                    checks.append({"of": f"({key2}.sd ^ 2)", "kind": "first", "expect": r[key2]["Var"], "tol": 1e-8})
            tol, why = closed, "closed forms"
        elif len(parts) > 1 and parts[1] == "lmtests":
            script.append(f"t = lmtests(ols({f}{place}), W)")
            names = {"LMlag": "LM lag", "LMerr": "LM error", "RLMlag": "robust LM lag", "RLMerr": "robust LM error", "SARMA": "LM lag and error"}
            e = {}
            for theirs, ours in names.items():
                e[f"{ours}.statistic"], e[f"{ours}.p"] = r[theirs]["statistic"], r[theirs]["p"]
            e["Moran's I of residuals.statistic"], e["Moran's I of residuals.p"] = r["moran_residuals"]["statistic_z"], r["moran_residuals"]["p"]
            checks, tol, why = [values("t", e, 1e-8)], closed, "closed forms"
        elif parts[0] in ("columbus", "ydr2020") and parts[1] in ("sar", "sem", "sdm", "sdem", "sac"):
            script.append(f"m = {what}({f}, W{place})")
            coef, se = table(r)
            for p in ("rho", "lambda"):
                if p in r:
                    coef[p], se[p] = r[p], r[p + ".se"]
            stats = {"loglik": r["logLik"], "loglik_0": r["lm_logLik"], "nobs": r["N"]}
            if what == "sac":
                tol, why = dict(coef_tol=1e-5, se_tol=1e-4), "two parameters by nlminb, which stops early"
                stats = {"nobs": r["N"]}
                script.append("ll = {loglik = m.loglik}")
                checks.append(values("ll", {"loglik": r["logLik"]}, 1e-8))
            checks.insert(0, result("m", coef, se, stats))
            script.append("s = {sigma2 = m.sigma2, rss = m.rss}")
            checks.append(values("s", {"sigma2": r["s2"]}, 1e-5 if what == "sac" else 1e-6))
            if "impacts" in r:
                script.append("i = impacts(m)")
                checks.append(values("i", impacts(r["impacts"], r["impacts"]["names"]), 1e-5 if what == "sac" else 1e-6))
            if "LM_residual_autocorrelation" in r and key != "spatial.ydr2020.sdm":  # there the peer's rho is 2e-8 off: spatial_maximum.R
                script.append('lm = {left = m.tests["spatial error left (LM)"].statistic}')
                checks.append(values("lm", {"left": r["LM_residual_autocorrelation"]}, 1e-5))
        elif parts[0] in ("columbus", "ydr2020") and parts[1] == "slx":
            script.append(f"m = slx({f}, W{place})")
            x = r["fit"]
            checks = [result("m", {name(k): v for k, v in x["coef"].items()}, {name(k): v for k, v in x["se"].items()}, {"loglik": r["logLik"]})]
            checks[0]["expect"]["df_t"] = x["df_t"]
            tol, why = closed, "least squares"
        elif parts[0] in ("columbus", "ydr2020") and parts[1] == "stsls":
            o = ", w2x=false" if key.endswith("wx_only") else ', vcov="hc0"' if key.endswith("hc0") else ""
            script.append(f"m = stsls({f}, W{o}{place})")
            checks = [result("m", {name(k): v for k, v in r["coef"].items()}, {name(k): v for k, v in r["se"].items()})]
            tol, why = closed, "closed forms"
        elif parts[1] == "gm_error":
            script.append(f"m = gmerror({f}, W{place})")
            coef = {name(k): v for k, v in r["coef"].items() if k != "lambda"}
            se = dict(zip([name(n) for n in r["coef_table"]["names"]], r["coef_table"]["se"]))
            script.append("l = {lambda = m.lambda}")
            # The peer's error variance is that of least squares' residuals, (I - λW)u over n; ours is of the last step over n - k.
            # What can be the same is the standard error of a unit error variance.
            script.append("unit = {" + ", ".join(f"{n} = m.se.{n}/math.sqrt(m.sigma2)" for n in se) + "}")
            checks = [values("m.coef", coef, 1e-4), values("unit", {n: v / math.sqrt(r["s2"]) for n, v in se.items()}, 1e-4), values("l", {"lambda": r["lambda"]}, 1e-4)]
            tol, why = dict(coef_tol=1e-4, se_tol=1e-4), "the peer's optimiser stops early"
        elif parts[1] == "gstsls":
            script.append(f"m = gs2sls({f}, W{place})")
            checks = [result("m", {name(k): v for k, v in r["coef"].items()}, {name(k): v for k, v in r["se"].items()})]
            script.append("l = {lambda = m.lambda}")
            checks.append(values("l", {"lambda": r["lambda_error"]}, 1e-4))
            tol, why = dict(coef_tol=1e-4, se_tol=1e-4), "the peer's optimiser stops early"
        elif parts[1] in ("within", "random", "pooling"):
            swap = True
            if parts[0] == "produc":
                script, f, place = list(PRODUC), F["produc"], ""
            elif parts[0] == "zj":
                script, f, place = [x.replace("D =", "W =") for x in ZJ if "edges" not in x], F["zj"], ', where="year > 2016"'
            else:
                script, f, place = list(YDR), "ser ~ did + lngdp + lnedu + lninternet", ""
            model = parts[-1]
            command = {"lag": "sar", "error": "sem", "sarar": "sac", "durbin": "sdm", "_error_b": "sem", "_error_kkp": "sem", "lag_error_b": "sac", "error_b": "sem"}[model]
            if model == "durbin":
                f = "ser ~ did + lngdp"
            effect = {"within": {"individual": "unit", "time": "time", "twoways": "both"}, "random": {}, "pooling": {}}[parts[1]].get(parts[2] if len(parts) > 2 else "", "")
            options = f', fe="{effect}"' + (', demean="first"' if effect in ("time", "both") else "") if parts[1] == "within" else ', effects="random"' if parts[1] == "random" else ""
            if model.endswith("kkp"):
                options += ', error="kkp"'
            script.append(f"m = {command}({f}, W{options}{place})")
            coef, se = table(r, True)
            if "error_components" in r:
                e = r["error_components"]
                names = e["names"] if isinstance(e["names"], list) else [e["names"]]
                for n, b, s in zip(names, e["estimate"] if isinstance(e["estimate"], list) else [e["estimate"]], e["se"] if isinstance(e["se"], list) else [e["se"]]):
                    coef["lambda" if n == "rho" else n], se["lambda" if n == "rho" else n] = b, s
            if "lag_coefficient" in r:
                coef["rho"], se["rho"] = r["lag_coefficient"]["estimate"], r["lag_coefficient"]["se"]
            script.append("s = {sigma2 = m.sigma2, loglik = m.loglik}")
            random = parts[1] == "random"
            if random or parts[1] == "pooling":  # numerical Hessians given the other parameters: ours are joint
                stopped = {"rho": coef.pop("rho")} if parts[1] == "pooling" and command == "sar" else {}
                checks = [values("m.coef", coef, 1e-4 if random else 2e-5 if stopped else 1e-5), values("m.coef", stopped, 1e-3), values("m.se", {n: v for n, v in se.items() if command == "sem" and n not in ("lambda", "phi")}, 1e-4)]
            else:
                checks = [result("m", coef, se)]
            # The peer's variance with random effects is that of both parts.
            e = {"loglik": r["logLik"]}
            if r["sigma2"] is not None:
                e["sigma2"] = r["sigma2"] / (1 + coef["phi"] if random else 1)
            checks.append(values("s", e, 1e-4))
            tol = dict(coef_tol=1e-3, se_tol=1e-2) if random else dict(coef_tol=2e-5, se_tol=1e-4)
            why = "the peer maximises numerically" if random else "both maximise a likelihood with one or two parameters"
            if parts[1] == "pooling" and command == "sar":
                why = ("the peer's optimiser stops early: the score of rho is 0.034 at its estimate and 8e-8 at ours, "
                       "-0.00207512804; the other coefficients move with it in the sixth digit")
            if "impacts" in r and r["impacts"] and isinstance(r["impacts"].get("direct"), list):
                script.append("i = impacts(m)")
                names = [n for n in coef if n not in ("rho", "lambda")]
                if command != "sdm" and abs(coef["rho"]) < 1:  # the peer sums powers of rho W, which diverge beyond 1
                    checks.append(values("i", impacts(r["impacts"], names), 1e-4))
        elif key == "spatial.produc.bsktest":
            script = PRODUC + [f"t = bsktests(ols({F['produc']}), W)"]
            checks = [values("t", {"neither (LM-H).statistic": r["LMH"]["statistic"]["LM-H"], "random effects (LM1).statistic": r["LM1"]["statistic"]["LM1"], "spatial errors (LM2).statistic": r["LM2"]["statistic"]["LM2"]}, 1e-8)]
            tol, why = closed, "closed forms"
        elif key == "spatial.produc.slmtest":
            script = PRODUC + [f"p = lmtests(ols({F['produc']}), W)", f"w = lmtests(feols({F['produc']}, fe=state), W)"]
            names = {"lml": "LM lag", "lme": "LM error", "rlml": "robust LM lag", "rlme": "robust LM error"}
            for v, source in (("p", "pooling"), ("w", "within")):
                checks.append(values(v, {f"{names[k]}.statistic": list(x["statistic"].values())[0] for k, x in r[source].items()}, 1e-8))
            tol, why = closed, "closed forms"
        elif key == "spatial.produc.sphtest":
            # For the lag the peer's variances take rho as known; for the error its random effects are those of Kapoor, Kelejian and Prucha.
            script = PRODUC + [f"f = {F['produc']}", 'h = spatial_hausman(sem(f, W, fe="unit"), sem(f, W, effects="random", error="kkp"))',
                               'l = spatial_hausman(sar(f, W, fe="unit"), sar(f, W, effects="random"), variance="given_rho")']
            checks.append(values("h", {"Hausman.statistic": r["error"]["statistic"]["chisq"], "Hausman.df1": 4}, 1e-5))
            # The peer prints the absolute value of x'(V_F - V_R)^-1 x, which is negative here.
            checks.append(values("l", {"Hausman.statistic": -r["lag"]["statistic"]["chisq"], "Hausman.df1": 4}, 1e-5))
            tol, why = closed, "the random-effects variances of the peer are numerical"
        elif key == "spatial.produc.spgm":
            # The peer's error variance is over NT - k, ours over NT - N - k: unit effects are parameters.
            r, short = r["initial"], {"log(pcap)": "pcap", "log(pc)": "pc", "log(emp)": "emp", "unemp": "unemp"}
            script = PRODUC + [f"f = {F['produc']}", 'm = gmerror(f, W, fe="unit")', "l = {lambda = m.lambda, sigma2 = m.sigma2_moments}", "s = {}",
                               "for name, se in pairs{" + ", ".join(f'{v} = m.se["{k}"]' for k, v in short.items()) + "} do s[name] = se*math.sqrt((816 - 48 - 4)/(816 - 4)) end"]
            checks = [values("m.coef", r["coef"], 1e-6), values("l", {"lambda": r["rho"][0], "sigma2": r["rho"][1]}, 1e-7), values("s", {short[k.replace("as.matrix(xf)", "")]: v for k, v in r["se"].items()}, 1e-6)]
            tol, why = dict(coef_tol=1e-6, se_tol=1e-6), "the peer's error variance is over NT - k, ours over NT - N - k: unit effects are parameters"
        elif key.startswith("spatial.breaks."):
            method = parts[1]
            for variable, dataset, where in (("exports", "zj_exports.csv", "year == 2020"), ("ser", "ydr_cities.csv", "year == 2020")):
                source = r["zj_exports_2020" if variable == "exports" else "ydr_ser_2020"]
                k = len(source) - 1
                s = [f'b = breaks({variable}, method="{method}", k={k}, where="{where}").frame', "limits = {}", f"limits[1] = b.from[1]; for c = 1, {k} do limits[c + 1] = b.to[c] end"]
                yield f"{key}.{variable}", dict(data=dataset, script=s, peer=c["peer"], call=c["call"], checks=[{"of": "limits", "kind": "first", "expect": source, "tol": 1e-12}], why="exact", **closed)
            continue
        if not checks:
            print("left out:", key)
            continue
        checks = [check for check in checks if check["expect"] != {}]
        yield key, dict(data=data, script=script, peer=c["peer"], call=c["call"], checks=checks, why=why, **tol)


# Peers whose optimiser ends before the maximum: spatial_panels.R and spatial_maximum.R go on to it and write these cases.
STOPS_EARLY = {"spatial.produc.pooling.lag", "spatial.produc.pooling.error_b", "spatial.produc.random.lag", "spatial.produc.random.lag_error_b",
               "spatial.produc.sphtest", "spatial.zj.within.twoways.lag", "spatial.ydr2020.sac"}
STATISTICS = ("moran_geary", "localmoran", "localG", "globalG", "joincount", "lmtests", "slmtest", "bsktest")


def tightened(key, case):
    """Estimates within 1e-6, log-likelihoods within 1e-8, statistics within 1e-10."""
    checks, least = [], 1e-10 if any(f".{word}" in key for word in STATISTICS) else 1e-6
    for check in case["checks"]:
        loglik = check["expect"].pop("loglik", None) if check["kind"] == "values" and len(check["expect"]) > 1 else None
        checks.append({**check, "tol": min(check["tol"], least)} if "tol" in check else check)
        if loglik is not None:
            checks.append({**check, "expect": {"loglik": loglik}, "tol": 1e-8})
    return {**case, "checks": checks, "coef_tol": min(case["coef_tol"], 1e-6), "se_tol": min(case["se_tol"], 1e-6)}


def main():
    raw = json.loads(pathlib.Path(sys.argv[1]).read_text())
    OUT.mkdir(exist_ok=True)
    count = 0
    for key, case in cases(raw):
        if key in STOPS_EARLY:
            continue
        case = tightened(key, case)
        if isinstance(case["peer"], dict):
            case["peer"] = ", ".join(f"{k} {v}" for k, v in case["peer"].items())
        (OUT / f"{key.removeprefix('spatial.')}.json").write_text(json.dumps({"id": key, **case}, indent=1, ensure_ascii=False) + "\n")
        count += 1
    print(count, "cases")


main()
