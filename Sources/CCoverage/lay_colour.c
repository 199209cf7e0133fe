#include "CCoverage.h"
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
// Vectors are passed between functions that are inlined only.
#pragma clang diagnostic ignored "-Wpsabi"

typedef int32_t cells8 __attribute__((vector_size(32), aligned(4)));
typedef uint32_t words8 __attribute__((vector_size(32), aligned(4)));
typedef uint16_t channels16 __attribute__((vector_size(32)));

typedef struct {
    channels16 red_blue, green_alpha;
} colour16;

// One whole winding.
#define FULL 0x20000u

#define NAMED(name) name##_baseline
#include "lay_colour.inc"
#undef NAMED

#if defined(__x86_64__) && !defined(__AVX2__)
#define NAMED(name) name##_avx2
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "lay_colour.inc"
#pragma clang attribute pop
#undef NAMED
#define HAS_AVX2() __builtin_cpu_supports("avx2")
#else
#define lay_colour_avx2 lay_colour_baseline
#define HAS_AVX2() 0
#endif

void coverage_lay_colour(
    const coverage_area *area, intptr_t first, intptr_t last, int is_even_odd, uint32_t source) {
    (HAS_AVX2() ? lay_colour_avx2 : lay_colour_baseline)(area, first, last, is_even_odd, source);
}
