import Engine
import Foundation
import Memory

/// Estimates the weight of planning ahead of an index's trained docids, on queries that are kept with it.
public struct DocidTuning {
    public let engine: Engine
    /// Whose queries of the passages are used.
    public var maker = "labelled"
    /// How many queries.
    public var count = 400
    public var seed: UInt64 = 1
    public var threads = Parallel.cores

    public init(_ engine: Engine) { self.engine = engine }

    /// Estimates the weight and enters it in the manifest.
    ///
    /// - Throws: ``IndexingError`` when the index has no trained docids that can run, or no such queries, or
    ///   the docids were replaced meanwhile; then nothing was changed.
    public func run() throws(IndexingError) -> DocidComparison {
        guard let described = engine.manifest.docids else {
            throw .docids(
                "\(engine.path): the index has no trained docids; \"genret docid set\" puts some into it")
        }
        guard let stored = engine.trainedDocids else {
            throw .docids("\(engine.path): the docids cannot run: \(engine.encoderProblem ?? "")")
        }
        let found: DocidComparison?
        do {
            guard let queries = try engine.passageQueries(maker), queries.count > 0 else {
                throw IndexingError.docids("\(engine.path): it holds no queries of the maker \(maker)")
            }
            var random = SeededGenerator(seed: seed, stream: 3)
            let items = try random.sample(count, of: queries.count).map { try queries.item(Int($0)) }
            found = try DocidComparison(
                engine, stored.docids(), items.map { (text: $0.text, passage: $0.document) }, threads: threads)
        } catch let error as IndexingError {
            throw error
        } catch let error as EngineError {
            throw .index(error)
        } catch {
            throw .other("\(error)")
        }
        guard let found else { throw .docids("\(engine.path): the queries of \(maker) are empty") }
        var manifest = try ManifestFile.read(engine.path)
        guard var docids = manifest.docids, docids.sha256 == described.sha256 else {
            throw .docids("\(engine.path): the docids were replaced meanwhile")
        }
        docids.planAhead = found.planAhead
        manifest.docids = docids
        try ManifestFile.replace(manifest, in: engine.path)
        return found
    }
}
