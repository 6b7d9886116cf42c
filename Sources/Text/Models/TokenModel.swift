import Storage

/// The third stage: cuts a word into tokens of the vocabulary.
enum TokenModel: Sendable {
    case wordPiece(WordPiece)

    /// A token and the bytes of the word it covers.
    struct Piece {
        var id: Int32
        var start: Int
        var end: Int
    }

    init(json: JSONValue?) throws(TokenizerError) {
        guard let json else { throw .malformed("the model section is missing") }
        switch json["type"]?.string {
        case "WordPiece": self = .wordPiece(try WordPiece(json: json))
        case let type: throw .unsupported("model", type, known: "WordPiece")
        }
    }

    var vocabulary: Vocabulary {
        get {
            switch self {
            case .wordPiece(let model): model.vocabulary
            }
        }
        set {
            switch self {
            case .wordPiece(var model):
                model.vocabulary = newValue
                self = .wordPiece(model)
            }
        }
    }

    var unknown: Int32? {
        switch self {
        case .wordPiece(let model): model.unknown
        }
    }

    func isContinuation(_ id: Int32) -> Bool {
        switch self {
        case .wordPiece(let model): model.isContinuation(id)
        }
    }

    /// Appends the pieces of a non-empty word.
    @inline(__always)
    func encode(_ word: UnsafeBufferPointer<UInt8>, into pieces: inout [Piece]) {
        switch self {
        case .wordPiece(let model): model.encode(word, into: &pieces)
        }
    }
}
