import Corpora
import Engine
import FMIndex
import Fields
import Foundation
import IndexStore
import Memory
import Ranking
import Storage
import Text

/// The one pass over the corpus, segment by segment: ids, texts, terms and tokens of every passage.
///
/// One reader serves all segments, so that an id that stands twice is refused wherever it stands.
struct PassageScan: SegmentSource, ~Copyable {
    private var reader: CorpusReader
    private let analyzer: TermAnalyzer
    private let vocabulary: PassageTokenizer
    private let budget: SegmentBudget
    private var hash = SHA256()
    /// The first passage of the next segment.
    private var pending: Passage?
    private(set) var passages = 0
    private let passageQueries: String?
    /// What stands before the queries that passages carry; nil in an index whose passages carry none.
    private let queryStart: Int32?
    /// Told of every passage that is read, before it is kept.
    private let observe: (Passage) throws -> Void
    /// Says which passages of the corpus are taken; nil for all.
    private let accepts: ((Passage, Int) throws -> Bool)?
    /// The queries of the passages that are still to come.
    private var carried: [Identifier: [String]] = [:]

    var format: CorpusFormat { reader.format }
    var report: CorpusReport { reader.report }
    /// Over all passages read so far.
    var corpusHash: String {
        hash.hex()
    }

    /// Whether a passage is left for another segment.
    var hasMore: Bool { pending != nil }

    /// Reads the first passage of a corpus.
    ///
    /// - Parameters:
    ///   - passageQueries: a file of queries that passages carry; nil where they carry none.
    ///   - carriesQueries: whether those of the index do.
    ///   - accepts: says of a passage, and the number of the file that it comes from, whether it is taken; nil for all.
    ///   - observe: told of every passage before it is kept; what it throws ends the reading.
    init(
        corpus: consuming CorpusReader, passageQueries: String?, carriesQueries: Bool, analyzer: TermAnalyzer,
        vocabulary: PassageTokenizer, budget: SegmentBudget, accepts: ((Passage, Int) throws -> Bool)? = nil,
        observe: @escaping (Passage) throws -> Void = { _ in }
    ) throws {
        self.passageQueries = passageQueries
        (self.accepts, self.observe) = (accepts, observe)
        queryStart = carriesQueries ? vocabulary.queryStart : nil
        self.analyzer = analyzer
        self.vocabulary = vocabulary
        self.budget = budget
        var opened = corpus
        pending = try Self.next(of: &opened, accepts)
        if let passageQueries { carried = try Queries.readOfPassages(path: passageQueries) }
        reader = opened
    }

    private static func next(
        of reader: inout CorpusReader, _ accepts: ((Passage, Int) throws -> Bool)?
    ) throws -> Passage? {
        while let passage = try reader.next() {
            if try accepts?(passage, reader.fileNumber) ?? true { return passage }
        }
        return nil
    }

    /// Reads passages until the budget is used up or the corpus ends, and writes the segment's passages
    /// and terms.
    ///
    /// - Returns: the tokens; the rest is on disk and out of memory.
    mutating func readSegment(_ draft: SegmentDraft, clock: WorkClock) throws -> FMIndexBuilder {
        var tokens = FMIndexBuilder(
            documentEnd: vocabulary.documentEnd, titleEnd: vocabulary.titleEnd,
            queryStart: queryStart)
        var writer = try PassageWriter(draft, analyzer, passagesBefore: passages)
        let start = reader.report.fraction
        while let passage = pending {
            try observe(passage)
            try writer.add(id: passage.id, title: passage.title, text: passage.text, fields: passage.fields)
            let queries = carried.isEmpty ? nil : carried.removeValue(forKey: Identifier(passage.id))
            tokens.add(
                title: vocabulary.tokens(passage.title), body: vocabulary.tokens(passage.text),
                queries: queries?.map(vocabulary.tokens).filter { !$0.isEmpty } ?? [])
            for field in [passage.id, passage.title, passage.text] {
                hash.update(field)
                hash.update([0])
            }
            if !passage.fields.isEmpty { hash.update(passage.fields) }
            pending = try Self.next(of: &reader, accepts)
            writer.load.tokens = tokens.tokenCount
            let share = budget.share(writer.load)
            if share >= 1 { break }
            if writer.load.passages % 256 == 0 {
                let left = max(1 - start, 1e-9)
                let fraction = max((reader.report.fraction - start) / left, share)
                try clock.update(count: writer.load.passages, fraction: min(1, fraction))
            }
        }
        let count = writer.load.passages
        passages += count
        if pending == nil, let id = carried.keys.min(), let path = passageQueries {
            throw IndexingError.unknownPassages(path: path, count: carried.count, first: "\(id)")
        }
        try writer.finish()
        try clock.update(count: count, fraction: 1)
        return tokens
    }
}

/// Tokens of passages as the n-gram index holds them: no special tokens but the two marks.
struct PassageTokenizer: Sendable {
    let tokenizer: Tokenizer
    let documentEnd: Int32
    let titleEnd: Int32
    /// What stands before a query that a passage carries; nil when the tokenizer has no mark for it.
    let queryStart: Int32?
    private let ngrams: NgramTokenizer

    init(_ tokenizer: Tokenizer) throws(IndexingError) {
        guard let documentEnd = tokenizer.separatorID, let titleEnd = tokenizer.classifyID,
            tokenizer.unknownID != nil
        else { throw .tokenizer(lacks: "[SEP], [CLS] and unknown token") }
        self.tokenizer = tokenizer
        self.documentEnd = documentEnd
        self.titleEnd = titleEnd
        queryStart = tokenizer.maskID
        ngrams = NgramTokenizer(tokenizer)
    }

    func tokens(_ text: String) -> [Int32] { ngrams.tokens(text) }
}
