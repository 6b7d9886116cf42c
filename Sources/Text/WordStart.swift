import Storage

/// How the spelling of a token tells whether it begins a word.
enum WordStart: Sendable {
    /// Every token is taken for a word of its own: no spelling tells.
    case always
    /// Tokens that continue a word begin with this.
    case unless(prefix: [UInt8])
    /// Tokens that begin a word begin with one of these.
    case only([[UInt8]])
    /// SentencePiece's: tokens that begin a word begin with its mark, with what is neither letter nor digit, or with a letter of
    /// a script that runs words together, where no mark could tell.
    case marked([UInt8])

    init(model: TokenModel, json: JSONValue) {
        switch model {
        case .wordLevel: self = .always
        case .wordPiece(let model): self = .unless(prefix: model.prefix)
        case .bpe(let model) where !model.prefix.isEmpty: self = .unless(prefix: model.prefix)
        // Words that are marked at their end: only the token before tells.
        case .bpe(let model) where !model.suffix.isEmpty: self = .always
        case .bpe, .unigram:
            if WordStart.has("ByteLevel", json["pre_tokenizer"])
                || WordStart.has("ByteLevel", json["normalizer"])
            {
                let spaces = (UInt8.min...UInt8.max).filter { (0x09...0x0D).contains($0) || $0 == 0x20 }
                self = .only(spaces.map { ByteLevelAlphabet.utf8[Int($0)] })
            } else if let mark = WordStart.mark(json) {
                self = .marked(Array(mark.utf8))
            } else {
                self = .always
            }
        }
    }

    /// Whether a token that is neither special nor added continues the word before it.
    func isContinuation(_ token: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .always: false
        case .unless(let prefix): token.count > prefix.count && token.starts(with: prefix)
        case .only(let starts): !starts.contains { token.starts(with: $0) }
        case .marked(let mark):
            !token.starts(with: mark)
                && String(decoding: token, as: UTF8.self).unicodeScalars.first.map(WordStart.continues) ?? false
        }
    }

    private static func continues(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x31F0...0x31FF: return false
        default: break
        }
        let properties = scalar.properties
        if properties.isIdeographic { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: return true
        default: return properties.isAlphabetic || properties.numericType != nil
        }
    }

    private static func parts(_ json: JSONValue?) -> [JSONValue] {
        guard let json else { return [] }
        for list in ["normalizers", "pretokenizers", "decoders"] {
            if let parts = json[list]?.array { return parts.flatMap(parts(_:)) }
        }
        return [json]
    }

    private static func has(_ type: String, _ section: JSONValue?) -> Bool {
        parts(section).contains { $0["type"]?.string == type }
    }

    /// What SentencePiece models put in the place of a space.
    private static func mark(_ json: JSONValue) -> String? {
        for part in parts(json["pre_tokenizer"]) + parts(json["decoder"])
        where part["type"]?.string == "Metaspace" {
            return part["replacement"]?.string ?? "\u{2581}"
        }
        for part in parts(json["normalizer"]) where part["type"]?.string == "Replace" {
            if part["pattern"]?["String"]?.string == " " { return part["content"]?.string }
        }
        return nil
    }
}
