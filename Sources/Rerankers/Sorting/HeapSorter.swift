/// The best few by a heap whose nodes have several children (Zhuang et al. 2024): a question puts a node beside all its children.
package struct HeapSorter: Sorter {
    /// Children of a node: a question is about one more.
    package var children = 3
    /// How many of the best are put in order; the others follow as they came.
    package var top = 10

    package init(children: Int = 3, top: Int = 10) { (self.children, self.top) = (children, top) }

    package func sort(_ places: inout [Int], best: ([Int]) throws -> Int) rethrows {
        let given = places
        var heap = places
        var sorted: [Int] = []
        // Also where a question throws: what was put in order first, then the others as they came.
        defer {
            let done = Set(sorted)
            places = sorted + given.filter { !done.contains($0) }
        }
        guard heap.count > 1 else { return }
        for node in (0...(heap.count - 2) / children).reversed() { try sift(node, &heap, best) }
        while let root = heap.first, sorted.count < top {
            sorted.append(root)
            guard let last = heap.popLast(), !heap.isEmpty else { return }
            heap[0] = last
            if sorted.count < top { try sift(0, &heap, best) }
        }
    }

    /// Lets a node down until none of its children is better.
    private func sift(_ start: Int, _ heap: inout [Int], _ best: ([Int]) throws -> Int) rethrows {
        var node = start
        while true {
            let first = children * node + 1
            guard first < heap.count else { return }
            let group = [node] + (first..<min(heap.count, first + children))
            let winner = group[try best(group.map { heap[$0] })]
            if winner == node { return }
            heap.swapAt(node, winner)
            node = winner
        }
    }
}
