#!/usr/bin/env python3
"""Runs an example in a copy and compares: run.py PROGRAM FOLDER

What analysis.mt prints must be expected.txt, what another script NAME.mt of the folder prints NAME_expected.txt (scripts without one are left
alone), and every file named in outputs.txt must have been written.
`run.py PROGRAM FOLDER --update` writes these files anew.
"""
import difflib
import pathlib
import shutil
import subprocess
import sys
import tempfile


def expected_of(script):
    return "expected.txt" if script.stem == "analysis" else f"{script.stem}_expected.txt"


def main():
    program, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    update, faults = "--update" in sys.argv, []
    with tempfile.TemporaryDirectory() as temporary:
        copy = pathlib.Path(temporary) / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("output"))
        for script in sorted(folder.glob("*.mt")):
            expected = folder / expected_of(script)
            if script.stem != "analysis" and not expected.exists():
                continue
            run = subprocess.run([program, script.name], cwd=copy, capture_output=True, text=True)
            if run.returncode != 0:
                print(run.stderr)
                return 1
            if update:
                expected.write_text(run.stdout)
            faults += difflib.unified_diff(expected.read_text().splitlines(), run.stdout.splitlines(), expected.name, "printed", lineterm="")
        written = sorted(str(path.relative_to(copy)) for path in copy.glob("output/*") if path.stat().st_size > 0)
    if update:
        (folder / "outputs.txt").write_text("\n".join(written) + "\n")
    faults += [f"not written: {name}" for name in (folder / "outputs.txt").read_text().split() if name not in written]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
