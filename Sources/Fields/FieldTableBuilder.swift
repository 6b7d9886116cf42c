import Corpora
import Memory
import Storage

/// Collects the fields of a segment's passages and writes a ``FieldTable``.
package struct FieldTableBuilder {
    /// Values of one field as they come.
    private struct Draft {
        var numbers: [FieldValue: UInt32] = [:]
        var places: [UInt32] = []
        /// By the order in which values came first.
        var codes: [UInt32] = []
    }

    private var drafts: [Identifier: Draft] = [:]
    private var texts: [String] = []
    /// How many passages came before the first with fields; its texts are not kept.
    private var emptyCount = 0
    /// What has been collected takes, about.
    package private(set) var byteCount = 0

    package init() {}

    /// Whether no passage has fields: no file is needed.
    package var isEmpty: Bool { texts.isEmpty }

    /// Adds the next passage.
    ///
    /// - Parameter json: as ``Passage/fields`` has it.
    /// - Throws: ``JSONLineError`` where it is neither empty nor an object.
    package mutating func add(_ json: String) throws(JSONLineError) {
        if json.isEmpty, texts.isEmpty {
            emptyCount += 1
            return
        }
        let place = UInt32(emptyCount + texts.count)
        texts.append(json)
        byteCount += 16 + json.utf8.count
        guard !json.isEmpty else { return }
        var copy = json
        let failure = copy.withUTF8 { bytes -> JSONLineError? in
            do throws(JSONLineError) {
                try FieldLeaves.visit(UnsafeRawBufferPointer(bytes)) {
                    add(FieldValue($1), of: Identifier($0), at: place)
                }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private mutating func add(_ value: FieldValue, of name: Identifier, at place: UInt32) {
        if drafts[name] == nil {
            guard drafts.count < FieldTable.maximumColumns else { return }
            drafts[name] = Draft()
        }
        byteCount += 8
        var isNew = false
        // In place: a draft is never copied.
        Self.add(value, at: place, to: &drafts[name, default: Draft()], isNew: &isNew)
        if isNew {
            byteCount += 96
            if case .string(let text) = value { byteCount += text.string.utf8.count }
        }
    }

    private static func add(_ value: FieldValue, at place: UInt32, to draft: inout Draft, isNew: inout Bool) {
        let next = UInt32(draft.numbers.count)
        let number = draft.numbers[value] ?? next
        if number == next {
            draft.numbers[value] = next
            isNew = true
        }
        draft.places.append(place)
        draft.codes.append(number)
    }

    /// Writes the file; its passages are all that were added.
    package consuming func write(to writer: ContainerWriter) throws(StorageError) {
        let count = emptyCount + texts.count
        var store = try DocumentStoreWriter(writer)
        for _ in 0..<emptyCount { try store.add(title: "", text: "") }
        for text in texts { try store.add(title: "", text: text) }
        try store.finish()
        var columns = ColumnSections()
        for name in drafts.keys.sorted() {
            guard let draft = drafts.removeValue(forKey: name) else { continue }
            let values = draft.numbers.keys.sorted()
            var codes = [UInt32](repeating: 0, count: values.count)
            let kinds = values.firstIndex { $0.kind != .boolean } ?? values.count
            for (place, value) in values.enumerated() {
                // False and true have codes whether they occur or not.
                let code = if case .boolean(let isTrue) = value { isTrue ? 1 : 0 } else { place - kinds + 2 }
                if let number = draft.numbers[value] { codes[Int(number)] = UInt32(code) }
            }
            columns.add(
                name.string, values: values, places: draft.places, codes: draft.codes.map { codes[Int($0)] },
                passageCount: count)
        }
        try columns.write(to: writer)
        try writer.finish()
    }
}
