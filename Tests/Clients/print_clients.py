#!/usr/bin/env python3
"""Proves that printing keeps nobody waiting: many clients ask for A0 sheets at once while others look at tiles.

    print_clients.py WORKMAP [--data DIR]

Every sheet is printed, or refused with 503 and a time to come back; a few wait, the rest are refused at once. Tiles, drawn ones among
them, are answered all the while, and the service's memory stays within bounds. Exit code 0 when every check holds.
"""
import argparse
import collections
import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from served_map import Checks, ServedMap

PRINTS = 64  # clients that ask for a sheet at once
MEMORY = 2 << 30  # bytes that the service may hold at most, the largest sheet and all caches included
PATIENCE = 300  # seconds


def status(address):
    """Status, seconds, bytes, and what a refusal says of coming back."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return answer.status, time.monotonic() - began, len(answer.read()), None
    except urllib.error.HTTPError as refusal:
        return refusal.code, time.monotonic() - began, len(refusal.read()), refusal.headers["Retry-After"]


def tiles(served, sheets):
    """Tiles of the hamlet, each asked for once, until the sheets are there."""
    found = []
    while not all(sheet.done() for sheet in sheets) and len(found) < 400:
        found.append(status(address(served, len(found) + 1)))
    return found


def address(served, number):
    """Of vector tiles and pictures in turn; each picture in a block of its own, so that it has to be drawn."""
    column, row = 53463 + number // 2 % 4 * 4, 28464 + number // 8 * 4
    return f"{served.base}/tiles/standard/16/{column}/{row}.{'mvt' if number % 2 else 'png'}"


def peak(served):
    lines = pathlib.Path(f"/proc/{served.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workmap", help="the workmap program")
    parser.add_argument("--data", type=pathlib.Path, help="a data directory of the demo hamlet; made where it is missing")
    arguments = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or pathlib.Path(folder) / "hamlet"
        if not arguments.data:
            subprocess.run([arguments.workmap, "demo", "--scale", "hamlet", "--data", str(data)], check=True, capture_output=True)
        with ServedMap(arguments.workmap, data=data) as served, concurrent.futures.ThreadPoolExecutor(PRINTS + 1) as clients:
            # Labels of the level find their places once.
            checks.check("a tile", status(address(served, 0))[0] == 200)
            sheet = served.base + "/maps/standard/print?paper=A0&center=113.6845,22.9990&scale={}"
            sheets = [clients.submit(status, sheet.format(1000 + i)) for i in range(PRINTS)]
            seen = tiles(served, sheets)
            printed = [each.result() for each in sheets]
            counts = collections.Counter(each[0] for each in printed)
            checks.check("some are printed, the rest are told to come back", set(counts) == {200, 503}, dict(counts))
            checks.check("a few wait, no more", 1 <= counts[200] <= 8, counts[200])
            checks.check("refusals say when", all(each[3] for each in printed if each[0] == 503))
            checks.check("sheets are whole", all(each[2] > 100_000 for each in printed if each[0] == 200))
            checks.check("every tile is answered meanwhile", len(seen) > 3 and all(each[0] in (200, 204) for each in seen), len(seen))
            refused = max((each[1] for each in printed if each[0] == 503), default=0)
            slowest = max((each[1] for each in printed if each[0] == 200), default=0)
            print(f"     the slowest tile took {max(each[1] for each in seen):.2f} s, the slowest refusal {refused:.2f} s, the last sheet {slowest:.2f} s", flush=True)
            checks.check("memory is bounded", peak(served) < MEMORY, f"{peak(served) >> 20} MiB")
            again = status(sheet.format(900))
            checks.check("a sheet is printed afterwards", again[0] == 200, again[0])
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
