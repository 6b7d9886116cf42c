import Storage

/// Whole words: those of the vocabulary, and the unknown token for all others.
struct WordLevel: Sendable {
    var vocabulary: Vocabulary
    let unknown: Int32?
    /// The model's own words, without tokens that were added.
    private let words: Vocabulary

    init(json: JSONValue) throws(TokenizerError) {
        vocabulary = try Vocabulary(json: json["vocab"])
        words = vocabulary
        unknown = vocabulary.id(of: json["unk_token"]?.string ?? "<unk>")
    }

    /// Appends the token of a word; an unknown word is lost when there is no unknown token.
    func encode(_ word: UnsafeBufferPointer<UInt8>, into pieces: inout [TokenModel.Piece]) {
        if let id = words.id(of: word, hash: ByteTable.hash(word)) ?? unknown {
            pieces.append(.init(id: id, start: 0, end: word.count))
        }
    }
}
