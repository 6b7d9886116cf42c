import Corpora
import FMIndex
import Foundation
import Ranking
import Storage
import Text

/// The one pass over the corpus: ids, texts, terms and tokens of every passage.
struct PassageScan {
    var ids: [String] = []
    var tokens: FMIndexBuilder
    var terms: SparseIndexBuilder
    var report = CorpusReport()
    var format: CorpusFormat
    var corpusHash: String

    /// Reads the corpus and writes the passage file.
    init(
        corpus: String, passageQueries: String?, options: CorpusOptions, analyzer: TermAnalyzer, vocabulary: PassageTokenizer,
        passagesPath: String, passagesKind: String, clock: StageClock
    ) throws(IndexingError) {
        tokens = FMIndexBuilder(
            documentEnd: vocabulary.documentEnd, titleEnd: vocabulary.titleEnd,
            queryStart: passageQueries == nil ? nil : vocabulary.queryStart)
        terms = SparseIndexBuilder(analyzer: analyzer)
        var hash = SHA256()
        do {
            var carried = try passageQueries.map { path throws(CorpusError) in
                try Queries.readOfPassages(path: path)
            } ?? [:]
            if !carried.isEmpty, vocabulary.queryStart == nil {
                throw IndexingError.encoder("the tokenizer has no [MASK] to mark the queries of passages with")
            }
            var reader = try CorpusReader(path: corpus, options: options)
            format = reader.format
            let writer = try ContainerWriter(path: passagesPath, kind: passagesKind)
            var texts = try DocumentStoreWriter(writer)
            while let passage = try reader.next() {
                ids.append(passage.id)
                try texts.add(title: passage.title, text: passage.text)
                terms.add(title: passage.title, text: passage.text)
                let queries = carried.isEmpty ? nil : carried.removeValue(forKey: passage.id)
                tokens.add(
                    title: vocabulary.tokens(passage.title), body: vocabulary.tokens(passage.text),
                    queries: queries?.map(vocabulary.tokens).filter { !$0.isEmpty } ?? [])
                for field in [passage.id, passage.title, passage.text] {
                    hash.update(field)
                    hash.update([0])
                }
                if ids.count % 256 == 0 {
                    try clock.update(count: ids.count, fraction: reader.report.fraction)
                }
            }
            if let id = carried.keys.min(), let path = passageQueries {
                throw IndexingError.other(
                    "\(path): \(carried.count) passages with queries are not in the corpus, the first is \"\(id)\"")
            }
            try texts.finish()
            try StringTable.write(ids, to: writer, prefix: "ids")
            try writer.finish()
            report = reader.report
            try clock.update(count: ids.count, fraction: 1)
        } catch let error as CorpusError {
            throw .corpus(error)
        } catch let error as StorageError {
            throw .storage(error)
        } catch let error as IndexingError {
            throw error
        } catch {
            throw .other(error.localizedDescription)
        }
        corpusHash = hash.hex()
    }
}

/// Tokens of passages as the n-gram index holds them: no special tokens but the two marks.
struct PassageTokenizer: Sendable {
    let tokenizer: Tokenizer
    let documentEnd: Int32
    let titleEnd: Int32
    /// What stands before a query that a passage carries; nil when the tokenizer has no mark for it.
    let queryStart: Int32?
    private let replacement: Int32

    init(_ tokenizer: Tokenizer) throws(IndexingError) {
        guard let documentEnd = tokenizer.separatorID, let titleEnd = tokenizer.classifyID,
            let unknown = tokenizer.unknownID
        else { throw .encoder("the tokenizer has no [SEP], [CLS] and unknown token to mark passages with") }
        self.tokenizer = tokenizer
        self.documentEnd = documentEnd
        self.titleEnd = titleEnd
        queryStart = tokenizer.maskID
        replacement = unknown
    }

    /// A text that spells a special token ("[SEP]") must not end a passage.
    func tokens(_ text: String) -> [Int32] {
        var ids = tokenizer.encode(text, addSpecialTokens: false).ids
        for position in ids.indices where tokenizer.isSpecial(ids[position]) { ids[position] = replacement }
        return ids
    }
}
