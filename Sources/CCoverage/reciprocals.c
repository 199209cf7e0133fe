#include "CCoverage.h"

#define R(d) ((d) == 0 ? 0 : ((1 << 26) + (d) - 1) / ((d) ? (d) : 1))
#define R8(d) R(d), R(d + 1), R(d + 2), R(d + 3), R(d + 4), R(d + 5), R(d + 6), R(d + 7)
#define R64(d) R8(d), R8(d + 8), R8(d + 16), R8(d + 24), R8(d + 32), R8(d + 40), R8(d + 48), R8(d + 56)

const uint32_t coverage_reciprocals[512] = {R64(0), R64(64), R64(128), R64(192), R64(256), R64(320), R64(384), R64(448)};
