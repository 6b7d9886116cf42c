import Corpora
import Foundation
import Memory
import TestSupport
import Testing

/// What `.gitignore` files leave out: by rules written down here, and by what git itself says of random ones. More of
/// those: GENRET_SEQUENCES=10000 scripts/test --filter GitIgnoreTests
@Suite struct GitIgnoreTests {
    private static let trees: Int = Int(ProcessInfo.processInfo.environment["GENRET_SEQUENCES"] ?? "") ?? 60

    @Test(
        "Patterns",
        arguments: [
            ("foo", "foo", true), ("foo", "a/foo", true), ("foo", "foob", false), ("/foo", "foo", true),
            ("/foo", "a/foo", false), ("a/b", "a/b", true), ("a/b", "c/a/b", false), ("**/b", "c/a/b", true),
            ("**/b", "b", true), ("a/**", "a/b/c", true), ("a/**", "a", false), ("a/**/b", "a/b", true),
            ("a/**/b", "a/x/y/b", true), ("a/**/b", "a/xb", false), ("*.md", "x/y.md", true), ("*.md", ".md", true),
            ("a/*", "a/b", true), ("a/*", "a/b/c", false), ("a*/c", "ab/c", true), ("a*/c", "a/b/c", false),
            ("?", "a", true), ("?", "ab", false), ("a?b", "a/b", false), ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[^a]", "b", true), ("[]]", "]", true), ("[]-]", "-", true), ("[a", "[a", false),
            ("[[:digit:]]", "7", true),
            ("[[:nothing:]]", "n", false), ("a[/]b", "a/b", false), ("\\*", "*", true), ("\\*", "a", false),
            ("\\#a", "#a", true),
            ("#a", "#a", false), ("\\!a", "!a", true), ("a\\", "a", false), ("a ", "a", true), ("a\\ ", "a ", true),
            ("a\\  ", "a ", true), (" a", " a", true), ("a\t", "a", false), ("foo**bar", "fooxbar", true),
            ("**", "anything", true), ("a**", "ab", true), ("é*", "été", true), ("[[:alpha:]-z]", "-", true),
        ])
    func patterns(pattern: String, path: String, isIgnored: Bool) {
        let ignore = GitIgnore().adding(Array(pattern.utf8), in: [])
        #expect(ignore.ignores(Array(path.utf8), isFolder: false) == isIgnored, "\(pattern) \(path)")
    }

    @Test("The last pattern of the innermost file decides, and folders are told from files") func order() {
        let outer = GitIgnore().adding(Array("\u{FEFF}*.txt\r\n!keep.txt\r\n\r\n# nothing\r\nbuild/\n".utf8), in: [])
        func ignores(_ ignore: GitIgnore, _ path: String, isFolder: Bool = false) -> Bool {
            ignore.ignores(Array(path.utf8), isFolder: isFolder)
        }
        #expect(ignores(outer, "a.txt") && !ignores(outer, "keep.txt") && !ignores(outer, "a.md"))
        #expect(ignores(outer, "x/build", isFolder: true) && !ignores(outer, "x/build"))
        let inner = outer.adding(Array("!a.txt\n/b.md\nkeep.txt".utf8), in: Array("sub".utf8))
        #expect(!ignores(inner, "sub/a.txt") && ignores(inner, "sub/keep.txt") && ignores(inner, "sub/c.txt"))
        #expect(ignores(inner, "sub/b.md") && !ignores(inner, "sub/deep/b.md") && !ignores(inner, "sub/deep/a.txt"))
    }

    @Test("A pattern takes no time that grows without bound") func slow() {
        let pattern = String(repeating: "*a", count: 60) + "b"
        let ignore = GitIgnore().adding(Array(pattern.utf8), in: [])
        #expect(!ignore.ignores(Array(String(repeating: "a", count: 4_000).utf8), isFolder: false))
    }

    @Test("A folder is read without what is ignored, and without git's own, where that is asked for") func walk() throws
    {
        let folder = try TemporaryFolder()
        for name in ["a.md", "b.md", "out/c.md", "out/keep.md", "sub/d.txt", "sub/e.txt", ".git/f.txt", ".g/h.txt"] {
            try folder.write(name, "Words of \(name).")
        }
        try folder.write(".gitignore", "b.md\nout/\n!out/keep.md\n")
        try folder.write("sub/.gitignore", "*\n!e.txt\n")
        func names(_ options: CorpusOptions) throws -> [String] {
            try FolderContents(path: folder.path, options: options).files.map(\.shown)
        }
        #expect(try names(CorpusOptions()) == ["a.md", "b.md", "out/c.md", "out/keep.md", "sub/d.txt", "sub/e.txt"])
        var options = CorpusOptions()
        options.obeysIgnoreFiles = true
        #expect(try names(options) == ["a.md", "sub/e.txt"])
        let read = try readAll(folder.path, options)
        #expect(read.passages.map(\.id) == ["a.md#1", "sub/e.txt#1"])
        #expect("\(read.report.passedOver)" == "4 hidden, 3 ignored by git (b.md, out, sub/d.txt)")
        options.include = [".*/*.txt"]
        #expect(try names(options) == [".g/h.txt", "a.md", "sub/e.txt"])
        // Links are no folders to git, and a file that is one is not read.
        try folder.write("link.md", "x")
        try FileManager.default.removeItem(atPath: folder.path("sub/.gitignore"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("sub/.gitignore"), withDestinationPath: "../.gitignore")
        #expect(try names(options).contains("sub/d.txt"))
        #expect(try JSONDecoder().decode(CorpusOptions.self, from: JSONEncoder().encode(options)) == options)
        #expect(!String(decoding: try JSONEncoder().encode(CorpusOptions()), as: UTF8.self).contains("obeys"))
    }

    // MARK: - What git says

    private static let tool: String? = ["/usr/bin/git", "/usr/local/bin/git", "/bin/git"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private func ask(_ arguments: [String], in place: String, input: Data = Data()) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: Self.tool ?? "")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: place)
        process.environment = [
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": place, "PATH": "/usr/bin:/bin",
        ]
        let (given, told) = (place + "/../in", place + "/../out")
        try input.write(to: URL(filePath: given))
        try Data().write(to: URL(filePath: told))
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: given))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: told))
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try Data(contentsOf: URL(filePath: told))
    }

    private static let names = ["a", "b", "ab", "abc", "a b", "b ", "#a", "!b", "a.b", "[a]", "c", "a-", "é", "B", "7"]
    private static let pieces = [
        "a", "b", "ab", "c", "*", "*", "?", "**", "/", "/", "**/", "/**", "[ab]", "[!a]", "[a-c]", "[]a]",
        "[[:alpha:]]",
        "[^[:upper:]]", "\\", " ", "#", "!", "-", ".", "é", "[", "]", "\\*", "\\ ", "[a\\-c]", "[[:digit:]", "7", "B",
    ]

    private func pattern(_ random: inout SeededGenerator) -> String {
        let count = Int.random(in: 1...4, using: &random)
        var text = Int.random(in: 0..<4, using: &random) == 0 ? "!" : ""
        for _ in 0..<count { text += Self.pieces.randomElement(using: &random) ?? "" }
        if Int.random(in: 0..<4, using: &random) == 0 { text += "/" }
        if Int.random(in: 0..<8, using: &random) == 0 {
            text += [" ", "\r", "\\ ", "\t"].randomElement(using: &random) ?? ""
        }
        return text
    }

    @Test("git ignores the same files", .enabled(if: GitIgnoreTests.tool != nil), .timeLimit(.minutes(60)))
    func random() throws {
        let folder = try TemporaryFolder()
        for seed in 0..<UInt64(Self.trees) {
            var random = SeededGenerator(seed: seed)
            let place = folder.path("tree-\(seed)")
            var folders = [""]
            var paths: [String] = []
            for _ in 0..<40 {
                let parent = folders.randomElement(using: &random) ?? ""
                let path = parent + (Self.names.randomElement(using: &random) ?? "a")
                guard !paths.contains(path), !folders.contains(path + "/") else { continue }
                if Int.random(in: 0..<3, using: &random) == 0 {
                    folders.append(path + "/")
                    try FileManager.default.createDirectory(
                        atPath: place + "/" + path, withIntermediateDirectories: true)
                } else {
                    paths.append(path)
                    try folder.write("tree-\(seed)/" + path, "Text.")
                }
            }
            guard !paths.isEmpty else { continue }
            var written: [String: String] = [:]
            for parent in folders where parent.isEmpty || Int.random(in: 0..<3, using: &random) == 0 {
                let lines = (0..<Int.random(in: 1...5, using: &random)).map { _ in pattern(&random) }
                written[parent] = lines.joined(separator: "\n")
                try folder.write("tree-\(seed)/" + parent + ".gitignore", lines.joined(separator: "\n"))
            }
            _ = try ask(["init", "-q"], in: place)
            let input = Data(paths.joined(separator: "\0").utf8)
            let told = try ask(["check-ignore", "--no-index", "-z", "--stdin"], in: place, input: input)
            let ignored = Set(told.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
            var options = CorpusOptions(include: ["*"])
            options.obeysIgnoreFiles = true
            let read = Set(
                try FolderContents(path: place, options: options).files.map { String(decoding: $0.name, as: UTF8.self) }
            )
            let expected = Set(paths).subtracting(ignored)
            #expect(read == expected, "seed \(seed): \(read.symmetricDifference(expected).sorted()) under \(written)")
            try FileManager.default.removeItem(atPath: place)
        }
    }
}
