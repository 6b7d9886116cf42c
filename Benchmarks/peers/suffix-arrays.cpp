// Sorts the suffixes of a text of tokens with other programs' code, on one thread.
//
//   suffix-arrays TOKENS
//
// The text is the one genret's FM-index sorts: every passage reversed (its end first), one more
// document end and 0, in codes 1, 2, ... for the tokens that occur, in rising order. All must give
// the same hash, which is over the array as little-endian words.
#include "measure.hpp"

#include <ctime>
#include <divsufsort.h>
#ifdef HAVE_LIBSAIS
#include <libsais.h>
#include <libsais16.h>
#endif

namespace {

struct Text {
  std::vector<int32_t> codes;
  int32_t alphabet;  // one more than the largest code

  explicit Text(const TokenFile& file) {
    std::vector<int32_t> code;
    auto note = [&](int32_t token) {
      if (static_cast<size_t>(token) >= code.size()) code.resize(static_cast<size_t>(token) + 1);
      code[static_cast<size_t>(token)] = 1;
    };
    file.for_each_passage([&](const std::vector<int32_t>& passage) {
      for (auto token : passage) note(token);
    });
    alphabet = 1;
    for (auto& entry : code)
      if (entry != 0) entry = alphabet++;
    codes.reserve(file.count() + 2);
    file.for_each_passage([&](const std::vector<int32_t>& passage) {
      for (auto token = passage.rbegin(); token != passage.rend(); ++token)
        codes.push_back(code[static_cast<size_t>(*token)]);
    });
    codes.push_back(code[static_cast<size_t>(file.document_end())]);
    codes.push_back(0);
  }

  // Codes of two bytes hold most texts, but not all.
  bool is_short() const { return alphabet <= 0x10000; }

  int32_t size() const { return static_cast<int32_t>(codes.size()); }
};

double cpu() { return double(std::clock()) / CLOCKS_PER_SEC; }

// Times `sort`, which returns a suffix array, in a process of its own. Text and array count towards
// its peak memory. `sort` is given a timer to call with what is to be timed.
template <typename Sort>
void measure(const std::string& name, bool needs_short, const TokenFile& file, Sort sort) {
  Cost cost = run_apart([&] {
    Text text(file);
    if (needs_short && !text.is_short()) throw std::runtime_error(name + ": the text has too many different tokens");
    double wall = 0, used = 0;
    std::vector<int32_t> order = sort(text, [&](auto work) {
      double start = now(), start_cpu = cpu();
      work();
      wall = now() - start;
      used = cpu() - start_cpu;
    });
    print(name + ", wall", wall, "s");
    print(name + ", CPU", used, "s");
    Hash hash;
    for (auto entry : order) hash.add(entry);
    print_hash(name + ", hash", hash.value());
  });
  print(name + ", peak memory", cost.peak_bytes, "B");
}

// Big-endian symbols of two bytes sort like their bytes; suffixes at odd places are dropped.
template <typename Timer>
std::vector<int32_t> sort_bytes(Text& text, Timer timer) {
  int32_t count = text.size();
  std::vector<uint8_t> bytes;
  bytes.reserve(2 * text.codes.size());
  for (auto code : text.codes) {
    bytes.push_back(static_cast<uint8_t>(code >> 8));
    bytes.push_back(static_cast<uint8_t>(code));
  }
  std::vector<int32_t>().swap(text.codes);
  std::vector<int32_t> order(bytes.size());
  timer([&] {
    if (divsufsort(bytes.data(), order.data(), 2 * count) != 0) throw std::runtime_error("divsufsort failed");
    size_t kept = 0;
    for (auto entry : order)
      if (entry % 2 == 0) order[kept++] = entry / 2;
    order.resize(kept);
  });
  return order;
}

#ifdef HAVE_LIBSAIS
template <typename Timer>
std::vector<int32_t> sort_integers(Text& text, Timer timer) {
  int32_t spare = 6 * text.alphabet;  // as its header advises
  std::vector<int32_t> order(text.codes.size() + static_cast<size_t>(spare));
  timer([&] {
    if (libsais_int(text.codes.data(), order.data(), text.size(), text.alphabet, spare) != 0)
      throw std::runtime_error("libsais_int failed");
  });
  order.resize(text.codes.size());
  return order;
}

template <typename Timer>
std::vector<int32_t> sort_shorts(Text& text, Timer timer) {
  std::vector<uint16_t> symbols(text.codes.begin(), text.codes.end());
  std::vector<int32_t>().swap(text.codes);
  std::vector<int32_t> order(symbols.size());
  timer([&] {
    if (libsais16(symbols.data(), order.data(), static_cast<int32_t>(symbols.size()), 0, nullptr) != 0)
      throw std::runtime_error("libsais16 failed");
  });
  return order;
}
#endif

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("usage: suffix-arrays TOKENS");
  TokenFile file(argv[1]);
  if (file.count() > (1u << 30) - 3) throw std::runtime_error("the text is too long for arrays of four-byte entries");
  print("symbols", file.count() + 2, "-");
#ifdef HAVE_LIBSAIS
  measure("libsais16", true, file, [](Text& text, auto timer) { return sort_shorts(text, timer); });
  measure("libsais_int", false, file, [](Text& text, auto timer) { return sort_integers(text, timer); });
#endif
  measure("libdivsufsort", true, file, [](Text& text, auto timer) { return sort_bytes(text, timer); });
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
