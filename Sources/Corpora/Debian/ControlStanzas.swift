/// The paragraphs of a file in Debian's control format, one after the other.
struct ControlStanzas {
    private let lines: LineReader
    private let wanted: [[UInt8]]

    /// - Parameter fields: the names of the fields that are kept; all others are passed over.
    init(_ lines: LineReader, fields: [String]) {
        self.lines = lines
        wanted = fields.map { Array($0.utf8) + [0x3a] }
    }

    /// The values of the next paragraph in the order of the names, or nil at the end.
    ///
    /// Continuation lines keep their leading space and are separated by line feeds.
    func next() throws(CorpusError) -> [String?]? {
        var values = [String?](repeating: nil, count: wanted.count)
        var current: Int?
        var isEmpty = true
        while let line = try lines.next() {
            guard let first = line.first else {
                if isEmpty { continue }
                return values
            }
            isEmpty = false
            if first == 0x20 || first == 0x09 {
                if let current {
                    values[current, default: ""] += "\n" + String(decoding: line, as: UTF8.self)
                }
                continue
            }
            current = wanted.firstIndex { line.starts(with: $0) }
            if let current {
                let value = line[wanted[current].count...].drop { $0 == 0x20 }
                values[current] = String(decoding: value, as: UTF8.self)
            }
        }
        return isEmpty ? nil : values
    }
}

extension [String?] {
    fileprivate subscript(index: Int, default value: String) -> String {
        get { self[index] ?? value }
        set { self[index] = newValue }
    }
}
