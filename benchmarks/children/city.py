"""Makes a survey with as many sites as asked for, from the list they come in; prints the seconds of the import.

Without an outline the map opens on the sites; with that of Shuangjing, as the sample has it, beside them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from barrierfree.operations import lists, surveys
from benchmarks import city


def main(survey: str, count: int, outline: bool) -> None:
    definition = surveys.definition_named("shuangjing-sample")
    if not outline:
        definition = definition.model_copy(update={"area": definition.area.model_copy(update={"outline": {}})})
    source = Path(survey).with_suffix(".xlsx")
    city.write_list(source, 0, 0, first=count)
    with surveys.new_survey(Path(survey), definition, device="bench") as store, store.in_a_hurry():
        begun = time.perf_counter()
        lists.import_list(store, source, datum="gcj02", decide="new", person="p")
        print(time.perf_counter() - begun)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), "without-outline" not in sys.argv)
