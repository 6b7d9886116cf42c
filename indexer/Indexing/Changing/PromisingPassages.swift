import Docids
import Engine
import IndexStore
import Memory
import Ranking
import Search
import Tensors
import Transformers

/// The living passages of an index that have static vectors, those first that queries are likely to come near to.
///
/// Queries are taken from the passages themselves, as for the estimation of weights. What is near to one is a leaf of the docid tree, so
/// that a thousand queries say something of a million passages: leaves come in falling order of the hits in them, each counted as the
/// inverse of its rank. Where vectors are exact, and no tree orders them, a passage is a leaf of its own.
struct PromisingPassages {
    let order: [PassageIndex]

    private static let queries = 1_000
    private static let hits = 100

    init(_ reader: IndexReader) throws {
        let segments = try reader.components(DenseIndex.self)
        let living = try reader.livingPlaces()
        let pseudo = try PseudoQueries(
            count: Self.queries, documents: living.count, seed: IndexOptions(reader.manifest.options).seed &+ 3
        ) {
            let text = try reader.passage(PassageIndex(living[$0]))
            return (text.title, text.text)
        }
        let encoder = try reader.value(IndexQueryEncoder.self).encoder
        let vectors = encoder.encodeAll(tokens: pseudo.items.map { encoder.tokens(of: $0.query, as: .query) })
        var traffic = segments.map { LeafTraffic($0) }
        for (segment, dense) in segments.enumerated() {
            let found = Parallel.map(count: vectors.rows) { dense.query(Array(vectors.row($0))).best(Self.hits) }
            for hits in found {
                for (rank, hit) in hits.enumerated() { traffic[segment].add(hit.id, 1 / Double(rank + 1)) }
            }
        }
        let stale = living.map { PassageIndex($0) }.compactMap { passage -> (passage: PassageIndex, traffic: Double)? in
            let (segment, local) = reader.places.locate(passage)
            return segments[segment].isEncoded(local) ? nil : (passage, traffic[segment][local])
        }
        order = stale.sorted { $0.traffic != $1.traffic ? $0.traffic > $1.traffic : $0.passage < $1.passage }
            .map(\.passage)
    }
}

/// What queries leave in the leaves of a segment's docid tree.
private struct LeafTraffic {
    private let dense: DenseIndex
    private var traffic: [Double]

    init(_ dense: DenseIndex) {
        self.dense = dense
        traffic = Array(repeating: 0, count: dense.codes?.leafEnds.count ?? dense.count)
    }

    private func leaf(of passage: Int32) -> Int { dense.codes?.leaf(of: passage) ?? Int(passage) }

    mutating func add(_ passage: Int32, _ value: Double) { traffic[leaf(of: passage)] += value }

    subscript(passage: Int32) -> Double { traffic[leaf(of: passage)] }
}
