import Foundation
import Storage
import Text
import Transformers

/// Files beside the tests.
enum Fixture {
    static func url(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name)")
    }

    static func tinyTokenizer() throws -> Tokenizer {
        try Tokenizer(contentsOf: url("tiny_tokenizer.json"))
    }

    /// One of the tokenizers that `make_tokenizer_fixtures.py` trained.
    static func family(_ name: String) throws -> Tokenizer {
        try Tokenizer(contentsOf: url("\(name).tokenizer.json"))
    }

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: url(name))))
    }

    static func cases(_ name: String) throws -> [Case] {
        let json = try JSONValue(parsing: Array(Data(contentsOf: url(name))))
        return (json.array ?? []).map(Case.init)
    }

    /// The model's own tokenizer, where the machine has it.
    static var miniLM: URL? {
        ModelCache.standard.directory(of: "all-MiniLM-L6-v2")?
            .appendingPathComponent("tokenizer.json")
    }

    struct Case {
        let text: String
        let ids: [Int32]
        let offsets: [Range<Int>]
        let first16: [Int32]
        /// Nil where the reference is not to be followed.
        let decoded: String?

        init(_ json: JSONValue) {
            func numbers(_ name: String) -> [Int] { (json[name]?.array ?? []).compactMap(\.int) }
            text = json["text"]?.string ?? ""
            ids = numbers("ids").map(Int32.init)
            let flat = numbers("offsets")
            offsets = stride(from: 0, to: flat.count, by: 2).map { flat[$0]..<flat[$0 + 1] }
            first16 = numbers("first16").map(Int32.init)
            decoded = json["decoded"]?.string
        }
    }
}
