/// The best `capacity` extensions of a step in one strict order: score falling, then beam, then token
/// rising. A heap whose root is the worst kept.
struct BestExtensions {
    private(set) var items: [ExtensionSearch.Extension] = []
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        items.reserveCapacity(capacity)
    }

    var isFull: Bool { items.count == capacity }

    /// No extension with a lower score can enter.
    var threshold: Float { isFull ? items[0].score : -.infinity }

    static func precedes(_ a: ExtensionSearch.Extension, _ b: ExtensionSearch.Extension) -> Bool {
        if a.score != b.score { return a.score > b.score }
        return a.beam != b.beam ? a.beam < b.beam : a.token < b.token
    }

    /// Whether an extension would enter.
    func admits(_ item: ExtensionSearch.Extension) -> Bool {
        !isFull || Self.precedes(item, items[0])
    }

    mutating func offer(_ item: ExtensionSearch.Extension) {
        guard isFull else {
            items.append(item)
            var child = items.count - 1
            while child > 0, Self.precedes(items[(child - 1) / 2], items[child]) {
                items.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
            return
        }
        guard Self.precedes(item, items[0]) else { return }
        items[0] = item
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < capacity else { break }
            if child + 1 < capacity, Self.precedes(items[child], items[child + 1]) { child += 1 }
            guard Self.precedes(items[parent], items[child]) else { break }
            items.swapAt(parent, child)
            parent = child
        }
    }

    func sorted() -> [ExtensionSearch.Extension] { items.sorted(by: Self.precedes) }
}
