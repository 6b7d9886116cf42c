#include "include/ckernels_tensor.h"

#include <math.h>
#include <string.h>

// a * b + c may become one fused instruction wherever the target has it.
#pragma STDC FP_CONTRACT ON

enum { CK_DEPTH = 384, CK_GROUP = 4 };

#define CK_NAME(name) name##_portable
#define CK_TARGET
#define CK_LANES 4
#if defined(__aarch64__)
#define CK_ROWS 8
#else
#define CK_ROWS 4
#endif
#include "tensor_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS

#if defined(__x86_64__)
#define CK_NAME(name) name##_avx2
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_LANES 8
#define CK_ROWS 6
#include "tensor_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS

#define CK_NAME(name) name##_avx512
#define CK_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma")))
#define CK_LANES 16
#define CK_ROWS 14
#include "tensor_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS

static enum { PORTABLE, AVX2, AVX512 } level;
__attribute__((constructor)) static void detect(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
    level = AVX512;
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    level = AVX2;
}
int ck_tensor_is_wide(void) { return level != PORTABLE; }
#define CK_CALL(name, ...)                                \
  (level == AVX512 ? name##_avx512(__VA_ARGS__)           \
   : level == AVX2 ? name##_avx2(__VA_ARGS__)             \
                   : name##_portable(__VA_ARGS__))
#else
int ck_tensor_is_wide(void) { return 0; }
#define CK_CALL(name, ...) name##_portable(__VA_ARGS__)
#endif

size_t ck_gemm_packed_count(size_t k, size_t n) { return CK_CALL(gemm_packed_count, k, n); }

void ck_gemm_pack(const float *b, size_t row_stride, size_t column_stride, size_t k, size_t n,
                  float *packed) {
  CK_CALL(gemm_pack, b, row_stride, column_stride, k, n, packed);
}

void ck_gemm(size_t m, size_t n, size_t k, float alpha, const float *a, size_t row_stride,
             size_t column_stride, const float *packed, float beta, float *c, size_t c_stride,
             const float *bias) {
  CK_CALL(gemm, m, n, k, alpha, a, row_stride, column_stride, packed, beta, c, c_stride, bias);
}

void ck_softmax_rows(float *x, size_t rows, size_t columns, size_t stride) {
  CK_CALL(softmax_rows, x, rows, columns, stride);
}

void ck_layer_norm_rows(float *x, const float *residual, size_t rows, size_t columns,
                        const float *gain, const float *bias, float epsilon) {
  CK_CALL(layer_norm_rows, x, residual, rows, columns, gain, bias, epsilon);
}

void ck_gelu(float *x, size_t count) { CK_CALL(gelu, x, count); }

void ck_exp(float *x, size_t count) { CK_CALL(exp, x, count); }

float ck_dot(const float *a, const float *b, size_t count) { return CK_CALL(dot, a, b, count); }

void ck_axpy(float alpha, const float *x, float *y, size_t count) {
  CK_CALL(axpy, alpha, x, y, count);
}
