import IndexStore
import Ranking
import Search
import Transformers

/// Scores a passage by late interaction with the query (ColBERT, Khattab and Zaharia 2020), with the head of the generator that the
/// index was built with. What it compares of passages is stored in codes; a passage without them is read.
public struct InteractionReranker: IndexReranker {
    public typealias Options = NoOptions

    public static let id: ComponentID = "interaction"

    public let needs: QueryNeeds = .states
    private let head: LateInteraction
    /// Nil where every passage is read.
    private let stored: (coder: TokenCoder, codes: [TokenCodes?])?
    private let index: IndexReader

    public static let usualWeight: Float = 1

    public static func runsByItself(in index: IndexReader) -> Bool { index.interaction != nil }

    public static func open(_ index: IndexReader, _ options: NoOptions) throws -> Opened<InteractionReranker> {
        switch index.interaction {
        case .stored:
            guard let coder = try index.value(IndexTokenCoder.self).coder else { break }
            let codes = try index.tokenCodes(of: coder)
            // The query's states are its.
            _ = try index.value(IndexEncoder.self)
            return Opened(Self(head: coder.head, stored: (coder, codes), index: index), uses: [InteractionPart.kind])
        case .generator(let isOther):
            guard let head = try index.value(IndexGenerator.self).model.interaction else { break }
            _ = try index.value(CandidateReader.self)
            let reason = EngineError.mismatch(path: index.path, what: "its generator has another late-interaction head")
            return Opened(
                Self(head: head, stored: nil, index: index), uses: [GeneratorPart.kind],
                notes: isOther ? [SearchNote(.without(part: InteractionPart.kind, id), reason: reason)] : [])
        case nil: break
        }
        _ = try index.value(IndexGenerator.self)
        throw EngineError.notTrained(kind: GeneratorPart.kind, what: "comparing", index: index.path)
    }

    /// With the index's head and without its codes: what these are measured against.
    package static func reading(_ index: IndexReader) throws -> InteractionReranker {
        guard let head = try index.value(IndexTokenCoder.self).coder?.head else {
            throw EngineError.noPart(kind: InteractionPart.kind, index: index.path)
        }
        return InteractionReranker(head: head, stored: nil, index: index)
    }

    public func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        guard let source = query[GeneratorModel.Source.self] else { throw EngineError.queryWithoutVector }
        var scores = [Float?](repeating: nil, count: candidates.count)
        if let (coder, codes) = stored {
            // Once for all batches of candidates.
            let coded = query.memo.value { coder.query(source.states) }
            for (place, candidate) in candidates.enumerated() {
                let (segment, local) = index.places.locate(candidate)
                scores[place] = try codes[segment]?.withCodes(of: local) { codes in
                    codes.isEmpty ? nil : coder.score(coded, codes)
                }
            }
        }
        let read = candidates.indices.filter { scores[$0] == nil }
        guard !read.isEmpty else { return scores.compactMap(\.self) }
        let states = CandidateStates.of(read.map { candidates[$0] }, query, try index.value(CandidateReader.self))
        for (place, score) in zip(read, head.scores(of: source.states, among: states.map(\.states))) {
            scores[place] = score
        }
        return scores.map { $0 ?? 0 }
    }
}
