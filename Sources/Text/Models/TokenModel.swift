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

    /// Appends the pieces of words, none of them empty, with their places in the text; stops
    /// between words once there are `limit` pieces.
    func encode(
        _ words: [Range<Int>], of text: UnsafeBufferPointer<UInt8>, limit: Int,
        into pieces: inout [Piece], _ scratch: inout Scratch
    ) {
        // The loop stands inside the cases: taking the model out of its case costs more than a
        // short word.
        switch self {
        case .wordPiece(let model):
            TokenModel.forEach(words, text, limit, &pieces) { model.encode($0, into: &$1) }
        case .bpe(let model):
            TokenModel.forEach(words, text, limit, &pieces) {
                model.encode($0, into: &$1, &scratch.queue)
            }
        case .unigram(let model):
            TokenModel.forEach(words, text, limit, &pieces) {
                model.encode($0, into: &$1, &scratch.lattice)
            }
        case .wordLevel(let model):
            TokenModel.forEach(words, text, limit, &pieces) { model.encode($0, into: &$1) }
        }
    }

    @inline(__always)
    private static func forEach(
        _ words: [Range<Int>], _ text: UnsafeBufferPointer<UInt8>, _ limit: Int,
        _ pieces: inout [Piece], _ encode: (UnsafeBufferPointer<UInt8>, inout [Piece]) -> Void
    ) {
        for word in words {
            if pieces.count >= limit { return }
            let first = pieces.count
            encode(UnsafeBufferPointer(rebasing: text[word]), &pieces)
            for index in first..<pieces.count {
                pieces[index].start += word.lowerBound
                pieces[index].end += word.lowerBound
            }
        }
    }
}
