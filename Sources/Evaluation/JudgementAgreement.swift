import Corpora

/// Whether two sets of judgements say the same of some runs: how alike they order them, and whether the differences that
/// one finds significant are those of the other (the classes are those of Otero, Parapar and Barreiro).
///
/// The first judgements are the reference, such as those of people; the second are looked at, such as those of a model.
public struct JudgementAgreement: Sendable {
    /// What both judgements say of a pair of runs.
    public enum Class: String, Sendable, CaseIterable {
        /// Active agreement: significant in both, in the same direction.
        case aa = "AA"
        /// Active disagreement: significant in both, in opposite directions.
        case ad = "AD"
        /// Mixed: significant in one of them, with the same direction in both.
        case ma = "MA"
        case md = "MD"
        /// Passive: significant in neither.
        case pa = "PA"
        case pd = "PD"
    }

    public let measure: Measure
    public let tags: [String]
    /// The mean of each run.
    public let reference: [Double]
    public let other: [Double]
    /// The queries over which the means of each run are taken.
    public let queryCounts: [Int]
    /// τ_b of the runs' means; nil where all are equal or there are fewer than two.
    public let tau: Double?
    public let tauAP: Double?
    /// How many pairs of runs are in each class.
    public let classes: [Class: Int]
    public let pairs: Int
    /// Pairs with p < .05 under the reference, under the other judgements, and under one of them only.
    public let significantInReference: Int
    public let significantInOther: Int
    public let onlyInReference: Int
    public let onlyInOther: Int

    /// The part of what is significant under the other judgements that is not under the reference; nil where nothing is.
    public var falsePositiveRate: Double? { Self.ratio(onlyInOther, significantInOther) }
    /// The part of what is significant under the reference that is not under the other judgements; nil where nothing is.
    public var falseNegativeRate: Double? { Self.ratio(onlyInReference, significantInReference) }

    /// - Parameters:
    ///   - reference: an evaluation a run, under the reference.
    ///   - other: the same runs in the same order, under the other judgements of the same queries.
    /// - Precondition: both have the same count.
    /// - Complexity: O(runs² × queries × rounds) for the tests.
    public init(
        reference: [RunEvaluation], other: [RunEvaluation], measure: Measure, test: ComparisonTable.Test,
        correction: Correction, seed: UInt64 = 1
    ) {
        precondition(reference.count == other.count, "both judge the same runs")
        self.measure = measure
        tags = reference.map(\.tag)
        self.reference = reference.map { $0.mean(of: measure) }
        self.other = other.map { $0.mean(of: measure) }
        queryCounts = reference.map(\.averagedQueryIDs.count)
        tau = KendallTau(self.reference, self.other).b
        tauAP = TauAP.value(reference: self.reference, estimate: self.other)

        let pairs = reference.indices.flatMap { second in (0..<second).map { (first: $0, second: second) } }
        let tests = [reference, other].map {
            PairTests($0, pairs: pairs, measure: measure, test: test, correction: correction, seed: seed)
        }
        var classes: [Class: Int] = [:]
        var (inReference, inOther, inBoth) = (0, 0, 0)
        for pair in pairs.indices {
            let isSignificant = tests.map { $0.p[pair] < 0.05 }
            let differences = tests.map { $0.comparisons[pair].tTest.difference }
            // A difference of 0 has no direction that could be opposed.
            let isOpposite = differences[0] * differences[1] < 0
            classes[Self.class(isSignificant.count { $0 }, isOpposite: isOpposite), default: 0] += 1
            if isSignificant[0] { inReference += 1 }
            if isSignificant[1] { inOther += 1 }
            if isSignificant[0], isSignificant[1] { inBoth += 1 }
        }
        self.classes = classes
        self.pairs = pairs.count
        significantInReference = inReference
        significantInOther = inOther
        onlyInReference = inReference - inBoth
        onlyInOther = inOther - inBoth
    }

    private static func `class`(_ significant: Int, isOpposite: Bool) -> Class {
        switch significant {
        case 2: isOpposite ? .ad : .aa
        case 1: isOpposite ? .md : .ma
        default: isOpposite ? .pd : .pa
        }
    }

    private static func ratio(_ part: Int, _ whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}
