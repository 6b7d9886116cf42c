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

    private(set) var contents: FolderContents
    let options: CorpusOptions
    private let base: Base
    private var entries: [Entry] = []
    /// Which entry has an id, in the order of the files: the first that has it.
    private var claims: [String: Int] = [:]
    /// Which entries lost ids to ones before them.
    private var losers: [String: Int] = [:]
    /// The ids of passages that came from the folder before.
    private var previous: Set<String> = []
    /// The ids of passages that are to be added, with the names of their files.
    private(set) var toAdd: [String: [UInt8]] = [:]
    /// Passages of the index whose ids come again with another text, and those whose ids are gone.
    private(set) var replaced: [PassageIndex] = []
    private(set) var deleted: [PassageIndex] = []
    private(set) var corpus = CorpusReport()
    private var removed: [[UInt8]] = []
    /// The state of each file when it was read.
    private var digests: [[UInt8]: [UInt8]] = [:]

    /// A file, of the folder or of before.
    private struct Entry {
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

    // MARK: - Files

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

    private static func digest(_ file: FolderContents.File, _ contents: FolderContents) throws -> [UInt8] {
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

    // MARK: - Passages

    private struct Found {
        var id: String
        var line: Int
        /// The passage of the index that has the id, and whether it is the same.
        var place: PassageIndex?
        var isSame = false
    }

    private mutating func readFiles(_ clock: WorkClock) throws {
        for place in entries.indices where !entries[place].isRead { claimOld(place) }
        let count = entries.count { $0.isRead }
        guard count > 0 else { return }
        try clock.begin("comparing", unit: "files")
        var done = 0
        for place in entries.indices where entries[place].isRead {
            try read(place, clock)
            done += 1
            try clock.update(count: done, fraction: Double(done) / Double(count))
        }
    }

    /// A file has what it had, but for what files before it have.
    private mutating func claimOld(_ place: Int) {
        guard let old = entries[place].old else { return }
        entries[place].isContested = old.isContested
        for id in old.passages.ids { _ = claim(id, place) }
    }

    /// Gives an id to a file, unless one before it has it; from one behind it, it is taken.
    private mutating func claim(_ id: String, _ place: Int) -> Bool {
        if let owner = claims[id] {
            guard owner > place else {
                entries[place].isContested = true
                return false
            }
            entries[owner].isContested = true
            losers[id] = owner
        }
        claims[id] = place
        entries[place].ids.append(id)
        return true
    }

    private mutating func read(_ place: Int, _ clock: WorkClock) throws {
        guard let file = entries[place].file else { return }
        do {
            let (found, report) = try passages(of: file, clock)
            entries[place].digest = digests[file.name] ?? []
            corpus.add(report)
            if report.passages + report.badLineCount == 0 { contents.noteEmpty(file) }
            for passage in found { try take(passage, place, file) }
        } catch CorpusError.notFound {
            contents.drop(file)
            entries[place].file = nil
            entries[place].isGone = true
            if entries[place].old != nil { removed.append(file.name) }
        } catch let error as CorpusError {
            switch error {
            case .cancelled, .badLine, .duplicate, .option, .overlong: throw error
            default: break
            }
            contents.remove(.init(name: file.name, reason: error.reason))
            entries[place].file = nil
            guard let old = entries[place].old else {
                entries[place].isGone = true
                return
            }
            (entries[place].digest, entries[place].format) = (old.digest, old.format)
            claimOld(place)
        }
    }

    /// Reads a file until it is the same before and after.
    private mutating func passages(
        of file: FolderContents.File, _ clock: WorkClock
    ) throws -> ([Found], CorpusReport) {
        for _ in 0..<3 {
            var found: [Found] = []
            var reader = try contents.reader(of: file)
            do {
                while let passage = try reader.next() {
                    found.append(try compare(passage, line: reader.lineNumber))
                    if found.count % 256 == 0 { try clock.monitor.cancellation.throwIfRaised() }
                }
            } catch CorpusError.empty {
                // A file of a folder may give nothing.
            }
            let digest = try Self.digest(file, contents)
            if digest == digests[file.name] { return (found, reader.report) }
            digests[file.name] = digest
        }
        throw CorpusError.unreadable(path: file.shown, reason: "it changes while it is read")
    }

    private func compare(_ passage: Passage, line: Int) throws -> Found {
        var found = Found(id: passage.id, line: line)
        guard let index = base.index, let place = try index.passage(withID: passage.id) else { return found }
        found.place = place
        let stored = try index.passage(place)
        let fields = try index.value(IndexFields.self).json(of: place)
        found.isSame =
            stored.title.utf8.elementsEqual(passage.title.utf8) && stored.text.utf8.elementsEqual(passage.text.utf8)
            && fields.utf8.elementsEqual(passage.fields.utf8)
        return found
    }

    private mutating func take(_ found: Found, _ place: Int, _ file: FolderContents.File) throws {
        guard claim(found.id, place) else {
            let earlier = claims[found.id].map { FolderContents.shown(entries[$0].name) } ?? ""
            let line = SourceLine(file: file.path, line: found.line)
            corpus.addDuplicate(found.id, at: line, earlier: earlier)
            if options.strict, let bad = corpus.badLines.last { throw CorpusError.badLine(bad) }
            return
        }
        if let loser = losers[found.id].map({ FolderContents.shown(entries[$0].name) }) {
            corpus.add(
                BadLine(
                    place: SourceLine(file: file.path, line: found.line),
                    reason: "the identifier \"\(found.id)\" is used in \(loser), too, where it is passed over now"))
            if options.strict, let bad = corpus.badLines.last { throw CorpusError.badLine(bad) }
        }
        guard !found.isSame else { return }
        if let old = found.place {
            guard base.known == nil || previous.contains(found.id) else {
                throw IndexingError.passageElsewhere(id: found.id, file: file.shown, index: base.index?.path ?? "")
            }
            replaced.append(old)
        }
        toAdd[found.id] = file.name
        entries[place].brings = true
    }

    /// What later files lost to earlier ones is theirs no more.
    private mutating func settle() {
        for place in entries.indices where entries[place].isContested {
            entries[place].ids.removeAll { claims[$0] != place }
        }
    }

    private mutating func findDeleted() throws {
        guard let index = base.index else { return }
        var gone = previous
        if base.known == nil, base.claimsAll {
            for place in try index.livingPlaces() { gone.insert(try index.id(of: PassageIndex(place))) }
        }
        for id in gone.sorted() where claims[id] == nil {
            if let place = try index.passage(withID: id) { deleted.append(place) }
        }
    }

    // MARK: - What follows

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
