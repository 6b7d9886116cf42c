/// All trimmings of a tokenizer, with the spaces of each token counted beforehand.
struct OffsetTrimmer: Sendable {
    private let trimmings: [OffsetTrimming]
    /// Spaces at the start and the end of each token's spelling, by number.
    private let spaces: [(leading: UInt16, trailing: UInt16)]

    /// Nil when there is nothing to trim.
    init?(_ trimmings: [OffsetTrimming], _ vocabulary: Vocabulary) {
        guard !trimmings.isEmpty else { return nil }
        self.trimmings = trimmings
        spaces = (0..<Int32(vocabulary.size)).map { id in
            guard let token = vocabulary.token(id) else { return (0, 0) }
            let spaces = OffsetTrimming.Spaces(of: token.unicodeScalars)
            return (UInt16(clamping: spaces.leading), UInt16(clamping: spaces.trailing))
        }
    }

    /// The range of a token of the model without its spaces.
    @inline(__always)
    func trim(
        _ range: Range<Int>, _ id: Int32, index: Int, _ text: UnsafeBufferPointer<UInt8>
    ) -> Range<Int> {
        let (leading, trailing) = spaces[Int(id)]
        if leading == 0, trailing == 0 { return range }
        return trim(
            range, .init(leading: Int(leading), trailing: Int(trailing)), index: index, text)
    }

    /// The range of a token whose spelling has these spaces, without them.
    func trim(
        _ range: Range<Int>, _ spaces: OffsetTrimming.Spaces, index: Int,
        _ text: UnsafeBufferPointer<UInt8>
    ) -> Range<Int> {
        trimmings.reduce(range) { $1.trim($0, spaces, index: index, text) }
    }
}
