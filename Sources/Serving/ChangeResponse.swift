import Engine
import Indexing
import Memory

/// What a change of an index did.
public struct ChangeResponse: Sendable, Encodable {
    /// After the change.
    public var generation: String
    public var passages: Int
    public var added: Int
    public var replaced: Int
    public var deleted: Int
    /// Segments that were written anew.
    public var compacted: Int
    public var seconds: Double

    init(_ report: IndexChange.Report, of index: ServedIndex) {
        (generation, passages) = (index.generation, index.engine.count)
        (added, replaced, deleted) = (report.added, report.replaced, report.deleted)
        (compacted, seconds) = (report.compacted, report.seconds)
    }
}

extension IndexChange {
    init(_ index: ServedIndex, _ cancellation: Cancellation) {
        self.init(index.engine.path, models: index.engine.reader.models)
        monitor = WorkMonitor(cancellation: cancellation)
    }
}
