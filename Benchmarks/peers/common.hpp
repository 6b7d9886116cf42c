// What the peers share: token files, clocks, hashes and lines of figures. ../README.md has the formats.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

// Reads a file of little-endian words of four bytes from its start to its end.
class WordFile {
public:
    explicit WordFile(const std::string& path) : path(path), stream(path, std::ios::binary) {
        if (!stream) throw std::runtime_error(path + ": cannot be read");
    }

    template <class Word>
    std::vector<Word> array(std::size_t count) {
        static_assert(sizeof(Word) == 4);
        std::vector<Word> words(count);
        stream.read(reinterpret_cast<char*>(words.data()), std::streamsize(4 * count));
        if (std::size_t(stream.gcount()) != 4 * count) throw std::runtime_error(path + ": cut short");
        return words;
    }

    std::int32_t number() { return array<std::int32_t>(1)[0]; }

    std::size_t count() {
        stream.seekg(0, std::ios::end);
        auto bytes = stream.tellg();
        stream.seekg(0);
        return std::size_t(bytes) / 4;
    }

    void seek(std::size_t word) { stream.seekg(std::streamoff(4 * word)); }

private:
    std::string path;
    std::ifstream stream;
};

// The tokens of a file, of which only a piece is in memory at a time.
struct TokenFile {
    explicit TokenFile(const std::string& path) : path(path) {
        WordFile file(path);
        token_count = file.count();
        if (token_count == 0) throw std::runtime_error(path + ": no tokens");
        file.seek(token_count - 1);
        document_end = file.number();
    }

    template <class Body>
    void for_each_token(Body body) const {
        WordFile file(path);
        for (std::size_t read = 0; read < token_count;) {
            auto piece = file.array<std::int32_t>(std::min(token_count - read, std::size_t(1) << 18));
            for (auto token : piece) body(token);
            read += piece.size();
        }
    }

    // Calls `body` with the tokens of each passage, with their end.
    template <class Body>
    void for_each_passage(Body body) const {
        std::vector<std::int32_t> passage;
        for_each_token([&](std::int32_t token) {
            passage.push_back(token);
            if (token != document_end) return;
            body(passage);
            passage.clear();
        });
    }

    std::string path;
    std::size_t token_count;
    std::int32_t document_end;
};

// Seconds since it was made.
class Stopwatch {
public:
    double wall() const { return std::chrono::duration<double>(Clock::now() - start).count(); }
    double cpu() const { return processor() - start_cpu; }

private:
    using Clock = std::chrono::steady_clock;

    // Of all threads, in the program and in the system.
    static double processor() {
        rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        auto seconds = [](timeval time) { return double(time.tv_sec) + 1e-6 * double(time.tv_usec); };
        return seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }

    // The wall clock is started last: reading the other one takes a system call.
    double start_cpu = processor();
    Clock::time_point start = Clock::now();
};

// FNV-1a of 64 bits over the bytes of little-endian words of four bytes.
struct Hash {
    void add(std::int32_t word) {
        for (int shift = 0; shift < 32; shift += 8)
            value = (value ^ (std::uint32_t(word) >> shift & 0xFF)) * 0x100000001B3;
    }

    void print(const std::string& name) const {
        std::printf("%s\t%016llx\t-\n", name.c_str(), static_cast<unsigned long long>(value));
    }

    std::uint64_t value = 0xCBF29CE484222325;
};

inline void print_figure(const std::string& name, double value, const char* unit) {
    std::printf("%s\t%.6g\t%s\n", name.c_str(), value, unit);
    std::fflush(stdout);
}

// Many measurements of one thing.
struct Sample {
    std::vector<double> values;

    double mean() const {
        double sum = 0;
        for (auto value : values) sum += value;
        return values.empty() ? 0 : sum / double(values.size());
    }

    void print(const std::string& name, const char* unit) {
        std::sort(values.begin(), values.end());
        print_figure(name + ", median", values.empty() ? 0 : values[values.size() / 2], unit);
        print_figure(name + ", mean", mean(), unit);
    }
};
