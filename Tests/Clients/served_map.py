"""A workmap service on a free port of the loopback interface, over a data directory made for it."""
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


def free_port():
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ServedMap:
    """Runs `workmap serve` for the length of a `with` block; leaving it proves the graceful stop."""

    def __init__(self, workmap, data=None, archive=None, options=()):
        self.workmap = str(workmap)
        self.what = (["--data", str(data)] if data else ["--archive", str(archive)]) + list(options)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = None

    def __enter__(self):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [self.workmap, "serve", *self.what, "--port", str(self.port)],
            stdout=self.log, stderr=subprocess.STDOUT)
        if not self._ready(60):
            self._stop()
            raise SystemExit(f"the service was not ready in 60 s; it says:\n{self.said()}")
        return self

    def __exit__(self, *_):
        code = self._stop()
        if code != 0:
            raise SystemExit(f"the service ended with {code} after SIGTERM; it says:\n{self.said()}")

    def said(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")[-4000:]

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=60) as answer:
            return answer.read()

    def json(self, path):
        return json.loads(self.get(path))

    def _ready(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if self.json("/health/ready")["status"] == "ready":
                    return True
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass  # not listening yet, or 503 while layers are prepared
            time.sleep(0.05)
        return False

    def _stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "a kill, because it did not stop in 30 s"


class Checks:
    """Counts what holds and what does not, a line each."""

    def __init__(self):
        self.failed = self.held = 0

    def check(self, name, holds, remark=""):
        self.failed += not holds
        self.held += bool(holds)
        print(f"{'ok  ' if holds else 'FAIL'} {name}{': ' + str(remark) if remark != '' else ''}", flush=True)
        return holds

    def end(self):
        print(f"{self.failed} of {self.failed + self.held} checks failed" if self.failed else f"all {self.held} checks hold")
        return 1 if self.failed or not self.held else 0


def needed(program, package):
    if not shutil.which(program):
        raise SystemExit(f"no {program} on the PATH; install the Debian package {package}")


def repository():
    return pathlib.Path(__file__).resolve().parent.parent.parent
