import Foundation
import Storage
import Testing
import Text

/// Every component by itself, in a tokenizer that makes its work visible.
@Suite("Components do what those of the reference do") struct ComponentReferenceTests {
    private let reference: JSONValue

    init() throws {
        let data = try Data(contentsOf: Fixture.url("component_reference.json"))
        let map = try Fixture.json("t5.tokenizer.json")["normalizer"]?["precompiled_charsmap"]?.string
        let text = String(decoding: data, as: UTF8.self).replacingOccurrences(
            of: "\"t5\"", with: "\"\(map ?? "")\"")
        reference = try JSONValue(parsing: Array(text.utf8))
    }

    private func tokenizer(_ component: JSONValue) throws -> Tokenizer {
        let section = try #require(component["section"]?.string)
        let model = try #require(reference["models"]?[component["model"]?.string ?? ""])
        let value = try #require(component["value"])
        return try Tokenizer.assembled(model: model, [section: value])
    }

    @Test("Crafted strings") func strings() throws {
        var texts = (reference["strings"]?.array ?? []).compactMap(\.string)
        texts += (0..<(reference["lines"]?.int ?? 0)).map(MixedLines.line)
        let components = try #require(reference["components"]?.array)
        #expect(components.count > 130)
        for component in components {
            let tokenizer = try tokenizer(component)
            let hashes = (component["hashes"]?.array ?? []).compactMap(\.string)
            #expect(hashes.count == texts.count)
            for (text, expected) in zip(texts, hashes) {
                var hash = FNV1a()
                hash.add(tokenizer.encode(text))
                #expect(hash.hex == expected, "\(component.name) of \(text.debugDescription)")
            }
        }
    }

    /// The scalars that Unicode 14 assigns, so that a later library gives the same texts.
    private static func sweep(_ block: UInt32) -> [String] {
        let scalars = (block << 12..<(block + 1) << 12).compactMap(Unicode.Scalar.init).filter {
            $0.properties.generalCategory != .unassigned
                && ($0.properties.age.map { $0.major <= 14 } ?? true)
        }
        return stride(from: 0, to: scalars.count, by: 64).map { first in
            var text = String.UnicodeScalarView()
            for scalar in scalars[first..<min(first + 64, scalars.count)] {
                text.append(scalar)
                text.append("a")
            }
            return String(text)
        }
    }

    @Test("All scalars of two planes") func scalars() throws {
        let sweeps = try #require(reference["sweeps"]?.array)
        #expect(sweeps.count >= 20)
        let blocks = (0..<32).map { ComponentReferenceTests.sweep($0) }
        for sweep in sweeps {
            let tokenizer = try tokenizer(sweep)
            for (block, expected) in (sweep["hashes"]?.array ?? []).enumerated() {
                var hash = FNV1a()
                for text in blocks[block] { hash.add(tokenizer.encode(text)) }
                #expect(
                    hash.hex == expected.string,
                    "\(sweep.name), scalars from \(String(block << 12, radix: 16)) on")
            }
        }
    }

    @Test func decoders() throws {
        let spellings = (reference["spellings"]?.array ?? []).compactMap(\.string)
        let vocabulary = spellings.enumerated().map { JSONValue.Member($1, .number(Double($0))) }
        let model = JSONValue.object([
            .init("type", .string("WordLevel")), .init("unk_token", .string("#")),
            .init("vocab", .object(vocabulary)),
        ])
        let decoders = try #require(reference["decoders"]?.array)
        #expect(decoders.count > 10)
        for entry in decoders {
            let decoder = try #require(entry["decoder"])
            let tokenizer = try Tokenizer.assembled(model: model, ["decoder": decoder])
            for expected in entry["cases"]?.array ?? [] {
                let ids = (expected["ids"]?.array ?? []).compactMap(\.int).map(Int32.init)
                let text = try #require(expected["text"]?.string)
                let decoded = tokenizer.decode(ids)
                #expect(
                    decoded.utf8.elementsEqual(text.utf8),
                    "\(String(decoding: decoder.bytes(), as: UTF8.self)): \(decoded.debugDescription)")
            }
        }
    }
}

extension JSONValue {
    fileprivate var name: String {
        String(decoding: (self["value"] ?? .null).bytes(), as: UTF8.self).prefix(160)
            + " over " + (self["model"]?.string ?? "")
    }
}

extension Tokenizer {
    /// A tokenizer of a model and a few sections.
    static func assembled(
        model: JSONValue, _ sections: [String: JSONValue] = [:]
    ) throws -> Tokenizer {
        var members = sections.map { JSONValue.Member($0, $1) }
        members.append(.init("model", model))
        return try Tokenizer(json: Data(JSONValue.object(members).bytes()))
    }
}
