// Anti-Grain Geometry: agg_paths SCENE SIDE MILLISECONDS [PICTURE]. Paths are made beforehand; opaque spans of one colour.
#include <agg_conv_stroke.h>
#include <agg_path_storage.h>
#include <agg_pixfmt_rgba.h>
#include <agg_rasterizer_scanline_aa.h>
#include <agg_renderer_base.h>
#include <agg_renderer_scanline.h>
#include <agg_rendering_buffer.h>
#include <agg_scanline_u.h>
#include <vector>
#include "paths.h"

typedef agg::pixfmt_rgba32_pre pixel_format;
typedef agg::renderer_base<pixel_format> base_renderer;

static std::vector<agg::path_storage> paths;
static base_renderer *base;
static agg::rasterizer_scanline_aa<> rasteriser;
static agg::scanline_u8 scanline;

static void draw() {
    base->clear(agg::rgba8(255, 255, 255));
    agg::renderer_scanline_aa_solid<base_renderer> renderer(*base);
    for (int i = 0; i < shape_count; i++) {
        const shape_t &s = shapes[i];
        rasteriser.reset();
        if (s.is_stroke) {
            agg::conv_stroke<agg::path_storage> stroke(paths[i]);
            stroke.width(s.width);
            stroke.line_join(agg::round_join);
            stroke.line_cap(agg::round_cap);
            rasteriser.add_path(stroke);
        } else {
            rasteriser.add_path(paths[i]);
        }
        renderer.color(agg::rgba8(s.red, s.green, s.blue));
        agg::render_scanlines(rasteriser, scanline, renderer);
    }
}

int main(int argc, char **argv) {
    side = atoi(argv[2]);
    read_scene(argv[1], side / 256.0);
    std::vector<unsigned char> bytes((size_t)side * side * 4);
    agg::rendering_buffer buffer(bytes.data(), side, side, side * 4);
    pixel_format format(buffer);
    base_renderer renderer(format);
    base = &renderer;
    rasteriser.clip_box(0, 0, side, side);
    paths.resize(shape_count);
    for (int i = 0; i < shape_count; i++) {
        const shape_t &s = shapes[i];
        paths[i].move_to(s.xy[0], s.xy[1]);
        for (int k = 1; k < s.count; k++) paths[i].line_to(s.xy[2 * k], s.xy[2 * k + 1]);
        if (!s.is_stroke) paths[i].close_polygon();
    }
    measure(draw, atof(argv[3]));
    if (argc > 4) leave(argv[4], bytes.data());
    return 0;
}
