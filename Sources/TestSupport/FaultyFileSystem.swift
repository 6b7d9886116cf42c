import Foundation
import Storage
import Synchronization

/// Lets one of the calls that change files fail, or none, and counts them.
///
/// Closing counts: some file systems say only then that there was no room. A file whose closing fails is closed.
package final class FaultyFileSystem: FileSystem {
    fileprivate enum Call {
        /// Makes a file, a folder or bytes.
        case takesRoom
        case other
    }

    private let files: any FileSystem
    private let fault: FileFault
    private let failing: Int?
    private let counter = Mutex(0)

    /// - Parameter failing: the call that fails, from 1 on; nil lets all pass.
    package init(
        over files: any FileSystem = LocalFileSystem(), failing: Int? = nil, with fault: FileFault = FileFault(EIO)
    ) {
        self.files = files
        self.fault = fault
        self.failing = failing
    }

    /// The calls so far.
    package var calls: Int { counter.withLock { $0 } }

    package func makeFolder(_ path: String) throws(StorageError) {
        try count(.takesRoom, path)
        try files.makeFolder(path)
    }

    package func createFile(_ path: String) throws(StorageError) -> any WritableFile {
        try count(.takesRoom, path)
        return FaultyFile(try files.createFile(path), path, self)
    }

    package func rename(_ path: String, to place: String, replacing: Bool) throws(StorageError) {
        try count(.other, place)
        try files.rename(path, to: place, replacing: replacing)
    }

    package func removeFile(_ path: String) throws(StorageError) {
        try count(.other, path)
        try files.removeFile(path)
    }

    package func removeFolder(_ path: String) throws(StorageError) {
        try count(.other, path)
        try files.removeFolder(path)
    }

    package func syncFolder(_ path: String) throws(StorageError) {
        try count(.other, path)
        try files.syncFolder(path)
    }

    /// Counts a call and fails where it is to fail; a write puts down its half before.
    fileprivate func count(
        _ kind: Call, _ path: String, half: () throws(StorageError) -> Void = {}
    ) throws(StorageError) {
        let call = counter.withLock { calls in
            calls += 1
            return calls
        }
        guard let failing, call >= failing else { return }
        guard call == failing || fault.lasts && (fault.number != ENOSPC || kind == .takesRoom) else { return }
        if call == failing, fault.writesHalf { try half() }
        throw .io(path: path, reason: fault.reason)
    }
}

/// An open file some of whose calls fail.
private final class FaultyFile: WritableFile {
    private let file: any WritableFile
    private let path: String
    private let owner: FaultyFileSystem
    private var isOpen = true

    init(_ file: any WritableFile, _ path: String, _ owner: FaultyFileSystem) {
        self.file = file
        self.path = path
        self.owner = owner
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
        try owner.count(.takesRoom, path) { () throws(StorageError) in
            try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), at: offset)
        }
        try file.write(bytes, at: offset)
    }

    func sync() throws(StorageError) {
        try owner.count(.other, path)
        try file.sync()
    }

    func close() throws(StorageError) {
        guard isOpen else { return }
        isOpen = false
        // It is closed in either case.
        let failure: StorageError?
        do throws(StorageError) {
            try owner.count(.other, path)
            failure = nil
        } catch {
            failure = error
        }
        try file.close()
        if let failure { throw failure }
    }
}
