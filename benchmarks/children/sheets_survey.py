"""Makes a survey of 200 surveyed sites with three photos each, as large as cameras' are kept; prints the seconds."""

from __future__ import annotations

import hashlib
import io
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from barrierfree.model.records import Photo
from barrierfree.operations import sample, surveys, visits
from barrierfree.store import Store

SITES = 200


def main(survey: str) -> None:
    begun = time.perf_counter()
    known = surveys.definition_named("shuangjing-sample")
    settings = known.generator | {"counts": {"storefront": SITES}, "surveyed_share": 1.0, "awkward_share": 0.0}
    definition = known.model_copy(update={"generator": settings})
    with sample.make_sample(Path(survey), definition, device="bench") as store, store.in_a_hurry():
        rng = np.random.default_rng(1)
        ramp = visits.element_named(definition, "wheelchair_ramp")
        for site in store.sites():
            photos = [_photo(store, rng) for _ in range(3)]
            hashes = [p.sha256 for p in photos]
            ready = visits.ready_inspection(definition, site, ramp, {"present": "yes"}, photos=hashes)
            visits.submit(store, site, [ready], person="anna", photos=photos)
    print(time.perf_counter() - begun)


def _photo(store: Store, rng: np.random.Generator) -> Photo:
    """Blotches of several sizes: some 350 kB, as a street scene of this size takes."""
    layers = [Image.fromarray(rng.integers(0, 255, (h, h * 4 // 3, 3), dtype=np.uint8)) for h in (9, 60, 300)]
    mixed = layers[0].resize((1600, 1200), Image.Resampling.BICUBIC)
    for layer in layers[1:]:
        mixed = Image.blend(mixed, layer.resize((1600, 1200), Image.Resampling.BICUBIC), 0.3)
    out = io.BytesIO()
    mixed.save(out, "JPEG", quality=85)
    sha256 = hashlib.sha256(out.getvalue()).hexdigest()
    store.keep_photo_file(sha256, ".jpg", out.getvalue())
    return Photo(sha256=sha256, suffix=".jpg", width=1600, height=1200)


if __name__ == "__main__":
    main(sys.argv[1])
