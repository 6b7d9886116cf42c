import FMIndex
import Memory

/// One segment of an index of n-grams: its FM-index, what may be generated from it, and where words begin.
package struct NgramSegment: Sendable {
    package let index: FMIndex
    /// Of the passages that are deleted, which `index` still holds; nil where none are.
    let deleted: FMIndex?
    /// The passages that are not deleted; nil where all are there.
    private let living: PassingRows?
    private let excluded: Set<Int32>
    private let constraints: [NgramConstraint]
    /// Which tokens of the index continue a word.
    let borders: WordBorders

    /// - Parameters:
    ///   - living: the passages that are not deleted; nil where all are there.
    ///   - deleted: an index of those that are.
    ///   - excluded: tokens that are never generated (unknown word, marks).
    ///   - startsWord: whether a token may start a key; one that may not continues the word before.
    package init(
        index: FMIndex, living: PlaceSet? = nil, deleted: FMIndex? = nil, excluded: Set<Int32>,
        startsWord: (Int32) -> Bool
    ) {
        self.index = index
        self.deleted = deleted
        self.living = living.map { PassingRows($0, in: index) }
        self.excluded = excluded
        constraints = NgramView.allCases.map { NgramConstraint(index: index, excluded: excluded, view: $0) }
        borders = WordBorders(
            bound: index.vocabularyBound, marks: constraints[0].marks, startsWord: startsWord)
    }

    /// The borders that keys keep to.
    func borders(_ options: NgramOptions) -> WordBorders {
        options.deviations.contains(.cutWords) ? .none : borders
    }

    /// The tokens of passages that pass a filter, nil where all do.
    func tokenCount(of passing: PlaceSet?) -> Int { passing.map(index.tokenCount(of:)) ?? index.tokenCount }

    /// The rows of passages that pass a filter, which passes none that is deleted; nil where all do.
    ///
    /// - Parameter areFew: whether the filter passes few of all segments' passages.
    func rows(of passing: PlaceSet?, areFew: Bool) -> PassingRows? {
        guard let passing else { return nil }
        return living?.passages == passing && !areFew ? living : PassingRows(passing, in: index, areFew: areFew)
    }

    /// Whether a set is of all passages that are not deleted.
    func isLiving(_ passing: PlaceSet?) -> Bool { passing == living?.passages }

    /// The constraint of each view, in the order of the views.
    ///
    /// - Parameter passing: the passages that count; nil where all do.
    func constraints(_ options: NgramOptions, passing: PassingRows?) -> [NgramConstraint] {
        var constraints = constraints
        if !options.deviations.isDisjoint(with: [.freeFirstTitleToken, .passedDocumentEnds]) {
            constraints = NgramView.allCases.map {
                NgramConstraint(
                    index: index, excluded: excluded, view: $0, deviations: options.deviations)
            }
        }
        for place in constraints.indices {
            constraints[place].stopAtCount = options.stopAtCount
            constraints[place].passing = passing
        }
        return constraints
    }
}
