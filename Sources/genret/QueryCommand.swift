import ArgumentParser
import Engine
import Foundation
import Ranking

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Answer one query.")

    @Argument(help: "The index.") var index: String
    @Argument(help: "The query; - reads queries from standard input, one a line.") var words: [String]
    @Option(name: .customLong("hits"), help: "How many answers.") var hits = 10
    @Flag(help: "Show the keys, the docid path and each retriever's part of every answer.")
    var explain = false
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var retrieval: RetrievalOptions

    func validate() throws {
        guard hits > 0 else { throw ValidationError("--hits is at least 1") }
    }

    func run() throws {
        let engine = try retrieval.open(index)
        guard words != ["-"] else { return try answerLines(engine) }
        try answer(words.joined(separator: " "), engine)
    }

    /// Answers each line of standard input as it comes; JSON is then a line a query.
    private func answerLines(_ engine: Engine) throws {
        var isFirst = true
        var failed = 0
        while let line = readLine() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            if !json {
                print((isFirst ? "" : "\n") + "query: \(line)")
                isFirst = false
            }
            do {
                try answer(line, engine)
            } catch EngineError.emptyQuery {
                ErrorMessage.note("\"\(line)\": \(EngineError.emptyQuery)")
                failed += 1
            }
            // Whoever asks line by line waits for the answer.
            fflush(nil)
        }
        if failed > 0 { throw ExitCode(1) }
    }

    private func answer(_ query: String, _ engine: Engine) throws {
        QueryLength.note(query)
        let (result, presented) = try engine.present(
            query, retrieval.searchOptions(hits: hits), explaining: explain)
        if json {
            try print(ResultJSON(result, presented).text(isLine: words == ["-"]))
        } else {
            ResultPrinter(explaining: explain).print(result, presented)
        }
    }
}

/// Says so when a query is longer than the retrievers read.
enum QueryLength {
    static let limit = 256

    static func note(_ query: String) {
        let words = query.split(whereSeparator: \.isWhitespace).count
        guard words > limit else { return }
        ErrorMessage.note(
            "the query has \(words.grouped) words; the encoder reads about the first \(limit), BM25 all of them")
    }
}
