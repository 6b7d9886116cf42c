import ArgumentParser
import Corpora
import Engine
import Foundation
import Memory

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Answer one query.",
        discussion: "--help-all shows all options, those of experts too.")

    @Argument(help: "The index.") var index: String
    @Argument(help: "The query; - or none reads queries from standard input, one a line, and keeps the index open.")
    var words: [String] = []
    @Option(
        help: ArgumentHelp(
            "The query's vector, for an index whose vectors were imported: a file with one, .npy, .safetensors or .jsonl. The query may be left out then.",
            valueName: "file"))
    var queryVector: String?
    @Option(name: [.customLong("hits"), .customShort("k")], help: "How many answers.") var hits = 10
    @Option(help: "Threads, where an index has several segments (default: all cores).") var threads: Int?
    @Flag(help: "Show the keys, the docid path, the terms and each component's part of every answer.")
    var explain = false
    @Flag(help: "Say in a line what found every answer: ranks, generated n-grams and the docid.")
    var foundBy = false
    @Flag(help: "Print JSON; its matches are UTF-8 byte ranges of the snippet. --json=v1 prints the whole response.")
    var json = false
    @Flag(name: .customLong(Self.wholeJSON), help: .private) var v1 = false
    @Flag(name: .shortAndLong, help: "Answers alone: no times.") var quiet = false
    @OptionGroup var filter: FilterFlag
    @Option(
        name: .customLong("facet"),
        help: ArgumentHelp(
            "Counts the values of a field among all passages that the retrievers found. Repeatable.",
            valueName: "field"))
    var facets: [String] = []
    @OptionGroup var judgements: JudgementFlags
    @OptionGroup var retrieval: RetrievalFlags

    /// What `--json=v1` is to the parser, which knows no flags with values.
    static let wholeJSON = "json-v1"

    func validate() throws {
        if queryVector != nil, words == ["-"] {
            throw ValidationError("--query-vector is of one query, and - reads many")
        }
        guard hits > 0, threads ?? 1 > 0 else { throw ValidationError("--hits and --threads are at least 1") }
    }

    func run() throws {
        // A shell's pattern for indexes gives several.
        if words.count > 1, (try? Engine.open(words[0])) != nil {
            throw ErrorMessage.Failure(sentence: "\(words[0]) is an index, too; a query searches one of them", code: 64)
        }
        let text = words.joined(separator: " ")
        let engine = try retrieval.open(
            index, threads: threads ?? Parallel.cores, for: QueryContents(text, queryVector == nil ? nil : []))
        let vector = try queryVector.map { try QueryVectors.one($0, for: engine) }
        // Nothing found is 1, as of grep.
        let found = try readsLines ? answerLines(engine) : answer(text, vector, engine)
        if !found { throw ExitCode(1) }
    }

    private var readsLines: Bool { queryVector == nil && words.isEmpty || words == ["-"] }

    /// A line of standard input; nil at its end. Whoever sits there is asked for it.
    private func nextLine() -> String? {
        guard Terminal.inputIsTerminal else { return readLine() }
        Terminal.error("query> ")
        let line = readLine()
        if line == nil { Terminal.error("\n") }
        return line
    }

    /// Answers each line of standard input as it comes; JSON is then a line a query.
    ///
    /// - Returns: whether every line could be searched for, and one of them found something; whoever sat there has seen it.
    private func answerLines(_ engine: Engine) throws -> Bool {
        var isFirst = true
        var (asked, failed, found) = (0, 0, 0)
        while let line = nextLine() {
            guard WhiteSpace.wordCount(line) > 0 else { continue }
            asked += 1
            if !json, !v1, !Terminal.inputIsTerminal {
                print((isFirst ? "" : "\n") + "query: \(line)")
                isFirst = false
            }
            do {
                if try answer(line, nil, engine) { found += 1 }
            } catch EngineError.emptyQuery {
                ErrorMessage.note("\"\(line)\": \(EngineError.emptyQuery)")
                failed += 1
            }
            // Whoever asks line by line waits for the answer.
            StandardStreams.shared.flush()
            if StandardStreams.shared.isBroken { break }
        }
        if Terminal.inputIsTerminal { return true }
        guard asked > 0 else { throw ErrorMessage.Failure(sentence: "standard input holds no query") }
        return failed == 0 && found > 0
    }

    /// - Returns: whether something was found.
    private func answer(_ query: String, _ vector: [Float]?, _ engine: Engine) throws -> Bool {
        QueryLength.note(query)
        var request = SearchRequest(query, hits: hits, options: try retrieval.options())
        judgements.add(to: &request.options)
        request.vector = vector
        request.explain = explain || foundBy ? .full : .none
        request.filter = try filter.filter()
        request.facets = facets
        let response = try engine.search(request)
        if v1 {
            try print(AnswerJSON.text(of: response, isLine: readsLines))
        } else if json {
            try print(AnswerJSON.text(of: AnswerJSON(response), isLine: readsLines))
        } else {
            AnswerPrinter(explains: explain, saysFoundBy: foundBy, saysTimes: !quiet).print(response)
        }
        return !response.candidates.isEmpty
    }
}

/// Says so when a query is longer than the retrievers read.
enum QueryLength {
    static let limit = 256

    static func note(_ query: String) {
        let words = WhiteSpace.wordCount(query)
        guard words > limit else { return }
        ErrorMessage.note(
            "the query has \(words.grouped) words; the encoder reads about the first \(limit), BM25 all of them")
    }
}
