"""The bench buildings from EPSG:4547 to a servable map, against ogr2ogr writing them to a GeoPackage with R-tree."""
import shutil

from bench import median

ROUNDS = 3


def run(bench):
    ours, peers = [], []
    data, file = bench.scratch / "import", bench.scratch / "import.gpkg"
    source = bench.peers / "data" / "city_M.gpkg"
    for _ in range(ROUNDS):
        shutil.rmtree(data, ignore_errors=True)
        command = bench.import_command("building", data)
        ours.append(measured(bench, "workmap", command))
        file.unlink(missing_ok=True)
        command = ["ogr2ogr", "-f", "GPKG", file, source, "building", "-lco", "SPATIAL_INDEX=YES", "-gt", "500000"]
        peers.append(measured(bench, "ogr2ogr", command))
    shutil.rmtree(data, ignore_errors=True)
    file.unlink(missing_ok=True)
    for key, name in (("cpu_s", "CPU"), ("wall_s", "wall")):
        own, peer = (median(row[key] for row in rows) for rows in (ours, peers))
        bench.result(
            f"import buildings, {name}: {own:.2f} s; ogr2ogr {peer:.2f} s = {peer / own:.2f} x as fast (at least 1)")


def measured(bench, contender, command):
    values = {key: round(value, 3) for key, value in bench.command(command).items() if key != "output"}
    bench.row("import", contender, command, **values)
    return values
