import Storage

/// The most probable way to cut a text into pieces that each have a probability (Kudo 2018).
struct Unigram: Sendable {
    /// How much less than the least probable piece an unknown character counts.
    static let unknownPenalty = 10.0

    var vocabulary: Vocabulary
    let unknown: Int32?
    /// Scores of the pieces by number, as logarithms.
    let scores: [Double]

    private let trie: ByteTrie
    private let unknownScore: Double
    /// The model's own pieces, without tokens that were added.
    private let pieces: Vocabulary
    /// The tokens of the bytes; empty unless unknown characters are spelt with them.
    private let fallback: [Int32]
    private let cache = WordCache()

    /// The best paths through a text; buffers are kept from word to word.
    struct Lattice {
        /// The best piece that ends at a byte.
        fileprivate struct Node {
            var score = 0.0
            var start: Int32 = -1
            var id: Int32 = -1
        }

        fileprivate var nodes: [Node] = []

        init() {}
    }

    init(json: JSONValue) throws(TokenizerError) {
        guard let entries = json["vocab"]?.array else {
            throw .malformed("model.vocab must be a list of pieces and scores")
        }
        var names: [String] = []
        var scores: [Double] = []
        for (number, entry) in entries.enumerated() {
            guard let pair = entry.array, pair.count == 2, let piece = pair[0].string,
                let score = pair[1].number
            else { throw .malformed("model.vocab: entry \(number) is not a piece and its score") }
            names.append(piece)
            scores.append(ScoreRounding.rounded(score))
        }
        let vocabulary = try Vocabulary(pieces: names)
        self.vocabulary = vocabulary
        self.scores = scores
        pieces = vocabulary
        if let value = json["unk_id"], !value.isNull {
            guard let id = value.int, names.indices.contains(id) else {
                throw .malformed("model.unk_id is not the number of a piece")
            }
            unknown = Int32(id)
        } else {
            unknown = nil
        }
        unknownScore = (scores.min() ?? 0) - Unigram.unknownPenalty
        trie = ByteTrie(
            (0..<Int32(names.count)).compactMap { id in vocabulary.bytes(of: id).map { ($0, id) } })
        if let flag = json["byte_fallback"], !flag.isNull {
            guard let flag = flag.bool else { throw .malformed("model.byte_fallback must be a flag") }
            fallback = flag ? ByteFallback.tokens.map { vocabulary.id(of: $0) ?? -1 } : []
        } else {
            fallback = []
        }
    }

    /// Appends the pieces of a non-empty word; O(bytes · longest piece).
    func encode(
        _ word: UnsafeBufferPointer<UInt8>, into output: inout [TokenModel.Piece],
        _ lattice: inout Lattice
    ) {
        guard word.count <= WordCache.longestWord else {
            search(word, into: &output, &lattice)
            return
        }
        let hash = ByteTable.hash(word)
        if cache.find(word, hash: hash, into: &output) { return }
        let first = output.count
        search(word, into: &output, &lattice)
        cache.insert(word, hash: hash, output[first...])
    }

    private func search(
        _ word: UnsafeBufferPointer<UInt8>, into output: inout [TokenModel.Piece],
        _ lattice: inout Lattice
    ) {
        lattice.nodes.removeAll(keepingCapacity: true)
        lattice.nodes.append(contentsOf: repeatElement(.init(), count: word.count + 1))
        lattice.nodes.withUnsafeMutableBufferPointer { nodes in
            scores.withUnsafeBufferPointer { scores in
                var start = 0
                while start < word.count {
                    let length = word.length(at: start)
                    let before = nodes[start].score
                    var hasSingle = false
                    func offer(_ end: Int, _ id: Int32, _ score: Double) {
                        if nodes[end].start < 0 || score > nodes[end].score {
                            nodes[end] = .init(
                                score: score, start: Int32(truncatingIfNeeded: start), id: id)
                        }
                    }
                    trie.forEachPrefix(of: word, from: start) { end, id in
                        if end - start == length { hasSingle = true }
                        offer(end, id, before + scores[Int(id)])
                    }
                    if !hasSingle { offer(start + length, unknown ?? -1, before + unknownScore) }
                    start += length
                }
            }
            collect(nodes, word, into: &output)
        }
    }

    /// Walks the best path back; unknown pieces beside each other become one.
    private func collect(
        _ nodes: UnsafeMutableBufferPointer<Lattice.Node>, _ word: UnsafeBufferPointer<UInt8>,
        into output: inout [TokenModel.Piece]
    ) {
        let first = output.count
        var end = word.count
        while end > 0 {
            let node = nodes[end]
            var start = Int(node.start)
            if node.id < 0 || node.id == unknown {
                while start > 0, nodes[start].id == node.id { start = Int(nodes[start].start) }
                unknownPiece(word, start..<end, into: &output)
            } else {
                output.append(.init(id: node.id, start: start, end: end))
            }
            end = start
        }
        output[first...].reverse()
    }

    /// Appends, last token first, what stands for a stretch that no pieces spell.
    private func unknownPiece(
        _ word: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
        into output: inout [TokenModel.Piece]
    ) {
        let bytes = UnsafeBufferPointer(rebasing: word[range])
        // Joined, unknown characters may be a piece after all.
        if let id = pieces.id(of: bytes, hash: ByteTable.hash(bytes)) {
            output.append(.init(id: id, start: range.lowerBound, end: range.upperBound))
        } else if !fallback.isEmpty, bytes.allSatisfy({ fallback[Int($0)] >= 0 }) {
            for byte in bytes.reversed() {
                output.append(
                    .init(
                        id: fallback[Int(byte)], start: range.lowerBound, end: range.upperBound))
            }
        } else if let unknown {
            // Without an unknown token the characters are lost.
            output.append(.init(id: unknown, start: range.lowerBound, end: range.upperBound))
        }
    }
}
