"""Mapnik's 8 x 8 metatiles of a window, cut and stored: mapnik_metatiles.py PEERS FIRST LAST FOLDER. Prints one JSON line.

One thread; each level's metatiles that the window meets are drawn whole, and their tiles within the window are written as palette
PNGs into an MBTiles file, as a cache is filled with Mapnik. The window is the peers' `seed_bbox_3857`.
"""
import json
import os
import resource
import sqlite3
import sys
import time

peers, first, last, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
sys.path.insert(0, os.path.join(peers, "bench"))

import mapnik
from benchlib import W, bbox3857, tiles

SIDE = 8
mapnik.FontEngine.register_font("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
city = mapnik.Map(256 * SIDE, 256 * SIDE)
mapnik.load_map(city, peers + "/style/out/mapnik_shp3857_wqy.xml")
city.buffer_size = 128
window = tiles()["seed_bbox_3857"]


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def limits(level):
    count = 2**level
    columns = [int((value + W) / (2 * W) * count) for value in (window[0], window[2])]
    rows = [int((W - value) / (2 * W) * count) for value in (window[3], window[1])]
    return columns, rows


path = os.path.join(folder, "mapnik-metatiles.mbtiles")
if os.path.exists(path):
    os.remove(path)
store = sqlite3.connect(path)
store.execute("create table tiles(zoom_level int, tile_column int, tile_row int, tile_data blob)")
(count, size, cpu, wall) = (0, 0, used(), time.time())
by_level = []
for level in range(first, last + 1):
    (columns, rows), begun, made = limits(level), used(), 0
    for left in range(columns[0] // SIDE * SIDE, columns[1] + 1, SIDE):
        for top in range(rows[0] // SIDE * SIDE, rows[1] + 1, SIDE):
            city.zoom_to_box(mapnik.Box2d(*bbox3857(level, left, top, SIDE)))
            picture = mapnik.Image(256 * SIDE, 256 * SIDE)
            mapnik.render(city, picture)
            for x in range(max(left, columns[0]), min(left + SIDE - 1, columns[1]) + 1):
                for y in range(max(top, rows[0]), min(top + SIDE - 1, rows[1]) + 1):
                    body = picture.view((x - left) * 256, (y - top) * 256, 256, 256).tostring("png8:m=h")
                    store.execute("insert into tiles values(?,?,?,?)", (level, x, 2**level - 1 - y, body))
                    made += 1
                    size += len(body)
    count += made
    by_level.append([level, made, round(used() - begun, 2)])
store.execute("create unique index tile_index on tiles(zoom_level, tile_column, tile_row)")
store.commit()
cpu = used() - cpu
print(json.dumps(dict(
    variant=f"EPSG:3857 shapefiles, 8 x 8, png8, into MBTiles, z{first}-{last}, 1 thread", tiles=count, tile_bytes=size,
    cpu_s=round(cpu, 2), wall_s=round(time.time() - wall, 2), rss_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    tiles_per_cpu_s=round(count / cpu, 1), by_level=by_level)))
