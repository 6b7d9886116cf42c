#ifndef GENRET_CKERNELS_INT8_H
#define GENRET_CKERNELS_INT8_H

#include <stddef.h>
#include <stdint.h>

// Products of 8-bit numbers: weights with one scale an output channel, rounded to -127...127 times
// it when they are packed, and activations with one scale and one zero point a row, found at each
// product. The activations' range, which includes zero, is divided into 254 steps. Where the CPU
// adds products in 16 bits (AVX2) it is 128 steps, as FBGEMM's reduced range, and the scale of a
// column is such that no four weights that are added there overflow: for trained weights some
// percent above the least. Sums are exact integers, so that a result depends on its row and column
// alone.

// The columns that are stored side by side; a part of the columns of a product must start at a
// multiple of it.
size_t ck_int8_panel(void);
// The bytes that a packed matrix of n columns takes.
size_t ck_int8_packed_count(size_t k, size_t n);

// Packs Wᵀ, where W is n × k with rows `stride` apart. `scales`, and `sums` of the rounded weights,
// take n entries.
void ck_int8_pack(const float *w, size_t stride, size_t n, size_t k, int8_t *packed, float *scales,
                  int32_t *sums);

// How a row of activations was rounded: x = scale * (q - zero).
typedef struct {
  float scale;
  int32_t zero;
} ck_int8_row;

// The bytes that a row of rounded activations takes.
size_t ck_int8_row_bytes(size_t k);

// Rounds m rows, `stride` apart; `q` takes m × ck_int8_row_bytes(k) bytes and is for ck_int8_gemm
// alone.
void ck_int8_quantize(const float *a, size_t stride, size_t m, size_t k, uint8_t *q,
                      ck_int8_row *rows);

// C = A * W + bias, or C += A * W + bias where `adds`, for the n columns from `first` on; `c` and
// `bias`, which may be NULL, point to column `first`.
void ck_int8_gemm(size_t m, size_t first, size_t n, size_t k, const uint8_t *q,
                  const ck_int8_row *rows, const int8_t *packed, const float *scales,
                  const int32_t *sums, int adds, float *c, size_t c_stride, const float *bias);

// The name of the instructions in use.
const char *ck_int8_instructions(void);

#endif
