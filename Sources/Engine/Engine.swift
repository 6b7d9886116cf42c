import Foundation
import IndexStore
import Memory
import Search
import Storage
import Synchronization
import Tensors
import Transformers

/// An opened index that answers queries: the façade of the library.
///
/// ```swift
/// let engine = try Engine.open("corpus.genret")
/// for hit in try engine.search("who wrote it?").candidates { print(hit.rank, hit.docid, hit.snippet?.text ?? "") }
/// ```
///
/// It searches one generation of the index from the time when it was opened, or reloaded, whatever writers do. Only
/// where somebody moves the folder itself away, and another into its place, it goes over to that one.
/// Everything behind it is immutable and mapped; one engine serves any number of threads.
public final class Engine: Sendable {
    public let path: String
    public let registry: Registry
    private let models: ModelCache
    private let precision: Precision
    private let threads: Int
    private let waitsForChecks: Bool
    private let state: Mutex<State>

    /// What searches must have in common to be one that is prepared.
    private struct SearchKind: Sendable, Equatable {
        var options = SearchOptions()
        var contents = QueryContents.text
    }

    /// What a reload replaces.
    private struct State: Sendable {
        var reader: IndexReader
        /// The searches that were asked for last, the newest first: most callers ask with a few options again and again.
        var prepared: [(kind: SearchKind, search: PreparedSearch)] = []

        func search(_ kind: SearchKind) -> PreparedSearch? {
            prepared.first { $0.kind == kind }?.search
        }

        mutating func keep(_ search: PreparedSearch, for kind: SearchKind) {
            prepared.insert((kind, search), at: 0)
            if prepared.count > 16 { prepared.removeLast() }
        }
    }

    /// An engine over an index that is read already.
    package init(_ reader: IndexReader, registry: Registry = .standard, waitsForChecks: Bool = false) {
        path = reader.path
        self.registry = registry
        self.waitsForChecks = waitsForChecks
        (models, precision, threads) = (reader.models, reader.precision, reader.threads)
        state = Mutex(State(reader: reader))
    }

    /// Opens an index.
    ///
    /// Nothing but its manifest is read; segments, parts and models are loaded and checked when a search first
    /// needs them (``warm()`` does so at once), large files while they are in use already. What is missing or damaged takes
    /// its retriever away and leaves the others answering; ``SearchResponse/notes`` tell.
    ///
    /// - Parameters:
    ///   - path: the index's folder.
    ///   - models: where the encoder is looked for.
    ///   - precision: of the products of a generator.
    ///   - threads: that one query may use; answers do not depend on it.
    ///   - waitsForChecks: gives no answer before all files that it comes from are checked: for a program that asks once.
    ///   - registry: the retrievers and rerankers that there are.
    /// - Throws: ``EngineError/storage(_:)`` when the index is absent, damaged or of another format.
    public static func open(
        _ path: String, models: ModelCache = .standard, precision: Precision = .int8, threads: Int = 1,
        waitsForChecks: Bool = false, registry: Registry = .standard
    ) throws(EngineError) -> Engine {
        do throws(StorageError) {
            let snapshot = try IndexSnapshot.open(URL(filePath: path), checksLate: true)
            return Engine(
                IndexReader(snapshot, models: models, precision: precision, threads: threads), registry: registry,
                waitsForChecks: waitsForChecks)
        } catch {
            throw .storage(error)
        }
    }

    /// The index as it is being searched.
    public var reader: IndexReader { state.withLock { $0.reader } }

    public var manifest: IndexManifest { reader.manifest }

    /// The number of passages.
    public var count: Int { reader.manifest.passages }

    /// Goes on with the newest generation of the index. Searches under way end on the one that they began with.
    ///
    /// - Parameter isWarm: loads and checks all that a search with default options needs before the first search goes over, as
    ///   ``warm()`` does; until then, and where it fails, the old generation answers.
    /// - Returns: whether there was a newer one.
    @discardableResult
    public func reload(isWarm: Bool = false) throws(EngineError) -> Bool {
        do {
            let snapshot = try IndexSnapshot.open(URL(filePath: path), checksLate: true)
            guard reader.snapshot.id != snapshot.id else { return false }
            let old = reader
            var fresh = State(reader: IndexReader(snapshot, models: models, precision: precision, threads: threads))
            if isWarm {
                // The encoder is most of what is loaded, and seldom another.
                if old.manifest.encoder == snapshot.manifest.encoder, let encoder = try? old.value(IndexEncoder.self) {
                    fresh.reader.preload(encoder)
                }
                let search = try PreparedSearch(SearchOptions(), fresh.reader, registry)
                _ = try? search.run("warm", hits: 1)
                if search.isWhole { fresh.keep(search, for: SearchKind()) }
            }
            return state.withLock { [fresh] state in
                guard state.reader.snapshot.id != snapshot.id else { return false }
                state = fresh
                return true
            }
        } catch {
            throw EngineError(error)
        }
    }

    /// Loads and checks all that a search with default options needs, so that the first one waits for nothing.
    ///
    /// - Returns: what does not run, and why.
    @discardableResult
    public func warm() throws(EngineError) -> [SearchNote] {
        let search = try prepared(SearchOptions())
        _ = try? search.run("warm", hits: 1)
        return search.notes
    }

    /// The search that options ask for, ready to run.
    package func prepared(
        _ options: SearchOptions, _ contents: QueryContents = .text
    ) throws(EngineError) -> PreparedSearch {
        try withSearch(options, contents) { $0 }
    }

    /// Does something with the search that options ask for; again with what stands there now, where somebody moved the
    /// index before all of it was opened.
    func withSearch<Result>(
        _ options: SearchOptions, _ contents: QueryContents = .text, _ body: (PreparedSearch) throws -> Result
    ) throws(EngineError) -> Result {
        var attempts = 0
        while true {
            let reader = reader
            attempts += 1
            let followsMove = { attempts < 5 && reader.snapshot.isMoved && (try? self.reload()) == true }
            do {
                let search = try search(SearchKind(options: options, contents: contents), reader)
                let hasFiles = !search.absent.values.contains(where: \.isOfFiles)
                if hasFiles || !followsMove() {
                    let result = try body(search)
                    try checkFiles(reader)
                    if waitsForChecks { reader.snapshot.checks.finish() }
                    // An answer that damaged files had a part in is not given; the search goes on without them.
                    guard reader.hasNewDamage else { return result }
                    reopen(reader)
                }
            } catch {
                if !followsMove() {
                    try checkFiles(reader)
                    throw EngineError(error)
                }
            }
        }
    }

    /// Reads something of the generation at hand; what was read of a file that somebody cut short is not given.
    func reading<Result>(_ body: (IndexReader) throws -> Result) throws(EngineError) -> Result {
        let reader = reader
        do {
            let result = try body(reader)
            try checkFiles(reader)
            return result
        } catch {
            try checkFiles(reader)
            throw EngineError(error)
        }
    }

    /// Where files are watched, what was read of one that somebody cut short is not believed.
    func checkFiles(_ reader: IndexReader) throws(EngineError) {
        guard let path = WatchedFiles.cut(in: [reader.path, reader.models.directory.path]) else { return }
        throw .storage(.damaged(path: path, what: "it was cut short while it was being read"))
    }

    /// Goes on with the same generation without what was found damaged in the meantime.
    private func reopen(_ old: IndexReader) {
        let fresh = IndexReader(old.snapshot, models: models, precision: precision, threads: old.threads)
        state.withLock { state in
            if state.reader === old { state = State(reader: fresh) }
        }
    }

    private func search(_ kind: SearchKind, _ reader: IndexReader) throws -> PreparedSearch {
        if let known = state.withLock({ $0.reader === reader ? $0.search(kind) : nil }) { return known }
        let search = try PreparedSearch(kind.options, reader, registry, contents: kind.contents)
        // What could not run is looked for again the next time.
        if search.isWhole {
            state.withLock { state in
                if state.reader === reader, state.search(kind) == nil { state.keep(search, for: kind) }
            }
        }
        return search
    }
}
