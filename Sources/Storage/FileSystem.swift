/// The operations by which files change, so that a test can record them, let the n-th fail, and build every
/// state that a crash leaves.
///
/// What is written may be lost until the file is synced; a name that was made, changed or removed may be lost
/// until its folder is. Reading is not part of it: files are mapped by their paths.
package protocol FileSystem: Sendable {
    /// Makes a folder in one that is there.
    ///
    /// - Throws: ``StorageError/io(path:reason:)``, as all operations; also where something stands there.
    func makeFolder(_ path: String) throws(StorageError)

    /// Makes an empty file where nothing stands, and opens it.
    func createFile(_ path: String) throws(StorageError) -> any WritableFile

    /// Gives a file or folder another name on the same file system, in one step.
    ///
    /// - Parameter replacing: whether a file that has the new name is replaced; else that is an error.
    func rename(_ path: String, to place: String, replacing: Bool) throws(StorageError)

    func removeFile(_ path: String) throws(StorageError)

    /// Removes an empty folder.
    func removeFolder(_ path: String) throws(StorageError)

    /// Makes the names in a folder, as they are now, outlast a crash.
    func syncFolder(_ path: String) throws(StorageError)
}

/// A file that was just created.
package protocol WritableFile: AnyObject {
    /// Writes all bytes from an offset on.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError)

    /// Makes the bytes outlast a crash.
    func sync() throws(StorageError)

    /// Ends writing; a second call does nothing.
    func close() throws(StorageError)
}

extension WritableFile {
    /// Writes an array's bytes from an offset on.
    package func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
        try bytes.withUnsafeBufferPointer { bytes throws(StorageError) in
            try write(UnsafeRawBufferPointer(bytes), at: offset)
        }
    }
}

extension FileSystem {
    /// Writes a whole new file and syncs it.
    package func write(_ bytes: some Sequence<UInt8>, to path: String) throws(StorageError) {
        let file = try createFile(path)
        try file.write(Array(bytes), at: 0)
        try file.sync()
        try file.close()
    }

    /// Copies a file to a new one and syncs it; the source is read in pieces.
    ///
    /// - Returns: the number of bytes and their SHA-256.
    package func copyFile(_ source: String, to path: String) throws(StorageError) -> (bytes: Int, sha256: String) {
        let reader = try FileReader(source)
        let file = try createFile(path)
        var hash = SHA256()
        var offset = 0
        while let piece = try reader.next() {
            hash.update(piece)
            try file.write(piece, at: offset)
            offset += piece.count
        }
        try file.sync()
        try file.close()
        return (offset, hash.hex())
    }
}
