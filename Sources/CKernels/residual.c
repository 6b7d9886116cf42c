#include "include/ckernels_residual.h"

#include <math.h>

// Products and sums are rounded one by one, so that a score is the same on every machine.
#pragma STDC FP_CONTRACT OFF

#define CK_NAME(name) name##_portable
#define CK_TARGET
#define CK_LANES 4
#define CK_ROWS 2
#include "residual_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS

#if defined(__x86_64__)
#define CK_NAME(name) name##_avx2
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_LANES 8
#define CK_ROWS 4
#include "residual_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS

#define CK_NAME(name) name##_avx512
#define CK_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw")))
#define CK_LANES 16
#define CK_ROWS 8
#include "residual_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS
#endif

#include "cpu_level.inc"

void ck_residual_decode(const ck_residual_book *book, const uint8_t *code, float *row) {
  CK_CALL(residual_decode, book, code, row);
}

void ck_residual_peaks(const ck_residual_book *book, const uint8_t *codes, size_t count, const float *queries,
                       size_t lanes, float *peaks) {
  CK_CALL(residual_peaks, book, codes, count, queries, lanes, peaks);
}
