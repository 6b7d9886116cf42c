import Storage
import Testing

@Suite struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    @Test func values() throws {
        let json = try parse(
            #" {"a": [1, -2.5e2, true, false, null], "b": {"c": "x\n\"\u00e9\ud83d\ude00"}} "#)
        #expect(json["a"]?.array?[0].int == 1)
        #expect(json["a"]?.array?[1].number == -250)
        #expect(json["a"]?.array?[2].bool == true)
        #expect(json["a"]?.array?[4].isNull == true)
        #expect(json["b"]?["c"]?.string == "x\n\"é😀")
        #expect(json["missing"] == nil)
    }

    @Test("Names that are canonically equivalent stay apart") func equivalentNames() throws {
        let json = try parse("{\"\u{E5}\": 1, \"a\u{30A}\": 2, \"\u{212B}\": 3}")
        #expect(json.members?.count == 3)
        #expect(json["a\u{30A}"]?.int == 2)
        #expect(json["\u{212B}"]?.int == 3)
    }

    @Test func writingIsTheInverseOfParsing() throws {
        let text = #"{"b":[1,2.5,"q\"\\\u0001é"],"a":{"y":null,"x":false}}"#
        let json = try parse(text)
        #expect(String(decoding: json.bytes(), as: UTF8.self) == text)
        let sorted = #"{"a":{"x":false,"y":null},"b":[1,2.5,"q\"\\\u0001é"]}"#
        #expect(String(decoding: json.bytes(sorted: true), as: UTF8.self) == sorted)
    }

    @Test(
        "Faults are reported",
        arguments: [
            "", "{", "[1,", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "tru", "nul", "\"abc", "\"\\x\"",
            "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "1 2", "+1", ".5", "1e999",
            "--1", "[1,]", "{\"a\":1,}", "\u{1}", "\"\n\"",
        ])
    func faults(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func depthIsBounded() {
        #expect(throws: JSONError.self) {
            try parse(String(repeating: "[", count: 100_000))
        }
    }

    @Test func invalidUTF8() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xC3, 0x22]) }
    }
}
