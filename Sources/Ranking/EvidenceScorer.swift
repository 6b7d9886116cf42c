import FMIndex
import Memory
import Search

/// From keys to passages: SEAL's two-stage evidence aggregation (Bevilacqua et al. 2022,
/// section 3.3; `keys.py` of the reference), with true spans.
///
/// Stage 1 scores the passages that hold rare keys by those keys alone and cuts to the best
/// `fullScore`. Stage 2 takes all keys greedily, best first, so that no token is explained twice:
///
///     score(d) = (1 - singleKey) * (sum of r(n, C) w(n) + unigrams) + singleKey * best w(n)
///     r(n, C)  = 1 - beta + beta * |set(n) \ C| / |set(n)|,   C = tokens of the keys taken before
///
/// SEAL counts a key once and does not mind a passage's length. BM25's two other ideas are options: each
/// further place of a key adds `repeatShare` of its weight, and a passage's score is divided by
/// 1 - b + b · length / mean length.
///
/// Both read a passage's tokens once and find all keys in one walk of a trie.
///
/// It scores the passages of one segment, by their numbers there.
public struct EvidenceScorer: Sendable {
    public struct Options: Sendable, Codable, Equatable {
        /// A key with more occurrences does not nominate passages; it only counts in stage 2. Under a filter that passes few
        /// passages, occurrences are those in them.
        public var maxHits = 1500
        /// How many passages stage 2 scores; 0 leaves the scores of stage 1.
        public var fullScore = 1500
        /// How much of a key's weight tokens that were explained before take away.
        public var beta: Float = 0.8
        /// The share of the best key alone.
        public var singleKey: Float = 0
        /// Whether keys may share tokens of a passage.
        public var allowsOverlaps = false
        /// The share of a key's weight that each of its places after the first adds.
        public var repeatShare: Float = 0
        /// b: how far a passage's score is set off against its length, 0 to 1.
        public var lengthNormalization: Float = 0

        public init() {}
    }

    package let index: FMIndex
    package let options: Options
    let deviations: SEALDeviations
    /// What is taken, the best first.
    private let evidence: EvidenceKeys
    /// Where each key occurs in the segment.
    let rows: [FMIndex.Rows]
    private let borders: WordBorders
    /// The passages that may be found; nil where all may.
    let passing: PassingRows?
    private let meanLength: Float

    /// The keys in the order they are taken: weight falling, then tokens rising.
    package let keys: [Key]
    /// How often each key occurs where it may nominate.
    let occurrences: [Int]

    /// - Parameters:
    ///   - rows: where each of the keys that were given occurs in the segment.
    ///   - passing: the passages that may be found; nil where all may.
    ///   - borders: what whole keys and single tokens keep to: no occurrence that a word goes on behind.
    ///   - size: of the corpus.
    init(
        index: FMIndex, evidence: EvidenceKeys, rows: [FMIndex.Rows], passing: PassingRows?, options: Options,
        deviations: SEALDeviations, borders: WordBorders, size: CorpusSize
    ) {
        (self.index, self.evidence, self.passing) = (index, evidence, passing)
        (self.options, self.deviations, self.borders) = (options, deviations, borders)
        self.rows = evidence.ordered(rows)
        (keys, occurrences) = (evidence.keys, evidence.occurrences)
        meanLength = Float(size.meanLength)
    }

    /// The evidence of keys in an index that is the whole corpus.
    ///
    /// - Parameters:
    ///   - keys: distinct; those of weight 0 and those that the corpus does not hold are left out.
    ///   - unigrams: weights of single tokens.
    package init(
        index: FMIndex, keys: [Key], unigrams: [Int32: Float], passing: PassingRows? = nil,
        options: Options = Options(),
        deviations: SEALDeviations = [], borders: WordBorders = .none
    ) {
        self.init(
            index: index,
            evidence: EvidenceKeys(
                keys, occurrences: nil, unigrams: unigrams, vocabulary: index.vocabularyBound),
            rows: index.rows(of: keys.map(\.tokens)), passing: passing, options: options, deviations: deviations,
            borders: borders, size: CorpusCounts([index]).size)
    }

    /// The passages with evidence: score falling, then index rising.
    package func search() -> [Scored<Int32>] {
        var workspace = Workspace(vocabulary: evidence.vocabulary)
        return ranked(nominated(&workspace), &workspace)
    }

    func makeWorkspace() -> Workspace { Workspace(vocabulary: evidence.vocabulary) }

    /// Stage 1: the passages worth reading, with their scores of this stage.
    func nominated(_ workspace: inout Workspace) -> [Scored<Int32>] {
        deviations.isDisjoint(with: [.mirroredSpans, .passedDocumentEnds])
            ? nominate(&workspace) : nominateSpanBySpan(&workspace)
    }

    /// Stage 2: nominated passages with their scores, score falling, then index rising.
    func ranked(_ nominated: [Scored<Int32>], _ workspace: inout Workspace) -> [Scored<Int32>] {
        guard options.fullScore > 0 else { return nominated.sorted(by: Scored.precedes) }
        let scored = nominated.map { item in
            Scored(item.id, score: score(item.id, &workspace, nil))
        }
        return withEvidence(scored).sorted(by: Scored.precedes)
    }

    /// A passage that holds its keys only inside longer words has no evidence.
    func withEvidence(_ passages: [Scored<Int32>]) -> [Scored<Int32>] {
        borders.isEmpty ? passages : passages.filter { $0.score > 0 }
    }

    /// The score that a text of its own would have: what a passage with exactly these tokens gets.
    package func score(tokens: [Int32]) -> Float {
        var workspace = Workspace(vocabulary: evidence.vocabulary)
        workspace.tokens = tokens.filter { $0 >= 0 && Int($0) < evidence.vocabulary }
        findMatches(&workspace)
        return scoreMatches(&workspace, nil)
    }

    /// What a key, or a single token, gave to a passage.
    package struct Contribution: Sendable {
        /// The key's place in ``EvidenceScorer/keys``; nil for a single token.
        package var key: Int?
        package var tokens: [Int32]
        package var weight: Float
        /// r(n, C): the part of the weight that counted.
        package var coverage: Float
        /// Where it stands in the passage's tokens; a title key's span starts at -1, on the
        /// document end before the passage.
        package var spans: [Range<Int>]
    }

    /// The contributions to one passage, in the order they were taken.
    package func explain(_ local: Int32) -> [Contribution] {
        var workspace = Workspace(vocabulary: evidence.vocabulary)
        var contributions: [Contribution] = []
        _ = score(local, &workspace) { contribution in
            if let known = contributions.firstIndex(where: { $0.key != nil && $0.key == contribution.key }) {
                contributions[known].spans += contribution.spans
            } else {
                contributions.append(contribution)
            }
        }
        return contributions
    }

    /// Scratch memory of one search, reused from passage to passage.
    struct Workspace {
        var tokens: [Int32] = []
        /// key << 32 | start, rising: the best key first, then from the left.
        var matches: [UInt64] = []
        var used: [Bool] = []
        /// The tokens explained so far: stamp[token] == epoch.
        private var stamp: [Int32]
        private var epoch: Int32 = 0
        private(set) var coversNothing = true

        init(vocabulary: Int) { stamp = Array(repeating: 0, count: vocabulary) }

        mutating func clearUsed() {
            used.removeAll(keepingCapacity: true)
            used.append(contentsOf: repeatElement(false, count: tokens.count))
        }

        func isUsed(_ span: Range<Int>) -> Bool {
            for position in span where used[position] { return true }
            return false
        }

        mutating func clearCoverage() {
            epoch += 1
            coversNothing = true
        }

        mutating func cover(_ tokens: [Int32]) {
            // A query's word, of which only another form occurs, may have tokens that the corpus lacks.
            for token in tokens where stamp.indices.contains(Int(token)) { stamp[Int(token)] = epoch }
            coversNothing = false
        }

        func covers(_ token: Int32) -> Bool {
            stamp.indices.contains(Int(token)) && stamp[Int(token)] == epoch
        }

        /// r(n, C).
        func coverage(_ tokens: [Int32], beta: Float) -> Float {
            if coversNothing { return 1 }
            var distinct = 0
            var new = 0
            for (position, token) in tokens.enumerated() where !tokens[..<position].contains(token) {
                distinct += 1
                if !covers(token) { new += 1 }
            }
            return 1 - beta + beta * Float(new) / Float(distinct)
        }
    }

    /// Reads a passage as keys see it, the document end before it and its own left out, and finds
    /// every key in it.
    func read(_ local: Int32, _ workspace: inout Workspace) {
        workspace.tokens.removeAll(keepingCapacity: true)
        workspace.tokens.append(index.documentEnd)
        index.append(Int(local), to: &workspace.tokens)
        workspace.tokens.removeLast()
        findMatches(&workspace)
    }

    private func findMatches(_ workspace: inout Workspace) {
        workspace.matches.removeAll(keepingCapacity: true)
        evidence.trie.appendMatches(in: workspace.tokens, borders, to: &workspace.matches)
        workspace.matches.sort()
    }

    /// Stage 2 for one passage.
    func score(
        _ local: Int32, _ workspace: inout Workspace, _ report: ((Contribution) -> Void)?
    ) -> Float {
        read(local, &workspace)
        let score = scoreMatches(&workspace, report)
        guard options.lengthNormalization > 0 else { return score }
        // The document end before the passage stands for the one after it.
        let length = Float(workspace.tokens.count) / max(meanLength, 1)
        return score / (1 - options.lengthNormalization + options.lengthNormalization * length)
    }

    /// The greedy choice of keys over the workspace's tokens.
    private func scoreMatches(
        _ workspace: inout Workspace, _ report: ((Contribution) -> Void)?
    ) -> Float {
        workspace.clearUsed()
        workspace.clearCoverage()

        var sum: Float = 0
        var best: Float = 0
        var lastCounted = -1
        for match in workspace.matches {
            let keyIndex = Int(match >> 32)
            let start = Int(match & 0xFFFF_FFFF)
            let key = keys[keyIndex]
            guard !key.isTerm else {
                workspace.cover(key.covered)
                continue
            }
            let span = start..<start + key.tokens.count
            if !options.allowsOverlaps, workspace.isUsed(span) { continue }
            let repeats = lastCounted == keyIndex
            let coverage = repeats ? 0 : workspace.coverage(key.covered, beta: options.beta)
            guard repeats || coverage > 0 else { continue }
            for position in span { workspace.used[position] = true }
            report?(
                Contribution(
                    key: keyIndex, tokens: key.tokens, weight: key.weight, coverage: coverage,
                    spans: [span.lowerBound - 1..<span.upperBound - 1]))
            guard !repeats else {
                sum += options.repeatShare * key.weight
                continue
            }
            sum += coverage * key.weight
            best = max(best, key.weight)
            workspace.cover(key.covered)
            lastCounted = keyIndex
        }
        sum += scoreUnigrams(&workspace, report)
        return (1 - options.singleKey) * sum + options.singleKey * best
    }

    /// Whether the word that a token belongs to goes on behind it.
    private func goesOn(_ position: Int, _ workspace: Workspace) -> Bool {
        position + 1 < workspace.tokens.count && borders.isContinuation(workspace.tokens[position + 1])
    }

    /// The tokens that no key explains, each distinct one once.
    private func scoreUnigrams(
        _ workspace: inout Workspace, _ report: ((Contribution) -> Void)?
    ) -> Float {
        var sum: Float = 0
        var counted: [Int32] = []
        for (position, token) in workspace.tokens.enumerated() where !workspace.used[position] {
            let weight = evidence.unigrams[Int(token)]
            guard weight > 0, !counted.contains(token), !goesOn(position, workspace) else { continue }
            counted.append(token)
            let coverage = workspace.covers(token) ? 1 - options.beta : 1
            sum += coverage * weight
            report?(
                Contribution(
                    key: nil, tokens: [token], weight: weight, coverage: coverage,
                    spans: [position - 1..<position]))
        }
        return sum
    }
}
