import Storage

/// Turns tokens back into text.
struct TokenDecoder: Sendable {
    /// One rewriting of a list of tokens; a sequence in the file becomes several.
    enum Step: Sendable {
        /// Continuations join without their prefix; `cleanup` takes spaces before punctuation away.
        case wordPiece(prefix: String, cleanup: Bool)
        case byteLevel
        case byteFallback
        case fuse
        case metaspace(Metaspace)
        case replace(Pattern, content: [UInt8])
        case strip(Unicode.Scalar, start: Int, stop: Int)
        case bpe(suffix: Pattern)
    }

    private static let mostSteps = 32

    private(set) var steps: [Step] = []
    /// The types of the steps as the file names them.
    private(set) var names: [String] = []
    /// Without a decoder tokens have a space between them.
    private let joinsWithSpaces: Bool

    init(json: JSONValue?) throws(TokenizerError) {
        guard let json, !json.isNull else {
            joinsWithSpaces = true
            return
        }
        joinsWithSpaces = false
        try add(json)
    }

    private mutating func add(_ json: JSONValue) throws(TokenizerError) {
        guard steps.count < TokenDecoder.mostSteps else {
            throw TokenizerError(.unsupported, "more than \(TokenDecoder.mostSteps) decoders")
        }
        let type = json["type"]?.string
        switch type {
        case "Sequence":
            guard let parts = json["decoders"]?.array else {
                throw .malformed("decoder.decoders must be a list")
            }
            for part in parts { try add(part) }
            return
        case "WordPiece":
            steps.append(
                .wordPiece(
                    prefix: json["prefix"]?.string ?? "##", cleanup: json["cleanup"]?.bool ?? true))
        case "ByteLevel": steps.append(.byteLevel)
        case "ByteFallback": steps.append(.byteFallback)
        case "Fuse": steps.append(.fuse)
        case "Metaspace": steps.append(.metaspace(try Metaspace(json: json, "decoder")))
        case "Replace":
            guard let content = json["content"]?.string,
                content.utf8.count <= ReplaceNormalizer.longest
            else { throw .malformed("decoder.content must be a short string") }
            steps.append(
                .replace(try Pattern(json: json["pattern"], "decoder"), content: Array(content.utf8)))
        case "Strip":
            guard let content = json["content"]?.string?.unicodeScalars, content.count == 1,
                let scalar = content.first, let start = json["start"]?.int, start >= 0,
                let stop = json["stop"]?.int, stop >= 0
            else { throw .malformed("decoder.content, start and stop must be a character and counts") }
            steps.append(.strip(scalar, start: start, stop: stop))
        case "BPEDecoder":
            steps.append(.bpe(suffix: Pattern(literal: json["suffix"]?.string ?? "</w>")))
        default:
            throw .unsupported(
                "decoder", type,
                known: "WordPiece, ByteLevel, ByteFallback, Fuse, Metaspace, Replace, Strip, "
                    + "BPEDecoder or Sequence")
        }
        if let type { names.append(type) }
    }

    /// The text that the tokens spell.
    func decode(_ tokens: [String]) -> String {
        guard !joinsWithSpaces else { return tokens.joined(separator: " ") }
        var tokens = tokens
        for step in steps { TokenDecoder.apply(step, to: &tokens) }
        // Joined by scalars: appending strings looks for clusters across the seams.
        var output = String.UnicodeScalarView()
        for token in tokens { output.append(contentsOf: token.unicodeScalars) }
        return String(output)
    }

    private static func apply(_ step: Step, to tokens: inout [String]) {
        switch step {
        case .wordPiece(let prefix, let cleanup):
            WordPieceDecoding.apply(to: &tokens, prefix: prefix, cleanup: cleanup)
        case .byteLevel: tokens = [byteLevel(tokens)]
        case .byteFallback: tokens = joinBytes(tokens)
        case .fuse: tokens = [tokens.joined()]
        case .metaspace(let metaspace):
            for index in tokens.indices {
                var output = String.UnicodeScalarView()
                for scalar in tokens[index].unicodeScalars {
                    if scalar != metaspace.mark {
                        output.append(scalar)
                    } else if index > 0 || metaspace.prepending == .never {
                        output.append(" ")
                    }
                }
                tokens[index] = String(output)
            }
        case .replace(let pattern, let content):
            for index in tokens.indices { tokens[index] = pattern.replace(tokens[index], content) }
        case .strip(let scalar, let start, let stop):
            for index in tokens.indices {
                tokens[index] = strip(scalar, start, stop, from: tokens[index])
            }
        case .bpe(let suffix):
            for index in tokens.indices {
                let isLast = index == tokens.count - 1
                tokens[index] = suffix.replace(tokens[index], isLast ? [] : [0x20])
            }
        }
    }

    /// The bytes that the tokens spell; those with other characters stand for themselves.
    private static func byteLevel(_ tokens: [String]) -> String {
        var bytes: [UInt8] = []
        for token in tokens {
            bytes.append(contentsOf: ByteLevelAlphabet.decode(token) ?? Array(token.utf8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Joins runs of byte tokens to text; each byte of a run that is not UTF-8 becomes U+FFFD.
    private static func joinBytes(_ tokens: [String]) -> [String] {
        var output: [String] = []
        var bytes: [UInt8] = []
        func flush() {
            if let text = String(validating: bytes, as: UTF8.self) {
                if !bytes.isEmpty { output.append(text) }
            } else {
                output.append(contentsOf: repeatElement("\u{FFFD}", count: bytes.count))
            }
            bytes.removeAll()
        }
        for token in tokens {
            if let byte = ByteFallback.byte(token) {
                bytes.append(byte)
            } else {
                flush()
                output.append(token)
            }
        }
        flush()
        return output
    }

    private static func strip(
        _ scalar: Unicode.Scalar, _ start: Int, _ stop: Int, from token: String
    ) -> String {
        let scalars = Array(token.unicodeScalars)
        let first = scalars.prefix(start).prefix { $0 == scalar }.count
        let last = scalars.count - scalars.suffix(stop).reversed().prefix { $0 == scalar }.count
        var output = String.UnicodeScalarView()
        if first < last { output.append(contentsOf: scalars[first..<last]) }
        return String(output)
    }
}

extension Pattern {
    /// The text with `content` in the place of every match.
    func replace(_ text: String, _ content: [UInt8]) -> String {
        var text = text
        return text.withUTF8 { bytes in
            var output: [UInt8] = []
            var last = 0
            var scratch = Scratch()
            forEachMatch(in: bytes, &scratch) { match in
                output.append(contentsOf: bytes[last..<match.lowerBound])
                output.append(contentsOf: content)
                last = match.upperBound
            }
            output.append(contentsOf: bytes[last...])
            return String(decoding: output, as: UTF8.self)
        }
    }
}
