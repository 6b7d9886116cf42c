import Search

/// What a search by generated docids found.
///
/// The passages are those of the whole index, or, from one segment, have their numbers there.
package struct DocidResult<ID: Hashable & Comparable & Sendable>: Sendable {
    /// Score falling, then id rising.
    package var passages: [Scored<ID>]
    /// How many whole docids were generated.
    package var docidCount: Int
    /// How many of those lead to no passage. Zero unless something is broken.
    package var invalidDocids: Int

    package init(passages: [Scored<ID>], docidCount: Int, invalidDocids: Int) {
        (self.passages, self.docidCount, self.invalidDocids) = (passages, docidCount, invalidDocids)
    }
}

/// One step of a docid's path.
package struct DocidStep: Sendable {
    package var token: Int32
    /// log p(token | prefix, q): the softmax over the prefix's children.
    package var logProb: Float

    package init(token: Int32, logProb: Float) {
        self.token = token
        self.logProb = logProb
    }
}
