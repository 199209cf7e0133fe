#!/usr/bin/env python3
"""Proves that clients that send or take hardly anything hold nothing up, and are let go.

    slow_clients.py WORKMAP [--data DIR]

Opens three kinds of slow connections over the loopback interface: heads that trickle, bodies that trickle, answers that nobody
takes. Meanwhile an ordinary client asks; it has to be answered quickly each time. The server has to close every slow
connection by itself. Takes about a minute and a half. Exit code 0 when every check holds.
"""
import argparse
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

from served_map import Checks, ServedMap

EACH = 32
LONGEST = 100  # seconds until every slow client has to be gone: heads have 75, bodies and answers 60
SLOWEST_ANSWER = 2.0
MOST_MEMORY = 300_000  # KiB that the slow may cost
HEAD = b"GET / HTTP/1.1\r\nHost: map.example\r\nX-Slow: "
BODY = b"POST /collections/facility/items HTTP/1.1\r\nHost: map.example\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
ESTABLISHED = {"01", "08"}  # and half closed by the other end
EVERYTHING = b"GET /collections/grid.basic/export?f=geojson HTTP/1.1\r\nHost: map.example\r\n\r\n" * 20


class Slow:
    """One connection that begins with `opening` and then sends `drop` now and then; it reads nothing."""

    def __init__(self, port, opening, drop):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(opening)
        self.drop = drop
        self.is_open = True

    def go_on(self, held):
        """Sends another byte while the server holds its end, one of the ports in `held`."""
        self.is_open = self.is_open and self.socket.getsockname()[1] in held
        if self.is_open and self.drop:
            try:
                self.socket.send(self.drop)
            except OSError:
                self.is_open = False


def ports_held(server):
    """The other ends' ports of connections that a process holds at a port of its own.

    What is closed with bytes unsent stays with the system until they are taken; the other end cannot see it.
    """
    held = set()
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state = line.split()[:4]
        if int(local.split(":")[1], 16) == server and state in ESTABLISHED:
            held.add(int(remote.split(":")[1], 16))
    return held


def memory(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def prove(checks, served):
    served.get("/collections/grid.basic/export?f=geojson")
    before = memory(served.process.pid)
    kinds = {
        "heads that trickle": [Slow(served.port, HEAD, b"x") for _ in range(EACH)],
        "bodies that trickle": [Slow(served.port, BODY, b" ") for _ in range(EACH)],
        "answers that nobody takes": [Slow(served.port, EVERYTHING, b"") for _ in range(EACH)],
    }
    begin, slowest, most = time.monotonic(), 0.0, before
    closed = {}
    while time.monotonic() - begin < LONGEST and len(closed) < len(kinds):
        start = time.monotonic()
        served.get("/collections/facility/items?limit=10")
        slowest = max(slowest, time.monotonic() - start)
        most = max(most, memory(served.process.pid))
        held = ports_held(served.port)
        for name, clients in kinds.items():
            for client in clients:
                client.go_on(held)
            if name not in closed and not any(client.is_open for client in clients):
                closed[name] = time.monotonic() - begin
        time.sleep(1)
    for name, clients in kinds.items():
        left = sum(client.is_open for client in clients)
        checks.check(f"{name} are let go", left == 0, f"after {closed[name]:.0f} s" if name in closed else f"{left} of {EACH} still open")
        for client in clients:
            client.socket.close()
    checks.check("an ordinary client is answered meanwhile", slowest < SLOWEST_ANSWER, f"{slowest * 1000:.0f} ms at the most")
    checks.check("memory is bounded", most - before < MOST_MEMORY, f"{(most - before) // 1024} MiB more")
    checks.check("the log names them", "slow client" in served.said())


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
        with ServedMap(arguments.workmap, data=data) as served:
            prove(checks, served)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
