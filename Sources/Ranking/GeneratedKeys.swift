/// What a generator made of a query, before keys are weighed: all that its network is needed for.
///
/// Weighing and ranking the same keys anew, with other constants, takes a fraction of the time.
package struct GeneratedKeys: Sendable {
    /// In the order in which they were made; a sequence may stand there more than once.
    var keys: [Key]
    /// The best single tokens at the first position: score falling, then token rising.
    var first: [(token: Int32, logProb: Float)]
    /// The generator's ``NgramGenerator/predicts``.
    var arePredicted = true
}
