import Decoding
import Docids
import Memory
import Search

/// Retrieval by generated docids: beam search over a tree of docids whose path scores come from the
/// query vector against the code vectors.
///
/// Untrained, a path's score telescopes: the score of a prefix is the similarity of the query to
/// the prefix's code vector, and the last step reaches the passage's exact vector. So the ranking
/// of what is found is the dense one, and only passages under prefixes that the beam drops are
/// lost.
///
/// It searches one segment, whose own numbers the passages have here.
package struct DocidSearch: Sendable {
    package struct Options: Sendable, Equatable {
        package var beams = 100
        /// The inverse temperature that turns similarities into log-probabilities; 20 is the
        /// temperature 1/20 that the encoder was trained with.
        package var inverseTemperature: Float = 20

        package init(beams: Int = 100, inverseTemperature: Float = 20) {
            (self.beams, self.inverseTemperature) = (beams, inverseTemperature)
        }
    }

    private let paths: any DocidPaths
    private let dense: DenseIndex
    /// The docids of passages that are not deleted; nil where all are there.
    private let living: PassingDocids?

    /// - Parameter living: the passages that are not deleted; nil where all are there.
    package init(tree: DocidTree, dense: DenseIndex, living: PlaceSet? = nil) {
        self.init(TreePaths(tree: tree), dense, living)
    }

    /// The docids of coded vectors, which are in the order of their tree.
    package init(codes: LeafCodes, living: PlaceSet? = nil) {
        self.init(codes, DenseIndex(codes: codes), living)
    }

    package init(trie: DocidTrie, quantiser: ResidualQuantiser, dense: DenseIndex, living: PlaceSet? = nil) {
        self.init(QuantisedPaths(trie: trie, quantiser: quantiser), dense, living)
    }

    private init(_ paths: some DocidPaths, _ dense: DenseIndex, _ living: PlaceSet?) {
        self.paths = paths
        self.dense = dense
        self.living = living.map { PassingDocids($0, of: paths) }
    }

    /// The docids of passages that pass; nil where all do.
    ///
    /// - Complexity: O(docids), but for all that are not deleted, which are known.
    package func docids(of passing: PlaceSet?) -> PassingDocids? {
        passing.map { $0 == living?.documents ? living : PassingDocids($0, of: paths) } ?? nil
    }

    /// The best `k` passages found; the score is the inner product with the passage's vector.
    ///
    /// - Parameters:
    ///   - passing: the docids that are generated; nil for all.
    ///   - cancellation: asked between the steps of the beam search.
    package func search(
        _ query: [Float], k: Int, options: Options = Options(), passing: PassingDocids? = nil,
        cancellation: Cancellation = .never
    ) -> DocidResult<Int32> {
        search(query, k: k, options: options, passing, cancellation, paths: paths)
    }

    private func search<Paths: DocidPaths>(
        _ query: [Float], k: Int, options: Options, _ passing: PassingDocids?, _ cancellation: Cancellation,
        paths: Paths
    ) -> DocidResult<Int32> {
        if let passing, passing.documents.count <= options.beams { return all(passing.documents, query, k) }
        if let codes = paths as? LeafCodes {
            let beam = CodedTreeBeam(codes: codes, query: codes.query(query), beams: options.beams, passing: passing)
            let (passages, compared) = beam.search(k, cancellation)
            let invalid = passages.count { paths.document(of: paths.docid(of: $0.id)) != $0.id }
            return DocidResult(passages: passages, docidCount: compared, invalidDocids: invalid)
        }
        let model = model(query, options, paths)
        let search = BeamSearch(.init(beams: options.beams, maximumLength: paths.depth), cancellation: cancellation)
        let found = search.run(model, DocidConstraint(paths: paths, passing: passing)).filter(\.isComplete)
        let invalid = found.count { paths.document(of: $0.tokens) != $0.state.document }
        var top = TopK<Int32>(capacity: k)
        for hypothesis in found {
            let local = hypothesis.state.document
            top.offer(local, score: model.leaves.score(local))
        }
        return DocidResult(passages: top.sorted(), docidCount: found.count, invalidDocids: invalid)
    }

    /// Where no step has more docids than beams, all of them are found: nothing need be generated to know.
    private func all(_ passages: PlaceSet, _ query: [Float], _ k: Int) -> DocidResult<Int32> {
        DocidResult(
            passages: dense.query(query).best(k, passing: passages), docidCount: passages.count, invalidDocids: 0)
    }

    private func model<Paths: DocidPaths>(
        _ query: [Float], _ options: Options, _ paths: Paths
    ) -> AnchoredDocidModel<Paths, DenseLeaves> {
        AnchoredDocidModel(
            paths: paths, nodeScores: paths.similarities(to: query),
            leaves: DenseLeaves(query: dense.query(query)), inverseTemperature: options.inverseTemperature)
    }

    /// The path of a passage's docid with the log-probability of each step.
    ///
    /// - Parameter local: the passage's number in the segment.
    package func path(of local: Int32, query: [Float], options: Options = Options()) -> [DocidStep] {
        path(of: local, query, options, paths)
    }

    private func path<Paths: DocidPaths>(
        of local: Int32, _ query: [Float], _ options: Options, _ paths: Paths
    ) -> [DocidStep] {
        model(query, options, paths).path(paths.docid(of: local))
    }
}

/// Whole docids score their passages' similarity.
private struct DenseLeaves: DocidLeaves {
    let query: DenseQuery

    func score(_ local: Int32) -> Float { query.similarity(local) }
}
