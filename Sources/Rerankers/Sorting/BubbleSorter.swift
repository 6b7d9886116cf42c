/// The best few by windows that go from the last place to the first, each moving its best to its front: a pass for each of them.
package struct BubbleSorter: Sorter {
    /// Texts that a question is about.
    package var window = 2
    /// How many of the best are put in order.
    package var top = 10

    package init(window: Int = 2, top: Int = 10) { (self.window, self.top) = (window, top) }

    package func sort(_ places: inout [Int], best: ([Int]) throws -> Int) rethrows {
        guard window > 1 else { return }
        for pass in 0..<max(0, min(top, places.count - 1)) {
            var isChanged = false
            var start = max(pass, places.count - window)
            while true {
                let stop = min(places.count, start + window)
                let winner = stop - start > 1 ? try best(Array(places[start..<stop])) : 0
                if winner > 0 {
                    places.insert(places.remove(at: start + winner), at: start)
                    isChanged = true
                }
                if start == pass { break }
                start = max(pass, start - (window - 1))
            }
            // Of two, none is then better than the one before it. In a larger window only the first is known to be the best.
            if !isChanged, window == 2 { return }
        }
    }
}
