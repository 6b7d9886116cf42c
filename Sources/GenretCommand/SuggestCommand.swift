import ArgumentParser
import Corpora
import Engine
import Foundation
import Indexing
import Memory

struct SuggestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Suggest narrower queries.",
        discussion: """
            What a query finds is clustered, and for each cluster the index's generator writes a question that finds it. Behind each \
            stands how many passages the cluster has, and how many of these are among the question's first so many answers, and \
            among the query's own.
            """)

    @Argument(help: "The index.") var index: String
    @Argument(help: "The query.") var words: [String] = []
    @Option(help: "A file of queries in place of one; JSON, a line a query.") var queries: String?
    @Option(help: "How many suggestions at most.") var count = 4
    @Option(help: "How many of the query's answers are clustered.") var hits = 100
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
    @Option(help: "Threads.") var threads = Parallel.cores
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard count > 0, threads > 0, (6...1_000).contains(hits) else {
            throw ValidationError("--count and --threads are at least 1, --hits is 6 to 1000")
        }
        guard words.isEmpty != (queries == nil) else { throw ValidationError("give a query, or a file of --queries") }
    }

    private struct Line: Encodable {
        struct Item: Encodable {
            var text: String
            var passages: [String]
            var recall: Double
            var recallBefore: Double
        }
        var id: String?
        var query: String
        var suggestions: [Item]
    }

    func run() throws {
        var suggestions = try QuerySuggestions(Engine.open(index))
        (suggestions.count, suggestions.hits) = (count, hits)
        (suggestions.seed, suggestions.threads) = (seed, threads)
        guard let queries else {
            let text = words.joined(separator: " ")
            let found = try suggestions.suggest(text)
            if json { return try printJSON(Self.line(nil, text, found)) }
            for suggestion in found {
                let (size, recall) = (suggestion.passages.count, suggestion.recall)
                print(
                    "\(suggestion.text)\n    \(size.counted("passage")); finds \(Int((recall * Double(size)).rounded())) of them, "
                        + "the query \(Int((suggestion.recallBefore * Double(size)).rounded()))")
            }
            if found.isEmpty {
                ErrorMessage.note("nothing to suggest: no question parts what the query finds better than it does")
            }
            return
        }
        for query in try Queries.read(path: queries) {
            try printJSON(Self.line(query.id.string, query.text, suggestions.suggest(query.text)))
        }
    }

    private static func line(_ id: String?, _ text: String, _ found: [QuerySuggestions.Suggestion]) -> Line {
        Line(
            id: id, query: text,
            suggestions: found.map {
                .init(text: $0.text, passages: $0.passages, recall: $0.recall, recallBefore: $0.recallBefore)
            })
    }

    private func printJSON(_ line: Line) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(line), as: UTF8.self))
    }
}
