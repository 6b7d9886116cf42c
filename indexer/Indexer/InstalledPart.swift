import Engine
import Memory
import Storage

/// A trained part of an index, in whose entry of the manifest is kept what is estimated for it.
struct InstalledPart<Entry, Stored> {
    let entry: WritableKeyPath<IndexManifest, Entry?>
    /// Of an entry, the SHA-256 of its weights.
    let sha256: KeyPath<Entry, String>
    let stored: KeyPath<Engine, Stored?>
    /// What it is called, such as "the generator".
    let name: String
    /// What is said where there is none.
    let absence: String
    let error: (String) -> IndexingError

    /// Estimates with the part, then changes its entry.
    ///
    /// - Throws: ``IndexingError`` when the index has no such part that can run, when it was replaced while
    ///   the estimate ran, and what `estimate` throws; then nothing was changed.
    func update<Estimate>(
        _ engine: Engine, _ estimate: (Stored) throws -> Estimate, enter: (Estimate, inout Entry) -> Void
    ) throws(IndexingError) -> Estimate {
        guard let described = engine.manifest[keyPath: entry] else {
            throw error("\(engine.path): \(absence)")
        }
        guard let stored = engine[keyPath: stored] else {
            throw error("\(engine.path): \(name) cannot run: \(engine.encoderProblem ?? "")")
        }
        let result: Estimate
        do {
            result = try estimate(stored)
        } catch let error as IndexingError {
            throw error
        } catch let error as EngineError {
            throw .index(error)
        } catch let error as StorageError {
            throw .storage(error)
        } catch {
            throw .other(error.fileReason)
        }
        var manifest = try ManifestFile.read(engine.path)
        guard var changed = manifest[keyPath: entry],
            changed[keyPath: sha256] == described[keyPath: sha256]
        else { throw error("\(engine.path): \(name) changed meanwhile") }
        enter(result, &changed)
        manifest[keyPath: entry] = changed
        try ManifestFile.replace(manifest, in: engine.path)
        return result
    }
}

extension InstalledPart where Entry == IndexManifest.Generator, Stored == StoredGenerator {
    static var generator: Self {
        .init(
            entry: \.generator, sha256: \.sha256, stored: \.generator, name: "the generator",
            absence: "the index has no trained generator; \"genret generator set\" puts one into it",
            error: IndexingError.generator)
    }
}

extension InstalledPart where Entry == IndexManifest.Docids, Stored == StoredTrainedDocids {
    static var docids: Self {
        .init(
            entry: \.docids, sha256: \.sha256, stored: \.trainedDocids, name: "the docids",
            absence: "the index has no trained docids; \"genret docid set\" puts some into it",
            error: IndexingError.docids)
    }
}

extension Engine {
    /// Queries of a maker that are kept with the index, drawn with a seed.
    func drawnQueries(
        of maker: String, count: Int, _ random: inout SeededGenerator
    ) throws -> [PassageQueries.Item] {
        guard let queries = try passageQueries(maker), queries.count > 0 else {
            throw IndexingError.other("\(path): it holds no queries of the maker \(maker)")
        }
        return try random.sample(count, of: queries.count).map { try queries.item(Int($0)) }
    }
}
