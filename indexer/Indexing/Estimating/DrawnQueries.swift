import Engine
import Memory
import Search

/// Queries that are drawn from passages, each with its passage, where nobody has any: runs of words as long as a question's, and single
/// terms or short n-grams, half of them each.
///
/// No generator writes them, so that they do not flatter what was trained with one. They tell where a reranker does harm.
struct DrawnQueries {
    let items: [(text: String, passage: PassageIndex, family: String)]

    private static let generators: [QueryGenerators.Name] = [.spans, .terms]

    init(_ index: IndexReader, count: Int, seed: UInt64, threads: Int) throws {
        let living = try index.livingPlaces()
        let each = count / Self.generators.count
        var items: [(text: String, passage: PassageIndex, family: String)] = []
        for (stream, name) in Self.generators.enumerated() {
            var random = SeededGenerator(seed: seed, stream: 16 + UInt64(stream))
            let passages = try random.sample(each, of: living.count).map { place in
                let document = living[Int(place)]
                return QueryPassage(document: document, try index.passage(PassageIndex(document)))
            }
            let made = try name.make(for: index).make(passages, count: 1, seed: seed, threads: threads)
            for (passage, queries) in zip(passages, made) {
                items += queries.map { ($0, PassageIndex(passage.document), name.rawValue) }
            }
        }
        self.items = items
    }
}
