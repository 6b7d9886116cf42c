import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct JSONLineTests {
    private func read(_ line: String, _ names: [String] = ["a", "b"]) throws -> [JSONLineValue?] {
        let reader = JSONLineReader(members: names)
        return try Array(line.utf8).withUnsafeBytes { try reader.read($0) }
    }

    @Test func members() throws {
        #expect(try read("{}") == [nil, nil])
        #expect(try read(#" { "b" : "x" , "a" : -1.50E+3 } "#) == [.number("-1.50E+3"), .string("x")])
        #expect(try read(#"{"a":null,"b":true,"c":{"a":"inner"}}"#) == [nil, .other("a truth value")])
        #expect(try read(#"{"\u0061":"\u00e9\ud83d\ude00\n\/","b":[]}"#) == [.string("é😀\n/"), .other("an array")])
        #expect(try read(#"{"a":"\u0000"}"#) == [.string("\0"), nil])
    }

    @Test(arguments: [
        "", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":.5}",
        "{\"a\":+1}", "{\"a\":1e}", "{\"a\":tru}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\t\"}",
        "{a:1}", "{\"a\":1 \"b\":2}", "{\"a\":[1,]}", "{\"a\":[1 2]}", "{\"a\":{\"x\":1,}}", "{\"a\":1}}",
        "{\"a\":\"\\", "{\"c\":\"\\u00", "{\"c\":nul",
    ])
    func broken(_ line: String) {
        #expect(throws: JSONLineError.self) { try read(line) }
    }

    @Test func nestingIsLimited() throws {
        let deep = { (depth: Int) in
            "{\"c\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(try read(deep(100)) == [nil, nil])
        #expect(throws: JSONLineError.self) { try read(deep(100_000)) }
    }

    /// Random objects, written by us and read by Foundation, and the other way round.
    @Test func agreesWithFoundation() throws {
        var generator = SeededGenerator(seed: 11)
        let alphabet: [Unicode.Scalar] =
            Array("ab\"\\/\n\r\t \u{1}\u{1f}\u{7f}é漢字😀\u{10ffff}\u{2028}".unicodeScalars)
        for _ in 0..<2000 {
            let strings = (0..<2).map { _ in
                var text = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0...12, using: &generator) {
                    text.append(alphabet.randomElement(using: &generator)!)
                }
                return String(text)
            }
            var bytes = Array("{\"a\": ".utf8)
            JSONEscapes.append(strings[0], to: &bytes)
            bytes.append(contentsOf: ",\"b\":".utf8)
            JSONEscapes.append(strings[1], to: &bytes)
            bytes.append(0x7d)
            let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String]
            #expect(object == ["a": strings[0], "b": strings[1]])
            #expect(try read(String(decoding: bytes, as: UTF8.self)) == strings.map { .string($0) })
            let theirs = try JSONSerialization.data(
                withJSONObject: ["a": strings[0], "b": strings[1], "c": [1, ["d": strings[0]]]])
            #expect(try read(String(decoding: theirs, as: UTF8.self)) == strings.map { .string($0) })
            // Every character as an escape.
            let escaped = strings[0].utf16.map { String(format: "\\u%04X", $0) }.joined()
            #expect(try read("{\"a\":\"\(escaped)\"}") == [.string(strings[0]), nil])
        }
    }

    /// What is broken by one byte is refused, or read as Foundation reads it; nothing traps.
    @Test func flippedBytes() throws {
        var generator = SeededGenerator(seed: 12)
        let original = Array(#"{"a":"x\u00e9\n","c":[1,-2.5e3,{"k":null}],"b":"é漢"}"#.utf8)
        for _ in 0..<20000 {
            var bytes = original
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
            let reader = JSONLineReader(members: ["a", "b"])
            guard let ours = try? bytes.withUnsafeBytes({ try reader.read($0) }),
                case .string(let text)? = ours[0]
            else { continue }
            guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
                let expected = object["a"] as? String
            else { continue }
            #expect(text == expected)
        }
    }
}
