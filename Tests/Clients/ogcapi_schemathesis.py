#!/usr/bin/env python3
"""Has schemathesis ask everything that our own OpenAPI document describes, and much that it does not.

    ogcapi_schemathesis.py WORKMAP [--data DIR]

Makes the demo hamlet, or takes a data directory that holds one, serves it on a free loopback port. No answer may be a 5xx;
each has to have a status, a media type, headers and a body that the document describes for it, and a method that is not
described has to be refused. A limit beyond its maximum is taken as the standard has it (OGC 17-069r4 /req/core/fc-limit-response-1),
which is why what the schema refuses is not asked to be refused. Exit code 0 when nothing is found.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

from served_map import ServedMap

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method"
EXAMPLES = 3  # an operation and phase; beside them come the edges of every parameter
SEED = 441900
SECONDS = 600


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workmap", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, help="where a demo hamlet lies already")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="workmap-schemathesis-") as data:
        if not arguments.data:
            subprocess.run([str(arguments.workmap), "demo", "--scale", "hamlet", "--data", data], check=True, capture_output=True)
        with ServedMap(arguments.workmap, arguments.data or data) as service:
            command = [
                str(pathlib.Path(sys.executable).parent / "schemathesis"), "--no-color", "run", f"{service.base}/api", "--workers", "1",
                "--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES), "--seed", str(SEED), "--checks", CHECKS,
                "--continue-on-failure", "--generation-database", "none", "--request-timeout", "60",
            ]
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=data)
    summary = done.stdout[done.stdout.rfind("SUMMARY"):]
    print(summary if done.returncode == 0 else done.stdout[-8000:] + done.stderr[-2000:], flush=True)
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
