import Foundation
import Storage
import Testing
import Text

/// Tokenizers of every family that the reference trained, over lines of mixed scripts.
@Suite("Ten thousand lines in every family") struct FamilyReferenceTests {
    static let families = [
        "gpt2", "bart", "qwen2", "llama3", "smollm", "llama2", "metaspace_bpe", "t5", "xlmr",
        "byte_unigram", "wordpiece", "mpnet", "word_level", "clip", "prefixed_bpe",
    ]

    @Test("The first lines in full", arguments: families) func firstLines(family: String) throws {
        let tokenizer = try Fixture.family(family)
        let reference = try Fixture.json("\(family).reference.json")
        let ids = try #require(reference["ids"]?.array)
        #expect(ids.count >= 50)
        for (number, expected) in ids.enumerated() {
            let text = MixedLines.line(number)
            let encoding = tokenizer.encode(text)
            let expected = (expected.array ?? []).compactMap(\.int).map(Int32.init)
            #expect(encoding.ids == expected, "line \(number): \(text.debugDescription)")
            let offsets = reference["offsets"]?.array?[number].array?.compactMap(\.int)
            #expect(
                encoding.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == offsets,
                "line \(number): \(text.debugDescription)")
            let decoded = try #require(reference["decoded"]?.array?[number].string)
            #expect(
                tokenizer.decode(expected).utf8.elementsEqual(decoded.utf8),
                "line \(number): \(text.debugDescription)")
        }
    }

    @Test("All lines by hash", arguments: families) func allLines(family: String) throws {
        let tokenizer = try Fixture.family(family)
        let reference = try Fixture.json("\(family).reference.json")
        let block = try #require(reference["block"]?.int)
        let hashes = try #require(reference["hashes"]?.array)
        #expect(hashes.count * block == 10_000)
        for (index, expected) in hashes.enumerated() {
            var hash = FNV1a()
            for number in index * block..<(index + 1) * block {
                hash.add(tokenizer.encode(MixedLines.line(number)))
            }
            #expect(hash.hex == expected.string, "lines from \(index * block) on")
        }
    }
}
