#!/usr/bin/env python3
"""Runs one language script and compares its output with what stands in it: run.py PROGRAM SCRIPT

At the end of a line, or on a line of its own:
  --> text            the next line of standard output is exactly this ("text…" with a trailing … : begins with this)
  --> error: text     this line fails, and the error holds this text and names this line
  --> warning: text   the next line on standard error is this warning
A failing line ends a script, so the script runs once without all failing lines, and once up to each of them.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

MARK = re.compile(r"--> ?(.*)$")


def run(program, text, script):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / script.name
        path.write_text(text, encoding="utf-8")
        done = subprocess.run([program, str(path)], capture_output=True, text=True, cwd=script.parent, timeout=120)
    return done, str(path)


def blank(lines, numbers):
    return "\n".join("" if number in numbers else line for number, line in enumerate(lines, 1)) + "\n"


def same(got, want):
    return got.startswith(want[:-1]) if want.endswith("…") else got == want


def compare(what, got, want, faults):
    for number in range(max(len(got), len(want))):
        g = got[number] if number < len(got) else None
        line, w = want[number] if number < len(want) else (None, None)
        if g is None:
            faults.append(f"line {line}: no more {what}, want {w!r}")
            return
        if w is None:
            faults.append(f"more {what} than expected: {g!r}")
            return
        if not same(g, w):
            faults.append(f"line {line}: {what} {g!r}, want {w!r}")
            return


def main():
    program, script = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    lines = script.read_text(encoding="utf-8").splitlines()
    output, warnings, errors, faults = [], [], {}, []
    for number, line in enumerate(lines, 1):
        found = MARK.search(line)
        if not found:
            continue
        lines[number - 1] = line[:found.start()].rstrip()  # an error quotes its line, and would hold what is wanted
        text = found.group(1).rstrip()
        if text.startswith("error: "):
            errors[number] = text[len("error: "):]
        elif text.startswith("warning: "):
            warnings.append((number, text))
        else:
            output.append((number, text))
    done, path = run(program, blank(lines, set(errors)), script)
    if done.returncode != 0:
        faults.append(f"the script failed:\n{done.stderr}")
    else:
        compare("output", [line.rstrip() for line in done.stdout.splitlines()], output, faults)
        seen = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
        compare("warning", seen, warnings, faults)
    for number, want in errors.items():
        done, path = run(program, blank(lines[:number], set(errors) - {number}), script)
        if done.returncode != 1:
            faults.append(f"line {number}: exit status {done.returncode}, want an error: {want}\n{done.stderr}")
        elif want not in done.stderr:
            faults.append(f"line {number}: got the error\n{done.stderr}want: {want}")
        elif f"{path}:{number}:" not in done.stderr:
            faults.append(f"line {number}: the error does not name this line:\n{done.stderr}")
    for fault in faults:
        print(f"{script.name}: {fault}")
    checks = len(output) + len(warnings) + len(errors)
    print(f"{script.name}: {checks} checks, {len(faults)} failed")
    return 1 if faults or checks == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
