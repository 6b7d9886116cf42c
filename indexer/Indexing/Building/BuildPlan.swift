import Engine
import Foundation
import IndexStore
import Search
import Text
import Transformers

/// What indexes have in common that are built apart, to become one: an index of a sample of the whole corpus, whose tokenizer, encoder,
/// static encoder and options they get.
///
/// With the same plan the same passages give the same bytes on every machine that computes alike, so that a build that failed can be
/// made again anywhere. The plan's own passages are in none of the indexes.
public struct BuildPlan: Sendable {
    let reader: IndexReader

    /// - Throws: ``EngineError`` where the plan's index is absent or damaged; ``IndexingError/noPlan(index:)`` where it cannot be one.
    public init(_ index: String, models: ModelCache = .standard) throws {
        reader = try IndexReader.open(index, models: models)
        guard reader.manifest.vectors == nil else { throw IndexingError.noPlan(index: index) }
    }

    public var path: String { reader.path }

    /// The options of every index by this plan; the corpus is read and the memory kept to as `own` says.
    public func options(reading own: IndexOptions) -> IndexOptions {
        var options = Self.options(of: reader.manifest)
        (options.corpus, options.maxMemory) = (own.corpus, own.maxMemory)
        return options
    }

    /// What is stored leaves out what is nil, and an index without an encoder is not one with the usual.
    private static func options(of manifest: IndexManifest) -> IndexOptions {
        var options = IndexOptions(manifest.options)
        options.encoder = manifest.encoder?.name
        return options
    }

    func tokenizer() throws -> Tokenizer { try reader.value(IndexTokenizer.self).tokenizer }

    /// Nil where every passage is encoded.
    func staticEncoder() throws -> StaticEncoder? {
        guard reader.manifest.encoder != nil else { return nil }
        return try reader.value(IndexStaticEncoder.self).encoder
    }

    /// Nil where tokens are not coded.
    func tokenCoder() throws -> TokenCoder? { try reader.value(IndexTokenCoder.self).coder }

    /// Gives an index the plan's static encoder, and what its tokens are coded with.
    func installEncoder(in transaction: inout IndexTransaction) throws {
        for kind in [StaticEncoderPart.kind, InteractionPart.kind] {
            guard let part = try reader.snapshot.folder(of: kind) else { continue }
            let folder = try transaction.stage()
            try part.copy(to: folder)
            try transaction.addPart(part.record, folder)
        }
    }

    /// - Throws: ``IndexingError/notAlike(path:first:what:)`` where an index was not built by this plan.
    func check(_ index: IndexReader) throws {
        func require(_ holds: Bool, _ what: String) throws(IndexingError) {
            guard holds else { throw .notAlike(path: index.path, first: path, what: what) }
        }
        let (own, planned) = (index.manifest, reader.manifest)
        let built = Self.options(of: own)
        try require(built == options(reading: built), "options")
        try require(
            own.part(StaticEncoderPart.kind)?.sha256 == planned.part(StaticEncoderPart.kind)?.sha256, "static encoder")
        try require(
            own.part(InteractionPart.kind)?.sha256 == planned.part(InteractionPart.kind)?.sha256,
            "late-interaction head")
    }
}
