import Corpora
import Docids
import Engine
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Tensors
import Transformers

/// Makes the entries of an index's docids: vectors of its passages and of their parts.
///
/// The vector of a part is mixed with its passage's,
///
///     v = (1 - w) · passage + w · part
///
/// with the interpolation weight w, both of length one and the mixture as it comes out, so that a part that is far from its passage's
/// subject counts a little less. A passage without any part has its own vector.
package struct EntryStage {
    package let index: IndexReader
    package let recipe: DocidRecipe
    package var threads = Parallel.cores

    package init(_ index: IndexReader, recipe: DocidRecipe) {
        self.index = index
        self.recipe = recipe
    }

    /// Passages whose parts are encoded at a time.
    private static let slice = 1_024

    /// What the entries are made of, in a short form: the corpus, the encoder, the recipe, the queries.
    package var fingerprint: String {
        var hash = SHA256()
        let manifest = index.manifest
        func add(_ text: String) { hash.update(Array((text + "\u{0}").utf8)) }
        add("entries 2 \(manifest.corpus.sha256) \(manifest.passages) \(manifest.encoder?.sha256 ?? "")")
        if let changes = manifest.changeDigest { add(changes) }
        add("\(recipe.representations.sorted().map(\.rawValue)) \(recipe.interpolation) \(recipe.partsPerPassage)")
        if recipe.representations.contains(.sentences) { add("\(recipe.sentenceWords)") }
        for generator in recipe.representations.contains(.queries) ? recipe.queryGenerators.sorted() : [] {
            let queries = manifest.part(SyntheticQueriesPart.kind(of: generator))
            add("\(generator) \(queries?.sha256 ?? "")")
        }
        return hash.hex()
    }

    /// The same for entries whose vectors were trained, which nothing else can make again.
    package var trainedFingerprint: String { "trained " + fingerprint }

    /// The passages and the encoder alone, in a short form.
    package var passagesFingerprint: String {
        let manifest = index.manifest
        var hash = SHA256()
        hash.update("passages 1 \(manifest.corpus.sha256) \(manifest.passages) \(manifest.encoder?.sha256 ?? "")")
        if let changes = manifest.changeDigest { hash.update("\u{0}" + changes) }
        return hash.hex()
    }

    /// Encodes every passage's parts on all cores.
    ///
    /// - Throws: ``TrainingError/noQueries(generator:index:)`` where the index has no queries that the recipe names;
    ///   why there is no encoder; `StorageError`; `Cancelled`.
    func run(_ clock: WorkClock) throws -> DocidEntries {
        let encoder = try index.value(IndexEncoder.self).encoder
        try clock.begin("docid entries", unit: "passages")
        var queries: [PassageQueries] = []
        for generator in recipe.representations.contains(.queries) ? recipe.queryGenerators : [] {
            guard let made = try index.queries(of: generator) else {
                throw TrainingError.noQueries(generator: generator, index: index.path)
            }
            queries.append(made)
        }
        guard let source = try PassageVectors(index) else { throw EngineError.noEncoder(index: index.path) }
        let d = encoder.dimension
        var (bits, passages): ([UInt16], [Int32]) = ([], [])
        for first in stride(from: 0, to: index.count, by: Self.slice) {
            let range = first..<min(index.count, first + Self.slice)
            let (texts, owners) = try parts(of: range, queries)
            var vectors = Matrix(rows: texts.count, columns: d)
            encoder.encodeAll(
                count: texts.count, threads: threads, tokens: { encoder.tokens(of: texts[$0], as: .passage) },
                into: &vectors)
            let entries = mix(range, vectors, owners, source, d)
            bits += entries.bits
            passages += entries.passages
            try clock.update(count: range.upperBound, fraction: Double(range.upperBound) / Double(index.count))
        }
        return DocidEntries(
            vectors: HalfVectors(bits: FrozenArray(bits), dimension: d), passages: FrozenArray(passages),
            passageCount: index.count)
    }

    /// The entries that a folder keeps, else those of another that are the same, else newly made ones,
    /// which the folder then keeps.
    package func entries(
        keptIn folder: URL, reusing others: [URL] = [], _ monitor: WorkMonitor
    ) throws -> DocidEntries {
        if let kept = kept(in: folder) { return kept }
        let entries = try entries(reusing: others, monitor)
        try DocidFolder.replace(StoredEntries.fileName, in: folder) { path throws(StorageError) in
            try StoredEntries(entries: entries, tree: nil, fingerprint: fingerprint).write(to: path)
        }
        return entries
    }

    private func kept(in folder: URL) -> DocidEntries? {
        let path = folder.appending(path: StoredEntries.fileName).path
        guard FileManager.default.fileExists(atPath: path),
            let container = try? Container(path: path, kind: StoredEntries.fileKind),
            let stored = try? StoredEntries(container), stored.fingerprint == fingerprint,
            stored.entries.passageCount == index.count
        else { return nil }
        return stored.entries
    }

    /// The entries of a training's folder where one has those, else newly made ones.
    package func entries(reusing folders: [URL], _ monitor: WorkMonitor) throws -> DocidEntries {
        for folder in folders {
            if let kept = kept(in: folder) { return kept }
        }
        let clock = WorkClock(monitor)
        let entries = try run(clock)
        clock.finish()
        return entries
    }

    /// The texts of the parts of some passages, and the passage of each.
    private func parts(
        of range: Range<Int>, _ queries: [PassageQueries]
    ) throws -> (texts: [String], owners: [Int32]) {
        var (texts, owners): ([String], [Int32]) = ([], [])
        for document in range {
            let owner = Int32(document)
            func add(_ part: some StringProtocol, title: String) {
                texts.append(WhiteSpace.collapsed(title + " " + part))
                owners.append(owner)
            }
            if recipe.representations.contains(.sentences) {
                let passage = try index.passage(PassageIndex(document))
                for piece in recipe.sentences(of: passage.text) { add(piece, title: passage.title) }
            }
            for made in queries {
                for place in made.places(of: owner).prefix(recipe.partsPerPassage) {
                    add(try made.item(place).text, title: "")
                }
            }
        }
        return (texts, owners)
    }

    private func mix(
        _ range: Range<Int>, _ vectors: Matrix, _ owners: [Int32], _ source: PassageVectors, _ d: Int
    ) -> (bits: [UInt16], passages: [Int32]) {
        let keepsPassages = recipe.representations.contains(.passage)
        var (rows, passages): ([Float], [Int32]) = ([], [])
        var own = [Float](repeating: 0, count: d)
        var next = 0
        for document in range {
            own.withUnsafeMutableBufferPointer { source.copy([Int32(document)], into: $0) }
            let isAlone = next == owners.count || Int(owners[next]) != document
            if keepsPassages || isAlone {
                rows += own
                passages.append(Int32(document))
            }
            while next < owners.count, Int(owners[next]) == document {
                let part = vectors.row(next)
                for (mine, other) in zip(own, part) {
                    rows.append((1 - recipe.interpolation) * mine + recipe.interpolation * other)
                }
                passages.append(Int32(document))
                next += 1
            }
        }
        let half = HalfVectors(rounding: FrozenArray(rows), dimension: d)
        return (half.bits.toArray(), passages)
    }
}
