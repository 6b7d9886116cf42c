import Engine
import Fields
import Foundation
import Memory
import Search
import Storage

extension FuzzTarget {
    /// Every file of an index, one at a time, under an engine that searches; the manifest is made to fit it.
    static let indexFiles: [FuzzTarget] =
        [("manifest.json", Shape.json), ("tokenizer.json", .json)].map { indexFile($0, $1) }
        + ["passages", "ngrams", "terms", "vectors", "docids", "fields"].map {
            indexFile("segment:\($0).gnr", .container)
        }
        + ["deleted", "ngrams", "terms"].map { indexFile("deleted:\($0).gnr", .container) }
        + [indexFile("generator:config.json", .json), indexFile("generator:model.safetensors", .tensors), cutFile]
        + [
            indexFile("manifest.json", .json, of: "full"), indexFile("manifest.json", .json, of: "old"),
            indexFile("docids:config.json", .json, of: "full"),
            indexFile("docids:model.safetensors", .tensors, of: "full"),
            indexFile("docids:entries.gnr", .container, of: "full"), indexFile("queries:.gnr", .container, of: "full"),
            indexFile("query-encoder:config.json", .json, of: "full"),
            indexFile("query-encoder:model.safetensors", .tensors, of: "full"),
        ]

    private static let words = [
        "\"segments\":[", "\"passages\":", "\"tokens\":", "\"bytes\":", "\"folder\":", "\"files\":", "\"parts\":",
        "\"estimates\":",
        "\"generation\":", "\"deleted\":", "\"format\": 2", "\"dimension\":", "\"maxTokens\":", "\"options\":",
        "\"value\":", "\"inputs\":",
    ]

    /// - Parameters:
    ///   - file: how the name of a file ends, and before a colon how that of its folder begins.
    ///   - index: which of the world's: one that was built, one with all parts, or one of an older format.
    private static func indexFile(_ file: String, _ shape: Shape, of index: String = "index") -> FuzzTarget {
        let name = "\(index)-" + file.replacing(":", with: "-").split(separator: ".")[0]
        return FuzzTarget(name, shape, words: words) { world in
            [world.read(world.path(index) + "/" + (try place(of: file, in: world.path(index))))]
        } reader: { world in
            let copy = world.path(name)
            if !FileManager.default.fileExists(atPath: copy) {
                try FileManager.default.copyItem(atPath: world.path(index), toPath: copy)
            }
            let place = try place(of: file, in: world.path(index))
            var manifest = try JSONDecoder().decode(
                JSONTree.self, from: Data(contentsOf: URL(filePath: world.path(index) + "/manifest.json")))
            // A generator takes most of the time of an input.
            if index == "index", !file.hasPrefix("generator"), case .array(let parts)? = manifest["parts"] {
                manifest["parts"] = .array(parts.filter { $0["kind"] != .string("generator") })
            }
            let whole = manifest
            return { input in
                world.write(input, to: Array("\(copy)/\(place)".utf8))
                if place != "manifest.json" {
                    let fitting = try JSONTree.bytes(of: fit(whole, file: place, input))
                    world.write([UInt8](fitting), to: Array((copy + "/manifest.json").utf8))
                }
                try use(world.engine(copy))
            }
        }
    }

    /// A file of an index is cut short under an engine that has searched it.
    private static let cutFile = FuzzTarget("index-cut", .bytes) { _ in
        (0..<12).flatMap { file in [0, 1, 30, 64, 70, 100].map { [UInt8(file), 0, $0] } }
    } reader: { world in
        let copy = world.path("index-cut")
        WatchedFiles.watch()
        let files = try FileManager.default.subpathsOfDirectory(atPath: world.index).filter { $0.hasSuffix(".gnr") }
            .sorted()
        return { input in
            guard input.count >= 3 else { return }
            try? FileManager.default.removeItem(atPath: copy)
            try FileManager.default.copyItem(atPath: world.index, toPath: copy)
            let engine = try world.engine(copy)
            try engine.warm()
            let request = SearchRequest("the river bends", hits: 20)
            if input.count % 2 == 1 { _ = try engine.search(request) }
            // In steps of 64 bytes from the file's start.
            let file = copy + "/" + files[Int(input[0]) % files.count]
            guard truncate(file, off_t((Int(input[1]) << 8 | Int(input[2])) * 64)) == 0 else { return }
            try use(engine)
        }
    }

    private static func place(of file: String, in index: String) throws -> String {
        let parts = file.split(separator: ":")
        let all = try FileManager.default.subpathsOfDirectory(atPath: index).sorted()
        guard parts.count > 1 else { return all.first { $0 == file || $0.hasSuffix("/\(file)") } ?? file }
        return all.last { $0.hasPrefix(parts[0] + "-") && $0.contains("/") && $0.hasSuffix(parts[1]) } ?? file
    }

    /// The manifest with the length and digest that a file has now.
    private static func fit(_ tree: JSONTree, file: String, _ bytes: [UInt8]) -> JSONTree {
        let parts = file.split(separator: "/")
        let head = file.hasSuffix(".gnr") ? Array(bytes.prefix(4096)) : bytes
        let digest = head.withUnsafeBytes { SHA256.hex(of: $0) }
        func walk(_ tree: JSONTree) -> JSONTree {
            switch tree {
            case .array(let values): return .array(values.map(walk))
            case .object(var members):
                if members["folder"] == .string(String(parts[0])), case .array(let files)? = members["files"] {
                    members["files"] = .array(
                        files.map { record in
                            guard record["name"] == .string(String(parts[1])) else { return record }
                            var record = record
                            record["bytes"] = .integer(Int64(bytes.count))
                            record["sha256"] = .string(digest)
                            return record
                        })
                    return .object(members)
                }
                return .object(members.mapValues(walk))
            default: return tree
            }
        }
        return walk(tree)
    }

    /// Asks all that can be asked of an index; each by itself, for one that fails must not hide another.
    private static func use(_ engine: Engine) throws {
        var failure: (any Error)?
        func attempt(_ body: () throws -> Void) {
            do { try body() } catch { failure = failure ?? error }
        }
        attempt {
            for note in try engine.warm() { failure = failure ?? Told(note: "\(note)") }
        }
        for text in ["the river bends", "glass \"rises\" p3"] {
            attempt {
                var request = SearchRequest(text, hits: 20)
                request.explain = .full
                blackHole(try engine.search(request).candidates.count)
            }
        }
        for retriever: ComponentID in ["bm25", "dense", "docid", "ngram"] {
            attempt {
                var options = SearchOptions()
                options.retrievers = [retriever]
                blackHole(try engine.rank("sourdough rises", options: options).hits.count)
            }
        }
        for filter in FieldSamples.filters {
            attempt { blackHole(try engine.reader.passing(FieldFilter(filter)).count) }
        }
        attempt {
            var request = SearchRequest("river glass", hits: 20)
            request.filter = try FieldFilter(FieldSamples.filters.map { "(\($0))" }.joined(separator: " or "))
            request.facets = try engine.reader.fieldNames()
            blackHole(try engine.search(request).candidates.count)
        }
        attempt { for place in 0..<12 { blackHole(try engine.reader.fields(of: PassageIndex(place))) } }
        attempt { blackHole(try engine.passages(ids: ["p0", "p5", "p11", "", "\u{1F600}"]).count) }
        attempt { blackHole(try engine.explain("river", docid: "p4")) }
        attempt { blackHole(try engine.rerank("river", texts: ["the river", ""])) }
        attempt { try engine.reader.verify(isDeep: true) }
        if let failure { throw failure }
    }

    private struct Told: Error {
        var note: String
    }
}
