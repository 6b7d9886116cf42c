import Search

/// What retrievers weigh in a fusion before anything is known of an index, and how far an estimate on its own queries moves that.
///
/// The numbers are of 16 collections with people's questions (`scripts/fusion-prior` fits them, and tries each collection with the
/// numbers of the others). Queries that are made of passages copy their words, and so favour those who look for words on every
/// collection alike; what they tell is by how much more or less than usual they do on this one:
///
///     w = prior + n / (n + 200) · (estimate - what such queries usually give)
///
/// for n queries. Queries of people are taken as they are, with the prior as good as 100 of them.
package enum FusionPrior {
    /// The mean of the weights that are best over all collections together.
    package static let weights: [ComponentID: Float] = ["ngram": 0.32, "docid": 0.33, "dense": 0.33, "bm25": 0.02]
    /// The mean of the estimates on queries that are cropped from passages.
    static let usualEstimate: [ComponentID: Float] = ["ngram": 0.28, "docid": 0.25, "dense": 0.22, "bm25": 0.25]
    /// How far so many queries move what is known of other collections towards what they say.
    ///
    /// - Parameter areCropped: whether they are parts of passages, which tell half as much as people's.
    package static func share(of queries: Int, areCropped: Bool) -> Float {
        Float(queries) / (Float(queries) + (areCropped ? 200 : 100))
    }

    /// Whether the numbers are those of a search: of these retrievers, with docids that have a look-ahead.
    ///
    /// - Parameter used: ids of the parts and estimates that the search runs with.
    package static func fits(_ retrievers: [ComponentID], using used: Set<ComponentID>) -> Bool {
        Set(retrievers) == Set(weights.keys) && used.contains(.lookAhead)
    }

    /// What weights become that were estimated on an index.
    ///
    /// - Parameters:
    ///   - estimate: the weights of all retrievers that the prior knows, whose sum is 1.
    ///   - queries: how many queries gave it.
    ///   - areCropped: whether they are parts of passages, and not questions that somebody asked.
    package static func moved(
        by estimate: [ComponentID: Float], queries: Int, areCropped: Bool
    ) -> [ComponentID: Float] {
        let share = share(of: queries, areCropped: areCropped)
        return Dictionary(
            uniqueKeysWithValues: weights.map { id, prior in
                let usual = areCropped ? usualEstimate[id] ?? prior : prior
                return (id, max(0, prior + share * ((estimate[id] ?? usual) - usual)))
            })
    }
}
