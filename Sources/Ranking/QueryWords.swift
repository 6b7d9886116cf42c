import FMIndex
import Foundation

/// A query's words as what an untrained generator copies: a trie of their tokens, with the share of
/// copying that each word has.
struct QueryWords: Sendable {
    /// Where a sequence stands among the query's words.
    struct Place: Sendable, Equatable {
        /// The node of its last word; -1 where that is none of the query's, so far.
        var node: Int32 = -1
        /// The probability that its last word is being copied.
        var copied: Float = 0
    }

    /// Words that may be copied, as first tokens with their shares of all copying; at the first step
    /// every one of them is.
    let starts: [(token: Int32, share: Float)]

    // Node 0 is the root, which no place stands on.
    private var parents: [UInt64: Int32] = [:]
    private var tokens: [Int32] = [-1]
    /// The shares of the words that go through a node, and of the one that ends there.
    private var through: [Float] = [1]
    private var ending: [Float] = [0]
    private var children: [[Int32]] = [[]]
    /// Of a node where a word ends: the first tokens of the words behind it in the query, with their
    /// shares of them.
    private var followers: [Int32: [Int32: Float]] = [:]
    private let shareOfStart: [Int32: Float]

    /// - Parameters:
    ///   - query: the query's tokens.
    ///   - limit: how many distinct words, the rarest first, are considered.
    ///   - count: how often sequences of tokens occur in the corpus; 0 for those that are never generated.
    ///   - total: the number of tokens of the corpus.
    init(_ query: [Int32], _ borders: WordBorders, limit: Int, total: Int, count: ([[Int32]]) -> [Int]) {
        let words = borders.words(query).map(Array.init).filter { word in
            word.first.map { !borders.isContinuation($0) } ?? false
        }
        var seen: Set<[Int32]> = []
        let distinct = words.filter { seen.insert($0).inserted }
        let rarity = zip(distinct, count(distinct)).compactMap { word, count in
            count > 0 ? (word: word, value: max(log(Float(total + 1) / Float(count)), 1e-3)) : nil
        }
        let kept = rarity.sorted { a, b in
            a.value != b.value ? a.value > b.value : a.word.lexicographicallyPrecedes(b.word)
        }.prefix(limit)
        let sum = kept.reduce(Float(0)) { $0 + $1.value }
        var shareOfStart: [Int32: Float] = [:]
        var starts: [Int32] = []
        for item in kept {
            let first = item.word[0]
            if shareOfStart[first] == nil { starts.append(first) }
            shareOfStart[first, default: 0] += item.value / sum
        }
        self.shareOfStart = shareOfStart
        self.starts = starts.map { ($0, shareOfStart[$0] ?? 0) }
        var ends: [[Int32]: Int32] = [:]
        for item in kept { ends[item.word] = insert(item.word, share: item.value / sum) }
        follow(words, ends)
    }

    private mutating func insert(_ word: [Int32], share: Float) -> Int32 {
        var node: Int32 = 0
        for token in word {
            let name = Self.name(node, token)
            if let known = parents[name] {
                node = known
            } else {
                let new = Int32(tokens.count)
                parents[name] = new
                tokens.append(token)
                through.append(0)
                ending.append(0)
                children.append([])
                children[Int(node)].append(new)
                node = new
            }
            through[Int(node)] += share
        }
        ending[Int(node)] += share
        return node
    }

    /// Of the words behind each word: the distinct ones, alike.
    private mutating func follow(_ words: [[Int32]], _ ends: [[Int32]: Int32]) {
        var next: [Int32: Set<[Int32]>] = [:]
        for (word, other) in zip(words, words.dropFirst()) {
            guard let node = ends[word], ends[other] != nil else { continue }
            next[node, default: []].insert(other)
        }
        followers = next.mapValues { words in
            words.reduce(into: [:]) { $0[$1[0], default: 0] += 1 / Float(words.count) }
        }
    }

    private static func name(_ node: Int32, _ token: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: token))
    }

    /// The probability that the last word is copied and goes on.
    func goesOn(_ place: Place) -> Float {
        guard place.node > 0 else { return 0 }
        let node = Int(place.node)
        return children[node].isEmpty ? 0 : place.copied * (1 - ending[node] / through[node])
    }

    /// The tokens that a copied word goes on with.
    func continuations(_ place: Place) -> [Int32] {
        place.node > 0 ? children[Int(place.node)].map { tokens[Int($0)] } : []
    }

    /// The probability of a token after a place and where it leads, as ``AnchoredNgramModel`` says.
    ///
    /// - Parameter corpus: the share of the sequence's occurrences that the token follows.
    func step(
        _ place: Place, _ token: Int32, corpus: Float, gate: Float, follow: Float
    ) -> (probability: Float, place: Place) {
        let goes = goesOn(place)
        var copy = shareOfStart[token] ?? 0
        if place.node > 0, ending[Int(place.node)] > 0, let next = followers[place.node] {
            copy = follow * (next[token] ?? 0) + (1 - follow) * copy
        }
        let fresh = (1 - goes) * (gate * copy + (1 - gate) * corpus)
        if place.node > 0, let child = parents[Self.name(place.node, token)] {
            let node = Int(place.node)
            let rest = through[node] - ending[node]
            let going = rest > 0 ? goes * through[Int(child)] / rest : 0
            let probability = going + fresh
            return (probability, Place(node: child, copied: probability > 0 ? going / probability : 0))
        }
        guard copy > 0, let node = parents[Self.name(0, token)] else { return (fresh, Place()) }
        return (fresh, Place(node: node, copied: gate * copy / (gate * copy + (1 - gate) * corpus)))
    }

    /// Where the first token of a sequence leads, which is always copied.
    func start(_ token: Int32) -> Place {
        parents[Self.name(0, token)].map { Place(node: $0, copied: 1) } ?? Place()
    }
}
