#ifndef GENRET_CKERNELS_TENSOR_H
#define GENRET_CKERNELS_TENSOR_H

#include <stddef.h>

// Whether the wide bodies (AVX-512, AVX2 with FMA) are in use.
int ck_tensor_is_wide(void);

// Matrix products against a right-hand side that is rearranged ("packed") once into panels as
// wide as the registers hold. All matrices are single precision.
//
// An element of the result is summed in an order that depends only on k, so that a row of the
// result does not depend on which other rows are computed with it.

// The number of floats that a packed k × n matrix takes.
size_t ck_gemm_packed_count(size_t k, size_t n);

// Packs B, whose element (p, j) is b[p * row_stride + j * column_stride].
void ck_gemm_pack(const float *b, size_t row_stride, size_t column_stride, size_t k, size_t n,
                  float *packed);

// C = alpha * A * B + beta * C + bias, where element (i, p) of A is
// a[i * row_stride + p * column_stride], C is m × n with rows `c_stride` apart, and `bias`, which
// may be NULL, has n entries. With beta 0, C is not read.
void ck_gemm(size_t m, size_t n, size_t k, float alpha, const float *a, size_t row_stride,
             size_t column_stride, const float *packed, float beta, float *c, size_t c_stride,
             const float *bias);

// Replaces each row, `stride` apart, by its softmax.
void ck_softmax_rows(float *x, size_t rows, size_t columns, size_t stride);

// x = normalise(x + residual) * gain + bias for each contiguous row; `residual` may be NULL.
// The variance is the population's (Ba, Kiros, Hinton 2016, equation 3).
void ck_layer_norm_rows(float *x, const float *residual, size_t rows, size_t columns,
                        const float *gain, const float *bias, float epsilon);

// x * Phi(x) with the error function of Abramowitz and Stegun 7.1.26 (error below 1.5e-7).
void ck_gelu(float *x, size_t count);

// exp(x), to within 2 units in the last place; arguments are clamped to where it is normal.
void ck_exp(float *x, size_t count);

float ck_dot(const float *a, const float *b, size_t count);

// y += alpha * x
void ck_axpy(float alpha, const float *x, float *y, size_t count);

#endif
