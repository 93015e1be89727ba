#!/usr/bin/env python3
"""Runs scripts/analysis/did_report.mt on the pilot zones: did_report.py PROGRAM

Every part must be there, by cohort= and by treatment= with the same estimate, every figure that the report names must be a file, and wrong
arguments must be refused by name.
"""
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/analysis/did_report.mt"
DATA = ROOT / "examples/pilot_zones/data/ydr_cities.csv"
PARTS = ["Data and treatment", "Two-way fixed effects", "Event study", "Placebo", "What two-way fixed effects average", "Estimators for staggered adoption",
         "Matching before difference-in-differences", "What is left out of the regression", "Inference with few clusters", "Other specifications",
         "How this was made"]


class Balanced(html.parser.HTMLParser):
    """Every tag that needs an end has one."""

    open_ended = {"meta", "img", "br"}

    def __init__(self):
        super().__init__()
        self.stack = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.open_ended:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack and self.stack.pop() == tag, f"</{tag}> out of place"


def run(program, folder, *arguments):
    return subprocess.run([program, SCRIPT, *arguments], cwd=folder, capture_output=True, text=True)


def estimate(text):
    return re.search(r"The estimate is (\S+) with", text).group(1)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    common = [str(DATA), "outcome=ser", "unit=city", "time=year", "controls=lngdp + lnedu", "reps=49"]
    found = {}
    with tempfile.TemporaryDirectory() as temporary:
        for treatment in ("cohort=cohort", "treatment=did"):
            done = run(program, temporary, *common, treatment, "out=report")
            assert done.returncode == 0, done.stderr
            out = pathlib.Path(temporary) / "report"
            report = (out / "report.md").read_text(encoding="utf-8")
            for part in PARTS:
                assert f"\n## {part}\n" in report, f"{treatment}: no part '{part}'"
            assert "Left out" not in report, report[report.index("Left out"):][:200]
            figures = re.findall(r"\]\((figure\S+\.svg)\)", report)
            assert len(figures) >= 7 and all((out / figure).stat().st_size > 1000 for figure in figures), figures
            page = Balanced()
            page.feed((out / "report.html").read_text(encoding="utf-8"))
            assert not page.stack, page.stack
            found[treatment] = estimate(report)
        assert len(set(found.values())) == 1, found
        for arguments, words in (([str(DATA)], "outcome= is missing"), ([*common], "cohort= or treatment= is missing"), ([*common, "tret=did"], "no argument is called 'tret='"),
                                 ([*common, "treatment=did", "reps=many"], "is not a number"), ([], "the first argument is the file")):
            refused = run(program, temporary, *arguments)
            assert refused.returncode != 0 and words in refused.stderr, (arguments, refused.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
