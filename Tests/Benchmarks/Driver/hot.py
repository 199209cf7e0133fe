"""The same pictures from this program's memory, from its archives, and from the caches of nginx, MapCache, mod_tile and MapProxy.

All of them serve the tiles that the peers' `build_cache.py` has made; wrk runs on the same two cores as the server.
"""
from bench import median
from peerscripts import kept, rows
from server import OWN_PORT, resident_megabytes, running

CONTENDERS = ("nginx", "modtile", "mapcache", "mapproxy")
ROUNDS = 2
# What is kept in memory, in megabytes: all of the tiles, or none, so that each is read from its archive.
FORMS = {"memory": ("pmtiles", 512), "PMTiles": ("pmtiles", 0), "MBTiles": ("mbtiles", 0)}


def run(bench):
    kept(bench, "out/png_M.mbtiles", ["/usr/bin/python3", "bench/build_cache.py"])
    kept(bench, "out/renderd/tiles/city", ["/usr/bin/python3", "bench/seed_renderd.py", "2"])
    for ending in ("pmtiles", "mbtiles"):
        bench.command([bench.build / "workmap", "archive", "convert", bench.peers / "out" / "png_M.mbtiles", bench.scratch / f"hot.{ending}"])
    found = {}
    for _ in range(ROUNDS):
        for name in CONTENDERS:
            collect(bench, found, rows(bench, ["/usr/bin/python3", "bench/serve.py", name], CONNS="16 64"), name)
        for name in FORMS:
            collect(bench, found, own(bench, name), name)
    tell(bench, found)


def own(bench, name):
    ending, megabytes = FORMS[name]
    command = [
        bench.build / "workmap", "serve", "--archive", bench.scratch / f"hot.{ending}", "--cache", megabytes, "--port", OWN_PORT]
    with running(command, OWN_PORT, "/health/ready") as (process, _):
        url = f"URL=http://127.0.0.1:{OWN_PORT}/tiles/hot/{{z}}/{{x}}/{{y}}.png"
        answers = rows(bench, ["/usr/bin/python3", "bench/serve.py", url], CONNS="16 64", PID=str(process.pid), NAME=name)
        bench.note(f"workmap, {name}: {resident_megabytes(process.pid):.0f} MB after serving")
    return answers


def collect(bench, found, answers, name):
    for answer in answers:
        if "floor" in answer["variant"] or "MVT" in answer["variant"]:
            continue
        if answer["err"]:
            raise SystemExit(f"{name} answered {answer['err']} requests badly")
        values = {key: answer[key] for key in ("conns", "rps", "p50", "p99", "bytes", "cpu_ms")}
        bench.row("hot", name, variant=answer["variant"], **values)
        found.setdefault((name, answer["variant"], answer["conns"]), []).append(answer)


def tell(bench, found):
    def rate(name, connections, value="rps"):
        """Of the variant that is fastest."""
        rates = {key: median(one["rps"] for one in rounds) for key, rounds in found.items() if key[0] == name and key[2] == connections}
        best = max(rates, key=rates.get)
        return rates[best] if value == "rps" else median(one[value] for one in found[best])

    for connections in (16, 64):
        peers = ", ".join(f"{name} {rate(name, connections):.0f} (p99 {rate(name, connections, 'p99'):.1f} ms)" for name in CONTENDERS)
        for name in FORMS:
            own = rate(name, connections)
            bench.result(
                f"hot {connections} connections, from {name}: {own:.0f} requests/s, p99 {rate(name, connections, 'p99'):.1f} ms; {peers} = "
                f"{100 * own / rate('nginx', connections):.0f} % of nginx (at least 50), {own / rate('mapproxy', connections):.1f} x MapProxy (at least 5)")
