import CFileSystem
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder that is built beside its place and moved there whole, or not at all.
///
/// Until ``commit()`` the contents live in a hidden sibling folder, on the same file system, so
/// that the move is one rename. A folder that stands at the place is exchanged for the new one in one
/// step: there is no moment without either. Where the place is a link, the folder it leads to is replaced
/// and the link stays.
package struct AtomicDirectory: Sendable {
    package let destination: URL
    private let folder: StagingFolder
    private let remove: @Sendable (URL) -> Void

    package var staging: URL { folder.url }

    /// Makes the staging folder.
    ///
    /// - Parameter removing: removes a folder that was replaced, or staged by a process that was killed;
    ///   by default with all in it.
    /// - Throws: ``StorageError/io(path:reason:)``.
    package init(
        destination: URL,
        removing: @escaping @Sendable (URL) -> Void = { try? FileManager.default.removeItem(at: $0) }
    ) throws(StorageError) {
        let place = Self.followed(destination)
        guard (try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)) == nil else {
            throw .io(path: destination.path, reason: String(cString: strerror(ELOOP)))
        }
        self.destination = place
        remove = removing
        folder = try StagingFolder(
            in: place.deletingLastPathComponent(), prefix: ".\(place.lastPathComponent).partial-", removing: removing)
    }

    /// The place that a path means: what it leads to where it is a link, even one that leads nowhere yet.
    package static func followed(_ url: URL) -> URL {
        var place = url.standardizedFileURL
        // As many as the system itself follows.
        for _ in 0..<40 {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place.path) else { break }
            place = URL(filePath: target, relativeTo: place.deletingLastPathComponent()).absoluteURL.standardizedFileURL
        }
        return place
    }

    /// The path of a file in the staging folder.
    package func path(_ name: String) -> String { staging.appending(path: name).path }

    /// Moves the staging folder into place.
    ///
    /// - Throws: ``StorageError/io(path:reason:)``; then what stood there stands.
    package func commit() throws(StorageError) {
        var replaced = false
        try StagedWork.shared.commit(staging.path) { () throws(StorageError) in
            if Self.move(staging.path, destination.path, .new) { return }
            guard errno == EEXIST || errno == ENOTEMPTY else { throw failure }
            guard Self.move(staging.path, destination.path, .exchange) else { throw failure }
            replaced = true
        }
        if replaced { remove(staging) }
    }

    private var failure: StorageError { .io(path: destination.path, reason: String(cString: strerror(errno))) }

    /// Removes the staging folder and all in it.
    package func discard() { folder.discard() }

    private enum Kind { case new, exchange }

    /// One rename. File systems that know no such renames get plain ones, which leave a moment without a
    /// folder when two are exchanged.
    private static func move(_ from: String, _ to: String, _ kind: Kind) -> Bool {
        let status = kind == .new ? cf_rename_new(from, to) : cf_exchange(from, to)
        guard status != 0, errno == ENOTSUP else { return status == 0 }
        switch kind {
        case .new:
            guard access(to, F_OK) != 0 else {
                errno = EEXIST
                return false
            }
            return rename(from, to) == 0
        case .exchange:
            let old = from + ".old"
            guard rename(to, old) == 0 else { return false }
            guard rename(from, to) == 0 else {
                let reason = errno
                rename(old, to)
                errno = reason
                return false
            }
            return rename(old, from) == 0
        }
    }
}
