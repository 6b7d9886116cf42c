/// The places of each group of an assignment, in rising order (a counting sort).
struct Grouping: Sendable {
    private let starts: [Int]
    private let places: [Int32]

    init(_ assignment: [Int32], count: Int) {
        var starts = [Int](repeating: 0, count: count + 1)
        for group in assignment { starts[Int(group) + 1] += 1 }
        for group in 0..<count { starts[group + 1] += starts[group] }
        var next = starts
        var places = [Int32](repeating: 0, count: assignment.count)
        for (place, group) in assignment.enumerated() {
            places[next[Int(group)]] = Int32(place)
            next[Int(group)] += 1
        }
        self.starts = starts
        self.places = places
    }

    subscript(group: Int) -> ArraySlice<Int32> {
        places[starts[group]..<starts[group + 1]]
    }
}
