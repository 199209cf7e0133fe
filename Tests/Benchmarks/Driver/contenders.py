"""Builds the peers that are libraries, from the small programs beside this file, and runs contenders in turn."""
import json
import subprocess

from bench import median

# What the fastest of the usual machines can do, and what the peers are given; this program is built for the baseline.
FLAGS = ["-O3", "-march=x86-64-v3", "-Wall"]


def built(bench, source, package):
    """The program made from a source file of `peers` against a pkg-config package."""
    sources = bench.project / "Tests" / "Benchmarks" / "Driver" / "peers"
    program = bench.scratch / source.rsplit(".", 1)[0]
    bench.scratch.mkdir(parents=True, exist_ok=True)
    asked = subprocess.run(["pkg-config", "--cflags", "--libs", package], capture_output=True, text=True, check=True)
    compiler = "g++" if source.endswith(".cpp") else "gcc"
    bench.command([compiler, *FLAGS, sources / source, "-o", program, *asked.stdout.split()])
    return program


def alternate(bench, measure, contenders, rounds, **labels):
    """Runs `{name: words}` one after the other, `rounds` times, and gives the rows by name.

    A contender's figure is the median over the rounds of the least CPU time of a round: on a shared machine what lies
    above the least is other people's work.
    """
    rows = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, words in contenders.items():
            lines = bench.command(words)["output"].strip().splitlines()
            values = {key: value for line in lines for key, value in json.loads(line).items()}
            rows[name].append(values)
            bench.row(measure, name, words, **labels, **values)
    return rows


def least(rows):
    return median(row["least_ms"] for row in rows)
