"""GetMap of arbitrary boxes: this program over HTTP, MapServer over FastCGI, the same layers and style, pictures of 800 x 600.

Boxes have their middle at the probes and a width that no level has, so that neither side profits from tiles. CPU milliseconds a
picture of the processes that drew it.
"""
import http.client
import math
import sys

from bench import median
from server import OWN_PORT, processor_seconds, running

WIDTH, HEIGHT = 800, 600
# Metres across: about levels 16.4, 15.3 and 14.2.
SPANS = (1437, 3080, 6600)
PROBES, ROUNDS = 24, 2
HALF = 20_037_508.342789244


def run(bench):
    sys.path.insert(0, str(bench.peers / "bench"))
    import benchlib
    from fcgi import Fcgi

    probes = benchlib.tiles()["probes"][:PROBES]
    command = [bench.build / "workmap", "serve", "--data", bench.imported(), "--share", bench.share, "--port", OWN_PORT]
    server = Fcgi(["/usr/bin/mapserv"], {"MAPSERVER_CONFIG_FILE": str(bench.peers / "style" / "out" / "mapserver.conf")})
    try:
        with running(command, OWN_PORT, "/health/ready") as (own, _):
            for span in SPANS:
                boxes = [box(mercator(*probe), span) for probe in probes]
                ours = measured(own_map, boxes, lambda: processor_seconds(own.pid))
                theirs = measured(lambda each: peer_map(server, each), boxes, lambda: benchlib.tree_cpu(server.pid))
                bench.row("getmap", "workmap", command, span_m=span, **ours)
                bench.row("getmap", "mapserver", span_m=span, source="shp3857", **theirs)
                bench.result(
                    f"getmap, {span} m on {WIDTH} x {HEIGHT}: {ours['cpu_ms']:.1f} ms of CPU; MapServer {theirs['cpu_ms']:.1f} ms = "
                    f"{theirs['cpu_ms'] / ours['cpu_ms']:.1f} x (at least 3)")
    finally:
        server.close()


def mercator(longitude, latitude):
    return longitude * HALF / 180, math.log(math.tan((90 + latitude) * math.pi / 360)) / math.pi * HALF


def box(middle, span):
    x, y = span / 2, span / 2 * HEIGHT / WIDTH
    return ",".join(f"{value:.3f}" for value in (middle[0] - x, middle[1] - y, middle[0] + x, middle[1] + y))


def own_map(each):
    connection = http.client.HTTPConnection("127.0.0.1", OWN_PORT, timeout=120)
    connection.request(
        "GET", f"/wms?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&SRS=EPSG:3857&LAYERS=city&STYLES=&FORMAT=image/png&WIDTH={WIDTH}&HEIGHT={HEIGHT}&BBOX={each}")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200 or body[:4] != b"\x89PNG":
        raise SystemExit(f"{answer.status} {body[:300]}")
    return len(body)


def peer_map(server, each):
    body = server.get(
        "map=shp3857_wqy&SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&SRS=EPSG:3857&LAYERS=city&STYLES=&FORMAT=image/png"
        f"&WIDTH={WIDTH}&HEIGHT={HEIGHT}&BBOX={each}&MAP_RESOLUTION=72")[1]
    if body[:4] != b"\x89PNG":
        raise SystemExit(body[:400])
    return len(body)


def measured(draw, boxes, processor):
    """Finished pictures are kept, so every round shifts its boxes by a centimetre."""
    costs, size = [], 0
    for number in range(ROUNDS + 1):
        shifted = [",".join(f"{float(value) + number * 0.01:.3f}" for value in each.split(",")) for each in boxes]
        before = processor()
        for each in shifted:
            size = max(size, draw(each))
        if number > 0:
            costs.append((processor() - before) * 1000 / len(boxes))
    return dict(n=len(boxes), cpu_ms=round(median(costs), 3), largest_bytes=size)
