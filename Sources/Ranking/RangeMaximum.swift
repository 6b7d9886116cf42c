/// The highest of any run of a list of numbers: a segment tree in two numbers an element.
struct RangeMaximum {
    private let count: Int
    /// Node i is the higher of its children 2i and 2i + 1; element i is node `count` + i.
    private let nodes: [Float]

    /// O(count)
    init(_ values: [Float]) {
        count = values.count
        var nodes = [Float](repeating: -.infinity, count: count) + values
        for node in (0..<count).dropFirst().reversed() { nodes[node] = max(nodes[2 * node], nodes[2 * node + 1]) }
        self.nodes = nodes
    }

    /// O(log count); -infinity for an empty run.
    subscript(range: Range<Int>) -> Float {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "no such run")
        var (low, high) = (range.lowerBound + count, range.upperBound + count)
        var highest = -Float.infinity
        while low < high {
            if low & 1 == 1 {
                highest = max(highest, nodes[low])
                low += 1
            }
            if high & 1 == 1 {
                high -= 1
                highest = max(highest, nodes[high])
            }
            (low, high) = (low / 2, high / 2)
        }
        return highest
    }
}
