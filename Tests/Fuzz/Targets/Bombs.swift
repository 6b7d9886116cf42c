/// Small inputs that ask for much: what they may cost is stated in docs/hostile-input.md.
enum Bombs {
    static func of(_ target: String) -> [[UInt8]] {
        switch target {
        case "corpus-json", "corpus-json-array":
            [
                times("{}", 400_000), times("{\"_id\":\"a\",\"text\":\"b\"}", 30_000), times("[", 900_000),
                times("{\"a\":", 170_000),
                times("{\"_id\":\"a\",\"text\":\"", 40_000), times("{\n", 400_000), times("[{\n\"a\":[\n", 80_000),
                bytes("{\"_id\":\"a\",\"text\":\"") + times("\\u0000", 150_000) + bytes("\"}"), times("\n", 1_000_000),
                times("{\"_id\":\"a\",\"_id\":\"b\",", 40_000),
            ]
        case "corpus-table", "corpus-comma":
            [
                bytes("id\ttext\n") + times("a\t\"b\n", 150_000), bytes("id,text\n") + times("a,\"b\n", 150_000),
                bytes("id,text\n") + times("\"\n", 400_000), bytes("id\ttext\n") + times("a\t\"\"\"", 150_000),
                times("id\ttext\t", 100_000), times("1\tx\n", 200_000),
            ]
        case "corpus-text":
            [times("a", 1_000_000), times("a ", 500_000), times("a. ", 300_000), times("\u{301}", 400_000)]
        case "corpus-markdown":
            [
                "[", "*a_", "> ", "![", "<", "`", "[a](", "<!--", "| a ", "- ", "&", "**a", "[^a]:", "<a ", "http://",
                "~~", "\\",
            ]
            .flatMap { [times($0, 30_000), times($0 + "\n", 15_000)] } + [times("a\n\n", 200_000)]
        case "corpus-gzip": [Compressed.gzip(times("a", 96 << 20)) ?? [], Compressed.gzip(times("\n", 96 << 20)) ?? []]
        case "corpus-zstd":
            [Compressed.zstd(times("a", 96 << 20)) ?? [], Compressed.zstd(times("{}\n", 8 << 20)) ?? []]
        case "topics", "qrels", "run":
            [
                times("<top>", 150_000), times("<top>\n<num> 1\n", 60_000), times("<", 900_000),
                times("q\tx\n", 200_000),
                times("[{", 400_000), times("{\"_id\":\"a\",\"text\":\"b\"}\n", 30_000), times("q 0 p 1\n", 100_000),
                times("q Q0 p 1 1 t\n", 80_000), times("<topic number=\"1\"><query>a", 30_000), times("&lt;", 200_000),
                bytes("<top>") + times("<a", 400_000), bytes("<top>") + times("<!--", 200_000),
                bytes("<top>") + times("<?", 400_000),
                bytes("<top ") + times("a=", 300_000) + bytes(">"), bytes("<top>") + times("<![CDATA[", 100_000),
                bytes("{") + times("\"a\":\"b\",\n", 90_000),
                bytes("[") + times("{\"qid\":1,\"query\":\"a\"},", 40_000),
            ]
        case "corpus-debian":
            [
                times("Package: a\n", 90_000), times("Package: a\n\n", 80_000),
                bytes("Package: a\nTag: ") + times("a::b, ", 100_000),
            ]
        case "json", "search-request", "index-manifest", "index-tokenizer", "tokenizer", "config-tiny_bert",
            "index-generator-config", "model-shards":
            [
                times("[", 900_000), times("{\"a\":", 150_000), times("[{\"a\":", 100_000), times("[0,", 300_000),
                bytes("[") + times("[0],", 200_000) + bytes("0]"),
            ]
                + (target == "tokenizer" || target == "index-tokenizer" ? tokenizers : [])
                + (target == "index-manifest" ? manifests : [])
        case "filter":
            [
                times("(", 60_000), times("not ", 16_000), times("a or ", 12_000) + bytes("a"),
                times("n=1 or ", 9000) + bytes("n"), bytes("tags like '") + times("%a", 32_000) + bytes("'"),
                bytes("n in (") + times("1,", 32_000) + bytes("1)"), times("\u{301}", 32_000), times("'", 65_535),
                bytes("n > ") + times("9", 65_000), bytes("a = '") + times("\\", 65_000) + bytes("'"),
                times("(a and not ", 5900), times("a", 65_537),
            ]
        case "fields-json", "corpus-fields":
            {
                let head = target == "fields-json" ? "{" : "{\"_id\":\"a\",\"text\":\"b\","
                return [
                    bytes(head + "\"") + times("k", 400_000) + bytes("\":{\"\":1") + times(",\"a\":1", 80_000)
                        + bytes("}}"),
                    bytes(head + "\"") + times("k", 1000) + bytes("\":{\"\":1") + times(",\"a\":1", 140_000)
                        + bytes("}}"),
                    bytes(head + "\"a\":") + times("[", 126) + bytes("1") + times("]", 126) + bytes("}"),
                    bytes(head + "\"a\":") + times("{\"a\":", 126) + bytes("1") + times("}", 126) + bytes("}"),
                    bytes(head + "\"a\":[0") + times(",0", 490_000) + bytes("]}"),
                    bytes(head + "\"a\":\"") + times("é", 480_000) + bytes("\"}"),
                    bytes(head + "\"a\":") + times("9", 900_000) + bytes("}"),
                    bytes(head + (0..<60_000).map { "\"f\($0)\":\($0)" }.joined(separator: ",") + "}"),
                ]
            }()
        default: []
        }
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func times(_ text: String, _ count: Int) -> [UInt8] {
        let piece = Array(text.utf8)
        var all: [UInt8] = []
        all.reserveCapacity(piece.count * count)
        for _ in 0..<count { all += piece }
        return all
    }

    /// Ids that would make giant tables, and patterns that would make giant programs, or run for ever.
    private static let tokenizers: [[UInt8]] = {
        let ids = ["4294967295", "2147483647", "2147483646", "1000000000", "-1", "9223372036854775807", "1e300"]
        let patterns = [
            "((((a{1000}){1000}){1000}){1000})", "(a*)*b", "(a|aa)+$", "(?=(?=(?=a)))", "a{0,100000}",
            "[^a]{1,1000}{1,1000}",
            String(repeating: "(", count: 5000),
            String(repeating: "(a|", count: 3000) + String(repeating: ")", count: 3000),
            String(repeating: "a?", count: 3000) + String(repeating: "a", count: 3000), "(?:a+)+(?:a+)+(?:a+)+b",
            "\\\\p{L}{1000}{1000}",
        ]
        return ids.map {
            bytes("{\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"a\",\"vocab\":{\"a\":0,\"b\":\($0)}}}")
        }
            + ids.map {
                bytes(
                    "{\"added_tokens\":[{\"id\":\($0),\"content\":\"<x>\",\"special\":true}],\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"a\",\"vocab\":{\"a\":0}}}"
                )
            }
            + patterns.map {
                bytes(
                    "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\($0)\"},\"behavior\":\"Isolated\",\"invert\":false},\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"a\",\"vocab\":{\"a\":0,\"b\":1}}}"
                )
            }
            + patterns.map {
                bytes(
                    "{\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"\($0)\"},\"content\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"},\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"a\",\"vocab\":{\"a\":0,\"b\":1}}}"
                )
            }
            // Each replacement is longer than what it replaces.
            + [
                bytes(
                    "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":["
                        + Array(
                            repeating:
                                "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aaaaaaaaaa\"}",
                            count: 12
                        )
                        .joined(separator: ",")
                        + "]},\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"a\",\"vocab\":{\"a\":0}}}")
            ]
    }()

    /// Counts that no file holds.
    private static let manifests: [[UInt8]] = {
        func manifest(_ segments: String, parts: String = "") -> [UInt8] {
            bytes(
                "{\"format\":3,\"corpus\":{\"format\":\"x\",\"sha256\":\"\",\"badLines\":0},\"tokenizer\":{\"fingerprint\":\"\",\"source\":\"corpus\",\"documentEnd\":1,\"titleEnd\":2},\"segments\":[\(segments)],\"parts\":[\(parts)]}"
            )
        }
        func segment(_ name: String, _ passages: Int) -> String {
            "{\"files\":{\"folder\":\"\(name)\",\"files\":[]},\"passages\":\(passages),\"tokens\":\(passages)}"
        }
        return [
            manifest(segment("a", Int(Int32.max))), manifest(segment("a", 1 << 40)),
            manifest((0..<10_000).map { segment("s\($0)", 1) }.joined(separator: ",")),
        ]
    }()
}
