import ArgumentParser
import Engine
import FMIndex
import Foundation
import Indexing
import Memory
import Ranking
import Transformers

extension NgramProfile: ExpressibleByArgument {}
extension EncoderBudget: ExpressibleByArgument {}
extension VectorProfile: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension TermLanguage: ExpressibleByArgument {}

/// How an index is built: its encoder, docids, n-grams, generator and weights.
struct BuildFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The encoder, by its name in the model cache. (default: \(KnownModel.defaultEncoder) for English, else \(KnownModel.multilingualEncoder) where it is installed)"
        )) var encoder: String?
    @Option(
        help: ArgumentHelp(
            "The language of the texts, which says how words become terms: english, german, ..., or plain for words as they are and pairs of characters in Chinese, Japanese, Korean and Thai. (default: by the texts)",
            valueName: "language"))
    var language: TermLanguage?
    @Option(
        help: ArgumentHelp(
            "The encoder's precision for passages: float32, float16, bfloat16 or int8, the fastest.",
            visibility: .hidden))
    var encoderPrecision: Precision?
    @Option(
        help: ArgumentHelp(
            "How many passages the encoder gives their vectors now; the others get static ones, which are far cheaper and stand in for them: all, none, a number, or minutes such as 10m. (default: \(IndexOptions().encoderBudget))",
            valueName: "budget"))
    var encoderBudget: EncoderBudgets?
    @Flag(help: "Index without an encoder: n-grams and BM25 only.") var noEncoder = false
    @Option(
        help: ArgumentHelp(
            "How vectors are stored: int8, coded in the order of the docid tree; int4, the same in 4 bits and half as large; or float32, exact and 3 times as large. (default: int8)",
            visibility: .hidden)
    )
    var vectorProfile: VectorProfile?
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Also make residual-quantised docids, for --docids rq. (default: with float32)", visibility: .hidden))
    var quantisedDocids: Bool?
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Docids lead to the sentences of passages, and not only to passages. (default: up to 500,000 a segment)",
            visibility: .hidden))
    var sentenceDocids: Bool?
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Store what reranking compares of passages, so that it need not read them. (default: with a generator)",
            visibility: .hidden))
    var tokenCodes: Bool?
    @Option(
        help: ArgumentHelp(
            "Children of a node of the docid tree. (default: 32, from 100,000 passages on 64)", visibility: .hidden))
    var fanout: Int?
    @Option(
        help: ArgumentHelp(
            "Passages of a leaf of the docid tree. (default: 32, from 100,000 passages on 256)", visibility: .hidden))
    var leafSize: Int?
    @Option(
        help: ArgumentHelp(
            "Pseudo-queries that estimate the fusion weights; 0 leaves them equal. (default: \(IndexOptions().pseudoQueries))",
            visibility: .hidden)
    )
    var pseudoQueries: Int?
    @Option(
        help: ArgumentHelp(
            "What the n-gram index holds: fast (some 9 bytes a token) or compact (2.5); by size if not given.",
            visibility: .hidden))
    var ngramProfile: NgramProfile?
    @Option(
        help:
            "A trained generator's folder, or its name in the model cache, that the index is given; none for none (default: the one that comes with genret)."
    )
    var generator: String?
    @Option(
        help:
            "Steps for which that generator is trained on for this corpus; 0 leaves it as it is (default: \(IndexOptions().trainSteps))."
    )
    var trainSteps: Int?
    @Option(help: "The most minutes that these steps may take; 0 leaves the generator as it is (default: no bound).")
    var trainMinutes: Double?
    @Option(
        help: ArgumentHelp("The seed of every random choice. (default: \(IndexOptions().seed))", visibility: .hidden))
    var seed: UInt64?

    func validate() throws {
        guard fanout.map((2...4096).contains) ?? true, leafSize.map((1...4096).contains) ?? true,
            pseudoQueries.map((0...100_000).contains) ?? true
        else {
            throw ValidationError(
                "--fanout is 2 to 4096, --leaf-size 1 to 4096, --pseudo-queries 0 to 100000")
        }
        if let trainMinutes, !(trainMinutes >= 0 && trainMinutes.isFinite) {
            throw ValidationError("--train-minutes is not negative")
        }
        if noEncoder, encoder != nil || encoderPrecision != nil || encoderBudget != nil {
            throw ValidationError("--no-encoder goes with neither --encoder, --encoder-precision nor --encoder-budget")
        }
        if noEncoder, generator.map({ $0 != "none" }) ?? false {
            throw ValidationError("a generator reads an encoder's states; --generator does not go with --no-encoder")
        }
        if let trainSteps, !(0...1_000_000).contains(trainSteps) {
            throw ValidationError("--train-steps is 0 to 1000000")
        }
        if trainMinutes != nil || trainSteps != nil, noEncoder || generator == "none" {
            throw ValidationError(
                "there is no generator to train: --train-steps and --train-minutes go with neither --no-encoder nor --generator none"
            )
        }
    }

    /// - Throws: where something is asked for that needs an encoder, and vectors come from elsewhere.
    func checkWithVectors() throws {
        if encoder != nil || encoderPrecision != nil || encoderBudget != nil {
            throw ValidationError("--vectors goes with neither --encoder, --encoder-precision nor --encoder-budget")
        }
        if generator.map({ $0 != "none" }) ?? false || trainSteps != nil || trainMinutes != nil {
            throw ValidationError(
                "a generator reads an encoder's states; --vectors goes with neither --generator, --train-steps nor --train-minutes"
            )
        }
        if sentenceDocids == true || tokenCodes == true {
            throw ValidationError("--vectors are of passages; it goes with neither --sentence-docids nor --token-codes")
        }
    }

    /// Whether anything was said.
    var isGiven: Bool {
        noEncoder || encoder != nil || language != nil || encoderPrecision != nil || encoderBudget != nil
            || vectorProfile != nil
            || quantisedDocids != nil || sentenceDocids != nil
            || tokenCodes != nil || fanout != nil || leafSize != nil
            || pseudoQueries != nil || ngramProfile != nil || generator != nil || trainSteps != nil
            || trainMinutes != nil || seed != nil
    }

    /// One budget, or several with commas where a study compares them.
    struct EncoderBudgets: ExpressibleByArgument {
        let values: [EncoderBudget]

        init?(argument: String) {
            let items = argument.split(separator: ",", omittingEmptySubsequences: false).map {
                EncoderBudget(String($0))
            }
            values = items.compactMap(\.self)
            if values.isEmpty || values.count < items.count { return nil }
        }

        /// The one budget of an index.
        func one() throws -> EncoderBudget {
            guard values.count == 1 else { throw ValidationError("an index has one --encoder-budget") }
            return values[0]
        }
    }

    /// The options of a build; an encoder that is not installed is left out with a note, unless it was asked for.
    ///
    /// - Parameters:
    ///   - base: what holds where nothing was said.
    ///   - language: that of the texts, where it was judged.
    ///   - isEncoded: whether an encoder makes the vectors; else there is none, and no word about it.
    ///   - takesBudgets: whether there may be several budgets of the encoder; the first is taken.
    func options(
        _ models: ModelCache, over base: IndexOptions = IndexOptions(), language judged: TextLanguage? = nil,
        isEncoded: Bool = true, takesBudgets: Bool = false
    ) throws -> IndexOptions {
        var options = base
        options.encoderPrecision = encoderPrecision
        if let budgets = encoderBudget {
            options.encoderBudget = takesBudgets ? budgets.values[0] : try budgets.one()
        }
        options.vectorProfile = vectorProfile ?? options.vectorProfile
        options.quantisedDocids = quantisedDocids
        options.sentenceDocids = sentenceDocids ?? options.sentenceDocids
        options.tokenCodes = tokenCodes ?? options.tokenCodes
        (options.fanout, options.leafSize) = (fanout, leafSize)
        options.pseudoQueries = pseudoQueries ?? options.pseudoQueries
        options.seed = seed ?? options.seed
        options.ngramProfile = ngramProfile
        options.generator = generator.map { $0 == "none" ? nil : $0 } ?? options.generator
        options.trainSteps = trainMinutes == 0 ? 0 : trainSteps ?? options.trainSteps
        options.trainMinutes = trainMinutes.flatMap { $0 > 0 ? $0 : nil }
        if let terms = language ?? judged?.terms {
            options.analyzer.language = terms
            if terms != .english, encoder == nil, !noEncoder, isEncoded { useMultilingualEncoder(&options, models) }
        }
        if !isEncoded {
            options = options.importingVectors()
        } else if noEncoder {
            options.encoder = nil
        } else if let encoder {
            options.encoder = encoder
        } else if let name = options.encoder, models.directory(of: name) == nil {
            ErrorMessage.note(
                "the encoder \(name) is not installed, so only n-grams and BM25 are indexed; \"genret model fetch \(name)\" gets it"
            )
            options.encoder = nil
        }
        if options.encoder == nil, generator.map({ $0 != "none" }) ?? false {
            throw ErrorMessage.Failure(sentence: "a generator reads an encoder's states, and there is no encoder")
        }
        return options
    }

    /// The language of a corpus: what was said, else what its texts say.
    func language(of builder: IndexBuilder) throws -> TextLanguage {
        try language.map { TextLanguage(terms: $0, evidence: .told) } ?? builder.language()
    }

    /// The encoder of texts that are not English, where it is installed; else what there is, with a note.
    private func useMultilingualEncoder(_ options: inout IndexOptions, _ models: ModelCache) {
        let name = KnownModel.multilingualEncoder
        if models.directory(of: name) != nil {
            options.encoder = name
        } else {
            ErrorMessage.note(
                "the texts are not English, and the encoder that reads other languages, \(name), is not installed; \"genret model fetch \(name)\" gets it"
            )
        }
    }
}
