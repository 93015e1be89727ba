#!/usr/bin/env python3
"""make_seeds.py FOLDER: starting inputs for each fuzz target, from the fixtures of the tests."""
import json
import pathlib
import struct
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
FILES = ROOT / "data" / "files"
CSV = [b"city,year,y\nA,2011,1.5\n\"B, old\",2012,\n", b"a;b\n1,5;2\n3,5;x\n", "城市\t值\n上海\t1\n".encode("gb18030"),
       "a,b\n1,2\n".encode("utf-16"), b"a b  c\n1 2 3\n", b"x\r\n\"q\"\"q\"\r\n\r\n2020-02-29\r\n"]
JSON = [b'[{"a": 1, "b": "x"}, {"a": 2.5, "c": [1, {"d": null}]}]', b'{"a": true}\n{"a": "2020-02-29"}\n']


def parts(archive, names):
    with zipfile.ZipFile(archive) as zipped:
        have = zipped.namelist()
        return b"\n----\n".join(zipped.read(name) for name in names if name in have)


def columnar():
    """A Moontide file of two rows with every type, a panel and shapes; the target puts its checksums right."""
    body = bytearray(64)

    def block(fmt, *values):
        at = len(body)
        data = struct.pack(f"<{len(values)}{fmt}", *values) if fmt != "s" else values[0]
        body.extend(data + bytes(-len(data) % 64))
        return [at, len(data)]

    def words(*texts):
        ends = [sum(len(t) for t in texts[:i + 1]) for i in range(len(texts))]
        return {"count": len(texts), "ends": block("Q", *ends), "text": block("s", "".join(texts).encode())}

    columns = [
        {"name": "id", "type": "integer", "label": "Id", "values": block("q", 1, -2**63)},
        {"name": "y", "type": "double", "values": block("d", 1.5, float("nan"))},
        {"name": "ok", "type": "boolean", "values": block("B", 1, 2)},
        {"name": "day", "type": "date", "values": block("q", 18321, 0)},
        {"name": "s", "type": "string", "values": block("i", 1, -1), "words": words("a", "bc")},
        {"name": "k", "type": "category", "values": block("i", 0, 1), "words": words("x", "y"), "numbers": block("d", 1, 5)},
        {"name": "u", "type": "integer", "values": block("q", 1, 1)},
        {"name": "t", "type": "integer", "values": block("q", 2011, 2012)}]
    shapes = {"projection": "WGS 84", "wkt": "", "geographic": True, "shape_of_row": block("I", 0, 1),
              "kinds": block("B", 3, 0), "shape_ends": block("Q", 2, 2), "path_ends": block("Q", 4, 8),
              "holes": block("B", 0, 1), "x": block("d", *range(8)), "y": block("d", *range(8))}
    directory = json.dumps({"rows": 2, "columns": columns, "panel": {"unit": "u", "time": "t"}, "shapes": shapes}).encode()
    body[24:40] = struct.pack("<QQ", len(body), len(directory))
    return bytes(body) + directory


def main():
    out = pathlib.Path(sys.argv[1])

    def seed(target, name, data):
        folder = out / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    for i, text in enumerate(CSV):
        seed("csv", f"{i}.csv", text)
    for i, text in enumerate(JSON):
        seed("json", f"{i}.json", text)
    for path in sorted(FILES.iterdir()):
        ending = path.suffix[1:].replace("zsav", "sav")
        if ending in ("dta", "sav", "por", "sas7bdat", "xpt", "xlsx", "geojson", "gpkg", "sqlite"):
            seed(ending, path.name, path.read_bytes())
        if ending == "shp":
            pieces = [path.with_suffix(e).read_bytes() for e in (".shp", ".shx", ".dbf")]
            seed("shp", path.name, struct.pack("<II", len(pieces[0]), len(pieces[1])) + b"".join(pieces))
    for n in (1, 2):
        seed("xlsx_parts", f"{n}.xml", parts(FILES / "book.xlsx", [f"xl/worksheets/sheet{n}.xml", "xl/sharedStrings.xml", "xl/styles.xml"]))
    seed("ods_parts", "table.xml", parts(FILES / "table.ods", ["content.xml"]))
    seed("mtf", "all.mtf", columnar())
    for case in (ROOT / "fuzz" / "cases").glob("*/*"):
        seed(case.parent.name, case.name, case.read_bytes())


main()
