"""Whole archives: tiles a CPU second, bytes and memory.

`seed`: every vector tile of the city, levels 0 to 16, against tippecanoe and a loop over PostGIS. `seedpng`: pictures of the
populated window with every layer, levels 13 to 18, against Mapnik's metatiles and renderd.
"""
import json
import math
import shutil

from bench import median
from peerscripts import rows

# Where the towns are, in degrees; what the peers cover.
CITY = "113.47265,22.627198,114.280587,23.15522"
VECTOR_LEVELS = "0-16"
PICTURE_LEVELS = (13, 18)
ROUNDS = 3


def run_vector(bench):
    ours = [own(bench, "mvt", VECTOR_LEVELS, CITY) for _ in range(ROUNDS)]
    peers = {}
    for name, words in {"tippecanoe": "tippecanoe1", "PostGIS": "postgis"}.items():
        found = rows(bench, ["venv/bin/python", "bench/seed_mvt.py", words])[-1]
        bench.row("seed", name, **{key: found[key] for key in ("variant", "tiles", "tile_bytes", "cpu_s", "wall_s", "rss_mb", "tiles_per_cpu_s")})
        peers[name] = found
    ours.append(own(bench, "mvt", VECTOR_LEVELS, CITY))
    rate = median(one["tiles_per_cpu_s"] for one in ours)
    for name, least in (("tippecanoe", 10), ("PostGIS", 2.5)):
        peer = peers[name]
        bench.result(
            f"seed mvt z{VECTOR_LEVELS}: {ours[0]['tiles']} tiles, {rate:.0f} a CPU second, {ours[0]['tile_bytes'] / 1e6:.1f} MB of tiles, "
            f"{ours[0]['rss_mb']:.0f} MB at the peak; {name} {peer['tiles']} tiles, {peer['tiles_per_cpu_s']:.0f} a CPU second, "
            f"{peer['tile_bytes'] / 1e6:.1f} MB, {peer['rss_mb']} MB = {rate / peer['tiles_per_cpu_s']:.1f} x (at least {least})")


def run_pictures(bench):
    """Labels are placed within the time that is measured: nothing of them is there when the first archive is begun."""
    window = degrees(json.loads((bench.peers / "data" / "tiles_M.json").read_text())["seed_bbox_3857"])
    levels = f"{PICTURE_LEVELS[0]}-{PICTURE_LEVELS[1]}"
    shutil.rmtree(bench.imported() / "labels", ignore_errors=True)
    ours = own(bench, "png", levels, window, metatile=8)
    driver = bench.project / "Tests" / "Benchmarks" / "Driver"
    peers = {}
    for name, script in {"Mapnik metatiles": "mapnik_metatiles.py", "renderd": "renderd_metatiles.py"}.items():
        folder = bench.scratch / script.removesuffix(".py")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        peers[name] = rows(bench, ["/usr/bin/python3", driver / script, bench.peers, *PICTURE_LEVELS, folder])[-1]
        bench.row("seedpng", name, **peers[name])
    again = own(bench, "png", levels, window, metatile=8)
    for name, found in peers.items():
        ratio = found["cpu_s"] / ours["cpu_s"]
        bench.result(
            f"seed png z{levels}, the same window: {ours['cpu_s']:.1f} s of CPU, labels of every level placed included ({again['cpu_s']:.1f} s with "
            f"labels placed before), {ours['tiles']} tiles that are not empty, {ours['tile_bytes'] / 1e6:.0f} MB, {ours['rss_mb']:.0f} MB at the peak; {name} "
            f"{found['cpu_s']:.1f} s, {found['tiles']} tiles, {found['tile_bytes'] / 1e6:.0f} MB = {ratio:.1f} x for the window (at least 4), "
            f"{ours['tiles_per_cpu_s'] / found['tiles_per_cpu_s']:.1f} x by tiles")
        for level, tiles, seconds in found["by_level"]:
            bench.note(f"{name} z{level}: {tiles} tiles, {seconds} s")


def own(bench, form, levels, area, metatile=8):
    """One archive, made afresh on one thread; everything the command does is counted, reading back included."""
    archive = bench.scratch / f"seeded-{form}.pmtiles"
    archive.unlink(missing_ok=True)
    command = [
        bench.build / "workmap", "seed", "city", "--format", form, "--levels", levels, "--area", area, "--into", archive,
        "--workers", 1, "--metatile", metatile, "--data", bench.imported(), "--share", bench.share,
    ]
    used = bench.command(command)
    counted = json.loads(bench.command([bench.build / "workmap", "archive", "info", archive, "--json"])["output"])
    values = dict(
        levels=levels, tiles=counted["tiles"], tile_bytes=sum(level["bytes"] for level in counted["levels"]),
        content_bytes=counted["contentBytes"], file_bytes=counted["fileBytes"], cpu_s=round(used["cpu_s"], 2),
        wall_s=round(used["wall_s"], 2), rss_mb=round(used["rss_mb"]), tiles_per_cpu_s=round(counted["tiles"] / used["cpu_s"], 1),
        by_level=[[level["level"], level["tiles"], level["bytes"]] for level in counted["levels"]])
    bench.row(f"seed {form}", "workmap", command, **values)
    return values


def degrees(box):
    """Longitudes and latitudes of a box in EPSG:3857, a metre inside of it."""
    half = 20037508.342789244

    def latitude(y):
        return math.degrees(2 * math.atan(math.exp(y / half * math.pi)) - math.pi / 2)

    west, south, east, north = box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1
    return f"{west / half * 180:.7f},{latitude(south):.7f},{east / half * 180:.7f},{latitude(north):.7f}"
