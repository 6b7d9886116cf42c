import Ranking
import Search

extension NgramRetriever {
    /// How n-grams are generated, weighed and counted; names follow SEAL's searcher where it has one.
    ///
    /// In JSON the search's options stand beside the others: `{"beams": 20, "tuning": {"draws": 60}}`.
    public struct Options: ComponentOptions, FlattenedOptions {
        static let flattened = "search"

        /// Nil: the index's generator where it has one that can run.
        public var generator: Generator?
        /// Of the search, besides the constants below.
        public var search = NgramOptions()
        /// Constants of key weights and evidence that replace the generator's own.
        public var tuning = KeyTuning()

        public init() {}

        /// The search's options with a generator's constants, and over them those that were named.
        func ngrams(_ constants: KeyTuning?) -> NgramOptions {
            var options = search
            constants?.apply(to: &options)
            tuning.apply(to: &options)
            if asksForSEAL { options.scoring = options.scoring ?? .seal }
            return options
        }

        /// Whether something is named that only SEAL's scores are made of: a constant that changes nothing would be passed over
        /// in silence.
        private var asksForSEAL: Bool {
            let plain = NgramOptions()
            var evidence = search.evidence
            evidence.maxHits = plain.evidence.maxHits
            evidence.fullScore = plain.evidence.fullScore
            evidence.allowsOverlaps = plain.evidence.allowsOverlaps
            return tuning.namesSEAL || search.weighting != plain.weighting || evidence != plain.evidence
                || search.evidence.fullScore == 0 || search.lengthPenalty != 0
        }

        public func fault(_ limits: SearchLimits) -> OptionFault? {
            SearchLimits.fault(
                ("beams", search.beams, 1...limits.beams),
                ("keyLength", search.keyLength, 1...limits.keyLength),
                ("titleLength", search.titleLength, 1...limits.keyLength),
                ("queryWords", search.queryWords, 1...limits.keyLength),
                ("topUnigrams", search.topUnigrams, 0...1_000_000),
                ("stopAtCount", search.stopAtCount, 0...1_000_000),
                ("maximumCount", search.maximumCount, 0...Int.max),
                ("model.continuations", search.model.continuations, 1...1_000_000),
                ("model.maximumQueryTokens", search.model.maximumQueryTokens, 1...1_000_000),
                ("evidence.maxHits", search.evidence.maxHits, 1...1_000_000),
                ("evidence.fullScore", search.evidence.fullScore, 0...1_000_000))
                ?? shares ?? factors
        }

        private var shares: OptionFault? {
            let shares: [(String, Float?)] = [
                ("tuning.beta", tuning.beta), ("evidence.beta", search.evidence.beta),
                ("increments.beta", search.increments.beta),
                ("weighting.lengthDiscount", search.weighting.lengthDiscount),
                ("evidence.singleKey", search.evidence.singleKey), ("model.gate", search.model.gate),
                ("model.follow", search.model.follow),
                ("tuning.lengthNormalization", tuning.lengthNormalization),
                ("evidence.lengthNormalization", search.evidence.lengthNormalization),
            ]
            return shares.first { !(0...1).contains($0.1 ?? 0) }.map { OptionFault($0.0, "0 to 1") }
        }

        private var factors: OptionFault? {
            let factors: [(String, Float?)] = [
                ("tuning.exponent", tuning.exponent), ("weighting.smoothing", search.weighting.smoothing),
                ("lengthPenalty", search.lengthPenalty), ("tuning.draws", tuning.draws),
                ("tuning.generatedFactor", tuning.generatedFactor),
                ("tuning.inflectionFactor", tuning.inflectionFactor),
                ("tuning.titleFactor", tuning.titleFactor), ("tuning.unigramFactor", tuning.unigramFactor),
                ("tuning.repeatShare", tuning.repeatShare),
                ("increments.name", search.increments.name), ("increments.exponent", search.increments.exponent),
            ]
            let increments = KeyTuning.factors.flatMap { factor in
                [
                    ("tuning." + factor.name, tuning[keyPath: factor.tuned]),
                    ("increments." + factor.name, search.increments[keyPath: factor.usual]),
                ]
            }
            return (factors + increments).first { !(($0.1 ?? 0) >= 0 && ($0.1 ?? 0).isFinite) }.map {
                OptionFault($0.0, "0 or more")
            }
        }
    }
}

extension NgramRetriever.Options: Codable {
    private enum Member: String, CodingKey {
        case generator, tuning
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        generator = try members.decodeIfPresent(NgramRetriever.Generator.self, forKey: .generator)
        tuning = try members.decode(KeyTuning.self, forKey: .tuning)
        search = try NgramOptions(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try search.encode(to: encoder)
        var members = encoder.container(keyedBy: Member.self)
        try members.encodeIfPresent(generator, forKey: .generator)
        try members.encode(tuning, forKey: .tuning)
    }
}
