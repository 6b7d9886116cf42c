import Storage

/// The third stage: cuts a word into tokens of the vocabulary.
enum TokenModel: Sendable {
    case wordPiece(WordPiece)
    case bpe(BPE)
    case unigram(Unigram)
    case wordLevel(WordLevel)

    /// A token and the bytes of the word it covers.
    struct Piece {
        var id: Int32
        var start: Int
        var end: Int
    }

    /// Buffers that words share; one thread's.
    struct Scratch {
        fileprivate var queue = MergeQueue()
        fileprivate var lattice = Unigram.Lattice()

        init() {}
    }

    /// Reads the `model` section; `isByteLevel` says whether a BPE model gets bytes for words.
    init(json: JSONValue?, isByteLevel: Bool) throws(TokenizerError) {
        guard let json else { throw .malformed("the model section is missing") }
        switch TokenModel.type(of: json) {
        case "WordPiece": self = .wordPiece(try WordPiece(json: json))
        case "BPE": self = .bpe(try BPE(json: json, isByteLevel: isByteLevel))
        case "Unigram": self = .unigram(try Unigram(json: json))
        case "WordLevel": self = .wordLevel(try WordLevel(json: json))
        case let type:
            throw .unsupported("model", type, known: "WordPiece, BPE, Unigram or WordLevel")
        }
    }

    /// The model's type; files from before there were types are told apart by their members.
    static func type(of json: JSONValue) -> String? {
        if let type = json["type"] { return type.string }
        if json["merges"] != nil { return "BPE" }
        if json["vocab"]?.array != nil { return "Unigram" }
        if json["max_input_chars_per_word"] != nil { return "WordPiece" }
        return json["vocab"] != nil && json["unk_token"] != nil ? "WordLevel" : nil
    }

    var vocabulary: Vocabulary {
        get {
            switch self {
            case .wordPiece(let model): model.vocabulary
            case .bpe(let model): model.vocabulary
            case .unigram(let model): model.vocabulary
            case .wordLevel(let model): model.vocabulary
            }
        }
        set {
            switch self {
            case .wordPiece(var model):
                model.vocabulary = newValue
                self = .wordPiece(model)
            case .bpe(var model):
                model.vocabulary = newValue
                self = .bpe(model)
            case .unigram(var model):
                model.vocabulary = newValue
                self = .unigram(model)
            case .wordLevel(var model):
                model.vocabulary = newValue
                self = .wordLevel(model)
            }
        }
    }

    /// The model's type as the file names it.
    var kind: String {
        switch self {
        case .wordPiece: "WordPiece"
        case .bpe: "BPE"
        case .unigram: "Unigram"
        case .wordLevel: "WordLevel"
        }
    }

    var unknown: Int32? {
        switch self {
        case .wordPiece(let model): model.unknown
        case .bpe(let model): model.unknown
        case .unigram(let model): model.unknown
        case .wordLevel(let model): model.unknown
        }
    }

    /// Appends the pieces of a non-empty word.
    @inline(__always)
    func encode(
        _ word: UnsafeBufferPointer<UInt8>, into pieces: inout [Piece], _ scratch: inout Scratch
    ) {
        switch self {
        case .wordPiece(let model): model.encode(word, into: &pieces)
        case .bpe(let model): model.encode(word, into: &pieces, &scratch.queue)
        case .unigram(let model): model.encode(word, into: &pieces, &scratch.lattice)
        case .wordLevel(let model): model.encode(word, into: &pieces)
        }
    }
}
