"""PNG from pictures of the standard map, palette search included, against libpng at level 6: CPU milliseconds a tile."""
import json
import math
import random
import shutil
import subprocess

from contenders import alternate, built, least
from server import OWN_PORT, get, running

SIDE, ROUNDS, MILLISECONDS, WANTED = 256, 5, 150, 8
# Level and how many tiles from the middle of the demo hamlet, to the right and down.
PLACES = {
    "city": ("standard", [(16, 0, 0), (17, 0, 0), (15, 0, 0)]),
    "rural": ("standard", [(14, 1, 1), (16, 3, 3), (13, 1, 0)]),
    "overlay": ("standard-labels", [(16, 0, 0), (17, 0, 0), (15, 0, 0)]),
}


def run(bench):
    libpng = built(bench, "libpng_encode.c", "libpng")
    for kind, pictures in {**tiles(bench), "imagery": [imagery(bench)]}.items():
        for palette in ("exact", "lossy"):
            compare(bench, libpng, kind, palette, pictures)


def compare(bench, libpng, kind, palette, pictures):
    sums, errors = {}, []
    for number, picture in enumerate(pictures):
        contenders = {
            "workmap": [bench.build / "Benchmarks", "encode", picture, SIDE, palette, MILLISECONDS],
            "libpng": [libpng, picture, SIDE, 6, "default", MILLISECONDS],
            "libpng-none": [libpng, picture, SIDE, 6, "none", MILLISECONDS],
        }
        rows = alternate(bench, "encode", contenders, ROUNDS, kind=kind, palette=palette, tile=number)
        errors.append((rows["workmap"][0]["rmse"], rows["workmap"][0]["max"]))
        for name, answers in rows.items():
            cost, size = sums.get(name, (0, 0))
            sums[name] = cost + least(answers) / len(pictures), size + answers[0]["bytes"] / len(pictures)
    cost, size = sums.pop("workmap")
    peers = "; ".join(
        f"{name} {theirs:.2f} ms, {weight:.0f} bytes = {theirs / cost:.1f} x at {100 * size / weight:.0f} % of the bytes"
        for name, (theirs, weight) in sums.items())
    error = "exact" if palette == "exact" else f"RMSE {max(e for e, _ in errors):.2f}, greatest error {max(m for _, m in errors)} of 255"
    bench.result(f"encode {kind}, {palette}: {cost:.3f} ms, {size:.0f} bytes, {error}; {peers} (at least {WANTED} x)")


def tiles(bench):
    """Raw pictures of tiles by kind, from a demo hamlet served with exact PNG."""
    data, share = bench.scratch / "hamlet", bench.scratch / "exact-share"
    shutil.rmtree(share, ignore_errors=True)
    for folder in ("Styles", "Tiles"):
        shutil.copytree(bench.project / folder, share / folder)
    standard = share / "Tiles" / "maps" / "standard.json"
    standard.write_text(json.dumps({**json.loads(standard.read_text()), "allowsLossyPalette": False}, ensure_ascii=False))
    if not data.exists():
        bench.command([bench.build / "workmap", "demo", "--scale", "hamlet", "--data", data, "--share", share])
    command = [bench.build / "workmap", "serve", "--data", data, "--share", share, "--port", OWN_PORT]
    pictures = {}
    with running(command, OWN_PORT, "/health/ready"):
        longitude, latitude = middle()
        for kind, (name, places) in PLACES.items():
            pictures[kind] = [
                raw(bench, f"{kind}-{number}", get(OWN_PORT, path(name, longitude, latitude, *place)))
                for number, place in enumerate(places)]
    return pictures


def middle():
    """The middle of the built area."""
    document = json.loads(get(OWN_PORT, "/collections/base.building")[1])
    west, south, east, north = document["extent"]["spatial"]["bbox"][0]
    return (west + east) / 2, (south + north) / 2


def path(name, longitude, latitude, level, right, down):
    side = 1 << level
    column = int((longitude + 180) / 360 * side)
    sine = math.sin(math.radians(latitude))
    row = int((0.5 - math.atanh(sine) / (2 * math.pi)) * side)
    return f"/tiles/{name}/{level}/{column + right}/{row + down}.png"


def raw(bench, name, answer):
    """The pixels of a PNG as RGBA, by Pillow of the peers."""
    status, body = answer
    if status != 200:
        raise SystemExit(f"tile {name}: {status}")
    file = bench.scratch / f"{name}.png"
    file.write_bytes(body)
    target = file.with_suffix(".rgba")
    words = "import sys; from PIL import Image; open(sys.argv[2], 'wb').write(Image.open(sys.argv[1]).convert('RGBA').tobytes())"
    subprocess.run([bench.peers / "venv" / "bin" / "python", "-c", words, file, target], check=True)
    return target


def imagery(bench):
    """Continuous tone with grain, as an aerial photograph has: octaves of smooth noise over each channel."""
    source = random.Random(4547)
    planes = [[0.0] * (SIDE * SIDE) for _ in range(3)]
    for step, height in ((64, 60), (32, 40), (16, 24), (8, 12), (4, 6)):
        knots = [[source.uniform(-1, 1) for _ in range(SIDE // step + 2)] for _ in range(SIDE // step + 2)]
        shares = [source.uniform(0.7, 1) for _ in planes]
        for y in range(SIDE):
            j, v = divmod(y, step)
            for x in range(SIDE):
                i, u = divmod(x, step)
                a, b = u / step, v / step
                value = ((knots[j][i] * (1 - a) + knots[j][i + 1] * a) * (1 - b)
                         + (knots[j + 1][i] * (1 - a) + knots[j + 1][i + 1] * a) * b)
                for plane, share in zip(planes, shares):
                    plane[y * SIDE + x] += value * height * share
    pixels = bytearray()
    for i in range(SIDE * SIDE):
        grain = source.gauss(0, 2)
        pixels += bytes(min(255, max(0, round(base + plane[i] + grain))) for base, plane in zip((112, 124, 96), planes)) + b"\xff"
    file = bench.scratch / "imagery.rgba"
    file.write_bytes(pixels)
    return file
