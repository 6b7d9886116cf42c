#include "include/ckernels_tensor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// a * b + c may become one fused instruction wherever the target has it.
#pragma STDC FP_CONTRACT ON

// Rows of 16-bit weights that are widened at a time, and what a group of rows may take of the
// second cache.
enum { CK_DEPTH = 256, CK_GROUP_BYTES = 192 << 10 };
// Components of the widest head that attention in order takes.
enum { CK_WIDEST_HEAD = 256 };

// Rounds to the nearest 16-bit number, ties to even; what is too large becomes infinite.
static uint16_t half_of(float value, int type) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint32_t sign = bits >> 16 & 0x8000, size = bits & 0x7FFFFFFF;
  if (type == CK_BFLOAT16)
    return size > 0x7F800000 ? (uint16_t)(bits >> 16 | 0x40)
                             : (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
  if (size > 0x7F800000) return (uint16_t)(sign | 0x7E00);
  if (size >= 0x477FF000) return (uint16_t)(sign | 0x7C00);
  if (size < 0x38800000) {
    // Subnormal: adding one half brings the last place to where binary16 has it.
    float scaled;
    memcpy(&scaled, &size, sizeof scaled);
    scaled += 0.5f;
    memcpy(&size, &scaled, sizeof size);
    return (uint16_t)(sign | (size - 0x3F000000));
  }
  return (uint16_t)(sign | ((size - 0x38000000 + 0xFFF + (size >> 13 & 1)) >> 13));
}

// Whether entry a is worse than entry b: lower, or as high and later.
static int is_worse(const int32_t *indices, const float *values, size_t a, size_t b) {
  return values[a] < values[b] || (values[a] == values[b] && indices[a] > indices[b]);
}

static void swap_entries(int32_t *indices, float *values, size_t a, size_t b) {
  int32_t index = indices[a];
  float value = values[a];
  indices[a] = indices[b];
  values[a] = values[b];
  indices[b] = index;
  values[b] = value;
}

// Puts an entry into a heap of at most k entries with the worst on top; when it is full, in the
// place of the worst. Returns the new size.
static size_t keep_largest(int32_t *indices, float *values, size_t size, size_t k, int32_t index,
                           float value) {
  size_t place = size < k ? size : 0;
  indices[place] = index;
  values[place] = value;
  if (size < k) {
    for (; place > 0 && is_worse(indices, values, place, (place - 1) / 2); place = (place - 1) / 2)
      swap_entries(indices, values, place, (place - 1) / 2);
    return size + 1;
  }
  for (;;) {
    size_t child = 2 * place + 1;
    if (child >= size) return size;
    if (child + 1 < size && is_worse(indices, values, child + 1, child)) child++;
    if (!is_worse(indices, values, child, place)) return size;
    swap_entries(indices, values, child, place);
    place = child;
  }
}

#define CK_NAME(name) name##_portable
#define CK_TARGET
#define CK_LANES 4
#if defined(__aarch64__)
#define CK_ROWS 8
#define CK_GROUP 15
#else
#define CK_ROWS 4
#define CK_GROUP 30
#endif
#include "tensor_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS
#undef CK_GROUP

#if defined(__x86_64__)
#define CK_NAME(name) name##_avx2
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_LANES 8
#define CK_ROWS 6
#define CK_GROUP 20
#include "tensor_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS
#undef CK_GROUP

#define CK_NAME(name) name##_avx512
#define CK_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma")))
#define CK_LANES 16
#define CK_ROWS 14
#define CK_GROUP 9
#include "tensor_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS
#undef CK_GROUP
#endif
#include "cpu_level.inc"

const char *ck_instructions(void) {
#if defined(__x86_64__)
  return level == AVX512 ? "AVX-512" : level == AVX2 ? "AVX2" : "portable";
#else
  return "portable";
#endif
}

int ck_tensor_is_wide(void) {
#if defined(__x86_64__)
  return level != PORTABLE;
#else
  return 0;
#endif
}

size_t ck_gemm_packed_count(size_t k, size_t n) { return CK_CALL(gemm_packed_count, k, n); }

size_t ck_gemm_panel(void) { return CK_CALL(gemm_panel); }

void ck_gemm_pack(const float *b, size_t row_stride, size_t column_stride, size_t k, size_t n,
                  float *packed) {
  CK_CALL(gemm_pack, b, row_stride, column_stride, k, n, packed);
}

// Rows of A lie together in the products of layers; where they do not they are copied.
static void gemm_of(size_t m, size_t n, size_t k, float alpha, const float *a, size_t row_stride,
                    size_t column_stride, const void *packed, int type, float beta, float *c,
                    size_t c_stride, const float *bias) {
  if (column_stride == 1) {
    CK_CALL(gemm, m, n, k, alpha, a, row_stride, packed, type, beta, c, c_stride, bias);
    return;
  }
  enum { ROWS = 64 };
  float *rows = malloc((k > 0 ? k : 1) * ROWS * sizeof(float));
  if (!rows) abort();
  for (size_t i = 0; i < m; i += ROWS) {
    size_t count = m - i < ROWS ? m - i : ROWS;
    for (size_t p = 0; p < k; p++)
      for (size_t r = 0; r < count; r++)
        rows[r * k + p] = a[(i + r) * row_stride + p * column_stride];
    CK_CALL(gemm, count, n, k, alpha, rows, k, packed, type, beta, c + i * c_stride, c_stride, bias);
  }
  free(rows);
}

void ck_gemm(size_t m, size_t n, size_t k, float alpha, const float *a, size_t row_stride,
             size_t column_stride, const float *packed, float beta, float *c, size_t c_stride,
             const float *bias) {
  gemm_of(m, n, k, alpha, a, row_stride, column_stride, packed, CK_FLOAT32, beta, c, c_stride, bias);
}

void ck_gemm_pack_half(const float *b, size_t row_stride, size_t column_stride, size_t k, size_t n,
                       int type, uint16_t *packed) {
  CK_CALL(gemm_pack_half, b, row_stride, column_stride, k, n, type, packed);
}

void ck_gemm_half(size_t m, size_t n, size_t k, float alpha, const float *a, size_t row_stride,
                  size_t column_stride, const uint16_t *packed, int type, float beta, float *c,
                  size_t c_stride, const float *bias) {
  gemm_of(m, n, k, alpha, a, row_stride, column_stride, packed, type, beta, c, c_stride, bias);
}

void ck_softmax_rows(float *x, size_t rows, size_t columns, size_t stride) {
  CK_CALL(softmax_rows, x, rows, columns, stride);
}

void ck_layer_norm_rows(float *x, const float *residual, size_t rows, size_t columns,
                        const float *gain, const float *bias, float epsilon) {
  CK_CALL(layer_norm_rows, x, residual, rows, columns, gain, bias, epsilon);
}

void ck_gelu(float *x, size_t count) { CK_CALL(activate, CK_GELU, x, count); }

void ck_activate(int kind, float *x, size_t count) { CK_CALL(activate, kind, x, count); }

void ck_gate_rows(int kind, const float *x, size_t rows, size_t width, float *out) {
  CK_CALL(gate_rows, kind, x, rows, width, out);
}

void ck_rms_norm_rows(const float *x, float *out, size_t rows, size_t columns, const float *gain,
                      float epsilon) {
  CK_CALL(rms_norm_rows, x, out, rows, columns, gain, epsilon);
}

void ck_log_softmax_rows(float *x, size_t rows, size_t columns, size_t stride) {
  CK_CALL(log_softmax_rows, x, rows, columns, stride, 0.0f);
}

void ck_log_softmax_plus(float *x, size_t count, float added) {
  CK_CALL(log_softmax_rows, x, 1, count, count, added);
}

void ck_attend(size_t heads, size_t group, size_t width, const float *query, const float *keys,
               const float *values, size_t stride, const int32_t *slots, size_t count, float scale,
               const float *bias, size_t bias_stride, const float *head_weights, float *mass,
               float *scores, float *out) {
  CK_CALL(attend, heads, group, width, query, keys, values, stride, slots, count, scale, bias,
          bias_stride, head_weights, mass, scores, out);
}

size_t ck_widest_head(void) { return CK_WIDEST_HEAD; }

void ck_attend_in_order(size_t heads, size_t group, size_t width, const float *query,
                        const float *keys, const float *values, size_t stride,
                        const int32_t *slots, size_t count, float scale,
                        const float *head_weights, float *mass, float *scores, float *out) {
  CK_CALL(attend_in_order, heads, group, width, query, keys, values, stride, slots, count, scale,
          head_weights, mass, scores, out);
}

size_t ck_largest(const float *x, size_t count, size_t k, float minimum, int32_t *indices,
                  float *values) {
  if (k == 0) return 0;
  size_t size = CK_CALL(largest_of, x, count, k, minimum, indices, values);
  // The heap comes apart from its worst entry, which goes last.
  for (size_t left = size; left > 1; left--) {
    int32_t index = indices[0];
    float value = values[0];
    swap_entries(indices, values, 0, left - 1);
    int32_t moved = indices[0];
    float moved_value = values[0];
    keep_largest(indices, values, left - 1, left - 1, moved, moved_value);
    indices[left - 1] = index;
    values[left - 1] = value;
  }
  return size;
}

void ck_rotate_halves(float *x, size_t heads, size_t width, const float *cosines,
                      const float *sines) {
  size_t half = width / 2;
  for (size_t head = 0; head < heads; head++, x += width)
    for (size_t i = 0; i < half; i++) {
      float a = x[i], b = x[i + half];
      x[i] = a * cosines[i] - b * sines[i];
      x[i + half] = b * cosines[i] + a * sines[i];
    }
}

void ck_exp(float *x, size_t count) { CK_CALL(exp, x, count); }

float ck_dot(const float *a, const float *b, size_t count) { return CK_CALL(dot, a, b, count); }

float ck_dot_half(const float *a, const uint16_t *b, size_t count) {
  return CK_CALL(dot_half, a, b, count);
}

void ck_widen(const uint16_t *from, size_t count, float *to) {
  const size_t whole = count & ~(size_t)15;
  CK_CALL(widen, from, whole, CK_FLOAT16, to);
  uint16_t rest[16] = {0};
  float wide[16];
  memcpy(rest, from + whole, (count - whole) * sizeof(uint16_t));
  CK_CALL(widen, rest, 16, CK_FLOAT16, wide);
  memcpy(to + whole, wide, (count - whole) * sizeof(float));
}

void ck_narrow(const float *from, size_t count, uint16_t *to) {
  for (size_t i = 0; i < count; i++) to[i] = half_of(from[i], CK_FLOAT16);
}

void ck_axpy(float alpha, const float *x, float *y, size_t count) {
  CK_CALL(axpy, alpha, x, y, count);
}
