import CKernels
import Decoding
import Docids
import Memory
import Search
import Tensors

/// Retrieval by generated docids that lead to entries: vectors of passages and of their parts.
///
/// A trained query has a vector of its own for every level, so that each prefix is judged by what tells
/// the prefixes of its length apart (RIPOR, Zeng et al. 2024). The search keeps the best prefixes of each
/// length; one that is not continued gives all entries below it. A passage scores as its best entry that
/// was found.
package struct EntryDocidSearch: Sendable {
    /// A query as this retriever reads it.
    package struct Query: Sendable {
        /// A vector for each level of prefixes and, last, one for entries: [levels + 1 × dimension].
        package var vectors: Matrix
        package var lookAhead: LookAhead?
        /// The passages that may be found; nil where all may.
        package var passing: PlaceSet?

        package init(vectors: Matrix, lookAhead: LookAhead? = nil, passing: PlaceSet? = nil) {
            self.vectors = vectors
            self.lookAhead = lookAhead
            self.passing = passing
        }
    }

    package struct Options: Sendable, Equatable {
        package var beams = 100
        /// The inverse temperature that turns scores into log-probabilities.
        package var inverseTemperature: Float = 20

        package init(beams: Int = 100, inverseTemperature: Float = 20) {
            self.beams = beams
            self.inverseTemperature = inverseTemperature
        }
    }

    package let entries: DocidEntries
    package let tree: DocidTree
    private let paths: TreePaths
    /// The nodes of each level below the root.
    private let levels: [Range<Int>]

    /// - Precondition: the tree's documents are the entries, and its vectors have their dimension.
    package init(tree: DocidTree, entries: DocidEntries) {
        precondition(tree.documentCount == entries.count && tree.dimension == entries.dimension)
        self.tree = tree
        self.entries = entries
        paths = TreePaths(tree: tree)
        levels = Array(DocidSkeleton(tree).levels.dropFirst())
    }

    /// The levels of prefixes.
    package var depth: Int { levels.count }

    /// The best `k` passages found: score falling, then index rising.
    ///
    /// - Precondition: the query has a vector for every level of the tree, and one more.
    package func search(_ query: Query, k: Int, options: Options = Options()) -> DocidResult<PassageIndex> {
        let leaves = leaves(query)
        guard !tree.isLeaf(0) else {
            // A single step over all entries is a scan.
            return .init(passages: scan(leaves, query.passing, k: k), docidCount: entries.count, invalidDocids: 0)
        }
        let passing = query.passing.map(passingDocids)
        let ahead = query.lookAhead.map { self.best($0.scores) } ?? []
        var level = 0
        var alive = [0]
        var best: [Int32: Float] = [:]
        var found = 0
        while !alive.isEmpty {
            // The best prefixes of the next length; equal ones in the order of their docids.
            var next = TopK<Int32>(capacity: options.beams)
            for node in alive {
                for child in tree.children(of: node) where passing?.contains(node: child) ?? true {
                    next.offer(Int32(child), score: score(child, level: level, query, ahead))
                }
            }
            let kept = next.sorted().map { Int($0.id) }
            for node in kept where tree.isLeaf(node) {
                let below = tree.documents(of: node)
                found += below.count
                for place in below.indices where passing?.documents.contains(Int(below[place])) ?? true {
                    let (passage, score) = (entries.passages[Int(below[place])], leaves.score(below[place]))
                    if score > best[passage] ?? -.infinity { best[passage] = score }
                }
            }
            alive = kept.filter { !tree.isLeaf($0) }
            level += 1
        }
        var top = TopK<PassageIndex>(capacity: k)
        for (passage, score) in best { top.offer(PassageIndex(passage), score: score) }
        return .init(passages: top.sorted(), docidCount: found, invalidDocids: 0)
    }

    /// The entries of passages that pass, with the prefixes that lead to them.
    private func passingDocids(_ passages: PlaceSet) -> PassingDocids {
        precondition(passages.capacity == entries.passageCount, "a set of other passages")
        let own = PlaceSet(capacity: entries.count) { passages.contains(Int(entries.passages[$0])) }
        return PassingDocids(own, of: paths)
    }

    private func scan(_ leaves: EntryLeaves, _ passing: PlaceSet?, k: Int) -> [ScoredPassage] {
        var top = TopK<PassageIndex>(capacity: k)
        var best: ScoredPassage?
        for entry in 0..<Int32(entries.count)
        where passing?.contains(Int(entries.passages[Int(entry)])) ?? true {
            let (passage, score) = (PassageIndex(entries.passages[Int(entry)]), leaves.score(entry))
            if let own = best, own.passage == passage {
                best?.score = max(own.score, score)
            } else {
                if let best { top.offer(best) }
                best = Scored(passage, score: score)
            }
        }
        if let best { top.offer(best) }
        return top.sorted()
    }

    /// The paths of passages' best entries, with the log-probability of each step and examples that are passages; the prefixes are scored once for
    /// all of them.
    package func paths(
        of passages: [PassageIndex], query: Query, options: Options = Options()
    ) -> [[DocidStep]] {
        let leaves = leaves(query)
        let model = model(query, leaves, options)
        return passages.map { passage in
            let own = entries.entries(of: passage.rawValue).map(Int32.init)
            guard let entry = own.max(by: { leaves.score($0) < leaves.score($1) }) else { return [] }
            return model.path(paths.docid(of: entry)).naming { entries.passages[Int($0)] }
        }
    }

    private func model(
        _ query: Query, _ leaves: EntryLeaves, _ options: Options
    ) -> AnchoredDocidModel<TreePaths, EntryLeaves> {
        let ahead = query.lookAhead.map { best($0.scores) } ?? []
        var scores = [Float](repeating: 0, count: tree.nodeCount)
        for (level, nodes) in levels.enumerated() {
            for node in nodes { scores[node] = score(node, level: level, query, ahead) }
        }
        return AnchoredDocidModel(
            paths: paths, nodeScores: scores, leaves: leaves, inverseTemperature: options.inverseTemperature)
    }

    private func leaves(_ query: Query) -> EntryLeaves {
        precondition(query.vectors.rows > levels.count && query.vectors.columns == entries.dimension)
        return EntryLeaves(
            query: Array(query.vectors.row(query.vectors.rows - 1)), entries: entries, lookAhead: query.lookAhead)
    }

    /// The score of a node of a level, the first below the root being 0.
    private func score(_ node: Int, level: Int, _ query: Query, _ ahead: [Float]) -> Float {
        let d = tree.dimension
        let own = query.vectors.withUnsafeBuffer { vectors in
            vectors.baseAddress.map { ck_dot(tree.centroids.unsafeBase + node * d, $0 + level * d, d) } ?? 0
        }
        guard let lookAhead = query.lookAhead else { return own }
        return lookAhead.score(own, ahead: ahead[node])
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

/// Whole docids score their entries, and what the look-ahead says of the passages.
private struct EntryLeaves: DocidLeaves {
    let query: [Float]
    let entries: DocidEntries
    let lookAhead: LookAhead?

    func score(_ entry: Int32) -> Float {
        let own = query.withUnsafeBufferPointer { query in
            query.baseAddress.map { entries.vectors.product($0, Int(entry)) } ?? 0
        }
        guard let lookAhead else { return own }
        return lookAhead.score(own, ahead: lookAhead.scores[Int(entries.passages[Int(entry)])])
    }
}
