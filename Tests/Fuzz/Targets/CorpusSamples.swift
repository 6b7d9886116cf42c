import Corpora
import Foundation

/// Small valid corpora.
enum CorpusSamples {
    static let passages = (0..<12).map { number in
        Passage(
            id: "p\(number)", title: number % 3 == 0 ? "" : "Title \(number) of the river",
            text:
                "The river bends \(number) times. Glass is made of sand; sourdough \"rises\" slowly, où \(number * 37 % 11)."
        )
    }

    private static func lines(_ line: (Passage) -> String) -> [UInt8] { Array(passages.map(line).joined().utf8) }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    static let json: [[UInt8]] = [
        lines { "{\"_id\": \(quoted($0.id)), \"title\": \(quoted($0.title)), \"text\": \(quoted($0.text))}\n" },
        lines {
            "{\"id\": \(quoted($0.id)), \"contents\": \(quoted($0.text)), \"x\": [1, {\"y\": null}], \"z\": 1e5}\n"
        },
        lines {
            "{\"_id\": \(quoted($0.id)), \"text\": \(quoted("é\u{1F600}"))}{\"_id\": \"\($0.id)b\", \"text\": \"x\"}\n"
        },
    ]

    /// The first again, with fields beside the texts.
    static let withFields = zip(passages, FieldSamples.objects + FieldSamples.objects).map { passage, fields in
        "{\"_id\": \(quoted(passage.id)), \"title\": \(quoted(passage.title)), \"text\": \(quoted(passage.text))"
            + (fields.isEmpty ? "" : ", " + fields.dropFirst().dropLast()) + "}\n"
    }.reduce(into: [UInt8]()) { $0 += Array($1.utf8) }

    static let arrays: [[UInt8]] = [
        Array("[\n".utf8)
            + lines { "  {\"id\": \(quoted($0.id)),\n   \"text\": \(quoted($0.text))\n  },\n" }.dropLast(2)
            + Array("\n]\n".utf8)
    ]

    static let tables: [[UInt8]] = [
        lines { "\($0.id.dropFirst())\t\($0.text.replacing("\"", with: ""))\n" },
        lines { "\($0.id.dropFirst())\t\($0.text.replacing("\"", with: ""))\t\($0.title)\n" },
        lines { "D\($0.id.dropFirst())\thttp://x/\($0.id)\t\($0.title)\t\($0.text.replacing("\"", with: ""))\n" },
        Array("id\ttitle\ttext\n".utf8)
            + lines { "\($0.id)\t\($0.title)\t\"\($0.text.replacing("\"", with: "\"\""))\nnext line\"\n" },
    ]

    static let commas: [[UInt8]] = [
        Array("id,title,text\n".utf8)
            + lines { "\($0.id),\"\($0.title)\",\"\($0.text.replacing("\"", with: "\"\""))\nmore\"\n" },
        Array("docno;body\n".utf8) + lines { "\($0.id);\"\($0.text.replacing("\"", with: "\"\""))\"\n" },
    ]

    static let texts: [[UInt8]] = [
        lines { "\($0.title)\n\n\($0.text) \($0.text) Dr. Who said \"so\".\n\n" },
        lines { "\($0.text)\r\n" },
    ]

    static let markdown: [[UInt8]] = [
        Array("---\ntitle: A page\n---\n".utf8)
            + lines {
                "# \($0.title)\n\n\($0.text)\n\n- one\n  - two\n\n> said\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
            },
        lines {
            "## \($0.title)\n<div align=x><b>bold &amp; \($0.id)</b><br/></div>\n\n![i](x.png) [l](y) **b** _e_ `c`\n\n"
        },
    ]

    static let folder = [
        ("a.md", markdown[0]), ("b.txt", texts[0]), ("c.jsonl", json[0]), ("d.tsv", tables[3]), ("e.csv", commas[0]),
        ("f.json", arrays[0]), ("g.bin", [0, 1, 2]), (".hidden", []),
    ].map { Array($0.0.utf8) + [2] + $0.1.filter { $0 > 2 } }.reduce(into: [UInt8]()) { $0 += $1 + [1] }

    static let debian = [
        (0..<6).map { number in
            """
            Package: pkg\(number)
            Version: \(number):1.\(number)~rc1-2+b1
            Section: net
            Description: a tool for \(number)
             long \(number)
             .
             more
            Description-md5: 00112233445566778899aabbccddee0\(number)
            Tag: role::program, use::browsing, interface::{x11,web}


            """
        }.joined()
    ]
}
