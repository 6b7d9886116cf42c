#include "include/ckernels_codes.h"

// Products and sums are rounded one by one, so that an estimate is the same on every machine.
#pragma STDC FP_CONTRACT OFF

static void hadamard(float *x, size_t n) {
  for (size_t half = 1; half < n; half *= 2)
    for (size_t start = 0; start < n; start += 2 * half)
      for (size_t i = start; i < start + half; i++) {
        const float a = x[i], b = x[i + half];
        x[i] = a + b;
        x[i + half] = a - b;
      }
}

void ck_rotate(float *vector, size_t dimension, const uint64_t *flips, size_t rounds, int inverse) {
  if (dimension == 0) return;
  size_t width = 1;
  while (2 * width <= dimension) width *= 2;
  // The root of a power of four is whole; of another power of two it is rounded once.
  float norm = 1;
  for (size_t n = width; n >= 4; n /= 4) norm *= 0.5f;
  if (__builtin_ctzll(width) % 2) norm *= 0.70710678f;
  for (size_t step = 0; step < rounds; step++) {
    const size_t round = inverse ? rounds - 1 - step : step;
    float *part = round % 2 ? vector + dimension - width : vector;
    if (!inverse)
      for (size_t i = 0; i < dimension; i++) {
        const size_t bit = round * dimension + i;
        if (flips[bit / 64] >> bit % 64 & 1) vector[i] = -vector[i];
      }
    hadamard(part, width);
    for (size_t i = 0; i < width; i++) part[i] *= norm;
    if (inverse)
      for (size_t i = 0; i < dimension; i++) {
        const size_t bit = round * dimension + i;
        if (flips[bit / 64] >> bit % 64 & 1) vector[i] = -vector[i];
      }
  }
}

static inline int32_t rest_product(const int16_t *query, const int8_t *row, size_t from, size_t dimension) {
  int32_t sum = 0;
  for (size_t j = from; j < dimension; j++) sum += (int32_t)query[j] * row[j];
  return sum;
}

#if defined(__aarch64__)
#include <arm_neon.h>

static inline int32_t byte_product_portable(const int16_t *query, const int8_t *row, size_t dimension) {
  int32x4_t a = vdupq_n_s32(0), b = a;
  size_t j = 0;
  for (; j + 16 <= dimension; j += 16) {
    const int8x16_t codes = vld1q_s8(row + j);
    const int16x8_t low = vmovl_s8(vget_low_s8(codes)), high = vmovl_high_s8(codes);
    const int16x8_t first = vld1q_s16(query + j), second = vld1q_s16(query + j + 8);
    a = vmlal_s16(a, vget_low_s16(low), vget_low_s16(first));
    b = vmlal_high_s16(b, low, first);
    a = vmlal_s16(a, vget_low_s16(high), vget_low_s16(second));
    b = vmlal_high_s16(b, high, second);
  }
  return vaddvq_s32(vaddq_s32(a, b)) + rest_product(query, row, j, dimension);
}

static inline void sign_block_portable(const uint8_t *block, size_t pairs, const uint8_t *tables, uint16_t *sums) {
  const uint8x16_t low = vdupq_n_u8(15);
  uint16x8_t a = vdupq_n_u16(0), b = a, c = a, d = a;
  for (size_t p = 0; p < pairs; p++, block += 32, tables += 32) {
    const uint8x16_t first = vld1q_u8(tables), second = vld1q_u8(tables + 16);
    const uint8x16_t x = vld1q_u8(block), y = vld1q_u8(block + 16);
    const uint8x16_t u = vaddq_u8(vqtbl1q_u8(first, vandq_u8(x, low)), vqtbl1q_u8(second, vshrq_n_u8(x, 4)));
    const uint8x16_t v = vaddq_u8(vqtbl1q_u8(first, vandq_u8(y, low)), vqtbl1q_u8(second, vshrq_n_u8(y, 4)));
    a = vaddw_u8(a, vget_low_u8(u));
    b = vaddw_high_u8(b, u);
    c = vaddw_u8(c, vget_low_u8(v));
    d = vaddw_high_u8(d, v);
  }
  vst1q_u16(sums, a);
  vst1q_u16(sums + 8, b);
  vst1q_u16(sums + 16, c);
  vst1q_u16(sums + 24, d);
}
#else
static inline int32_t byte_product_portable(const int16_t *query, const int8_t *row, size_t dimension) {
  return rest_product(query, row, 0, dimension);
}

static inline void sign_block_portable(const uint8_t *block, size_t pairs, const uint8_t *tables, uint16_t *sums) {
  for (int i = 0; i < 32; i++) sums[i] = 0;
  for (size_t p = 0; p < pairs; p++, block += 32, tables += 32)
    for (int i = 0; i < 32; i++) sums[i] += (uint16_t)(tables[block[i] & 15] + tables[16 + (block[i] >> 4)]);
}
#endif

#define CK_NAME(name) name##_portable
#define CK_TARGET
#define CK_LANES 4
#include "codes_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static inline int32_t byte_product_avx2(const int16_t *query, const int8_t *row,
                                                                       size_t dimension) {
  __m256i a = _mm256_setzero_si256(), b = a;
  size_t j = 0;
  for (; j + 32 <= dimension; j += 32) {
    const __m256i first = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(row + j)));
    const __m256i second = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(row + j + 16)));
    a = _mm256_add_epi32(a, _mm256_madd_epi16(first, _mm256_loadu_si256((const __m256i *)(query + j))));
    b = _mm256_add_epi32(b, _mm256_madd_epi16(second, _mm256_loadu_si256((const __m256i *)(query + j + 16))));
  }
  a = _mm256_add_epi32(a, b);
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
  return _mm_cvtsi128_si32(sum) + rest_product(query, row, j, dimension);
}

__attribute__((target("avx2"))) static inline void sign_block_avx2(const uint8_t *block, size_t pairs,
                                                                  const uint8_t *tables, uint16_t *sums) {
  const __m256i low = _mm256_set1_epi8(15), even = _mm256_set1_epi16(255);
  __m256i evens = _mm256_setzero_si256(), odds = evens;
  for (size_t p = 0; p < pairs; p++, block += 32, tables += 32) {
    const __m256i codes = _mm256_loadu_si256((const __m256i *)block);
    const __m256i first = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)tables));
    const __m256i second = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(tables + 16)));
    const __m256i sum =
        _mm256_add_epi8(_mm256_shuffle_epi8(first, _mm256_and_si256(codes, low)),
                        _mm256_shuffle_epi8(second, _mm256_and_si256(_mm256_srli_epi16(codes, 4), low)));
    evens = _mm256_add_epi16(evens, _mm256_and_si256(sum, even));
    odds = _mm256_add_epi16(odds, _mm256_srli_epi16(sum, 8));
  }
  // Unpacking works in halves of 16 bytes: the first half of both is vectors 0 to 15.
  const __m256i a = _mm256_unpacklo_epi16(evens, odds), b = _mm256_unpackhi_epi16(evens, odds);
  _mm256_storeu_si256((__m256i *)sums, _mm256_permute2x128_si256(a, b, 0x20));
  _mm256_storeu_si256((__m256i *)(sums + 16), _mm256_permute2x128_si256(a, b, 0x31));
}

#define CK_NAME(name) name##_avx2
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_LANES 8
#include "codes_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES

__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))) static inline int32_t byte_product_avx512(
    const int16_t *query, const int8_t *row, size_t dimension) {
  __m512i a = _mm512_setzero_si512(), b = a;
  size_t j = 0;
  for (; j + 64 <= dimension; j += 64) {
    const __m512i first = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(row + j)));
    const __m512i second = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(row + j + 32)));
    a = _mm512_add_epi32(a, _mm512_madd_epi16(first, _mm512_loadu_si512(query + j)));
    b = _mm512_add_epi32(b, _mm512_madd_epi16(second, _mm512_loadu_si512(query + j + 32)));
  }
  return _mm512_reduce_add_epi32(_mm512_add_epi32(a, b)) + rest_product(query, row, j, dimension);
}

__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))) static inline void sign_block_avx512(
    const uint8_t *block, size_t pairs, const uint8_t *tables, uint16_t *sums) {
  const __m512i low = _mm512_set1_epi8(15), even = _mm512_set1_epi16(255);
  const __m512i spread = _mm512_set_epi64(5, 4, 5, 4, 1, 0, 1, 0), other = _mm512_set_epi64(7, 6, 7, 6, 3, 2, 3, 2);
  __m512i evens = _mm512_setzero_si512(), odds = evens;
  size_t p = 0;
  // Two pairs at a time, a half each; the halves are added at the end.
  for (; p + 2 <= pairs; p += 2, block += 64, tables += 64) {
    const __m512i codes = _mm512_loadu_si512(block), both = _mm512_loadu_si512(tables);
    const __m512i sum = _mm512_add_epi8(
        _mm512_shuffle_epi8(_mm512_permutexvar_epi64(spread, both), _mm512_and_si512(codes, low)),
        _mm512_shuffle_epi8(_mm512_permutexvar_epi64(other, both),
                            _mm512_and_si512(_mm512_srli_epi16(codes, 4), low)));
    evens = _mm512_add_epi16(evens, _mm512_and_si512(sum, even));
    odds = _mm512_add_epi16(odds, _mm512_srli_epi16(sum, 8));
  }
  __m256i e = _mm256_add_epi16(_mm512_castsi512_si256(evens), _mm512_extracti64x4_epi64(evens, 1));
  __m256i o = _mm256_add_epi16(_mm512_castsi512_si256(odds), _mm512_extracti64x4_epi64(odds, 1));
  const __m256i a = _mm256_unpacklo_epi16(e, o), b = _mm256_unpackhi_epi16(e, o);
  _mm256_storeu_si256((__m256i *)sums, _mm256_permute2x128_si256(a, b, 0x20));
  _mm256_storeu_si256((__m256i *)(sums + 16), _mm256_permute2x128_si256(a, b, 0x31));
  if (p < pairs)
    for (int i = 0; i < 32; i++) sums[i] += (uint16_t)(tables[block[i] & 15] + tables[16 + (block[i] >> 4)]);
}

#define CK_NAME(name) name##_avx512
#define CK_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw")))
#define CK_LANES 16
#include "codes_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES
#endif

#include "cpu_level.inc"

void ck_byte_products(const int16_t *query, const int8_t *rows, size_t count, size_t dimension, int32_t *sums) {
  CK_CALL(byte_products, query, rows, count, dimension, sums);
}

void ck_byte_products_at(const int16_t *query, const int8_t *rows, const uint32_t *places, size_t count,
                         size_t dimension, int32_t *sums) {
  CK_CALL(byte_products_at, query, rows, places, count, dimension, sums);
}

void ck_nibble_products(const int16_t *query, const uint8_t *rows, size_t count, size_t dimension, int32_t *sums) {
  CK_CALL(nibble_products, query, rows, count, dimension, sums);
}

void ck_nibble_products_at(const int16_t *query, const uint8_t *rows, const uint32_t *places, size_t count,
                           size_t dimension, int32_t *sums) {
  CK_CALL(nibble_products_at, query, rows, places, count, dimension, sums);
}

void ck_byte_sum(const int8_t *rows, const uint32_t *places, const int16_t *weights, size_t count,
                 size_t dimension, int32_t *sums) {
  CK_CALL(byte_sum, rows, places, weights, count, dimension, sums);
}

void ck_sign_sums(const uint8_t *blocks, size_t count, size_t pairs, const uint8_t *tables, uint16_t *sums) {
  CK_CALL(sign_sums, blocks, count, pairs, tables, sums);
}

size_t ck_sign_candidates(ck_sign_estimate estimate, const uint16_t *sums, const float *factors, size_t count,
                          uint32_t first, const uint32_t *ends, const float *bases, uint32_t *places, float *lowers,
                          float *uppers) {
  return CK_CALL(sign_candidates, estimate, sums, factors, count, first, ends, bases, places, lowers, uppers);
}
