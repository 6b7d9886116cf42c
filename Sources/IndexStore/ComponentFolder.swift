import Foundation
import Memory
import Search
import Storage

/// A folder of components, each over the same passages. They are opened and checked when they are first asked for, large
/// sections while they are in use already; what failed is tried again the next time.
final class ComponentFolder: Sendable {
    let url: URL
    let files: FolderRecord
    private let passages: Int
    private let checks: LateChecks
    private let components = LoadedValues()

    init(_ files: FolderRecord, passages: Int, url: URL, checks: LateChecks) {
        (self.files, self.passages, self.url, self.checks) = (files, passages, url, checks)
    }

    /// A component; one caller opens it, others wait.
    ///
    /// - Throws: ``StorageError`` where the file is missing, damaged, another, or of other passages.
    func component<Component: SegmentComponent>(_ type: Component.Type) throws -> Component {
        try checks.throwIfFailed(url.appending(path: type.fileName).path)
        return try components.value(type) { try open(type) }
    }

    /// Ids alone take so many bytes a passage.
    private static let leastBytes = 4

    /// A manifest may say any number of passages; tables are made only for as many as the files can hold.
    ///
    /// - Throws: ``StorageError/damaged(path:what:)``.
    func checkPassages() throws(StorageError) {
        var status = stat()
        let bytes = files.files.reduce(0) { sum, file in
            stat(url.appending(path: file.name).path, &status) == 0 ? sum + Int(status.st_size) : sum
        }
        guard passages <= bytes / Self.leastBytes else {
            throw .damaged(path: url.path, what: "\(passages) passages do not fit its \(bytes) bytes")
        }
    }

    private func open<Component: SegmentComponent>(_ type: Component.Type) throws -> Component {
        try checkPassages()
        let path = url.appending(path: type.fileName).path
        guard let record = files.files.first(where: { $0.name == type.fileName }) else {
            throw StorageError.damaged(path: url.path, what: "\(type.fileName) is missing")
        }
        let container = try Container(path: path, kind: type.fileKind, verifyingSections: false)
        guard try FileRecord(of: path) == record else { throw StorageError.foreign(path: path) }
        try checks.check(container)
        let component = try Component(container)
        guard component.passageCount == passages else {
            throw StorageError.damaged(path: path, what: "\(component.passageCount) passages instead of \(passages)")
        }
        return component
    }

    /// Checks all files, also of components that nobody knows.
    func verify() throws(StorageError) {
        for file in files.files {
            let path = url.appending(path: file.name).path
            guard try FileRecord(of: path) == file else { throw .foreign(path: path) }
            if FileRecord.isContainer(file.name) { try Container.verify(path) }
        }
    }
}
