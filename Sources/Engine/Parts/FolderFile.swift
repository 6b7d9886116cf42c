import Corpora
import Memory
import Storage

/// A file as an index remembers it.
package struct FolderFile: Sendable, Equatable {
    /// The bytes of its name in the folder.
    package var name: [UInt8]
    /// SHA-256 of its bytes as they are stored; 32 of them.
    package var digest: [UInt8]
    package var format: CorpusFormat
    package var passages: Passages
    /// Whether some of its passages have ids that another file has, too, and are left out: what they are depends on the
    /// other files.
    package var isContested = false

    package init(name: [UInt8], digest: [UInt8], format: CorpusFormat, passages: Passages) {
        (self.name, self.digest, self.format, self.passages) = (name, digest, format, passages)
    }

    /// The ids of its passages.
    package enum Passages: Sendable, Equatable {
        /// As texts have them: the file's ``FolderContents/idStem(of:)``, `#`, and the numbers from 1.
        case numbered(stem: String, count: Int)
        case named([String])

        /// By the rule, where ids follow it.
        package init(_ ids: [String], stem: String) {
            let isNumbered = ids.enumerated().allSatisfy { $1.utf8.elementsEqual("\(stem)#\($0 + 1)".utf8) }
            self = isNumbered ? .numbered(stem: stem, count: ids.count) : .named(ids)
        }

        package var count: Int {
            switch self {
            case .numbered(_, let count): count
            case .named(let ids): ids.count
            }
        }

        package var ids: [String] {
            switch self {
            case .numbered(let stem, let count): (0..<count).map { "\(stem)#\($0 + 1)" }
            case .named(let ids): ids
            }
        }
    }
}

/// The file of a ``FolderPart``.
extension FolderFile {
    package static func write(_ files: [FolderFile], to writer: ContainerWriter) throws(StorageError) {
        func strings(_ name: String, _ all: [[UInt8]]) throws(StorageError) {
            var ends: [UInt64] = []
            var end = 0
            for bytes in all {
                end += bytes.count
                ends.append(UInt64(end))
            }
            try writer.write(name, Array(all.joined()))
            try writer.write(name + ".ends", ends)
        }
        try strings("files.names", files.map(\.name))
        try writer.write("files.digests", files.flatMap(\.digest))
        try strings("files.formats", files.map { Array($0.format.rawValue.utf8) })
        try writer.write("files.counts", files.map { UInt32($0.passages.count) })
        try writer.write("files.flags", files.map(\.flags))
        try strings(
            "files.ids",
            files.flatMap { file -> [[UInt8]] in
                if case .named(let ids) = file.passages { ids.map { Array($0.utf8) } } else { [] }
            })
        try writer.finish()
    }

    private static let isNumbered: UInt8 = 1
    private static let isContested: UInt8 = 2

    private var flags: UInt8 {
        var flags = isContested ? Self.isContested : 0
        if case .numbered = passages { flags |= Self.isNumbered }
        return flags
    }

    package static func read(_ container: Container) throws(StorageError) -> [FolderFile] {
        func require(_ holds: Bool) throws(StorageError) {
            guard holds else {
                throw .damaged(path: container.path, what: "the files of the folder do not fit together")
            }
        }
        func strings(_ name: String) throws(StorageError) -> [[UInt8]] {
            let bytes = try container.bytes(name).toArray()
            var all: [[UInt8]] = []
            var start = 0
            for end in try container.section(name + ".ends", of: UInt64.self).toArray() {
                try require(end <= UInt64(bytes.count) && start <= Int(end))
                all.append(Array(bytes[start..<Int(end)]))
                start = Int(end)
            }
            try require(start == bytes.count)
            return all
        }
        let names = try strings("files.names")
        let digests = try container.bytes("files.digests").toArray()
        let formats = try strings("files.formats")
        let counts = try container.section("files.counts", of: UInt32.self).toArray()
        let flags = try container.bytes("files.flags").toArray()
        let ids = try strings("files.ids")
        try require(
            formats.count == names.count && digests.count == 32 * names.count && counts.count == names.count
                && flags.count == names.count)
        for (one, two) in zip(names, names.dropFirst()) { try require(one.lexicographicallyPrecedes(two)) }
        var files: [FolderFile] = []
        var taken = 0
        for place in names.indices {
            guard let format = CorpusFormat(rawValue: String(decoding: formats[place], as: UTF8.self)) else {
                throw .damaged(path: container.path, what: "a format of a file that nobody knows")
            }
            let count = Int(counts[place])
            let passages: Passages
            if flags[place] & isNumbered != 0 {
                try require(count <= Int(Int32.max))
                passages = .numbered(stem: FolderContents.idStem(of: names[place]), count: count)
            } else {
                try require(count <= ids.count - taken)
                passages = .named(ids[taken..<(taken + count)].map { String(decoding: $0, as: UTF8.self) })
                taken += count
            }
            var file = FolderFile(
                name: names[place], digest: Array(digests[(32 * place)..<(32 * place + 32)]), format: format,
                passages: passages)
            file.isContested = flags[place] & isContested != 0
            files.append(file)
        }
        try require(taken == ids.count)
        return files
    }
}
