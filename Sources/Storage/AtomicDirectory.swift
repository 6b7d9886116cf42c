import Foundation

/// A folder that is built beside its place and moved there whole, or not at all.
///
/// Until ``commit()`` the contents live in a hidden sibling folder, on the same file system, so
/// that the move is one rename. What stood there before is replaced only then.
public struct AtomicDirectory: Sendable {
    public let destination: URL
    public let staging: URL

    /// Makes the staging folder.
    public init(destination: URL) throws(StorageError) {
        let place = destination.standardizedFileURL
        self.destination = place
        staging = place.deletingLastPathComponent()
            .appending(path: ".\(place.lastPathComponent).partial-\(ProcessInfo.processInfo.processIdentifier)")
        Self.sweep(place)
        do {
            try? FileManager.default.removeItem(at: staging)
            try FileManager.default.createDirectory(at: staging, withIntermediateDirectories: true)
        } catch {
            throw .io(path: staging.path, reason: error.localizedDescription)
        }
    }

    /// Removes what builds of the same place left behind whose process was killed.
    private static func sweep(_ place: URL) {
        let parent = place.deletingLastPathComponent()
        let prefix = ".\(place.lastPathComponent).partial-"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [] {
            guard name.hasPrefix(prefix), let process = Int32(name.dropFirst(prefix.count)),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(at: parent.appending(path: name))
        }
    }

    /// The path of a file in the staging folder.
    public func path(_ name: String) -> String { staging.appending(path: name).path }

    /// Moves the staging folder into place.
    public func commit() throws(StorageError) {
        let manager = FileManager.default
        let old = staging.appendingPathExtension("old")
        do {
            let replaces = manager.fileExists(atPath: destination.path)
            if replaces { try manager.moveItem(at: destination, to: old) }
            do {
                try manager.moveItem(at: staging, to: destination)
            } catch {
                if replaces { try? manager.moveItem(at: old, to: destination) }
                throw error
            }
            if replaces { try? manager.removeItem(at: old) }
        } catch {
            throw .io(path: destination.path, reason: error.localizedDescription)
        }
    }

    /// Removes the staging folder and all in it.
    public func discard() { try? FileManager.default.removeItem(at: staging) }
}
