import Engine
import FMIndex
import Ranking

/// When a segment is full: what its files will take to build, against the memory that the build may use.
///
/// The parts of a build follow each other, so a segment needs what the largest of them needs: reading
/// (tokens in the spool, terms and ids with what writing them takes), sorting the n-gram index, or
/// encoding vectors.
struct SegmentBudget {
    /// Nil where nothing bounds a segment.
    private let bytes: Int?
    private let maximumTokens: Int?
    private let dimension: Int
    private let hasSentences: Bool
    /// Tokens of a sentence, few rather than many.
    private static let tokensPerSentence = 16
    /// Bytes of a token's symbol: two as long as the vocabulary fits them.
    private let symbolBytes: Int

    /// What the process and the encoder take whatever the corpus is.
    static func reserve(withEncoder: Bool) -> Int { withEncoder ? 150 << 20 : 40 << 20 }

    /// What a segment may take however little memory is left.
    private static let leastSegment = 16 << 20

    /// The least memory that a build can be asked to keep to.
    static func minimum(withEncoder: Bool) -> Int { withEncoder ? 200 << 20 : 64 << 20 }

    /// - Parameters:
    ///   - dimension: of the vectors; 0 without an encoder.
    ///   - hasSentences: whether sentences have vectors too.
    ///   - tokenLimit: ends a segment whatever its memory.
    init(
        maxMemory: Int?, dimension: Int, hasSentences: Bool = false, vocabularySize: Int, tokenLimit: Int? = nil
    ) {
        let vocabulary = VocabularyMemory.beyondUsual(vocabularySize: vocabularySize, dimension: dimension)
        bytes = maxMemory.map { $0 - Self.reserve(withEncoder: dimension > 0) - vocabulary }
        maximumTokens = tokenLimit ?? maxMemory.map { _ in FMIndexBuilder.maximumTokens / 2 }
        (self.dimension, self.hasSentences) = (dimension, hasSentences)
        symbolBytes = vocabularySize <= 1 << 16 ? 2 : 4
    }

    /// What has been collected of a segment.
    struct Load {
        var passages = 0
        var tokens = 0
        /// ``SparseIndexBuilder/peakByteCount``.
        var termBytes = 0
        /// What the ids take, as strings and while their table is made.
        var idBytes = 0
        /// ``FieldTableBuilder/byteCount``.
        var fieldBytes = 0
        /// Passages of the segments before, whose ids the reader still knows.
        var passagesBefore = 0

        mutating func add(id: String) {
            passages += 1
            idBytes += 96 + 4 * id.utf8.count
        }
    }

    /// How much of the budget a segment needs; full at 1.
    func share(_ load: Load) -> Double {
        var share = 0.0
        if let bytes {
            // The ids that the reader knows grow with the corpus, and no cut makes them fewer; a segment
            // always gets room enough to be worth its files.
            let known = 48 * (load.passagesBefore + load.passages)
            share = Double(peak(load)) / Double(max(Self.leastSegment, bytes - known))
        }
        if let maximumTokens { share = max(share, Double(load.tokens) / Double(max(1, maximumTokens))) }
        return share
    }

    private func peak(_ load: Load) -> Int {
        let reading = symbolBytes * load.tokens + load.termBytes + load.idBytes + load.fieldBytes
        let sorting = (2 * symbolBytes + 9) * load.tokens / 2 + 16 * load.passages
        var encoding = dimension > 0 ? 6 * dimension * load.passages + 2 * symbolBytes * load.tokens : 0
        if dimension > 0, hasSentences {
            let sentences = load.passages + load.tokens / Self.tokensPerSentence
            encoding += 5 * dimension * min(sentences, SegmentSentences.most)
        }
        return max(reading, sorting, encoding)
    }
}
