"""The rasteriser alone on the same paths, against Cairo, Skia and AGG: CPU milliseconds a picture."""
import scenes
from contenders import alternate, built, least

SIDES, ROUNDS, MILLISECONDS = (256, 512), 5, 200
# How much faster this program is to be.
WANTED = {"agg": 2, "cairo": 3, "skia": 3}


def run(bench):
    cairo = built(bench, "cairo_paths.c", "cairo")
    agg = built(bench, "agg_paths.cpp", "libagg")
    skia = [bench.peers / "venv" / "bin" / "python", bench.project / "Tests" / "Benchmarks" / "Driver" / "peers" / "skia_paths.py"]
    worst = {name: [] for name in (*WANTED, "cairo-fast")}
    for side in SIDES:
        for name, scene in scenes.write(bench.scratch / "scenes").items():
            drawn = {contender: bench.scratch / f"{contender}-{name}-{side}.rgba" for contender in ("workmap", "agg", "cairo", "skia")}
            contenders = {
                "workmap": [bench.build / "Benchmarks", "raster", scene, side, MILLISECONDS, drawn["workmap"]],
                "agg": [agg, scene, side, MILLISECONDS, drawn["agg"]],
                "cairo": [cairo, scene, side, MILLISECONDS, "default", drawn["cairo"]],
                "cairo-fast": [cairo, scene, side, MILLISECONDS, "fast"],
                "skia": [*skia, scene, side, MILLISECONDS, drawn["skia"]],
            }
            rows = alternate(bench, "raster", contenders, ROUNDS, scene=name, side=side)
            own = least(rows["workmap"])
            ratios = {peer: least(rows[peer]) / own for peer in worst}
            for peer, ratio in ratios.items():
                worst[peer].append(ratio)
            compared = "; ".join(f"{peer} {least(rows[peer]):.2f} ms = {ratio:.1f} x" for peer, ratio in ratios.items())
            bench.result(f"raster {name} {side} px: {own:.2f} ms; {compared}")
            for peer in ("agg", "cairo", "skia"):
                bench.note(f"raster {name} {side} px: {difference(drawn['workmap'], drawn[peer])} from {peer}'s picture")
    wanted = ", ".join(f"{min(worst[peer]):.1f} x {peer} (at least {ratio})" for peer, ratio in WANTED.items())
    bench.result(f"raster, the least of all: {wanted}; {min(worst['cairo-fast']):.1f} x cairo-fast")


def difference(ours, theirs):
    """How far two pictures are from each other: they show the same, or the comparison says nothing."""
    a, b = ours.read_bytes(), theirs.read_bytes()
    distances = [abs(x - y) for x, y in zip(a, b)]
    mean = sum(distances) / len(distances)
    if mean > 2:
        raise SystemExit(f"{ours.name} and {theirs.name} are not the same picture: {mean:.2f}/255 apart in the mean")
    return f"mean {mean:.3f}/255, greatest {max(distances)}/255"
