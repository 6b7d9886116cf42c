import Corpora
import Engine
import Foundation
import IndexStore
import Memory
import Search
import Storage

/// What a folder holds beside what an index remembers of it: which files are to be read, which passages come and go.
///
/// Nothing is written here. Files that changed are read, and so are those whose passages depend on other files; the others
/// are known by the digests of their bytes.
struct FolderPlan {
    /// Where the plan looks: what there is besides the folder.
    struct Base {
        /// Nil where there is no index yet.
        var index: IndexReader?
        /// What the index remembers of the folder; nil where it never followed one.
        var known: FolderPart?
        /// Whether all passages of an index that never followed a folder came from this one.
        var claimsAll = false
    }

    var contents: FolderContents
    let options: CorpusOptions
    let base: Base
    var entries: [Entry] = []
    /// Which entry has an id, in the order of the files: the first that has it.
    var claims: [String: Int] = [:]
    /// Which entries lost ids to ones before them.
    var losers: [String: Int] = [:]
    /// The ids of passages that came from the folder before.
    var previous: Set<String> = []
    /// The ids of passages that are to be added, with the names of their files.
    var toAdd: [String: [UInt8]] = [:]
    /// Passages of the index whose ids come again with another text, and those whose ids are gone.
    var replaced: [PassageIndex] = []
    var deleted: [PassageIndex] = []
    var corpus = CorpusReport()
    var removed: [[UInt8]] = []
    /// The state of each file when it was read.
    var digests: [[UInt8]: [UInt8]] = [:]

    /// A file, of the folder or of before.
    struct Entry {
        var name: [UInt8]
        /// Nil where it cannot be read, and is taken to be what it was.
        var file: FolderContents.File?
        var old: FolderFile?
        var digest: [UInt8]
        var format: CorpusFormat
        var isRead = false
        var ids: [String] = []
        var isContested = false
        /// Whether passages are added, or replaced, because of it.
        var brings = false
        /// Whether it is gone since it was listed.
        var isGone = false
    }

    /// - Throws: ``CorpusError``, ``IndexingError/passageElsewhere(id:file:index:)``, `Cancelled`; what the index throws.
    init(_ path: String, _ options: CorpusOptions, _ base: Base, _ clock: WorkClock) throws {
        (self.options, self.base) = (options, base)
        try clock.begin("looking", unit: "files")
        contents = try FolderContents(path: path, options: options)
        try hashFiles(clock)
        listEntries()
        try readFiles(clock)
        settle()
        try findDeleted()
        corpus.settle(read: contents.read, passedOver: contents.passedOver)
    }

    private mutating func hashFiles(_ clock: WorkClock) throws {
        let all = contents
        let cancellation = clock.monitor.cancellation
        let results = Parallel.map(count: all.files.count) { place in
            cancellation.isRaised ? .failure(CorpusError.cancelled) : Result { try Self.digest(all.files[place], all) }
        }
        for (file, result) in zip(all.files, results) {
            do {
                digests[file.name] = try result.get()
            } catch CorpusError.notFound {
                contents.drop(file)
            } catch let error as CorpusError where error != .cancelled {
                contents.remove(.init(name: file.name, reason: error.reason))
            }
        }
    }

    static func digest(_ file: FolderContents.File, _ contents: FolderContents) throws -> [UInt8] {
        var hash = SHA256()
        try contents.forEachPiece(of: file) { hash.update($0) }
        return hash.digest()
    }

    /// The files that can be read, and those of before that are there and cannot, in the order of their names.
    private mutating func listEntries() {
        let known = base.known?.files ?? []
        let old = Dictionary(uniqueKeysWithValues: known.map { ($0.name, $0) })
        for file in known { previous.formUnion(file.passages.ids) }
        entries = contents.files.map { file in
            Entry(
                name: file.name, file: file, old: old[file.name], digest: digests[file.name] ?? [], format: file.format)
        }
        let there = Set(entries.map(\.name))
        for file in known where !there.contains(file.name) {
            let isHidden = contents.faults.contains { fault in
                fault.name == file.name || file.name.starts(with: fault.name + [0x2f])
            }
            if isHidden {
                entries.append(Entry(name: file.name, old: file, digest: file.digest, format: file.format))
            } else {
                removed.append(file.name)
            }
        }
        entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
        let isWhole = mustReadAll
        for place in entries.indices {
            let entry = entries[place]
            guard entry.file != nil else { continue }
            entries[place].isRead = isWhole || entry.old?.digest != entry.digest || entry.old?.format != entry.format
        }
        guard !removed.isEmpty || entries.contains(where: \.isRead) else { return }
        for place in entries.indices where entries[place].file != nil && entries[place].old?.isContested ?? false {
            entries[place].isRead = true
        }
    }

    /// Whether what is remembered tells nothing: there is nothing, or the folder was read otherwise, or somebody else
    /// changed the passages.
    private var mustReadAll: Bool {
        guard let known = base.known?.description else { return true }
        return known.options != remembered || known.content != base.index?.manifest.contentDigest
    }

    /// The options as they are remembered: whether bad lines are an error is of one reading only.
    private var remembered: CorpusOptions {
        var options = options
        options.strict = false
        return options
    }

    /// The passages that come from the folder.
    var passageCount: Int { claims.count }

    /// Whether nothing of the folder would stay where there was something.
    var losesAll: Bool { claims.isEmpty && (!deleted.isEmpty || base.known != nil && !previous.isEmpty) }

    /// Whether the index holds what the folder holds, and remembers that.
    var isSame: Bool {
        toAdd.isEmpty && replaced.isEmpty && deleted.isEmpty && base.known?.files == files
            && base.known?.description.options == remembered
    }

    /// What is to be remembered.
    var files: [FolderFile] {
        entries.filter { !$0.isGone }.map { entry in
            var file = FolderFile(
                name: entry.name, digest: entry.digest, format: entry.format,
                passages: .init(entry.ids, stem: FolderContents.idStem(of: entry.name)))
            file.isContested = entry.isContested
            return file
        }
    }

    func description(_ manifest: IndexManifest) -> FolderPart.Description {
        .init(files: files, options: remembered, content: manifest.contentDigest)
    }

    /// The files that passages are added from, in reading order.
    var sources: [FolderContents.File] {
        let names = Set(toAdd.values)
        return contents.files.filter { names.contains($0.name) }
    }

    /// Looks whether files are still what they were when they were compared.
    ///
    /// - Throws: ``FolderMoved``.
    func check(_ files: [FolderContents.File]) throws {
        for file in files {
            guard let digest = try? Self.digest(file, contents), digest == digests[file.name] else {
                throw FolderMoved(file: file.shown)
            }
        }
    }

    var report: FolderSync.Report.Files {
        var report = FolderSync.Report.Files()
        for entry in entries where !entry.isGone {
            let shown = FolderContents.shown(entry.name)
            if entry.file == nil {
                report.kept.append(shown)
            } else if let old = entry.old {
                let isSame = !entry.brings && old.digest == entry.digest && old.passages.ids == entry.ids
                if isSame { report.unchanged += 1 } else { report.changed.append(shown) }
            } else if base.index != nil, base.known == nil, !entry.brings, !entry.ids.isEmpty {
                report.adopted.append(shown)
            } else {
                report.added.append(shown)
            }
        }
        report.removed = removed.sorted { $0.lexicographicallyPrecedes($1) }.map(FolderContents.shown)
        return report
    }
}

/// A file became another between the two times that it was read.
struct FolderMoved: Error {
    var file: String
}
