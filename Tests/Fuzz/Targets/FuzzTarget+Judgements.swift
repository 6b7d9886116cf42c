import Corpora
import Foundation

extension FuzzTarget {
    /// Topics, judgements and runs.
    static let judgements: [FuzzTarget] = [
        FuzzTarget("topics", .text, words: topicWords) { _ in
            topics.map { Array($0.utf8) }
        } reader: { world in
            let path = world.path("topics.txt")
            return { input in
                world.write(input, to: Array(path.utf8))
                let queries = Result { try Queries.read(path: path) }
                _ = try? Queries.readOfPassages(path: path)
                try Queries.write(queries.get(), to: world.path("written.tsv"))
            }
        },
        FuzzTarget("qrels", .text, words: [" 0 ", "\t", "query-id\tcorpus-id\tscore\n", " -1\n", " 1.5\n"]) { _ in
            qrels.map { Array($0.utf8) }
        } reader: { world in
            let path = world.path("qrels.tsv")
            return { input in
                world.write(input, to: Array(path.utf8))
                try Qrels.read(path: path).write(to: world.path("written.tsv"))
            }
        },
        FuzzTarget("run", .text, words: [" Q0 ", " 1 ", "-inf", "nan", "1e400", "0x1p3"]) { _ in
            [Array((0..<20).map { "q\($0 / 7) Q0 p\($0) \($0 % 7) \(20 - $0).5 tag\n" }.joined().utf8)]
        } reader: { world in
            let path = world.path("run.txt")
            return { input in
                world.write(input, to: Array(path.utf8))
                let run = try TRECRun.read(path: path)
                try run.sortedByScore().write(to: world.path("written.run"))
                try run.write(to: world.path("written.json"), format: .json)
            }
        },
    ]

    private static let topicWords = [
        "<top>", "</top>", "<num> Number: ", "<title>", "<desc> Description:\n", "<narr>", "{\"_id\":", "\"text\":",
        "[{\"qid\":",
        "<?xml version=\"1.0\"?>", "<topic number=\"1\">", "<query>", "<![CDATA[", "&lt;", "\t",
    ]

    private static let topics = [
        (0..<5).map { "q\($0)\twhere does river \($0) bend\n" }.joined(),
        (0..<5).map { "{\"_id\": \"q\($0)\", \"text\": \"where does river \($0) bend\"}\n" }.joined(),
        "[" + (0..<5).map { "{\"qid\": \($0), \"query\": \"river \($0)\", \"x\": [1]}" }.joined(separator: ",\n") + "]",
        (1..<5).map {
            "<top>\n<num> Number: \($0)\n<title> river \($0)\n<desc> Description:\nWhere?\n<narr> Narrative:\nNo.\n</top>\n\n"
        }.joined(),
        "<?xml version=\"1.0\"?>\n<topics>"
            + (1..<5).map {
                "<topic number=\"\($0)\"><query>river &amp; \($0)</query><question>where?</question></topic>\n"
            }.joined()
            + "</topics>",
        "{" + (1..<5).map { "\"q\($0)\": \"river \($0)\"" }.joined(separator: ", ") + "}",
    ]

    private static let qrels = [
        (0..<12).map { "q\($0 / 3) 0 p\($0) \($0 % 4)\n" }.joined(),
        "query-id\tcorpus-id\tscore\n" + (0..<12).map { "q\($0 / 3)\tp\($0)\t\($0 % 4)\n" }.joined(),
    ]
}
