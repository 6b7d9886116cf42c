/// The prefixes of a set of byte strings, for walking a text byte by byte (a double array, after
/// Aoe 1989).
struct ByteTrie: Sendable {
    private struct Unit {
        /// The child by a byte stands at this base plus the byte.
        var base: Int32 = 0
        /// The parent; -1 when the unit is free.
        var check: Int32 = -1
        /// The number of the string that ends here; -1 when none does.
        var value: Int32 = -1
    }

    private var units: [Unit]

    /// Builds the trie in time linear in the bytes, but for the sorting.
    ///
    /// Of equal strings the last one's number counts. The empty string is left out.
    init(_ strings: [(bytes: ArraySlice<UInt8>, number: Int32)]) {
        let sorted = strings.filter { !$0.bytes.isEmpty }.sorted {
            $0.bytes.elementsEqual($1.bytes)
                ? $0.number < $1.number : $0.bytes.lexicographicallyPrecedes($1.bytes)
        }
        // The root is nobody's child, and not free.
        units = [Unit(base: 0, check: .max)]
        var pending: [(node: Int, range: Range<Int>, depth: Int)] = [(0, sorted.indices, 0)]
        var children: [(byte: UInt8, range: Range<Int>)] = []
        // Units below this one are too full to be worth looking at.
        var firstFree = 1
        while let (node, range, depth) = pending.popLast() {
            children.removeAll(keepingCapacity: true)
            for index in range {
                let bytes = sorted[index].bytes
                guard bytes.count > depth else {
                    units[node].value = sorted[index].number
                    continue
                }
                let byte = bytes[bytes.startIndex + depth]
                if let last = children.indices.last, children[last].byte == byte {
                    children[last].range = children[last].range.lowerBound..<index + 1
                } else {
                    children.append((byte, index..<index + 1))
                }
            }
            guard !children.isEmpty else { continue }
            let base = place(children.map(\.byte), &firstFree)
            units[node].base = Int32(base)
            for (byte, range) in children {
                units[base + Int(byte)].check = Int32(node)
                pending.append((base + Int(byte), range, depth + 1))
            }
        }
        // Every base may be probed with every byte.
        let last = units.map(\.base).max() ?? 0
        while units.count < Int(last) + 256 { units.append(Unit()) }
    }

    /// A base from which all of `bytes`, which ascend, lead to free units.
    private mutating func place(_ bytes: [UInt8], _ firstFree: inout Int) -> Int {
        let first = Int(bytes[0])
        while firstFree < units.count, units[firstFree].check >= 0 { firstFree += 1 }
        var unit = max(firstFree, first)
        var tries = 0
        search: while unit < units.count {
            guard units[unit].check < 0 else {
                unit += 1
                tries += 1
                if tries > 512 { break }
                continue
            }
            let base = unit - first
            for byte in bytes {
                let child = base + Int(byte)
                if child < units.count, units[child].check >= 0 {
                    unit += 1
                    tries += 8
                    // A crowded start is given up, so that the whole takes linear time.
                    if tries > 512 {
                        firstFree += 32
                        break search
                    }
                    continue search
                }
            }
            grow(base + 256)
            return base
        }
        let base = max(units.count - first, 0)
        grow(base + 256)
        return base
    }

    private mutating func grow(_ count: Int) {
        while units.count < count { units.append(Unit()) }
    }

    /// Calls `body` with the end and the number of every string that is a prefix of
    /// `text[start...]`, shortest first.
    @inline(__always)
    func forEachPrefix(
        of text: UnsafeBufferPointer<UInt8>, from start: Int, _ body: (Int, Int32) -> Void
    ) {
        units.withUnsafeBufferPointer { units in
            var node = 0
            var index = start
            while index < text.count {
                let child = Int(units[node].base) + Int(text[index])
                guard units[child].check == Int32(truncatingIfNeeded: node) else { return }
                node = child
                index += 1
                if units[node].value >= 0 { body(index, units[node].value) }
            }
        }
    }
}
