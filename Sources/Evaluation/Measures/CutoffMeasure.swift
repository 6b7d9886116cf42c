/// A measure of the first places that trec_eval does not have: what it is called, and how it is computed.
///
/// Each has a file of its own and stands in ``all``.
public struct CutoffMeasure: Sendable {
    /// How values of queries become the value of a run.
    enum Averaging: Sendable {
        /// Each query counts the same.
        case queries
        /// Each counts as much as it has relevant passages.
        case relevantPassages
        /// The sum over the number of queries in the run, judged or not.
        case rankedQueries
    }

    /// The name before the cutoff, such as `micro_recall_`.
    public let prefix: String
    let averaging: Averaging
    /// Whether it looks at ``Evaluator/utilities``.
    public let needsUtilities: Bool
    /// Of a list and a cutoff of at least 1.
    let value: @Sendable (JudgedList, Int) -> Double

    init(
        _ prefix: String, averaging: Averaging = .queries, needsUtilities: Bool = false,
        value: @escaping @Sendable (JudgedList, Int) -> Double
    ) {
        self.prefix = prefix
        self.averaging = averaging
        self.needsUtilities = needsUtilities
        self.value = value
    }

    /// All that there are, in the order in which messages name them.
    public static let all: [CutoffMeasure] = [.microRecall, .rankedReciprocalRank, .reciprocalDiscount, .utility]

    /// By the name without its separator, in small letters.
    static func named(_ name: some StringProtocol) -> CutoffMeasure? {
        all.first { $0.prefix.dropLast().lowercased() == name }
    }
}

extension CutoffMeasure: Hashable {
    public static func == (first: CutoffMeasure, second: CutoffMeasure) -> Bool { first.prefix == second.prefix }
    public func hash(into hasher: inout Hasher) { hasher.combine(prefix) }
}
