import Foundation
import Storage

extension ModelCache {
    /// Lets `prepare` make a folder inside a hidden staging folder of the cache, then moves that
    /// folder into place in one step.
    ///
    /// Nothing is visible under the model's name until it is complete, and the staging folder is
    /// removed in any case.
    func install(
        _ name: String, _ prepare: (URL) throws(ModelError) -> URL
    ) throws(ModelError) -> URL {
        guard ModelCache.isName(name) else {
            throw .fetchFailed(name: name, reason: "the name cannot be that of a folder")
        }
        let folder: StagingFolder
        do {
            folder = try StagingFolder(in: directory, prefix: ".staging-")
        } catch {
            throw .unreadable(path: directory.path, reason: "cannot be written: \(error)")
        }
        defer { folder.discard() }
        let staging = folder.url
        let prepared = try prepare(staging)
        let target = directory.appendingPathComponent(name, isDirectory: true)
        try ModelCache.attempt(target) {
            let manager = FileManager.default
            // A link counts even where it leads nowhere.
            if manager.fileExists(atPath: target.path)
                || (try? manager.destinationOfSymbolicLink(atPath: target.path)) != nil
            {
                try manager.moveItem(at: target, to: staging.appendingPathComponent("replaced"))
            }
            try manager.moveItem(at: prepared, to: target)
        }
        return target
    }

    static func makeFolder(_ url: URL) throws(ModelError) {
        try attempt(url) {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }
    }

    /// Runs file operations and names the file when one fails.
    static func attempt(_ url: URL, _ body: () throws -> Void) throws(ModelError) {
        do {
            try body()
        } catch {
            throw .unreadable(path: url.path, reason: "cannot be written: \(error.systemReason)")
        }
    }
}
