import Collections
import HeapModule

/// Tokens in falling score, token rising among equals, sorted only as far as they are asked for.
struct TokenWalk {
    struct Item: Comparable {
        var token: Int32
        var logProb: Float
        var beam: Int

        static func < (a: Item, b: Item) -> Bool {
            if a.logProb != b.logProb { return a.logProb < b.logProb }
            return a.beam != b.beam ? a.beam > b.beam : a.token > b.token
        }
    }

    private var heap: Heap<Item>

    init(_ items: [Item]) { heap = Heap(items) }

    init(_ tokens: some Sequence<(Int32, Float)>) {
        self.init(tokens.map { Item(token: $0.0, logProb: $0.1, beam: 0) })
    }

    mutating func next() -> Item? { heap.popMax() }
}
