import Engine
import FMIndex
import Learning
import Memory
import Tensors
import Text
import Transformers

/// The passages of a segment as an encoder reads them.
struct PassageTokens: Sendable {
    let encoder: SentenceEncoder
    private let index: FMIndex
    private let ngrams: NgramTokenizer

    init(_ index: FMIndex, _ encoder: SentenceEncoder) {
        (self.index, self.encoder) = (index, encoder)
        ngrams = NgramTokenizer(encoder.tokenizer)
    }

    var count: Int { index.documentCount }

    /// Between the encoder's marks.
    func framed(_ place: Int) -> [Int32] { encoder.framed(ngrams.known(index.text(of: place))) }

    /// Without marks, cut alike.
    func bare(_ place: Int) -> ArraySlice<Int32> { encoder.cut(ngrams.known(index.text(of: place))) }
}

/// The vectors of a segment's passages while they are made, each row written once.
struct SegmentVectors {
    let passages: PassageTokens
    /// [passages × dimension].
    let rows: SharedRows
    /// The passages' sentences and their vectors; nil where docids lead to passages.
    var sentences: (texts: SegmentSentences, rows: SentenceRows)?

    /// Document frequencies come from so many passages at most.
    private static let counted = 50_000

    /// Encodes passages, each into its row, and their sentences.
    ///
    /// - Parameter tokens: gets the passages' states.
    func encode(_ places: [Int32], tokens: TokenCollector? = nil) {
        let (passages, rows, texts) = (passages, rows, sentences?.texts)
        WindowEncoding(
            encoder: passages.encoder,
            windows: { place in
                texts?.windows(place, passages) ?? [SentenceWindow(tokens: passages.framed(place), isPassage: true)]
            }, passage: { rows[$0] }, sentences: sentences?.rows, tokens: tokens
        ).run(places.map(Int.init))
    }

    /// Gives some passages static vectors.
    func fill(_ encoder: StaticEncoder, where isStatic: @Sendable (Int) -> Bool) {
        let (passages, rows, sentences) = (passages, rows, sentences)
        Parallel.forEachRange(count: passages.count, grain: 256) { range in
            for place in range where isStatic(place) {
                encoder.encode(passages.bare(place), into: rows[place])
                guard let sentences else { continue }
                sentences.texts.encode(place, passages.encoder, encoder, into: sentences.rows)
                sentences.rows.mix(place, with: rows[place])
            }
        }
    }

    /// A static encoder that is fitted to the vectors of passages that were encoded.
    ///
    /// Document frequencies are those of passages spread evenly over the segment.
    func fit(_ sample: [Int32]) -> StaticEncoderFit.Result {
        let (passages, encoder) = (passages, passages.encoder)
        var frequencies = DocumentFrequencies(vocabularySize: encoder.tokenizer.vocabularySize)
        let counted = min(passages.count, Self.counted)
        for text in Parallel.map(count: counted, { Array(passages.bare($0 * passages.count / counted)) }) {
            frequencies.add(text)
        }
        let texts = sample.map { Array(passages.bare(Int($0))) }
        let tokens = frequencies.tokens
        let alone = encoder.encodeAll(tokens: tokens.map { encoder.framed([$0]) })
        var vectors = Matrix(rows: sample.count, columns: rows.columns)
        vectors.withUnsafeMutableBuffer { buffer in
            let target = SharedRows(buffer, columns: rows.columns)
            for (row, place) in sample.enumerated() { _ = target[row].update(fromContentsOf: rows[Int(place)]) }
        }
        return StaticEncoderFit().run(frequencies, texts: texts, vectors: vectors, tokenVectors: alone)
    }
}
