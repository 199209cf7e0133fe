// libpng: libpng_encode PICTURE SIDE LEVEL default|none MILLISECONDS. PICTURE is raw RGBA; an opaque one is written as RGB.
// `default` leaves the filters to libpng, which tries all of them; `none` is the better choice for maps.
#include <png.h>
#include <stdlib.h>
#include "paths.h"

static unsigned char *pixels, *file;
static size_t size, room;
static int channels, level, without_filters;

static void append(png_structp png, png_bytep bytes, size_t count) {
    (void)png;
    if (size + count > room) file = (unsigned char *)realloc(file, room = 2 * (size + count));
    memcpy(file + size, bytes, count);
    size += count;
}

static void flush(png_structp png) { (void)png; }

static void encode(void) {
    size = 0;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png))) exit(1);
    png_set_write_fn(png, NULL, append, flush);
    png_set_IHDR(png, info, side, side, 8, channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGBA, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, level);
    if (without_filters) png_set_filter(png, 0, PNG_FILTER_NONE);
    png_write_info(png, info);
    for (int row = 0; row < side; row++) png_write_row(png, pixels + (size_t)row * side * channels);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}

int main(int argc, char **argv) {
    if (argc < 6) return 2;
    side = atoi(argv[2]);
    level = atoi(argv[3]);
    without_filters = strcmp(argv[4], "none") == 0;
    size_t count = (size_t)side * side;
    pixels = (unsigned char *)malloc(count * 4);
    FILE *in = fopen(argv[1], "rb");
    if (!in || fread(pixels, 4, count, in) != count) { perror(argv[1]); return 1; }
    fclose(in);
    channels = 3;
    for (size_t i = 0; i < count; i++) if (pixels[4 * i + 3] != 255) channels = 4;
    if (channels == 3) for (size_t i = 0; i < count; i++) memmove(pixels + 3 * i, pixels + 4 * i, 3);
    measure(encode, atof(argv[5]));
    printf("{\"bytes\": %zu}\n", size);
    return 0;
}
