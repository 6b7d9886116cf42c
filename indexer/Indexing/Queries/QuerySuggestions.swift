import Docids
import Engine
import Foundation
import Memory
import Ranking
import Search
import Tensors
import Transformers

/// Narrower queries for one that means several things: what it finds is clustered, and for each cluster the index's generator writes a
/// question that finds it (the task of CroQS, Bonino et al. 2025, with texts in the place of pictures).
///
/// A question is judged by searching for it: its closed recall is the share of the cluster among its first so many answers. One that
/// finds no more of the cluster than the query itself is not suggested, nor one in nearly the query's words.
public struct QuerySuggestions {
    public struct Suggestion: Sendable, Equatable {
        public var text: String
        /// The passages of its cluster, by id, as the query ranks them.
        public var passages: [String]
        /// Closed recall: of the suggestion, and of the query.
        public var recall: Double
        public var recallBefore: Double
    }

    /// The most suggestions.
    public var count = 4
    /// How many of the query's answers are clustered.
    public var hits = 100
    public var seed: UInt64 = 1
    public var threads = Parallel.cores

    private let engine: Engine
    private let generator: any QueryGenerator

    /// The passages of a cluster that questions are written of, and how many of each.
    private static let representatives = 4
    private static let questions = 3
    /// The share of common terms above which a question says what the query says (Jaccard).
    private static let likeness = 0.8
    private static let mostClusters = 6
    /// A smaller cluster is no other meaning.
    private static let leastPassages = 3

    /// - Throws: where the index has no vectors, or no generator that writes questions.
    public init(_ engine: Engine) throws {
        self.engine = engine
        _ = try engine.reader.value(PassageVectors.self)
        var options = QueryGenerators.Options()
        // What people read is the likeliest, and not drawn.
        options.generator.usesBeams = true
        generator = try QueryGenerators.Name.generator.make(for: engine.reader, options)
    }

    /// Suggestions, the larger cluster first.
    ///
    /// - Throws: what a search throws.
    public func suggest(_ text: String) throws -> [Suggestion] {
        var options = SearchOptions()
        (options.rerank, options.feedback) = (0, FeedbackOptions.none)
        let search = try engine.prepared(options)
        let found = try passages(text, hits, search)
        let clusters = try clusters(found)
        let known = try terms(text)
        return try clusters.compactMap { cluster in
            let size = cluster.passages.count
            let own = Self.recall(found.prefix(size), cluster.passages)
            var best: Suggestion?
            for question in try questions(cluster.representatives) {
                let other = try terms(question)
                let union = known.union(other).count
                guard union > 0, Double(known.intersection(other).count) / Double(union) <= Self.likeness else {
                    continue
                }
                let recall = Self.recall(try passages(question, size, search)[...], cluster.passages)
                guard recall > max(own, best?.recall ?? 0) else { continue }
                best = Suggestion(
                    text: Self.readable(question), passages: try cluster.passages.map { try engine.reader.id(of: $0) },
                    recall: recall,
                    recallBefore: own)
            }
            return best
        }.prefix(count).map { $0 }
    }

    // MARK: Parts

    private func passages(_ text: String, _ count: Int, _ search: PreparedSearch) throws -> [PassageIndex] {
        do {
            return try search.best(engine.reader.query(text, needs: search.pipeline.needs), count)
                .map(\.candidate.passage)
        } catch EngineError.emptyQuery {
            return []
        }
    }

    private func terms(_ text: String) throws -> Set<String> { Set(try engine.reader.terms(of: text)) }

    private static func recall(_ found: ArraySlice<PassageIndex>, _ cluster: [PassageIndex]) -> Double {
        Double(Set(cluster).intersection(found).count) / Double(cluster.count)
    }

    /// Without the spaces that a tokenizer of pieces leaves around apostrophes and hyphens.
    private static func readable(_ text: String) -> String {
        text.replacing(/(\w) ?(['’-]) ?(\w)/) { "\($0.1)\($0.2)\($0.3)" }
    }

    private func questions(_ passages: [PassageIndex]) throws -> [String] {
        let texts = try passages.map { QueryPassage(document: $0.rawValue, try engine.reader.passage($0)) }
        var seen: Set<String> = []
        return try generator.make(texts, count: Self.questions, seed: seed, threads: threads).joined()
            .filter { seen.insert($0).inserted }
    }

    private struct Cluster {
        /// As the query ranks them.
        var passages: [PassageIndex]
        /// Those that lie nearest to their own centre, beside the nearest other.
        var representatives: [PassageIndex]
    }

    /// As many clusters as part the passages best by the mean silhouette; the larger first, of equals that with the better passage.
    private func clusters(_ found: [PassageIndex]) throws -> [Cluster] {
        let vectors = try engine.reader.value(PassageVectors.self)
        let rows = found.map { vectors($0).map(Float.init) }
        guard let dimension = rows.first?.count, found.count >= 2 * Self.leastPassages else { return [] }
        let points = FrozenArray(rows.flatMap(\.self))
        var best: (clustering: KMeans.Clustering, silhouette: Double)?
        for k in 2...min(Self.mostClusters, found.count / Self.leastPassages) {
            let clustering = KMeans(seed: seed, threads: threads).cluster(points, dimension: dimension, k: k)
            let silhouette = Silhouette.mean(of: rows, clustering.assignment.map(Int.init))
            if silhouette > best?.silhouette ?? -.infinity { best = (clustering, silhouette) }
        }
        guard let clustering = best?.clustering, clustering.count > 1 else { return [] }
        let members = (0..<clustering.count).map { cluster in
            found.indices.filter { clustering.assignment[$0] == Int32(cluster) }
        }
        let margins = rows.enumerated().map { place, row in
            let products = (0..<clustering.count).map { Double(Vector.dot(row, Array(clustering.centroids.row($0)))) }
            let own = Int(clustering.assignment[place])
            return products[own] - (products.indices.filter { $0 != own }.map { products[$0] }.max() ?? 0)
        }
        return members.filter { $0.count >= Self.leastPassages }.sorted { (-$0.count, $0[0]) < (-$1.count, $1[0]) }.map
        {
            let nearest = $0.sorted { (-margins[$0], $0) < (-margins[$1], $1) }.prefix(Self.representatives)
            return Cluster(passages: $0.map { found[$0] }, representatives: nearest.map { found[$0] })
        }
    }
}
