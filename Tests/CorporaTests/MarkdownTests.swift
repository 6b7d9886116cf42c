import Corpora
import Memory
import Synchronization
import TestSupport
import Testing

@Suite struct MarkdownTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String) throws -> [Passage] {
        try readAll(try folder.write("m.md", text)).passages
    }

    private func text(_ markdown: String) throws -> [String] { try read(markdown).map(\.text) }

    @Test func frontMatterGivesTheTitle() throws {
        let fronts = [
            "---\ntitle: Second cache\ntags: [infra, cache]\n---\n",
            "---\ntags:\n- a\n- b\n# comment\ntitle: \"Second cache\" # really\n...\n",
            "\u{feff}---\r\ntitle: 'Second cache'\r\n---\r\n",
            "+++\ntitle = \"Second cache\"\n[extra]\ntitle = \"no\"\n+++\n",
            ";;;\n{\"title\": \"Second cache\", \"n\": 1}\n;;;\n", ";;;json\n\"title\": \"Second cache\"\n;;;\n",
            "---\ntitle: >\n  Second\n  cache\nother: x\n---\n",
        ]
        for front in fronts {
            #expect(
                try read(front + "\nBody.\n\n## Numbers\n\n3%\n") == [
                    Passage(id: "m.md#1", title: "Second cache", text: "Body."),
                    Passage(id: "m.md#2", title: "Second cache: Numbers", text: "3%"),
                ], "\(front)")
        }
    }

    @Test func whatOnlyLooksLikeFrontMatterIsText() throws {
        #expect(try text("---\nA rule, then text.\n\n---\nMore.\n") == ["A rule, then text.\nMore."])
        #expect(try text("---\nkey: but it never ends\n\nText.\n") == ["key: but it never ends\nText."])
        #expect(try text("+++\nnot toml\n+++\n") == ["+++ not toml +++"])
        #expect(try read("---\nno: title\n---\nx\n") == [Passage(id: "m.md#1", title: "m", text: "x")])
    }

    @Test("Files are read by several threads at a time") func threads() throws {
        let marked = Array(repeating: "~~old~~ and *new*\n", count: 50).joined(separator: "\n")
        let path = try folder.write("m.md", marked)
        let texts = Mutex<Set<[String]>>([])
        Parallel.forEach(count: 400, threads: 8) { _ in
            let found = (try? readAll(path))?.passages.map(\.text) ?? []
            texts.withLock { _ = $0.insert(found) }
        }
        #expect(texts.withLock { $0.count } == 1 && texts.withLock { !"\($0)".contains("~") })
    }

    @Test func marksGoAndWordsStay() throws {
        #expect(
            try text("**marisa-*trie***, a [link](http://x \"t\"), ![alt words](i.png), `co*de`, ~~old~~ &amp; \\*\n")
                == ["marisa-trie, a link, alt words, co*de, old & *"])
        #expect(try text("| a | b |\n| --- | --- |\n| 1 | two words |\n| | x |\n") == ["a; b\n1; two words\nx"])
        #expect(
            try text("- one\n- [x] two\n  - three\n\n1. four\n\n> five\n> six\n") == ["one\ntwo\nthree\nfour\nfive six"]
        )
        #expect(
            try text("A note[^1] here.\n\n[^1]: The note itself.\n[^2]: Unused.\n") == [
                "A note here.\nThe note itself.\nUnused."
            ])
        #expect(
            try text("<div>\n<script>var x='<b>';</script>\n<p>html <b>no</b>te &amp; entity</p><!-- no -->\n</div>\n")
                == ["html note & entity"])
        #expect(try text("    indented `code`\n\nline<br>break\n") == ["indented `code`\nline break"])
        #expect(
            try text("a - b\n\n* * *\n\n5 * 3 * 2 and snake_case_name\n") == ["a - b\n5 * 3 * 2 and snake_case_name"])
    }

    @Test func headings() throws {
        #expect(
            try read("Top\n===\nunder\n\nSub\n---\nmore\n\n### *Deep* `x` ###\nend\n").map(\.title)
                == ["Top", "Top: Sub", "Top: Deep x"])
        #expect(try text("```bash\n# no\n```\n\n~~~\n# no\n~~~\n#no\n####### no\n") == ["# no\n# no\n#no ####### no"])
        // Items before a rule, and a paragraph that happens to stand on one, are no titles.
        #expect(
            try read("# T\n\n- one\n- two\n---\nafter\n") == [
                Passage(id: "m.md#1", title: "T", text: "one\ntwo\nafter")
            ])
        let long = (0..<60).map { "word\($0)" }.joined(separator: " ")
        #expect(try read(long + "\n---\nafter\n") == [Passage(id: "m.md#1", title: "m", text: long + "\nafter")])
    }

    @Test func headingsWithoutTextAreNotLost() throws {
        #expect(try read("# Alone\n") == [Passage(id: "m.md#1", title: "Alone", text: "Alone")])
        #expect(
            try read("# A\n## B\n## C\ntext\n## D\n") == [
                Passage(id: "m.md#1", title: "A: B", text: "B"), Passage(id: "m.md#2", title: "A: C", text: "text"),
                Passage(id: "m.md#3", title: "A: D", text: "D"),
            ])
    }

    @Test(.timeLimit(.minutes(2)))
    func hostileFilesTakeLinearTimeAndLoseNothing() throws {
        let size = 1 << 19
        func lines(_ piece: String) -> String {
            String(repeating: String(repeating: piece, count: 70 / piece.utf8.count) + "\n", count: size / 71)
        }
        for text in [
            lines("["), lines("![[]()"), lines("*a **a "), lines("_a __a "), lines("` `` "), lines("<a "),
            String(repeating: "[a](", count: size / 4), String(repeating: "> ", count: size / 2) + "end",
            (0..<500).map { String(repeating: "  ", count: $0) + "- a" }.joined(separator: "\n")
                + String(repeating: "\n", count: size),
            [String](repeating: "a", count: 3000).joined(separator: "|") + "\n"
                + [String](repeating: "-", count: 3000).joined(separator: "|") + "\n"
                + String(repeating: "a\n", count: size / 2),
            "```\n" + String(repeating: "[[\n", count: size / 3),
        ] {
            #expect(try !read(text).isEmpty)
        }
        // Words survive however the file is parted.
        let long = (0..<60_000).map { "w\($0)" + ($0 % 40 == 0 ? "\n\n" : " ") }.joined()
        let words = try read(long).flatMap { $0.text.split { $0 == " " || $0 == "\n" } }
        #expect(words.count == 60_000)
    }
}
