/// Names of files for people and for identifiers; the system's own are bytes, in no encoding for sure.
enum FileName {
    /// The name as text; bytes that are no UTF-8 stand as `\xE9`.
    static func shown(_ bytes: some Collection<UInt8>) -> String {
        spelled(bytes, escape: "\\x")
    }

    /// The name as an identifier, without white space, which separates the columns of run files:
    /// what cannot stand there is written as in an address, `%20`.
    static func identifier(_ bytes: some Collection<UInt8>) -> String {
        var id = ""
        for scalar in spelled(bytes, escape: "%", escapesPercent: true).unicodeScalars {
            if scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x7f {
                for byte in String(scalar).utf8 { id += hexadecimal(byte, after: "%") }
            } else {
                id.unicodeScalars.append(scalar)
            }
        }
        return id
    }

    private static func spelled(
        _ bytes: some Collection<UInt8>, escape: String, escapesPercent: Bool = false
    ) -> String {
        var text = ""
        var decoder = UTF8()
        // A broken sequence is given byte by byte: the decoder tells only that one is broken.
        var pending = Array(bytes)[...]
        while !pending.isEmpty {
            var units = pending.makeIterator()
            switch decoder.decode(&units) {
            case .scalarValue(let scalar):
                if scalar == "%", escapesPercent { text += "%25" } else { text.unicodeScalars.append(scalar) }
                pending = pending.dropFirst(UTF8.width(scalar))
            case .emptyInput, .error:
                text += hexadecimal(pending[pending.startIndex], after: escape)
                pending = pending.dropFirst()
            }
            decoder = UTF8()
        }
        return text
    }

    private static func hexadecimal(_ byte: UInt8, after mark: String) -> String {
        mark + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// What a name ends in after its last dot, lower case and without a compression's ending.
    static func ending(_ name: some Collection<UInt8>) -> String {
        // A dot in a folder's name is no ending.
        var parts = last(name).map { 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 }.split(
            separator: 0x2e, omittingEmptySubsequences: false)
        if parts.count > 2, let last = parts.last,
            compressions.contains(String(decoding: last, as: UTF8.self))
        {
            parts.removeLast()
        }
        guard parts.count > 1, let last = parts.last else { return "" }
        return shown(Array(last))
    }

    /// The name without its folder and endings.
    static func stem(_ path: [UInt8]) -> String {
        var name = last(path)[...]
        for ending in compressions where name.count > ending.utf8.count + 1 {
            let tail = name.suffix(ending.utf8.count + 1).map { 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 }
            if tail == Array(".\(ending)".utf8) { name = name.dropLast(tail.count) }
        }
        if let dot = name.lastIndex(of: 0x2e), dot > name.startIndex { name = name[..<dot] }
        return shown(name)
    }

    /// The last part of a path.
    static func last(_ path: some Collection<UInt8>) -> [UInt8] {
        Array(path).split(separator: 0x2f).last.map { Array($0) } ?? []
    }

    private static let compressions: Set<String> = ["gz", "zst"]
}

extension UTF8 {
    static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x80: 1
        case ..<0x800: 2
        case ..<0x10000: 3
        default: 4
        }
    }
}
