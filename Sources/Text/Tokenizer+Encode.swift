extension Tokenizer {
    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - addSpecialTokens: whether the post-processor's tokens ([CLS], [SEP]) are added.
    ///   - maxTokens: keeps the first tokens of the text so that the result, specials included,
    ///     has at most this many.
    public func encode(
        _ text: String, addSpecialTokens: Bool = true, maxTokens: Int? = nil
    ) -> Encoding {
        var text = text
        return text.withUTF8 {
            encode(utf8: $0, addSpecialTokens: addSpecialTokens, maxTokens: maxTokens)
        }
    }

    /// The tokens of valid UTF-8 text; see ``encode(_:addSpecialTokens:maxTokens:)``.
    func encode(
        utf8 text: UnsafeBufferPointer<UInt8>, addSpecialTokens: Bool, maxTokens: Int?
    ) -> Encoding {
        precondition(text.count < Int(UInt32.max), "a text must be smaller than 4 GiB")
        let before = addSpecialTokens ? postProcessor.before : []
        let after = addSpecialTokens ? postProcessor.after : []
        var pass = EncodingPass(
            tokenizer: self,
            limit: maxTokens.map { max(0, $0 - before.count - after.count) } ?? .max)
        pass.encoding.ids.reserveCapacity(text.count / 4 + 8)
        pass.encoding.offsets.reserveCapacity(text.count / 4 + 8)
        for id in before { pass.encoding.append(id, 0..<0) }
        pass.limit = pass.limit == .max ? .max : pass.limit + before.count
        pass.run(text)
        for id in after { pass.encoding.append(id, 0..<0) }
        if let maxTokens, pass.encoding.count > maxTokens {
            pass.encoding.ids.removeSubrange(max(0, maxTokens)...)
            pass.encoding.offsets.removeSubrange(max(0, maxTokens)...)
        }
        return pass.encoding
    }
}

/// One run over a text, with the buffers that its segments share.
private struct EncodingPass {
    let tokenizer: Tokenizer
    var limit: Int
    var encoding = Encoding()
    private var normalized = NormalizedText()
    private var words: [Range<Int>] = []
    private var pieces: [TokenModel.Piece] = []

    init(tokenizer: Tokenizer, limit: Int) {
        self.tokenizer = tokenizer
        self.limit = limit
    }

    var isFull: Bool { encoding.count >= limit }

    mutating func run(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < text.count, !isFull {
            let match = tokenizer.added.raw.next(text, from: index, end: text.count)
            segment(text, index..<(match?.range.lowerBound ?? text.count))
            guard let match else { return }
            if !isFull { encoding.append(match.id, match.range) }
            index = match.range.upperBound
        }
    }

    /// A stretch of the original text without raw added tokens.
    private mutating func segment(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        normalized.removeAll()
        tokenizer.normalizer.normalize(text, range, into: &normalized)
        // The buffers move out for the duration, so that the closure may change `self`.
        let bytes = normalized.bytes
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count, !isFull {
                let match = tokenizer.added.normalized.next(bytes, from: index, end: bytes.count)
                stretch(bytes, index..<(match?.range.lowerBound ?? bytes.count))
                guard let match else { return }
                if !isFull { encoding.append(match.id, normalized.original(match.range)) }
                index = match.range.upperBound
            }
        }
    }

    /// A stretch of normalised text without added tokens.
    private mutating func stretch(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        words.removeAll(keepingCapacity: true)
        tokenizer.preTokenizer.split(bytes, range, into: &words)
        for word in words {
            pieces.removeAll(keepingCapacity: true)
            tokenizer.model.encode(UnsafeBufferPointer(rebasing: bytes[word]), into: &pieces)
            for piece in pieces {
                if isFull { return }
                let covered = word.lowerBound + piece.start..<word.lowerBound + piece.end
                encoding.append(piece.id, normalized.original(covered))
            }
        }
    }
}
