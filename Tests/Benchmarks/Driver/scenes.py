"""The shapes that rasterisers are compared by, as text that every contender reads.

A line a shape: `fill r g b n x y x y ...` or `stroke r g b width n x y ...`, positions and widths in 1/256 pixel of a
picture of 256 pixels a side; a contender that draws 512 pixels a side takes everything twice as large.
"""
import math
import random

SIDE = 256


def write(folder):
    """Gives the files by scene."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, make in (("buildings", buildings), ("roads", roads), ("polygons", polygons)):
        files[name] = folder / f"{name}.txt"
        files[name].write_text("".join(make(random.Random(4547))))
    return files


def buildings(source, count=2_000):
    """Rectangles of 3 to 10 pixels a side, turned at random."""
    for _ in range(count):
        x, y = source.uniform(0, SIDE), source.uniform(0, SIDE)
        angle = source.uniform(0, math.pi)
        along, across = source.uniform(1.5, 5), source.uniform(1.5, 5)
        cosine, sine = math.cos(angle), math.sin(angle)
        corners = [(x + a * cosine - b * sine, y + a * sine + b * cosine)
                   for a, b in ((-along, -across), (along, -across), (along, across), (-along, across))]
        yield shape("fill", source, corners)


def roads(source, count=300, positions=20):
    """Lines of twenty positions that wander over the picture, 1 to 12 pixels wide, round joins and caps."""
    for _ in range(count):
        x, y = source.uniform(0, SIDE), source.uniform(0, SIDE)
        angle = source.uniform(0, 2 * math.pi)
        line = [(x, y)]
        for _ in range(positions - 1):
            angle += source.gauss(0, 0.5)
            step = source.uniform(4, 20)
            x, y = x + step * math.cos(angle), y + step * math.sin(angle)
            line.append((x, y))
        yield shape("stroke", source, line, width=round(source.uniform(1, 12) * 256))


def polygons(source, count=3, positions=20_000):
    """Shorelines of twenty thousand positions: a circle with bays of every size and a ragged edge."""
    for _ in range(count):
        centre = source.uniform(0.4, 0.6) * SIDE, source.uniform(0.4, 0.6) * SIDE
        waves = [(k, source.uniform(0, 2 * math.pi), 12 / k) for k in (2, 3, 5, 9, 17, 33, 65)]
        outline = []
        for i in range(positions):
            angle = 2 * math.pi * i / positions
            radius = 90 + sum(height * math.sin(k * angle + phase) for k, phase, height in waves) + source.gauss(0, 0.6)
            outline.append((centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)))
        yield shape("fill", source, outline)


def shape(kind, source, positions, width=None):
    colour = [source.randrange(256) for _ in range(3)]
    numbers = [] if width is None else [width]
    flat = [round(value * 256) for position in positions for value in position]
    return " ".join(map(str, [kind, *colour, *numbers, len(positions), *flat])) + "\n"
