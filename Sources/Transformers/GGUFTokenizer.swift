import Memory
import Storage

/// Writes the byte-level BPE vocabulary of a GGUF file as a Hugging Face `tokenizer.json`.
struct GGUFTokenizer {
    let file: GGUFFile

    /// Kinds of tokens in `tokenizer.ggml.token_type`.
    private static let control = 3
    private static let userDefined = 4

    private func fault(_ reason: String) -> ModelError {
        .malformed(path: file.path, reason: reason)
    }

    private func strings(_ key: String) throws(ModelError) -> [String] {
        guard let values = file.metadata["tokenizer.ggml.\(key)"]?.array else {
            throw fault("there is no tokenizer.ggml.\(key)")
        }
        let texts = values.compactMap(\.string)
        guard texts.count == values.count else { throw fault("tokenizer.ggml.\(key) must hold texts") }
        return texts
    }

    /// - Throws: ``ModelError`` when the vocabulary is damaged, or is none of byte-level BPE whose
    ///   way of splitting words is known.
    func json() throws(ModelError) -> JSONValue {
        guard let model = file.metadata["tokenizer.ggml.model"]?.string else {
            throw fault("there is no tokenizer.ggml.model")
        }
        guard model == "gpt2" else {
            throw .unsupported(
                path: file.path,
                reason: "its vocabulary is of the kind \(model), which is not read; "
                    + "put the model's tokenizer.json beside the file")
        }
        let tokens = try strings("tokens")
        let merges = try strings("merges")
        let style = try GGUFTokenStyle(file: file)
        return .object([
            .init("version", .string("1.0")),
            .init("truncation", .null),
            .init("padding", .null),
            .init("added_tokens", .array(try added(tokens))),
            .init("normalizer", style.normalizer),
            .init("pre_tokenizer", style.preTokenizer),
            .init("post_processor", try postProcessor(tokens, style)),
            .init("decoder", GGUFTokenStyle.byteLevel(usesPattern: true)),
            .init(
                "model",
                .object([
                    .init("type", .string("BPE")),
                    .init("dropout", .null),
                    .init("unk_token", .null),
                    .init("continuing_subword_prefix", .null),
                    .init("end_of_word_suffix", .null),
                    .init("fuse_unk", .bool(false)),
                    .init("byte_fallback", .bool(false)),
                    .init("ignore_merges", .bool(style.ignoresMerges)),
                    .init(
                        "vocab",
                        .object(tokens.enumerated().map { .init($1, .number(Double($0))) })),
                    .init("merges", .array(merges.map { .string($0) })),
                ])),
        ])
    }

    /// The tokens that are found in a text before it is split.
    private func added(_ tokens: [String]) throws(ModelError) -> [JSONValue] {
        guard let kinds = file.metadata["tokenizer.ggml.token_type"]?.array else { return [] }
        guard kinds.count == tokens.count else {
            throw fault("\(kinds.count) tokenizer.ggml.token_type for \(tokens.count) tokens")
        }
        var added: [JSONValue] = []
        for (id, kind) in kinds.enumerated() {
            guard let kind = kind.int else { throw fault("tokenizer.ggml.token_type must hold numbers") }
            guard kind == GGUFTokenizer.control || kind == GGUFTokenizer.userDefined,
                !tokens[id].isEmpty
            else { continue }
            added.append(
                .object([
                    .init("id", .number(Double(id))),
                    .init("content", .string(tokens[id])),
                    .init("single_word", .bool(false)),
                    .init("lstrip", .bool(false)),
                    .init("rstrip", .bool(false)),
                    .init("normalized", .bool(false)),
                    .init("special", .bool(kind == GGUFTokenizer.control)),
                ]))
        }
        return added
    }

    /// Puts the tokens of beginning and end around a text where the file asks for it.
    private func postProcessor(
        _ tokens: [String], _ style: GGUFTokenStyle
    ) throws(ModelError) -> JSONValue {
        func token(_ name: String, by default: Bool) throws(ModelError) -> Int? {
            guard file.metadata["tokenizer.ggml.add_\(name)_token"]?.bool ?? `default` else { return nil }
            guard let id = file.metadata["tokenizer.ggml.\(name)_token_id"]?.int,
                tokens.indices.contains(id)
            else { throw fault("tokenizer.ggml.\(name)_token_id is no token") }
            return id
        }
        let before = try token("bos", by: style.addsBeginning)
        let after = try token("eos", by: false)
        guard before != nil || after != nil else { return GGUFTokenStyle.byteLevel(usesPattern: true) }
        func part(_ kind: String, _ name: String, _ type: Int) -> JSONValue {
            let facts: [JSONValue.Member] = [
                .init("id", .string(name)), .init("type_id", .number(Double(type))),
            ]
            return .object([.init(kind, .object(facts))])
        }
        func sequence(_ name: String, _ type: Int) -> [JSONValue] {
            (before.map { [part("SpecialToken", tokens[$0], type)] } ?? [])
                + [part("Sequence", name, type)]
                + (after.map { [part("SpecialToken", tokens[$0], type)] } ?? [])
        }
        let specials = Set([before, after].compactMap(\.self)).sorted().map { id in
            JSONValue.Member(
                tokens[id],
                .object([
                    .init("id", .string(tokens[id])), .init("ids", .array([.number(Double(id))])),
                    .init("tokens", .array([.string(tokens[id])])),
                ]))
        }
        return .object([
            .init("type", .string("TemplateProcessing")),
            .init("single", .array(sequence("A", 0))),
            .init("pair", .array(sequence("A", 0) + sequence("B", 1))),
            .init("special_tokens", .object(specials)),
        ])
    }
}
