// What the drivers of other programs share: token files, workloads, clocks and printed figures.
// The formats are described in ../README.md.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

inline double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

inline void print(const std::string& name, double value, const std::string& unit) {
  std::printf("%s\t%.6g\t%s\n", name.c_str(), value, unit.c_str());
}

inline void print(const std::string& name, uint64_t value, const std::string& unit) {
  std::printf("%s\t%llu\t%s\n", name.c_str(), static_cast<unsigned long long>(value), unit.c_str());
}

inline void print_hash(const std::string& name, uint64_t value) {
  std::printf("%s\t%016llx\t-\n", name.c_str(), static_cast<unsigned long long>(value));
}

// Many measurements of one thing.
class Sample {
 public:
  template <typename Body>
  void time(Body body) {
    double start = now();
    body();
    seconds_.push_back(now() - start);
  }

  // Prints "NAME, median" and "NAME, mean"; `scale` units make a second.
  void print(const std::string& name, double scale, const std::string& unit) {
    std::sort(seconds_.begin(), seconds_.end());
    double sum = std::accumulate(seconds_.begin(), seconds_.end(), 0.0);
    ::print(name + ", median", seconds_[seconds_.size() / 2] * scale, unit);
    ::print(name + ", mean", sum / seconds_.size() * scale, unit);
  }

 private:
  std::vector<double> seconds_;
};

// FNV-1a of 64 bits over the bytes of words, lowest first.
class Hash {
 public:
  void add(int32_t word) {
    auto bits = static_cast<uint32_t>(word);
    for (int byte = 0; byte < 4; byte++, bits >>= 8) value_ = (value_ ^ (bits & 0xFF)) * 0x100000001B3;
  }
  uint64_t value() const { return value_; }

 private:
  uint64_t value_ = 0xCBF29CE484222325;
};

// What a piece of work in a process of its own took.
struct Cost {
  double wall = 0, cpu = 0;
  uint64_t peak_bytes = 0;
};

// Runs `body` in a child process, so that its peak memory is its own.
inline Cost run_apart(const std::function<void()>& body) {
  std::fflush(stdout);
  double start = now();
  pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process could be started");
  if (child == 0) {
    int status = 1;
    try {
      body();
      status = 0;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    std::fflush(stdout);
    _exit(status);
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) < 0 || status != 0) throw std::runtime_error("the work failed");
  auto seconds = [](const timeval& time) { return time.tv_sec + time.tv_usec * 1e-6; };
  return {now() - start, seconds(usage.ru_utime) + seconds(usage.ru_stime),
          static_cast<uint64_t>(usage.ru_maxrss) * 1024};
}

// A file of token ids in reading order; every passage ends with the file's last token.
class TokenFile {
 public:
  explicit TokenFile(const std::string& path) : path_(path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file || file.tellg() < 4) throw std::runtime_error(path + ": no token file");
    count_ = static_cast<uint64_t>(file.tellg()) / 4;
    file.seekg(static_cast<std::streamoff>((count_ - 1) * 4));
    file.read(reinterpret_cast<char*>(&document_end_), 4);
  }

  uint64_t count() const { return count_; }
  int32_t document_end() const { return document_end_; }

  // Calls `body` with the tokens of each passage, its end among them.
  template <typename Body>
  void for_each_passage(Body body) const {
    std::ifstream file(path_, std::ios::binary);
    std::vector<int32_t> block(1 << 18), passage;
    while (file) {
      file.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(block.size() * 4));
      auto words = static_cast<size_t>(file.gcount()) / 4;
      for (size_t i = 0; i < words; i++) {
        passage.push_back(block[i]);
        if (block[i] != document_end_) continue;
        body(passage);
        passage.clear();
      }
    }
  }

 private:
  std::string path_;
  uint64_t count_ = 0;
  int32_t document_end_ = 0;
};

// What is asked of an index; see Sources/Workloads/FMWorkload+File.swift for the format.
struct Workload {
  using Sequence = std::vector<int32_t>;
  struct Group {
    size_t length;
    std::vector<Sequence> prefixes;
  };

  uint64_t token_count;
  int32_t document_end;
  size_t vocabulary;
  std::vector<Group> groups;
  std::vector<int32_t> rows, passages;
  size_t run_prefixes, run_rows;
  size_t queries, steps, beams, candidates;
  std::vector<std::vector<float>> scores;

  explicit Workload(const std::string& path) : file_(path, std::ios::binary), path_(path) {
    if (!file_ || number() != 0x726E6567 || number() != 0x31776D66) fail();
    token_count = number();
    document_end = static_cast<int32_t>(number());
    vocabulary = number();
    groups.resize(number());
    for (auto& group : groups) {
      group.length = number();
      group.prefixes.resize(number());
      for (auto& prefix : group.prefixes) prefix = words<int32_t>(group.length);
    }
    rows = words<int32_t>(number());
    passages = words<int32_t>(number());
    run_prefixes = number();
    run_rows = number();
    queries = number();
    steps = number();
    beams = number();
    candidates = number();
    scores.resize(number());
    for (auto& vector : scores) vector = words<float>(vocabulary);
  }

  const std::vector<Sequence>& prefixes(size_t length) const {
    for (auto& group : groups)
      if (group.length == length) return group.prefixes;
    throw std::runtime_error(path_ + ": no prefixes of length " + std::to_string(length));
  }

 private:
  std::ifstream file_;
  std::string path_;

  [[noreturn]] void fail() const { throw std::runtime_error(path_ + ": no workload, or cut short"); }

  template <typename Word>
  std::vector<Word> words(size_t count) {
    static_assert(sizeof(Word) == 4);
    std::vector<Word> result(count);
    file_.read(reinterpret_cast<char*>(result.data()), static_cast<std::streamsize>(count * 4));
    if (!file_) fail();
    return result;
  }

  size_t number() { return words<uint32_t>(1)[0]; }
};
