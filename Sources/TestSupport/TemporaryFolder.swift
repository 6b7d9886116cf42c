import Foundation

/// A folder that goes away with the value that made it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init(_ name: String = "genret-test") throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString)")
        path = place.resolvingSymlinksInPath().path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package var url: URL { URL(filePath: path, directoryHint: .isDirectory) }

    /// The path of something in the folder.
    package func path(_ name: String) -> String { path + "/" + name }
}
