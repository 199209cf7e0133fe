"""Skia on the CPU, replaying a picture recorded beforehand: skia_paths.py SCENE SIDE MILLISECONDS [PICTURE]."""
import json
import sys
import time

import skia


def recorded(scene, side):
    recorder = skia.PictureRecorder()
    canvas = recorder.beginRecording(skia.Rect(side, side))
    canvas.scale(side / 256, side / 256)
    for line in open(scene):
        words = line.split()
        red, green, blue, *numbers = map(int, words[1:])
        paint = skia.Paint(AntiAlias=True, Color=skia.Color(red, green, blue))
        if words[0] == "stroke":
            paint.setStyle(skia.Paint.kStroke_Style)
            paint.setStrokeWidth(numbers.pop(0) / 256)
            paint.setStrokeJoin(skia.Paint.kRound_Join)
            paint.setStrokeCap(skia.Paint.kRound_Cap)
        positions = [skia.Point(x / 256, y / 256) for x, y in zip(numbers[1::2], numbers[2::2])]
        path = skia.Path()
        path.addPoly(positions, words[0] == "fill")
        canvas.drawPath(path, paint)
    return recorder.finishRecordingAsPicture()


def main():
    scene, side, limit = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]) / 1e3
    picture = recorded(scene, side)
    surface = skia.Surface.MakeRaster(skia.ImageInfo.Make(side, side, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType))
    canvas = surface.getCanvas()

    def draw():
        canvas.clear(skia.ColorWHITE)
        picture.playback(canvas)

    draw()
    costs, start = [], time.process_time()
    while len(costs) < 3 or time.process_time() - start < limit:
        before = time.process_time_ns()
        draw()
        costs.append((time.process_time_ns() - before) / 1e6)
    costs.sort()
    print(json.dumps(dict(n=len(costs), cpu_ms=round(costs[len(costs) // 2], 4), least_ms=round(costs[0], 4))))
    if len(sys.argv) > 4:
        open(sys.argv[4], "wb").write(surface.makeImageSnapshot().tobytes())


main()
