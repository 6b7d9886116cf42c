import Engine
import Memory
import Ranking
import Search
import Tensors
import Transformers

/// What a query's passages are told from when its encoder is trained.
public enum DenseNegatives: String, Sendable, CaseIterable {
    /// All passages of the index: a full softmax.
    case all
    /// The passages that the query encoder, as it is at this step, finds first (ADORE, Zhan et al. 2021).
    case hard
    /// What the encoder found first before training, and BM25.
    case `static`
    /// `static`, random passages, and those of the batch's other queries (STAR, Zhan et al. 2021).
    case mixed
}

/// Passages that are found for queries though they are not theirs, looked for once.
struct MinedNegatives: Sendable {
    /// Of each query: the first of BM25 and of the encoder, in turn.
    let lists: TokenLists

    /// - Parameter count: the most for a query.
    init(
        _ judged: JudgedQueries, texts: [String], tokens: TokenLists, index: IndexReader, encoder: SentenceEncoder,
        vectors: PassageVectors, count: Int, threads: Int
    ) throws {
        var options = SearchOptions()
        options.retrievers = [BM25Retriever.id]
        options.depth = count
        options.rerank = 0
        let search = try Engine(index).prepared(options)
        let block = 4_096
        var lists = TokenLists()
        for first in stride(from: 0, to: judged.count, by: block) {
            let part = first..<min(judged.count, first + block)
            let encoded = encoder.encodeAll(
                tokens: part.map { Array(tokens[Int(judged.queries[$0])]) }, threads: threads)
            let most = part.map { judged.passages[$0].count }.max() ?? 0
            let dense = vectors.best(count + most, of: encoded, threads: threads)
            let found = Parallel.map(count: part.count, threads: threads) { row in
                let query = part.lowerBound + row
                // A query without a term finds nothing.
                let terms = (try? search.lists(for: texts[Int(judged.queries[query])]))?.first?.passages ?? []
                return Self.merge(dense[row], terms, without: judged.passages[query], count: count)
            }
            for list in found { lists.append(list) }
        }
        self.lists = lists
    }

    /// One of each list in turn, none twice.
    static func merge(
        _ one: [ScoredPassage], _ two: [ScoredPassage], without own: some Sequence<Int32>, count: Int
    ) -> [Int32] {
        var seen = Set(own)
        var merged: [Int32] = []
        for place in 0..<max(one.count, two.count) {
            for list in [one, two] where place < list.count && merged.count < count {
                let document = list[place].passage.rawValue
                if seen.insert(document).inserted { merged.append(document) }
            }
        }
        return merged
    }
}
