extension Tokenizer {
    /// The tokens of a text.
    ///
    /// May be called from many threads at once.
    ///
    /// - Parameters:
    ///   - addSpecialTokens: whether the post-processor's tokens ([CLS], [SEP]) are added.
    ///   - maxTokens: keeps the first tokens of the text so that the result, specials included,
    ///     has at most this many.
    package func encode(
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
            limit: maxTokens.map { max(0, $0 - before.count - after.count) } ?? .max)
        pass.encoding.ids.reserveCapacity(text.count / 4 + 8)
        pass.encoding.offsets.reserveCapacity(text.count / 4 + 8)
        for id in before { pass.encoding.append(id, 0..<0) }
        pass.limit = pass.limit == .max ? .max : pass.limit + before.count
        pass.specials = before.count
        pass.run(text, self)
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
    var limit: Int
    /// How many special tokens stand before those of the text.
    var specials = 0
    var encoding = Encoding()
    private var normalized = NormalizedText()
    private var normalizing = Normalizer.Scratch()
    private var cut = CutText()
    private var pieces: [TokenModel.Piece] = []
    private var scratch = TokenModel.Scratch()

    // The tokenizer is handed down: a copy in here would cost as much as a short text.

    init(limit: Int) {
        self.limit = limit
    }

    var isFull: Bool { encoding.count >= limit }

    mutating func run(_ text: UnsafeBufferPointer<UInt8>, _ tokenizer: borrowing Tokenizer) {
        var taken = 0
        var index = 0
        while !isFull {
            let match = tokenizer.added.raw.next(text, from: index, taken: taken)
            let end = match?.range.lowerBound ?? text.count
            if taken < end { segment(text, taken..<end, tokenizer) }
            guard let match else { return }
            if !isFull, !match.range.isEmpty {
                append(
                    match, UnsafeBufferPointer(rebasing: text[match.range]), match.range, text,
                    tokenizer.trimmer)
            }
            taken = match.range.upperBound
            index = match.end
        }
    }

    /// A stretch of the original text without raw added tokens.
    private mutating func segment(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ tokenizer: borrowing Tokenizer
    ) {
        tokenizer.normalizer.normalize(text, range, into: &normalized, &normalizing)
        var taken = 0
        var index = 0
        while !isFull {
            let match = normalized.bytes.withUnsafeBufferPointer {
                tokenizer.added.normalized.next($0, from: index, taken: taken)
            }
            guard let match else {
                if taken == 0 {
                    cut.take(&normalized)
                } else if taken < normalized.count {
                    cut.take(normalized, taken..<normalized.count)
                } else {
                    return
                }
                words(text, tokenizer)
                return
            }
            if taken < match.range.lowerBound {
                cut.take(normalized, taken..<match.range.lowerBound)
                words(text, tokenizer)
            }
            if !isFull, !match.range.isEmpty {
                let bytes = Array(normalized.bytes[match.range])
                bytes.withUnsafeBufferPointer {
                    append(
                        match, $0, normalized.original(match.range), text, tokenizer.trimmer)
                }
            }
            taken = match.range.upperBound
            index = match.end
        }
    }

    /// The text that ``cut`` holds, which has no added tokens.
    private mutating func words(
        _ text: UnsafeBufferPointer<UInt8>, _ tokenizer: borrowing Tokenizer
    ) {
        tokenizer.preTokenizer.apply(to: &cut)
        pieces.removeAll(keepingCapacity: true)
        let words = cut.words
        cut.text.bytes.withUnsafeBufferPointer { [limit, count = encoding.count] bytes in
            tokenizer.model.encode(
                words, of: bytes, limit: limit - count, into: &pieces, &scratch)
        }
        for piece in pieces {
            if isFull { return }
            var range = piece.start < piece.end ? cut.text.original(piece.start..<piece.end) : 0..<0
            if let trimmer = tokenizer.trimmer {
                range = trimmer.trim(range, piece.id, index: encoding.count - specials, text)
            }
            encoding.append(piece.id, range)
        }
    }

    /// An added token, which may have matched more than its spelling.
    private mutating func append(
        _ match: TokenMatcher.Match, _ matched: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
        _ text: UnsafeBufferPointer<UInt8>, _ trimmer: OffsetTrimmer?
    ) {
        var range = range
        if let trimmer {
            let token = String(decoding: matched, as: UTF8.self)
            range = trimmer.trim(
                range, .init(of: token.unicodeScalars), index: encoding.count - specials, text)
        }
        encoding.append(match.id, range)
    }
}
