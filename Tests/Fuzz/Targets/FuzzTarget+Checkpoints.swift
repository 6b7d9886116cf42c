import Foundation
import Memory
import Storage
import Tensors
import Transformers

extension FuzzTarget {
    /// Models: their weights, configurations and archives.
    static let checkpoints: [FuzzTarget] =
        [
            FuzzTarget("safetensors", .tensors, words: tensorWords) { world in
                var writer = SafetensorsWriter()
                writer.add("a.weight", shape: [2, 3], FrozenArray((0..<6).map(Float.init)))
                writer.add("b", shape: [4], [Int32](0..<4))
                writer.add("c", shape: [0], [Int64]())
                let path = world.path("seed.safetensors")
                try writer.write(to: URL(filePath: path))
                return [world.read(path)]
            } reader: { _ in
                { input in
                    let file = try Safetensors(bytes: FrozenArray(input), path: "input")
                    for entry in file.entries {
                        blackHole(try? file.floats(entry.name, shape: entry.shape))
                        blackHole(try? file.integers(entry.name))
                    }
                }
            },
            FuzzTarget(
                "gguf", .bytes,
                words: ["tokenizer.ggml.tokens", "llama.block_count", "general.architecture", "token_embd.weight"]
            ) {
                world in
                let model = world.read(world.fixtures + "/tiny_llama.gguf")
                return [model, GGUFSample.small]
            } reader: { _ in
                { input in
                    let checkpoint = try Checkpoint(gguf: FrozenArray(input), path: "input.gguf")
                    let model = try TransformerModel(checkpoint)
                    blackHole(try model.session([[1, 2, 3]]).stepLogProbs(of: [4, 5]))
                }
            },
            FuzzTarget("gguf-language-model", .bytes, words: ["tokenizer.ggml.model", "tokenizer.ggml.merges"]) {
                world in
                [world.read(world.fixtures + "/tiny_llama.gguf"), world.read(world.fixtures + "/tiny_qwen2.gguf")]
            } reader: { world in
                let path = world.path("fuzzed.gguf")
                return { input in
                    world.write(input, to: Array(path.utf8))
                    let model = try LanguageModel(contentsOf: URL(filePath: path))
                    let tokens = model.tokens(of: "the river")
                    blackHole(model.text(of: tokens))
                    if !tokens.isEmpty { blackHole(try model.model.session([tokens]).stepLogProbs(of: tokens)) }
                }
            },
            FuzzTarget("zip", .bytes) { world in
                [world.read(world.fixtures + "/sample.zip"), ZipSample.archive]
            } reader: { _ in
                { input in
                    let archive = try ZipArchive(bytes: FrozenArray(input), path: "input.zip")
                    for entry in archive.entries.prefix(20) { blackHole(try? archive.contents(of: entry)) }
                }
            },
            FuzzTarget(
                "model-shards", .json,
                words: ["\"weight_map\":", "model-00001-of-00002.safetensors", "../", "\"metadata\":"]
            ) { _ in
                [
                    Array(
                        "{\"metadata\": {\"total_size\": 10}, \"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"two.safetensors\"}}"
                            .utf8)
                ]
            } reader: { world in
                let place = world.path("shards")
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                for name in ["one", "two"] {
                    var writer = SafetensorsWriter()
                    writer.add(name == "one" ? "a" : "b", shape: [2], [Float(1), 2].frozen)
                    try writer.write(to: URL(filePath: "\(place)/\(name).safetensors"))
                }
                return { input in
                    world.write(input, to: Array("\(place)/model.safetensors.index.json".utf8))
                    blackHole(try CheckpointSummary(contentsOf: URL(filePath: place)))
                }
            },
        ]
        + ["tiny_bert", "tiny_mpnet", "tiny_xlmr"].map { encoder($0, "config.json") }
        + [encoder("tiny_bert", "model.safetensors")]
        + ["tiny_llama", "tiny_qwen2", "tiny_t5", "tiny_bart"].map { decoder($0, "config.json") }
        + [decoder("tiny_llama", "generation_config.json"), decoder("tiny_t5", "model.safetensors")]

    private static let tensorWords = [
        "\"dtype\":\"F32\"", "\"shape\":[", "\"data_offsets\":[", "\"BF16\"", "\"I64\"", "\"__metadata__\":{",
    ]

    private static let configurationWords = [
        "\"hidden_size\":", "\"num_attention_heads\":", "\"num_hidden_layers\":", "\"max_position_embeddings\":",
        "\"vocab_size\":",
        "\"num_key_value_heads\":", "\"head_dim\":", "\"rope_theta\":", "\"layer_norm_eps\":", "\"hidden_act\":",
        "\"d_kv\":",
        "\"relative_attention_num_buckets\":", "\"eos_token_id\":[", "\"rope_scaling\":{", "\"type\":",
        "\"model_type\":",
        "\"decoder_start_token_id\":", "\"pad_token_id\":", "\"tie_word_embeddings\":", "1e-5", "-1", "0",
    ]

    /// A model of the fixtures of which one file is spoilt.
    private static func model(
        _ name: String, _ file: String, _ read: @escaping @Sendable (URL) throws -> Void
    ) -> FuzzTarget {
        let isWeights = file.hasSuffix("safetensors")
        return FuzzTarget(
            "\(isWeights ? "weights" : file.hasPrefix("gen") ? "generation" : "config")-\(name)",
            isWeights ? .tensors : .json,
            words: isWeights ? tensorWords : configurationWords
        ) { world in
            [world.read("\(world.fixtures)/\(name)/\(file)")]
        } reader: { world in
            let place = world.path("model-\(name)-\(file)")
            if !FileManager.default.fileExists(atPath: place) {
                try FileManager.default.copyItem(atPath: "\(world.fixtures)/\(name)", toPath: place)
            }
            return { input in
                world.write(input, to: Array("\(place)/\(file)".utf8))
                try read(URL(filePath: place))
            }
        }
    }

    private static func encoder(_ name: String, _ file: String) -> FuzzTarget {
        model(name, file) { place in
            if name == "tiny_bert" {
                let encoder = try SentenceEncoder(directory: place)
                blackHole(encoder.encodeQuery("the river bends").vector)
                blackHole(encoder.encode(tokens: [[1, 2, 3], [], [4]]).values.count)
            } else {
                let model = try TransformerModel(Checkpoint(contentsOf: place))
                blackHole(try model.encode([[1, 2, 3]]))
            }
            blackHole(try CheckpointSummary(contentsOf: place))
        }
    }

    private static func decoder(_ name: String, _ file: String) -> FuzzTarget {
        model(name, file) { place in
            let model = try TransformerModel(Checkpoint(contentsOf: place))
            blackHole(try model.session([[1, 2, 3], [4]]).stepLogProbs(of: [4, 5]))
        }
    }
}

extension [Float] {
    fileprivate var frozen: FrozenArray<Float> { FrozenArray(self) }
}

/// Zip archives.
enum ZipSample {
    /// Two members, stored and deflated.
    static let archive: [UInt8] = {
        let text = Array(String(repeating: "a model ", count: 60).utf8)
        return of([("a/stored.txt", text, 0), ("a/deflated.txt", text, 8)])
    }()

    /// - Parameter members: with the number of the method by which each is packed.
    static func of(_ members: [(name: String, text: [UInt8], method: Int)]) -> [UInt8] {
        func little(_ value: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
        for (name, text, method) in members {
            let packed = method == 0 ? text : Compressed.deflated(text, bits: -15) ?? []
            let sizes: [(Int, Int)] = [
                (20, 2), (0, 2), (method, 2), (0, 4), (Int(CRC.of(text)), 4), (packed.count, 4), (text.count, 4),
                (name.utf8.count, 2), (0, 2),
            ]
            let common: [UInt8] = sizes.flatMap(little)
            let first: [(Int, Int)] = [(0x0201_4b50, 4), (20, 2)]
            directory += first.map(little).joined()
            directory += common
            let last: [(Int, Int)] = [(0, 2), (0, 2), (0, 2), (0, 4), (bytes.count, 4)]
            directory += last.map(little).joined()
            directory += Array(name.utf8)
            bytes += little(0x0403_4b50, 4)
            bytes += common
            bytes += Array(name.utf8)
            bytes += packed
        }
        let end: [(Int, Int)] = [
            (0x0605_4b50, 4), (0, 4), (members.count, 2), (members.count, 2), (directory.count, 4), (bytes.count, 4),
            (0, 2),
        ]
        bytes += directory
        bytes += end.map(little).joined()
        return bytes
    }
}

/// The CRC-32 of zip files.
enum CRC {
    static func of(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

/// A GGUF file with a value of every type, and one tensor.
enum GGUFSample {
    static let small: [UInt8] = {
        func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        func text(_ text: String) -> [UInt8] { little(UInt64(text.utf8.count)) + Array(text.utf8) }
        var pairs = [text("general.architecture") + little(UInt32(8)) + text("llama")]
        let sizes: [(String, UInt32)] = [
            ("context_length", 64), ("embedding_length", 32), ("block_count", 1), ("feed_forward_length", 48),
            ("attention.head_count", 4), ("attention.head_count_kv", 2),
        ]
        pairs += sizes.map { text("llama.\($0)") + little(UInt32(4)) + little($1) }
        let nested: [[UInt8]] = [
            text("x"), little(UInt32(9)), little(UInt32(9)), little(UInt64(1)), little(UInt32(0)), little(UInt64(2)),
            [1, 2],
        ]
        pairs.append(Array(nested.joined()))
        let tokens: [[UInt8]] = [
            text("tokenizer.ggml.tokens"), little(UInt32(9)), little(UInt32(8)), little(UInt64(2)), text("a"),
            text("b"),
        ]
        pairs.append(Array(tokens.joined()))
        var bytes = Array("GGUF".utf8)
        bytes += little(UInt32(3))
        bytes += little(UInt64(1))
        bytes += little(UInt64(pairs.count))
        bytes += pairs.joined()
        bytes += text("token_embd.weight")
        bytes += little(UInt32(2))
        bytes += [32, 4].flatMap { little(UInt64($0)) }
        bytes += little(UInt32(0))
        bytes += little(UInt64(0))
        bytes += [UInt8](repeating: 0, count: -bytes.count & 31)
        return bytes + [UInt8](repeating: 1, count: 32 * 4 * 4)
    }()
}
