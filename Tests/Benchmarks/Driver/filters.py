"""Filters in CQL2 with spatial predicates over a million points, against PostGIS' answer to the same question in SQL.

Both give GeoJSON of the first thousand features by id and the number of all of them. Milliseconds of wall and of CPU, one question after
the other.
"""
import http.client
import json
import math
import site
import sys
import time
from urllib.parse import quote

from bench import median
from server import OWN_PORT, processor_seconds, running

ROUNDS = 3


def ring(longitude, latitude, metres, corners=9):
    """A star, so that its box says little about it."""
    points = []
    for corner in range(corners * 2):
        reach = metres * (1 if corner % 2 == 0 else 0.45)
        angle = math.pi * corner / corners
        points.append((longitude + reach * math.sin(angle) / 102_500, latitude + reach * math.cos(angle) / 110_900))
    return points + points[:1]


def text(points):
    return "POLYGON((" + ",".join(f"{x:.7f} {y:.7f}" for x, y in points) + "))"


def questions(probes):
    """CQL2 and the condition of SQL, with positions in degrees."""
    asked = []
    for number, (x, y) in enumerate(probes):
        star = text(ring(x, y, (400, 1500, 4000)[number % 3]))
        geometry = f"ST_Transform(ST_GeomFromText('{star}',4326),4547)"
        asked += [
            ("within a star", f"S_WITHIN(geometry,{star})", f"ST_Within(geom,{geometry})"),
            ("in a star and by a value", f"S_INTERSECTS(geometry,{star}) AND gender = '女'", f"ST_Intersects(geom,{geometry}) AND gender='女'"),
            ("in a star and by either of two", f"S_INTERSECTS(geometry,{star}) AND (birth < 1965 OR birth > 2018)", f"ST_Intersects(geom,{geometry}) AND (birth<1965 OR birth>2018)"),
        ]
    return asked


def run(bench):
    sys.path.insert(0, str(bench.peers / "bench"))
    import benchlib

    data = bench.imported()
    command = [bench.build / "workmap", "serve", "--data", data, "--share", bench.share, "--port", OWN_PORT]
    if not (data / "person.imported").exists():
        bench.command(bench.import_command("person", data))
        (data / "person.imported").touch()
    probes = benchlib.tiles()["probes"][:12]
    with running(command, OWN_PORT, "/health/ready") as (own, _):
        connection = postgres(bench)
        backend = connection.info.backend_pid
        costs = {}
        for name, filter, condition in questions(probes):
            ours = timed(lambda: ask(filter), lambda: processor_seconds(own.pid))
            theirs = timed(lambda: select(connection, condition), lambda: benchlib.tree_cpu(backend))
            if abs(ours["matched"] - theirs["matched"]) > max(2, 0.001 * theirs["matched"]):
                raise SystemExit(f"{name}: {ours['matched']} features here, {theirs['matched']} there: {filter}")
            bench.row("filters", "workmap", question=name, **ours)
            bench.row("filters", "postgis-sql", question=name, **theirs)
            costs.setdefault(name, []).append((ours, theirs))
        for name, pairs in costs.items():
            for what in ("ms", "cpu_ms"):
                own_cost, peer_cost = (sum(pair[side][what] for pair in pairs) for side in (0, 1))
                bench.result(f"filters, {name}, {what}: {own_cost / len(pairs):.2f}; PostGIS {peer_cost / len(pairs):.2f} = {peer_cost / own_cost:.1f} x (more than 1)")


def postgres(bench):
    import mvt_sql
    site.addsitedir(next((bench.peers / "venv" / "lib").glob("python*/site-packages")))
    return mvt_sql.connect()


def timed(work, processor):
    walls, costs, matched = [], [], 0
    for number in range(ROUNDS + 1):
        before, start = processor(), time.perf_counter()
        matched = work()
        if number > 0:
            walls.append((time.perf_counter() - start) * 1000)
            costs.append((processor() - before) * 1000)
    return dict(ms=round(median(walls), 3), cpu_ms=round(median(costs), 3), matched=matched)


def ask(filter):
    connection = http.client.HTTPConnection("127.0.0.1", OWN_PORT, timeout=120)
    connection.request("GET", f"/collections/person/items?limit=1000&filter={quote(filter)}")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{answer.status} {body[:500]}")
    return json.loads(body)["numberMatched"]


def select(connection, condition):
    query = f"""
        WITH found AS (SELECT * FROM person WHERE {condition})
        SELECT (SELECT count(*) FROM found), json_build_object('type','FeatureCollection','features',coalesce(json_agg(json_build_object(
            'type','Feature','id',fid,'geometry',ST_AsGeoJSON(ST_Transform(geom,4326),8)::json,'properties',to_jsonb(q)-'geom')),'[]'))::text
        FROM (SELECT * FROM found ORDER BY fid LIMIT 1000) q"""
    return connection.execute(query).fetchone()[0]
