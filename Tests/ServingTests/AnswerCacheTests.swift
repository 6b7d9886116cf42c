import Memory
import Serving
import Testing

@Suite("Answers that are kept") struct AnswerCacheTests {
    private func key(_ number: Int) -> AnswerCache.Key {
        AnswerCache.Key(index: "i", generation: "g", call: "search", request: Array("\(number)".utf8))
    }

    @Test("Keys differ where an index, a generation, a call or a request does") func keys() {
        let requests = ["", "a", "b"].map { Array($0.utf8) }
        var keys: Set<AnswerCache.Key> = []
        for index in ["a", "ab"] {
            for generation in ["bc", "c"] {
                for call in ["search", "explain"] {
                    for request in requests {
                        keys.insert(.init(index: index, generation: generation, call: call, request: request))
                    }
                }
            }
        }
        #expect(keys.count == 24)
        #expect(key(1) == key(1) && key(1).text.count == 64)
    }

    /// The same as a list in the order of use, cut at its end.
    private struct Naive {
        var entries: [(number: Int, bytes: [UInt8])] = []
        let capacity: Int

        mutating func answer(_ number: Int) -> [UInt8]? {
            guard let place = entries.firstIndex(where: { $0.number == number }) else { return nil }
            entries.insert(entries.remove(at: place), at: 0)
            return entries[0].bytes
        }

        mutating func keep(_ bytes: [UInt8], _ number: Int) {
            guard bytes.count + 160 <= capacity / 4, !entries.contains(where: { $0.number == number }) else { return }
            entries.insert((number, bytes), at: 0)
            while size > capacity { entries.removeLast() }
        }

        var size: Int { entries.reduce(0) { $0 + $1.bytes.count + 160 } }
    }

    @Test("Those that were used least lately make room", arguments: [0, 700, 2_000, 10_000]) func uses(capacity: Int) {
        var random = SeededGenerator(seed: UInt64(capacity))
        let cache = AnswerCache(capacity: capacity)
        var naive = Naive(capacity: capacity)
        for _ in 0..<3_000 {
            let number = Int.random(in: 0..<40, using: &random)
            if Bool.random(using: &random) {
                #expect(cache.answer(key(number)) == naive.answer(number))
            } else {
                let bytes = [UInt8](repeating: UInt8(number), count: Int.random(in: 0..<400, using: &random))
                cache.keep(bytes, for: key(number))
                naive.keep(bytes, number)
            }
            #expect(cache.counts.bytes == naive.size && naive.size <= capacity)
        }
        #expect(capacity == 0 || cache.counts.hits > 0)
    }
}
