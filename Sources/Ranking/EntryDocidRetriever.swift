import CKernels
import Decoding
import Docids
import Memory
import Tensors

/// Retrieval by generated docids that lead to entries: vectors of passages and of their parts.
///
/// A trained query has a vector of its own for every level, so that each prefix is judged by what tells
/// the prefixes of its length apart (RIPOR, Zeng et al. 2024). The search keeps the best prefixes of each
/// length; one that is not continued gives all entries below it. A passage scores as its best entry that
/// was found.
public struct EntryDocidRetriever: Sendable {
    /// A query as this retriever reads it.
    public struct Query: Sendable {
        /// A vector for each level of prefixes and, last, one for entries: [levels + 1 × dimension].
        public var vectors: Matrix
        public var plan: DocidPlan?

        public init(vectors: Matrix, plan: DocidPlan? = nil) {
            self.vectors = vectors
            self.plan = plan
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
    public let tree: DocidTree
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
        let ahead = query.plan.map { self.best($0.scores) } ?? []
        var level = 0
        var alive = [0]
        var best: [Int32: Float] = [:]
        var found = 0
        while !alive.isEmpty {
            // The best prefixes of the next length; equal ones in the order of their docids.
            var next = TopDocuments(capacity: options.beams)
            for node in alive {
                for child in tree.children(of: node) {
                    next.offer(ScoredDocument(document: Int32(child), score: score(child, level: level, query, ahead)))
                }
            }
            let kept = next.sorted().map { Int($0.document) }
            for node in kept where tree.isLeaf(node) {
                let below = tree.documents(of: node)
                found += below.count
                for place in below.indices {
                    let (passage, score) = (entries.passages[Int(below[place])], leaves.score(below[place]))
                    if score > best[passage] ?? -.infinity { best[passage] = score }
                }
            }
            alive = kept.filter { !tree.isLeaf($0) }
            level += 1
        }
        var top = TopDocuments(capacity: k)
        for (passage, score) in best { top.offer(ScoredDocument(document: passage, score: score)) }
        return .init(documents: top.sorted(), docidCount: found, invalidDocids: 0)
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
        let ahead = query.plan.map { best($0.scores) } ?? []
        var scores = [Float](repeating: 0, count: tree.nodeCount)
        for (level, nodes) in levels.enumerated() {
            for node in nodes { scores[node] = score(node, level: level, query, ahead) }
        }
        return AnchoredDocidModel(paths: paths, nodeScores: scores, leaves: leaves, sharpness: options.sharpness)
    }

    private func leaves(_ query: Query) -> EntryLeaves {
        precondition(query.vectors.rows > levels.count && query.vectors.columns == entries.dimension)
        return EntryLeaves(
            query: Array(query.vectors.row(query.vectors.rows - 1)), entries: entries, plan: query.plan)
    }

    /// The score of a node of a level, the first below the root being 0.
    private func score(_ node: Int, level: Int, _ query: Query, _ ahead: [Float]) -> Float {
        let d = tree.dimension
        let own = query.vectors.withUnsafeBuffer { vectors in
            vectors.baseAddress.map { ck_dot(tree.centroids.unsafeBase + node * d, $0 + level * d, d) } ?? 0
        }
        guard let plan = query.plan else { return own }
        return plan.score(own, ahead: ahead[node])
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
    let plan: DocidPlan?

    func score(_ entry: Int32) -> Float {
        let own = query.withUnsafeBufferPointer { query in
            query.baseAddress.map { entries.vectors.product($0, Int(entry)) } ?? 0
        }
        guard let plan else { return own }
        return plan.score(own, ahead: plan.scores[Int(entries.passages[Int(entry)])])
    }
}
