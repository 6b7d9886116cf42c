import ArgumentParser
import Engine
import Foundation
import Memory
import Ranking
import Search
import Tensors

extension NgramRetriever.Generator: ExpressibleByArgument {}
extension NgramScoring: ExpressibleByArgument {}
extension DocidRetriever.Source: ExpressibleByArgument {}
extension Fusion.Method: ExpressibleByArgument {}

/// The options that `query` and `search` share.
struct RetrievalFlags: ParsableArguments {
    @Option(help: "Which retrievers run, with commas: ngram, docid, dense, bm25 (default: all that can).")
    var retrievers: String?
    @Option(help: ArgumentHelp("How lists are fused: weighted or rrf.", visibility: .hidden)) var fusion = Fusion.Method
        .weighted
    @Option(
        help: ArgumentHelp(
            "Fusion weights that replace the index's own, 0 for those not named: ngram=0.2,bm25=0.5.",
            visibility: .hidden))
    var weights: String?
    @Option(help: ArgumentHelp("Passages that each retriever gives to the fusion.", visibility: .hidden)) var depth =
        100
    @Option(
        help: ArgumentHelp(
            "How many of the fusion's best are encoded where they have static vectors, 0 for none (default: 20, or none where the index found that it does not help).",
            visibility: .hidden)
    )
    var encode: Int?
    @Option(
        help: ArgumentHelp(
            "How many of the fusion's best are reranked, 0 for none (default: the index's own); or a language model's way to order the best after that, METHOD or METHOD:MODEL as \"genret rerank\" has them. Repeatable.",
            valueName: "number|method"))
    var rerank: [String] = []
    @Option(
        help: ArgumentHelp(
            """
            What each reranker weighs, 0 for those not named: likelihood=0.15,interaction=1 (default: the index's \
            own, or these).
            """, visibility: .hidden)) var rerankWeights: String?
    @OptionGroup var feedback: FeedbackFlags
    @Option(
        help: ArgumentHelp(
            "What n-grams are generated with: trained or untrained (default: trained, where the index can).",
            visibility: .hidden))
    var generator: NgramRetriever.Generator?
    @Option(
        help: ArgumentHelp(
            "What n-grams add up to: increments over BM25 of the query's terms, or seal, the weights of all keys (default: increments).",
            visibility: .hidden)
    )
    var scoring: NgramScoring?
    @Option(
        help: ArgumentHelp(
            "Docids: trained, or the training-free ones of sentences, tree or rq (default: trained, then sentences, where the index can).",
            visibility: .hidden)
    )
    var docids: DocidChoice?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Sets an option of a retriever, such as ngram.beams=20, docid.lookAhead=0.3, bm25.k1=1.2. Repeatable.",
            valueName: "option=value", visibility: .hidden))
    var settings: [String] = []
    @Option(
        help: ArgumentHelp(
            "The precision of a trained generator: float32, float16, bfloat16 or int8.", visibility: .hidden))
    var generatorPrecision = Precision.int8

    /// Docids as the command line names them; "untrained" are those of sentences, or of passages where an index has no others.
    enum DocidChoice: String, ExpressibleByArgument, CaseIterable {
        case trained, untrained, sentences, tree, rq

        var source: DocidRetriever.Source {
            switch self {
            case .trained: .trained
            case .untrained, .sentences: .sentences
            case .tree: .tree
            case .rq: .rq
            }
        }
    }

    func validate() throws {
        let options = try options()
        if let fault = options.fault(hits: 1, .local) { throw ValidationError("\(fault)") }
    }

    /// The search that the flags ask for.
    func options() throws -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = try names(retrievers)
        options.depth = depth
        options.fusion = fusion
        options.weights = try numbers(
            weights, of: Registry.standard.retrievers.map { $0.id }, such: "ngram=0.2,bm25=0.5")
        options.encode = encode
        for text in rerank {
            if let depth = Int(text) {
                options.rerank = depth
            } else {
                options.rerankWith = text
            }
        }
        options.rerankWeights = try numbers(
            rerankWeights, of: Registry.standard.rerankers.map { $0.id }, such: "likelihood=0.15,interaction=1")
        options.feedback = try feedback.options()
        if let generator { options[NgramRetriever.self].generator = generator }
        if let scoring { options[NgramRetriever.self].search.scoring = scoring }
        if let docids { options[DocidRetriever.self].docids = docids.source }
        for setting in settings { try apply(setting, to: &options) }
        return options
    }

    private func names(_ text: String?) throws -> [ComponentID]? {
        guard let text else { return nil }
        let known = Registry.standard.retrievers.map { $0.id }
        let names = text.split(separator: ",").map { ComponentID(String($0.trimmingPrefix(" "))) }
        for name in names where !known.contains(name) {
            let all = known.map(\.name)
            throw ValidationError(
                "no retriever is called \"\(name)\"; there are \(all.dropLast().joined(separator: ", ")) and \(all.last ?? "")"
            )
        }
        guard !names.isEmpty else { throw ValidationError("--retrievers names none") }
        return names
    }

    /// Named weights, none of them negative.
    private func numbers(
        _ text: String?, of names: [ComponentID], such example: String
    ) throws -> [ComponentID: Float]? {
        guard let text else { return nil }
        var result: [ComponentID: Float] = [:]
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=")
            guard parts.count == 2, names.contains(ComponentID(String(parts[0]))), let weight = Float(parts[1]),
                weight >= 0, weight.isFinite
            else { throw ValidationError("\"\(pair)\" is no weight; write \(example)") }
            result[ComponentID(String(parts[0]))] = weight
        }
        return result
    }

    /// Sets one option by its path.
    private func apply(_ setting: String, to options: inout SearchOptions) throws {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, path.count > 1, path.allSatisfy({ !$0.isEmpty }) else {
            throw ValidationError("\"\(setting)\" sets nothing; write ngram.beams=20")
        }
        let text = String(parts[1])
        // What is no JSON is a word.
        let value = (try? JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))) ?? .string(text)
        let tree = path.dropFirst().reversed().reduce(value) { .object([$1: $0]) }
        do throws(OptionFault) {
            try options.set(ComponentID(path[0]), to: tree)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// Opens an index and says what of the search does not run; an explicit wish that cannot be met is an error.
    ///
    /// - Parameters:
    ///   - threads: that one query may use.
    ///   - contents: what queries bring.
    func open(_ path: String, threads: Int = 1, for contents: QueryContents = .text) throws -> Engine {
        // Who only searches need not end where somebody cuts a file short.
        WatchedFiles.watch()
        let engine = try Engine.open(path, precision: generatorPrecision, threads: threads, waitsForChecks: true)
        for note in try engine.prepared(options(), contents).notes {
            ErrorMessage.note(ErrorMessage.sentence(of: note))
        }
        return engine
    }
}
