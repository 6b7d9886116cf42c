import Storage

/// XLM-R's tokenizer (Conneau et al. 2020) over a vocabulary, as a `tokenizer.json`.
///
/// SentencePiece normalises with nmt_nfkc: odd spaces become plain and control characters go, then comes NFKC, which spares the
/// full-width tilde because Japanese writes ranges with it. As no component knows that exception, the tilde is put aside as the
/// last code point of private use.
struct PackedEncoderTokenizer {
    let vocabulary: PackedEncoderFile.Vocabulary

    private static let fullWidthTilde = "\u{FF5E}"
    private static let aside = "\u{10FFFD}"

    init(_ vocabulary: PackedEncoderFile.Vocabulary) { self.vocabulary = vocabulary }

    var json: JSONValue {
        .object([
            .init("version", .string("1.0")), .init("truncation", .null), .init("padding", .null),
            .init("added_tokens", .array(added)), .init("normalizer", Self.normalizer),
            .init(
                "pre_tokenizer",
                Self.component(
                    "Sequence",
                    [.init("pretokenizers", .array([Self.component("WhitespaceSplit"), Self.metaspace]))])),
            .init("post_processor", postProcessor), .init("decoder", Self.metaspace),
            .init(
                "model",
                Self.component(
                    "Unigram",
                    [
                        .init("unk_id", Self.whole(vocabulary.unknown)),
                        .init(
                            "vocab",
                            .array(
                                zip(vocabulary.pieces, vocabulary.scores).map {
                                    .array([.string($0), .number(Double($1))])
                                })),
                        .init("byte_fallback", .bool(false)),
                    ])),
        ])
    }

    private static func whole(_ value: Int) -> JSONValue { .number(Double(value)) }

    private static func component(_ type: String, _ members: [JSONValue.Member] = []) -> JSONValue {
        .object([.init("type", .string(type))] + members)
    }

    private static let metaspace = component(
        "Metaspace",
        [
            .init("replacement", .string("\u{2581}")), .init("prepend_scheme", .string("always")),
            .init("split", .bool(true)),
        ])

    private static let normalizer = component(
        "Sequence",
        [
            .init(
                "normalizers",
                .array([
                    replacing(fullWidthTilde, by: aside), component("Nmt"), component("NFKC"),
                    replacing(aside, by: fullWidthTilde),
                ]))
        ])

    private static func replacing(_ text: String, by content: String) -> JSONValue {
        component(
            "Replace",
            [.init("pattern", .object([.init("String", .string(text))])), .init("content", .string(content))])
    }

    /// The tokens that stand for no text of their own.
    private var special: [Int] {
        let mask = vocabulary.pieces.lastIndex(of: "<mask>")
        let known = [vocabulary.beginning, vocabulary.padding, vocabulary.end, vocabulary.unknown]
        return Set(known + (mask.map { [$0] } ?? [])).sorted()
    }

    private var added: [JSONValue] {
        special.map { id in
            .object([
                .init("id", Self.whole(id)), .init("content", .string(vocabulary.pieces[id])),
                .init("single_word", .bool(false)),
                // A mask stands for a word and takes the space before it along.
                .init("lstrip", .bool(vocabulary.pieces[id] == "<mask>")), .init("rstrip", .bool(false)),
                .init("normalized", .bool(false)), .init("special", .bool(true)),
            ])
        }
    }

    private var postProcessor: JSONValue {
        func part(_ kind: String, _ name: String, _ type: Int) -> JSONValue {
            .object([.init(kind, .object([.init("id", .string(name)), .init("type_id", Self.whole(type))]))])
        }
        let (beginning, end) = (vocabulary.pieces[vocabulary.beginning], vocabulary.pieces[vocabulary.end])
        func framed(_ name: String) -> [JSONValue] {
            [part("SpecialToken", beginning, 0), part("Sequence", name, 0), part("SpecialToken", end, 0)]
        }
        let ids = [(beginning, vocabulary.beginning), (end, vocabulary.end)].map { name, id in
            JSONValue.Member(
                name,
                .object([
                    .init("id", .string(name)), .init("ids", .array([Self.whole(id)])),
                    .init("tokens", .array([.string(name)])),
                ]))
        }
        return Self.component(
            "TemplateProcessing",
            [
                .init("single", .array(framed("A"))), .init("pair", .array(framed("A") + framed("B"))),
                .init("special_tokens", .object(ids)),
            ])
    }
}
