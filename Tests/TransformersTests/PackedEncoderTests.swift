import Foundation
import Memory
import TestSupport
import Testing
import Text
import Transformers

@Suite struct PackedEncoderTests {
    private func folder() throws -> (TemporaryFolder, SentenceEncoder) {
        let folder = try TemporaryFolder()
        let file = try PackedEncoderBuilder().open()
        try PackedEncoderFolder(file: file, prompts: [("query", "query: "), ("passage", "passage: ")])
            .write(to: folder.url)
        return (folder, try SentenceEncoder(directory: folder.url))
    }

    @Test("A folder of it is an encoder with its tokens and prompts") func folders() throws {
        let (folder, encoder) = try folder()
        #expect(try Checkpoint(contentsOf: folder.url).verify() == .sentenceEncoder)
        #expect(encoder.dimension == 32 && encoder.maxTokens == 16 && encoder.poolsByMean)
        #expect(encoder.tokenizer.encode("a ab\u{A0}Ａ c").ids == [0, 4, 4, 5, 6, 3, 6, 7, 2])
        #expect(encoder.tokenizer.encode("～ ~").ids == [0, 9, 6, 3, 2])
        // "passage:" is not in the vocabulary.
        #expect(encoder.tokens(of: "a", as: .query) == [0, 8, 4, 2])
        #expect(encoder.tokens(of: "a", as: .passage).dropFirst().dropLast().last == 4)
        #expect(encoder.framed([4, 5]) == encoder.tokens(of: "ab", as: .passage))
        #expect(encoder.encodeQuery("a").ids == [0, 8, 4, 2])
        let long = Array(repeating: "a", count: 40).joined(separator: " ")
        #expect(encoder.tokens(of: long, as: .query).count == 16 && encoder.tokens(of: long, as: .query).last == 2)
        #expect(encoder.framed([Int32](repeating: 4, count: 40)).count == 16)
    }

    @Test("Weights are those of the blocks") func weights() throws {
        let (folder, encoder) = try folder()
        let bytes = PackedEncoderBuilder().bytes
        let file = try PackedEncoderBuilder().open()
        let words = try Checkpoint(contentsOf: folder.url)
            .floats("embeddings.word_embeddings.weight", shape: [12, 32]).toArray()
        #expect(words == encoder.wordEmbeddings.toArray())
        let start = try #require(file.tensors["emb.word"]).range.lowerBound
        for block in 0..<12 {
            let place = start + 18 * block
            let scale = Float(Float16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8))
            for i in 0..<16 {
                let byte = Int(bytes[place + 2 + i])
                #expect(words[32 * block + i] == Float(byte & 15 - 8) * scale)
                #expect(words[32 * block + i + 16] == Float(byte >> 4 - 8) * scale)
            }
        }
    }

    @Test("The same file makes the same folder") func reproducible() throws {
        let (one, _) = try folder()
        let (two, _) = try folder()
        for name in ["config.json", "tokenizer.json", "model.safetensors", "config_sentence_transformers.json"] {
            #expect(
                try Data(contentsOf: one.url.appendingPathComponent(name))
                    == Data(contentsOf: two.url.appendingPathComponent(name)))
        }
    }

    @Test("Damaged files throw, and never trap") func damage() throws {
        func refused(_ change: (inout PackedEncoderBuilder) -> Void, location: SourceLocation = #_sourceLocation) {
            var builder = PackedEncoderBuilder()
            change(&builder)
            let error = #expect(throws: ModelError.self, sourceLocation: location) { try builder.open() }
            #expect(error?.description.contains("test.bin") == true, sourceLocation: location)
        }
        for version: UInt32 in [0, 2, .max] { refused { $0.version = version } }
        for place in 0..<7 { for size: Int32 in [0, -1, .max, .min] { refused { $0.sizes[place] = size } } }
        refused { $0.sizes[0] = 33 }
        refused { $0.sizes[4] = 3 }
        refused { $0.epsilon = .nan }
        for block: Int32 in [0, 16, -32] { refused { $0.block = block } }
        for place in 0..<4 { for id: Int32 in [-1, 11, .max] { refused { $0.special[place] = id } } }
        refused { $0.scores[4] = .infinity }
        refused { $0.pieces[5] = [0xFF] }
        refused { $0.pieces[5] = [] }
        for length: UInt64 in [0, 5, 1 << 40, .max] { refused { $0.pieceBytes = length } }
        refused { $0.mapBytes = .max }
        for count: Int32 in [0, -1, 10_000, .max] { refused { $0.tensorCount = count } }
        refused { $0.change = { $0.name = "same" } }
        refused { $0.change = { $0.kind = 2 } }
        refused { $0.change = { $0.place = .max } }
        refused { $0.change = { $0.length += 1 } }
        refused { $0.change = { $0.count = .max } }
    }

    @Test("A file that ends early, and tensors that are missing") func missing() throws {
        let bytes = PackedEncoderBuilder().bytes
        for count in stride(from: 0, to: bytes.count - 128, by: 61) {
            #expect(throws: ModelError.self) {
                try PackedEncoderFile(bytes: FrozenArray(Array(bytes[..<count])), path: "test.bin")
            }
        }
        var builder = PackedEncoderBuilder()
        builder.change = { if $0.name == "l0.fo.w" { $0.name = "l0.fx.w" } }
        let folder = try TemporaryFolder()
        #expect(throws: ModelError.self) {
            try PackedEncoderFolder(file: builder.open(), prompts: []).write(to: folder.url)
        }
    }
}
