/// Puts the best of a list first by asking which of a few is best. What it asks is dear, so it counts.
///
/// The places that it is given are a permutation after every question: a budget that ends in between loses nothing.
package protocol Sorter: Sendable {
    /// - Parameters:
    ///   - places: those of a list, best first by what is known before.
    ///   - best: of a group, the index of the best in the group. The first member is the one that stays where nothing is better.
    func sort(_ places: inout [Int], best: ([Int]) throws -> Int) rethrows
}
