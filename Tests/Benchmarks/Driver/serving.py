"""Tiles from memory against nginx serving the same bytes as static files: wrk on the same two cores."""
import json
import shutil
import subprocess

from bench import median
from server import NGINX_PORT, OWN_PORT, get, processor_seconds, resident_megabytes, running

# What the bodies weigh, in bytes, and the tiles that are asked for them.
SIZES = {"10 KB": (8_000, 12_500), "100 KB": (80_000, 125_000)}
ENDINGS = (".png", "@2x.png", ".mvt")
CONNECTIONS, SECONDS, ROUNDS, TILES = 16, 5, 3, 24


def run(bench):
    command = [
        bench.build / "workmap", "serve", "--data", bench.imported(), "--share", bench.share, "--port", OWN_PORT,
        "--metatile", 1,
    ]
    with running(command, OWN_PORT, "/health/ready") as (own, _):
        tiles = {name: choose(bench, low, high) for name, (low, high) in SIZES.items()}
        root = lay_out(bench, tiles)
        configuration = nginx(bench, root)
        with running(["nginx", "-p", root, "-c", configuration, "-g", "daemon off; user root;"], NGINX_PORT, "/ready") as (peer, _):
            for name, bodies in tiles.items():
                compare(bench, name, bodies, own.pid, peer.pid)
        bench.note(f"workmap holds {resident_megabytes(own.pid):.0f} MB after serving")


def choose(bench, low, high):
    """Tiles of the wanted weight with their bytes, which the server now has in memory."""
    lists = json.loads((bench.peers / "data" / "tiles_M.json").read_text())["tiles"]
    chosen = {}
    for ending in ENDINGS:
        for level in ("12", "13", "14", "15", "16", "17", "18"):
            for z, x, y, *_ in lists[level][:16]:
                path = f"/tiles/city/{z}/{x}/{y}{ending}"
                status, body = get(OWN_PORT, path, {"Accept-Encoding": "gzip"})
                if status == 200 and low <= len(body) <= high:
                    chosen[path] = body
                if len(chosen) == TILES:
                    return chosen
    if not chosen:
        raise SystemExit(f"no tile weighs {low} to {high} bytes")
    return chosen


def lay_out(bench, tiles):
    root = bench.scratch / "static"
    shutil.rmtree(root, ignore_errors=True)
    for bodies in tiles.values():
        for path, body in bodies.items():
            file = root / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
    (root / "ready").write_text("ready")
    return root


def nginx(bench, root):
    """Two workers, files kept open, sendfile: nginx at its best."""
    temporary = " ".join(f"{kind}_temp_path {root}/temporary;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    file = root / "nginx.conf"
    file.write_text(f"""worker_processes 2; pid {root}/nginx.pid; error_log {root}/nginx.err; events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; {temporary}
open_file_cache max=20000 inactive=600s; open_file_cache_valid 600s; types {{ image/png png; application/vnd.mapbox-vector-tile mvt; }}
server {{ listen 127.0.0.1:{NGINX_PORT}; root {root}; location ~ mvt$ {{ add_header Content-Encoding gzip; }} }} }}
""")
    return file


def compare(bench, name, bodies, own, peer):
    rates = {"workmap": [], "nginx": []}
    mean = sum(len(body) for body in bodies.values()) / len(bodies)
    for _ in range(ROUNDS):
        for contender, port, process in (("workmap", OWN_PORT, own), ("nginx", NGINX_PORT, peer)):
            values = load(bench, port, list(bodies), process)
            if values["errors"]:
                raise SystemExit(f"{contender} answered {values['errors']} requests badly")
            bench.row("serve", contender, values.pop("command"), body=name, mean_bytes=round(mean), **values)
            rates[contender].append(values["requests_per_s"])
    ratio = median(rates["workmap"]) / median(rates["nginx"])
    bench.result(
        f"serve {name} ({mean:.0f} bytes): {median(rates['workmap']):.0f} requests/s; nginx {median(rates['nginx']):.0f} = "
        f"{100 * ratio:.0f} % (at least 50)")


def load(bench, port, paths, process):
    """One run of wrk that cycles through the paths, after a short one that warms."""
    paths_file = bench.scratch / "paths.txt"
    paths_file.write_text("\n".join(paths))
    script = bench.project / "Tests" / "Benchmarks" / "Driver" / "cycle.lua"
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", "--timeout", "30s", "-s", str(script)]
    target = [f"http://127.0.0.1:{port}", "--", str(paths_file), "gzip"]
    subprocess.run(words + ["-d1s"] + target, stdout=subprocess.DEVNULL, check=True)
    before = processor_seconds(process)
    command = words + [f"-d{SECONDS}s"] + target
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = processor_seconds(process) - before
    values = json.loads([line for line in output.splitlines() if line.startswith("{")][-1])
    return dict(
        command=command, requests_per_s=round(values["requests"] / values["seconds"], 1), errors=values["errors"],
        cpu_ms=round(used * 1000 / max(values["requests"], 1), 4), bytes=round(values["bytes"] / max(values["requests"], 1)),
        p50_ms=values["p50_ms"], p99_ms=values["p99_ms"])
