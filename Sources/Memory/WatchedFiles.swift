import CFileSystem
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Mapped files that are watched, because somebody may cut one short while it is read.
///
/// A process that reads a page that is gone gets SIGBUS, which ends it. Where ``watch()`` was called such pages read as
/// zeros instead, and a search that met one, or a file that became shorter, throws. That takes a signal handler for the
/// whole process, so that a program must ask for it; and what reads an index for another purpose than to answer must not
/// believe zeros, so that only programs that search should.
public enum WatchedFiles {
    static let shared = Registry()

    final class Registry: Sendable {
        private struct File: Sendable {
            let path: String
            let device: dev_t
            let inode: ino_t
            let length: off_t

            /// Whether the file at the path is the same one and shorter: within the last page nobody is told.
            var isShorter: Bool {
                var status = stat()
                return stat(path, &status) == 0 && status.st_ino == inode && status.st_dev == device
                    && status.st_size < length
            }
        }

        /// By the numbers of mappings.
        private let files = Mutex<[Int32: File]>([:])

        func add(_ number: Int32, _ path: String, _ status: stat) {
            let file = File(path: path, device: status.st_dev, inode: status.st_ino, length: status.st_size)
            files.withLock { $0[number] = file }
        }

        func remove(_ number: Int32) { files.withLock { $0[number] = nil } }

        func firstCut(where isIt: (String) -> Bool) -> String? {
            files.withLock { files in
                files.filter { isIt($0.value.path) && (cf_mapping_is_cut($0.key) != 0 || $0.value.isShorter) }
                    .map(\.value.path).min()
            }
        }
    }

    /// Watches files that are mapped from now on. A fault outside of them goes to the handler that was there before.
    ///
    /// - Returns: whether the system lets it.
    @discardableResult
    public static func watch() -> Bool { cf_mappings_watch() == 0 }

    /// The path of a file in one of some folders that was cut short since it was mapped; nil where none was, or nobody
    /// watches.
    ///
    /// - Complexity: a system call for each watched file.
    package static func cut(in folders: [String]) -> String? {
        shared.firstCut { path in folders.contains { path.hasPrefix($0 + "/") } }
    }
}
