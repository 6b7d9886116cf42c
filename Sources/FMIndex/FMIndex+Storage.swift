import Memory
import Storage
import Succinct

/// The index as sections; `docs/format.md` lists them.
extension FMIndex {
    public static let fileKind = "fm-index"

    /// Binds the parts of a fast index that a build has at hand; it can rank and list continuations.
    init(
        transform: Transform, alphabet: FMIndexBuilder.Alphabet, cumulative: FrozenArray<UInt64>,
        documentEnd: Int32, titleEnd: Int32, tokenCount: Int, startOfDocument: PackedInts
    ) {
        self.transform = transform
        self.documentEnd = documentEnd
        self.titleEnd = titleEnd
        queryStart = nil
        self.tokenCount = tokenCount
        self.startOfDocument = startOfDocument
        self.cumulative = cumulative
        documentCount = startOfDocument.count - 1
        textLength = tokenCount + 2
        tokenOfCode = FrozenArray(alphabet.tokenOfCode)
        codeOfToken = FrozenArray(alphabet.codeOfToken)
        let none = PackedInts(count: 0, width: 1) { _ in 0 }
        rowOfDocument = none
        samples = PositionSamples(marks: RankBitVector(count: 0, ones: []), positions: none)
        documentOfRow = nil
        codes = nil
        frequent = .none
    }

    /// Maps the sections of an index.
    ///
    /// - Throws: ``StorageError`` when the parts are damaged or do not fit together.
    public init(_ source: some SectionSource) throws(StorageError) {
        let header = try source.section("fm.header", of: UInt64.self)
        func damaged(_ what: String) -> StorageError { .damaged(path: source.path, what: what) }
        guard header.count == 6, header[0] <= header[1],
            header[1] <= UInt64(FMIndexBuilder.maximumTokens), header[2] <= UInt64(Int32.max),
            header[3] <= UInt64(Int32.max), (1...2).contains(header[4]), header[5] <= UInt64(Int32.max)
        else { throw damaged("the header of the FM-index") }
        let documents = Int(header[0])
        let tokens = Int(header[1])
        let length = tokens + 2
        documentCount = documents
        tokenCount = tokens
        documentEnd = Int32(header[2])
        titleEnd = Int32(header[3])
        queryStart = header[5] == 0 ? nil : Int32(header[5] - 1)
        textLength = length

        func packed(_ name: String, _ count: Int, largest: Int, _ what: String) throws(StorageError) -> PackedInts {
            let words = try source.section(name, of: UInt64.self)
            guard let ints = PackedInts(words: words, count: count, width: PackedInts.width(forLargest: largest))
            else { throw damaged(what) }
            return ints
        }
        let cumulative = try source.section("fm.cumulative", of: UInt64.self)
        let alphabet = try source.section("fm.alphabet", of: Int32.self)
        let codeOfToken = try source.section("fm.alphabet.codes", of: Int32.self)
        guard cumulative.count == alphabet.count + 1, alphabet.count > 1, cumulative[0] == 0,
            cumulative[1] == 1, cumulative[alphabet.count] == UInt64(length),
            cumulative.indices.dropFirst().allSatisfy({ cumulative[$0 - 1] <= cumulative[$0] }),
            codeOfToken.withUnsafeBuffer({ $0.allSatisfy { $0 >= 0 && $0 < alphabet.count } }),
            alphabet.indices.dropFirst().allSatisfy({ alphabet[$0] >= 0 && alphabet[$0] < codeOfToken.count }),
            Int(documentEnd) < codeOfToken.count, codeOfToken[Int(documentEnd)] > 0
        else { throw damaged("the alphabet") }
        let startOfDocument = try packed("fm.documents", documents + 1, largest: tokens, "the passage table")
        guard startOfDocument[0] == 0, startOfDocument[documents] == tokens,
            (0..<documents).allSatisfy({ startOfDocument[$0] < startOfDocument[$0 + 1] })
        else { throw damaged("the passage borders") }
        self.cumulative = cumulative
        self.tokenOfCode = alphabet
        self.codeOfToken = codeOfToken
        self.startOfDocument = startOfDocument
        rowOfDocument = try packed("fm.document.rows", documents, largest: length, "the rows of passages")
        guard
            let marks = RankBitVector(
                blocks: try source.section("fm.samples.marks", of: UInt64.self), count: length),
            let samples = PositionSamples(
                marks: marks,
                positions: try packed(
                    "fm.samples.positions", (length + PositionSamples.rate - 1) / PositionSamples.rate,
                    largest: length / PositionSamples.rate, "the position samples"), length: length)
        else { throw damaged("the position samples") }
        self.samples = samples

        guard header[4] == 1 else {
            guard
                let matrix = WaveletMatrix(
                    blocks: try source.section("fm.wavelet", of: UInt64.self),
                    zeros: try source.section("fm.wavelet.zeros", of: UInt64.self),
                    bottoms: try source.section("fm.wavelet.bottoms", of: UInt64.self), count: length,
                    levels: PackedInts.width(forLargest: max(1, alphabet.count - 1))),
                matrix.bottoms.count == alphabet.count
            else { throw damaged("the wavelet matrix") }
            transform = .wavelet(matrix)
            documentOfRow = nil
            codes = nil
            frequent = .none
            return
        }
        let symbolBytes = SymbolArray.symbolBytes(forLargest: alphabet.count - 1)
        guard
            let symbols = SymbolArray(
                bytes: try source.bytes("fm.symbols"), count: length, symbolBytes: symbolBytes),
            let lists = OccurrenceLists(
                symbols: symbols, cumulative: cumulative,
                directory: try source.section("fm.occurrences.directory", of: UInt32.self),
                low: try source.section("fm.occurrences.low", of: UInt64.self))
        else { throw damaged("the occurrence lists") }
        transform = .lists(lists)
        documentOfRow = try packed("fm.row.documents", length, largest: documents, "the passages of rows")
        guard
            let codes = SymbolArray(
                bytes: try source.bytes("fm.tokens"), count: tokens, symbolBytes: symbolBytes)
        else { throw damaged("the tokens") }
        self.codes = codes
        guard let frequent = try FrequentContinuations(source) else {
            throw damaged("the frequent continuations")
        }
        self.frequent = frequent
    }
}
