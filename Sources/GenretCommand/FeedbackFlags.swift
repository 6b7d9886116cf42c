import ArgumentParser
import Engine
import Search

/// How the query is changed by passages.
struct FeedbackFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Changes the query by what it finds first: rm3, rocchio, vector, vector-rocchio, refit or none; with a comma one for terms and \
            one for the vector (default: the index's own).
            """))
    var feedback: String?
    @Option(
        help: ArgumentHelp(
            "How many of the best feedback takes as relevant (default: 10 for terms, 3 for the vector, 20 for refit).",
            visibility: .hidden))
    var feedbackDepth: Int?
    @Option(help: ArgumentHelp("How many terms feedback takes from them (default: 10).", visibility: .hidden))
    var feedbackTerms: Int?
    @Option(
        help: ArgumentHelp(
            "What the query as it was asked weighs beside feedback, 0 to 1 (default: each method's own).",
            visibility: .hidden))
    var feedbackWeight: Float?
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Whether passages count in feedback by how relevant the rerankers find them (default: as the index has estimated).",
            visibility: .hidden))
    var feedbackFilter: Bool?

    /// Nil where nothing is said.
    func options() throws -> FeedbackOptions? {
        var options = FeedbackOptions()
        options.methods = try feedback.map(Self.methods)
        options.depth = feedbackDepth
        options.terms = feedbackTerms ?? options.terms
        options.weight = feedbackWeight
        options.filter = feedbackFilter
        return options == FeedbackOptions() ? nil : options
    }

    private static func methods(_ text: String) throws -> [ComponentID] {
        if text == "none" { return [] }
        let known = Registry.standard.feedback.map { $0.id }
        let names = text.split(separator: ",").map { ComponentID(String($0.trimmingPrefix(" "))) }
        for name in names where !known.contains(name) {
            throw ValidationError(
                "no feedback is called \"\(name)\"; there are \(known.map(\.name).joined(separator: ", ")) and none")
        }
        guard !names.isEmpty else { throw ValidationError("--feedback names none; write none for that") }
        return names
    }
}

/// What a person says of passages.
struct JudgementFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A passage that you find relevant: the query moves towards it. Repeatable.", valueName: "id"))
    var relevant: [String] = []
    @Option(
        help: ArgumentHelp(
            "A passage that you find irrelevant: the query moves away from it. Repeatable.", valueName: "id"))
    var irrelevant: [String] = []

    func add(to options: inout SearchOptions) {
        guard !relevant.isEmpty || !irrelevant.isEmpty else { return }
        var feedback = options.feedback ?? FeedbackOptions()
        (feedback.relevant, feedback.irrelevant) = (relevant, irrelevant)
        options.feedback = feedback
    }
}
