"""Feature queries over HTTP, side by side with what the peers' own script asks: raw PostGIS SQL, tipg, pygeoapi, MapServer's OGC API.

CPU milliseconds a request of all processes that worked on it, PostGIS' backends included; four connections for the servers, one for
SQL and FastCGI. Then our own latency at 4 and 64 connections.
"""
import sys

from peerscripts import rows
from server import OWN_PORT, running

# What the answer must be cheaper than, and how many times.
WANTED = {"postgis-sql": 3, "tipg": 10, "pygeoapi": 10, "mapserver": 3}


def run(bench):
    python = bench.peers / "venv" / "bin" / "python"
    script = bench.peers / "bench" / "features.py"
    command = [bench.build / "workmap", "serve", "--data", bench.imported(), "--share", bench.share, "--port", OWN_PORT]
    with running(command, OWN_PORT, "/health/ready") as (own, _):
        found = rows(bench, [python, script, "sql", "tipg", "pygeoapi", "mapserver", f"URL=http://127.0.0.1:{OWN_PORT}"], PID=str(own.pid))
        for row in found:
            kept = {key: value for key, value in row.items() if key not in ("bench", "peer", "t")}
            bench.row("queries", "workmap" if row["peer"] == "contender" else row["peer"], **kept)
        compare(bench, found)
        latency(bench, own)


def compare(bench, found):
    """Rows by what is asked; of one peer's spellings of a question the cheapest counts."""
    questions = {}
    for row in found:
        questions.setdefault(row["variant"].split(" (")[0], []).append(row)
    for question, answers in questions.items():
        own = [row["cpu_ms"] for row in answers if row["peer"] == "contender"]
        for peer, times in WANTED.items():
            theirs = [row["cpu_ms"] for row in answers if row["peer"] == peer and row["cpu_ms"]]
            if own and theirs:
                bench.result(
                    f"queries, {question}: {own[0]:.3f} ms of CPU; {peer} {min(theirs):.3f} ms = {min(theirs) / own[0]:.1f} x (at least {times})")


def latency(bench, own):
    sys.path.insert(0, str(bench.peers / "bench"))
    import benchlib
    import httpload

    probes = benchlib.tiles()["probes"]
    paths = []
    for x, y in probes:
        dx, dy = 150 / 102_500, 150 / 110_900
        paths.append(f"/collections/building/items?limit=1000&bbox={x - dx:.7f},{y - dy:.7f},{x + dx:.7f},{y + dy:.7f}")
    for connections in (4, 64):
        values = httpload.load(f"http://127.0.0.1:{OWN_PORT}", paths, [own.pid], conns=connections, secs=6)
        bench.row("queries", "workmap", question="bbox 300 m building", **values)
        bench.result(f"queries, bbox 300 m, {connections} connections: p50 {values['p50']} ms, p99 {values['p99']} ms, {values['rps']:.0f} a second")
