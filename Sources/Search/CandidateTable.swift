/// The union of ranked lists as a table: a row a candidate, a column a list.
struct CandidateTable {
    struct Cell {
        /// The place in the list, from 0.
        var position: Int?
        /// One more than the number of passages with a higher score.
        var rank: Int?
        var score: Float?
        /// score / ceiling.
        var normalized: Float
    }

    private(set) var passages: [PassageIndex] = []
    private var cells: [Cell] = []
    private let columns: Int

    /// - Complexity: O(candidates × lists), and an exact score for each that a list does not hold.
    init(_ lists: [RankedList]) {
        columns = lists.count
        var seen: Set<PassageIndex> = []
        for list in lists {
            for item in list.passages where seen.insert(item.passage).inserted { passages.append(item.passage) }
        }
        cells.reserveCapacity(passages.count * columns)
        let places = lists.map { list in
            Dictionary(uniqueKeysWithValues: list.passages.enumerated().map { ($1.passage, $0) })
        }
        // Of equal scores none is before another, whatever order a list has them in.
        let first = lists.map { list in
            list.passages.indices.reduce(into: [Int]()) { first, place in
                let isTie = place > 0 && list.passages[place].score == list.passages[place - 1].score
                first.append(isTie ? first[place - 1] : place)
            }
        }
        for passage in passages {
            for (column, list) in lists.enumerated() {
                let position = places[column][passage]
                let score = position.map { list.passages[$0].score } ?? list.exactScore?(passage)
                let share = list.ceiling > 0 ? (score ?? list.floor) / list.ceiling : 0
                cells.append(
                    Cell(
                        position: position, rank: position.map { first[column][$0] + 1 }, score: score,
                        normalized: share))
            }
        }
    }

    func cell(_ row: Int, _ column: Int) -> Cell { cells[row * columns + column] }
}
