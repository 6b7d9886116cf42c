import Genret

/// A component of one's own in every segment: how many words each passage has.
struct PassageLengths: SegmentComponent {
    static let id: ComponentID = "lengths"
    static let fileKind = "lengths"

    let words: FrozenArray<Int32>

    var passageCount: Int { words.count }

    init(_ container: Container) throws {
        words = try container.section("words", of: Int32.self)
    }

    /// Writes it when an index is built.
    struct Stage: SegmentStage {
        func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
            try clock.begin("lengths", unit: "passages")
            let writer = try draft.writer(PassageLengths.self)
            try writer.write(
                "words", (0..<draft.passages).map { Int32(try draft.passage($0).text.split(separator: " ").count) })
            try writer.finish()
        }
    }
}

/// Finds long passages, whatever is asked.
struct LengthRetriever: IndexRetriever {
    typealias Options = NoOptions

    static let id: ComponentID = "length"

    private let words: [Int32]

    static func open(_ index: IndexReader, _ options: NoOptions) throws -> Opened<LengthRetriever> {
        Opened(LengthRetriever(words: try index.components(PassageLengths.self).flatMap { $0.words.toArray() }))
    }

    func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        RankedList(id, passages: TopK.best(depth, of: words.map(Float.init)), ceiling: Float(words.max() ?? 1))
    }
}
