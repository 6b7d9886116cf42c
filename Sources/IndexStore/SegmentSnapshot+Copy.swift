import Foundation
import Storage

extension SegmentSnapshot {
    /// Copies all files of the segment, also of components that nobody knows, into a folder that gets the same name.
    ///
    /// - Throws: ``StorageError/foreign(path:)`` where what was copied is not what the manifest names.
    package func copy(to folder: StagedFolder) throws(StorageError) { try own.copy(to: folder) }

    /// Copies the components that were made anew; nothing where none were.
    package func copyRenewed(to folder: StagedFolder) throws(StorageError) { try renewed?.copy(to: folder) }

    /// Copies what is deleted of the segment; nothing where nothing is.
    package func copyDeleted(to folder: StagedFolder) throws(StorageError) { try deleted?.copy(to: folder) }

    /// The names of its files.
    package var fileNames: [String] { record.files.files.map(\.name) }
}

extension ComponentFolder {
    /// Copies the files that the manifest names and checks every byte of the copies.
    func copy(to folder: StagedFolder) throws(StorageError) {
        for file in files.files {
            try folder.copy(url.appending(path: file.name), as: file.name)
            let copy = folder.path(file.name)
            guard try FileRecord(of: copy) == file else { throw .foreign(path: url.appending(path: file.name).path) }
            if FileRecord.isContainer(file.name) { try Container.verify(copy) }
        }
    }
}

extension PartFolder {
    /// Copies the files of the part that the manifest names.
    package func copy(to folder: StagedFolder) throws(StorageError) {
        try check()
        for file in record.files.files { try folder.copy(url.appending(path: file.name), as: file.name) }
    }
}
