import Docids
import Engine
import Foundation
import Memory
import Ranking
import Storage
import Tensors
import Transformers

/// Makes the entries of an index's docids: vectors of its passages and of their parts.
///
/// The vector of a part is mixed with its passage's,
///
///     v = (1 - share) · passage + share · part
///
/// both of length one and the mixture as it comes out, so that a part that is far from its passage's
/// subject counts a little less. A passage without any part has its own vector.
public struct EntryStage {
    public let engine: Engine
    public let recipe: DocidRecipe
    public var threads = Parallel.cores

    public init(_ engine: Engine, recipe: DocidRecipe) {
        self.engine = engine
        self.recipe = recipe
    }

    /// Passages whose parts are encoded at a time.
    private static let slice = 1_024

    /// What the entries are made of, in a short form: the corpus, the encoder, the recipe, the queries.
    public var fingerprint: String {
        var hash = SHA256()
        let manifest = engine.manifest
        func add(_ text: String) { hash.update(Array((text + "\u{0}").utf8)) }
        add("entries 1 \(manifest.corpus.sha256) \(manifest.passages) \(manifest.encoder?.sha256 ?? "")")
        add("\(recipe.representations.sorted().map(\.rawValue)) \(recipe.share) \(recipe.partsPerPassage)")
        if recipe.representations.contains(.sentences) { add("\(recipe.sentenceWords)") }
        for maker in recipe.representations.contains(.queries) ? recipe.makers.sorted() : [] {
            let queries = manifest.queries?.first { $0.maker == maker }
            add("\(maker) \(queries.map { "\($0)" } ?? "")")
        }
        return hash.hex()
    }

    /// The same for entries whose vectors were trained, which nothing else can make again.
    public var trainedFingerprint: String { "trained " + fingerprint }

    /// The passages and the encoder alone, in a short form.
    public var passagesFingerprint: String {
        let manifest = engine.manifest
        var hash = SHA256()
        hash.update("passages 1 \(manifest.corpus.sha256) \(manifest.passages) \(manifest.encoder?.sha256 ?? "")")
        return hash.hex()
    }

    /// Encodes every passage's parts on all cores.
    ///
    /// - Throws: ``IndexingError`` where the encoder is not at hand, a file is damaged, or the index has
    ///   no queries of a maker that the recipe names.
    func run(clock: StageClock) throws(IndexingError) -> DocidEntries {
        guard let encoder = engine.queries.encoder else {
            throw .encoder("\(engine.path): \(engine.encoderProblem ?? "there is no encoder")")
        }
        try clock.begin(.entries, unit: "passages")
        var queries: [PassageQueries] = []
        for maker in recipe.representations.contains(.queries) ? recipe.makers : [] {
            queries.append(try made(by: maker))
        }
        let source = BuiltPassages(engine)
        let d = encoder.dimension
        var (bits, passages): ([UInt16], [Int32]) = ([], [])
        for first in stride(from: 0, to: engine.count, by: Self.slice) {
            let range = first..<min(engine.count, first + Self.slice)
            let (texts, owners) = try parts(of: range, queries)
            var vectors = Matrix(rows: texts.count, columns: d)
            encoder.encodeAll(
                count: texts.count, threads: threads, tokens: { encoder.tokens(of: texts[$0]) }, into: &vectors)
            let entries = mix(range, vectors, owners, source, d)
            bits += entries.bits
            passages += entries.passages
            try clock.update(count: range.upperBound, fraction: Double(range.upperBound) / Double(engine.count))
        }
        clock.finish()
        return DocidEntries(
            vectors: HalfVectors(bits: FrozenArray(bits), dimension: d), passages: FrozenArray(passages),
            passageCount: engine.count)
    }

    /// The entries that a folder keeps, else those of another that are the same, else newly made ones,
    /// which the folder then keeps.
    public func entries(
        keptIn folder: URL, reusing others: [URL] = [],
        onProgress: @escaping (IndexProgress) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws(IndexingError) -> DocidEntries {
        if let kept = kept(in: folder) { return kept }
        let entries = try entries(reusing: others, onProgress: onProgress, isCancelled: isCancelled)
        do throws(StorageError) {
            try DocidFolder.replace(IndexLayout.entries, in: folder) { path throws(StorageError) in
                try StoredEntries(entries: entries, tree: nil, fingerprint: fingerprint).write(to: path)
            }
        } catch {
            throw .storage(error)
        }
        return entries
    }

    private func kept(in folder: URL) -> DocidEntries? {
        let path = folder.appending(path: IndexLayout.entries).path
        guard FileManager.default.fileExists(atPath: path),
            let container = try? Container(path: path, kind: IndexLayout.entriesKind),
            let stored = try? StoredEntries(container), stored.fingerprint == fingerprint,
            stored.entries.passageCount == engine.count
        else { return nil }
        return stored.entries
    }

    /// The entries of a training's folder where one has those, else newly made ones.
    public func entries(
        reusing folders: [URL], onProgress: @escaping (IndexProgress) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws(IndexingError) -> DocidEntries {
        for folder in folders {
            if let kept = kept(in: folder) { return kept }
        }
        return try run(clock: StageClock(report: onProgress, isCancelled: isCancelled))
    }

    private func made(by maker: String) throws(IndexingError) -> PassageQueries {
        let queries: PassageQueries?
        do throws(EngineError) { queries = try engine.passageQueries(maker) } catch { throw .index(error) }
        guard let queries else {
            throw .docids("\(engine.path): it holds no queries of the maker \(maker); \"genret queries make\" makes some")
        }
        return queries
    }

    /// The texts of the parts of some passages, and the passage of each.
    private func parts(
        of range: Range<Int>, _ queries: [PassageQueries]
    ) throws(IndexingError) -> (texts: [String], owners: [Int32]) {
        let pieces = SentencePieces(words: recipe.sentenceWords, most: recipe.partsPerPassage)
        var (texts, owners): ([String], [Int32]) = ([], [])
        for document in range {
            let owner = Int32(document)
            func add(_ part: some StringProtocol, title: String) {
                texts.append(QueryText.tidy(title + " " + part))
                owners.append(owner)
            }
            if recipe.representations.contains(.sentences) {
                do throws(EngineError) {
                    let passage = try engine.passage(owner)
                    for piece in pieces.pieces(of: passage.text) { add(piece, title: passage.title) }
                } catch {
                    throw .index(error)
                }
            }
            do throws(StorageError) {
                for made in queries {
                    for place in made.places(of: owner).prefix(recipe.partsPerPassage) {
                        add(try made.item(place).text, title: "")
                    }
                }
            } catch {
                throw .storage(error)
            }
        }
        return (texts, owners)
    }

    private func mix(
        _ range: Range<Int>, _ vectors: Matrix, _ owners: [Int32], _ source: BuiltPassages, _ d: Int
    ) -> (bits: [UInt16], passages: [Int32]) {
        let keepsPassages = recipe.representations.contains(.passage)
        var (rows, passages): ([Float], [Int32]) = ([], [])
        var own = [Float](repeating: 0, count: d)
        var next = 0
        for document in range {
            own.withUnsafeMutableBufferPointer { source.copyVector(document, to: $0) }
            let isAlone = next == owners.count || Int(owners[next]) != document
            if keepsPassages || isAlone {
                rows += own
                passages.append(Int32(document))
            }
            while next < owners.count, Int(owners[next]) == document {
                let part = vectors.row(next)
                for (mine, other) in zip(own, part) { rows.append((1 - recipe.share) * mine + recipe.share * other) }
                passages.append(Int32(document))
                next += 1
            }
        }
        let half = HalfVectors(rounding: FrozenArray(rows), dimension: d)
        return (half.bits.toArray(), passages)
    }
}
