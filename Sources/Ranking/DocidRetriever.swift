import Decoding
import Docids

/// Retrieval by generated docids: beam search over a tree of docids whose path scores come from the
/// query vector against the code vectors.
///
/// Untrained, a path's score telescopes: the score of a prefix is the similarity of the query to
/// the prefix's code vector, and the last step reaches the passage's exact vector. So the ranking
/// of what is found is the dense one, and only passages under prefixes that the beam drops are
/// lost.
public struct DocidRetriever: Sendable {
    public enum Scheme: String, Sendable, Codable, CaseIterable {
        /// The hierarchical k-means tree (DSI, NCI).
        case tree
        /// Residual-quantised codes (RIPOR).
        case rq
    }

    public struct Options: Sendable, Codable, Equatable {
        public var scheme = Scheme.tree
        public var beams = 100
        /// The inverse temperature that turns similarities into log-probabilities; 20 is the
        /// temperature 1/20 that the encoder was trained with.
        public var sharpness: Float = 20

        public init() {}
    }

    public struct Result: Sendable {
        public var documents: [ScoredDocument]
        /// How many whole docids were generated.
        public var docidCount: Int
        /// How many of those lead to no passage. Zero unless something is broken.
        public var invalidDocids: Int
    }

    private let paths: any DocidPaths
    private let dense: DenseIndex

    public init(tree: DocidTree, dense: DenseIndex) {
        paths = TreePaths(tree: tree)
        self.dense = dense
    }

    public init(trie: DocidTrie, quantiser: ResidualQuantiser, dense: DenseIndex) {
        paths = QuantisedPaths(trie: trie, quantiser: quantiser)
        self.dense = dense
    }

    /// The best `k` passages found; the score is the inner product with the passage's vector.
    public func search(_ query: [Float], k: Int, options: Options = Options()) -> Result {
        search(query, k: k, options: options, paths: paths)
    }

    private func search<Paths: DocidPaths>(
        _ query: [Float], k: Int, options: Options, paths: Paths
    ) -> Result {
        let model = model(query, options, paths)
        let search = BeamSearch(.init(beams: options.beams, maximumLength: paths.depth))
        let found = search.run(model, DocidConstraint(paths: paths)).filter(\.isComplete)
        let invalid = found.count { paths.document(of: $0.tokens) != $0.state.document }
        var top = TopDocuments(capacity: k)
        for hypothesis in found {
            let document = hypothesis.state.document
            top.offer(ScoredDocument(document: document, score: dense.similarity(query, document)))
        }
        return Result(documents: top.sorted(), docidCount: found.count, invalidDocids: invalid)
    }

    private func model<Paths: DocidPaths>(
        _ query: [Float], _ options: Options, _ paths: Paths
    ) -> AnchoredDocidModel<Paths, DenseLeaves> {
        AnchoredDocidModel(
            paths: paths, nodeScores: paths.similarities(to: query),
            leaves: DenseLeaves(query: query, dense: dense), sharpness: options.sharpness)
    }

    /// One step of a docid's path.
    public struct Step: Sendable {
        public var token: Int32
        /// log p(token | prefix, q): the softmax over the prefix's children.
        public var logProb: Float

        public init(token: Int32, logProb: Float) {
            self.token = token
            self.logProb = logProb
        }
    }

    /// The path of a passage's docid with the log-probability of each step.
    public func path(of document: Int32, query: [Float], options: Options = Options()) -> [Step] {
        path(of: document, query, options, paths)
    }

    private func path<Paths: DocidPaths>(
        of document: Int32, _ query: [Float], _ options: Options, _ paths: Paths
    ) -> [Step] {
        model(query, options, paths).path(paths.docid(of: document))
    }
}

/// Whole docids score their passages' similarity.
private struct DenseLeaves: DocidLeaves {
    let query: [Float]
    let dense: DenseIndex

    func score(_ document: Int32) -> Float { dense.similarity(query, document) }
}
