#ifndef GENRET_CKERNELS_TENSOR_H
#define GENRET_CKERNELS_TENSOR_H

#include <stddef.h>
#include <stdint.h>

// Whether the wide bodies (AVX-512, AVX2 with FMA) are in use.
int ck_tensor_is_wide(void);
// The instructions that the kernels use here, in words; those for 8-bit products have their own.
const char *ck_instructions(void);

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

// How the numbers of a packed matrix are stored.
enum { CK_FLOAT32, CK_FLOAT16, CK_BFLOAT16 };

// ck_gemm_pack, with numbers rounded to a 16-bit `type`, ties to even.
void ck_gemm_pack_half(const float *b, size_t row_stride, size_t column_stride, size_t k, size_t n,
                       int type, uint16_t *packed);

// ck_gemm with a matrix of 16-bit numbers, which are widened on the way.
void ck_gemm_half(size_t m, size_t n, size_t k, float alpha, const float *a, size_t row_stride,
                  size_t column_stride, const uint16_t *packed, int type, float beta, float *c,
                  size_t c_stride, const float *bias);

// The columns that lie side by side in a packed matrix: a part of the columns of a product starts
// at a multiple of it, and its matrix k times as many numbers on.
size_t ck_gemm_panel(void);

// Replaces each row, `stride` apart, by its softmax.
void ck_softmax_rows(float *x, size_t rows, size_t columns, size_t stride);

// x = normalise(x + residual) * gain + bias for each contiguous row; `residual` may be NULL.
// The variance is the population's (Ba, Kiros, Hinton 2016, equation 3).
void ck_layer_norm_rows(float *x, const float *residual, size_t rows, size_t columns,
                        const float *gain, const float *bias, float epsilon);

// x = x / rms(x) * gain for each contiguous row (Zhang and Sennrich 2019, equation 4).
void ck_rms_norm_rows(const float *x, float *out, size_t rows, size_t columns, const float *gain,
                      float epsilon);

// Replaces each row, `stride` apart, by the logarithm of its softmax.
void ck_log_softmax_rows(float *x, size_t rows, size_t columns, size_t stride);

// The same for one row, with a number added to every logarithm.
void ck_log_softmax_plus(float *x, size_t count, float added);

enum { CK_RELU, CK_GELU, CK_GELU_TANH, CK_SILU };

// max(x, 0); x * Phi(x); the same by tanh (Hendrycks and Gimpel 2016); x * sigmoid(x).
void ck_activate(int kind, float *x, size_t count);

// out = activation(first half) * second half of each row of 2 * width (Shazeer 2020).
void ck_gate_rows(int kind, const float *x, size_t rows, size_t width, float *out);

// Rotary positions (Su et al. 2021) of one token's heads: components i and i + width / 2 turn
// together, by the angle whose cosine and sine are entry i.
void ck_rotate_halves(float *x, size_t heads, size_t width, const float *cosines,
                      const float *sines);

// One row's attention over `count` rows of a cache, those in `slots`, which are `stride` apart:
// out = softmax(scale * query . key + bias) . values for each head. `group` heads share the keys of
// one; `bias`, which may be NULL, has rows `bias_stride` apart, a head each; `scores` takes `count`.
// `mass`, which may be NULL, of `count` gets each head's softmax added, times the head's weight.
void ck_attend(size_t heads, size_t group, size_t width, const float *query, const float *keys,
               const float *values, size_t stride, const int32_t *slots, size_t count, float scale,
               const float *bias, size_t bias_stride, const float *head_weights, float *mass,
               float *scores, float *out);

// ck_attend without a bias, with the bits that a product over packed keys and values gives
// (ck_gemm, ck_softmax_rows, ck_gemm), so that a row alone is what it is among others. `scores`
// takes group * count; a head is at most ck_widest_head() wide.
void ck_attend_in_order(size_t heads, size_t group, size_t width, const float *query,
                        const float *keys, const float *values, size_t stride,
                        const int32_t *slots, size_t count, float scale,
                        const float *head_weights, float *mass, float *scores, float *out);
size_t ck_widest_head(void);

// The k largest numbers above `minimum`, falling, the first among equals first; returns how many
// there are. Those that are no numbers are passed over.
size_t ck_largest(const float *x, size_t count, size_t k, float minimum, int32_t *indices,
                  float *values);

// x * Phi(x) with the error function of Abramowitz and Stegun 7.1.26 (error below 1.5e-7).
void ck_gelu(float *x, size_t count);

// exp(x), to within 2 units in the last place; arguments are clamped to where it is normal.
void ck_exp(float *x, size_t count);

float ck_dot(const float *a, const float *b, size_t count);

// The inner product with binary16 numbers, which are widened on the way.
float ck_dot_half(const float *a, const uint16_t *b, size_t count);

// From binary16, exactly.
void ck_widen(const uint16_t *from, size_t count, float *to);

// Rounds to binary16, ties to even.
void ck_narrow(const float *from, size_t count, uint16_t *to);

// y += alpha * x
void ck_axpy(float alpha, const float *x, float *y, size_t count);

#endif
