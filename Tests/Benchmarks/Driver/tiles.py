"""Single tiles, cold, one after the other on one thread: CPU milliseconds a tile."""
import json

from bench import median

VECTOR_LEVELS = range(10, 17)
RASTER_LEVELS = range(10, 19)
ROUNDS = 2


def run_vector(bench):
    """Against ST_AsMVT, from tables in EPSG:3857 and from tables in EPSG:4547: all layers, same attributes and zooms."""
    ratios = {"m": [], "public": []}
    for level in VECTOR_LEVELS:
        ours, peers = [], {"m": [], "public": []}
        for _ in range(ROUNDS):
            ours.append(own(bench, "mvt", level))
            for schema in peers:
                peers[schema].append(peer(bench, "mvt", "venv/bin/python", ["postgis.py", schema], level))
        ours.append(own(bench, "mvt", level))
        for schema in peers:
            ratios[schema].append(median(peers[schema]) / median(ours))
        bench.result(
            f"mvt z{level}: {median(ours):.2f} ms; PostGIS pre-projected {median(peers['m']):.2f} ms = {ratios['m'][-1]:.1f} x, "
            f"on the fly {median(peers['public']):.2f} ms = {ratios['public'][-1]:.1f} x")
    bench.result(
        f"mvt median z10-z16: {median(ratios['public']):.1f} x on the fly (at least 10), {median(ratios['m']):.1f} x "
        f"pre-projected (at least 5); least {min(ratios['m'] + ratios['public']):.1f} x (at least 3)")


def run_raster(bench):
    """Against Mapnik over indexed EPSG:3857 shapefiles, its fastest source: one 256 px tile with 64 px around it."""
    ratios = []
    for level in RASTER_LEVELS:
        ours, peers = [], []
        for _ in range(ROUNDS):
            ours.append(own(bench, "png", level))
            peers.append(peer(bench, "png", "/usr/bin/python3", ["mapnik_tiles.py"], level))
        ours.append(own(bench, "png", level))
        amortised = own(bench, "png", level, metatile=4)
        ratios.append(median(peers) / median(ours))
        bench.result(
            f"png z{level}: {median(ours):.2f} ms; Mapnik {median(peers):.2f} ms = {ratios[-1]:.1f} x; "
            f"4 x 4 metatile: {amortised:.2f} ms a tile")
    bench.result(f"png median z10-z18: {median(ratios):.1f} x (at least 3); least {min(ratios):.1f} x (at least 2)")


def own(bench, kind, level, metatile=1):
    data = bench.imported()
    command = [bench.build / "Benchmarks", "tiles", data, "city", bench.peers / "data" / "tiles_M.json", kind, level, metatile]
    answer = bench.command(command, env=bench.environment())["output"].strip().splitlines()[-1]
    values = json.loads(answer)
    bench.row(kind, "workmap", command, **values)
    return values["cpu_ms"]


def peer(bench, kind, interpreter, words, level):
    scripts = bench.project / "Tests" / "Benchmarks" / "Driver"
    program = interpreter if interpreter.startswith("/") else bench.peers / interpreter
    command = [program, scripts / words[0], bench.peers] + words[1:] + [level]
    values = json.loads(bench.command(command)["output"].strip().splitlines()[-1])
    bench.row(kind, words[0].removesuffix(".py"), command, **values)
    return values["cpu_ms"]
