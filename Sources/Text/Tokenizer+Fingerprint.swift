import Storage

extension Tokenizer {
    /// Hashes each section in a fixed order: options with sorted members, the vocabulary in order
    /// of its numbers.
    static func fingerprint(_ json: JSONValue, _ vocabulary: Vocabulary) -> String {
        var hash = SHA256()
        for section in ["normalizer", "pre_tokenizer", "post_processor", "decoder", "added_tokens"] {
            add(section, json[section] ?? .null, to: &hash)
        }
        let options = (json["model"]?.members ?? []).filter { $0.key != "vocab" }
        add("model", .object(options), to: &hash)
        if case .array? = json["model"]?["vocab"] {
            // The scores of a Unigram model stand in its vocabulary.
            add("scores", json["model"]?["vocab"] ?? .null, to: &hash)
        }
        var buffer: [UInt8] = []
        for id in 0..<Int32(vocabulary.size) {
            guard let token = vocabulary.bytes(of: id) else { continue }
            append(Int(id), to: &buffer)
            append(token.count, to: &buffer)
            buffer.append(contentsOf: token)
        }
        hash.update(buffer)
        return hash.hex()
    }

    /// Appends the digits of a number, which is not negative, and a blank; a string of them would take longer than to hash
    /// them.
    private static func append(_ number: Int, to buffer: inout [UInt8]) {
        var (rest, unit) = (number, 1)
        while rest / unit >= 10 { unit *= 10 }
        while unit > 0 {
            buffer.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
        buffer.append(UInt8(ascii: " "))
    }

    private static func add(_ name: String, _ value: JSONValue, to hash: inout SHA256) {
        let bytes = value.bytes(sorted: true)
        // Lengths keep the end of one section from passing for the start of the next.
        hash.update("\(name) \(bytes.count) ")
        hash.update(bytes)
    }
}
