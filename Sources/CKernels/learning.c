#include "include/ckernels_learning.h"

#include "include/ckernels_tensor.h"

#include <math.h>
#include <string.h>

// a * b + c may become one fused instruction wherever the target has it.
#pragma STDC FP_CONTRACT ON

// Columns that a pass over all rows sums at a time: they stay in the first cache.
enum { CK_COLUMNS = 256 };

#define CK_NAME(name) name##_portable
#define CK_TARGET
#define CK_LANES 4
#include "learning_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES

#if defined(__x86_64__)
#define CK_NAME(name) name##_avx2
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_LANES 8
#include "learning_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES

#define CK_NAME(name) name##_avx512
#define CK_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma")))
#define CK_LANES 16
#include "learning_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#endif
#include "cpu_level.inc"

void ck_transpose(const float *a, size_t rows, size_t columns, size_t stride, float *out,
                  size_t out_stride) {
  CK_CALL(transpose, a, rows, columns, stride, out, out_stride);
}

void ck_layer_norm_forward(const float *x, size_t rows, size_t columns, const float *gain,
                           const float *bias, float epsilon, float *out, float *moments) {
  CK_CALL(layer_norm_forward, x, rows, columns, gain, bias, epsilon, out, moments);
}

void ck_layer_norm_backward(const float *x, const float *dy, const float *moments, size_t rows,
                            size_t columns, const float *gain, int adds, float *dx) {
  CK_CALL(layer_norm_backward, x, dy, moments, rows, columns, gain, adds, dx);
}

void ck_layer_norm_weights(const float *x, const float *dy, const float *moments, size_t rows,
                           size_t columns, size_t from, size_t to, int adds, float *dgain,
                           float *dbias) {
  CK_CALL(layer_norm_weights, x, dy, moments, rows, columns, from, to, adds, dgain, dbias);
}

void ck_activate_backward(int kind, const float *x, const float *dy, size_t count, int adds,
                          float *dx) {
  CK_CALL(activate_backward, kind, x, dy, count, adds, dx);
}

void ck_sum_rows(const float *x, size_t rows, size_t columns, size_t stride, int adds, float *out) {
  CK_CALL(sum_rows, x, rows, columns, stride, adds, out);
}

float ck_log_sum_exp(const float *x, size_t count) { return CK_CALL(log_sum_exp, x, count); }

void ck_exp_shifted(float *x, size_t count, float shift, float scale) {
  CK_CALL(exp_shifted, x, count, shift, scale);
}

void ck_softmax_backward(const float *x, const float *dy, size_t count, float scale, float *dx) {
  CK_CALL(softmax_backward, x, dy, count, scale, dx);
}

size_t ck_attention_scratch(size_t width, size_t queries, size_t keys) {
  return CK_CALL(attention_scratch, width, queries, keys);
}

void ck_attention_forward(size_t queries, size_t keys, size_t width, const float *q,
                          size_t q_stride, const float *k, const float *v, size_t k_stride,
                          float scale, int causal, float *out, size_t out_stride, float *scratch) {
  CK_CALL(attention_forward, queries, keys, width, q, q_stride, k, v, k_stride, scale, causal, out,
          out_stride, scratch);
}

void ck_attention_backward(size_t queries, size_t keys, size_t width, const float *q,
                           size_t q_stride, const float *k, const float *v, size_t k_stride,
                           float scale, int causal, const float *dy, size_t dy_stride, float *dq,
                           float *dk, float *dv, float *scratch) {
  CK_CALL(attention_backward, queries, keys, width, q, q_stride, k, v, k_stride, scale, causal, dy,
          dy_stride, dq, dk, dv, scratch);
}

// Two rounds of Murmur's finaliser: 32-bit products, which vector units have.
static inline uint32_t mixed(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85EBCA6B;
  x ^= x >> 13;
  x *= 0xC2B2AE35;
  return x ^ x >> 16;
}

void ck_dropout(const float *x, size_t count, uint64_t seed, uint64_t first, float rate, int adds,
                float *out) {
  uint32_t key = mixed((uint32_t)seed) ^ mixed((uint32_t)(seed >> 32) + 0x9E3779B9);
  uint32_t bound = (uint32_t)((double)rate * 4294967296.0);
  float scale = 1.0f / (1.0f - rate);
  for (size_t i = 0; i < count; i++) {
    uint32_t place = (uint32_t)(first + i);
    float y = mixed(mixed(place + key) ^ key) < bound ? 0.0f : x[i] * scale;
    out[i] = adds ? out[i] + y : y;
  }
}

double ck_sum_of_squares(const float *x, size_t count) {
  double sums[8] = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (int lane = 0; lane < 8; lane++) sums[lane] += (double)x[i + lane] * (double)x[i + lane];
  for (int lane = 0; i < count; i++, lane++) sums[lane] += (double)x[i] * (double)x[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

void ck_adamw(float *x, const float *gradient, float *first, float *second, size_t count,
              const ck_adamw_step *step) {
  CK_CALL(adamw, x, gradient, first, second, count, step);
}
