#!/usr/bin/env python3
"""Opens the documents that documents.mt writes, with nothing but the standard library: run.py PROGRAM

A .docx and an .xlsx are zip archives of XML: every part must be well formed, named in the list of content types, and hold
the numbers and the Chinese text of the table.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
faults = []


def check(truth, what):
    if not truth:
        faults.append(what)


def parts(path):
    with zipfile.ZipFile(path) as archive:
        check(archive.testzip() is None, f"{path.name}: a part is damaged")
        texts = {name: archive.read(name) for name in archive.namelist()}
    trees = {name: ET.fromstring(text) for name, text in texts.items()}
    types = trees["[Content_Types].xml"]
    defaults = {node.get("Extension") for node in types.iter(TYPES + "Default")}
    overrides = {node.get("PartName") for node in types.iter(TYPES + "Override")}
    for name in texts:
        known = "/" + name in overrides or name.rsplit(".", 1)[-1] in defaults
        check(known or name == "[Content_Types].xml", f"{path.name}: {name} has no content type")
    for name in overrides:
        check(name[1:] in texts, f"{path.name}: {name} is missing")
    return trees


def rows_of(table):
    return [["".join(t.text or "" for t in cell.iter(W + "t")) for cell in row.iter(W + "tc")] for row in table.iter(W + "tr")]


def check_docx(path):
    trees = parts(path)
    document = trees["word/document.xml"]
    body = document.find(W + "body")
    check(body[-1].tag == W + "sectPr", "docx: the body ends with its section")
    tables = list(body.iter(W + "tbl"))
    check(len(tables) == 2, f"docx: {len(tables)} tables, want 2")
    first = rows_of(tables[0])
    check(first[0] == ["", "全样本"] and first[1] == ["", "产业升级"] and first[2] == ["", "(1)", "(2)"], f"docx: header {first[:3]}")
    check(first[3][0] == "试验区", f"docx: first label {first[3]}")
    check(any(row[0] == "观测值" and row[1:] == ["16", "16"] for row in first), "docx: no row of observations")
    # A table that fits on a page is printed on one: every paragraph keeps the next, but for the last note. An empty cell is as
    # low as its row: the mark that ends its paragraph has the size of the letters.
    cells = [p for cell in tables[0].iter(W + "tc") for p in cell.iter(W + "p")]
    check(all(p.find(f"{W}pPr/{W}keepNext") is not None for p in cells), "docx: rows may go to the next page")
    check(all(p.find(f"{W}pPr/{W}rPr/{W}sz") is not None for p in cells), "docx: empty cells have letters of another size")
    texts = [t.text for t in document.iter(W + "t")]
    check("表2 基准回归" in texts and "表1 描述性统计" in texts, "docx: titles")
    check(any(t.startswith("注：括号内为") for t in texts), "docx: notes")
    fonts = {node.get(W + "eastAsia") for node in document.iter(W + "rFonts")}
    check(fonts == {"SimSun", "SimHei"}, f"docx: East Asian fonts {fonts}")
    for table in tables:
        grid = [int(node.get(W + "w")) for node in table.find(W + "tblGrid")]
        for row in table.iter(W + "tr"):
            widths = [int(cell.find(f"{W}tcPr/{W}tcW").get(W + "w")) for cell in row.iter(W + "tc")]
            check(sum(widths) == sum(grid), f"docx: a row is {sum(widths)} wide, the grid {sum(grid)}")
            for cell in row.iter(W + "tc"):
                check(cell[-1].tag == W + "p", "docx: a cell ends with a paragraph")
    sizes = [(int(node.get(W + "w")), node.get(W + "orient")) for node in document.iter(W + "pgSz")]
    check(sizes == [(11906, None), (16838, "landscape")], f"docx: pages {sizes}")


def check_xlsx(path, sheets):
    trees = parts(path)
    strings = ["".join(t.text or "" for t in item.iter(S + "t")) for item in trees["xl/sharedStrings.xml"]]
    check("产业升级" in strings and "表2 基准回归" in strings, f"xlsx: strings {strings}")
    for number in range(1, sheets + 1):
        sheet = trees[f"xl/worksheets/sheet{number}.xml"]
        numbers = [float(c.find(S + "v").text) for c in sheet.iter(S + "c") if c.get("t") != "s" and c.find(S + "v") is not None]
        check(len(numbers) >= 6, f"xlsx: sheet {number} has numbers {numbers}")
    first = trees["xl/worksheets/sheet1.xml"]
    numbers = [float(c.find(S + "v").text) for c in first.iter(S + "c") if c.get("t") != "s" and c.find(S + "v") is not None]
    check(numbers.count(16) == 2, "xlsx: the observations are numbers")
    check(any(abs(x - round(x, 3)) > 1e-9 for x in numbers), "xlsx: numbers have all their digits")
    formats = [node.get("formatCode") for node in trees["xl/styles.xml"].iter(S + "numFmt")]
    check(any('"("0.000")"' in text for text in formats), f"xlsx: formats {formats}")
    merged = [node.get("ref") for node in first.iter(S + "mergeCell")]
    check("A1:C1" in merged and "B2:C2" in merged, f"xlsx: merged {merged}")


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        shutil.copy(HERE.parent / "language" / "towns.csv", folder)
        shutil.copy(HERE / "documents.mt", folder)
        done = subprocess.run([program, "documents.mt"], cwd=folder, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            sys.exit(f"documents.mt failed:\n{done.stderr}")
        check(done.stdout == "", f"saving printed {done.stdout!r}")
        check_docx(folder / "t.docx")
        check_xlsx(folder / "t.xlsx", 1)
        check_xlsx(folder / "both.xlsx", 2)
        check((folder / "t.xlsx").read_bytes() == (folder / "again.xlsx").read_bytes(), "xlsx: two runs differ")
        rtf = (folder / "t.rtf").read_bytes()
        check(rtf.isascii() and rtf.startswith(b"{\\rtf1"), "rtf: ASCII")
        check("".join(f"\\u{ord(c)}?" for c in "全样本").encode() in rtf, "rtf: Chinese as escapes")
        for ending in ["tex", "html", "md", "csv", "txt"]:
            check("试验区" in (folder / f"t.{ending}").read_text(encoding="utf-8"), f"{ending}: Chinese")
        left = sorted(p.name for p in folder.iterdir() if ".part" in p.name)
        check(not left, f"files left behind: {left}")
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
