import Docids
import Memory
import TestSupport
import Testing

@Suite struct DocidTrieTests {
    private func codes(_ count: Int, depth: Int, words: Int) -> [UInt16] {
        var generator = SeededGenerator(seed: UInt64(count))
        return (0..<count * depth).map { _ in UInt16.random(in: 0..<UInt16(words), using: &generator) }
    }

    private func check(_ trie: DocidTrie, _ codes: [UInt16], depth: Int) {
        let count = codes.count / depth
        var groups: [[Int32]: [Int32]] = [:]
        var prefixes: Set<[Int32]> = [[]]
        for document in 0..<count {
            let sequence = codes[document * depth..<(document + 1) * depth].map(Int32.init)
            groups[sequence, default: []].append(Int32(document))
            for length in 1...depth { prefixes.insert(Array(sequence.prefix(length))) }
        }
        #expect(trie.nodeCount == prefixes.count)
        for (sequence, documents) in groups {
            let node = trie.node(of: sequence)
            #expect(node.map { trie.documents(of: $0).toArray() } == documents)
            #expect(node.map(trie.isLeaf) == true)
            for document in documents { #expect(trie.codes(of: document) == sequence) }
        }
        for prefix in prefixes {
            guard let node = trie.node(of: prefix) else {
                Issue.record("the prefix \(prefix) is lost")
                continue
            }
            let tokens = trie.children(of: node).map { trie.token(of: $0) }
            #expect(
                tokens
                    == Set(
                        prefixes.filter { $0.count == prefix.count + 1 && $0.starts(with: prefix) }
                            .compactMap(\.last)
                    ).sorted())
        }
        #expect(trie.node(of: [9_999]) == nil)
    }

    @Test("All sequences and no other", arguments: [0, 1, 2, 31, 32, 33, 200])
    func sizes(count: Int) {
        for (depth, words) in [(1, 5), (3, 3), (4, 300)] {
            let codes = codes(count, depth: depth, words: words)
            let trie = DocidTrie(codes: FrozenArray(codes), depth: depth)
            #expect(trie.documentCount == count)
            check(trie, codes, depth: depth)
        }
    }

    @Test func duplicates() {
        let codes = [UInt16](repeating: 7, count: 300)
        let trie = DocidTrie(codes: FrozenArray(codes), depth: 3)
        #expect(trie.nodeCount == 4)
        #expect(trie.documents(of: trie.leaf(of: 42)).toArray() == Array(0..<100))
    }

    @Test func sections() throws {
        let codes = codes(80, depth: 3, words: 4)
        let store = SectionStore(DocidTrie(codes: FrozenArray(codes), depth: 3).sections())
        check(try DocidTrie(sections: store.read), codes, depth: 3)
        store.damaged(rounds: 300, seed: 2) { damaged in
            guard let trie = try? DocidTrie(sections: damaged.read) else { return }
            for document in 0..<Int32(trie.documentCount) {
                #expect(trie.node(of: trie.codes(of: document)) == trie.leaf(of: document))
            }
        }
    }
}
