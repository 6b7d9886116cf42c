import Corpora
import Storage

/// The sections of columns as they are put together; see ``FieldSections``.
struct ColumnSections {
    private var names: [UInt8] = []
    private var nameEnds: [UInt32] = []
    private var counts: [UInt64] = []
    private var codes: [UInt32] = []
    private var places: [UInt32] = []
    private var blocks: [UInt32] = []
    private var integers: [Int64] = []
    private var decimals: [Double] = []
    private var dates: [Int64] = []
    private var strings: [UInt8] = []
    private var stringEnds: [UInt64] = []

    /// Adds a column; names come rising.
    ///
    /// - Parameters:
    ///   - values: the dictionary, rising.
    ///   - places: rising.
    mutating func add(
        _ name: String, values: [FieldValue], places: [UInt32], codes entryCodes: [UInt32], passageCount: Int
    ) {
        names.append(contentsOf: name.utf8)
        nameEnds.append(UInt32(names.count))
        var count = FieldSections.Counts()
        for value in values {
            switch value {
            case .boolean: break
            case .integer(let value):
                integers.append(value)
                count.integers += 1
            case .decimal(let value):
                decimals.append(value)
                count.decimals += 1
            case .date(let date):
                dates += [date.start, date.end]
                count.dates += 1
            case .string(let text):
                strings.append(contentsOf: text.string.utf8)
                stringEnds.append(UInt64(strings.count))
                count.strings += 1
            }
        }
        var entries = entryCodes
        let isSingle = zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
        if isSingle, 2 * places.count >= passageCount {
            entries = [UInt32](repeating: FieldColumn.none, count: passageCount)
            for (place, code) in zip(places, entryCodes) { entries[Int(place)] = code }
        } else {
            self.places += places
            count.places = places.count
        }
        count.entries = entries.count
        codes += entries
        for start in stride(from: 0, to: entries.count, by: FieldColumn.blockLength) {
            let block = entries[start..<min(entries.count, start + FieldColumn.blockLength)]
            let held = block.lazy.filter { $0 != FieldColumn.none }
            blocks += [held.min() ?? FieldColumn.none, held.max() ?? 0]
        }
        counts += count.numbers.map(UInt64.init)
    }

    func write(to writer: ContainerWriter) throws(StorageError) {
        try writer.write("fields.names", names)
        try writer.write("fields.name.ends", nameEnds)
        try writer.write("fields.counts", counts)
        try writer.write("fields.codes", codes)
        try writer.write("fields.places", places)
        try writer.write("fields.blocks", blocks)
        try writer.write("fields.integers", integers)
        try writer.write("fields.decimals", decimals)
        try writer.write("fields.dates", dates)
        try writer.write("fields.strings", strings)
        try writer.write("fields.string.ends", stringEnds)
    }
}
