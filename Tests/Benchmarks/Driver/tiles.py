"""Single tiles, cold, one after the other on one thread: CPU milliseconds a tile."""
import json

from bench import median

VECTOR_LEVELS = range(10, 17)
RASTER_LEVELS = (10, 12, 14, 16, 18)
META_LEVELS = (14, 16, 18)
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


RENDERERS = {
    "Mapnik": ("/usr/bin/python3", "mapnik_tiles.py"),
    "MapServer": ("/usr/bin/python3", "mapserver_tiles.py"),
    "MapLibre Native": ("venv/bin/python", "maplibre_tiles.py"),
}


def run_raster(bench):
    """Against Mapnik and MapServer over indexed EPSG:3857 shapefiles, and MapLibre Native over vector tiles made beforehand."""
    for kind, levels in (("single", RASTER_LEVELS), ("meta", META_LEVELS)):
        ratios = [race(bench, kind, level) for level in levels]
        goal = "at least 5, never below 3" if kind == "single" else "at least 2 at every level"
        bench.result(
            f"png {kind} z{levels[0]}-z{levels[-1]}: median {median(ratios):.1f} x the fastest peer, least {min(ratios):.1f} x ({goal})")


def race(bench, kind, level):
    """How many times as fast as the fastest of the renderers; labels placed once a level, as the service does it."""
    metatile = 1 if kind == "single" else 8
    ours, peers = [], {name: [] for name in RENDERERS}
    for _ in range(ROUNDS):
        ours.append(own(bench, "png", level, metatile, "plan"))
        for name, (interpreter, script) in RENDERERS.items():
            peers[name].append(peer(bench, "png", interpreter, [script], level, [kind]))
    ours.append(own(bench, "png", level, metatile, "plan"))
    alone = own(bench, "png", level, metatile)
    costs = {name: median(values) for name, values in peers.items()}
    ratio = min(costs.values()) / median(ours)
    told = ", ".join(f"{name} {cost:.2f}" for name, cost in costs.items())
    bench.result(
        f"png {kind} z{level}: {median(ours):.2f} ms, {alone:.2f} with labels placed for the picture alone; {told} = {ratio:.1f} x the fastest")
    return ratio


def own(bench, kind, level, metatile=1, labels="alone"):
    data = bench.imported()
    command = [bench.build / "Benchmarks", "tiles", data, "city", bench.peers / "data" / "tiles_M.json", kind, level, metatile, labels]
    answer = bench.command(command, env=bench.environment())["output"].strip().splitlines()[-1]
    values = json.loads(answer)
    bench.row(kind, "workmap", command, **values)
    return values["cpu_ms"]


def peer(bench, kind, interpreter, words, level, more=()):
    scripts = bench.project / "Tests" / "Benchmarks" / "Driver"
    program = interpreter if interpreter.startswith("/") else bench.peers / interpreter
    command = [program, scripts / words[0], bench.peers] + words[1:] + [level] + list(more)
    values = json.loads(bench.command(command)["output"].strip().splitlines()[-1])
    bench.row(kind, words[0].removesuffix(".py"), command, **values)
    return values["cpu_ms"]
