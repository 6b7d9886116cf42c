import Storage

/// Byte-pair encoding (Sennrich et al. 2016): characters or bytes that merge, pair by pair, in the
/// order in which the merges were learnt.
struct BPE: Sendable {
    var vocabulary: Vocabulary
    let unknown: Int32?
    let fusesUnknown: Bool
    let ignoresMerges: Bool
    /// What tokens that do not begin a word begin with; empty for most models.
    let prefix: [UInt8]
    /// What tokens that end a word end with; empty for most models.
    let suffix: [UInt8]
    /// Whether words come as bytes, whose alphabet the vocabulary spells.
    let isByteLevel: Bool

    private let merges: MergeTable
    /// The token of each byte of a byte-level word, or of each ASCII character; -1 without one.
    private let alphabet: [Int32]
    /// The tokens of bytes that no token spells; empty without `byte_fallback`, -1 for those
    /// that are missing.
    private let fallback: [Int32]
    /// The model's own tokens, without those that were added; in bytes for a byte-level model.
    private let tokens: ByteTable
    private let tokenIDs: [Int32]
    private let cache = WordCache()

    /// Reads a model section; `isByteLevel` says whether words come as bytes.
    init(json: JSONValue, isByteLevel: Bool) throws(TokenizerError) {
        let vocabulary = try Vocabulary(json: json["vocab"])
        self.vocabulary = vocabulary
        if let dropout = json["dropout"], !dropout.isNull, dropout.number != 0 {
            throw TokenizerError(.unsupported, "model.dropout is not supported")
        }
        fusesUnknown = try BPE.flag(json, "fuse_unk")
        ignoresMerges = try BPE.flag(json, "ignore_merges")
        prefix = try BPE.text(json, "continuing_subword_prefix")
        suffix = try BPE.text(json, "end_of_word_suffix")
        unknown = json["unk_token"]?.string.flatMap { vocabulary.id(of: $0) }
        if unknown == nil, !isByteLevel, let token = json["unk_token"]?.string {
            throw .malformed("the unknown token \(token) is not in model.vocab")
        }
        merges = try BPE.merges(json["merges"], vocabulary, prefixLength: prefix.count)
        self.isByteLevel = isByteLevel
        fallback =
            try BPE.flag(json, "byte_fallback")
            ? ByteFallback.tokens.map { vocabulary.id(of: $0) ?? -1 } : []
        alphabet =
            isByteLevel
            ? ByteLevelAlphabet.scalars.map { vocabulary.id(of: String(Character($0))) ?? -1 }
            : (0..<128).map { vocabulary.id(of: String(Character(Unicode.Scalar(UInt8($0))))) ?? -1 }
        (tokens, tokenIDs) = BPE.tokens(of: vocabulary, isByteLevel: isByteLevel)
    }

    /// Whether a byte-level model can be run on bytes; `byte_fallback`, which spells the bytes of
    /// the alphabet's characters, and affixes ask for the characters themselves.
    static func runsOnBytes(_ json: JSONValue) -> Bool {
        json["byte_fallback"]?.bool != true
            && (json["continuing_subword_prefix"]?.string ?? "").isEmpty
            && (json["end_of_word_suffix"]?.string ?? "").isEmpty
    }

    private static func flag(_ json: JSONValue, _ name: String) throws(TokenizerError) -> Bool {
        guard let value = json[name], !value.isNull else { return false }
        guard let flag = value.bool else { throw .malformed("model.\(name) must be a flag") }
        return flag
    }

    private static func text(_ json: JSONValue, _ name: String) throws(TokenizerError) -> [UInt8] {
        guard let value = json[name], !value.isNull else { return [] }
        guard let text = value.string else { throw .malformed("model.\(name) must be a string") }
        return Array(text.utf8)
    }

    private static func tokens(
        of vocabulary: Vocabulary, isByteLevel: Bool
    ) -> (ByteTable, [Int32]) {
        var table = ByteTable(minimumCapacity: vocabulary.size)
        var ids: [Int32] = []
        for id in 0..<Int32(vocabulary.size) {
            guard let token = vocabulary.token(id) else { continue }
            // Tokens outside the alphabet never occur in a byte-level text.
            guard let bytes = isByteLevel ? ByteLevelAlphabet.decode(token) : Array(token.utf8)
            else { continue }
            let isNew = bytes.withUnsafeBufferPointer { table.insert($0).isNew }
            if isNew { ids.append(id) }
        }
        return (table, ids)
    }

    // MARK: Encoding

    /// Appends the pieces of a non-empty word.
    func encode(
        _ word: UnsafeBufferPointer<UInt8>, into pieces: inout [TokenModel.Piece],
        _ queue: inout MergeQueue
    ) {
        guard word.count <= WordCache.longestWord else {
            if ignoresMerges, let number = tokens.find(word) {
                pieces.append(.init(id: tokenIDs[number], start: 0, end: word.count))
                return
            }
            merge(word, into: &pieces, &queue)
            return
        }
        let hash = ByteTable.hash(word)
        if cache.find(word, hash: hash, into: &pieces) { return }
        let first = pieces.count
        if ignoresMerges, let number = tokens.find(word, hash: hash) {
            pieces.append(.init(id: tokenIDs[number], start: 0, end: word.count))
        } else {
            merge(word, into: &pieces, &queue)
        }
        cache.insert(word, hash: hash, pieces[first...])
    }

    private func merge(
        _ word: UnsafeBufferPointer<UInt8>, into pieces: inout [TokenModel.Piece],
        _ queue: inout MergeQueue
    ) {
        queue.removeAll()
        var unknowns = UnknownRun(id: unknown, isFused: fusesUnknown)
        var index = 0
        while index < word.count {
            let length = isByteLevel ? 1 : word.length(at: index)
            let id = symbol(word, index, length)
            if id >= 0 {
                unknowns.flush(into: &queue)
                queue.append(id, length: length)
            } else if !appendFallback(word, index..<index + length, into: &queue) {
                unknowns.add(length, into: &queue)
            }
            index += length
        }
        unknowns.flush(into: &queue)
        queue.merge(merges, into: &pieces)
    }

    /// Characters that no token spells, which become one unknown token or one each.
    private struct UnknownRun {
        let id: Int32?
        let isFused: Bool
        private var length = 0

        init(id: Int32?, isFused: Bool) {
            self.id = id
            self.isFused = isFused
        }

        mutating func add(_ count: Int, into queue: inout MergeQueue) {
            // Without an unknown token the character is lost, as in the reference.
            guard id != nil else { return }
            if !isFused { flush(into: &queue) }
            length += count
        }

        mutating func flush(into queue: inout MergeQueue) {
            guard let id, length > 0 else { return }
            queue.append(id, length: length)
            length = 0
        }
    }

    /// The token of one character (or byte); -1 without one.
    @inline(__always)
    private func symbol(_ word: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int) -> Int32 {
        if isByteLevel { return alphabet[Int(word[index])] }
        let isFirst = index == 0
        let isLast = index + length == word.count
        if (isFirst || prefix.isEmpty) && (!isLast || suffix.isEmpty) {
            if length == 1 { return alphabet[Int(word[index])] }
            let character = UnsafeBufferPointer(rebasing: word[index..<index + length])
            return tokens.find(character).map { tokenIDs[$0] } ?? -1
        }
        let affixed =
            (isFirst ? [] : prefix) + word[index..<index + length] + (isLast ? suffix : [])
        return affixed.withUnsafeBufferPointer { tokens.find($0).map { tokenIDs[$0] } ?? -1 }
    }

    /// Appends the tokens of a character's bytes; false when one of them is missing.
    private func appendFallback(
        _ word: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into queue: inout MergeQueue
    ) -> Bool {
        guard !fallback.isEmpty else { return false }
        var bytes = Array(word[range])
        if range.lowerBound > 0 { bytes = prefix + bytes }
        if range.upperBound == word.count { bytes += suffix }
        guard bytes.allSatisfy({ fallback[Int($0)] >= 0 }) else { return false }
        // As in the reference, unknown characters before these stay where they are: behind.
        for byte in bytes { queue.append(fallback[Int(byte)], length: 1) }
        return true
    }
}
