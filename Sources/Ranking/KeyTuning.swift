/// The constants of key weights and evidence that fit a generator and a corpus; what is nil stays as it is.
///
/// SEAL's constants fit the generator that they were found with. Others are estimated
/// (``KeyTuningEstimator``) and kept with the generator.
public struct KeyTuning: Sendable, Codable, Equatable {
    public var exponent: Float?
    public var draws: Float?
    public var generatedFactor: Float?
    public var titleFactor: Float?
    public var unigramFactor: Float?
    public var raisesUnigrams: Bool?
    public var addsBestUnigrams: Bool?
    public var beta: Float?
    public var repeatShare: Float?
    public var lengthNormalization: Float?

    public init() {}

    /// Sets what is not nil.
    public func apply(to options: inout NgramRetriever.Options) {
        func set<Value>(_ value: Value?, _ target: inout Value) {
            if let value { target = value }
        }
        set(exponent, &options.weighting.exponent)
        set(draws, &options.weighting.draws)
        set(generatedFactor, &options.weighting.generatedFactor)
        set(titleFactor, &options.weighting.titleFactor)
        set(unigramFactor, &options.weighting.unigramFactor)
        set(raisesUnigrams, &options.weighting.raisesUnigrams)
        set(addsBestUnigrams, &options.addsBestUnigrams)
        set(beta, &options.evidence.beta)
        set(repeatShare, &options.evidence.repeatShare)
        set(lengthNormalization, &options.evidence.lengthNormalization)
    }
}
