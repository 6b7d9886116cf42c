/// The keys of one query as a trie, to find every occurrence of every key in a passage in one walk.
struct KeyTrie {
    // Node 0 is the root. Its children are looked up at every token of every passage, hence the
    // direct table; all others share one open-addressing table of (node, token).
    private var roots: [Int32]
    private var keyOfNode: [Int32] = [-1]
    /// For each key whether a word must end with it.
    private let isWhole: [Bool]
    private var hasChildren: [Bool] = [true]
    private var slots: [UInt64]
    private var children: [Int32]
    private let mask: Int

    private static let empty = UInt64.max

    /// - Parameters:
    ///   - keys: distinct token sequences; matches report their index.
    ///   - vocabulary: every token is below it.
    init(_ keys: [Key], vocabulary: Int) {
        roots = Array(repeating: -1, count: vocabulary)
        isWhole = keys.map(\.isWhole)
        var capacity = 64
        let tokens = keys.reduce(0) { $0 + $1.tokens.count }
        while capacity < 2 * tokens { capacity *= 2 }
        slots = Array(repeating: Self.empty, count: capacity)
        children = Array(repeating: -1, count: capacity)
        mask = capacity - 1
        for (index, key) in keys.enumerated() {
            var node: Int32 = 0
            for token in key.tokens { node = insert(node, token) }
            if node != 0 { keyOfNode[Int(node)] = Int32(index) }
        }
    }

    private mutating func insert(_ node: Int32, _ token: Int32) -> Int32 {
        if let known = child(node, token) { return known }
        let new = Int32(keyOfNode.count)
        keyOfNode.append(-1)
        hasChildren.append(false)
        hasChildren[Int(node)] = true
        if node == 0 {
            roots[Int(token)] = new
        } else {
            let slot = find(node, token)
            slots[slot] = Self.pack(node, token)
            children[slot] = new
        }
        return new
    }

    private static func pack(_ node: Int32, _ token: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: token))
    }

    /// The slot that holds (node, token), or the free one where it belongs.
    @inline(__always)
    private func find(_ node: Int32, _ token: Int32) -> Int {
        let key = Self.pack(node, token)
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while slots[slot] != key, slots[slot] != Self.empty { slot = (slot &+ 1) & mask }
        return slot
    }

    @inline(__always)
    private func child(_ node: Int32, _ token: Int32) -> Int32? {
        if node == 0 {
            let next = roots[Int(token)]
            return next < 0 ? nil : next
        }
        guard hasChildren[Int(node)] else { return nil }
        let next = children[find(node, token)]
        return next < 0 ? nil : next
    }

    /// Adds every occurrence as key << 32 | offset of its first token; of whole keys those that no word
    /// goes on behind.
    func appendMatches(in tokens: [Int32], _ borders: WordBorders, to matches: inout [UInt64]) {
        tokens.withUnsafeBufferPointer { tokens in
            for start in tokens.indices {
                var node: Int32 = 0
                var end = start
                while end < tokens.count, let next = child(node, tokens[end]) {
                    node = next
                    end += 1
                    let key = keyOfNode[Int(node)]
                    guard key >= 0 else { continue }
                    if isWhole[Int(key)], end < tokens.count, borders.isContinuation(tokens[end]) { continue }
                    matches.append(UInt64(key) << 32 | UInt64(start))
                }
            }
        }
    }
}
