"""Buildings in a box of 1 km as GeoJSON over HTTP: CPU milliseconds of the whole server a request, against tipg."""
import http.client
import json
import os
import sys
import time

from bench import median
from server import OWN_PORT, TIPG_PORT, get, processor_seconds, running

PROBES, ROUNDS = 60, 3


def run(bench):
    sys.path.insert(0, str(bench.peers / "bench"))
    import benchlib  # knows the PostGIS cluster's process

    probes = json.loads((bench.peers / "data" / "tiles_M.json").read_text())["probes"][:PROBES]
    boxes = [",".join(f"{value:.7f}" for value in box(*probe)) for probe in probes]
    ours = [f"/collections/building/items?limit=10000&bbox={box}" for box in boxes]
    theirs = [f"/collections/public.building/items?f=geojson&limit=10000&bbox={box}" for box in boxes]
    own_command = [bench.build / "workmap", "serve", "--data", bench.imported(), "--share", bench.share, "--port", OWN_PORT]
    peer_command = [
        bench.peers / "venv" / "bin" / "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", TIPG_PORT, "--workers", 2,
        "--log-level", "error", "--no-access-log",
    ]
    settings = dict(
        os.environ, DATABASE_URL="postgresql://peers@127.0.0.1:55432/city", TIPG_DB_SCHEMAS='["public"]',
        TIPG_MAX_FEATURES_PER_QUERY="10000")
    with running(own_command, OWN_PORT, "/health/ready") as (own, _):
        with running(peer_command, TIPG_PORT, "/collections", env=settings) as (peer, _):
            check(bench, ours[0], theirs[0])
            own_side = ("workmap", own_command, OWN_PORT, ours, [own.pid])
            peer_side = ("tipg", peer_command, TIPG_PORT, theirs, [peer.pid, benchlib.pg_pid()])
            compare(bench, own_side, peer_side)


def box(longitude, latitude, half_metres=500):
    dx, dy = half_metres / 102_500, half_metres / 110_900
    return longitude - dx, latitude - dy, longitude + dx, latitude + dy


def check(bench, ours, theirs):
    """Both must find the same features, or the comparison says nothing."""
    own, peer = (
        {feature["properties"]["id"] for feature in json.loads(get(port, path)[1])["features"]}
        for port, path in ((OWN_PORT, ours), (TIPG_PORT, theirs)))
    bench.note(f"features of the first box: workmap {len(own)}, tipg {len(peer)}, in one of them only: {len(own ^ peer)}")
    if len(own ^ peer) > 0.01 * len(peer):
        raise SystemExit("the two servers find different features")


def compare(bench, *sides):
    costs = {name: [] for name, *_ in sides}
    for number in range(ROUNDS + 1):
        for name, command, port, paths, processes in sides:
            values = ask_all(port, paths, processes)
            # The first round warms.
            if number > 0:
                bench.row("features", name, command, **values)
                costs[name].append(values["cpu_ms"])
    own, peer = (median(costs[name]) for name, *_ in sides)
    bench.result(
        f"features, buildings in 1 km: {own:.2f} ms of CPU; tipg with PostGIS {peer:.2f} ms = {peer / own:.1f} x (at least 10)")


def ask_all(port, paths, processes):
    """Every path once, one after the other over one connection: what the server's processes spent on them."""
    before = sum(processor_seconds(process) for process in processes)
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    size = 0
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        size += len(answer.read())
        if answer.status != 200:
            raise SystemExit(f"port {port} answered {answer.status} to {path}")
    connection.close()
    used = sum(processor_seconds(process) for process in processes) - before
    return dict(
        n=len(paths), cpu_ms=round(used * 1000 / len(paths), 3),
        wall_ms=round((time.perf_counter() - start) * 1000 / len(paths), 3), bytes=size // len(paths))
