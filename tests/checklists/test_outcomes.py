"""Every XLSForm of other people under shared/data/xlsform, read or refused with its reasons, as ``outcomes.csv`` says.

``python -m tests.checklists.test_outcomes`` writes the table anew; look at the difference before committing it.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from barrierfree.checklists import read_checklist
from barrierfree.errors import DefinitionError
from tests.builders import SHARED

TABLE = Path(__file__).with_name("outcomes.csv")
COLUMNS = ("file", "outcome", "elements", "questions", "said")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcome(path: Path) -> dict[str, str]:
    """One line of the table: elements with their questions, and the remarks; or the reasons for refusing."""
    remarks: list[str] = []
    line = dict.fromkeys(COLUMNS, "") | {"file": path.name}
    try:
        checklist = read_checklist(path, remarks)
    except DefinitionError as error:
        return line | {"outcome": "refused", "said": error.message}
    counts = [f"{e.code} {len(e.questions)}" for e in checklist.elements]
    total = sum(len(e.questions) for e in checklist.elements)
    return line | {
        "outcome": "read", "elements": " + ".join(counts), "questions": str(total), "said": "\n".join(remarks),
    }  # fmt: skip


def real_forms(shared: Path) -> list[Path]:
    return sorted((shared / "xlsform").glob("*.xlsx"))


@pytest.mark.parametrize("line", rows() if TABLE.exists() else [], ids=lambda line: line["file"])
def test_outcome(shared: Path, line: dict[str, str]) -> None:
    assert outcome(shared / "xlsform" / line["file"]) == line
    if line["outcome"] == "refused":
        assert all("改法：" in said and "第 " in said for said in line["said"].splitlines()[1:])


def test_every_real_form_is_in_the_table(shared: Path) -> None:
    assert [line["file"] for line in rows()] == [p.name for p in real_forms(shared)]


def _write() -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for path in real_forms(SHARED):
            writer.writerow(outcome(path))


if __name__ == "__main__":
    _write()
