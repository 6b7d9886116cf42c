import Engine
import Memory
import Storage

/// What is estimated for an index's trained generator is entered beside it in the manifest.
struct GeneratorUpdate {
    let engine: Engine

    /// Estimates with the generator, then changes its entry.
    ///
    /// - Throws: ``IndexingError`` when the index has no generator that can run, when it was replaced while
    ///   the estimate ran, and what `estimate` throws; then nothing was changed.
    func run<Estimate>(
        _ estimate: (StoredGenerator) throws -> Estimate,
        enter: (Estimate, inout IndexManifest.Generator) -> Void
    ) throws(IndexingError) -> Estimate {
        guard let described = engine.manifest.generator else {
            throw .generator(
                "\(engine.path): the index has no trained generator; \"genret generator set\" puts one into it")
        }
        guard let stored = engine.generator else {
            throw .generator("\(engine.path): the generator cannot run: \(engine.encoderProblem ?? "")")
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
            throw .other(error.localizedDescription)
        }
        var manifest = try ManifestFile.read(engine.path)
        guard var generator = manifest.generator, generator.sha256 == described.sha256 else {
            throw .generator("\(engine.path): the generator was replaced meanwhile")
        }
        enter(result, &generator)
        manifest.generator = generator
        try ManifestFile.replace(manifest, in: engine.path)
        return result
    }

    /// Queries of a maker that are kept with the index, drawn with a seed.
    func queries(
        of maker: String, count: Int, _ random: inout SeededGenerator
    ) throws -> [PassageQueries.Item] {
        guard let queries = try engine.passageQueries(maker), queries.count > 0 else {
            throw IndexingError.generator("\(engine.path): it holds no queries of the maker \(maker)")
        }
        return try random.sample(count, of: queries.count).map { try queries.item(Int($0)) }
    }
}
