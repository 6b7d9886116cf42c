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
    /// How many docids begin like this, and the one of them that scores best, of the first few hundred: what it stands for; nil where
    /// nobody looked.
    package var below: Int?
    package var example: Int32?
    /// The likeliest of the other tokens that could stand here: log-probability falling, then token rising.
    package var others: [DocidStep] = []

    package init(token: Int32, logProb: Float) {
        self.token = token
        self.logProb = logProb
    }
}

extension [DocidStep] {
    /// With what its examples are called elsewhere; nil where they are nothing there.
    package func naming(_ name: (Int32) -> Int32?) -> [DocidStep] {
        map { step in
            var step = step
            step.example = step.example.flatMap(name)
            step.others = step.others.naming(name)
            return step
        }
    }
}
