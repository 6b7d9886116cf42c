import Foundation
import Storage
import Testing
import Text

@Suite struct AddedTokensTests {
    /// Spaces that tokens take, words they must be, normal forms, tokens within tokens.
    @Test("Every mixture of options, as the reference has it") func reference() throws {
        let sets = try #require(Fixture.json("added_tokens_reference.json").array)
        #expect(sets.count >= 40)
        for set in sets {
            let family = try #require(set["family"]?.string)
            let file = try Fixture.json("\(family).tokenizer.json")
            let members = (file.members ?? []).filter { $0.key != "added_tokens" }
            let added = JSONValue.Member("added_tokens", set["added_tokens"] ?? .null)
            let tokenizer = try Tokenizer(json: Data(JSONValue.object(members + [added]).bytes()))
            for expected in set["cases"]?.array ?? [] {
                let text = try #require(expected.array?.first?.string)
                var hash = FNV1a()
                hash.add(tokenizer.encode(text))
                #expect(
                    hash.hex == expected.array?.last?.string, "\(family): \(text.debugDescription)")
            }
        }
    }

    @Test("Thousands of added tokens")
    func many() throws {
        let added = (0..<20_000).map { number in
            JSONValue.object([
                .init("id", .number(Double(number + 1))),
                .init("content", .string("a" + String(number))), .init("special", .bool(true)),
            ])
        }
        let tokenizer = try Tokenizer(
            json: Data(
                JSONValue.object([
                    .init("added_tokens", .array(added)),
                    .init(
                        "model",
                        .object([
                            .init("type", .string("WordLevel")),
                            .init("vocab", .object([.init("<unk>", .number(0))])),
                        ])),
                ]).bytes()))
        let text = String(repeating: "aa19999", count: 50_000)
        #expect(tokenizer.encode(text).count == 100_000)
    }
}
