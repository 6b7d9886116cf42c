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

void ck_wavelet_descend(const ck_wavelet *wavelet, uint32_t symbol, uint64_t *low, uint64_t *high) {
  CK_CALL(descend, wavelet, symbol, low, high);
}

void ck_wavelet_descend_many(const ck_wavelet *wavelet, size_t count, const uint32_t *symbols,
                             uint64_t *low, uint64_t *high) {
  CK_CALL(descend_many, wavelet, count, symbols, low, high);
}

uint32_t ck_wavelet_access(const ck_wavelet *wavelet, uint64_t position, uint64_t *bottom) {
  return CK_CALL(access, wavelet, position, bottom);
}

#define CK_WAVELET_LEVEL(name, symbol_t)                                                      \
  uint64_t name(symbol_t *symbols, symbol_t *ones, size_t count, uint32_t shift,              \
                uint64_t *blocks) {                                                           \
    size_t zero = 0, one = 0;                                                                 \
    for (size_t start = 0; start < count; start += CK_BLOCK_BITS) {                           \
      uint64_t *line = blocks + start / CK_BLOCK_BITS * CK_BLOCK_WORDS;                       \
      const size_t end = count - start < CK_BLOCK_BITS ? count : start + CK_BLOCK_BITS;       \
      for (size_t i = start; i < end; i++) {                                                  \
        const symbol_t symbol = symbols[i];                                                   \
        const uint64_t bit = symbol >> shift & 1;                                             \
        line[1 + ((i - start) >> 6)] |= bit << ((i - start) & 63);                            \
        symbols[zero] = symbol;                                                               \
        ones[one] = symbol;                                                                   \
        zero += !bit;                                                                         \
        one += bit;                                                                           \
      }                                                                                       \
    }                                                                                         \
    memcpy(symbols + zero, ones, one * sizeof *ones);                                         \
    ck_rank_finish(blocks, count / CK_BLOCK_BITS + 1);                                        \
    return zero;                                                                              \
  }

CK_WAVELET_LEVEL(ck_wavelet_level_16, uint16_t)
CK_WAVELET_LEVEL(ck_wavelet_level_32, uint32_t)

size_t ck_wavelet_distinct(const ck_wavelet *wavelet, uint64_t low, uint64_t high,
                           uint32_t *symbols, uint64_t *ranks, uint64_t *counts,
                           size_t capacity) {
  return CK_CALL(distinct, wavelet, low, high, symbols, ranks, counts, capacity);
}

size_t ck_wavelet_top(const ck_wavelet *wavelet, uint64_t low, uint64_t high, size_t k,
                      uint32_t *symbols, uint64_t *ranks, uint64_t *counts) {
  return CK_CALL(top, wavelet, low, high, k, symbols, ranks, counts);
}
