import Foundation
import Testing

/// Files of what the tool printed.
enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    private static let isUpdated = ProcessInfo.processInfo.environment["GENRET_UPDATE_GOLDEN"] == "1"

    /// Expects the text of a file, or writes it there when files are updated.
    static func expect(_ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: name + ".txt")
        let golden = try? String(contentsOf: file, encoding: .utf8)
        let changes = LineChanges(from: golden ?? "", to: text)
        guard golden == nil || !changes.isEmpty else { return }
        if isUpdated {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            return try Data(text.utf8).write(to: file)
        }
        let advice = "GENRET_UPDATE_GOLDEN=1 scripts/test --filter GoldenTests rewrites it"
        Issue.record(
            golden == nil
                ? "Golden/\(name).txt is not there; \(advice)"
                : "Golden/\(name).txt differs; \(advice)\n\(changes)",
            sourceLocation: sourceLocation)
    }

    /// Expects no other files in a folder than these, or removes others when files are updated.
    static func expectOnly(_ names: Set<String>, in part: String) throws {
        let place = folder.appending(path: part)
        for file in try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
        where !names.contains(file.deletingPathExtension().lastPathComponent) {
            if isUpdated {
                try FileManager.default.removeItem(at: file)
            } else {
                Issue.record("Golden/\(part)/\(file.lastPathComponent) is the file of nothing")
            }
        }
    }
}
