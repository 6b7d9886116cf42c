import CZlib
import CZstd
import Corpora
import Foundation

extension FuzzTarget {
    /// Corpora of every format, in a file, compressed, or in a folder.
    static let corpora: [FuzzTarget] = [
        file("corpus-json", "corpus.jsonl", words: jsonWords, CorpusSamples.json + [CorpusSamples.withFields]),
        file("corpus-json-array", "corpus.json", words: jsonWords, CorpusSamples.arrays),
        file("corpus-table", "corpus.tsv", words: ["\t\"", "\"\t", "\"\"", "id\ttext\n"], CorpusSamples.tables),
        file("corpus-comma", "corpus.csv", words: [",\"", "\",", "\"\"", "id,text\n", ";"], CorpusSamples.commas),
        file("corpus-text", "corpus.txt", words: [". ", "\n\n", "? ", "Dr. "], CorpusSamples.texts),
        file("corpus-markdown", "corpus.md", words: markdownWords, CorpusSamples.markdown),
        file("corpus-gzip", .bytes, "corpus.jsonl.gz", words: [], { CorpusSamples.json.compactMap(Compressed.gzip) }),
        file("corpus-zstd", .bytes, "corpus.jsonl.zst", words: [], { CorpusSamples.json.compactMap(Compressed.zstd) }),
        FuzzTarget(
            "corpus-folder", .text, words: jsonWords + markdownWords + ["\u{1}", "\u{2}", "a.md\u{2}", ".jsonl\u{2}"]
        ) {
            _ in
            [CorpusSamples.folder]
        } reader: { world in
            let place = world.path("folder")
            return { input in
                try? FileManager.default.removeItem(atPath: place)
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                for member in input.split(separator: 1).prefix(16) {
                    let parts = member.split(separator: 2, maxSplits: 1, omittingEmptySubsequences: false)
                    let name = parts[0].prefix(100).filter { $0 != 0 && $0 != UInt8(ascii: "/") }
                    guard name != [0x2E], name != [0x2E, 0x2E], !name.isEmpty else { continue }
                    world.write(Array(parts.count > 1 ? parts[1] : []), to: Array((place + "/").utf8) + name)
                }
                try drain(place)
            }
        },
        FuzzTarget("corpus-debian", .text, words: ["Package: ", "Tag: ", "\n\n", "Description-md5: ", "Version: 1:~"]) {
            _ in
            CorpusSamples.debian.map { Array($0.utf8) }
        } reader: { world in
            let (lists, made) = (world.path("lists"), world.path("made"))
            try FileManager.default.createDirectory(atPath: lists, withIntermediateDirectories: true)
            return { input in
                world.write(input, to: Array("\(lists)/a_Packages".utf8))
                world.write(input, to: Array("\(lists)/a_i18n_Translation-en".utf8))
                try DebianCorpus.make(
                    into: URL(filePath: made), listsFolder: URL(filePath: lists), limit: 5, questionCount: 4)
            }
        },
    ]

    private static let markdownWords = [
        "# ", "***", "- [ ] ", "> > > ", "| a | b |\n|---|---|\n", "![](x)", "[x]: y", "<div>", "```",
        "---\ntitle: x\n---\n",
        "&nbsp;", "<br/>", "<script>", "</p>", "**", "__", "~~", "\\", "    ",
    ]

    static let jsonWords = [
        "{\"_id\": \"", "\"text\": ", "\"title\":", "\"id\":", "\"contents\":", "}\n{", "[{", "}]", "\\ud83d\\ude00",
        "},",
        "{\"a\":[",
    ]

    private static func file(_ name: String, _ file: String, words: [String], _ seeds: [[UInt8]]) -> FuzzTarget {
        self.file(name, .text, file, words: words, { seeds })
    }

    private static func file(
        _ name: String, _ shape: Shape, _ file: String, words: [String], _ seeds: @escaping @Sendable () -> [[UInt8]]
    ) -> FuzzTarget {
        FuzzTarget(name, shape, words: words) { _ in
            seeds()
        } reader: { world in
            let path = world.path(file)
            return { input in
                world.write(input, to: Array(path.utf8))
                try drain(path)
            }
        }
    }

    private static func drain(_ path: String) throws {
        var options = CorpusOptions()
        options.allowTitleOnly = true
        var reader = try CorpusReader(path: path, options: options)
        while let passage = try reader.next() { blackHole(passage.text.utf8.count &+ passage.title.utf8.count) }
        blackHole(reader.report.badLines.count)
    }
}

/// Keeps a value that nobody needs.
@inline(never) func blackHole<Value>(_ value: Value) { withExtendedLifetime(value) {} }

/// Compression by the libraries that the readers use.
enum Compressed {
    static func zstd(_ bytes: [UInt8]) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
        return ZSTD_isError(count) == 0 ? Array(output.prefix(count)) : nil
    }

    static func gzip(_ bytes: [UInt8]) -> [UInt8]? { deflated(bytes, bits: 15 + 16) }

    /// - Parameter bits: of the window; 16 more for a gzip header, less than 0 for none.
    static func deflated(_ bytes: [UInt8], bits: Int32) -> [UInt8]? {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
            return nil
        }
        defer { deflateEnd(&stream) }
        var (input, output) = (bytes, [UInt8](repeating: 0, count: bytes.count + bytes.count / 10 + 128))
        let isDone = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                (stream.next_in, stream.avail_in) = (from.baseAddress, UInt32(from.count))
                (stream.next_out, stream.avail_out) = (to.baseAddress, UInt32(to.count))
                return deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
        }
        return isDone ? Array(output.prefix(output.count - Int(stream.avail_out))) : nil
    }
}
