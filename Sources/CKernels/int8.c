#include "include/ckernels_int8.h"

#include <string.h>

static size_t depth_of(size_t k);

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__ARM_FEATURE_DOTPROD)
#include <arm_neon.h>
#endif

// k is stored in multiples of CK_STEP, in groups of CK_GROUP; CK_BATCH rows of activations fit the second cache.
enum { CK_GROUP = 4, CK_STEP = 8, CK_BATCH = 120 };

// The bodies differ in how they add four products a lane: `dot`. CK_STEPS divide the range of the
// activations, whose rounded values may be one more, both ends being rounded. CK_SHIFT is added to
// each to suit the instruction.

#if defined(__ARM_FEATURE_DOTPROD)
#define CK_INSTRUCTIONS "NEON dot products"
#else
#define CK_INSTRUCTIONS "portable"
#endif
#define CK_NAME(name) name##_portable
#define CK_TARGET
#define CK_LANES 4
#define CK_VECTORS 2
#define CK_ROWS 4
#define CK_STEPS 254
#if defined(__ARM_FEATURE_DOTPROD)
#define CK_SHIFT (-128)
#else
#define CK_SHIFT 0
#endif
typedef int32_t ck_v4 __attribute__((vector_size(16), aligned(4)));
static inline const int8_t *weights_portable(const int8_t *w) { return w; }
static inline ck_v4 dot_portable(ck_v4 sum, int32_t a, const int8_t *w) {
#if defined(__ARM_FEATURE_DOTPROD)
  return (ck_v4)vdotq_s32((int32x4_t)sum, vreinterpretq_s8_s32(vdupq_n_s32(a)), vld1q_s8(w));
#else
  uint8_t bytes[4];
  memcpy(bytes, &a, sizeof bytes);
  for (int lane = 0; lane < 4; lane++)
    for (int i = 0; i < 4; i++) sum[lane] += bytes[i] * w[4 * lane + i];
  return sum;
#endif
}
#define CK_VECTOR ck_v4
#define CK_WEIGHTS const int8_t *
#include "int8_body.inc"

#if defined(__x86_64__)
#define CK_NAME(name) name##_vnni
#define CK_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512vnni")))
#define CK_LANES 16
#define CK_VECTORS 2
#define CK_ROWS 12
#define CK_STEPS 254
#define CK_SHIFT 0
typedef int32_t ck_v16 __attribute__((vector_size(64), aligned(4)));
#if defined(CK_INT8_EMULATES_VNNI)
typedef const int8_t *ck_w16;
static inline ck_w16 weights_vnni(const int8_t *w) { return w; }
static inline ck_v16 dot_vnni(ck_v16 sum, int32_t a, const int8_t *w) {
  uint8_t bytes[4];
  memcpy(bytes, &a, sizeof bytes);
  for (int lane = 0; lane < 16; lane++)
    for (int i = 0; i < 4; i++) sum[lane] += bytes[i] * w[4 * lane + i];
  return sum;
}
#undef CK_TARGET
#define CK_TARGET
#else
typedef __m512i ck_w16;
CK_TARGET static inline __attribute__((always_inline)) ck_w16 weights_vnni(const int8_t *w) {
  return _mm512_loadu_si512(w);
}
CK_TARGET static inline __attribute__((always_inline)) ck_v16 dot_vnni(ck_v16 sum, int32_t a,
                                                                       ck_w16 w) {
  return (ck_v16)_mm512_dpbusd_epi32((__m512i)sum, _mm512_set1_epi32(a), w);
}
#endif
#define CK_VECTOR ck_v16
#define CK_WEIGHTS ck_w16
#include "int8_body.inc"

#define CK_NAME(name) name##_avx2
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_LANES 8
#define CK_VECTORS 2
#define CK_ROWS 4
// The instruction adds pairs of products in 16 bits, and two such pairs are added there before they
// are widened: four products of 129 with weights whose sizes add up to 254 fit.
#define CK_STEPS 128
#define CK_LARGEST_QUAD 254
#define CK_SHIFT 0
typedef int32_t ck_v8 __attribute__((vector_size(32), aligned(4)));
typedef __m256i ck_w8;
CK_TARGET static inline __attribute__((always_inline)) ck_w8 weights_avx2(const int8_t *w) {
  return _mm256_loadu_si256((const __m256i *)(const void *)w);
}
CK_TARGET static inline __attribute__((always_inline)) ck_v8 dot_twice_avx2(
    ck_v8 sum, int32_t a0, int32_t a1, ck_w8 w0, ck_w8 w1) {
  __m256i pairs = _mm256_add_epi16(_mm256_maddubs_epi16(_mm256_set1_epi32(a0), w0),
                                   _mm256_maddubs_epi16(_mm256_set1_epi32(a1), w1));
  return sum + (ck_v8)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}
#define CK_VECTOR ck_v8
#define CK_WEIGHTS ck_w8
#include "int8_body.inc"

static enum { PORTABLE, AVX2, VNNI } level;
__attribute__((constructor)) static void detect(void) {
  __builtin_cpu_init();
#if defined(CK_INT8_EMULATES_VNNI)
  level = VNNI;
#else
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vnni"))
    level = VNNI;
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    level = AVX2;
#endif
}
#define CK_CALL(name, ...)                            \
  (level == VNNI   ? name##_vnni(__VA_ARGS__)         \
   : level == AVX2 ? name##_avx2(__VA_ARGS__)         \
                   : name##_portable(__VA_ARGS__))
const char *ck_int8_instructions(void) {
  return level == VNNI ? "AVX-512 VNNI" : level == AVX2 ? "AVX2" : CK_INSTRUCTIONS;
}
#else
#define CK_CALL(name, ...) name##_portable(__VA_ARGS__)
const char *ck_int8_instructions(void) { return CK_INSTRUCTIONS; }
#endif

static size_t depth_of(size_t k) { return (k + CK_STEP - 1) / CK_STEP * CK_STEP; }

size_t ck_int8_panel(void) { return CK_CALL(panel); }

size_t ck_int8_packed_count(size_t k, size_t n) {
  size_t panel = ck_int8_panel();
  return (n + panel - 1) / panel * panel * depth_of(k);
}

size_t ck_int8_row_bytes(size_t k) { return depth_of(k); }

void ck_int8_pack(const float *w, size_t stride, size_t n, size_t k, int8_t *packed, float *scales,
                  int32_t *sums) {
  CK_CALL(pack, w, stride, n, k, packed, scales, sums);
}

void ck_int8_quantize(const float *a, size_t stride, size_t m, size_t k, uint8_t *q,
                      ck_int8_row *rows) {
  CK_CALL(quantize, a, stride, m, k, q, rows);
}

void ck_int8_gemm(size_t m, size_t first, size_t n, size_t k, const uint8_t *q,
                  const ck_int8_row *rows, const int8_t *packed, const float *scales,
                  const int32_t *sums, int adds, float *c, size_t c_stride, const float *bias) {
  CK_CALL(gemm, m, first, n, k, q, rows, packed, scales, sums, adds, c, c_stride, bias);
}
