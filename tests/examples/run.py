#!/usr/bin/env python3
"""Runs an example in a copy and compares: run.py PROGRAM FOLDER

What analysis.mt prints must be expected.txt, and every file named in outputs.txt must have been written.
`run.py PROGRAM FOLDER --update` writes expected.txt and outputs.txt anew.
"""
import difflib
import pathlib
import shutil
import subprocess
import sys
import tempfile


def main():
    program, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    update = "--update" in sys.argv
    with tempfile.TemporaryDirectory() as temporary:
        copy = pathlib.Path(temporary) / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("output"))
        run = subprocess.run([program, "analysis.mt"], cwd=copy, capture_output=True, text=True)
        written = sorted(str(path.relative_to(copy)) for path in copy.glob("output/*") if path.stat().st_size > 0)
    if run.returncode != 0:
        print(run.stderr)
        return 1
    if update:
        (folder / "expected.txt").write_text(run.stdout)
        (folder / "outputs.txt").write_text("\n".join(written) + "\n")
        return 0
    wanted = (folder / "expected.txt").read_text()
    missing = [name for name in (folder / "outputs.txt").read_text().split() if name not in written]
    for line in difflib.unified_diff(wanted.splitlines(), run.stdout.splitlines(), "expected", "printed", lineterm=""):
        print(line)
    for name in missing:
        print(f"not written: {name}")
    return 1 if missing or run.stdout != wanted else 0


if __name__ == "__main__":
    sys.exit(main())
