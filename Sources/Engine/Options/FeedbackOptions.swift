import Search

/// How a query is changed by passages before it is answered for good.
public struct FeedbackOptions: Sendable, Equatable, Codable {
    /// Names of `Registry.feedback`, in the order in which they change the query; empty: it stays as it was asked. Nil: Rocchio's of
    /// terms and of vectors where a person says of passages what they are, else the index's own, which is none before one was
    /// estimated.
    public var methods: [ComponentID]?
    /// How many of the first search's best are taken as relevant; nil: each method's own.
    public var depth: Int?
    /// How many terms are taken from them.
    public var terms = 10
    /// What the query as it was asked weighs beside the passages, 0 to 1; 1 changes nothing. Nil: each method's own.
    public var weight: Float?
    /// Whether passages count by how relevant the index's rerankers find them; nil: as the index estimated, else not.
    public var filter: Bool?
    /// External ids of passages that a person finds relevant, or irrelevant; the first search's best are not asked then.
    public var relevant: [String] = []
    public var irrelevant: [String] = []

    public init(methods: [ComponentID]? = nil) { self.methods = methods }

    /// The query stays as it was asked, whatever the index estimated.
    public static let none = FeedbackOptions(methods: [])

    /// Whether a person says of passages what they are.
    public var isJudged: Bool { !relevant.isEmpty || !irrelevant.isEmpty }

    /// The first value that is out of its range; nil where all are sound.
    func fault(_ limits: SearchLimits) -> OptionFault? {
        if let fault = SearchLimits.fault(("depth", depth, 1...limits.rerank), ("terms", terms, 1...limits.rerank)) {
            return fault
        }
        if !(0...1).contains(weight ?? 0) { return OptionFault("weight", "0 to 1") }
        for (name, ids) in [("relevant", relevant), ("irrelevant", irrelevant)] where ids.count > limits.rerank {
            return OptionFault(name, "at most \(limits.rerank) ids")
        }
        let isTorn = !Set(relevant).isDisjoint(with: irrelevant)
        return isTorn ? OptionFault("irrelevant", "other passages than the relevant ones") : nil
    }
}
