"""Starts servers on 127.0.0.1 and stops the very processes it started."""
import contextlib
import http.client
import os
import signal
import subprocess
import time

OWN_PORT, NGINX_PORT, TIPG_PORT = 55600, 55610, 55620


@contextlib.contextmanager
def running(words, port, path, **more):
    """Yields the process and the seconds until `path` answered 200; the whole process group ends with the block."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **more)
    try:
        wait(process, port, path)
        yield process, time.perf_counter() - start
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait(process, port, path, seconds=60):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if process.poll() is not None:
            raise SystemExit(f"the server on port {port} ended with {process.returncode}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            if get(port, path)[0] == 200:
                return
        time.sleep(0.005)
    raise SystemExit(f"no answer on port {port} within {seconds} s")


def get(port, path, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def processor_seconds(process):
    """User and system time of a process and its children so far, from the scheduler's nanoseconds."""
    children, todo = [], [process]
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                parents.setdefault(int(open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
    while todo:
        one = todo.pop()
        children.append(one)
        todo += parents.get(one, [])
    total = 0
    for one in children:
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{one}/task"):
                total += int(open(f"/proc/{one}/task/{task}/schedstat").read().split()[0])
    return total / 1e9


def resident_megabytes(process, name="VmRSS"):
    for line in open(f"/proc/{process}/status"):
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    return 0.0
