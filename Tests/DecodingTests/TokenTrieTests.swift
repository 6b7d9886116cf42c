import Decoding
import Memory
import TestSupport
import Testing

@Suite struct TokenTrieTests {
    private static let pools: [[Int32]] = [
        [0, 1], [7], [.min, .max], [.min, -1, 0, 1, .max], [65_535, 65_534, 0], [65_536, 255, 256],
        [1 << 24, (1 << 24) - 1, 3], [(1 << 24) - 1, 65_537, 1], Array(0..<40), [.max, .max - 1, 2],
    ]

    /// Walks a trie to a depth beside the list of its sequences.
    private func check(_ trie: TokenTrie, _ sequences: [[Int32]], probes: [Int32]) {
        let whole = Set(sequences.filter { !$0.isEmpty })
        let sorted = whole.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(trie.count == sorted.count)
        #expect((0..<trie.count).map { trie[$0] } == sorted)
        var following: [[Int32]: Set<Int32>] = [[]: []]
        for sequence in whole {
            for length in sequence.indices {
                following[Array(sequence[..<length]), default: []].insert(sequence[length])
            }
            following[sequence, default: []].formUnion([])
        }
        var level: [(prefix: [Int32], state: TokenTrie.State)] = [([], trie.initialState)]
        var seen = 0
        while !level.isEmpty {
            seen += level.count
            var next: [([Int32], TokenTrie.State)] = []
            for (prefix, state) in level {
                let expected = following[prefix, default: []]
                var tokens: [Int32] = []
                trie.forEachAllowed(in: state) { token, child in
                    tokens.append(token)
                    next.append((prefix + [token], child))
                    #expect(trie.advance(state, by: token) == child)
                }
                #expect(tokens == expected.sorted())
                #expect(trie.branching(of: state) >= tokens.count)
                #expect(trie.isWhole(state) == whole.contains(prefix))
                #expect(trie.isComplete(state) == (whole.contains(prefix) && expected.isEmpty))
                #expect(trie.index(of: state) == sorted.firstIndex(of: prefix))
                let asked = probes.filter { !expected.contains($0) }
                for token in asked { #expect(trie.advance(state, by: token) == nil) }
                let many = tokens + asked
                let states = trie.advance([TokenTrie.State](repeating: state, count: many.count), by: many)
                #expect(states.map { $0 != nil } == many.map(expected.contains))
            }
            level = next
        }
        #expect(seen == following.count)
    }

    @Test("Beside sets of prefixes", arguments: [0, 1, 2, 3, 63, 64, 65, 127, 128, 129, 300])
    func naive(count: Int) {
        for (number, pool) in Self.pools.enumerated() {
            var random = SeededGenerator(seed: UInt64(count), stream: UInt64(number))
            let sequences = (0..<count).map { _ in
                (0..<Int.random(in: 0...5, using: &random)).map { _ in pool.randomElement(using: &random)! }
            }
            let probes = pool + [.min, -7, 0, 5, 65_536 + pool[0] % 65_536, .max]
            check(TokenTrie(sequences), sequences, probes: probes)
            let ended = sequences.filter { !$0.isEmpty }.map { $0 + [pool[0]] }
            check(TokenTrie(sequences, endingWith: pool[0]), ended, probes: probes)
        }
    }

    @Test func prefixesOfOneAnother() {
        let sequences: [[Int32]] = [[5], [5, 6], [5, 6, 7], [5], [], [5, 6]]
        let trie = TokenTrie(sequences)
        check(trie, sequences, probes: [.min, 5, 6, 7, 8])
        let five = trie.advance(trie.initialState, by: 5)!
        #expect(trie.isWhole(five) && !trie.isComplete(five))
        let ending = TokenTrie(sequences, endingWith: 2)
        let end = ending.advance(ending.advance(ending.initialState, by: 5)!, by: 2)!
        #expect(ending.isComplete(end))
        check(ending, [[5, 2], [5, 6, 2], [5, 6, 7, 2]], probes: [.min, 2, 5, 6, 7])
    }

    @Test func bytes() {
        // 2, 3 and 4 bytes a token, 4 a start, and 2 of padding.
        #expect(TokenTrie([[1, 65_535]]).byteCount == 4 + 8 + 2)
        #expect(TokenTrie([[1, 65_536]]).byteCount == 6 + 8 + 2)
        #expect(TokenTrie([[1, 1 << 24]]).byteCount == 8 + 8 + 2)
        #expect(TokenTrie([[1, -1]]).byteCount == 8 + 8 + 2)
    }

    private func reopened(_ sections: [String: [UInt8]]) throws -> TokenTrie {
        try TokenTrie { name in
            let bytes = try #require(sections[name])
            return FrozenArray(bytes)
        }
    }

    @Test func sectionsComeBack() throws {
        for pool in Self.pools {
            var random = SeededGenerator(seed: 5)
            let sequences = (0..<50).map { _ in
                (0..<Int.random(in: 0...4, using: &random)).map { _ in pool.randomElement(using: &random)! }
            }
            let sections = Dictionary(
                uniqueKeysWithValues: TokenTrie(sequences).sections.map { ($0.name, $0.bytes.toArray()) })
            check(try reopened(sections), sequences, probes: pool)
        }
        let none = TokenTrie([] as [[Int32]]).sections
        #expect(try reopened(.init(uniqueKeysWithValues: none.map { ($0.name, $0.bytes.toArray()) })).count == 0)
    }

    @Test func damageThrowsOrIsAnotherTrie() throws {
        var random = SeededGenerator(seed: 9)
        let sequences = (0..<30).map { _ in
            (0..<Int.random(in: 1...4, using: &random)).map { _ in Int32.random(in: 0...200_000, using: &random) }
        }
        let intact = Dictionary(
            uniqueKeysWithValues: TokenTrie(sequences).sections.map { ($0.name, $0.bytes.toArray()) })
        for (name, bytes) in intact {
            for length in bytes.indices {
                var damaged = intact
                damaged[name] = Array(bytes[..<length])
                #expect(throws: TokenTrieDamage.self) { try reopened(damaged) }
                for bit in 0..<8 {
                    damaged[name] = bytes
                    damaged[name]![length] ^= 1 << bit
                    guard let trie = try? reopened(damaged) else { continue }
                    check(trie, (0..<trie.count).map { trie[$0] }, probes: [0, 7])
                }
            }
        }
    }

    @Test("A search finds what it finds with a set of prefixes", arguments: [1, 3, 15])
    func searches(beams: Int) {
        for seed in UInt64(0)..<60 {
            var random = SeededGenerator(seed: seed)
            let vocabulary = Int32.random(in: 1...300, using: &random)
            let sequences = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    Int32.random(in: 0..<vocabulary, using: &random)
                } + [0]
            }
            let model = TableModel(vocabulary: vocabulary, seed: seed, isSparse: seed % 2 == 0)
            var rule = ListConstraint(sequences)
            // A prefix of others is never complete.
            rule.sequences = rule.sequences.filter { rule.branching(of: $0) == 0 }
            let search = BeamSearch(.init(beams: beams, maximumLength: 6))
            let found = search.run(model, TokenTrie(sequences))
            let expected = search.run(model, rule)
            #expect(found.map(\.tokens) == expected.map(\.tokens))
            #expect(found.map(\.logProb) == expected.map(\.logProb))
            #expect(found.map(\.isComplete) == expected.map(\.isComplete))
        }
    }
}
