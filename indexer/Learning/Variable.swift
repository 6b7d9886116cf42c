/// A matrix on a ``Tape``, [rows × columns] row-major; valid until the tape is cleared.
public struct Variable: Sendable {
    let index: Int
    /// Which of the tape's steps it belongs to.
    let step: Int
    public let rows: Int
    public let columns: Int

    var count: Int { rows * columns }
}
