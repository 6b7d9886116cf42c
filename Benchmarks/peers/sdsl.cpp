// Measures SEAL's FM-index: sdsl-lite's csa_wt_int<> over reversed passages, asked the way SEAL's
// fm_index.cpp and index.py ask it.
//
//   sdsl TOKENS WORKLOAD
//
// The index and what its construction took are kept beside the token file and used again.
#include "measure.hpp"

#include <sdsl/suffix_arrays.hpp>
#include <sys/stat.h>

namespace {

using Index = sdsl::csa_wt_int<>;
using Symbols = std::vector<uint64_t>;  // a symbol, its count, the next symbol, its count, ...

constexpr uint64_t shift = 10;  // SEAL leaves the smallest symbols free; 0 ends the text

struct Range {
  uint64_t low, high;  // half-open
};

// The operations of SEAL's index.
class PassageIndex {
 public:
  Index index;
  std::vector<uint64_t> starts{0};  // in the reversed text; the last is its length

  explicit PassageIndex(const TokenFile& file) {
    file.for_each_passage([&](const std::vector<int32_t>& p) { starts.push_back(starts.back() + p.size()); });
  }

  Range all() const { return {0, index.size()}; }

  Range step(Range range, int32_t token) const {
    if (range.low >= range.high) return {0, 0};
    uint64_t low = 0, high = 0;
    sdsl::backward_search(index, range.low, range.high - 1, token + shift, low, high);
    return {low, high + 1};
  }

  // The rows of a prefix, from the empty one: SEAL keeps no state.
  template <typename Iterator>
  Range range(Iterator first, Iterator last) const {
    Range rows = all();
    for (; first != last; ++first) rows = step(rows, *first);
    return rows;
  }

  Symbols distinct_count(Range range) const {
    Symbols result;
    if (range.low >= range.high) return result;
    auto sigma = index.wavelet_tree.sigma;
    uint64_t count = 0;
    std::vector<uint64_t> symbols(sigma), low(sigma), high(sigma);
    sdsl::interval_symbols(index.wavelet_tree, range.low, range.high, count, symbols, low, high);
    for (uint64_t i = 0; i < count; i++) {
      if (symbols[i] == 0) continue;
      result.push_back(symbols[i] - shift);
      result.push_back(high[i] - low[i]);
    }
    return result;
  }

  uint64_t document(uint64_t row) const {
    auto next = std::upper_bound(starts.begin(), starts.end(), index[row]);
    return static_cast<uint64_t>(next - starts.begin()) - 1;
  }

  // A passage in reading order, its end last: a walk through the reversed text from its end.
  std::vector<int32_t> passage(uint64_t number) const {
    std::vector<int32_t> tokens;
    uint64_t row = index.isa[starts[number + 1]];
    for (auto left = starts[number + 1] - starts[number]; left > 0; left--) {
      tokens.push_back(static_cast<int32_t>(index.bwt[row] - shift));
      row = index.lf[row];
    }
    return tokens;
  }
};

void build(const TokenFile& file, const std::string& target) {
  std::string text = target + ".text";
  {
    std::ofstream out(text, std::ios::binary);
    file.for_each_passage([&](const std::vector<int32_t>& passage) {
      std::vector<uint32_t> reversed(passage.rbegin(), passage.rend());
      for (auto& symbol : reversed) symbol += shift;
      out.write(reinterpret_cast<const char*>(reversed.data()), static_cast<std::streamsize>(reversed.size() * 4));
    });
    if (!out.flush()) throw std::runtime_error(text + ": cannot be written");
  }
  auto slash = target.rfind('/');
  sdsl::cache_config place(true, slash == std::string::npos ? "./" : target.substr(0, slash + 1));
  Index index;
  sdsl::construct(index, text, place, 4);
  std::remove(text.c_str());
  if (!sdsl::store_to_file(index, target)) throw std::runtime_error(target + ": cannot be written");
}

// Builds the index unless one stands beside the token file that is newer than it.
void build_once(const TokenFile& file, const std::string& tokens, const std::string& target) {
  std::string figures = target + ".cost";
  struct stat text{}, built{};
  bool kept = stat(tokens.c_str(), &text) == 0 && stat(figures.c_str(), &built) == 0 && built.st_mtime >= text.st_mtime;
  if (!kept) {
    Cost cost = run_apart([&] { build(file, target); });
    std::ofstream(figures) << cost.wall << ' ' << cost.cpu << ' ' << cost.peak_bytes << '\n';
  }
  Cost cost;
  if (!(std::ifstream(figures) >> cost.wall >> cost.cpu >> cost.peak_bytes)) throw std::runtime_error(figures + ": damaged");
  print("build, wall", cost.wall, "s");
  print("build, CPU", cost.cpu, "s");
  print("build, peak memory", cost.peak_bytes, "B");
}

void measure_size(const PassageIndex& passages, uint64_t tokens) {
  auto print_size = [&](const char* name, uint64_t bytes) { print(name, double(bytes) / double(tokens), "B/token"); };
  const Index& index = passages.index;
  print_size("size", sdsl::size_in_bytes(index));
  print_size("size of the wavelet tree", sdsl::size_in_bytes(index.wavelet_tree));
  print_size("size of the positions", sdsl::size_in_bytes(index.sa_sample));
  print_size("size of the inverse", sdsl::size_in_bytes(index.isa_sample));
}

// What is answered goes here, so that no question is optimised away.
volatile uint64_t answer;

void measure_steps(const PassageIndex& passages, const Workload& work) {
  for (size_t depth : {1, 2, 3, 8}) {
    auto& prefixes = work.prefixes(depth);
    std::vector<Range> before;
    for (auto& prefix : prefixes) before.push_back(passages.range(prefix.begin(), prefix.end() - 1));
    Sample sample;
    uint64_t rows = 0;
    for (size_t i = 0; i < prefixes.size(); i++)
      sample.time([&] {
        Range range = passages.step(before[i], prefixes[i].back());
        rows += range.high - range.low;
      });
    sample.print("step " + std::to_string(depth), 1e9, "ns");
    print("rows after step " + std::to_string(depth), rows, "-");
    if (depth == 1) continue;
    // sdsl has no form for the steps of several beams, so they are taken one after the other.
    size_t batch = 15, batches = prefixes.size() / batch;
    double start = now();
    for (size_t i = 0; i < batches * batch; i++) answer = passages.step(before[i], prefixes[i].back()).low;
    print("step " + std::to_string(depth) + ", batch of 15", (now() - start) / double(batches * batch) * 1e9, "ns");
  }
}

void measure_continuations(const PassageIndex& passages, const Workload& work) {
  for (size_t length : {0, 1, 2, 3, 6}) {
    std::vector<Range> ranges;
    if (length == 0) ranges.assign(20, passages.all());
    else
      for (auto& prefix : work.prefixes(length)) ranges.push_back(passages.range(prefix.begin(), prefix.end()));
    Sample sample;
    uint64_t tokens = 0;
    for (auto range : ranges) sample.time([&] { tokens += passages.distinct_count(range).size() / 2; });
    sample.print("continuations of " + std::to_string(length), 1e6, "us");
    print("tokens after " + std::to_string(length), tokens, "-");
  }
}

void measure_places(const PassageIndex& passages, const Workload& work) {
  uint64_t sum = 0;
  Sample located, extracted;
  for (auto row : work.rows) located.time([&] { sum += passages.document(static_cast<uint64_t>(row)); });
  located.print("document of a row", 1e6, "us");

  std::vector<Range> runs;
  uint64_t rows = 0;
  for (size_t i = 0; i < work.run_prefixes; i++) {
    auto& prefix = work.prefixes(2)[i];
    Range range = passages.range(prefix.begin(), prefix.end());
    range.high = std::min(range.high, range.low + work.run_rows);
    runs.push_back(range);
    rows += range.high - range.low;
  }
  double start = now();
  for (auto run : runs)
    for (auto row = run.low; row < run.high; row++) sum += passages.document(row);
  print("document of a row, in runs", (now() - start) / double(rows) * 1e6, "us");

  for (auto number : work.passages) extracted.time([&] { sum += passages.passage(static_cast<uint64_t>(number)).size(); });
  extracted.print("passage", 1e6, "us");
  if (sum == 0) throw std::runtime_error("nothing was found");
}

struct Candidate {
  float score;
  int32_t beam, token;
  bool operator<(const Candidate& other) const {  // the better one is smaller
    if (score != other.score) return score > other.score;
    return beam != other.beam ? beam < other.beam : token < other.token;
  }
};

// The best of the candidates that are added, kept in a heap with the worst on top.
class Best {
 public:
  explicit Best(size_t limit) : limit_(limit) {}

  void add(Candidate candidate) {
    if (heap_.size() == limit_) {
      if (!(candidate < heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end());
  }

  std::vector<Candidate> sorted() {
    std::sort_heap(heap_.begin(), heap_.end());
    return std::move(heap_);
  }

 private:
  size_t limit_;
  std::vector<Candidate> heap_;
};

struct Beam {
  float score;
  std::vector<int32_t> tokens;
};

void measure_search(const PassageIndex& passages, const Workload& work) {
  const Symbols occurring = passages.distinct_count(passages.all());  // SEAL keeps the first step's
  Hash hash;
  uint64_t counted = 0;
  double index_seconds = 0, start = now();
  for (size_t query = 0; query < work.queries; query++) {
    std::vector<Beam> beams{{0, {}}};
    for (size_t step = 0; step < work.steps; step++) {
      Best best(work.candidates);
      for (size_t b = 0; b < beams.size(); b++) {
        auto& prefix = beams[b].tokens;
        Symbols found;
        if (step > 0) {
          double asked = now();
          Range rows = passages.range(prefix.begin(), prefix.end());
          Range before = passages.range(prefix.begin(), prefix.end() - 1);
          counted += before.high - before.low;
          found = passages.distinct_count(rows);
          index_seconds += now() - asked;
        }
        const Symbols& allowed = step > 0 ? found : occurring;
        auto& scores = work.scores[(query * 131 + step * 31 + b * 7) % work.scores.size()];
        for (size_t i = 0; i < allowed.size(); i += 2) {
          auto token = static_cast<int32_t>(allowed[i]);
          if (token == work.document_end) continue;
          best.add({beams[b].score + scores[allowed[i]], static_cast<int32_t>(b), token});
        }
      }
      auto chosen = best.sorted();
      std::vector<Beam> next;
      for (auto& candidate : chosen) {
        hash.add(candidate.token);
        hash.add(candidate.beam);
        if (next.size() == work.beams) continue;
        next.push_back({candidate.score, beams[static_cast<size_t>(candidate.beam)].tokens});
        next.back().tokens.push_back(candidate.token);
      }
      beams = std::move(next);
    }
  }
  double seconds = now() - start;
  if (counted == 0) throw std::runtime_error("no beam was alive");
  print("decode, index alone", index_seconds / double(work.queries) * 1e3, "ms");
  print("decode", seconds / double(work.queries) * 1e3, "ms");
  print_hash("decode hash", hash.value());
}

// What the index says must be what the file holds.
void check(const PassageIndex& passages, const TokenFile& file) {
  uint64_t number = 0;
  file.for_each_passage([&](const std::vector<int32_t>& passage) {
    if (number < 10 && passages.passage(number) != passage) throw std::runtime_error("the index is wrong");
    number++;
  });
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: sdsl TOKENS WORKLOAD");
  TokenFile file(argv[1]);
  Workload work(argv[2]);
  if (work.token_count != file.count()) throw std::runtime_error("the workload is for another text");
  std::string target = std::string(argv[1]) + ".sdsl";
  build_once(file, argv[1], target);

  PassageIndex passages(file);
  if (!sdsl::load_from_file(passages.index, target)) throw std::runtime_error(target + ": cannot be read");
  check(passages, file);
  print("tokens", file.count(), "-");
  print("passages", uint64_t(passages.starts.size() - 1), "-");
  measure_size(passages, file.count());
  measure_steps(passages, work);
  measure_continuations(passages, work);
  measure_places(passages, work);
  measure_search(passages, work);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
