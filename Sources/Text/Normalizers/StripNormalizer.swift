import Storage

/// Takes white space off the ends.
struct StripNormalizer: Sendable {
    let left: Bool
    let right: Bool

    init(json: JSONValue) throws(TokenizerError) {
        guard let left = json["strip_left"]?.bool, let right = json["strip_right"]?.bool else {
            throw .malformed("normalizer.strip_left and strip_right must be flags")
        }
        self.left = left
        self.right = right
    }

    /// Writes the text without the space; false when there is none.
    func apply(to text: UnsafeBufferPointer<UInt8>, into output: inout NormalizedText) -> Bool {
        let space = CommonSets.whitespace.view
        var start = 0
        var end = text.count
        while left, start < end {
            let (scalar, length) = text.scalar(at: start)
            guard space.contains(scalar) else { break }
            start += length
        }
        while right, end > start {
            let (scalar, length) = text.scalar(before: end)
            guard space.contains(scalar) else { break }
            end -= length
        }
        guard start > 0 || end < text.count else { return false }
        output.append(text, start..<end)
        return true
    }
}
