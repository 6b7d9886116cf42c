import Memory
import Storage

/// The sections of a ``FieldTable``'s file that hold its columns, one behind the other.
struct FieldSections {
    private let path: String
    private let names: FrozenArray<UInt8>
    private let nameEnds: FrozenArray<UInt32>
    private let counts: FrozenArray<UInt64>
    private let codes: FrozenArray<UInt32>
    private let places: FrozenArray<UInt32>
    private let blocks: FrozenArray<UInt32>
    private let integers: FrozenArray<Int64>
    private let decimals: FrozenArray<Double>
    private let dates: FrozenArray<Int64>
    private let strings: FrozenArray<UInt8>
    private let stringEnds: FrozenArray<UInt64>

    /// How much of each section is a column's; `counts` has these numbers of every column.
    struct Counts {
        /// Of codes.
        var entries = 0
        /// As many as entries, or none.
        var places = 0
        var integers = 0
        var decimals = 0
        var dates = 0
        var strings = 0

        init() {}

        /// - Parameter numbers: ``numberCount`` of them.
        init(_ numbers: [Int]) {
            (entries, places, integers) = (numbers[0], numbers[1], numbers[2])
            (decimals, dates, strings) = (numbers[3], numbers[4], numbers[5])
        }

        static let numberCount = 6
        var numbers: [Int] { [entries, places, integers, decimals, dates, strings] }

        var blocks: Int { (entries + FieldColumn.blockLength - 1) / FieldColumn.blockLength }
    }

    init(_ container: Container) throws(StorageError) {
        path = container.path
        names = try container.bytes("fields.names")
        nameEnds = try container.section("fields.name.ends", of: UInt32.self)
        counts = try container.section("fields.counts", of: UInt64.self)
        codes = try container.section("fields.codes", of: UInt32.self)
        places = try container.section("fields.places", of: UInt32.self)
        blocks = try container.section("fields.blocks", of: UInt32.self)
        integers = try container.section("fields.integers", of: Int64.self)
        decimals = try container.section("fields.decimals", of: Double.self)
        dates = try container.section("fields.dates", of: Int64.self)
        strings = try container.bytes("fields.strings")
        stringEnds = try container.section("fields.string.ends", of: UInt64.self)
    }

    /// Cuts the sections into columns.
    func columns(passageCount: Int) throws(StorageError) -> [FieldColumn] {
        guard counts.count == nameEnds.count * Counts.numberCount else { throw damaged }
        var cuts = Cuts(path: path)
        var columns: [FieldColumn] = []
        for column in nameEnds.indices {
            let numbers = counts.slice(column * Counts.numberCount..<(column + 1) * Counts.numberCount)
            let count = Counts(numbers.toArray().map { Int(clamping: $0) })
            // A column without places has an entry of every passage.
            guard count.entries == (count.places == 0 ? passageCount : count.places) else { throw damaged }
            let end = Int(nameEnds[column])
            let start = column == 0 ? 0 : Int(nameEnds[column - 1])
            guard start <= end, end <= names.count else { throw damaged }
            let firstString = cuts.strings
            let values = FieldColumn(
                name: String(decoding: names.slice(start..<end).toArray(), as: UTF8.self),
                passageCount: passageCount, codes: try cuts.cut(codes, \.entries, count.entries),
                places: count.places == 0 ? nil : try cuts.cut(places, \.places, count.places),
                blocks: try cuts.cut(blocks, \.blocks, count.blocks, times: 2),
                integers: try cuts.cut(integers, \.integers, count.integers),
                decimals: try cuts.cut(decimals, \.decimals, count.decimals),
                dates: try cuts.cut(dates, \.dates, count.dates, times: 2),
                strings: FieldStrings(
                    bytes: strings, ends: try cuts.cut(stringEnds, \.strings, count.strings),
                    start: firstString == 0 ? 0 : stringEnds[firstString - 1]))
            guard values.isDictionarySound else { throw damagedValues(of: values.name) }
            columns.append(values)
        }
        guard zip(columns, columns.dropFirst()).allSatisfy({ $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        else { throw damaged }
        return columns
    }

    private func damagedValues(of name: String) -> StorageError {
        .damaged(path: path, what: "the values of the field \"\(name.prefix(100))\" contradict themselves")
    }

    private var damaged: StorageError { .damaged(path: path, what: "the table of its columns contradicts itself") }

    /// How much of each section has been handed out.
    private struct Cuts {
        let path: String
        var entries = 0
        var places = 0
        var blocks = 0
        var integers = 0
        var decimals = 0
        var dates = 0
        var strings = 0

        mutating func cut<Element>(
            _ section: FrozenArray<Element>, _ member: WritableKeyPath<Cuts, Int>, _ count: Int, times: Int = 1
        ) throws(StorageError) -> FrozenArray<Element> {
            let start = self[keyPath: member]
            guard count <= (section.count / times) - start else {
                throw .damaged(path: path, what: "its columns are longer than the file")
            }
            self[keyPath: member] = start + count
            return section.slice(times * start..<times * (start + count))
        }
    }
}
