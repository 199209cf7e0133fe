"""From the start of the program to readiness of every layer, and the memory it then holds."""
from bench import median
from server import OWN_PORT, get, resident_megabytes, running

ROUNDS = 5


def run(bench):
    measure(bench, bench.imported(), "a tenth of the city (114,924 buildings)")
    if bench.whole_city:
        measure(bench, bench.whole_city, "the whole city (1,201,917 buildings)")


def measure(bench, data, name):
    command = [bench.build / "workmap", "serve", "--data", data, "--share", bench.share, "--port", OWN_PORT]
    seconds, megabytes = [], []
    for _ in range(ROUNDS):
        with running(command, OWN_PORT, "/health/ready") as (process, ready):
            seconds.append(ready)
            megabytes.append(resident_megabytes(process.pid))
            own = resident_megabytes(process.pid, "RssAnon")
            if get(OWN_PORT, "/tiles/city/10/835/444.mvt")[0] not in (200, 204):
                raise SystemExit("a tile was refused")
        bench.row("open", "workmap", command, ready_s=round(ready, 3), rss_mb=round(megabytes[-1], 1), anonymous_mb=round(own, 1))
    bench.result(
        f"open {name}: ready after {median(seconds):.2f} s (under 1), {median(megabytes):.0f} MB resident, of which "
        f"{own:.0f} MB are its own and the rest mapped files and code")
