"""Holds a node's Parquet file against its CSV, with duckdb: columns.py PARQUET CSV COUNT."""
import csv
import datetime
import sys

import duckdb

parquet, table, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
about = duckdb.execute("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [parquet]).fetchall()
assert dict(about) == {"multaqa.schema": "multaqa/records-table/1", "multaqa.licence": "CC-BY-4.0"}, about

columns = duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?)", [parquet]).fetchall()
types = {name: kind for name, kind, *_ in columns}
for name, kind in {
    "id": "VARCHAR", "title_ar": "VARCHAR", "time": "TIMESTAMP WITH TIME ZONE", "current": "BOOLEAN",
    "principles": "VARCHAR[]", "sdgs": "BIGINT[]", "budget": "BIGINT", "start": "VARCHAR", "start_day": "DATE",
    "end_day": "DATE", "as_of_day": "DATE",
}.items():
    assert types[name] == kind, (name, types[name])

with open(table, newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
assert [*rows[0]] == [*types][:-3], [*types]
# Moments as text: what duckdb makes of them in Python asks for a library of time zones.
moment = "SELECT * REPLACE (epoch(time)::BIGINT AS time) FROM read_parquet(?)"
reader = duckdb.execute(moment, [parquet])
names = [name for name, *_ in reader.description]
found = [dict(zip(names, row)) for row in reader.fetchall()]
assert len(found) == len(rows) == count, (len(found), len(rows), count)


def guarded(cell):
    return cell[1:] if cell.startswith("'") else cell


def as_text(name, value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else ("false" if name != "ongoing" else "")
    if isinstance(value, list):
        return ";".join(map(str, value))
    if name == "time":
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)


for row, typed in zip(rows, found):
    for name, cell in row.items():
        assert as_text(name, typed[name]) == guarded(cell), (row["id"], name, cell, typed[name])

hostile = next(typed for typed in found if typed["title_fr"] and typed["title_fr"].startswith("=HYPERLINK"))
assert hostile["budget"] == 400000 and hostile["ongoing"] is True, hostile
assert hostile["sdgs"] == [11, 16] and hostile["principles"] == ["transparency", "participation"], hostile
assert hostile["start"] == "2024-03" and hostile["start_day"] == datetime.date(2024, 3, 1), hostile
assert hostile["end_day"] is None and hostile["licence"] is None, hostile
print(len(found))
