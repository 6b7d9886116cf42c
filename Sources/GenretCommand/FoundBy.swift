import Engine
import Ranking
import Search

/// In a line, what found an answer: each retriever that lists it with the rank there, and the identifiers that led to it.
struct FoundBy {
    /// Keys that weigh less say little.
    private static let mostKeys = 3

    let explanation: Explanation

    /// Such as `ngram 2 (generated "clock is changed"; of the query "clock hour"), docid 1 (11 › 0 › 4), bm25 7`; nil where nobody
    /// lists it.
    var line: String? {
        let parts = explanation.score.parts.compactMap { part in
            part.rank.map { "\(part.name) \($0)" + (identifiers(of: part.name).map { " (\($0))" } ?? "") }
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private func identifiers(of name: ComponentID) -> String? {
        switch name.name {
        case "ngram": keys
        case "docid":
            explanation.detail("docid", as: DocidPath.self)
                .map { $0.levels.map { String($0.token) }.joined(separator: " › ") }
        default: nil
        }
    }

    /// The n-grams that weigh most, those that the generator wrote before those of the query itself.
    private var keys: String {
        let all = (explanation.detail("keys", as: [GeneratedKey].self) ?? []).filter { $0.kind != .terms }
            .sorted { ($1.weight * $1.coverage, $0.text) < ($0.weight * $0.coverage, $1.text) }
        let own: Set<Key.Kind> = [.query, .inflection]
        let groups = [
            ("generated", all.filter { !own.contains($0.kind) }),
            ("of the query", all.filter { own.contains($0.kind) }),
        ]
        let texts = groups.compactMap { name, keys -> String? in
            let shown = keys.prefix(Self.mostKeys).map { "\"\($0.text)\"" }
            return shown.isEmpty ? nil : "\(name) \(shown.joined(separator: ", "))"
        }
        return texts.isEmpty ? "the query's words" : texts.joined(separator: "; ")
    }
}
