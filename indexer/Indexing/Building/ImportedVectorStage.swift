import Corpora
import Engine
import IndexStore
import Memory
import Storage
import Synchronization
import Tensors

/// The vectors of segments' passages where they come with the corpus: taken from their file, and their docids made of them.
final class ImportedVectorStage: SegmentStage {
    private let vectors: ImportedVectors
    private let coding: VectorCoding
    private let alignment: Mutex<VectorAlignment>

    init(_ vectors: ImportedVectors, _ options: IndexOptions) {
        self.vectors = vectors
        coding = VectorCoding(options)
        alignment = Mutex(VectorAlignment(vectors, of: .passage))
    }

    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
        try clock.begin("vectors", unit: "passages")
        let ids = try draft.component(PassageStore.self).ids
        let rows = alignment.withLock { alignment in
            (0..<draft.passages).compactMap { alignment.row(of: Identifier(ids[$0])) }
        }
        // The corpus was held against the file before; it is another by now.
        guard rows.count == draft.passages else { return try finish(in: "the corpus") }
        let d = vectors.dimension
        let values = FrozenArray<Float>(count: rows.count * d) { buffer in
            let target = SharedRows(buffer, columns: d)
            Parallel.forEach(count: rows.count) { vectors.copy(rows[$0], into: target[$0]) }
        }
        try clock.update(count: rows.count, fraction: 1)
        try coding.write(values, dimension: d, encoded: nil, draft, clock)
    }

    /// - Throws: ``VectorFileError`` where passages and vectors did not fit together.
    func finish(in source: String) throws { try alignment.withLock { try $0.finish(in: source) } }

    /// Holds a corpus against a file of vectors before any work is done.
    ///
    /// - Throws: ``VectorFileError`` where they do not fit together; what reading the corpus throws.
    static func check(
        _ vectors: ImportedVectors, _ corpus: consuming CorpusReader, called name: String, _ clock: WorkClock
    ) throws {
        try clock.begin("comparing vectors", unit: "passages")
        var reader = corpus
        var alignment = VectorAlignment(vectors, of: .passage)
        var count = 0
        while let passage = try reader.next() {
            alignment.row(of: Identifier(passage.id))
            count += 1
            if count % 256 == 0 { try clock.update(count: count, fraction: reader.report.fraction) }
        }
        try alignment.finish(in: name, badLines: reader.report.badLineCount)
    }
}

extension IndexOptions {
    /// The same for an index whose vectors are imported: nothing of it is encoded, and there is nothing that a generator could read.
    public func importingVectors() -> IndexOptions {
        var options = self
        (options.encoder, options.encoderPrecision, options.generator) = (nil, nil, nil)
        (options.sentenceDocids, options.tokenCodes) = (false, false)
        return options
    }
}
