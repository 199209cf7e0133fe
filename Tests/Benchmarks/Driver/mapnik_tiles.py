"""One level of Mapnik's 256 px tiles: mapnik_tiles.py PEERS LEVEL single|meta [PICTURE]. Prints one JSON line.

Single tiles have 64 px around each; a metatile is one picture of 2048 px cut into 64 tiles. PICTURE gets the tile with most in it.
"""
import sys

from rendering import Rendering

rendering = Rendering(sys.argv)

import mapnik

mapnik.FontEngine.register_font("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
city = mapnik.Map(256, 256)
mapnik.load_map(city, rendering.peers + "/style/out/mapnik_shp3857_wqy.xml")


def image(box, side, buffer):
    city.resize(side, side)
    city.buffer_size = buffer
    city.zoom_to_box(mapnik.Box2d(*box))
    picture = mapnik.Image(side, side)
    mapnik.render(city, picture)
    return picture


def single(tile):
    return image(rendering.box(tile), 256, 64).tostring("png")


def meta(tile):
    whole = image(rendering.box(tile, 8), 2048, 128)
    return b"".join(whole.view(256 * i, 256 * j, 256, 256).tostring("png") for j in range(8) for i in range(8))


rendering.run(single, meta)
