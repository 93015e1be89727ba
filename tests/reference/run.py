#!/usr/bin/env python3
"""Runs one reference case through the program and compares: run.py PROGRAM CASE.json

Exit 77 (skipped) when the case's data set is not at hand: data/real/ is looked for in $MOONTIDE_REAL_DATA and in
../shared/data/real beside the repository.
"""
import json
import math
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATS_TOL = 1e-8


def find_data(name):
    if name.startswith("real/"):
        for folder in (os.environ.get("MOONTIDE_REAL_DATA"), ROOT.parent / "shared" / "data" / "real"):
            if folder and (pathlib.Path(folder) / name[5:]).is_file():
                return pathlib.Path(folder) / name[5:]
        return None
    for folder in (*sorted((ROOT / "examples").glob("*/data")), ROOT / "tests" / "data"):
        if (folder / name).is_file():
            return folder / name
    return None


def script_of(case, data):
    folder = str(data.parent)
    lines = [f'use "{data}"'] + [line.replace("{folder}", folder) for line in case["script"]]
    for number, check in enumerate(case["checks"]):
        lines.append(f'print("@@{number}")')
        if check["kind"] == "result":
            lines.append(f'print(({check["of"]}):json())')
        elif check["kind"] == "vcov_plus":
            lines.append(f'print(({check["of"]}):json())')
            lines.append(f'print(({check["other"]}):json())')
        elif check["kind"] == "first":
            lines.append(f'do local v = {check["of"]}; for k = 1, {len(check["expect"])} do print(string.format("%.17g", v[k])) end end')
        else:
            lines.append(f'do local v = {check["of"]}')
            for key in check["expect"]:
                path = "".join(f'["{part}"]' for part in key.split("."))
                lines.append(f'  print(string.format("%s\\t%.17g", "{key}", v{path}))')
            lines.append("end")
    return "\n".join(lines) + "\n"


class Comparison:
    def __init__(self):
        self.faults, self.compared = [], 0

    def same(self, where, got, want, rel, scale=0.0):
        """|got − want| ≤ rel · max(|want|, scale). `scale`: the size of what `want` was computed from (a standard error
        for its coefficient: a coefficient that is nearly zero has no relative accuracy of its own)."""
        self.compared += 1
        if got is None or (isinstance(got, float) and math.isnan(got)):
            self.faults.append(f"{where}: got nothing, want {want!r}")
        elif not abs(got - want) <= rel * max(abs(want), scale, 1e-300):
            off = abs(got - want) / max(abs(want), 1e-300)
            self.faults.append(f"{where}: got {got!r}, want {want!r} (relative difference {off:.2e}, allowed {rel:g})")

    def result(self, where, got, expect, case):
        table = got["coefficients"]
        if set(table) != set(expect["coef"]):
            self.faults.append(f"{where}: coefficients {sorted(table)}, want {sorted(expect['coef'])}")
            return
        for name, want in expect["coef"].items():
            self.same(f"{where}: coef {name}", table[name]["estimate"], want, case["coef_tol"], expect["se"][name] * 1e-3)
        for name, want in expect["se"].items():
            self.same(f"{where}: se {name}", table[name]["se"], want, case["se_tol"])
        for name, want in expect.get("p", {}).items():
            # A p-value amplifies the relative error of t by about t squared.
            t = expect["coef"][name] / expect["se"][name]
            self.same(f"{where}: p {name}", table[name]["p"], want, case["se_tol"] * max(1.0, t * t))
        if "df_t" in expect:
            self.same(f"{where}: df_t", got["vcov"]["df_t"], expect["df_t"], 1e-12)
        if "vcov" in expect:
            self.vcov(where, got, expect["vcov"], 2 * case["se_tol"])
        for name, want in expect.get("stats", {}).items():
            self.same(f"{where}: {name}", got["nobs"] if name == "nobs" else got["stats"].get(name), want, STATS_TOL)

    def vcov(self, where, got, want, tol):
        position = {name: i for i, name in enumerate(got["vcov"]["names"])}
        for i, a in enumerate(want["names"]):
            for j, b in enumerate(want["names"]):
                scale = math.sqrt(abs(want["values"][i][i] * want["values"][j][j]))
                self.same(f"{where}: vcov[{a}, {b}]", got["vcov"]["matrix"][position[a]][position[b]], want["values"][i][j], tol, scale)


def compare(case, outputs):
    c = Comparison()
    for number, check in enumerate(case["checks"]):
        where, out, expect = check["of"], outputs[number], check["expect"]
        if check["kind"] == "result":
            c.result(where, json.loads("\n".join(out)), expect, case)
        elif check["kind"] == "vcov_plus":
            text = "\n".join(out)
            one, end = json.JSONDecoder().raw_decode(text)
            other = json.loads(text[end:])
            for i in range(len(one["vcov"]["names"])):
                for j in range(len(one["vcov"]["names"])):
                    one["vcov"]["matrix"][i][j] += check["times"] * other["vcov"]["matrix"][i][j]
            c.vcov(where, one, expect, 2 * case["se_tol"])
        elif check["kind"] == "first":
            for k, want in enumerate(expect):
                c.same(f"{where}[{k + 1}]", float(out[k]), want, check["tol"], 1e-3)
        else:
            got = {line.split("\t")[0]: float(line.split("\t")[1]) for line in out if "\t" in line}
            base = got.get(check.get("first"), 0.0) if check["kind"] == "contrasts" else 0.0
            for key, want in expect.items():
                c.same(f"{where}.{key}", got.get(key, math.nan) - base, want, check["tol"], 1e-2 if check["kind"] == "contrasts" else 0.0)
    return c


def main():
    program, path = sys.argv[1], pathlib.Path(sys.argv[2])
    case = json.loads(path.read_text())
    data = find_data(case["data"])
    if data is None:
        print(f"skipped: {case['id']} needs {case['data']}, which is not at hand")
        return 77
    run = subprocess.run([program, "-"], input=script_of(case, data), capture_output=True, text=True, cwd=ROOT)
    if run.returncode != 0:
        print(f"{case['id']}: the script failed\n{run.stderr}\n--- script\n{script_of(case, data)}")
        return 1
    outputs, current = {}, None
    for line in run.stdout.splitlines():
        if line.startswith("@@"):
            current = outputs.setdefault(int(line[2:]), [])
        elif current is not None:
            current.append(line)
    c = compare(case, outputs)
    for fault in c.faults:
        print(f"{case['id']}: {fault}")
    print(f"{case['id']}: {c.compared} numbers compared with {case['peer']}, {len(c.faults)} differ")
    return 1 if c.faults or c.compared == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
