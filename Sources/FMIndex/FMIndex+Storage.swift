import Memory
import Storage
import Succinct

/// The index as a container file; `docs/format.md` lists the sections.
extension FMIndex {
    public static let fileKind = "fm-index"

    /// Writes the sections and finishes the file.
    public func write(to path: String) throws(StorageError) {
        let writer = try ContainerWriter(path: path, kind: Self.fileKind)
        try writer.write(
            "fm.header",
            [
                UInt64(documentCount), UInt64(tokenCount), UInt64(documentEnd), UInt64(titleEnd),
                UInt64(bwt.levels), UInt64(suffixes.width), UInt64(startOfDocument.width),
                UInt64(codes.width),
            ])
        try writer.write("fm.bwt", bwt.blocks)
        try writer.write("fm.bwt.zeros", bwt.zeros)
        try writer.write("fm.cumulative", cumulative)
        try writer.write("fm.alphabet", tokenOfCode)
        try writer.write("fm.alphabet.codes", codeOfToken)
        try writer.write("fm.suffixes", suffixes.words)
        try writer.write("fm.starts", starts.blocks)
        try writer.write("fm.documents", startOfDocument.words)
        try writer.write("fm.tokens", codes.words)
        try writer.finish()
    }

    /// Maps an index file.
    ///
    /// - Throws: ``StorageError`` when the parts are damaged or do not fit together.
    public init(_ container: Container) throws(StorageError) {
        let header = try container.section("fm.header", of: UInt64.self)
        func damaged(_ what: String) -> StorageError { .damaged(path: container.path, what: what) }
        let limit = UInt64(SuffixArray.maximumLength)
        guard header.count == 8, header[0] <= header[1], header[1] <= limit,
            header[2] <= UInt64(Int32.max), header[3] <= UInt64(Int32.max),
            (4..<8).allSatisfy({ header[$0] <= 64 })
        else { throw damaged("the header of the FM-index") }
        documentCount = Int(header[0])
        tokenCount = Int(header[1])
        documentEnd = Int32(header[2])
        titleEnd = Int32(header[3])
        textLength = tokenCount + 2
        let length = textLength

        func words(_ name: String) throws(StorageError) -> FrozenArray<UInt64> {
            try container.section(name, of: UInt64.self)
        }
        guard
            let bwt = WaveletMatrix(
                blocks: try words("fm.bwt"), zeros: try words("fm.bwt.zeros"), count: length,
                levels: Int(header[4]))
        else { throw damaged("the wavelet matrix") }
        guard
            let suffixes = PackedInts(
                words: try words("fm.suffixes"), count: length, width: Int(header[5]))
        else { throw damaged("the suffix array") }
        guard let starts = RankBitVector(blocks: try words("fm.starts"), count: length) else {
            throw damaged("the passage starts")
        }
        guard
            let startOfDocument = PackedInts(
                words: try words("fm.documents"), count: documentCount + 1, width: Int(header[6]))
        else { throw damaged("the passage table") }
        guard
            let codes = PackedInts(words: try words("fm.tokens"), count: tokenCount, width: Int(header[7]))
        else { throw damaged("the tokens") }
        let cumulative = try words("fm.cumulative")
        let alphabet = try container.section("fm.alphabet", of: Int32.self)
        let codeOfToken = try container.section("fm.alphabet.codes", of: Int32.self)
        guard cumulative.count == alphabet.count + 2, cumulative[cumulative.count - 1] == UInt64(length),
            codeOfToken.withUnsafeBuffer({ $0.allSatisfy { $0 >= 0 && $0 <= alphabet.count } })
        else { throw damaged("the alphabet") }
        guard cumulative.indices.dropFirst().allSatisfy({ cumulative[$0 - 1] <= cumulative[$0] }),
            alphabet.withUnsafeBuffer({ $0.allSatisfy { $0 >= 0 && $0 < codeOfToken.count } }),
            Int(documentEnd) < codeOfToken.count, codeOfToken[Int(documentEnd)] > 0
        else { throw damaged("the counts of the alphabet") }
        let documents = startOfDocument.count - 1
        guard starts.ones == documents, startOfDocument[0] == 0, startOfDocument[documents] == tokenCount,
            (0..<documents).allSatisfy({ startOfDocument[$0] < startOfDocument[$0 + 1] })
        else { throw damaged("the passage borders") }
        self.bwt = bwt
        self.suffixes = suffixes
        self.starts = starts
        self.startOfDocument = startOfDocument
        self.codes = codes
        self.cumulative = cumulative
        self.tokenOfCode = alphabet
        self.codeOfToken = codeOfToken
    }
}
