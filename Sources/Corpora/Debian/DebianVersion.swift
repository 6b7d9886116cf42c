/// A version number in Debian's order: epoch, upstream version, revision.
package struct DebianVersion: Comparable, Sendable {
    private let epoch: Int
    private let upstream: [UInt8]
    private let revision: [UInt8]

    package init(_ text: String) {
        var rest = text[...]
        if let colon = rest.firstIndex(of: ":") {
            epoch = Int(rest[..<colon]) ?? 0
            rest = rest[rest.index(after: colon)...]
        } else {
            epoch = 0
        }
        if let dash = rest.lastIndex(of: "-") {
            upstream = Array(rest[..<dash].utf8)
            revision = Array(rest[rest.index(after: dash)...].utf8)
        } else {
            upstream = Array(rest.utf8)
            revision = []
        }
    }

    package static func < (first: Self, second: Self) -> Bool { first.order(to: second) < 0 }

    package static func == (first: Self, second: Self) -> Bool { first.order(to: second) == 0 }

    private func order(to other: Self) -> Int {
        if epoch != other.epoch { return epoch - other.epoch }
        let order = Self.order(upstream[...], other.upstream[...])
        return order != 0 ? order : Self.order(revision[...], other.revision[...])
    }

    /// Compares runs of other characters and runs of digits in turn.
    private static func order(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Int {
        var (first, second) = (first, second)
        while !first.isEmpty || !second.isEmpty {
            while !isDigit(first.first) || !isDigit(second.first) {
                let difference = weight(first.first) - weight(second.first)
                if difference != 0 { return difference }
                if first.isEmpty || isDigit(first.first) { break }
                first.removeFirst()
                second.removeFirst()
            }
            let (left, right) = (digits(&first), digits(&second))
            if left.count != right.count { return left.count - right.count }
            for (one, two) in zip(left, right) where one != two { return Int(one) - Int(two) }
        }
        return 0
    }

    private static func isDigit(_ byte: UInt8?) -> Bool { byte.map { 0x30...0x39 ~= $0 } ?? false }

    /// A tilde sorts before the end, the end before letters, letters before the rest.
    private static func weight(_ byte: UInt8?) -> Int {
        switch byte {
        case 0x7e?: -1
        case nil: 0
        case let digit? where isDigit(digit): 0
        case let letter? where (letter | 0x20) >= 0x61 && (letter | 0x20) <= 0x7a: Int(letter)
        case let other?: Int(other) + 256
        }
    }

    /// Takes a run of digits off the front, without leading zeros.
    private static func digits(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let run = bytes.prefix { isDigit($0) }
        bytes = bytes.dropFirst(run.count)
        return run.drop { $0 == 0x30 }
    }
}
