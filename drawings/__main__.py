"""Writes ``resources/drawings``: an SVG file for each drawing, and ``index.json`` with the words beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from drawings import rooms, street

FOLDER: Final = Path(__file__).resolve().parents[1] / "resources" / "drawings"
# Questions that are measured just as another one is.
SAME: Final = {
    "accessible_route.grate_gap": "accessible_entrance.grate_gap",
    "curb_ramp.bollard_gap": "accessible_entrance.bollard_gap",
    "footbridge.ramp_width": "wheelchair_ramp.clear_width",
    "footbridge.tactile_distance": "steps.tactile_distance",
}


def files() -> dict[str, str]:
    """What lies in the folder: text by name."""
    drawings = {d.question: d for d in (*street.DRAWINGS, *rooms.DRAWINGS)}
    made = {f"{name}.svg": drawing.svg() for name, drawing in sorted(drawings.items())}
    index = {
        name: {"file": f"{drawing.question}.svg", "zh": drawing.zh, "en": drawing.en}
        for name, drawing in sorted({**drawings, **{n: drawings[same] for n, same in SAME.items()}}.items())
    }
    return {**made, "index.json": json.dumps(index, ensure_ascii=False, indent=1) + "\n"}


def main() -> None:
    """Write what is new, remove what is gone."""
    FOLDER.mkdir(exist_ok=True)
    made = files()
    for path in FOLDER.iterdir():
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
