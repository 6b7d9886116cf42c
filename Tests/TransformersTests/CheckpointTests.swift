import Foundation
import Memory
import Storage
import TestSupport
import Testing
import Transformers

@Suite struct CheckpointTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try write("config.json", "{\"model_type\":\"test\"}")
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.url.appendingPathComponent(name))
    }

    private func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    /// A safetensors file of F32 vectors.
    private func safetensors(_ tensors: [(String, [Float])]) -> [UInt8] {
        var data: [UInt8] = []
        var entries: [String] = []
        for (name, values) in tensors {
            let start = data.count
            for value in values { data += GGUFBuilder.little(value.bitPattern) }
            entries.append(
                "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(values.count)],\"data_offsets\":[\(start),\(data.count)]}")
        }
        let header = Array("{\(entries.joined(separator: ","))}".utf8)
        return GGUFBuilder.little(UInt64(header.count)) + header + data
    }

    private func open() throws -> Checkpoint { try Checkpoint(contentsOf: folder.url) }

    private func refusal(_ part: String, location: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: ModelError.self, sourceLocation: location) { try open() }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")", sourceLocation: location)
    }

    @Test func oneFile() throws {
        let url = Fixture.url("tiny_t5")
        let checkpoint = try Checkpoint(contentsOf: url)
        #expect(checkpoint.configuration["model_type"]?.string == "t5")
        #expect(checkpoint.generation?["decoder_start_token_id"]?.int == 0)
        #expect(checkpoint.shape(of: "shared.weight") == [200, 32])
        #expect(!checkpoint.contains("absent"))
        #expect(try checkpoint.floats("shared.weight", shape: [200, 32]).count == 6_400)
        #expect(throws: ModelError.self) { try checkpoint.floats("shared.weight", shape: [32, 200]) }
        let file = try Checkpoint(contentsOf: url.appendingPathComponent("model.safetensors"))
        #expect(Set(file.tensors.map(\.name)) == Set(checkpoint.tensors.map(\.name)))
        #expect(throws: ModelError.self) { try checkpoint.tokenizerJSON() }
        #expect(try checkpoint.chatTemplate() == nil)
        #expect(try Checkpoint(contentsOf: Fixture.tinyBERT).tokenizerJSON().count == 4_166)
    }

    @Test func shards() throws {
        try write("one.safetensors", safetensors([("a", [1, 2]), ("b", [3]), ("unlisted", [9])]))
        try write("two.safetensors", safetensors([("c", [4, 5, 6])]))
        let index =
            "{\"metadata\":{},\"weight_map\":{\"a\":\"one.safetensors\",\"c\":\"two.safetensors\",\"b\":\"one.safetensors\"}}"
        try write("model.safetensors.index.json", index)
        let checkpoint = try open()
        #expect(checkpoint.tensors.map(\.name).sorted() == ["a", "b", "c"])
        #expect(try checkpoint.floats("c", shape: [3]).toArray() == [4, 5, 6])
        #expect(try checkpoint.floats("b", shape: [1]).toArray() == [3])
        #expect(!checkpoint.contains("unlisted"))
        #expect(throws: ModelError.self) { try checkpoint.floats("d", shape: [1]) }
        var generator = SeededGenerator(seed: 4)
        let original = Array(index.utf8)
        for _ in 0..<400 {
            var bytes = original
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                UInt8.random(in: 0...255, using: &generator)
            try write("model.safetensors.index.json", bytes)
            guard let damaged = try? open() else { continue }
            for tensor in damaged.tensors { _ = try? damaged.floats(tensor.name, shape: tensor.shape) }
        }
    }

    @Test(
        "Indexes that contradict their folder",
        arguments: [
            "[]", "{", "{}", "{\"weight_map\":3}", "{\"weight_map\":{\"a\":3}}",
            "{\"weight_map\":{\"a\":\"absent.safetensors\"}}", "{\"weight_map\":{\"z\":\"one.safetensors\"}}",
            "{\"weight_map\":{\"a\":\"\"}}", "{\"weight_map\":{\"a\":\".\"}}",
            "{\"weight_map\":{\"a\":\"..\"}}", "{\"weight_map\":{\"a\":\"../one.safetensors\"}}",
            "{\"weight_map\":{\"a\":\"/etc/passwd\"}}", "{\"weight_map\":{\"a\":\"sub/one.safetensors\"}}",
            "{\"weight_map\":{\"a\":\"one.safetensors\\u0000\"}}",
            "{\"weight_map\":{\"a\":\"one.safetensors\",\"a\":\"one.safetensors\"}}",
            "{\"weight_map\":{\"a\":\"pickled.bin\"}}", "{\"weight_map\":{\"a\":\"config.json\"}}",
        ])
    func contradictions(index: String) throws {
        try write("one.safetensors", safetensors([("a", [1])]))
        try write("pickled.bin", [0x80, 0x02, 0x7D, 0x71])
        try write("model.safetensors.index.json", index)
        #expect(throws: ModelError.self) { try open() }
    }

    @Test("Pickled weights are refused with the command that converts them") func pickles() throws {
        refusal("there is no model.safetensors")
        for name in ["pytorch_model.bin", "model.pt", "model.pth", "last.ckpt"] {
            try write(name, [1, 2, 3])
            refusal("scripts/convert-checkpoint \(folder.url.path)/\(name)")
            try FileManager.default.removeItem(at: folder.url.appendingPathComponent(name))
        }
        for start: [UInt8] in [
            [0x50, 0x4B, 0x03, 0x04], [0x80, 0x02, 0x8A, 0x0A], [0x80, 0x04, 0x95, 0x10],
        ] {
            try write("model.safetensors", start + [UInt8](repeating: 0x41, count: 64))
            refusal("pickled weights")
        }
        try write("model.safetensors", [UInt8](repeating: 0x41, count: 64))
        refusal("header")
    }

    @Test func headersThatLookPickled() throws {
        // A header of 640 bytes starts with 0x80 0x02.
        let short = safetensors([("n", [1])])
        let length = Int(short[0])
        let bytes = safetensors([(String(repeating: "n", count: 641 - length), [1])])
        try write("model.safetensors", bytes)
        #expect(Array(bytes[0..<3]) == [0x80, 2, 0])
        #expect(try open().tensors.count == 1)
    }

    @Test func chatTemplates() throws {
        try write("model.safetensors", safetensors([("a", [1])]))
        #expect(try open().chatTemplate() == nil)
        try write("tokenizer_config.json", "{\"chat_template\":\"one\"}")
        #expect(try open().chatTemplate() == "one")
        try write(
            "tokenizer_config.json",
            "{\"chat_template\":[{\"name\":\"tools\",\"template\":\"x\"},{\"name\":\"default\",\"template\":\"two\"}]}")
        #expect(try open().chatTemplate() == "two")
        try write("chat_template.jinja", "three")
        #expect(try open().chatTemplate() == "three")
    }

    @Test("A folder's tokenizer.json comes before a GGUF vocabulary") func vocabularyBeside() throws {
        try write("m.gguf", GGUFBuilder().bytes())
        #expect(throws: ModelError.self) { try open().tokenizerJSON() }
        try write("tokenizer.json", "{}")
        #expect(try open().tokenizerJSON() == Data("{}".utf8))
    }

    @Test func severalFiles() throws {
        try write("a.gguf", "GGUF")
        refusal("a.gguf")
        try write("b.gguf", GGUFBuilder().bytes())
        refusal("several")
        #expect(try Checkpoint(contentsOf: folder.url.appendingPathComponent("b.gguf")).tensors.count == 1)
        try write("c.gguf", "XGUF")
        #expect(throws: ModelError.self) {
            try Checkpoint(contentsOf: folder.url.appendingPathComponent("c.gguf"))
        }
        #expect(throws: ModelError.self) {
            try Checkpoint(contentsOf: folder.url.appendingPathComponent("absent"))
        }
    }

    @Test("Weights that are no numbers", arguments: [Float.nan, .infinity, -.infinity, -.nan])
    func notFinite(value: Float) throws {
        for count in [1, 15, 16, 33] {
            var values = [Float](repeating: -Float.greatestFiniteMagnitude, count: count)
            try write("model.safetensors", safetensors([("fine", values)]))
            #expect(try open().floats("fine", shape: [count]).toArray() == values)
            values[count - 1] = value
            try write("model.safetensors", safetensors([("broken", values)]))
            let checkpoint = try open()
            let error = #expect(throws: ModelError.self) { try checkpoint.floats("broken", shape: [count]) }
            #expect(error?.description.contains("the tensor broken") == true)
            #expect(try checkpoint.floats("broken", shape: [count], allowingNonFinite: true).count == count)
        }
    }

    @Test("Every half is the number that the format says") func halves() throws {
        var bytes = GGUFBuilder()
        let all = (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        bytes.tensors.append(.init("halves", [65_536], type: 1, bytes: all))
        bytes.tensors.append(.init("brains", [65_536], type: 30, bytes: all))
        let checkpoint = try bytes.open()
        let halves = try checkpoint.floats("halves", shape: [65_536], allowingNonFinite: true)
        let brains = try checkpoint.floats("brains", shape: [65_536], allowingNonFinite: true)
        for bits in 0...UInt16.max {
            let exponent = Int(bits >> 10 & 31)
            let fraction = Double(bits & 1_023)
            let sign: Double = bits & 0x8000 == 0 ? 1 : -1
            let value = halves[Int(bits)]
            if exponent == 31 {
                #expect(fraction == 0 ? value == Float(sign) * .infinity : value.isNaN)
            } else {
                let power = Double(sign: .plus, exponent: max(exponent, 1) - 25, significand: 1)
                let magnitude = (fraction + (exponent == 0 ? 0 : 1_024)) * power
                if Double(value) != sign * magnitude { Issue.record("half \(bits) became \(value)") }
            }
            if brains[Int(bits)].bitPattern != UInt32(bits) << 16 { Issue.record("bfloat16 \(bits)") }
        }
    }
}
