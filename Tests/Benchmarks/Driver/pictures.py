"""The fullest single tile of each level as every renderer draws it, next to each other: pictures.png in the scratch folder."""
import json
import subprocess

from tiles import RASTER_LEVELS, RENDERERS, peer

COMPOSE = """
import sys
from PIL import Image
target, columns, *files = sys.argv[1:]
columns = int(columns)
sheet = Image.new("RGB", (columns * 260 - 4, len(files) // columns * 260 - 4), "white")
for i, file in enumerate(files):
    sheet.paste(Image.open(file).convert("RGBA"), (i % columns * 260, i // columns * 260), Image.open(file).convert("RGBA"))
sheet.save(target, optimize=True)
"""


def run(bench):
    lists = json.loads((bench.peers / "data" / "tiles_M.json").read_text())["tiles"]
    files = []
    for level in RASTER_LEVELS:
        level_, column, row = max(lists[str(level)], key=lambda tile: tile[3] if len(tile) > 3 else 0)[:3]
        own = bench.scratch / f"picture-{level}-workmap.png"
        bench.command(
            [bench.build / "workmap", "tile", "city", f"{level_}/{column}/{row}", "-o", own, "--data", bench.imported(),
             "--share", bench.scratch / "share"], env=bench.environment())
        files.append(own)
        for name, (interpreter, script) in RENDERERS.items():
            file = bench.scratch / f"picture-{level}-{name.replace(' ', '-')}.png"
            peer(bench, "picture", interpreter, [script], level, ["single", file])
            files.append(file)
    sheet = bench.scratch / "pictures.png"
    subprocess.run(
        [bench.peers / "venv" / "bin" / "python", "-c", COMPOSE, sheet, str(len(RENDERERS) + 1), *files], check=True)
    bench.result(f"pictures: workmap, {', '.join(RENDERERS)} from left to right, z{RASTER_LEVELS[0]} to z{RASTER_LEVELS[-1]} downwards")
