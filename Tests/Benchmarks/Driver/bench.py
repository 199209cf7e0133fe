"""What every measure needs: where things lie, a log without the machine's paths, the city as a data directory."""
import json
import os
import shutil
import statistics
import subprocess
import time
import zlib

LAYERS = "town community grid place water green road building doorplate facility org".split()
FIXED_JOB = bytes((i * i * 31 + (i >> 5) * 17 + (i >> 11)) & 255 for i in range(1 << 18))


class Bench:
    def __init__(self, project, peers, build, scratch, log, whole_city=None):
        self.project, self.peers, self.build, self.scratch = project, peers, build, scratch
        self.whole_city = whole_city
        self.log = log.open("a") if log else None
        self.data, self.share = scratch / "city", scratch / "share"
        names = {whole_city: "$WHOLE_CITY", scratch: "$SCRATCH", peers: "$PEERS", build: "$BUILD", project: "."}
        # The longest first, because one may lie in the other.
        self.places = sorted(((str(place), name) for place, name in names.items() if place), key=lambda pair: -len(pair[0]))
        self.summary = []
        self._make_share()
        self.note(f"# {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, commit {self._commit()}")

    def _commit(self):
        asked = subprocess.run(["git", "-C", str(self.project), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
        return asked.stdout.strip() or "unknown"

    def _make_share(self):
        """The program's own data for the city: catalogue and map of this project, style and icons of the peers."""
        if self.share.exists():
            shutil.rmtree(self.share)
        shutil.copytree(self.project / "Tests" / "Benchmarks" / "City", self.share)
        shutil.copytree(self.project / "Tiles" / "matrix-sets", self.share / "Tiles" / "matrix-sets")
        style = json.loads((self.peers / "style" / "out" / "maplibre.json").read_text())
        style["sources"] = {"c": {"type": "vector", "url": "/tiles/city.json"}}
        place = self.share / "Styles" / "city"
        shutil.copytree(self.peers / "style" / "out" / "icons", place / "icons")
        (place / "style.json").write_text(json.dumps(style, ensure_ascii=False))

    def imported(self):
        """The data directory with every layer of the city in it; made on first use."""
        if not self.data.exists():
            for layer in LAYERS:
                self.command(self.import_command(layer, self.data))
        return self.data

    def import_command(self, layer, data):
        return [
            self.build / "workmap", "import", self.peers / "data" / "city_M.gpkg", "--source-layer", layer, "--layer", layer,
            "--data", data, "--share", self.share,
        ]

    def command(self, words, **more):
        """Runs a command and gives its CPU seconds, wall seconds, peak memory in MB and output."""
        words = [str(word) for word in words]
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"failed: {' '.join(words)}\n{output}")
        seconds = usage.ru_utime + usage.ru_stime
        return dict(cpu_s=seconds, wall_s=time.perf_counter() - start, rss_mb=usage.ru_maxrss / 1024, output=output)

    def environment(self):
        return dict(os.environ, WORKMAP_SHARE=str(self.share))

    def scrubbed(self, text):
        for place, name in self.places:
            text = text.replace(place, name)
        return text

    def note(self, text):
        text = self.scrubbed(text)
        print(text, flush=True)
        if self.log:
            print(text, file=self.log, flush=True)

    def row(self, measure, contender, command=None, **values):
        """One raw result. `cal_ms` is a fixed job's CPU time just now: how fast this core is at the moment."""
        if command is not None:
            values["command"] = " ".join(str(word) for word in command)
        self.note(json.dumps(dict(measure=measure, contender=contender, **values, cal_ms=calibrate()), ensure_ascii=False))

    def result(self, text):
        self.summary.append(self.scrubbed(text))
        self.note("= " + text)

    def finish(self):
        self.note("# summary")
        for line in self.summary:
            self.note("= " + line)


def calibrate():
    start = time.process_time()
    zlib.compress(FIXED_JOB, 6)
    return round((time.process_time() - start) * 1e3, 2)


def median(values):
    return statistics.median(list(values))
