import Docids
import FMIndex
import Foundation
import Ranking
import Storage
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
    package let segment: Segment
    package let ids: StringTable
    package let texts: DocumentStore
    /// The files of the index with their sections, for ``spaceReport()``.
    package let containers: [Container]

    private init(
        path: String, manifest: IndexManifest, encoderProblem: String?, queries: QueryEncoder,
        segment: Segment, ids: StringTable, texts: DocumentStore, containers: [Container]
    ) {
        self.path = path
        self.manifest = manifest
        self.encoderProblem = encoderProblem
        self.queries = queries
        self.segment = segment
        self.ids = ids
        self.texts = texts
        self.containers = containers
    }

    /// Opens an index.
    ///
    /// An index whose encoder is not in `models` opens all the same: ``encoderProblem`` says so,
    /// and the retrievers that need it are unavailable.
    ///
    /// - Parameter loadsEncoder: false opens faster, for callers that need neither docids nor dense
    ///   vectors.
    /// - Throws: ``EngineError`` when the index is absent, damaged, of another version, or of
    ///   another encoder or tokenizer than it says.
    public static func open(
        _ path: String, models: ModelCache = .standard, loadsEncoder: Bool = true
    ) throws(EngineError) -> Engine {
        let root = URL(filePath: path)
        let manifest = try readManifest(root)
        guard manifest.segments.count == 1, let name = manifest.segments.first else {
            throw .manifest(path: path, reason: "it names \(manifest.segments.count) segments instead of 1")
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
        do {
            let folder = root.appending(path: name)
            func container(_ file: String, _ kind: String) throws(StorageError) -> Container {
                try Container(path: folder.appending(path: file).path, kind: kind)
            }
            let passages = try container(IndexLayout.passages, IndexLayout.passagesKind)
            let ngrams = try container(IndexLayout.ngrams, FMIndex.fileKind)
            let terms = try container(IndexLayout.terms, SparseIndex.fileKind)
            var containers = [passages, ngrams, terms]
            var segment = Segment(
                ngram: Segment.ngramRetriever(try FMIndex(ngrams), tokenizer: tokenizer),
                sparse: try SparseIndex(terms), dense: nil, tree: nil, quantised: nil)
            var stored: StoredDocids?
            if manifest.encoder != nil {
                let vectors = try container(IndexLayout.vectors, DenseIndex.fileKind)
                let docids = try container(IndexLayout.docids, IndexLayout.docidsKind)
                let dense = try DenseIndex(vectors)
                let read = try StoredDocids(docids)
                stored = read
                segment.dense = dense
                segment.tree = DocidRetriever(tree: read.tree, dense: dense)
                segment.quantised = DocidRetriever(trie: read.trie, quantiser: read.quantiser, dense: dense)
                containers += [vectors, docids]
            }
            let ids = try StringTable(passages, prefix: "ids")
            let texts = try DocumentStore(passages)
            let counts = [
                ids.count, texts.count, segment.ngram.index.documentCount, segment.sparse.documentCount,
                segment.dense?.count ?? manifest.passages, stored?.tree.documentCount ?? manifest.passages,
                stored?.trie.documentCount ?? manifest.passages,
            ]
            guard counts.allSatisfy({ $0 == manifest.passages }) else {
                throw EngineError.mismatch(path: path, what: "its files hold different numbers of passages")
            }
            let dimensions = [
                segment.dense?.dimension, stored?.tree.dimension, stored?.quantiser.dimension,
            ].compactMap { $0 }
            guard dimensions.allSatisfy({ $0 == manifest.encoder?.dimension }),
                stored?.trie.depth == stored?.quantiser.levelCount
            else { throw EngineError.mismatch(path: path, what: "its vectors and docids do not fit together") }
            return Engine(
                path: path, manifest: manifest, encoderProblem: problem,
                queries: QueryEncoder(tokenizer: tokenizer, encoder: encoder), segment: segment, ids: ids,
                texts: texts, containers: containers)
        } catch let error as StorageError {
            throw .storage(error)
        } catch let error as EngineError {
            throw error
        } catch {
            throw .mismatch(path: path, what: "\(error)")
        }
    }

    private static func readManifest(_ root: URL) throws(EngineError) -> IndexManifest {
        let file = root.appending(path: IndexLayout.manifest)
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
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
        do {
            let (title, text) = try texts.passage(Int(document))
            return (ids[Int(document)], title, text)
        } catch {
            throw .storage(error)
        }
    }
}
