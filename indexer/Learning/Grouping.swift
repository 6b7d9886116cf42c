/// Elements by the group that each belongs to, in rising order within a group.
struct Grouping {
    private let offsets: [Int]
    private let members: [Int]

    /// Groups the indices of `group`, which holds numbers in 0..<count; linear time.
    init(_ group: [Int32], count: Int) {
        precondition(group.allSatisfy { $0 >= 0 && Int($0) < count }, "no such group")
        var offsets = [Int](repeating: 0, count: count + 1)
        for index in group { offsets[Int(index) + 1] += 1 }
        for index in 0..<count { offsets[index + 1] += offsets[index] }
        var (next, members) = (offsets, [Int](repeating: 0, count: group.count))
        for (member, index) in group.enumerated() {
            members[next[Int(index)]] = member
            next[Int(index)] += 1
        }
        (self.offsets, self.members) = (offsets, members)
    }

    subscript(index: Int) -> ArraySlice<Int> { members[offsets[index]..<offsets[index + 1]] }
}
