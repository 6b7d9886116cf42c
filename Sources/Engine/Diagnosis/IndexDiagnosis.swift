import IndexStore
import Memory
import Search
import Storage

/// What an index holds, and what of it runs on this machine.
public struct IndexDiagnosis: Sendable {
    /// A retriever or reranker.
    public struct Component: Sendable {
        public var id: ComponentID
        public var isReranker: Bool
        /// Why it does not run; nil where it does.
        public var absence: EngineError?
        /// Whether the index has what it is for, so that not running is a fault.
        public var isExpected: Bool
    }

    /// An estimate that no longer fits as it did.
    public struct Aged: Sendable {
        public var id: ComponentID
        /// What it was made with and the index no longer has: it is not used.
        public var lost: [ComponentID]
        /// Passages that came later.
        public var came: Int
        /// Those that have left since; nil where nobody knows.
        public var left: Int?
    }

    public var path: String
    public var manifest: IndexManifest
    public var surroundings: IndexSurroundings
    public var components: [Component]
    /// What a search with default options says.
    public var notes: [SearchNote]
    /// Why a search with default options gives no answer; nil where it does.
    public var failure: EngineError?
    /// Names of fields that can be filtered by.
    public var fields: [String]
    public var aged: [Aged]
    /// What else is wrong with its files: the first fault of each kind of file, deep of all.
    public var faults: [EngineError]

    /// - Parameter engine: waits for checks, so that what it opens here is sound in the end.
    init(_ engine: Engine, isDeep: Bool) {
        do {
            // With all that a query of this index can bring.
            let contents: QueryContents = engine.manifest.vectors == nil ? .text : [.text, .vector]
            notes = try engine.prepared(SearchOptions(), contents).notes
        } catch {
            (notes, failure) = ([], EngineError(error))
        }
        let reader = engine.reader
        (path, manifest) = (engine.path, reader.manifest)
        surroundings = IndexSurroundings(reader.snapshot)
        let hasGenerator = reader.manifest.part(GeneratorPart.kind) != nil
        let hasVectors = reader.manifest.vectorDimension != nil
        components =
            engine.registry.retrievers.filter { $0.runsByItself }.map { type in
                Component(
                    id: type.id, isReranker: false, absence: Self.absence { try Self.open(type, reader) },
                    isExpected: hasVectors || !type.isOfEncoder)
            }
            + engine.registry.rerankers.map { type in
                let absence = Self.absence { try Self.open(type, reader) }
                return Component(
                    id: type.id, isReranker: true, absence: absence,
                    isExpected: hasGenerator && absence?.isOfIndex != true)
            }
        var found: [EngineError] = []
        fields = []
        do { fields = try reader.fieldNames() } catch { found.append(EngineError(error)) }
        if let fault = Self.absence({ _ = try reader.components(PassageStore.self) }) { found.append(fault) }
        if let fault = Self.absence({ try reader.checkStamps() }) { found.append(fault) }
        if isDeep, let fault = Self.absence({ try reader.verify(isDeep: true) }) { found.append(fault) }
        faults = found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        aged = reader.manifest.estimates.compactMap { estimate in
            let change = reader.manifest.change(since: estimate.generation, of: estimate.passages)
            let lost = reader.manifest.lost(of: estimate)
            guard !lost.isEmpty || change.came > 0 || change.left ?? 0 > 0 else { return nil }
            return Aged(id: estimate.id, lost: lost, came: change.came, left: change.left)
        }
    }

    private static func absence(_ body: () throws -> Void) -> EngineError? {
        do {
            try body()
            return nil
        } catch {
            return EngineError(error)
        }
    }

    private static func open<Component: IndexRetriever>(_ type: Component.Type, _ index: IndexReader) throws {
        _ = try type.open(index, Component.Options())
    }

    private static func open<Component: IndexReranker>(_ type: Component.Type, _ index: IndexReader) throws {
        _ = try type.open(index, Component.Options())
    }
}

extension EngineError {
    /// Whether the index was made without what is asked for.
    fileprivate var isOfIndex: Bool {
        switch self {
        case .noEncoder, .noPart, .notTrained: true
        case .unavailable(_, let reason), .cannotRerank(let reason): reason.isOfIndex
        default: false
        }
    }
}
