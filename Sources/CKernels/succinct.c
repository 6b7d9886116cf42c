#include "include/ckernels_succinct.h"

#include <stdlib.h>
#include <string.h>

// The bodies are written once and compiled twice: with the popcnt instruction, and without.
#define CK_NAME(name) name##_portable
#define CK_TARGET
#include "succinct_body.inc"
#undef CK_NAME
#undef CK_TARGET

#if defined(__x86_64__)
#define CK_NAME(name) name##_popcnt
#define CK_TARGET __attribute__((target("popcnt,bmi,bmi2")))
#include "succinct_body.inc"
#undef CK_NAME
#undef CK_TARGET

static int has_popcnt;
__attribute__((constructor)) static void detect(void) {
  __builtin_cpu_init();
  has_popcnt = __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi2");
}
#define CK_CALL(name, ...) (has_popcnt ? name##_popcnt(__VA_ARGS__) : name##_portable(__VA_ARGS__))
#else
// NEON's byte popcount is part of the baseline, so that the portable body already uses it.
#define CK_CALL(name, ...) name##_portable(__VA_ARGS__)
#endif

uint64_t ck_rank_finish(uint64_t *blocks, size_t block_count) {
  return CK_CALL(finish, blocks, block_count);
}

uint64_t ck_rank1(const uint64_t *blocks, uint64_t position) {
  return CK_CALL(rank1, blocks, position);
}

void ck_wavelet_rank_pair(const ck_wavelet *wavelet, uint32_t symbol, uint64_t *low,
                          uint64_t *high) {
  CK_CALL(rank_pair, wavelet, symbol, low, high);
}

uint32_t ck_wavelet_access(const ck_wavelet *wavelet, uint64_t position, uint64_t *rank) {
  return CK_CALL(access, wavelet, position, rank);
}

size_t ck_wavelet_distinct(const ck_wavelet *wavelet, uint64_t low, uint64_t high,
                           uint32_t *symbols, uint64_t *ranks, uint64_t *counts,
                           size_t capacity) {
  return CK_CALL(distinct, wavelet, low, high, symbols, ranks, counts, capacity);
}

size_t ck_wavelet_top(const ck_wavelet *wavelet, uint64_t low, uint64_t high, size_t k,
                      uint32_t *symbols, uint64_t *ranks, uint64_t *counts) {
  return CK_CALL(top, wavelet, low, high, k, symbols, ranks, counts);
}
