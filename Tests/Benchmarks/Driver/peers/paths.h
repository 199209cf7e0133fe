// The scene, the clock and the answer of the rasterisers written in C and C++: PROGRAM SCENE SIDE MILLISECONDS [PICTURE].
// Draws the scene again and again for so long and prints one JSON line; leaves the picture as raw RGBA where asked.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    int is_stroke, red, green, blue, count;
    double width;
    double *xy;
} shape_t;

static shape_t *shapes;
static int shape_count, side;

static void read_scene(const char *file, double scale) {
    FILE *in = fopen(file, "r");
    if (!in) { perror(file); exit(1); }
    char kind[16];
    int room = 0;
    while (fscanf(in, "%15s", kind) == 1) {
        if (shape_count == room) {
            room = room ? room * 2 : 64;
            shapes = (shape_t *)realloc(shapes, room * sizeof *shapes);
        }
        shape_t *s = &shapes[shape_count++];
        memset(s, 0, sizeof *s);
        s->is_stroke = strcmp(kind, "stroke") == 0;
        if (fscanf(in, "%d %d %d", &s->red, &s->green, &s->blue) != 3) exit(1);
        if (s->is_stroke && fscanf(in, "%lf", &s->width) != 1) exit(1);
        s->width *= scale / 256;
        if (fscanf(in, "%d", &s->count) != 1) exit(1);
        s->xy = (double *)malloc(2 * s->count * sizeof(double));
        for (int i = 0; i < 2 * s->count; i++) {
            if (fscanf(in, "%lf", &s->xy[i]) != 1) exit(1);
            s->xy[i] *= scale / 256;
        }
    }
    fclose(in);
}

static double cpu_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

static int ascending(const void *a, const void *b) {
    double d = *(const double *)a - *(const double *)b;
    return d < 0 ? -1 : d > 0;
}

// Draws at least three times and for `limit` milliseconds, after one time that warms.
static void measure(void (*draw)(void), double limit) {
    static double cost[100000];
    int n = 0;
    draw();
    double start = cpu_ms();
    while (n < 3 || (cpu_ms() - start < limit && n < 100000)) {
        double before = cpu_ms();
        draw();
        cost[n++] = cpu_ms() - before;
    }
    qsort(cost, n, sizeof *cost, ascending);
    printf("{\"n\": %d, \"cpu_ms\": %.4f, \"least_ms\": %.4f}\n", n, cost[n / 2], cost[0]);
}

static void leave(const char *file, const void *bytes) {
    FILE *out = fopen(file, "wb");
    if (!out || fwrite(bytes, 4, (size_t)side * side, out) != (size_t)side * side) { perror(file); exit(1); }
    fclose(out);
}
