import Foundation
import Storage
import Transformers

/// Files beside the tests.
enum Fixture {
    static func url(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name)")
    }

    static var tinyBERT: URL { url("tiny_bert") }

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: url(name))))
    }

    /// The default encoder, where the machine has it.
    static var miniLM: URL? { ModelCache.standard.directory(of: "all-MiniLM-L6-v2") }

    /// A larger encoder, where the machine has it.
    static var mpnet: URL? { ModelCache.standard.directory(of: "all-mpnet-base-v2") }

    /// The decoder that a test of real weights needs, where the machine has it.
    static var smolLM2: URL? { ModelCache.standard.directory(of: "SmolLM2-135M-Instruct") }
}

extension JSONValue {
    var ids: [Int32] { (self["ids"]?.array ?? []).compactMap(\.int).map(Int32.init) }

    func floats(_ name: String) -> [Float] {
        (self[name]?.array ?? []).compactMap(\.number).map(Float.init)
    }
}
