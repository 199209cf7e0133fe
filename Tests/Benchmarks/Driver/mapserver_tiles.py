"""One level of MapServer's 256 px tiles over FastCGI: mapserver_tiles.py PEERS LEVEL single|meta [PICTURE]. Prints one JSON line.

Single tiles are cut out of a map with 64 px around each; a metatile is one picture of 2048 px, left whole, which spares MapServer
the cutting and 63 of 64 files.
"""
import sys

from rendering import Rendering

rendering = Rendering(sys.argv)

from fcgi import Fcgi

server = Fcgi(["/usr/bin/mapserv"], {"MAPSERVER_CONFIG_FILE": rendering.peers + "/style/out/mapserver.conf"})


def answer(query):
    body = server.get("map=shp3857_wqy&" + query)[1]
    if body[:4] != b"\x89PNG":
        raise SystemExit(body[:400])
    return body


def single(tile):
    return answer(f"mode=tile&tilemode=gmap&tile={tile[1]}+{tile[2]}+{tile[0]}&layers=all&map.imagetype=png32")


def meta(tile):
    box = ",".join(str(edge) for edge in rendering.box(tile, 8))
    return answer(
        "SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&SRS=EPSG:3857&LAYERS=city&STYLES=&FORMAT=image/png&WIDTH=2048&HEIGHT=2048"
        f"&BBOX={box}&MAP_RESOLUTION=72")


try:
    rendering.run(single, meta, daemons=[server.pid])
finally:
    server.close()
