import Corpora
import Engine
import Memory
import Search
import Storage

/// Which passages the files of a folder bring: reading them, and whose every id is.
extension FolderPlan {
    private struct Found {
        var id: String
        var line: Int
        /// The passage of the index that has the id, and whether it is the same.
        var place: PassageIndex?
        var isSame = false
    }

    mutating func readFiles(_ clock: WorkClock) throws {
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
    mutating func settle() {
        for place in entries.indices where entries[place].isContested {
            entries[place].ids.removeAll { claims[$0] != place }
        }
    }

    mutating func findDeleted() throws {
        guard let index = base.index else { return }
        var gone = previous
        if base.known == nil, base.claimsAll {
            for place in try index.livingPlaces() { gone.insert(try index.id(of: PassageIndex(place))) }
        }
        for id in gone.sorted() where claims[id] == nil {
            if let place = try index.passage(withID: id) { deleted.append(place) }
        }
    }
}
