import Memory
import Tensors

/// Docids as sequences of tokens that a network learns to write, one for each document.
package struct DocidSequences: Sendable {
    /// The tokens of each document's docid; no two are alike, and none is the beginning of another.
    package let sequences: [[Int32]]
    /// Tokens are below it.
    package let vocabularySize: Int

    package var longest: Int { sequences.map(\.count).max() ?? 0 }
}

extension DocidSkeletonBuilder {
    /// The sequences of documents under a scheme that is not anchored.
    ///
    /// A document's last token, or last digits, say its place among those with the same prefix.
    ///
    /// - Parameter vectors: [documents × dimension].
    package func sequences(vectors: FrozenArray<Float>, dimension: Int) -> DocidSequences {
        precondition(dimension > 0 && vectors.count % dimension == 0 && !scheme.isAnchored)
        let count = vectors.count / dimension
        switch scheme {
        case .naive:
            // Leading zeros make all as long, so that none begins another.
            let digits = Self.digits(max(0, count - 1), atLeast: 1).count
            return DocidSequences(
                sequences: (0..<count).map { Self.digits($0, atLeast: digits) }, vocabularySize: 10)
        case .semantic:
            let tree = tree(vectors, dimension)
            let width = Self.digits(max(0, leafSize - 1), atLeast: 1).count
            return DocidSequences(
                sequences: (0..<Int32(count)).map { document in
                    let docid = tree.docid(of: document)
                    return docid.dropLast() + Self.digits(Int(docid.last ?? 0), atLeast: width)
                }, vocabularySize: max(10, fanout))
        case .position, .pawa:
            let tree = tree(vectors, dimension)
            let base = max(fanout, leafSize)
            let docids = (0..<Int32(count)).map { tree.docid(of: $0) }
            let depth = docids.map(\.count).max() ?? 0
            // The token of a place in a leaf is another than that of a child at the same depth.
            return DocidSequences(
                sequences: docids.map { docid in
                    docid.enumerated().map { level, digit in
                        Int32(level == docid.count - 1 ? depth * base : level * base) + digit
                    }
                }, vocabularySize: (depth + 1) * base)
        default: return codes(vectors, dimension, count)
        }
    }

    /// Codes with a token of their own at each level, and the place among equal ones.
    private func codes(_ vectors: FrozenArray<Float>, _ dimension: Int, _ count: Int) -> DocidSequences {
        let trie: DocidTrie
        if scheme == .pqCodes {
            let quantiser = ProductQuantiser.train(
                vectors: vectors, dimension: dimension, parts: min(levels, dimension), codewords: codewords,
                seed: seed, threads: threads)
            trie = DocidTrie(codes: quantiser.codes, depth: quantiser.parts.count)
        } else {
            let quantiser = ResidualQuantiser.train(
                vectors: vectors, dimension: dimension, levels: levels, codewords: codewords, seed: seed,
                threads: threads)
            trie = DocidTrie(codes: quantiser.encode(vectors: vectors, threads: threads), depth: levels)
        }
        var most = 1
        let sequences = (0..<Int32(count)).map { document -> [Int32] in
            let codes = trie.codes(of: document)
            let alike = trie.documents(of: trie.leaf(of: document))
            let place = alike.indices.first { alike[$0] == document } ?? 0
            most = max(most, place + 1)
            return codes.enumerated().map { Int32($0 * codewords) + $1 } + [Int32(codes.count * codewords + place)]
        }
        return DocidSequences(sequences: sequences, vocabularySize: trie.depth * codewords + most)
    }

    private func tree(_ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidTree {
        DocidTreeBuilder(fanout: fanout, leafSize: leafSize, seed: seed, threads: threads)
            .build(vectors: vectors, dimension: dimension)
    }

    /// The decimal digits of a number.
    private static func digits(_ number: Int, atLeast width: Int) -> [Int32] {
        var (digits, rest): ([Int32], Int) = ([], number)
        while rest > 0 || digits.count < width {
            digits.append(Int32(rest % 10))
            rest /= 10
        }
        return digits.reversed()
    }
}
