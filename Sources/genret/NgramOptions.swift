import ArgumentParser
import Ranking

/// The options of the n-gram retriever; names follow SEAL's searcher where it has one.
struct NgramOptions: ParsableArguments {
    @Option(help: "Beams of the n-gram search.") var beam = 15
    @Option(help: "The longest generated n-gram, in tokens.") var keyLength = 9
    @Option(help: "The longest generated title or pseudo-query, in tokens.") var titleLength = 15
    @Option(help: "A key with more occurrences does not nominate passages.") var maxHits = 1500
    @Option(help: "How many passages all keys are matched in; 0 ranks by the rare keys' first stage.")
    var fullScore = 1500
    @Flag(help: "Generate no n-grams inside passages.") var noBodyKeys = false
    @Flag(help: "Generate no titles.") var noTitles = false
    @Flag(help: "Titles that were not finished are keys too.") var partialTitles = false
    @Flag(help: "Generate no pseudo-queries.") var noPseudoQueries = false
    @Flag(help: "Leave the query's own n-grams out of the keys.") var noQueryKeys = false
    @Option(help: "The longest of the query's own n-grams, in words.") var queryWords = 3
    @Flag(help: "Leave single tokens out.") var noUnigrams = false
    @Option(help: "How many single tokens of the first step weigh in.") var topUnigrams = 5000
    @Flag(help: "The best single tokens do not become keys.") var noBestUnigrams = false
    @Flag(help: "Do not score keys again under another prompt.") var noRescore = false
    @Flag(help: "Share each step's probabilities out among the allowed tokens only.") var renormalize = false
    @Flag(
        inversion: .prefixedNo,
        help: "Drop what cannot become a key that weighs anything (default: with a trained generator).")
    var dropWeightless: Bool?
    @Flag(help: "Weigh keys by the model alone, without the corpus' counts.") var lmOnly = false
    @Option(help: "The exponent of key weights, SEAL's alpha (default: 2, or the generator's own; so below).") var scoreExponent: Float?
    @Flag(inversion: .prefixedNo, help: "Raise the weights of single tokens to the exponent too (default: no).")
    var unigramExponent: Bool?
    @Option(help: "What repeated tokens take off a key's weight, 0 to 1, SEAL's beta (default: 0.8).")
    var repetitionPenalty: Float?
    @Option(help: "Added to every count before keys are weighed.") var smoothing: Float = 5
    @Option(help: "What each token after the first takes off a key's score, 0 to 1.")
    var scoringLengthPenalty: Float = 0
    @Option(help: "Divide a key's score by its length to this power.") var lengthPenalty: Float = 0
    @Option(help: "Weigh keys as what a passage holds of which so many spans are drawn; 0 is SEAL's formula (default: 0).")
    var draws: Float?
    @Option(help: "Multiplies the weights of generated keys, against the query's own (default: 1).")
    var generatedFactor: Float?
    @Option(help: "Multiplies the weights of other forms of the query's words; 0 leaves them out (default: 0).")
    var inflectionFactor: Float?
    @Option(help: "Multiplies the weights of titles (default: 1).") var titleFactor: Float?
    @Option(help: "Multiplies the weights of single tokens (default: 1).") var unigramFactor: Float?
    @Option(help: "Untrained generator: the share of copying after the first token, 0 to 1.")
    var copyGate: Float = 0.5
    @Option(help: "Untrained generator: the share of copying that keeps the query's order, 0 to 1.")
    var copyFollow: Float = 0.5
    @Option(help: "Untrained generator: how many of the corpus' next tokens are considered.")
    var continuations = 8
    @Option(help: "Untrained generator: how many of the query's tokens are considered.")
    var queryTokens = 64
    @Option(help: "The share of a passage's best key alone, 0 to 1.") var singleKey: Float = 0
    @Flag(help: "Keys may share tokens of a passage.") var allowOverlaps = false
    @Option(help: "The share of a key's weight that each further place of it adds (default: 0).")
    var repeatShare: Float?
    @Option(help: "How far a score is set off against the passage's length, 0 to 1, BM25's b (default: 0).")
    var lengthNormalization: Float?
    @Option(help: "Do not continue what occurs at most so often.") var stopAtCount = 0
    @Option(help: "Drop keys that occur more often.") var skipFrequentKeys: Int?
    @Option(
        help: ArgumentHelp(
            "Restore deviations of the SEAL reference, with commas: "
                + SEALDeviations.names.map(\.name).joined(separator: ", ") + ".",
            valueName: "names"))
    var sealCompatible: String?

    func validate() throws {
        let numbers = [beam, keyLength, titleLength, maxHits, queryWords, continuations, queryTokens]
        guard numbers.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw ValidationError("numbers of beams, passages, words and tokens are 1 to 1000000")
        }
        guard [fullScore, topUnigrams, stopAtCount].allSatisfy({ (0...1_000_000).contains($0) }),
            skipFrequentKeys.map({ $0 >= 0 }) ?? true
        else {
            throw ValidationError(
                "--full-score, --top-unigrams and --stop-at-count are 0 to 1000000, --skip-frequent-keys is not negative")
        }
        let shares = [
            repetitionPenalty ?? 0, scoringLengthPenalty, singleKey, copyGate, copyFollow,
            lengthNormalization ?? 0,
        ]
        guard shares.allSatisfy({ (0...1).contains($0) }) else {
            throw ValidationError(
                "--repetition-penalty, --scoring-length-penalty, --single-key, --copy-gate, --copy-follow and --length-normalization are between 0 and 1")
        }
        let factors = [
            scoreExponent ?? 0, smoothing, lengthPenalty, draws ?? 0, generatedFactor ?? 0,
            inflectionFactor ?? 0, titleFactor ?? 0, unigramFactor ?? 0, repeatShare ?? 0,
        ]
        guard factors.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw ValidationError(
                "--score-exponent, --smoothing, --length-penalty, --draws, --repeat-share and the factors are not negative")
        }
        _ = try deviations()
    }

    func deviations() throws -> SEALDeviations {
        var result: SEALDeviations = []
        for name in sealCompatible?.split(separator: ",") ?? [] {
            guard let known = SEALDeviations.names.first(where: { $0.name == name }) else {
                throw ValidationError(
                    "--seal-compatible knows no \"\(name)\"; there are "
                        + SEALDeviations.names.map(\.name).joined(separator: ", "))
            }
            result.formUnion(known.deviation)
        }
        return result
    }

    func options(hits: Int) throws -> NgramRetriever.Options {
        var options = NgramRetriever.Options()
        options.beams = beam
        options.keyLength = keyLength
        options.titleLength = titleLength
        options.decodesBodies = !noBodyKeys
        options.decodesTitles = !noTitles
        options.keepsPartialTitles = partialTitles
        options.decodesPseudoQueries = !noPseudoQueries
        options.addsQueryKeys = !noQueryKeys
        options.queryWords = queryWords
        options.topUnigrams = noUnigrams ? 0 : topUnigrams
        options.addsBestUnigrams = !noUnigrams
        options.rescores = !noRescore
        options.renormalizes = renormalize
        options.dropsWeightless = dropWeightless
        options.lengthPenalty = lengthPenalty
        options.stopAtCount = stopAtCount
        options.maximumCount = skipFrequentKeys
        options.deviations = try deviations()
        options.weighting.usesCounts = !lmOnly
        options.weighting.smoothing = smoothing
        options.weighting.lengthDiscount = scoringLengthPenalty
        options.model.gate = copyGate
        options.model.follow = copyFollow
        options.model.continuations = continuations
        options.model.maximumQueryTokens = queryTokens
        options.evidence.singleKey = singleKey
        options.evidence.allowsOverlaps = allowOverlaps
        options.evidence.maxHits = maxHits
        options.evidence.fullScore = fullScore == 0 ? 0 : max(fullScore, hits)
        return options
    }

    /// The constants that were named; those of the index's generator, or SEAL's, stand for the others.
    var tuning: KeyTuning {
        var tuning = KeyTuning()
        tuning.exponent = scoreExponent
        tuning.draws = draws
        tuning.generatedFactor = generatedFactor
        tuning.inflectionFactor = inflectionFactor
        tuning.titleFactor = titleFactor
        tuning.unigramFactor = unigramFactor
        tuning.raisesUnigrams = unigramExponent
        tuning.addsBestUnigrams = noUnigrams || noBestUnigrams ? false : nil
        tuning.beta = repetitionPenalty
        tuning.repeatShare = repeatShare
        tuning.lengthNormalization = lengthNormalization
        return tuning
    }
}
