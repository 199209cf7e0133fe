"""One level of Mapnik's 256 px tiles, single, 64 px around each: mapnik_tiles.py PEERS LEVEL. Prints one JSON line."""
import json
import sys

peers, level = sys.argv[1], sys.argv[2]
sys.path.insert(0, peers + "/bench")

import benchlib
import mapnik

mapnik.FontEngine.register_font("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
city = mapnik.Map(256, 256)
mapnik.load_map(city, peers + "/style/out/mapnik_shp3857_wqy.xml")
city.buffer_size = 64


def draw(tile):
    city.zoom_to_box(mapnik.Box2d(*benchlib.bbox3857(*tile[:3])))
    image = mapnik.Image(256, 256)
    mapnik.render(city, image)
    return len(image.tostring("png"))


result = benchlib.run(draw, benchlib.tiles()["tiles"][level], passes=2)
print(json.dumps(dict(z=int(level), n=result["n"], cpu_ms=result["cpu_ms"], bytes=result["bytes"])))
