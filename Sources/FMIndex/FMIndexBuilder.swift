import Memory
import Succinct

/// Collects the tokens of passages and freezes them into an ``FMIndex``.
public struct FMIndexBuilder {
    /// The corpus does not fit one index.
    public struct TooLarge: Error, CustomStringConvertible {
        public let tokens: Int
        public var description: String {
            "the corpus has \(tokens) tokens; one index holds up to \(SuffixArray.maximumLength - 2)"
        }
    }

    private let documentEnd: Int32
    private let titleEnd: Int32
    private var tokens: [Int32] = []
    private var starts: [Int] = [0]

    /// Starts an empty index. The two marks may occur nowhere else in the passages' tokens.
    public init(documentEnd: Int32, titleEnd: Int32) {
        precondition(documentEnd >= 0 && titleEnd >= 0 && documentEnd != titleEnd)
        self.documentEnd = documentEnd
        self.titleEnd = titleEnd
    }

    public var tokenCount: Int { tokens.count }
    public var documentCount: Int { starts.count - 1 }

    /// Adds the next passage: title, title end, body, document end. An empty title has no title end.
    public mutating func add(title: some Collection<Int32>, body: some Collection<Int32>) {
        if !title.isEmpty {
            tokens.append(contentsOf: title)
            tokens.append(titleEnd)
        }
        tokens.append(contentsOf: body)
        tokens.append(documentEnd)
        starts.append(tokens.count)
    }

    /// The two long parts of a build.
    public enum Stage: Sendable {
        case suffixArray
        case waveletMatrix
    }

    /// Sorts and freezes; `progress` is told of each stage as it starts.
    ///
    /// Peak memory beside the tokens: some 12 bytes a token.
    public consuming func build(progress: (Stage) -> Void = { _ in }) throws(TooLarge) -> FMIndex {
        let tokenCount = tokens.count
        let textLength = tokenCount + 2
        guard textLength <= SuffixArray.maximumLength else { throw TooLarge(tokens: tokenCount) }
        let alphabet = Alphabet(tokens: tokens, documentEnd: documentEnd)
        let size = alphabet.tokenOfCode.count + 1
        let starts = starts
        let levels = PackedInts.width(forLargest: size - 1)
        let codes = PackedInts(count: tokenCount, width: levels) { [tokens] in
            UInt64(alphabet.codeOfToken[Int(tokens[$0])])
        }

        progress(.suffixArray)
        let text = UnsafeMutableBufferPointer<Int32>.allocate(capacity: textLength)
        defer { text.deallocate() }
        var position = 0
        for document in 0..<(starts.count - 1) {
            for index in stride(from: starts[document + 1] - 1, through: starts[document], by: -1) {
                text[position] = alphabet.codeOfToken[Int(tokens[index])]
                position += 1
            }
        }
        text[position] = alphabet.codeOfToken[Int(documentEnd)]
        text[position + 1] = 0
        tokens = []
        let order = UnsafeMutableBufferPointer<Int32>.allocate(capacity: textLength)
        defer { order.deallocate() }
        SuffixArray.sort(text: UnsafeBufferPointer(text), alphabetSize: size, into: order)

        progress(.waveletMatrix)
        let cumulative = Self.cumulativeCounts(text, alphabetSize: size)
        let suffixes = PackedInts(
            count: textLength, width: PackedInts.width(forLargest: textLength - 1)
        ) { UInt64(order[$0]) }
        // The BWT takes the place of the suffix array.
        for row in 0..<textLength {
            let start = Int(order[row])
            order[row] = start == 0 ? 0 : text[start - 1]
        }
        let bwt = WaveletMatrix(consuming: order, alphabetSize: size)

        return FMIndex(
            documentCount: starts.count - 1, tokenCount: tokenCount, documentEnd: documentEnd,
            titleEnd: titleEnd, textLength: textLength, bwt: bwt, cumulative: cumulative,
            tokenOfCode: FrozenArray(alphabet.tokenOfCode), codeOfToken: FrozenArray(alphabet.codeOfToken),
            suffixes: suffixes,
            starts: RankBitVector(count: textLength, ones: starts.dropLast()),
            startOfDocument: PackedInts(
                count: starts.count, width: PackedInts.width(forLargest: tokenCount)
            ) { UInt64(starts[$0]) },
            codes: codes)
    }

    private static func cumulativeCounts(
        _ text: UnsafeMutableBufferPointer<Int32>, alphabetSize: Int
    ) -> FrozenArray<UInt64> {
        FrozenArray(count: alphabetSize + 1) { counts in
            for symbol in text { counts[Int(symbol) + 1] += 1 }
            for code in 0..<alphabetSize { counts[code + 1] += counts[code] }
        }
    }

    /// The dense numbering of the tokens that occur.
    private struct Alphabet {
        var tokenOfCode: [Int32] = []
        var codeOfToken: [Int32]

        init(tokens: [Int32], documentEnd: Int32) {
            codeOfToken = Array(repeating: 0, count: Int(max(tokens.max() ?? 0, documentEnd)) + 1)
            codeOfToken[Int(documentEnd)] = 1
            for token in tokens {
                precondition(token >= 0, "token ids are not negative")
                codeOfToken[Int(token)] = 1
            }
            for token in codeOfToken.indices where codeOfToken[token] == 1 {
                tokenOfCode.append(Int32(token))
                codeOfToken[token] = Int32(tokenOfCode.count)
            }
        }
    }
}
