import Foundation
import Memory

/// `cells.jsonl`: the cells of a study, one a line.
package enum CellFile {
    /// Reads all cells. Empty lines are passed over; anything else that is no cell ends the reading.
    ///
    /// - Complexity: linear in the file.
    package static func read(_ path: String) throws(StudyError) -> [StudyCell] {
        let bytes: FrozenArray<UInt8>
        do {
            bytes = try MappedFile(path: path).bytes
        } catch {
            throw .unreadable(path: path, reason: String(cString: strerror(error.code)))
        }
        var cells: [StudyCell] = []
        var lineOfKey: [String: Int] = [:]
        var start = 0
        var line = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            let content = bytes.slice(start..<end).toArray()
            (start, line) = (end + 1, line + 1)
            guard content.contains(where: { $0 > 0x20 }) else { continue }
            let cell = try cell(Data(content), path: path, line: line)
            if let first = lineOfKey[cell.key] {
                throw .badLine(
                    path: path, line: line,
                    expected: "expected every key once, but line \(first) has this one too: \(cell.key)")
            }
            lineOfKey[cell.key] = line
            cells.append(cell)
        }
        guard !cells.isEmpty else { throw .empty(path: path) }
        return cells
    }

    /// Writes cells, each with its members in order of their names, so that equal cells give equal bytes.
    package static func write(_ cells: [StudyCell], to path: String) throws(OutputFile.Failure) {
        try OutputFile.write(cells.flatMap { line($0) }, to: path)
    }

    /// One cell as a line with its end.
    package static func line(_ cell: StudyCell) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A cell whose numbers are not finite has no JSON; it is written so that its reader names the line.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return Array((try? encoder.encode(cell)) ?? Data()) + [UInt8(ascii: "\n")]
    }

    private static func cell(_ bytes: Data, path: String, line: Int) throws(StudyError) -> StudyCell {
        let cell: StudyCell
        do {
            cell = try JSONDecoder().decode(StudyCell.self, from: bytes)
        } catch let error as DecodingError {
            throw .badLine(path: path, line: line, expected: sentence(error))
        } catch {
            throw .badLine(path: path, line: line, expected: "expected a JSON object, found other text")
        }
        if let fault = CellCheck.fault(cell) { throw .badLine(path: path, line: line, expected: fault) }
        return cell
    }

    private static func sentence(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            return "expected \(place(context.codingPath + [key])), which is not there"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            let where_ = context.codingPath.isEmpty ? "the line" : place(context.codingPath)
            return "expected \(kind(type)) at \(where_)"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "expected a JSON object, found other text"
                : "expected another value at \(place(context.codingPath))"
        @unknown default: return "expected a cell"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map { "[\($0)]" } ?? "." + $0.stringValue }.joined().drop { $0 == "." }.description
    }

    private static func kind(_ type: Any.Type) -> String {
        switch type {
        case is Double.Type: "a number"
        case is Int.Type, is UInt64.Type: "a whole number"
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any RandomAccessCollection.Type: "a list"
        default: "an object"
        }
    }
}
