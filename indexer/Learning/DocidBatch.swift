import Tensors

/// Queries that an encoder has read.
public struct DocidBatch: Sendable {
    /// The encoder's vectors, [queries × d].
    public var vectors: Matrix
    /// The encoder's states of all tokens, [rows × d], one query after the other.
    public var states: Matrix
    public var sources: Sequences

    public init(vectors: Matrix, states: Matrix, sources: Sequences) {
        precondition(vectors.rows == sources.count && states.rows == sources.rowCount)
        precondition(vectors.columns == states.columns)
        (self.vectors, self.states, self.sources) = (vectors, states, sources)
    }
}

/// The code vectors of one level of docids, or the entries, with what the queries of a batch should find.
public struct DocidLevel {
    /// [codes × d], frozen or trained.
    public var table: Parameter
    /// For each query the codes that are right; a query without any has no loss here.
    public var targets: SoftTargets

    public init(table: Parameter, targets: SoftTargets) {
        (self.table, self.targets) = (table, targets)
    }
}
