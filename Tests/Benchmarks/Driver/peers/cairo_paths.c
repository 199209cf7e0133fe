// Cairo's image surface: cairo_paths SCENE SIDE MILLISECONDS default|fast [PICTURE]. Paths are made beforehand.
#include <cairo.h>
#include "paths.h"

static cairo_t *cr;
static cairo_path_t **paths;

static void draw(void) {
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    for (int i = 0; i < shape_count; i++) {
        const shape_t *s = &shapes[i];
        cairo_new_path(cr);
        cairo_append_path(cr, paths[i]);
        cairo_set_source_rgb(cr, s->red / 255.0, s->green / 255.0, s->blue / 255.0);
        if (s->is_stroke) {
            cairo_set_line_width(cr, s->width);
            cairo_stroke(cr);
        } else {
            cairo_fill(cr);
        }
    }
}

int main(int argc, char **argv) {
    side = atoi(argv[2]);
    read_scene(argv[1], side / 256.0);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, side, side);
    cr = cairo_create(surface);
    cairo_set_antialias(cr, strcmp(argv[4], "fast") == 0 ? CAIRO_ANTIALIAS_FAST : CAIRO_ANTIALIAS_DEFAULT);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    paths = (cairo_path_t **)malloc(shape_count * sizeof *paths);
    for (int i = 0; i < shape_count; i++) {
        const shape_t *s = &shapes[i];
        cairo_new_path(cr);
        for (int k = 0; k < s->count; k++) cairo_line_to(cr, s->xy[2 * k], s->xy[2 * k + 1]);
        if (!s->is_stroke) cairo_close_path(cr);
        paths[i] = cairo_copy_path(cr);
    }
    measure(draw, atof(argv[3]));
    if (argc > 5) {
        cairo_surface_flush(surface);
        unsigned char *bytes = cairo_image_surface_get_data(surface);
        for (int i = 0; i < side * side; i++) {
            unsigned char blue = bytes[4 * i];
            bytes[4 * i] = bytes[4 * i + 2];
            bytes[4 * i + 2] = blue;
        }
        leave(argv[5], bytes);
    }
    return 0;
}
