/// Vectors with the ids that they belong to: JSON lines of the form `{"id": "a", "vector": [0.1, 0.2]}`.
///
/// Other members are passed over; `_id` may stand for `id`, as in a corpus. Files that are compressed with gzip or zstd are read as
/// they are.
package struct VectorLines: Sendable {
    /// In the order of the file, all different.
    package private(set) var ids: [Identifier] = []
    /// Numbers in a vector; 0 where there is none.
    package private(set) var dimension = 0
    /// [ids × dimension]; every number is finite, and no vector is all zeros.
    package private(set) var values: [Float] = []

    /// Reads a file; O(its bytes).
    ///
    /// - Throws: ``CorpusError/badLine(_:)`` for the first line that is no such object, or whose vector is of another length than the
    ///   first, holds a number beyond single precision, or is all zeros; ``CorpusError/duplicate(id:first:second:)``; what reading
    ///   the file throws.
    package init(path: String) throws(CorpusError) {
        let lines = try LineReader(path: FolderMember.standardInput(for: path) ?? path)
        let reader = JSONLineReader(members: ["id", "_id", "vector"])
        var seen: [Identifier: Int] = [:]
        while let line = try lines.next() {
            if line.isBlank { continue }
            let place = SourceLine(file: lines.path, line: lines.line)
            let id: Identifier
            do throws(LineFault) {
                id = try add(line, reader)
            } catch {
                throw .badLine(BadLine(place: place, reason: error.reason))
            }
            if let first = seen.updateValue(lines.line, forKey: id) {
                throw .duplicate(id: "\(id)", first: SourceLine(file: lines.path, line: first), second: place)
            }
            ids.append(id)
        }
    }

    private mutating func add(
        _ line: UnsafeRawBufferPointer, _ reader: JSONLineReader
    ) throws(LineFault) -> Identifier {
        var range: Range<Int>?
        let members: [JSONLineValue?]
        do throws(JSONLineError) {
            members = try reader.read(line) { member in
                if member.place == 2 { range = member.value }
            }
        } catch {
            throw LineFault("\(error)")
        }
        let id =
            switch members[0] ?? members[1] {
            case .string(let text), .number(let text): Identifier(text)
            default: throw LineFault("missing id, expected {\"id\": \"...\", \"vector\": [...]}")
            }
        if id.isEmpty { throw LineFault("missing id") }
        guard let range, case .other("an array") = members[2] else {
            throw LineFault("missing vector, expected {\"id\": \"...\", \"vector\": [...]}")
        }
        let start = values.count
        do throws(JSONLineError) {
            try addNumbers(JSONCursor(UnsafeRawBufferPointer(rebasing: line[range])))
        } catch {
            throw LineFault("the vector holds something that is no number")
        }
        let count = values.count - start
        guard count > 0 else { throw LineFault("the vector is empty") }
        guard dimension == 0 || count == dimension else {
            throw LineFault("the vector has \(count) numbers, the first one of the file \(dimension)")
        }
        dimension = count
        guard values[start...].allSatisfy(\.isFinite) else {
            throw LineFault("the vector holds a number that is too large")
        }
        guard values[start...].contains(where: { $0 != 0 }) else {
            throw LineFault("the vector is all zeros, which has no direction")
        }
        return id
    }

    /// The numbers of an array that the grammar has accepted.
    private mutating func addNumbers(_ array: JSONCursor) throws(JSONLineError) {
        var cursor = array
        guard cursor.take(0x5b) else { throw cursor.failure("expected '['") }
        cursor.skipSpace()
        if cursor.take(0x5d) { return }
        while true {
            cursor.skipSpace()
            let text = String(decoding: cursor.slice(try cursor.number()), as: UTF8.self)
            guard let value = Float(text) else { throw cursor.failure("expected a number") }
            values.append(value)
            cursor.skipSpace()
            if cursor.take(0x5d) { return }
            guard cursor.take(0x2c) else { throw cursor.failure("expected ',' or ']'") }
        }
    }
}
