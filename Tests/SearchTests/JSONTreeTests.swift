import Foundation
import Search
import Testing

@Suite struct JSONTreeTests {
    private func tree(_ text: String) throws -> JSONTree {
        try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
    }

    private func text(_ tree: JSONTree) throws -> String {
        String(decoding: try JSONTree.bytes(of: tree), as: UTF8.self)
    }

    @Test(
        "Documents come back as they were",
        arguments: [
            "null", "true", "0", "-7", "9007199254740993", "18446744073709551615", "0.25", "\"\"", "\"a/b \\\" é\"",
            "[]",
            "{}", "[1,[2,{\"a\":null}],false]", "{\"a\":{\"b\":[0.5]},\"c\":\"d\"}",
        ])
    func roundTrip(document: String) throws {
        #expect(try text(tree(document)) == document)
        #expect(try tree(text(tree(document))) == tree(document))
    }

    @Test("Members in the order of their names") func order() throws {
        #expect(try text(tree("{\"b\":1,\"a\":2}")) == "{\"a\":2,\"b\":1}")
    }

    @Test("Members are read, set and taken away") func members() throws {
        var document = try tree("{\"a\":1}")
        #expect(document["a"] == .integer(1) && document["b"] == nil && JSONTree.string("x")["a"] == nil)
        document["b"] = .bool(true)
        document["a"] = nil
        #expect(try text(document) == "{\"b\":true}")
        var other = JSONTree.integer(1)
        other["a"] = .null
        #expect(other == .integer(1))
    }

    private struct Person: Codable, Equatable {
        var name: String
        var age: UInt8
        var score: Float?
    }

    @Test("Values become documents and documents values") func values() throws {
        let person = Person(name: "Ada", age: 36, score: 0.5)
        let document = try JSONTree(encoding: person)
        #expect(document == .object(["name": .string("Ada"), "age": .integer(36), "score": .number(0.5)]))
        #expect(try document.decoded(as: Person.self) == person)
        #expect(throws: DecodingError.self) { try JSONTree.integer(300).decoded(as: UInt8.self) }
        #expect(throws: DecodingError.self) { try tree("{\"name\":\"Ada\"}").decoded(as: Person.self) }
    }

    @Test("Component names are keys of objects") func keys() throws {
        let weights: [ComponentID: Float] = ["bm25": 0.5, "x/y": 1]
        let document = try JSONTree(encoding: weights)
        #expect(try text(document) == "{\"bm25\":0.5,\"x/y\":1}")
        #expect(try document.decoded(as: [ComponentID: Float].self) == weights)
        #expect(try JSONTree(encoding: ComponentID("bm25")) == .string("bm25"))
        #expect((["b", "a", "B"] as [ComponentID]).sorted() == ["B", "a", "b"])
    }
}
