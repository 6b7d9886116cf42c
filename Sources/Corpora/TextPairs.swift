import Foundation
import Memory

/// Pairs of texts that mean the same, or belong together: a question and its answer, a job's title and its skills, a sentence and its
/// translation. Several texts may have one target; they are then one group.
public struct TextPairs: Sendable, Equatable {
    /// A target with the texts that should find it, both in the order of the file.
    public struct Group: Sendable, Equatable {
        public var target: String
        public var texts: [String]

        public init(target: String, texts: [String]) { (self.target, self.texts) = (target, texts) }
    }

    public private(set) var groups: [Group] = []
    public private(set) var heldOut: [Group] = []
    private var places: [String: Int] = [:]

    public init() {}

    /// The pairs of a file: two columns with a tab between them, text and target, or JSON lines with `anchor` and `positive`, as sentence-transformers
    /// calls them. Compressed files are read as they are.
    ///
    /// - Throws: ``CorpusError`` for the first line that is no pair.
    public init(path: String) throws(CorpusError) {
        let lines = try LineReader(path: path)
        while let line = try lines.next() {
            if line.isBlank { continue }
            guard let (text, target) = Self.pair(line) else {
                throw .badLine(
                    BadLine(
                        place: SourceLine(file: path, line: lines.line),
                        reason: "expected a text, a tab and its target, or JSON with \"anchor\" and \"positive\""))
            }
            add(text, target)
        }
        guard !groups.isEmpty else { throw .unrecognised(path: path, reason: "no pairs found") }
    }

    private struct Line: Decodable {
        var anchor: String
        var positive: String
    }

    private static func pair(_ line: some Collection<UInt8>) -> (text: String, target: String)? {
        let text = String(decoding: line, as: UTF8.self)
        if text.first(where: { !$0.isWhitespace }) == "{" {
            guard let pair = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else { return nil }
            return hasWords(pair.anchor) && hasWords(pair.positive) ? (pair.anchor, pair.positive) : nil
        }
        let parts = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 && parts.allSatisfy(hasWords) ? (parts[0], parts[1]) : nil
    }

    private static func hasWords(_ text: String) -> Bool { WhiteSpace.wordCount(text) > 0 }

    /// A text that a target already has is passed over.
    public mutating func add(_ text: String, _ target: String) {
        if let place = places[target] {
            if !groups[place].texts.contains(text) { groups[place].texts.append(text) }
        } else {
            places[target] = groups.count
            groups.append(Group(target: target, texts: [text]))
        }
    }

    /// Holds out a share of the targets with all their texts, drawn with a seed; one at least stays.
    public mutating func holdOut(share: Double, limit: Int, seed: UInt64) {
        let all = groups
        let count = min(limit, all.count - 1, Int((share * Double(all.count)).rounded()))
        guard count > 0 else { return }
        var random = SeededGenerator(seed: seed, stream: 41)
        let chosen = Set(random.sample(count, of: all.count).map(Int.init))
        heldOut = all.indices.filter(chosen.contains).map { all[$0] }
        groups = all.indices.filter { !chosen.contains($0) }.map { all[$0] }
        places = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1.target, $0) })
    }

    /// The number of pairs that are trained on.
    public var count: Int { groups.reduce(0) { $0 + $1.texts.count } }
}
