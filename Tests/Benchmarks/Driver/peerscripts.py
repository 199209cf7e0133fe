"""Runs the peers' own scripts, which print one JSON object a result."""
import json
import os
import subprocess


def rows(bench, words, **environment):
    """The results that a script of the peers prints; the script must end well."""
    words = [str(word) for word in words]
    asked = subprocess.run(
        words, cwd=bench.peers, capture_output=True, text=True, env=dict(os.environ, **environment))
    if asked.returncode != 0:
        raise SystemExit(f"failed: {' '.join(words)}\n{asked.stdout[-2000:]}\n{asked.stderr[-2000:]}")
    return [json.loads(line) for line in asked.stdout.splitlines() if line.startswith("{")]


def kept(bench, path, words, **environment):
    """Runs a script unless what it makes is there already; `None` then."""
    return None if (bench.peers / path).exists() else rows(bench, words, **environment)
