import Storage

/// Greedy longest-match-first word pieces (Schuster and Nakajima 2012, as used by BERT).
struct WordPiece: Sendable {
    var vocabulary: Vocabulary
    let unknown: Int32
    /// The model's own tokens, without those that were added.
    private let pieces: Vocabulary
    let prefix: [UInt8]
    /// What follows the prefix in continuation tokens, and their ids.
    private var continuations: ByteTable
    private var continuationIDs: [Int32] = []
    private let maxCharacters: Int
    /// The longest word, in bytes, that can have the allowed number of characters.
    private let maxBytes: Int

    init(json: JSONValue) throws(TokenizerError) {
        vocabulary = try Vocabulary(json: json["vocab"])
        pieces = vocabulary
        let unknownToken = json["unk_token"]?.string ?? "[UNK]"
        guard let unknown = vocabulary.id(of: unknownToken) else {
            throw .malformed("the unknown token \(unknownToken) is not in model.vocab")
        }
        self.unknown = unknown
        prefix = Array((json["continuing_subword_prefix"]?.string ?? "##").utf8)
        guard !prefix.isEmpty else {
            throw .malformed("model.continuing_subword_prefix must not be empty")
        }
        maxCharacters = json["max_input_chars_per_word"]?.int ?? 100
        guard (1...100_000).contains(maxCharacters) else {
            throw .malformed("model.max_input_chars_per_word must lie in 1...100000")
        }
        maxBytes = 4 * maxCharacters
        continuations = ByteTable(minimumCapacity: vocabulary.size)
        for id in 0..<Int32(vocabulary.size) {
            guard let bytes = vocabulary.bytes(of: id), bytes.count > prefix.count,
                bytes.starts(with: prefix)
            else { continue }
            let rest = bytes.dropFirst(prefix.count)
            rest.withUnsafeBufferPointer { _ = continuations.insert($0) }
            continuationIDs.append(id)
        }
    }

    func encode(_ word: UnsafeBufferPointer<UInt8>, into pieces: inout [TokenModel.Piece]) {
        let count = word.count
        if count > maxCharacters,
            count > maxBytes || word.count(where: { $0 & 0xC0 != 0x80 }) > maxCharacters
        {
            pieces.append(.init(id: unknown, start: 0, end: count))
            return
        }
        let first = pieces.count
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count + 1) { hashes in
            var start = 0
            while start < count {
                guard let (id, end) = longest(in: word, from: start, hashes) else {
                    pieces.removeSubrange(first...)
                    pieces.append(.init(id: unknown, start: 0, end: count))
                    return
                }
                pieces.append(.init(id: id, start: start, end: end))
                start = end
            }
        }
    }

    /// The longest token that begins at `start`, and where it ends.
    @inline(__always)
    private func longest(
        in word: UnsafeBufferPointer<UInt8>, from start: Int,
        _ hashes: UnsafeMutableBufferPointer<UInt64>
    ) -> (id: Int32, end: Int)? {
        let longest = start == 0 ? pieces.longestToken : continuations.longest
        let limit = min(word.count, start + longest)
        var hash = ByteTable.seed
        for index in start..<limit {
            hash = ByteTable.step(hash, word[index])
            hashes[index + 1] = hash
        }
        var end = limit
        while end > start {
            // Only whole characters: the byte after the piece must not continue one.
            if end == word.count || word[end] & 0xC0 != 0x80 {
                let piece = UnsafeBufferPointer(rebasing: word[start..<end])
                if start == 0 {
                    if let id = pieces.id(of: piece, hash: hashes[end]) { return (id, end) }
                } else if let number = continuations.find(piece, hash: hashes[end]) {
                    return (continuationIDs[number], end)
                }
            }
            end -= 1
        }
        return nil
    }
}
