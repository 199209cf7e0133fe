"""renderd and render_list filling a window: renderd_metatiles.py PEERS FIRST LAST FOLDER. Prints one JSON line.

One thread of renderd, whole metatiles of 8 x 8 in 32 bit PNG as mod_tile has them. Counted are the tiles within the window, which is
the peers' `seed_bbox_3857`; those beyond it that a metatile holds as well are told beside it.
"""
import glob
import json
import os
import subprocess
import sys
import time

peers, first, last, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
sys.path.insert(0, os.path.join(peers, "bench"))

from benchlib import W, peak_rss, tiles, tree_cpu

SIDE = 8
CONFIGURATION = """[renderd]
num_threads=1
tile_dir={folder}/tiles
stats_file={folder}/stats
socketname={folder}/socket
pid_file={folder}/pid
[mapnik]
plugins_dir=/usr/lib/mapnik/3.1/input
font_dir=/usr/share/fonts/truetype/wqy
font_dir_recurse=0
[city]
URI=/city/
XML={peers}/style/out/mapnik_shp3857_wqy.xml
MAXZOOM=18
"""


def limits(level):
    window, count = tiles()["seed_bbox_3857"], 2**level
    columns = [int((value + W) / (2 * W) * count) for value in (window[0], window[2])]
    rows = [int((W - value) / (2 * W) * count) for value in (window[3], window[1])]
    return columns, rows


def fill(level):
    """Returns the tiles of the level within the window."""
    columns, rows = limits(level)
    ends = [columns[0] // SIDE * SIDE, columns[1] // SIDE * SIDE + SIDE - 1, rows[0] // SIDE * SIDE, rows[1] // SIDE * SIDE + SIDE - 1]
    words = ["render_list", "-a", "-f", "-n", "1", "-m", "city", "-s", f"{folder}/socket", "-t", f"{folder}/tiles"]
    for name, value in zip("zZxXyY", [level, level, *ends]):
        words += [f"-{name}", str(value)]
    subprocess.run(words, stdout=log, stderr=subprocess.STDOUT, check=True)
    return (columns[1] - columns[0] + 1) * (rows[1] - rows[0] + 1)


os.makedirs(f"{folder}/tiles", exist_ok=True)
with open(f"{folder}/renderd.conf", "w") as file:
    file.write(CONFIGURATION.format(folder=folder, peers=peers))
log = open(f"{folder}/log", "w")
daemon = subprocess.Popen(["renderd", "-f", "-c", f"{folder}/renderd.conf"], stdout=log, stderr=subprocess.STDOUT)
try:
    for _ in range(120):
        if os.path.exists(f"{folder}/socket"):
            break
        time.sleep(0.5)
    wall, cpu, count, by_level = time.time(), tree_cpu(daemon.pid), 0, []
    for level in range(first, last + 1):
        begun = tree_cpu(daemon.pid)
        made = fill(level)
        count += made
        by_level.append([level, made, round(tree_cpu(daemon.pid) - begun, 2)])
    cpu = tree_cpu(daemon.pid) - cpu
    metatiles = glob.glob(f"{folder}/tiles/**/*.meta", recursive=True)
    print(json.dumps(dict(
        variant=f"EPSG:3857 shapefiles, metatiles of 8 x 8, png, z{first}-{last}, 1 thread", tiles=count,
        tiles_with_surroundings=len(metatiles) * SIDE * SIDE, tile_bytes=sum(map(os.path.getsize, metatiles)), cpu_s=round(cpu, 2),
        wall_s=round(time.time() - wall, 2), rss_mb=round(peak_rss(daemon.pid)), tiles_per_cpu_s=round(count / cpu, 1),
        by_level=by_level)))
finally:
    daemon.kill()
    daemon.wait()
