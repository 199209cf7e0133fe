"""One level of ST_AsMVT tiles: postgis.py PEERS SCHEMA LEVEL. Prints one JSON line."""
import json
import sys

peers, schema, level = sys.argv[1], sys.argv[2], sys.argv[3]
sys.path.insert(0, peers + "/bench")

import benchlib
import mvt_sql

source = mvt_sql.Src(schema)
result = benchlib.run(
    lambda tile: len(source.tile(*tile[:3])), benchlib.tiles()["tiles"][level], passes=2, cpu_of=[source.backend()])
print(json.dumps(dict(z=int(level), schema=schema, n=result["n"], cpu_ms=result["cpu_ms"], bytes=result["bytes"])))
