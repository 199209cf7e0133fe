"""What a screenshot holds, read from its PNG without further libraries."""
import zlib


def colours(png):
    """How many different colours an 8 bit RGB or RGBA PNG holds, and the share of the most frequent."""
    counts = counted(png)
    return len(counts), max(counts.values()) / sum(counts.values())


def brightness(png):
    """The mean of all channels, 0 (black) to 1 (white)."""
    counts = counted(png)
    return sum(sum(colour) * count for colour, count in counts.items()) / (765 * sum(counts.values()))


def saturation(png):
    """The mean spread between the strongest and the weakest channel, 0 (grey) to 1."""
    counts = counted(png)
    return sum((max(colour) - min(colour)) * count for colour, count in counts.items()) / (255 * sum(counts.values()))


def counted(png):
    """Every third pixel of a row, counted by colour."""
    place, width, samples, packed = 8, 0, 3, b""
    while place < len(png):
        length, kind = int.from_bytes(png[place:place + 4]), png[place + 4:place + 8]
        body = png[place + 8:place + 8 + length]
        if kind == b"IHDR":
            width, samples = int.from_bytes(body[:4]), {2: 3, 6: 4}[body[9]]
        elif kind == b"IDAT":
            packed += body
        place += 12 + length
    data, stride = zlib.decompress(packed), width * samples
    counts, above = {}, bytearray(stride)
    for start in range(0, len(data), stride + 1):
        row = unfiltered(data[start], bytearray(data[start + 1:start + 1 + stride]), above, samples)
        for x in range(0, stride, samples * 3):
            colour = bytes(row[x:x + 3])
            counts[colour] = counts.get(colour, 0) + 1
        above = row
    return counts


def unfiltered(kind, row, above, samples):
    for i in range(len(row)):
        left = row[i - samples] if i >= samples else 0
        if kind == 1:
            row[i] = row[i] + left & 255
        elif kind == 2:
            row[i] = row[i] + above[i] & 255
        elif kind == 3:
            row[i] = row[i] + (left + above[i] >> 1) & 255
        elif kind == 4:
            corner = above[i - samples] if i >= samples else 0
            guess = left + above[i] - corner
            near = min((left, above[i], corner), key=lambda each: abs(guess - each))
            row[i] = row[i] + near & 255
    return row
