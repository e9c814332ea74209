"""Holds a node's CSV against its data package, with frictionless: table.py BASE FOLDER COUNT."""
import pathlib
import sys
import urllib.request

from frictionless import Package

base, folder, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
for name in ("datapackage.json", "export.csv"):
    with urllib.request.urlopen(f"{base}api/v1/{name}") as answer:
        (folder / name).write_bytes(answer.read())


def report():
    return Package(str(folder / "datapackage.json")).validate()


found = report()
assert found.valid, found.to_summary()
rows = Package(str(folder / "datapackage.json")).get_resource("records").read_rows()
assert len(rows) == count, f"{len(rows)} rows, not {count}"
assert all(row["budget"] is None or isinstance(row["budget"], int) for row in rows)
assert any(row["ongoing"] is True for row in rows), "no row is typed"

# The check can fail: a row twice, and a budget that is no number, are seen.
whole = (folder / "export.csv").read_bytes()
head, _, rest = whole.partition(b"\r\n")
(folder / "export.csv").write_bytes(whole + rest)
assert not report().valid, "a table with every row twice is taken"
at = head.decode().split(",").index("budget")
(folder / "export.csv").write_bytes(head + b"\r\n" + b"," * at + b"many" + b"," * (head.count(b",") - at) + b"\r\n")
kinds = {error.type for task in report().tasks for error in task.errors}
assert "type-error" in kinds, kinds
print(len(rows))
