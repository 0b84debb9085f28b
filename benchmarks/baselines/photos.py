"""Photos opened, turned upright, shrunk and saved by Pillow: arguments folder, folder for them; prints seconds."""

import sys
import time
from pathlib import Path

from PIL import Image, ImageOps

target = Path(sys.argv[2])
target.mkdir(exist_ok=True)
files = sorted(Path(sys.argv[1]).glob("*.jpg"))
begun = time.perf_counter()
for file in files:
    with Image.open(file) as image:
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((1600, 1600), Image.Resampling.LANCZOS)
        upright.save(target / file.name, "JPEG", quality=88)
print(time.perf_counter() - begun)
