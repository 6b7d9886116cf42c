import Foundation
import Memory
import Search
import Storage

/// A change of an index, the only way to make one: one writer at a time, all of it or nothing, whatever ends
/// the process.
///
/// New folders are filled beside the old ones, under a hidden name, and synced. ``commit()`` gives them the names
/// that their contents have, syncs these, and puts a new manifest in the place of the old one by one rename,
/// which is synced too. Only then are folders removed that no manifest names any more, but for those that a
/// reader still holds: the next writer removes them. A transaction that is dropped leaves the index as it was.
public struct IndexTransaction: ~Copyable {
    private let work: TransactionWork

    /// Begins a change of the index in a folder.
    ///
    /// - Throws: ``StorageError/locked(path:holder:)`` when another process is changing it, and other
    ///   ``StorageError`` when there is none, or it cannot be changed.
    public init(_ index: URL) throws(StorageError) { try self.init(index, files: LocalFileSystem()) }

    /// - Parameter files: what the change goes through; another than the machine's own in tests.
    package init(_ index: URL, files: any FileSystem) throws(StorageError) {
        work = try TransactionWork(changing: AtomicDirectory.followed(index), files: files)
    }

    /// Begins a new index: in a folder that is not there yet, or in the place of the index that stands there,
    /// which stays until ``commit()``.
    package init(creating index: URL, files: any FileSystem = LocalFileSystem()) throws(StorageError) {
        let place = AtomicDirectory.followed(index)
        guard (try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)) == nil else {
            throw .io(path: index.path, reason: String(cString: strerror(ELOOP)))
        }
        work =
            access(place.path, F_OK) == 0
            ? try TransactionWork(replacing: place, files: files)
            : try TransactionWork(creating: place, files: files)
    }

    /// Whether a folder holds an index, of whatever format.
    public static func isIndex(_ folder: URL) -> Bool { ManifestFile.isThere(folder) }

    /// The manifest that ``commit()`` will publish; nil in a new index before there is one.
    public var manifest: IndexManifest? { work.manifest }

    /// The folder that the index has, or will have.
    public var index: URL { work.destination }

    /// A new folder to be filled.
    public mutating func stage() throws(StorageError) -> StagedFolder { try work.stage() }

    /// Begins anew: with a manifest that has segments to come, and neither parts nor estimates.
    package mutating func replaceAll(by manifest: IndexManifest) {
        work.manifest = manifest
        work.isReplaced = true
    }

    /// Says what the corpus was, which is known when it has been read.
    package mutating func setCorpus(_ corpus: IndexManifest.Corpus) { work.manifest?.corpus = corpus }

    /// Goes back to a manifest of before: parts and estimates that came since are not published.
    package mutating func restore(_ manifest: IndexManifest) { work.manifest = manifest }

    /// Adds a segment behind the others.
    ///
    /// - Parameter ages: when its passages came; nil where they come now.
    package mutating func addSegment(
        _ folder: StagedFolder, passages: Int, tokens: Int, ages: [SegmentRecord.Age]? = nil
    ) throws(StorageError) {
        let files = try work.record(folder, prefix: "segment")
        var record = SegmentRecord(files: files, passages: passages, tokens: tokens)
        record.ages = ages
        work.manifest?.segments.append(record)
    }

    /// Puts components that were made anew in the place of a segment's files of the same names, and of those that were before.
    ///
    /// - Parameter place: of the segment.
    package mutating func renew(_ folder: StagedFolder, ofSegment place: Int) throws(StorageError) {
        work.manifest?.segments[place].renewed = try work.record(folder, prefix: "renewed")
    }

    /// Says which passages of a segment are deleted, in the place of what was said before.
    ///
    /// - Parameters:
    ///   - place: of the segment.
    ///   - tokens: of the n-gram index, in the deleted passages.
    ///   - folder: has ``DeletedPlaces``, and the components over the deleted passages alone.
    package mutating func setDeleted(
        _ folder: StagedFolder, ofSegment place: Int, passages: Int, tokens: Int
    ) throws(StorageError) {
        let record = try work.record(folder, prefix: "deleted")
        work.manifest?.segments[place].deleted = DeletedRecord(files: record, passages: passages, tokens: tokens)
    }

    /// Takes segments out of the index.
    package mutating func removeSegments(where isOut: (SegmentRecord) -> Bool) {
        work.manifest?.segments.removeAll(where: isOut)
    }

    /// Puts a part into the index, in the place of the one of its kind.
    ///
    /// The part is read from the copy that the index gets, so that what was checked is what it has.
    ///
    /// - Parameters:
    ///   - kind: the part's kind, or with a name behind it, "queries/labelled", where there may be several.
    ///   - values: what the part is read with besides the index.
    ///   - description: what the part cannot tell from its files, for it to read.
    ///   - stage: fills the folder.
    /// - Returns: what the part says of itself.
    @discardableResult
    public mutating func install<Part: IndexPart>(
        _ type: Part.Type, kind: ComponentID = Part.kind, values: TypedValues = .init(),
        description: Part.Description? = nil,
        stage: (StagedFolder, PartEnvironment) throws -> Void
    ) throws -> Part.Description {
        var environment = PartEnvironment(try preview())
        environment.values = values
        let folder = try work.stage()
        try stage(folder, environment)
        let files = try work.record(folder, prefix: kind.name.replacing("/", with: "-"))
        let told = try description.map { try JSONTree(encoding: $0) } ?? .null
        let part = try Part(
            PartFolder(
                PartRecord(kind: kind, files: files, description: told), url: folder.url, of: environment.snapshot),
            in: environment)
        let record = PartRecord(kind: kind, files: files, description: try JSONTree(encoding: part.description))
        work.manifest?.setPart(record, of: kind)
        return part.description
    }

    /// Puts in a part of another index as it is, files and what it says of itself.
    package mutating func addPart(_ part: PartRecord, _ folder: StagedFolder) throws(StorageError) {
        let files = try work.record(folder, prefix: part.kind.name.replacing("/", with: "-"))
        work.manifest?.setPart(
            PartRecord(kind: part.kind, files: files, description: part.description), of: part.kind)
    }

    /// Changes what a part says of itself, and none of its files.
    package mutating func describe(_ kind: ComponentID, as description: some Codable) throws {
        guard var part = work.manifest?.part(kind) else { return }
        part.description = try JSONTree(encoding: description)
        work.manifest?.setPart(part, of: kind)
    }

    /// Enters an estimate of another index.
    package mutating func addEstimate(_ estimate: EstimateRecord) {
        var fresh = estimate
        fresh.generation = nil
        work.manifest?.setEstimate(fresh)
    }

    /// Takes a part out of the index.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public mutating func remove(_ kind: ComponentID) -> Bool {
        guard work.manifest?.part(kind) != nil else { return false }
        work.manifest?.setPart(nil, of: kind)
        return true
    }

    /// Enters an estimate.
    public mutating func record<Value>(_ estimate: Estimate<Value>, as id: ComponentID) throws {
        work.manifest?.setEstimate(try EstimateRecord(estimate, as: id))
    }

    /// The index as it would be after ``commit()``, to search and to read parts of.
    public func preview() throws(StorageError) -> IndexSnapshot { try work.preview() }

    /// Publishes the change.
    ///
    /// When it returns, the change outlasts a power cut. When it throws, the index is as it was, or as it would
    /// have been where only the last sync failed.
    public consuming func commit() throws(StorageError) -> IndexSnapshot {
        try work.commit()
        return try IndexSnapshot.open(work.destination)
    }
}
