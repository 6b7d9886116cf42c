#include "include/ckernels_suffixes.h"
#include "include/ckernels_succinct.h"

#include <stdlib.h>
#include <string.h>

// How often the induction says where it is.
enum { CK_REPORT = (1 << 20) - 1 };

static inline void ck_report(uint64_t *steps) {
  if (steps != NULL) __atomic_fetch_add(steps, CK_REPORT + 1, __ATOMIC_RELAXED);
}

// The body is written once and compiled for every width of symbol and of position. A reduced text
// has positions for symbols, so each width of position brings one more instance.
#define CK_POSITION int32_t
#define CK_NAME(name) name##_32
#include "suffixes_position.inc"
#define CK_SYMBOL int32_t
#define CK_SORT sort_32_32
#define CK_SORT_REDUCED sort_32_32
#include "suffixes_body.inc"
#define CK_SYMBOL uint16_t
#define CK_SORT sort_16_32
#define CK_SORT_REDUCED sort_32_32
#include "suffixes_body.inc"
#undef CK_POSITION
#undef CK_NAME

#define CK_POSITION int64_t
#define CK_NAME(name) name##_64
#include "suffixes_position.inc"
#define CK_SYMBOL int64_t
#define CK_SORT sort_64_64
#define CK_SORT_REDUCED sort_64_64
#include "suffixes_body.inc"
#define CK_SYMBOL uint16_t
#define CK_SORT sort_16_64
#define CK_SORT_REDUCED sort_64_64
#include "suffixes_body.inc"
#define CK_SYMBOL int32_t
#define CK_SORT sort_32_64
#define CK_SORT_REDUCED sort_64_64
#include "suffixes_body.inc"
#undef CK_POSITION
#undef CK_NAME

int ck_suffixes_16_32(const uint16_t *text, int32_t *suffixes, int32_t n, int32_t alphabet,
                      uint64_t *steps) {
  return sort_16_32(text, suffixes, n, alphabet, NULL, 0, steps);
}

int ck_suffixes_32_32(const int32_t *text, int32_t *suffixes, int32_t n, int32_t alphabet,
                      uint64_t *steps) {
  return sort_32_32(text, suffixes, n, alphabet, NULL, 0, steps);
}

int ck_suffixes_16_64(const uint16_t *text, int64_t *suffixes, int64_t n, int64_t alphabet,
                      uint64_t *steps) {
  return sort_16_64(text, suffixes, n, alphabet, NULL, 0, steps);
}

int ck_suffixes_32_64(const int32_t *text, int64_t *suffixes, int64_t n, int64_t alphabet,
                      uint64_t *steps) {
  return sort_32_64(text, suffixes, n, alphabet, NULL, 0, steps);
}

enum { AHEAD = 24 };

#define CK_PRECEDING(name, symbol_t, position_t)                                          \
  void name(const symbol_t *text, const position_t *suffixes, size_t count,              \
            symbol_t *symbols) {                                                          \
    for (size_t i = 0; i < count; i++) {                                                  \
      if (i + AHEAD < count) {                                                            \
        const position_t soon = suffixes[i + AHEAD];                                      \
        __builtin_prefetch(text + (soon > 0 ? soon - 1 : 0));                             \
      }                                                                                   \
      symbols[i] = suffixes[i] == 0 ? 0 : text[suffixes[i] - 1];                          \
    }                                                                                     \
  }

CK_PRECEDING(ck_preceding_16_32, uint16_t, int32_t)
CK_PRECEDING(ck_preceding_32_32, int32_t, int32_t)
CK_PRECEDING(ck_preceding_16_64, uint16_t, int64_t)
CK_PRECEDING(ck_preceding_32_64, int32_t, int64_t)

#define CK_RANKS_THROUGH(name, position_t)                                                \
  void name(const uint64_t *blocks, const position_t *positions, size_t count,           \
            uint32_t *ranks) {                                                            \
    for (size_t i = 0; i < count; i++) {                                                  \
      if (i + AHEAD < count)                                                              \
        __builtin_prefetch(blocks + (uint64_t)positions[i + AHEAD] / CK_BLOCK_BITS * CK_BLOCK_WORDS); \
      ranks[i] = (uint32_t)ck_rank1(blocks, (uint64_t)positions[i] + 1);                  \
    }                                                                                     \
  }

CK_RANKS_THROUGH(ck_ranks_through_32, int32_t)
CK_RANKS_THROUGH(ck_ranks_through_64, int64_t)

#define CK_SAMPLE_ROWS(name, position_t)                                                  \
  size_t name(const position_t *suffixes, size_t count, uint32_t rate, uint64_t *blocks,  \
              uint32_t *samples) {                                                        \
    size_t found = 0;                                                                     \
    for (size_t row = 0; row < count; row++) {                                            \
      if (suffixes[row] & (position_t)(rate - 1)) continue;                               \
      const size_t inside = row % CK_BLOCK_BITS;                                          \
      blocks[row / CK_BLOCK_BITS * CK_BLOCK_WORDS + 1 + (inside >> 6)] |= UINT64_C(1) << (inside & 63); \
      samples[found++] = (uint32_t)(suffixes[row] / (position_t)rate);                    \
    }                                                                                     \
    return found;                                                                         \
  }

CK_SAMPLE_ROWS(ck_sample_rows_32, int32_t)
CK_SAMPLE_ROWS(ck_sample_rows_64, int64_t)
