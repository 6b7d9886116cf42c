import FMIndex
import Foundation
import Ranking
import Storage
import Tensors
import Text
import Transformers

/// An opened index that answers queries: the façade of the library.
///
/// ```swift
/// let engine = try Engine.open("corpus.genret")
/// for hit in try engine.search("who wrote it?").hits { print(hit.rank, hit.id, hit.snippet.text) }
/// ```
///
/// Everything behind it is immutable and mapped; one engine serves any number of threads.
public final class Engine: Sendable {
    public let path: String
    public let manifest: IndexManifest
    /// Why the encoder is not at hand, in one sentence; nil when it is, or the index needs none.
    public let encoderProblem: String?
    package let queries: QueryEncoder
    package let segments: SegmentSet
    /// The index's trained generator; nil when it has none, or the encoder is not at hand.
    package let generator: StoredGenerator?
    /// The index's trained docids; nil when it has none, or the encoder is not at hand.
    package let trainedDocids: StoredTrainedDocids?
    /// Ids, texts and files of each segment.
    package let stored: [StoredSegment]

    private init(
        path: String, manifest: IndexManifest, encoderProblem: String?, queries: QueryEncoder,
        stored: [StoredSegment], generatorPrecision: Precision
    ) {
        self.path = path
        self.manifest = manifest
        self.encoderProblem = encoderProblem
        self.queries = queries
        self.stored = stored
        let segments = SegmentSet(stored.map(\.segment))
        self.segments = segments
        generator = manifest.generator.flatMap { generator in
            queries.encoder.map {
                StoredGenerator(
                    folder: URL(filePath: path).appending(path: IndexLayout.generator), generator,
                    encoder: $0, precision: generatorPrecision, marks: segments.marks)
            }
        }
        trainedDocids = manifest.docids.flatMap { docids in
            queries.encoder.map {
                StoredTrainedDocids(
                    folder: URL(filePath: path).appending(path: IndexLayout.trainedDocids), docids,
                    encoder: $0, passages: manifest.passages)
            }
        }
    }

    /// Opens an index.
    ///
    /// An index whose encoder is not in `models` opens all the same: ``encoderProblem`` says so,
    /// and the retrievers that need it are unavailable.
    ///
    /// A trained generator and a trained query encoder are read when a query first needs them.
    ///
    /// - Parameters:
    ///   - loadsEncoder: false opens faster, for callers that need neither docids, nor dense vectors, nor
    ///     a trained generator.
    ///   - generatorPrecision: of the trained generator's products.
    /// - Throws: ``EngineError`` when the index is absent, damaged, of another version, or of
    ///   another encoder or tokenizer than it says.
    public static func open(
        _ path: String, models: ModelCache = .standard, loadsEncoder: Bool = true,
        generatorPrecision: Precision = .int8
    ) throws(EngineError) -> Engine {
        let root = URL(filePath: path)
        let manifest = try manifest(of: path)
        guard !manifest.segments.isEmpty, Set(manifest.segments).count == manifest.segments.count else {
            throw .manifest(path: path, reason: "it names no segment, or one of them twice")
        }
        let tokenizerFile = root.appending(path: IndexLayout.tokenizer)
        let tokenizer: Tokenizer
        do {
            tokenizer = try Tokenizer(contentsOf: tokenizerFile)
        } catch {
            throw .mismatch(path: tokenizerFile.path, what: "the tokenizer cannot be read: \(error)")
        }
        guard tokenizer.fingerprint == manifest.tokenizer.fingerprint else {
            throw .mismatch(
                path: tokenizerFile.path, what: "this is not the tokenizer that the index was built with")
        }
        let (encoder, problem) =
            loadsEncoder
            ? try openEncoder(manifest, models: models, path: path)
            : (nil, manifest.encoder == nil ? withoutEncoder : nil)
        return Engine(
            path: path, manifest: manifest, encoderProblem: problem,
            queries: QueryEncoder(
                tokenizer: tokenizer, encoder: encoder,
                trained: encoder.flatMap { base in
                    manifest.queryEncoder.map {
                        StoredQueryEncoder(folder: root.appending(path: IndexLayout.queryEncoder), $0, base: base)
                    }
                }),
            stored: try openSegments(root, manifest: manifest, tokenizer: tokenizer),
            generatorPrecision: generatorPrecision)
    }

    private static func openSegments(
        _ root: URL, manifest: IndexManifest, tokenizer: Tokenizer
    ) throws(EngineError) -> [StoredSegment] {
        let stored: [StoredSegment]
        do {
            stored = try manifest.segments.map {
                try StoredSegment(root.appending(path: $0), manifest: manifest, tokenizer: tokenizer)
            }
        } catch let error as StorageError {
            throw .storage(error)
        } catch let error as EngineError {
            throw error
        } catch {
            throw .mismatch(path: root.path, what: "\(error)")
        }
        guard stored.reduce(0, { $0 + $1.count }) == manifest.passages, manifest.passages <= Int(Int32.max)
        else { throw .mismatch(path: root.path, what: "its files hold different numbers of passages") }
        guard Set(stored.map { NgramMarks($0.segment.ngram.index) }).count == 1,
            stored.allSatisfy({ $0.segment.sparse.analyzer == stored[0].segment.sparse.analyzer })
        else { throw .mismatch(path: root.path, what: "its segments do not belong together") }
        return stored
    }

    /// What an index says of itself; reads no other file.
    ///
    /// - Throws: ``EngineError`` when there is no index, or one of another format.
    public static func manifest(of path: String) throws(EngineError) -> IndexManifest {
        let root = URL(filePath: path)
        let file = root.appending(path: IndexLayout.manifest)
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            guard access(file.path, F_OK) != 0 else {
                throw .storage(.io(path: file.path, reason: error.systemReason))
            }
            throw .storage(.noIndex(path: root.path, reason: "no readable \(IndexLayout.manifest)"))
        }
        struct Version: Decodable { var format: Int }
        do {
            let version = try JSONDecoder().decode(Version.self, from: data).format
            guard IndexManifest.supportedFormats.contains(version) else {
                throw EngineError.unsupportedFormat(path: root.path, found: version)
            }
            return try JSONDecoder().decode(IndexManifest.self, from: data)
        } catch let error as EngineError {
            throw error
        } catch {
            throw .manifest(path: file.path, reason: "it is not the JSON that genret writes")
        }
    }

    private static let withoutEncoder = "the index was built without an encoder"

    /// The encoder that the index was built with, or why there is none.
    private static func openEncoder(
        _ manifest: IndexManifest, models: ModelCache, path: String
    ) throws(EngineError) -> (SentenceEncoder?, String?) {
        guard let wanted = manifest.encoder else {
            return (nil, withoutEncoder)
        }
        guard let folder = models.directory(of: wanted.name) else {
            return (
                nil, "the encoder \(wanted.name) is not installed; run \"genret model fetch \(wanted.name)\""
            )
        }
        do {
            let encoder = try SentenceEncoder(directory: folder)
            guard try encoder.modelHash() == wanted.sha256 else {
                throw EngineError.mismatch(
                    path: path,
                    what: "it was built with other weights of \(wanted.name) than those in \(folder.path)")
            }
            if let configuration = wanted.configuration, try encoder.configurationHash() != configuration {
                throw EngineError.mismatch(
                    path: path,
                    what: "it was built with another configuration of \(wanted.name) than that in \(folder.path)")
            }
            return (encoder, nil)
        } catch let error as EngineError {
            throw error
        } catch {
            return (nil, "the encoder \(wanted.name) cannot be loaded: \(error)")
        }
    }

    /// The retrievers that this index can run here.
    public var availableRetrievers: Set<RetrieverKind> {
        Set(RetrieverKind.allCases.filter { !$0.needsEncoder || queries.encoder != nil })
    }

    /// The number of passages.
    public var count: Int { manifest.passages }

    /// A passage by its index.
    public func passage(_ document: Int32) throws(EngineError) -> (id: String, title: String, text: String) {
        let (segment, local) = segments.places.locate(document)
        do {
            let (title, text) = try stored[segment].texts.passage(Int(local))
            return (stored[segment].ids[Int(local)], title, text)
        } catch {
            throw .storage(error)
        }
    }

    /// The external id of a passage.
    package func id(of document: Int32) -> String {
        let (segment, local) = segments.places.locate(document)
        return stored[segment].ids[Int(local)]
    }
}
