/// A matrix on a ``Tape``, [rows × columns] row-major; valid until the tape is cleared.
package struct Variable: Sendable {
    let index: Int
    /// Which of the tape's steps it belongs to.
    let step: Int
    package let rows: Int
    package let columns: Int

    var count: Int { rows * columns }
}
