import IndexStore
import Ranking
import Search
import Transformers

/// Scores a passage by late interaction with the query (ColBERT, Khattab and Zaharia 2020), with the head that
/// the index's generator was trained with.
public struct InteractionReranker: IndexReranker {
    public typealias Options = NoOptions

    public static let id: ComponentID = "interaction"

    public let needs: QueryNeeds = .states
    private let head: LateInteraction
    private let reader: CandidateReader

    public static let usualWeight: Float = 1

    public static func runsByItself(in index: IndexReader) -> Bool { index.generatorInteracts }

    public static func open(_ index: IndexReader, _ options: NoOptions) throws -> Opened<InteractionReranker> {
        guard let head = try index.value(IndexGenerator.self).model.interaction else {
            throw EngineError.notTrained(kind: GeneratorPart.kind, what: "comparing", index: index.path)
        }
        let reranker = InteractionReranker(head: head, reader: try index.value(CandidateReader.self))
        return Opened(reranker, uses: [GeneratorPart.kind])
    }

    public func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        guard let source = query[GeneratorModel.Source.self] else { throw EngineError.queryWithoutVector }
        return head.scores(
            of: source.states, among: CandidateStates.of(candidates, query, reader).map(\.states))
    }
}
