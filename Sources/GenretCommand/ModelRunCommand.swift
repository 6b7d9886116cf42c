import ArgumentParser
import Decoding
import Foundation
import Memory
import Tensors
import Text
import Transformers

struct ModelRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Let a model generate text.",
        discussion: """
            Prints the best sequences with their scores: the sum of the log-probabilities divided by \
            the number of tokens to the power of --length-penalty. With --sample they are drawn instead.
            """)

    @Argument(help: ArgumentHelp("A model of the cache, a folder or a file.", valueName: "model"))
    var place: String
    @Argument(help: "The source or prompt; - reads it from standard input.") var text: String
    @Option(help: "Beams (default: as many as results, with --candidates at least 10).") var beams: Int?
    @Option(help: "Tokens of a sequence at most.") var maxTokens = 64
    @Option(help: "Tokens of a sequence before it may end.") var minTokens = 0
    @Option(help: "How many sequences.") var results = 1
    @Option(help: "The power of the length that scores are divided by.") var lengthPenalty: Float = 1
    @Option(help: "Groups of beams that avoid each other's tokens.") var groups = 1
    @Option(help: "What a token loses for each beam of an earlier group that has it.") var diversity: Float = 0
    @Option(help: "How weights are stored: float32, float16, bfloat16 or int8.") var precision = Precision.float32
    @Option(help: "Threads (default: one a core).") var threads: Int?
    @Flag(help: "The text is a user's message, put into ChatML.") var chat = false
    @Option(help: "The system's message before it.") var system: String?
    @Option(
        help: ArgumentHelp("Generate only lines of this file, each as it stands.", valueName: "file"))
    var candidates: String?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup(title: "Sampling options") var sampling: SamplingOptions

    func validate() throws {
        guard [maxTokens, results, groups, beams ?? 1, threads ?? 1].allSatisfy({ (1...100_000).contains($0) }) else {
            throw ValidationError("numbers of beams, tokens, results, groups and threads are 1 to 100000")
        }
        guard (0...maxTokens).contains(minTokens) else {
            throw ValidationError("--min-tokens is 0 to --max-tokens")
        }
        guard lengthPenalty.isFinite, diversity.isFinite, diversity >= 0 else {
            throw ValidationError("--length-penalty is a number, and --diversity one that is not negative")
        }
        guard beamCount % groups == 0 else { throw ValidationError("--groups must divide --beams") }
        guard results <= beamCount else { throw ValidationError("--results is at most --beams") }
        guard !sampling.sample || (beams == nil && groups == 1 && diversity == 0) else {
            throw ValidationError("--sample has no --beams, --groups or --diversity")
        }
        guard system == nil || chat else { throw ValidationError("--system needs --chat") }
    }

    private var beamCount: Int {
        if sampling.sample { return results }
        let least = max(results, candidates == nil ? 1 : 10)
        return beams ?? (least + groups - 1) / groups * groups
    }

    func run() throws {
        let language = try LanguageModel(contentsOf: ModelPlace(place).url, precision: precision)
        let source = try language.tokens(of: prompt(language))
        let clock = ContinuousClock()
        let start = clock.now
        var sequences = try Array(generate(language, source).prefix(results))
        let milliseconds = (clock.now - start) / .milliseconds(1)
        guard !sequences.isEmpty else {
            throw ErrorMessage.Failure(sentence: "no sequence of at most \(maxTokens) tokens was finished")
        }
        for index in sequences.indices { sequences[index].text = language.text(of: sequences[index].tokens) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let output = Output(
                model: place, source: source, sequences: sequences, milliseconds: milliseconds)
            print(String(decoding: try encoder.encode(output), as: UTF8.self))
        } else {
            for sequence in sequences { print(String(format: "%9.4f  ", sequence.score) + sequence.text) }
        }
    }

    private func prompt(_ language: LanguageModel) throws -> String {
        var text = text
        if text == "-" {
            text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
            if text.last?.isNewline == true { text.removeLast() }
        }
        return chat ? try language.chatPrompt(text, system: system) : text
    }

    private func generate(_ language: LanguageModel, _ source: [Int32]) throws -> [Sequence] {
        let model = language.model
        let tokens = model.configuration.tokens
        let session = try model.session([source], team: ThreadTeam(threads: threads ?? Parallel.cores))
        // A hypothesis' last token is not read any more.
        let read = model.configuration.encoder == nil ? source.count : 1
        let limit = session.maximumLength.map { $0 - read + 1 } ?? .max
        var options = SequenceSearch.Options(
            beams: beamCount, maximumLength: min(maxTokens, limit), ends: tokens.ends)
        options.minimumLength = minTokens
        options.lengthPenalty = lengthPenalty
        options.groups = groups
        options.diversityPenalty = diversity
        options.forcedFirst = tokens.forcedFirst
        options.forcedLast = tokens.forcedLast
        guard let candidates else {
            return search(session, Unconstrained(vocabularySize: session.vocabularySize), options)
        }
        let lines = try TextLines.read(candidates).map { line in
            (tokens.forcedFirst.map { [$0] } ?? []) + language.tokenizer.encode(line, addSpecialTokens: false).ids
                + tokens.ends.prefix(1)
        }
        let fitting = lines.filter { $0.count <= options.maximumLength }
        guard let longest = fitting.map(\.count).max() else {
            throw ErrorMessage.Failure(
                sentence: lines.isEmpty
                    ? "\(candidates): there is no candidate in it"
                    : "\(candidates): every candidate has more than \(options.maximumLength) tokens")
        }
        if fitting.count < lines.count {
            ErrorMessage.note(
                "left out of the candidates: \((lines.count - fitting.count).grouped) of more than \(options.maximumLength) tokens"
            )
        }
        options.maximumLength = longest
        return search(session, TokenTrie(fitting), options)
    }

    private func search(
        _ session: GenerationSession, _ rule: some Constraint, _ options: SequenceSearch.Options
    ) -> [Sequence] {
        guard sampling.sample else {
            return SequenceSearch(options).run(session, rule).map {
                Sequence($0.tokens, $0.stepLogProbs, score: $0.score)
            }
        }
        return draw(session, rule, options).map { sample in
            let length = Float(max(sample.tokens.count, 1))
            return Sequence(
                sample.tokens, sample.stepLogProbs,
                score: sample.stepLogProbs.reduce(0, +) / pow(length, options.lengthPenalty))
        }
    }

    /// Samples, after the token that the model forces to be first where it does.
    private func draw<Rule: Constraint>(
        _ session: GenerationSession, _ rule: Rule, _ options: SequenceSearch.Options
    ) -> [Sampling.Result] {
        var options = options
        guard let first = options.forcedFirst, let state = rule.advance(rule.initialState, by: first) else {
            return Sampling(sampling.options(samples: results, options)).run(session, rule)
        }
        options.maximumLength -= 1
        let start = session.advance(session.initialState, by: first)
        return Sampling(sampling.options(samples: results, options))
            .run(session, [(start, Continuation(rule: rule, initialState: state))])[0]
    }

    private struct Sequence: Encodable {
        var score, logProb: Float
        var text = ""
        var tokens: [Int32]
        var stepLogProbs: [Float]

        init(_ tokens: [Int32], _ stepLogProbs: [Float], score: Float) {
            self.score = score
            self.tokens = tokens
            self.stepLogProbs = stepLogProbs
            logProb = stepLogProbs.reduce(0, +)
        }
    }

    private struct Output: Encodable {
        var model: String
        var source: [Int32]
        var sequences: [Sequence]
        var milliseconds: Double
    }
}

/// What a constraint allows after a prefix.
private struct Continuation<Rule: Constraint>: Constraint {
    let rule: Rule
    let initialState: Rule.State

    func advance(_ state: Rule.State, by token: Int32) -> Rule.State? { rule.advance(state, by: token) }

    func branching(of state: Rule.State) -> Int { rule.branching(of: state) }

    func forEachAllowed(in state: Rule.State, _ body: (Int32, Rule.State) -> Void) {
        rule.forEachAllowed(in: state, body)
    }

    func isComplete(_ state: Rule.State) -> Bool { rule.isComplete(state) }
}
