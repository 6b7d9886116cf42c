import Corpora
import Memory
import Storage

/// One field of the passages of a segment: a sorted dictionary of the values that occur, and for each value of a passage
/// its number in the dictionary, its code.
///
/// Codes rise in the order of ``FieldValue``, so that whatever a comparison asks for is a few ranges of codes.
struct FieldColumn: Sendable {
    /// Stands where a passage of a dense column has no value.
    static let none = UInt32.max
    /// So many entries share one entry of `blocks`.
    static let blockLength = 1024
    /// The codes of false and true, whether they occur or not; those of the other kinds follow.
    static let booleanCount = 2

    let name: String
    /// Of the segment.
    let passageCount: Int
    /// The codes: of every passage one or none, or, where there are places, of those.
    let codes: FrozenArray<UInt32>
    /// The passages of the codes, rising, those with several values several times; nil for a dense column.
    let places: FrozenArray<UInt32>?
    /// The least and the largest code of every block of entries, those without a value left out.
    let blocks: FrozenArray<UInt32>
    let integers: FrozenArray<Int64>
    let decimals: FrozenArray<Double>
    /// Start and end of each.
    let dates: FrozenArray<Int64>
    let strings: FieldStrings

    /// The number of values in the dictionary.
    var dictionaryCount: Int {
        Self.booleanCount + integers.count + decimals.count + dates.count / 2 + strings.count
    }

    /// Whether what is computed with the dictionary stays in bounds: codes fit, decimals and dates are ones that are
    /// written, and strings end one behind the other, none longer than those that are written.
    ///
    /// Not whether they rise: a filter finds other passages where they do not, and nothing worse.
    ///
    /// - Complexity: O(values).
    var isDictionarySound: Bool {
        dictionaryCount < Int(Self.none) && decimals.indices.allSatisfy { decimals[$0].isFinite }
            && (0..<dates.count / 2).allSatisfy { date($0).isWritten } && strings.isSound
    }

    /// The codes of the values of a kind.
    func codes(of kind: FieldValue.Kind) -> Range<Int> {
        let counts = [Self.booleanCount, integers.count, decimals.count, dates.count / 2, strings.count]
        let start = counts[..<kind.rawValue].reduce(0, +)
        return start..<start + counts[kind.rawValue]
    }

    func date(_ place: Int) -> FieldDate { FieldDate(start: dates[2 * place], end: dates[2 * place + 1]) }

    /// The value of a code; nil where a damaged file has one that the dictionary has not.
    func value(_ code: UInt32) -> FieldValue? {
        for kind in FieldValue.Kind.allCases {
            let codes = codes(of: kind)
            guard codes.contains(Int(code)) else { continue }
            let place = Int(code) - codes.lowerBound
            return switch kind {
            case .boolean: .boolean(place == 1)
            case .integer: .integer(integers[place])
            case .decimal: .decimal(decimals[place])
            case .date: .date(date(place))
            case .string: .string(.init(strings[place]))
            }
        }
        return nil
    }

    /// The codes of a passage's values.
    func codes(of passage: Int) -> [UInt32] {
        guard let places else { return codes[passage] == Self.none ? [] : [codes[passage]] }
        let first = places.partitioningIndex { $0 >= passage }
        return (first..<codes.count).prefix { places[$0] == passage }.map { codes[$0] }
    }

    /// The passages that have a value in a set of codes.
    ///
    /// - Throws: ``FieldDamage`` where a damaged file names a passage that there is not.
    /// - Complexity: O(entries) at worst; blocks that hold no such code are passed over.
    func passages(_ wanted: CodeSet) throws(FieldDamage) -> PlaceSet {
        var isDamaged = false
        let set = PlaceSet(capacity: passageCount) { words in
            guard let bounds = wanted.bounds else { return }
            codes.withUnsafeBuffer { codes in
                for block in 0..<blocks.count / 2 where blocks[2 * block] < bounds.upperBound {
                    guard blocks[2 * block + 1] >= bounds.lowerBound else { continue }
                    let end = min(codes.count, (block + 1) * Self.blockLength)
                    for entry in block * Self.blockLength..<end where wanted.contains(codes[entry]) {
                        let place = places.map { Int($0[entry]) } ?? entry
                        if place < passageCount {
                            words[place >> 6] |= 1 << UInt64(place & 63)
                        } else {
                            isDamaged = true
                        }
                    }
                }
            }
        }
        if isDamaged { throw FieldDamage() }
        return set
    }

    /// The passages that have any value.
    func passagesWithValue() throws(FieldDamage) -> PlaceSet {
        try passages(CodeSet([0..<UInt32(dictionaryCount)]))
    }
}

/// A damaged file names passages that there are not.
struct FieldDamage: Error {}

/// The strings of a dictionary, sorted by their bytes.
struct FieldStrings: Sendable {
    let bytes: FrozenArray<UInt8>
    /// Where each ends in `bytes`.
    let ends: FrozenArray<UInt64>
    /// Where the first begins.
    let start: UInt64

    var count: Int { ends.count }

    /// Whether the ends rise to no more than the end of `bytes`, in steps that ``FieldValue/longestString`` bounds.
    var isSound: Bool {
        var last = start
        for place in ends.indices {
            let end = ends[place]
            guard last <= end, end - last <= UInt64(FieldValue.longestString) else { return false }
            last = end
        }
        return last <= UInt64(bytes.count) || ends.isEmpty
    }

    subscript(place: Int) -> String { withBytes(place) { String(decoding: $0, as: UTF8.self) } }

    /// - Precondition: the strings are sound.
    func withBytes<Result>(_ place: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        let end = Int(ends[place])
        let start = Int(place == 0 ? self.start : ends[place - 1])
        return try bytes.withUnsafeBuffer { try body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }
}

/// A set of codes of a dictionary.
struct CodeSet: Sendable {
    /// Rising, apart from each other.
    let ranges: [Range<UInt32>]
    /// From the first to behind the last; nil where it is empty.
    let bounds: Range<UInt32>?
    private let bits: PlaceSet?

    init(_ ranges: [Range<UInt32>]) {
        var merged: [Range<UInt32>] = []
        for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
        if let first = merged.first, let last = merged.last {
            bounds = first.lowerBound..<last.upperBound
            bits =
                merged.count == 1 ? nil : PlaceSet(merged.lazy.joined().map { Int($0) }, capacity: Int(last.upperBound))
        } else {
            (bounds, bits) = (nil, nil)
        }
    }

    @inline(__always)
    func contains(_ code: UInt32) -> Bool {
        guard let bounds, bounds.contains(code) else { return false }
        return bits?.contains(Int(code)) ?? true
    }
}

extension FrozenArray {
    /// The first index whose element a test holds for, of an array whose elements it holds for from some point on.
    func partitioningIndex(_ belongs: (Element) -> Bool) -> Int { indices.partitioningIndex { belongs(self[$0]) } }
}

extension Range<Int> {
    /// The first number that a test holds for, which it does from some point on; the end where it holds for none.
    func partitioningIndex(_ belongs: (Int) -> Bool) -> Int {
        var (low, high) = (lowerBound, upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if belongs(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
