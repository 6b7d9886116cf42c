import FMIndex

/// One segment of an index of n-grams: its FM-index, what may be generated from it, and where words begin.
package struct NgramSegment: Sendable {
    package let index: FMIndex
    private let excluded: Set<Int32>
    private let constraints: [NgramConstraint]
    /// Which tokens of the index continue a word.
    let borders: WordBorders

    /// - Parameters:
    ///   - excluded: tokens that are never generated (unknown word, marks).
    ///   - startsWord: whether a token may start a key; one that may not continues the word before.
    package init(index: FMIndex, excluded: Set<Int32>, startsWord: (Int32) -> Bool) {
        self.index = index
        self.excluded = excluded
        constraints = NgramView.allCases.map { NgramConstraint(index: index, excluded: excluded, view: $0) }
        borders = WordBorders(
            bound: index.vocabularyBound, marks: constraints[0].marks, startsWord: startsWord)
    }

    /// The borders that keys keep to.
    func borders(_ options: NgramOptions) -> WordBorders {
        options.deviations.contains(.cutWords) ? .none : borders
    }

    /// The constraint of each view, in the order of the views.
    func constraints(_ options: NgramOptions) -> [NgramConstraint] {
        var constraints = constraints
        if !options.deviations.isDisjoint(with: [.freeFirstTitleToken, .passedDocumentEnds]) {
            constraints = NgramView.allCases.map {
                NgramConstraint(
                    index: index, excluded: excluded, view: $0, deviations: options.deviations)
            }
        }
        for place in constraints.indices { constraints[place].stopAtCount = options.stopAtCount }
        return constraints
    }
}
