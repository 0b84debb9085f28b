"""What comes of every real list at hand, compared with the committed table ``outcomes.csv``.

Write the table anew with ``python -m tests.inventory.test_outcomes`` and read each changed line before committing it.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from barrierfree.errors import InventoryError
from barrierfree.inventory import propose, read_table, ready_sites
from tests.builders import SHARED, definition

TABLE = Path(__file__).with_name("outcomes.csv")
FOLDERS = ("workbooks", "accessibility")
MORE = ("shuangjing/facilities_gcj02.csv", "shuangjing/osm_nodes.geojson", "shuangjing/beijing_admin_codes.csv")
COLUMNS = (
    "file", "datum", "outcome", "sheet", "encoding", "header_row", "rows", "imported", "without_position", "outside",
    "rejected", "columns", "said",
)  # fmt: skip


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def real_lists(shared: Path) -> list[str]:
    found = [f"{folder}/{p.name}" for folder in FOLDERS for p in sorted((shared / folder).iterdir())]
    return [*found, *MORE]


def outcome(path: Path, name: str, datum: str) -> dict[str, str]:
    """One line of the table."""
    line = dict.fromkeys(COLUMNS, "") | {"file": name, "datum": datum}
    try:
        raw = read_table(path)
        line |= {
            "sheet": raw.sheet, "encoding": raw.encoding, "header_row": str(raw.header_row), "rows": str(len(raw.rows)),
        }  # fmt: skip
        columns = propose(raw, definition())
        line["columns"] = " ".join(f"{field}={raw.headers[at]}" for field, at in columns.items())
        read = ready_sites(raw, columns, datum, definition())
    except InventoryError as error:
        return line | {"outcome": "refused", "said": error.message}
    said = [*raw.remarks, *(r.reason for r in read.remarks if not r.row)]
    said += [f"{r.row}: {r.reason}" for r in (*read.rejected, *read.outside)]
    return line | {
        "outcome": "imported", "imported": str(len(read.sites)), "without_position": str(len(read.without_position)),
        "outside": str(len(read.outside)), "rejected": str(len(read.rejected)), "said": " ".join(said),
    }  # fmt: skip


@pytest.mark.parametrize("line", rows(), ids=lambda line: line["file"])
def test_outcome(shared: Path, line: dict[str, str]) -> None:
    path = shared / line["file"]
    if not path.is_file():
        pytest.skip(f"{line['file']} is not in the folder of real data")
    assert outcome(path, line["file"], line["datum"]) == line


def test_every_real_list_is_in_the_table(shared: Path) -> None:
    assert sorted(line["file"] for line in rows()) == sorted(real_lists(shared))


def _write() -> None:
    datums = {line["file"]: line["datum"] for line in rows()} if TABLE.exists() else {}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for name in real_lists(SHARED):
            datum = datums.get(name) or ("gcj02" if "gcj02" in name or "chinese" in name else "wgs84")
            writer.writerow(outcome(SHARED / name, name, datum))


if __name__ == "__main__":
    _write()
