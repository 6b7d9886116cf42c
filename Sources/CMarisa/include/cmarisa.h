// A C face for marisa-trie (https://github.com/s-yata/marisa-trie), which is C++ only.
//
// A table maps n distinct byte strings to the numbers 0..<n and back. Functions that can fail
// return 0 on success and a negative number otherwise; none throws across the language border.
#ifndef GENRET_CMARISA_H
#define GENRET_CMARISA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cmarisa_table cmarisa_table;

// Builds a table over `count` strings; string i is bytes[offsets[i] ..< offsets[i+1]].
// `numbers`, of `count` entries, receives the number that the table gave to each string.
// The serialised table is returned in `*image` (free with cmarisa_free_image).
int cmarisa_build(const char *bytes, const uint64_t *offsets, size_t count,
                  uint32_t *numbers, char **image, size_t *image_size);
void cmarisa_free_image(char *image);

// Whether a serialised table is one that every look-up stays inside of; O(size).
int cmarisa_is_sound(const void *image, size_t size);

// Opens a serialised table in place; `image` must outlive the table. NULL when it is damaged.
cmarisa_table *cmarisa_open(const void *image, size_t size);
void cmarisa_close(cmarisa_table *table);
size_t cmarisa_count(const cmarisa_table *table);

// The number of a string, or -1 when the table does not hold it.
int64_t cmarisa_find(const cmarisa_table *table, const char *bytes, size_t length);

// Copies the string with this number into `buffer` and returns its length, which may exceed
// `capacity` (then nothing is copied); -1 when there is no such number.
int64_t cmarisa_string(const cmarisa_table *table, uint32_t number, char *buffer, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
