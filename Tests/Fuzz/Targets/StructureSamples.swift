import Corpora
import Docids
import Engine
import FMIndex
import Foundation
import Memory
import Ranking
import Storage
import Tensors

/// Small structures in their files.
enum StructureSamples {
    static func fmIndex(_ profile: NgramProfile) throws -> [UInt8] {
        var random = SeededGenerator(seed: 12)
        var builder = FMIndexBuilder(documentEnd: 2, titleEnd: 3)
        for _ in 0..<30 {
            let body = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                5 + Int32.random(in: 0..<60, using: &random) * Int32.random(in: 0...1, using: &random)
            }
            builder.add(title: [Int32.random(in: 70...75, using: &random)], body: body)
        }
        let sections = MemorySections()
        try builder.write(to: sections, .init(profile: profile))
        return ContainerImage(
            kind: FMIndex.fileKind,
            sections: try sections.names.map { .init(name: $0, bytes: try sections.bytes($0).toArray()) }
        ).bytes
    }

    static func passages(_ path: String) throws -> [UInt8] {
        let writer = try ContainerWriter(path: path, kind: PassageStore.fileKind)
        // As older indexes have ids; a list of strings is among the terms.
        try StringTable.write(
            CorpusSamples.passages.map(\.id) + ["prefix/a/long/id", "prefix/a/longer/id"], to: writer, prefix: "ids")
        var texts = try DocumentStoreWriter(writer)
        for passage in CorpusSamples.passages { try texts.add(title: passage.title, text: passage.text) }
        for _ in 0..<2 { try texts.add(title: "", text: String(repeating: "long text ", count: 900)) }
        try texts.finish()
        try writer.finish()
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    static func terms(_ path: String) throws -> [UInt8] {
        var builder = SparseIndexBuilder()
        for passage in CorpusSamples.passages { builder.add(title: passage.title, text: passage.text) }
        for number in 0..<150 {
            builder.add(title: "river", text: String(repeating: "sand ", count: number % 5) + "bends \(number)")
        }
        try builder.write(to: ContainerWriter(path: path, kind: SparseIndex.fileKind))
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    static let vectors: FrozenArray<Float> = {
        var random = SeededGenerator(seed: 4)
        return FrozenArray((0..<80).map { _ in Float(random.unit()) - 0.5 })
    }()

    static func docids(_ path: String) throws -> [UInt8] {
        let tree = DocidTreeBuilder(fanout: 3, leafSize: 2, seed: 1, threads: 1).build(vectors: vectors, dimension: 4)
        let quantiser = ResidualQuantiser.train(
            vectors: vectors, dimension: 4, levels: 3, codewords: 4, seed: 1, threads: 1)
        let codes = quantiser.encode(vectors: vectors, threads: 1)
        let trie = DocidTrie(codes: codes, depth: 3)
        try SegmentDocids(tree: tree, quantised: .init(quantiser: quantiser, trie: trie))
            .write(to: ContainerWriter(path: path, kind: SegmentDocids.fileKind))
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    static func sentences(_ path: String) throws -> [UInt8] {
        var builder = LeafCodesBuilder(fanout: 3, leafSize: 2, seed: 1, threads: 1)
        (builder.hasSigns, builder.width) = (false, .nibble)
        let owners = EntryPassages(FrozenArray((0..<20).map { Int32($0 / 2) }), passageCount: 10)
        try owners.map { SentenceCodes(codes: builder.build(vectors: vectors, dimension: 4), owners: $0) }?
            .write(to: ContainerWriter(path: path, kind: SentenceCodes.fileKind))
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    static func tokenCodes(_ path: String) throws -> [UInt8] {
        var writer = try TokenCodesWriter(
            ContainerWriter(path: path, kind: TokenCodes.fileKind), book: "x", byteCount: 6, passages: 4)
        let bytes = (0..<18).map { UInt8($0) }
        try bytes.withUnsafeBufferPointer {
            try writer.add(2, $0)
            try writer.add(0, UnsafeBufferPointer(rebasing: $0[..<12]))
        }
        try writer.finish()
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    static func entries(_ path: String) throws -> [UInt8] {
        let half = HalfVectors(rounding: vectors, dimension: 4)
        let entries = DocidEntries(
            vectors: half, passages: FrozenArray((0..<20).map { Int32($0 / 2) }), passageCount: 10)
        let tree = DocidTreeBuilder(fanout: 3, leafSize: 2, seed: 1, threads: 1).build(vectors: vectors, dimension: 4)
        try StoredEntries(entries: entries, tree: tree, fingerprint: "x").write(to: path)
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
}
