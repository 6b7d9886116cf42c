/// Orders a list by windows that go from its last place to its first (RankGPT, Sun et al. 2023): the best of a window are in the next
/// one, too, so that in one pass the best `size - stride` of the list can come to the front from anywhere.
package struct WindowOrder: Sendable {
    package var size = 20
    package var stride = 10
    package var passes = 1

    package init(size: Int = 20, stride: Int = 10, passes: Int = 1) {
        (self.size, self.stride, self.passes) = (size, stride, passes)
    }

    /// The windows of a pass over so many places, last first: the first place is always in one.
    package func windows(_ count: Int) -> [Range<Int>] {
        guard count > 0, size > 0, stride > 0 else { return [] }
        var windows: [Range<Int>] = []
        var end = count
        while true {
            let start = max(0, end - size)
            windows.append(start..<end)
            if start == 0 { return windows }
            end -= stride
        }
    }

    /// - Parameter order: of a window's places, best first; a permutation of what it is given.
    package func sort(_ places: inout [Int], order: ([Int]) throws -> [Int]) rethrows {
        for _ in 0..<passes {
            let before = places
            for window in windows(places.count) where window.count > 1 {
                places.replaceSubrange(window, with: try order(Array(places[window])))
            }
            if places == before { return }
        }
    }
}
