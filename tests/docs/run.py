#!/usr/bin/env python3
"""Runs the examples of help pages and compares what they print with what stands in the page.

    run.py PROGRAM PAGE.md…            every ```moontide block must print the ```output block that follows it (or nothing)
    run.py --update PROGRAM PAGE.md…   writes what the blocks print into the pages: read the diff as carefully as code
    run.py --commands PROGRAM FOLDER   every command has a page in FOLDER that names its arguments and options

The blocks of a page run in order in one session, in a folder of their own with the data sets of DATA. A ```moontide
fails block must end in an error, whose text on standard error is its output. A line that is only … in an output block
stands for any number of lines.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = {
    "cities.csv": ROOT / "examples/pilot_zones/data/ydr_cities.csv",
    "partner_trade.csv": ROOT / "tests/data/partner_trade.csv",
    "towns.csv": ROOT / "tests/language/towns.csv",
}
DATA.update({path.name: path for path in (ROOT / "examples/zhejiang/data").glob("zj_*")})
DATA.update({path.name: path for path in (ROOT / "tests/docs/data").glob("*")})
WIDTH = "76"  # four columns less than a terminal: help indents code by four
FENCE = re.compile(r"^```([a-z ]*)$")


class Block:
    """A fenced block: lines first+1 … last-1 of the page stand between its fences."""

    def __init__(self, kind, first, last, lines):
        self.kind, self.first, self.last, self.lines = kind, first, last, lines


def blocks_of(lines):
    blocks, start = [], None
    for number, line in enumerate(lines):
        fence = FENCE.match(line)
        if not fence:
            continue
        if start is None:
            start, kind = number, fence.group(1).strip()
        elif not fence.group(1):
            blocks.append(Block(kind, start, number, lines[start + 1:number]))
            start = None
    if start is not None:
        raise SystemExit(f"line {start + 1}: a block that does not end")
    return blocks


def run_script(program, folder, text):
    script = folder / "script.mt"
    script.write_text(text, encoding="utf-8")
    environment = dict(os.environ, COLUMNS=WIDTH, HOME=str(folder), NO_COLOR="1")
    return subprocess.run([program, script.name], cwd=folder, env=environment, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=120)


def scratch():
    folder = tempfile.TemporaryDirectory()
    for name, path in DATA.items():
        shutil.copy(path, pathlib.Path(folder.name) / name)
    return folder


def tidy(text):
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def renumbered(lines, skipped):
    """Positions as if the block were the whole script; carets stay under their words."""
    out, shift = [], 0
    for line in lines:
        place = re.match(r"  script\.mt:(\d+):", line)
        if place:
            number = str(int(place.group(1)) - skipped)
            shift = len(place.group(1)) - len(number)
            line = f"  script.mt:{number}:" + line[place.end():]
        elif re.fullmatch(r" +\^+", line):
            line = line[shift:]
        out.append(line)
    return out


def outputs_of(program, blocks):
    """What each block prints, as lines; and what is wrong."""
    mark = "\x1e"
    plain = [block for block in blocks if block.kind == "moontide"]
    with scratch() as name:
        text = "".join("\n".join(block.lines) + f'\nio.write("{mark}")\n' for block in plain)
        done = run_script(program, pathlib.Path(name), text)
    if done.returncode != 0:
        return None, [f"the examples fail:\n{done.stderr}"]
    printed = dict(zip(map(id, plain), map(tidy, done.stdout.split(mark))))
    faults = []
    for at, block in enumerate(blocks):
        if block.kind != "moontide fails":
            continue
        before = "".join("\n".join(b.lines) + "\n" for b in blocks[:at] if b.kind == "moontide")
        with scratch() as name:
            done = run_script(program, pathlib.Path(name), before + f'io.stderr:write("{mark}")\n' + "\n".join(block.lines) + "\n")
        if done.returncode == 0:
            faults.append(f"line {block.first + 1}: this block should fail")
        printed[id(block)] = renumbered(tidy(done.stderr.split(mark)[-1]), before.count("\n") + 1)
    return printed, faults


def matches(want, got):
    if not want:
        return not got
    if want[0] == "…":
        return any(matches(want[1:], got[skip:]) for skip in range(len(got) + 1))
    return bool(got) and want[0] == got[0] and matches(want[1:], got[1:])


def check_page(program, path, update):
    lines = path.read_text(encoding="utf-8").splitlines()
    blocks = blocks_of(lines)
    printed, faults = outputs_of(program, blocks)
    if printed is None:
        return [f"{path.name}: {fault}" for fault in faults]
    changes = []  # (first line, end line, new lines)
    for at, block in enumerate(blocks):
        if not block.kind.startswith("moontide"):
            continue
        got = printed[id(block)]
        after = blocks[at + 1] if at + 1 < len(blocks) and blocks[at + 1].kind == "output" else None
        want = tidy("\n".join(after.lines)) if after else []
        if matches(want, got):
            continue
        if update:
            fresh = ["```output", *got, "```"] if got else []
            if after:
                changes.append((after.first, after.last + 1, fresh))
            else:
                changes.append((block.last + 1, block.last + 1, ["", *fresh]))
            continue
        faults.append(f"line {block.first + 1} prints\n" + "\n".join(got) + "\nthe page says\n" + "\n".join(want))
    for first, end, fresh in reversed(changes):
        lines[first:end] = fresh
    if changes:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [f"{path.name}: {fault}" for fault in faults]


def names_in(text):
    """Words that stand in code: `fe=`, fenced blocks; and plain words of table cells."""
    code = " ".join(re.findall(r"`([^`]+)`", text)) + " " + " ".join(re.findall(r"```[a-z ]*\n(.*?)```", text, re.S))
    return set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", code))


def check_commands(program, folder):
    catalogue = json.loads(subprocess.run([program, "--commands"], capture_output=True, text=True, check=True).stdout)
    pages, faults = {}, []
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        heading = text.splitlines()[0]
        names = [name.strip() for name in heading.removeprefix("# ").split(",")]
        if not heading.startswith("# ") or path.stem not in names:
            faults.append(f"{path.name}: its first line is not '# {path.stem}', or a list of names that has it")
        for name in names:
            if name in pages:
                faults.append(f"{path.name}: '{name}' has a page already, {pages[name].name}")
            pages[name] = path
    for command in catalogue["commands"]:
        if command["name"] not in pages:
            faults.append(f"no page for the command '{command['name']}'")
            continue
        faults += unnamed(command, pages[command["name"]], command["name"])
    for method in catalogue["methods"]:
        page = pages.get({"result": "results"}.get(method["of"], method["of"]))
        if page is None:
            faults.append(f"no page for the methods of a {method['of']}")
        else:
            faults += unnamed(method, page, f"{method['of']}:{method['name']}", [method["name"]])
    functions = names_in(pages["functions"].read_text(encoding="utf-8")) if "functions" in pages else set()
    faults += [f"functions.md does not name '{name}'" for name in catalogue["functions"] if name not in functions]
    return faults


def unnamed(record, page, what, also=()):
    named = names_in(page.read_text(encoding="utf-8"))
    wanted = [*also, *(arg["name"] for arg in record["args"])]
    for option in record["options"]:
        wanted += [option["name"], *option["aliases"]]
    return [f"{page.name} does not name '{name}' of {what}" for name in wanted if name not in named]


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    program, paths = str(pathlib.Path(arguments[0]).resolve()), [pathlib.Path(a) for a in arguments[1:]]
    if "--commands" in sys.argv:
        faults = check_commands(program, paths[0])
    else:
        faults = [fault for path in paths for fault in check_page(program, path, "--update" in sys.argv)]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
