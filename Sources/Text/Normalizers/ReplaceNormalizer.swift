import Storage

/// Puts a text in the place of whatever a pattern matches.
struct ReplaceNormalizer: Sendable {
    /// Longer texts are refused, so that a hostile file cannot make a text explode.
    static let longest = 32

    let pattern: Pattern
    let content: [UInt8]

    init(json: JSONValue) throws(TokenizerError) {
        pattern = try Pattern(json: json["pattern"], "normalizer")
        guard let content = json["content"]?.string,
            content.utf8.count <= ReplaceNormalizer.longest
        else { throw .malformed("normalizer.content must be a short string") }
        self.content = Array(content.utf8)
    }

    /// Writes the text with its replacements; false when nothing matches.
    func apply(
        to text: UnsafeBufferPointer<UInt8>, into output: inout NormalizedText,
        _ scratch: inout Pattern.Scratch
    ) -> Bool {
        var last = 0
        var hasMatch = false
        pattern.forEachMatch(in: text, &scratch) { match in
            if !hasMatch { output.reserve(text.count) }
            hasMatch = true
            output.append(text, last..<match.lowerBound)
            last = match.upperBound
            // What is put in stands for the last character that it replaces, as in the reference.
            let start = last == 0 ? 0 : last - text.scalar(before: last).length
            for byte in content { output.append(byte, from: start, to: last) }
        }
        if hasMatch { output.append(text, last..<text.count) }
        return hasMatch
    }
}
