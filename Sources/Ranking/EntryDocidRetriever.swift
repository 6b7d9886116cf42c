import CKernels
import Decoding
import Docids
import Memory
import Tensors

/// Retrieval by generated docids that lead to entries: vectors of passages and of their parts.
///
/// A trained query has a vector of its own for every level, so that each prefix is judged by what tells
/// the prefixes of its length apart (RIPOR, Zeng et al. 2024). A passage scores as its best entry that
/// was found.
public struct EntryDocidRetriever: Sendable {
    /// A query as this retriever reads it.
    public struct Query: Sendable {
        /// A vector for each level of prefixes and, last, one for entries: [levels + 1 × dimension].
        public var vectors: Matrix
        public var plan: Plan?

        public init(vectors: Matrix, plan: Plan? = nil) {
            self.vectors = vectors
            self.plan = plan
        }
    }

    /// Planning ahead (PAG, Zeng et al. 2024): what another retriever says of every passage, before
    /// the first token is generated. A prefix scores
    ///
    ///     (1 - weight) s(prefix) + weight · the best score of a passage below it
    ///
    /// and a whole docid what fusion would give its passage.
    public struct Plan: Sendable {
        /// For each passage, as a share of the best that it could be.
        public var scores: [Float]
        /// 0...1
        public var weight: Float

        public init(scores: [Float], weight: Float) {
            self.scores = scores
            self.weight = weight
        }
    }

    public struct Options: Sendable, Equatable {
        public var beams = 100
        /// The inverse temperature that turns scores into log-probabilities.
        public var sharpness: Float = 20

        public init(beams: Int = 100, sharpness: Float = 20) {
            self.beams = beams
            self.sharpness = sharpness
        }
    }

    public let entries: DocidEntries
    private let tree: DocidTree
    private let paths: TreePaths
    /// The nodes of each level below the root.
    private let levels: [Range<Int>]

    /// - Precondition: the tree's documents are the entries, and its vectors have their dimension.
    public init(tree: DocidTree, entries: DocidEntries) {
        precondition(tree.documentCount == entries.count && tree.dimension == entries.dimension)
        self.tree = tree
        self.entries = entries
        paths = TreePaths(tree: tree)
        levels = Array(DocidSkeleton(tree).levels.dropFirst())
    }

    /// The levels of prefixes.
    public var depth: Int { levels.count }

    /// The best `k` passages found: score falling, then index rising.
    ///
    /// - Precondition: the query has a vector for every level of the tree, and one more.
    public func search(_ query: Query, k: Int, options: Options = Options()) -> DocidRetriever.Result {
        let leaves = leaves(query)
        guard !tree.isLeaf(0) else {
            // A single step over all entries is a scan.
            return .init(documents: scan(leaves, k: k), docidCount: entries.count, invalidDocids: 0)
        }
        let search = BeamSearch(.init(beams: options.beams, maximumLength: paths.depth))
        let found = search.run(model(query, leaves, options), DocidConstraint(paths: paths)).filter(\.isComplete)
        var best = Best(count: k)
        for hypothesis in found {
            let entry = hypothesis.state.document
            best.offer(entries.passages[Int(entry)], leaves.score(entry))
        }
        return .init(
            documents: best.sorted(), docidCount: found.count,
            invalidDocids: found.count { paths.document(of: $0.tokens) != $0.state.document })
    }

    private func scan(_ leaves: EntryLeaves, k: Int) -> [ScoredDocument] {
        var top = TopDocuments(capacity: k)
        var best = ScoredDocument(document: -1, score: -.infinity)
        for entry in 0..<Int32(entries.count) {
            let (passage, score) = (entries.passages[Int(entry)], leaves.score(entry))
            if passage != best.document {
                if best.document >= 0 { top.offer(best) }
                best = ScoredDocument(document: passage, score: score)
            } else {
                best.score = max(best.score, score)
            }
        }
        if best.document >= 0 { top.offer(best) }
        return top.sorted()
    }

    /// The path of a passage's best entry, with the log-probability of each step.
    public func path(of passage: Int32, query: Query, options: Options = Options()) -> [DocidRetriever.Step] {
        let leaves = leaves(query)
        let own = entries.entries(of: passage).map(Int32.init)
        guard let entry = own.max(by: { leaves.score($0) < leaves.score($1) }) else { return [] }
        return model(query, leaves, options).path(paths.docid(of: entry))
    }

    private func model(
        _ query: Query, _ leaves: EntryLeaves, _ options: Options
    ) -> AnchoredDocidModel<TreePaths, EntryLeaves> {
        AnchoredDocidModel(
            paths: paths, nodeScores: nodeScores(query), leaves: leaves, sharpness: options.sharpness)
    }

    private func leaves(_ query: Query) -> EntryLeaves {
        precondition(query.vectors.rows > levels.count && query.vectors.columns == entries.dimension)
        return EntryLeaves(
            query: Array(query.vectors.row(query.vectors.rows - 1)), entries: entries, plan: query.plan)
    }

    private func nodeScores(_ query: Query) -> [Float] {
        var scores = [Float](repeating: 0, count: tree.nodeCount)
        let d = tree.dimension
        scores.withUnsafeMutableBufferPointer { scores in
            query.vectors.withUnsafeBuffer { vectors in
                guard let output = scores.baseAddress, let vectors = vectors.baseAddress else { return }
                for (level, nodes) in levels.enumerated() {
                    Product.sgemv(
                        rows: nodes.count, columns: d, tree.centroids.unsafeBase + nodes.lowerBound * d,
                        vectors + level * d, into: output + nodes.lowerBound)
                }
            }
        }
        guard let plan = query.plan else { return scores }
        let ahead = best(plan.scores)
        for node in scores.indices {
            scores[node] = (1 - plan.weight) * scores[node] + plan.weight * ahead[node]
        }
        return scores
    }

    /// The best of the passages' scores below each node; O(nodes + entries).
    private func best(_ passages: [Float]) -> [Float] {
        precondition(passages.count == entries.passageCount)
        var best = [Float](repeating: 0, count: tree.nodeCount)
        for node in (0..<tree.nodeCount).reversed() {
            var highest: Float = 0
            if tree.isLeaf(node) {
                let below = tree.documents(of: node)
                for place in below.indices {
                    highest = max(highest, passages[Int(entries.passages[Int(below[place])])])
                }
            } else {
                for child in tree.children(of: node) { highest = max(highest, best[child]) }
            }
            best[node] = highest
        }
        return best
    }
}

/// Whole docids score their entries, and what the plan says of the passages.
private struct EntryLeaves: DocidLeaves {
    let query: [Float]
    let entries: DocidEntries
    let plan: EntryDocidRetriever.Plan?

    func score(_ entry: Int32) -> Float {
        let own = query.withUnsafeBufferPointer { query in
            query.baseAddress.map { entries.vectors.product($0, Int(entry)) } ?? 0
        }
        guard let plan else { return own }
        return (1 - plan.weight) * own + plan.weight * plan.scores[Int(entries.passages[Int(entry)])]
    }
}

/// The best passages, each with the best of its entries.
private struct Best {
    let count: Int
    private var scores: [Int32: Float] = [:]

    init(count: Int) { self.count = count }

    mutating func offer(_ passage: Int32, _ score: Float) {
        if score > scores[passage] ?? -.infinity { scores[passage] = score }
    }

    func sorted() -> [ScoredDocument] {
        var top = TopDocuments(capacity: count)
        for (passage, score) in scores { top.offer(ScoredDocument(document: passage, score: score)) }
        return top.sorted()
    }
}
