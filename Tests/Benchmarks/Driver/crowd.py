"""Ten thousand clients at once on tiles that nobody has made yet: statuses, latency and memory."""
import json
import random
import resource
import subprocess

from server import OWN_PORT, resident_megabytes, running

CLIENTS, SECONDS = 10_000, 30
LEVELS = (14, 15, 16, 17, 18)
FORMS = {"mvt": ".mvt", "png": ".png"}


def run(bench):
    """Half a megabyte of memory for tiles: every tile is as cold as the first one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < CLIENTS + 500:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, CLIENTS * 2), hard))
    for form, ending in FORMS.items():
        measure(bench, form, ending)


def measure(bench, form, ending):
    command = [
        bench.build / "workmap", "serve", "--data", bench.imported(), "--share", bench.share, "--port", OWN_PORT, "--cache", 1,
        "--store-quota", 0]
    paths = bench.scratch / "crowd.txt"
    paths.write_text("\n".join(cold_tiles(bench, ending)))
    script = bench.project / "Tests" / "Benchmarks" / "Driver" / "statuses.lua"
    with running(command, OWN_PORT, "/health/ready") as (process, _):
        before = resident_megabytes(process.pid, "RssAnon")
        words = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{SECONDS}s", "--timeout", "60s", "-s", str(script), f"http://127.0.0.1:{OWN_PORT}", "--", str(paths)]
        output = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        values = json.loads([line for line in output.splitlines() if line.startswith("{")][-1])
        after, peak = resident_megabytes(process.pid, "RssAnon"), resident_megabytes(process.pid, "VmHWM")
    bench.row("crowd", "workmap", words, form=form, own_mb_before=round(before), own_mb_after=round(after), peak_mb=round(peak), **values)
    wrong = values["other"] + values["connect"] + values["read"] + values["write"] + values["timeout"]
    bench.result(
        f"crowd of {CLIENTS} on cold {form} tiles for {SECONDS} s: {values['ok'] + values['empty']} tiles, {values['busy']} times 503, "
        f"{wrong} other answers or errors (none allowed); p50 {values['p50_ms']:.0f} ms, p99 {values['p99_ms']:.0f} ms; own memory "
        f"{before:.0f} MB before, {after:.0f} MB after, {peak:.0f} MB resident at the peak, mapped files included")


def cold_tiles(bench, ending):
    """Addresses over the populated window, shuffled."""
    box = json.loads((bench.peers / "data" / "tiles_M.json").read_text())["seed_bbox_3857"]
    half, found = 20037508.342789244, []
    for level in LEVELS:
        side = 2**level
        columns = [int((x + half) / (2 * half) * side) for x in (box[0], box[2])]
        rows = [int((half - y) / (2 * half) * side) for y in (box[3], box[1])]
        found += [
            f"/tiles/city/{level}/{x}/{y}{ending}"
            for x in range(columns[0], columns[1] + 1) for y in range(rows[0], rows[1] + 1)]
    random.Random(7).shuffle(found)
    return found
