#include "include/ckernels_checksum.h"

#include <string.h>

// Slicing-by-8: eight tables let one step consume eight bytes.
static uint32_t tables[8][256];

__attribute__((constructor)) static void fill_tables(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) c = (c >> 1) ^ (0x82F63B78u & (0u - (c & 1)));
    tables[0][i] = c;
  }
  for (int t = 1; t < 8; t++)
    for (int i = 0; i < 256; i++)
      tables[t][i] = (tables[t - 1][i] >> 8) ^ tables[0][tables[t - 1][i] & 255];
}

static uint32_t portable(uint32_t crc, const uint8_t *p, size_t n) {
  while (n >= 8) {
    uint32_t a = crc ^ (p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
    crc = tables[7][a & 255] ^ tables[6][a >> 8 & 255] ^ tables[5][a >> 16 & 255] ^
          tables[4][a >> 24] ^ tables[3][p[4]] ^ tables[2][p[5]] ^ tables[1][p[6]] ^
          tables[0][p[7]];
    p += 8;
    n -= 8;
  }
  while (n--) crc = (crc >> 8) ^ tables[0][(crc ^ *p++) & 255];
  return crc;
}

#if defined(__x86_64__)
#include <immintrin.h>

// One step of the CRC instruction waits for the one before: three chains over three neighbouring lanes keep it busy.
enum { lane = 4096 };

// What a remainder becomes when `lane` zero bytes follow, by each of its bytes: remainders are linear, so that those of
// lanes can be joined.
static uint32_t after_lane[4][256];

__attribute__((target("sse4.2"))) static uint32_t chain(uint32_t crc, const uint8_t *p, size_t n) {
  uint64_t c = crc;
  while (n >= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    c = _mm_crc32_u64(c, word);
    p += 8;
    n -= 8;
  }
  uint32_t r = (uint32_t)c;
  while (n--) r = _mm_crc32_u8(r, *p++);
  return r;
}

__attribute__((constructor)) static void fill_after_lane(void) {
  if (!__builtin_cpu_supports("sse4.2")) return;
  static const uint8_t zeros[lane];
  for (int byte = 0; byte < 4; byte++) {
    for (int bit = 0; bit < 8; bit++)
      after_lane[byte][1 << bit] = chain(UINT32_C(1) << (8 * byte + bit), zeros, lane);
    for (int i = 1; i < 256; i++) after_lane[byte][i] = after_lane[byte][i & (i - 1)] ^ after_lane[byte][i & -i];
  }
}

static uint32_t skip_lane(uint32_t c) {
  return after_lane[0][c & 255] ^ after_lane[1][c >> 8 & 255] ^ after_lane[2][c >> 16 & 255] ^ after_lane[3][c >> 24];
}

__attribute__((target("sse4.2"))) static uint32_t sse42(uint32_t crc, const uint8_t *p, size_t n) {
  while (n >= 3 * lane) {
    uint64_t a = crc, b = 0, c = 0;
    for (size_t i = 0; i < lane; i += 8) {
      uint64_t first, second, third;
      memcpy(&first, p + i, 8);
      memcpy(&second, p + lane + i, 8);
      memcpy(&third, p + 2 * lane + i, 8);
      a = _mm_crc32_u64(a, first);
      b = _mm_crc32_u64(b, second);
      c = _mm_crc32_u64(c, third);
    }
    crc = skip_lane(skip_lane((uint32_t)a) ^ (uint32_t)b) ^ (uint32_t)c;
    p += 3 * lane;
    n -= 3 * lane;
  }
  return chain(crc, p, n);
}
#endif

uint32_t ck_crc32c(uint32_t crc, const void *bytes, size_t length) {
  crc = ~crc;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return ~sse42(crc, bytes, length);
#endif
  return ~portable(crc, bytes, length);
}
