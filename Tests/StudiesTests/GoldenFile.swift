import Foundation
import Testing

/// Files of what a report is made of; `GENRET_UPDATE_GOLDEN=1` rewrites them.
enum GoldenFile {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    static func expect(_ bytes: Data, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: name)
        guard (try? Data(contentsOf: file)) != bytes else { return }
        if ProcessInfo.processInfo.environment["GENRET_UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            return try bytes.write(to: file)
        }
        Issue.record(
            "Golden/\(name) differs; GENRET_UPDATE_GOLDEN=1 scripts/test --filter StudiesTests rewrites it",
            sourceLocation: sourceLocation)
    }
}
