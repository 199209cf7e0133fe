"""Buildings in a box of 1 km as GeoJSON over HTTP: CPU milliseconds of the whole server a request, against tipg."""
import json
import os
import sys

from bench import median
from server import OWN_PORT, TIPG_PORT, get, processor_seconds, running
from serving import load

PROBES, SECONDS, CONNECTIONS, ROUNDS = 60, 8, 4, 3


def run(bench):
    sys.path.insert(0, str(bench.peers / "bench"))
    import benchlib  # the peers' own accounting, for the PostGIS cluster's process

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
            compare(bench, ours, own.pid, theirs, peer.pid, benchlib.pg_pid())


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


def compare(bench, ours, own, theirs, peer, database):
    costs = {"workmap": [], "tipg": []}
    for _ in range(ROUNDS):
        values = load(bench, OWN_PORT, ours, own, SECONDS, CONNECTIONS, "identity")
        costs["workmap"].append(record(bench, "workmap", values, 0))
        before = processor_seconds(database)
        values = load(bench, TIPG_PORT, theirs, peer, SECONDS, CONNECTIONS, "identity")
        costs["tipg"].append(record(bench, "tipg", values, processor_seconds(database) - before))
    ratio = median(costs["tipg"]) / median(costs["workmap"])
    bench.result(
        f"features, buildings in 1 km: {median(costs['workmap']):.2f} ms of CPU; tipg with PostGIS {median(costs['tipg']):.2f} ms "
        f"= {ratio:.1f} x (at least 10)")


def record(bench, contender, values, database_seconds):
    if values["errors"]:
        raise SystemExit(f"{contender} answered {values['errors']} requests badly")
    requests = values["requests_per_s"] * SECONDS
    # The database worked in the warming second too.
    share = database_seconds * SECONDS / (SECONDS + 1) * 1000 / max(requests, 1)
    values["cpu_ms"] = round(values["cpu_ms"] + share, 3)
    bench.row("features", contender, values.pop("command"), **values)
    return values["cpu_ms"]
