"""One level of MapLibre Native's 256 px tiles (pymgl): maplibre_tiles.py PEERS LEVEL single|meta [PICTURE]. Prints one JSON line.

It draws on the CPU with Mesa's llvmpipe, kept on one thread, from vector tiles made beforehand; a metatile is one picture of 2048 px,
left whole.
"""
import math
import os
import sys

os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("LP_NUM_THREADS", "0")

from rendering import Rendering

rendering = Rendering(sys.argv)

from pymgl import Map

style = open(rendering.peers + "/style/out/maplibre.json").read()
side = 256 * rendering.tiles_across
city = Map(style, side, side, 1, 113.75, 23.0, 9)


def picture(tile, across):
    count = 2 ** tile[0]
    north = math.pi * (1 - 2 * (tile[2] + across / 2) / count)
    city.setCenter((tile[1] + across / 2) / count * 360 - 180, math.degrees(math.atan(math.sinh(north))))
    city.setZoom(tile[0] - 1)
    return city.renderPNG()


rendering.run(lambda tile: picture(tile, 1), lambda tile: picture(tile, 8))
