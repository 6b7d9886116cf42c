import Engine
import Ranking
import Storage

/// The texts and vectors of all segments that a build has written, numbered through.
struct BuiltPassages {
    private let texts: [DocumentStore]
    private let dense: [DenseIndex]
    private let places: SegmentPlaces

    /// Maps the files; they were written a moment ago, so their checksums are not computed again.
    init(_ segments: [BuiltSegment]) throws(StorageError) {
        var texts: [DocumentStore] = []
        var dense: [DenseIndex] = []
        for segment in segments {
            texts.append(
                try DocumentStore(
                    Container(
                        path: segment.passagesPath, kind: IndexLayout.passagesKind,
                        verifyingSections: false)))
            guard let path = segment.vectorsPath else { continue }
            dense.append(
                try DenseIndex(Container(path: path, kind: DenseIndex.fileKind, verifyingSections: false)))
        }
        self.init(texts: texts, dense: dense)
    }

    /// Those of an index that stands.
    init(_ engine: Engine) {
        self.init(texts: engine.stored.map(\.texts), dense: engine.segments.segments.compactMap(\.dense))
    }

    private init(texts: [DocumentStore], dense: [DenseIndex]) {
        self.texts = texts
        self.dense = dense
        places = SegmentPlaces(counts: texts.map(\.count))
    }

    var count: Int { places.count }

    /// The length of a vector; nil without an encoder.
    var dimension: Int? { dense.first?.dimension }

    func passage(_ document: Int) throws(StorageError) -> (title: String, text: String) {
        let (segment, local) = places.locate(Int32(document))
        return try texts[segment].passage(Int(local))
    }

    /// Copies a passage's vector.
    func copyVector(_ document: Int, to row: UnsafeMutableBufferPointer<Float>) {
        let (segment, local) = places.locate(Int32(document))
        let index = dense[segment]
        let start = Int(local) * index.dimension
        index.vectors.withUnsafeBuffer { all in
            for i in 0..<index.dimension { row[i] = all[start + i] }
        }
    }
}
