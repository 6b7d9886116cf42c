#include "include/cmarisa.h"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <marisa.h>
#include <sstream>
#include <string>

struct cmarisa_table {
  marisa::Trie trie;
};

int cmarisa_build(const char *bytes, const uint64_t *offsets, size_t count,
                  uint32_t *numbers, char **image, size_t *image_size) {
  try {
    marisa::Keyset keys;
    for (size_t i = 0; i < count; i++)
      keys.push_back(bytes + offsets[i], offsets[i + 1] - offsets[i]);
    marisa::Trie trie;
    trie.build(keys);
    for (size_t i = 0; i < count; i++) numbers[i] = uint32_t(keys[i].id());
    std::ostringstream out;
    out << trie;
    const std::string text = out.str();
    *image = static_cast<char *>(std::malloc(text.size() ? text.size() : 1));
    if (*image == nullptr) return -1;
    std::memcpy(*image, text.data(), text.size());
    *image_size = text.size();
    return 0;
  } catch (const std::exception &) {
    return -1;
  }
}

void cmarisa_free_image(char *image) { std::free(image); }

cmarisa_table *cmarisa_open(const void *image, size_t size) {
  if (!cmarisa_is_sound(image, size)) return nullptr;
  cmarisa_table *table = nullptr;
  try {
    table = new cmarisa_table;
    table->trie.map(image, size);
    return table;
  } catch (const std::exception &) {
    delete table;
    return nullptr;
  }
}

void cmarisa_close(cmarisa_table *table) { delete table; }

size_t cmarisa_count(const cmarisa_table *table) { return table->trie.num_keys(); }

int64_t cmarisa_find(const cmarisa_table *table, const char *bytes, size_t length) {
  try {
    marisa::Agent agent;
    agent.set_query(bytes, length);
    return table->trie.lookup(agent) ? int64_t(agent.key().id()) : -1;
  } catch (const std::exception &) {
    return -1;
  }
}

int64_t cmarisa_string(const cmarisa_table *table, uint32_t number, char *buffer,
                       size_t capacity) {
  try {
    if (number >= table->trie.num_keys()) return -1;
    marisa::Agent agent;
    agent.set_query(size_t(number));
    table->trie.reverse_lookup(agent);
    const size_t length = agent.key().length();
    if (length <= capacity) std::memcpy(buffer, agent.key().ptr(), length);
    return int64_t(length);
  } catch (const std::exception &) {
    return -1;
  }
}
