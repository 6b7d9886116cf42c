/// Columns of lines that white space separates, as C's `isspace` knows it.
enum TRECColumn {
    /// An identifier as a column.
    static func text(_ id: Identifier) throws(CorpusError) -> String {
        guard canHold(id) else {
            throw .unwritableValue(
                "the identifier \"\(id)\" is empty or has white space in it, which a TREC file "
                    + "cannot hold")
        }
        return id.string
    }

    /// Whether a reader that splits at white space gets the identifier back.
    ///
    /// All of Unicode's white space counts, as some readers split there too.
    static func canHold(_ id: Identifier) -> Bool {
        !id.isEmpty && !id.string.unicodeScalars.contains(where: \.properties.isWhitespace)
    }

    /// Fills `ranges` with the first columns of a line and returns how many columns the line has.
    static func split(_ line: UnsafeRawBufferPointer, into ranges: inout [Range<Int>]) -> Int {
        ranges.removeAll(keepingCapacity: true)
        var count = 0
        var index = 0
        while true {
            while index < line.count, isSpace(line[index]) { index += 1 }
            guard index < line.count else { return count }
            let start = index
            while index < line.count, !isSpace(line[index]) { index += 1 }
            if count < 8 { ranges.append(start..<index) }
            count += 1
        }
    }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
