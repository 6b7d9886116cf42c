import Foundation

/// Judges how relevant passages are, as people do who make test collections: grades 0 to 3, read from the logits of their digits
/// (after umbrela, Upadhyay et al. 2024, which lets a model write them). There is nothing to parse, and nothing is taken for a 0.
public struct RelevanceJudge: Sendable {
    /// What the judge says of one passage.
    public struct Judgement: Sendable, Equatable {
        /// The most probable grade; of two that are equally probable the lower one.
        public var grade: Int
        /// The mean grade under the probabilities of all.
        public var expected: Double
    }

    private let asker: PromptAsker

    static let prompt = RerankPrompt(
        system: "You judge for a search engine how well passages answer queries.",
        before: """
            Grades:
            0: the passage has nothing to do with the query.
            1: the passage is about the same thing as the query and does not answer it.
            2: the passage answers the query in part, or says other things besides.
            3: the passage is about the query alone and answers it.

            Query: {query}


            """,
        passage: "Passage: {passage}\n\n",
        after: "Consider what the query asks for, then what the passage says, then give the grade.",
        lead: "Final score:")

    /// - Throws: as ``RerankMethods/make(_:_:_:)``.
    public init(_ model: RerankModel, _ options: RerankOptions = RerankOptions()) throws {
        guard case .prompted(let model) = model else {
            throw RerankMethods.Fault.needs("a model that generates", method: "judging")
        }
        asker = try PromptAsker(model, Self.prompt, labels: GradedMethod.grades, passages: 1, options)
    }

    /// Judges passages of one query, each for itself.
    public func judge(_ query: String, _ passages: [RerankCandidate], _ work: RerankWork) throws -> [Judgement] {
        let reader = asker.model.reader()
        return try asker.passages(passages, work).map { passage in
            let prompt = asker.prompt(query, [passage], labelled: false)
            let logits = try asker.logits([prompt], count: asker.labels.texts.count, reader, work)[0]
            let best = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
            return Judgement(grade: best, expected: GradedMethod.expected(logits))
        }
    }
}

/// Says how probable it is that a model, asked to answer from one passage alone, says that there is no answer: what UDCG (Trappolini et
/// al. 2025) weighs passages by.
public struct AbstentionJudge: Sendable {
    private let asker: PromptAsker
    private let word: [Int32]

    /// What the model is told to say where the passage has no answer.
    static let abstention = "NO-RESPONSE"

    static let prompt = RerankPrompt(
        system: "Answer the question from the document alone. If the answer is not in it, say \(abstention).",
        before: "Question: {query}\n\n", passage: "Document: {passage}\n\n", after: "Answer:")

    /// - Throws: as ``RerankMethods/make(_:_:_:)``.
    public init(_ model: RerankModel, _ options: RerankOptions = RerankOptions()) throws {
        guard case .prompted(let model) = model else {
            throw RerankMethods.Fault.needs("a model that generates", method: "judging")
        }
        asker = try PromptAsker(model, Self.prompt, labels: [], passages: 1, options)
        word = Array(asker.writer.tokens(of: Self.abstention, atMost: 1))
    }

    /// The probability of the abstention's first token as the first of an answer, a passage each.
    public func probabilities(_ query: String, _ passages: [RerankCandidate], _ work: RerankWork) throws -> [Double] {
        let reader = asker.model.reader()
        return try asker.passages(passages, work).map { passage in
            let prompt = asker.prompt(query, [passage], labelled: false)
            return exp(try reader.logProbs(of: word, after: [prompt], work)[0])
        }
    }
}
