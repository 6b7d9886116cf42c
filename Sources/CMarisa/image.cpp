#include "include/cmarisa.h"

#include <cstring>
#include <exception>
#include <vector>

// marisa trusts the images that it maps. This reads one as marisa 0.2 and 0.3 write it and checks every number
// that a look-up in either direction follows, so that a damaged image is refused and not followed out of memory.

namespace {

// More levels of tries than marisa's own default of 3 that somebody might choose.
constexpr int most_tries = 16;
// No string is longer: the longest line of a corpus.
constexpr uint64_t longest_string = uint64_t(1) << 26;
constexpr uint32_t none = UINT32_MAX;

struct Damage {};

void require(bool holds) {
  if (!holds) throw Damage();
}

template <typename Number> Number load(const uint8_t *at) {
  Number value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Records of one size, one after the other.
struct Records {
  const uint8_t *at;
  size_t count;
};

template <typename Number> struct Array {
  const uint8_t *at;
  size_t count;
  Number operator[](size_t i) const { return load<Number>(at + i * sizeof(Number)); }
};

struct Cursor {
  const uint8_t *at;
  size_t left;

  const uint8_t *take(size_t bytes) {
    require(bytes <= left);
    const uint8_t *start = at;
    at += bytes;
    left -= bytes;
    return start;
  }
  template <typename Number> Number number() { return load<Number>(take(sizeof(Number))); }
  Records records(size_t width) {
    const uint64_t bytes = number<uint64_t>();
    require(bytes % width == 0 && bytes <= left);
    const Records records{take(size_t(bytes)), size_t(bytes) / width};
    take(size_t(-bytes & 7));
    return records;
  }
  template <typename Number> Array<Number> array() {
    const Records all = records(sizeof(Number));
    return {all.at, all.count};
  }
};

struct Bits {
  Array<uint64_t> units;
  uint64_t size, ones;
  Records ranks;
  Array<uint32_t> zero_starts, one_starts;

  explicit Bits(Cursor &cursor) {
    units = cursor.array<uint64_t>();
    size = cursor.number<uint32_t>();
    ones = cursor.number<uint32_t>();
    ranks = cursor.records(12);
    zero_starts = cursor.array<uint32_t>();
    one_starts = cursor.array<uint32_t>();
    require(units.count == (size + 63) / 64 && ones <= size);
    require(size % 64 == 0 || units[units.count - 1] >> (size % 64) == 0);
  }

  bool operator[](uint64_t i) const { return units[i / 64] >> (i % 64) & 1; }

  // The ones before each word of a block lie in 7, 8, 8, 9, 9, 9 and 9 bits.
  static uint64_t relative(const uint8_t *rank, size_t word) {
    static const int shifts[] = {0, 0, 7, 15, 23, 32, 41, 50}, widths[] = {0, 7, 8, 8, 9, 9, 9, 9};
    return load<uint64_t>(rank + 4) >> shifts[word] & ((uint64_t(1) << widths[word]) - 1);
  }

  // Whether the counts are those of the bits, and the starts, where there must be some, too.
  void check(bool selects_zeros, bool selects_ones) const {
    require(ranks.count == (size + 511) / 512 + 1);
    uint64_t sum = 0;
    for (size_t block = 0; block + 1 < ranks.count; block++) {
      const uint8_t *rank = ranks.at + block * 12;
      require(load<uint32_t>(rank) == sum);
      uint64_t inside = 0;
      for (size_t word = 0; word < 8; word++) {
        require(word == 0 || relative(rank, word) == inside);
        const size_t unit = block * 8 + word;
        if (unit < units.count) inside += uint64_t(__builtin_popcountll(units[unit]));
      }
      sum += inside;
    }
    require(sum == ones && load<uint32_t>(ranks.at + (ranks.count - 1) * 12) == sum);
    if (selects_zeros) check_starts(zero_starts, ~uint64_t(0), size - ones);
    if (selects_ones) check_starts(one_starts, 0, ones);
  }

  void check_starts(const Array<uint32_t> &starts, uint64_t flip, uint64_t total) const {
    require(starts.count == (total + 511) / 512 + 1 && starts[starts.count - 1] == size);
    uint64_t before = 0;
    size_t next = 0;
    for (size_t unit = 0; unit < units.count; unit++) {
      uint64_t word = units[unit] ^ flip;
      if (unit + 1 == units.count && size % 64) word &= (uint64_t(1) << (size % 64)) - 1;
      const uint64_t inside = uint64_t(__builtin_popcountll(word));
      while (next + 1 < starts.count && next * 512 < before + inside) {
        uint64_t rest = word;
        for (uint64_t skip = next * 512 - before; skip > 0; skip--) rest &= rest - 1;
        require(starts[next] == unit * 64 + uint64_t(__builtin_ctzll(rest)));
        next++;
      }
      before += inside;
    }
  }
};

// Numbers of one width each, one after the other.
struct Packed {
  Array<uint64_t> units;
  uint64_t width, mask, size;

  explicit Packed(Cursor &cursor) {
    units = cursor.array<uint64_t>();
    width = cursor.number<uint32_t>();
    mask = cursor.number<uint32_t>();
    size = cursor.number<uint64_t>();
    require(width <= 32 && mask == (uint64_t(1) << width) - 1 && size <= UINT32_MAX);
    require(size == 0 || (units.count > 0 && (size * width + 63) / 64 <= units.count));
  }

  uint64_t operator[](uint64_t i) const {
    const uint64_t bit = i * width, shift = bit % 64;
    uint64_t value = units[bit / 64] >> shift;
    if (shift + width > 64) value |= units[bit / 64 + 1] << (64 - shift);
    return value & mask;
  }
};

// For each place of a tail how many characters follow up to its end; 0 where no string may start.
std::vector<uint32_t> tail_lengths(const Array<uint8_t> &text, const Bits &ends) {
  require(text.count <= UINT32_MAX && (ends.size == 0 || ends.size == text.count));
  require(text.count == 0 || (ends.size ? ends[text.count - 1] : text[text.count - 1] == 0));
  std::vector<uint32_t> lengths(text.count);
  for (size_t i = text.count; i-- > 0;) {
    const uint32_t behind = i + 1 < text.count ? lengths[i + 1] : 0;
    lengths[i] = ends.size ? (ends[i] ? 1 : behind + 1) : (text[i] == 0 ? 0 : behind + 1);
  }
  return lengths;
}

// Checks a trie and those behind it; gives the length of the string that each of its nodes stands for, 0 for the root.
std::vector<uint32_t> check_trie(Cursor &cursor, int depth) {
  require(depth < most_tries);
  const Bits louds(cursor), terminals(cursor), links(cursor);
  const Array<uint8_t> labels = cursor.array<uint8_t>();
  const Packed extras(cursor);
  const Array<uint8_t> tail = cursor.array<uint8_t>();
  const Bits tail_ends(cursor);
  const bool has_next = links.ones != 0 && tail.count == 0;
  const std::vector<uint32_t> strings = has_next ? check_trie(cursor, depth + 1) : tail_lengths(tail, tail_ends);
  const Records cache = cursor.records(12);
  const uint64_t first_level = cursor.number<uint32_t>();
  cursor.number<uint32_t>();

  const uint64_t nodes = louds.ones;
  require(nodes > 0 && louds.size == 2 * nodes + 2 && links.size == nodes && labels.count == nodes);
  require(extras.size == links.ones && !links[0]);
  louds.check(depth == 0, true);
  links.check(false, false);
  if (depth == 0) {
    require(terminals.size == nodes + 1 && !terminals[nodes]);
    terminals.check(false, true);
  }

  // Each node stands behind its parent, in the order of the parents.
  std::vector<uint32_t> parents(nodes), lengths(nodes), targets(nodes, none);
  uint64_t node = 0, children_of_root = 0, linked = 0;
  require(louds[0] && !louds[1] && !louds[louds.size - 1]);
  for (size_t unit = 0; unit < louds.units.count; unit++) {
    for (uint64_t rest = louds.units[unit]; rest; rest &= rest - 1, node++) {
      if (node == 0) continue;
      // What stands before a node's one and is no one ends the children of a node before it.
      const uint64_t zeros = unit * 64 + uint64_t(__builtin_ctzll(rest)) - node;
      require(zeros >= 1 && zeros <= node);
      const uint32_t parent = uint32_t(zeros - 1);
      parents[node] = parent;
      children_of_root += parent == 0;
      uint64_t length = lengths[parent];
      if (links[node]) {
        const uint64_t target = labels[node] | extras[linked++] << 8;
        require(target < strings.size() && strings[target] > 0);
        targets[node] = uint32_t(target);
        length += strings[target];
      } else {
        length++;
      }
      require(length <= longest_string);
      lengths[node] = uint32_t(length);
    }
  }
  require(first_level == children_of_root);

  require(cache.count > 0 && (cache.count & (cache.count - 1)) == 0);
  for (size_t i = 0; i < cache.count; i++) {
    const uint8_t *entry = cache.at + i * 12;
    const uint32_t parent = load<uint32_t>(entry), child = load<uint32_t>(entry + 4), link = load<uint32_t>(entry + 8);
    if (parent == none && child == none) continue;
    require(child > 0 && child < nodes && parents[child] == parent);
    require(links[child] ? link == targets[child] : link == (0xFFFFFF00u | labels[child]));
  }
  return lengths;
}

}  // namespace

int cmarisa_is_sound(const void *image, size_t size) {
  try {
    Cursor cursor{static_cast<const uint8_t *>(image), size};
    require(std::memcmp(cursor.take(16), "We love Marisa.", 16) == 0);
    check_trie(cursor, 0);
    return cursor.left == 0;
  } catch (const Damage &) {
    return 0;
  } catch (const std::exception &) {
    return 0;
  }
}
