import Foundation

/// The files of a folder that a corpus is read from, each by itself: for those who keep what they read in step with the
/// folder, and must know which file a passage comes from.
package struct FolderContents: Sendable {
    /// A file that is read.
    package struct File: Sendable {
        /// The bytes of its name in the folder.
        package let name: [UInt8]
        package let format: CorpusFormat
        /// The name as people read it.
        package var shown: String { FileName.shown(name) }
        /// The same with the folder before it.
        package var path: String { input.shown }
        /// What the ids of its passages begin with, where it is a text: the id of the n-th is this, `#` and n.
        package var idStem: String { FolderContents.idStem(of: name) }
        fileprivate let input: InputFile
    }

    /// A file that is there and cannot be read.
    package struct Fault: Sendable, Hashable {
        package var name: [UInt8]
        package var reason: String

        package init(name: [UInt8], reason: String) { (self.name, self.reason) = (name, reason) }

        package var shown: String { FileName.shown(name) }
    }

    package let path: String
    /// In reading order, which is that of the bytes of their names.
    package private(set) var files: [File]
    /// Files, and folders with all in them, of which nobody knows what they hold.
    package private(set) var faults: [Fault]
    /// What is read, and what is not.
    package var read: FileTally
    package var passedOver: FileTally
    private let format: CorpusFormat
    private let options: CorpusOptions

    /// Finds the files that a ``CorpusReader`` of the folder would read.
    ///
    /// A file that cannot be opened is no error, but one of the ``faults``; a folder in which there is nothing to read is
    /// no error either.
    ///
    /// - Throws: ``CorpusError/notFound(path:)``, and ``CorpusError/unreadable(path:reason:)`` where the folder itself
    ///   cannot be listed or is a file.
    package init(path: String, options: CorpusOptions) throws(CorpusError) {
        try options.validate()
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .notFound(path: path) }
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .unreadable(path: path, reason: "it is not a folder")
        }
        let walk = try FolderWalk(path: path, options: options)
        var choice = FolderChoice(walk.passedOver, includes: options.include.map(FilePattern.init))
        let beir = CorpusLayout.beirName(among: walk.files)
        var faults = walk.unreadable.map { Fault(name: $0, reason: "it cannot be opened") }
        for file in walk.files {
            do {
                try choice.add(file, beir: beir)
            } catch .notFound {
                continue
            } catch {
                faults.append(Fault(name: file.name, reason: error.reason))
                // What it was it still is, for the choice among the others.
                choice.hold(file)
            }
        }
        choice.settle()
        let held = Set(faults.map(\.name))
        self.path = path
        self.options = options
        self.faults = faults
        read = choice.read
        passedOver = choice.passedOver
        format = beir != nil && choice.members.count == 1 ? .beirFolder : choice.format
        files = choice.members.filter { !held.contains($0.name) }
            .map { File(name: $0.name, format: $0.format, input: $0.file) }
    }

    /// What the ids of the passages of a text begin with, by the file's name in the folder.
    package static func idStem(of name: [UInt8]) -> String { FileName.identifier(name) }

    /// A name as people read it.
    package static func shown(_ name: [UInt8]) -> String { FileName.shown(name) }

    /// Takes a file out that is gone.
    package mutating func drop(_ file: File) {
        guard files.contains(where: { $0.name == file.name }) else { return }
        files.removeAll { $0.name == file.name }
        read.remove(.ending(FileName.ending(file.name)))
    }

    /// Takes a file out that turned out to be unreadable.
    package mutating func remove(_ fault: Fault) {
        guard let file = files.first(where: { $0.name == fault.name }) else { return }
        drop(file)
        faults.append(fault)
        passedOver.add(.unreadable, name: fault.shown)
    }

    /// Counts a file that gave nothing.
    package mutating func noteEmpty(_ file: File) {
        read.remove(.ending(FileName.ending(file.name)))
        passedOver.add(.empty, name: file.shown)
    }

    /// The bytes of a file, piece by piece, as they are stored.
    ///
    /// - Throws: ``CorpusError/notFound(path:)`` where it is gone, ``CorpusError/unreadable(path:reason:)``.
    package func forEachPiece(
        of file: File, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(CorpusError) {
        let open = try file.input.open()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = open.read(buffer.baseAddress, buffer.count)
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(path: file.input.shown, reason: String(cString: strerror(errno)))
            }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// A corpus of some of the files.
    package func source(of files: [File]) -> CorpusSource {
        CorpusSource(
            path: path,
            layout: CorpusLayout(
                format: format,
                files: files.map { CorpusLayout.Member(file: $0.input, name: $0.name, format: $0.format) }))
    }

    /// A reader of one file.
    package func reader(of file: File) throws(CorpusError) -> CorpusReader {
        try source(of: [file]).reader(options: options)
    }
}

extension CorpusError {
    /// What is wrong, without the path, which stands beside it.
    package var reason: String {
        switch self {
        case .notFound: "no such file"
        case .unreadable(_, let reason), .unrecognised(_, let reason), .unwritable(_, let reason): reason
        case .damaged(_, let reason): "damaged compressed file: \(reason)"
        default: description
        }
    }
}
