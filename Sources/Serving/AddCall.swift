import Engine
import Foundation
import Indexing
import Memory
import Search

public struct AddRequest: Sendable, Decodable {
    /// A passage a line, as a corpus has them.
    public var lines: Data
    /// Whether passages take the places of those of their ids.
    public var replace: Bool

    public init(lines: Data, replace: Bool) { (self.lines, self.replace) = (lines, replace) }

    public init(from decoder: any Decoder) throws {
        let members = try RequestMembers(decoder, known: ["passages", "replace"])
        let passages = try members.required("passages", as: [JSONTree].self, "a list of objects with id and text")
        replace = try members.value("replace", as: Bool.self, "true or false") ?? false
        lines = Data()
        for passage in passages {
            lines += try JSONTree.bytes(of: passage)
            lines.append(0x0A)
        }
    }
}

/// Adds passages.
public enum AddCall: IndexCall {
    public static let name = "add"
    public static let summary = "Adds passages, all of them or none."
    public static let changesIndex = true

    public static func answer(
        _ request: AddRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<ChangeResponse> {
        let folder = FileManager.default.temporaryDirectory.appending(path: "genret-add-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "passages.jsonl")
        try request.lines.write(to: file)
        do {
            let report = try index.change {
                try IndexChange(index, cancellation).add(file.path, isStrict: true, replaces: request.replace)
            }
            return IndexAnswer(index: index.name, ChangeResponse(report, of: index))
        } catch {
            // Where the passages lay for a moment is nobody's concern.
            var problem = Problem(error)
            problem.detail = problem.detail.replacing(file.path, with: "passages")
            problem.error = problem.detail
            throw problem
        }
    }

    public static let requestSchema = Schema.named("AddRequest")
    public static let responseSchema = Schema.named("ChangeResponse")
}
