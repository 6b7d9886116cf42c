import Corpora
import Engine
import Foundation
import TestSupport
import Testing
import Transformers

/// Files of vectors, against what NumPy wrote (`Fixtures/make_vector_files.py`).
@Suite struct VectorFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/vectors")

    private static func path(_ name: String) -> String { folder.path + "/" + name }

    static let rows: [String: [[Double]]] = {
        let data = try? Data(contentsOf: folder.appending(path: "rows.json"))
        return data.flatMap { try? JSONDecoder().decode([String: [[Double]]].self, from: $0) } ?? [:]
    }()

    @Test("Every format and type gives the rows that NumPy wrote, of length one") func formats() throws {
        #expect(Self.rows.count == 16)
        for (name, rows) in Self.rows {
            let vectors = try ImportedVectors.read(Self.path(name))
            #expect(vectors.count == rows.count && vectors.dimension == rows[0].count, "\(name)")
            for (row, expected) in rows.enumerated() {
                let difference = zip(vectors[row], expected).map { abs(Double($0) - $1) }.max() ?? 1
                #expect(difference < 1e-7, "\(name), row \(row)")
            }
        }
    }

    @Test("Only JSON lines have ids") func ids() throws {
        let lines = try ImportedVectors.read(Self.path("lines.jsonl"))
        #expect(lines.hasIDs && lines.row(of: "p3") == 3 && lines.row(of: "p5") == nil && lines.id(of: 4) == "p4")
        let array = try ImportedVectors.read(Self.path("f4_v1.npy"))
        #expect(!array.hasIDs && array.row(of: "p3") == nil)
    }

    @Test(
        "What is sound and not read is said",
        arguments: [
            ("fortran.npy", "Fortran order"), ("big.npy", ">f4"), ("whole.npy", "<i4"), ("flat.npy", "1 dimensions"),
            ("deep.npy", "3 dimensions"), ("empty.npy", "0 × 7"), ("records.npy", "records"),
            ("nan.npy", "row 3, counted from 0, holds a number that is not finite"),
            ("infinite.npy", "row 3, counted from 0, holds a number that is not finite"),
            ("zero.npy", "row 2, counted from 0, is all zeros"), ("two.safetensors", "3 tensors; name one as"),
            ("two.safetensors:audio", "no tensor audio; there are images, texts, bias"),
            ("two.safetensors:bias", "1 dimensions"), ("rows.json", "ends in .npy, .safetensors"),
            ("absent.npy", "cannot be read"),
        ])
    func refused(name: String, words: String) {
        #expect {
            try ImportedVectors.read(Self.path(name))
        } throws: { error in
            error is VectorFileError && "\(error)".hasPrefix(Self.folder.path) && "\(error)".contains(words)
        }
    }

    @Test(
        "A file that is cut anywhere throws", arguments: ["f2_v1.npy", "f4_v2.npy", "f8_v3.npy", "bf16.safetensors"])
    func cut(name: String) throws {
        let folder = try TemporaryFolder()
        let bytes = try Data(contentsOf: Self.folder.appending(path: name))
        let place = folder.url.appending(path: name)
        for length in 0..<bytes.count {
            try bytes.prefix(length).write(to: place)
            #expect(throws: (any Error).self, "\(length) bytes") { try ImportedVectors.read(place.path) }
        }
        try (bytes + [0]).write(to: place)
        // Safetensors may have more bytes than tensors.
        if name.hasSuffix(".npy") { #expect(throws: VectorFileError.self) { try ImportedVectors.read(place.path) } }
        try bytes.write(to: place)
        #expect(try ImportedVectors.read(place.path).count == 5)
    }

    @Test("A header that is spoilt in any byte throws, or gives as many numbers") func spoilt() throws {
        let folder = try TemporaryFolder()
        let bytes = try Data(contentsOf: Self.folder.appending(path: "f4_v1.npy"))
        let place = folder.url.appending(path: "a.npy")
        for byte in 0..<128 {
            for value: UInt8 in [0, 0x20, 0x28, 0x27, 0x39, 0xff] {
                var spoilt = bytes
                spoilt[byte] = value
                try spoilt.write(to: place)
                guard let vectors = try? ImportedVectors.read(place.path) else { continue }
                #expect(vectors.count * vectors.dimension == 35)
            }
        }
    }

    @Test("JSON lines that are cut throw, or give the lines that are whole") func cutLines() throws {
        let folder = try TemporaryFolder()
        let text = Array(try Data(contentsOf: Self.folder.appending(path: "lines.jsonl")))
        let place = folder.url.appending(path: "lines.jsonl")
        let ends = text.indices.filter { text[$0] == 0x0a }
        for length in 0..<text.count {
            try Data(text[..<length]).write(to: place)
            if length == 0 || !(ends.contains(length) || ends.contains(length - 1)) {
                #expect(throws: (any Error).self, "\(length)") { try ImportedVectors.read(place.path) }
            } else {
                #expect(try ImportedVectors.read(place.path).count == ends.count { $0 <= length })
            }
        }
    }

    @Test(
        "Lines that are none are named by their numbers",
        arguments: [
            (#"{"id": "b", "vector": [1, 2, 3]}"#, "2: the vector has 3 numbers, the first one of the file 2"),
            (#"{"id": "a", "vector": [1, 2]}"#, "2: the identifier \"a\" is already used at"),
            (#"{"vector": [1, 2]}"#, "2: missing id"), (#"{"id": "b"}"#, "2: missing vector"),
            (#"{"id": "", "vector": [1, 2]}"#, "2: missing id"), (#"{"id": "b", "vector": "1"}"#, "2: missing vector"),
            (#"{"id": "b", "vector": []}"#, "2: the vector is empty"),
            (#"{"id": "b", "vector": [1, null]}"#, "2: the vector holds something that is no number"),
            (#"{"id": "b", "vector": [1, [2]]}"#, "2: the vector holds something that is no number"),
            (#"{"id": "b", "vector": [1, 1e39]}"#, "2: the vector holds a number that is too large"),
            (#"{"id": "b", "vector": [0, -0.0]}"#, "2: the vector is all zeros"),
            (#"{"id": "b", "vector": [1, NaN]}"#, "2: the vector holds something that is no number"),
            (#"[1, 2]"#, "2: broken JSON"),
        ])
    func badLines(line: String, words: String) throws {
        let folder = try TemporaryFolder()
        let place = folder.url.appending(path: "v.jsonl")
        try Data((#"{"_id": "a", "vector": [1, 2]}"# + "\n" + line + "\n").utf8).write(to: place)
        #expect { try ImportedVectors.read(place.path) } throws: { error in
            error is CorpusError && "\(error)".contains("v.jsonl:" + words)
        }
    }
}
