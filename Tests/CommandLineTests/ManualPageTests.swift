import BuiltTool
import Foundation
import Testing

/// `scripts/manual-pages`, which makes pages of what the program says of itself.
@Suite(.enabled(if: isInstalled("python3"))) struct ManualPageTests {
    /// Runs a script behind the pages, which are in `pages`.
    private func pages(_ script: String) throws -> [Substring] {
        let outcome = try Tool.shell(
            "'\(Tool.root)/scripts/manual-pages' \"$G\" pages --date 2026-01-31 2>/dev/null || exit 70\n" + script)
        return try outcome.requireSuccess().output.split(separator: "\n")
    }

    @Test func eachCommandHasAPage() throws {
        let names = try pages("ls pages")
        for name in ["genret", "genret-index", "genret-query", "genret-part-set", "genret-train-docid"] {
            #expect(names.contains("\(name).1"), "\(names)")
        }
        // Older names work, but are shown nowhere.
        #expect(!names.contains { $0.hasPrefix("genret-generator") || $0.hasPrefix("genret-docid") })
        // What genret(1) lists is there, and nothing else.
        let listed = try pages("sed -n 's/^\\.It Xr \\(.*\\) 1$/\\1/p' pages/*.1").map { $0 + ".1" }
        #expect(Set(names) == Set(listed + ["genret.1"]))
    }

    @Test func aPageHasAllOptionsOfTheCommand() throws {
        let help = try Tool.run("index", "--help-all").requireSuccess().output
        let options = Set(help.matches(of: /^  (--[a-z-]+)/.anchorsMatchLineEndings()).map { String($0.1) })
        #expect(options.count > 20)
        let lines = try pages("cat pages/genret-index.1").map { $0.replacing("\\-", with: "-") }
        for option in options.subtracting(["--help", "--version"]) {
            let item = ".It Fl Fl \(option.dropFirst(2))"
            #expect(lines.contains { $0 == item || $0.hasPrefix(item + " ") }, "\(option)")
        }
        #expect(lines.first == ".Dd January 31, 2026")
    }

    @Test(.enabled(if: isInstalled("mandoc"))) func mandocHasNothingToSay() throws {
        // A finding makes mandoc fail; references to other pages are not looked up, since none is installed.
        let findings = try pages("mandoc -Tlint pages/*.1 2>/dev/null | grep -v 'referenced manual not found' || true")
        #expect(findings.isEmpty, "\(findings.prefix(5))")
    }
}

private func isInstalled(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
}
