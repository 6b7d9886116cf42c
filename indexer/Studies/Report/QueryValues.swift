/// Values by query, so that cells with other queries, or in another order, are compared on those that both have.
enum QueryValues {
    /// The mean of each query over cells, for the queries that all of them have, in the order of the first.
    static func averaged(
        _ cells: [StudyCell], _ values: (StudyCell) -> [Double]?
    ) -> (queries: [String], values: [Double])? {
        guard let first = cells.first, let start = values(first), !start.isEmpty else { return nil }
        var queries = first.queries
        var sums = start
        for cell in cells.dropFirst() {
            guard let more = values(cell), !more.isEmpty else { return nil }
            if cell.queries == queries {
                for index in sums.indices { sums[index] += more[index] }
            } else {
                let places = Dictionary(zip(cell.queries, more), uniquingKeysWith: { first, _ in first })
                let kept = queries.indices.filter { places[queries[$0]] != nil }
                sums = kept.map { sums[$0] + (places[queries[$0]] ?? 0) }
                queries = kept.map { queries[$0] }
            }
        }
        guard !queries.isEmpty else { return nil }
        return (queries, sums.map { $0 / Double(cells.count) })
    }

    /// Two lists in the order of the queries that both have.
    static func paired(
        _ first: (queries: [String], values: [Double]), _ second: (queries: [String], values: [Double])
    ) -> (first: [Double], second: [Double]) {
        if first.queries == second.queries { return (first.values, second.values) }
        let places = Dictionary(zip(second.queries, second.values), uniquingKeysWith: { first, _ in first })
        var result: (first: [Double], second: [Double]) = ([], [])
        for (query, value) in zip(first.queries, first.values) {
            guard let other = places[query] else { continue }
            result.first.append(value)
            result.second.append(other)
        }
        return result
    }
}
