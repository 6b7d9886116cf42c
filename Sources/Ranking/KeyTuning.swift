/// The constants of key weights and evidence that fit a generator and a corpus; what is nil stays as it is.
///
/// SEAL's constants fit the generator that they were found with. Others are estimated
/// (``KeyTuningEstimator``) and kept with the generator.
public struct KeyTuning: Sendable, Codable, Equatable {
    public var exponent: Float?
    public var draws: Float?
    public var generatedFactor: Float?
    public var inflectionFactor: Float?
    public var titleFactor: Float?
    public var unigramFactor: Float?
    public var raisesUnigrams: Bool?
    public var addsBestUnigrams: Bool?
    public var beta: Float?
    public var repeatShare: Float?
    public var lengthNormalization: Float?
    /// The factors of increments, by class.
    public var phrase: Float?
    public var mixed: Float?
    public var fresh: Float?
    public var form: Float?
    public var title: Float?
    public var question: Float?

    public init() {}

    /// What a trained generator's keys are weighed with where SEAL's scores are asked for: weights that
    /// saturate, and BM25's care for length and repetition. The values were good for SQuAD's training
    /// questions.
    public static let usual: KeyTuning = {
        var tuning = KeyTuning()
        tuning.exponent = 1.5
        tuning.draws = 120
        tuning.generatedFactor = 0.2
        tuning.inflectionFactor = 0.75
        tuning.titleFactor = 0.1
        tuning.unigramFactor = 0.1
        tuning.raisesUnigrams = true
        tuning.addsBestUnigrams = false
        tuning.beta = 0.8
        tuning.repeatShare = 0.1
        tuning.lengthNormalization = 0.3
        return tuning
    }()

    /// A factor of increments that may be tuned.
    package struct Factor: Sendable {
        package let name: String
        package let tuned: WritableKeyPath<KeyTuning, Float?> & Sendable
        package let usual: WritableKeyPath<KeyIncrements, Float> & Sendable
    }

    package static let factors = [
        Factor(name: "phrase", tuned: \.phrase, usual: \.phrase), Factor(name: "mixed", tuned: \.mixed, usual: \.mixed),
        Factor(name: "fresh", tuned: \.fresh, usual: \.fresh), Factor(name: "form", tuned: \.form, usual: \.form),
        Factor(name: "title", tuned: \.title, usual: \.title),
        Factor(name: "question", tuned: \.question, usual: \.question),
    ]

    /// Whether it has constants of SEAL's scores.
    package var namesSEAL: Bool {
        var rest = self
        for factor in Self.factors { rest[keyPath: factor.tuned] = nil }
        return rest != KeyTuning()
    }

    /// Sets what is not nil.
    package func apply(to options: inout NgramOptions) {
        func set<Value>(_ value: Value?, _ target: inout Value) {
            if let value { target = value }
        }
        set(exponent, &options.weighting.exponent)
        set(draws, &options.weighting.draws)
        set(generatedFactor, &options.weighting.generatedFactor)
        set(inflectionFactor, &options.weighting.inflectionFactor)
        set(titleFactor, &options.weighting.titleFactor)
        set(unigramFactor, &options.weighting.unigramFactor)
        set(raisesUnigrams, &options.weighting.raisesUnigrams)
        set(addsBestUnigrams, &options.addsBestUnigrams)
        set(beta, &options.evidence.beta)
        set(repeatShare, &options.evidence.repeatShare)
        set(lengthNormalization, &options.evidence.lengthNormalization)
        for factor in Self.factors { set(self[keyPath: factor.tuned], &options.increments[keyPath: factor.usual]) }
    }
}
