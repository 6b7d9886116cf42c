import Storage

/// How a family of byte-level vocabularies splits a text into words, by `tokenizer.ggml.pre`.
struct GGUFTokenStyle {
    let normalizer: JSONValue
    let preTokenizer: JSONValue
    /// Whether a word that is a token needs no merges to become it.
    let ignoresMerges: Bool
    /// Whether a text starts with the token of beginning when the file does not say.
    let addsBeginning: Bool

    /// - Throws: ``ModelError`` when the family is not known.
    init(file: GGUFFile) throws(ModelError) {
        var normalizer = JSONValue.null
        var (ignoresMerges, addsBeginning) = (false, false)
        switch file.metadata["tokenizer.ggml.pre"]?.string ?? "default" {
        case "default", "gpt-2":
            preTokenizer = GGUFTokenStyle.byteLevel(usesPattern: true)
        case "smollm":
            let digits = JSONValue.object([
                .init("type", .string("Digits")), .init("individual_digits", .bool(true)),
            ])
            preTokenizer = GGUFTokenStyle.sequence([digits, GGUFTokenStyle.byteLevel(usesPattern: true)])
        case "llama-bpe", "llama3", "llama-v3":
            preTokenizer = GGUFTokenStyle.words(digits: "{1,3}")
            (ignoresMerges, addsBeginning) = (true, true)
        case "qwen2":
            preTokenizer = GGUFTokenStyle.words(digits: "")
            normalizer = .object([.init("type", .string("NFC"))])
        case let name:
            throw .unsupported(
                path: file.path,
                reason: "tokenizer.ggml.pre is \(name); expected gpt-2, smollm, llama-bpe or qwen2, "
                    + "or the model's tokenizer.json beside the file")
        }
        self.normalizer = normalizer
        self.ignoresMerges = ignoresMerges
        self.addsBeginning = addsBeginning
    }

    /// Bytes as letters; `usesPattern` splits into words as GPT-2 does.
    static func byteLevel(usesPattern: Bool) -> JSONValue {
        .object([
            .init("type", .string("ByteLevel")), .init("add_prefix_space", .bool(false)),
            .init("trim_offsets", .bool(true)), .init("use_regex", .bool(usesPattern)),
        ])
    }

    private static func sequence(_ parts: [JSONValue]) -> JSONValue {
        .object([.init("type", .string("Sequence")), .init("pretokenizers", .array(parts))])
    }

    /// Contractions, words with a sign before them, runs of digits, signs, line ends and spaces.
    private static func words(digits: String) -> JSONValue {
        let pattern =
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"# + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        let split = JSONValue.object([
            .init("type", .string("Split")),
            .init("pattern", .object([.init("Regex", .string(pattern))])),
            .init("behavior", .string("Isolated")), .init("invert", .bool(false)),
        ])
        return sequence([split, byteLevel(usesPattern: false)])
    }
}
