#pragma once
#include <stdint.h>

/// a * b / c towards minus infinity; c > 0. Exact for any edge between 64-bit sums of 32-bit positions: below 2^52 the
/// rounded quotient of doubles never reaches the next integer, and dividing those costs half of what dividing integers
/// does; beyond, the product may need more than 64 bits.
static inline int64_t coverage_floor_quotient(int64_t a, int64_t b, int64_t c) {
    double product = (double)a * (double)b;
    if (product < 0x1p52 && product > -0x1p52) {
        int64_t q = (int64_t)(product / (double)c);
        return q - (a * b - q * c < 0);
    }
    __int128 wide = (__int128)a * b;
    __int128 q = wide / c;
    return (int64_t)(q - (wide - q * c < 0));
}

/// 2^26 / d, rounded up, for 0 < d < 512; 0 for 0.
extern const uint32_t coverage_reciprocals[512];

/// n / d for n <= 2^16 and d < 512, exact, because the rounding adds less than 1 / d; 0 where d is 0.
static inline int64_t coverage_small_quotient(int64_t n, int64_t d) {
    return (int64_t)((uint64_t)n * coverage_reciprocals[d] >> 26);
}

/// Accumulated cells and the pixels they belong to.
typedef struct {
    /// Signed area a cell, 2^17 for one winding; `stride` a row, a multiple of 8. All of it is zero again afterwards.
    int32_t *cells;
    intptr_t stride;
    /// A bit for each eight cells that may not be zero; `mask_words` a row.
    uint64_t *touched;
    intptr_t mask_words;
    /// Premultiplied words, `pixel_stride` a row; `width` of them a row may be painted.
    uint32_t *pixels;
    intptr_t pixel_stride;
    intptr_t width;
} coverage_area;

/// Lays one premultiplied colour over the pixels of rows `first` to `last` through what has been accumulated.
///
/// The same bytes on every machine: integers throughout, whatever vectors the processor has.
void coverage_lay_colour(const coverage_area *area, intptr_t first, intptr_t last, int is_even_odd, uint32_t source);
