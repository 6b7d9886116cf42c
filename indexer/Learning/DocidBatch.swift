import Tensors

/// Queries that an encoder has read.
package struct DocidBatch: Sendable {
    /// The encoder's vectors, [queries × d].
    package var vectors: Matrix
    /// The encoder's states of all tokens, [rows × d], one query after the other.
    package var states: Matrix
    package var sources: Sequences

    package init(vectors: Matrix, states: Matrix, sources: Sequences) {
        precondition(vectors.rows == sources.count && states.rows == sources.rowCount)
        precondition(vectors.columns == states.columns)
        (self.vectors, self.states, self.sources) = (vectors, states, sources)
    }
}

/// The code vectors of one level of docids, or the entries, with what the queries of a batch should find.
package struct DocidLevel {
    /// [codes × d], frozen or trained.
    package var table: Parameter
    /// For each query the codes that are right; a query without any has no loss here.
    package var targets: SoftTargets

    package init(table: Parameter, targets: SoftTargets) {
        (self.table, self.targets) = (table, targets)
    }
}
