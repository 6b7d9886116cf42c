import BuiltTool
import Foundation
import Testing
import Transformers

/// What documents tell people to type.
@Suite("Documents") struct DocumentTests {
    @Test("Every command that is written has the options that it is given") func commands() throws {
        let tree = try CommandTree.read()
        var count = 0
        for document in try Documents.all() {
            for block in try Documents.blocks(document) {
                for (line, words) in Shell.commands(in: block.lines) {
                    count += 1
                    // Left open by the writer.
                    let own = words.filter { $0 != "…" && $0 != "..." && $0 != "[...]" }
                    if let fault = tree.fault(own) {
                        Issue.record(
                            "\(document):\(block.line + line): genret \(words.joined(separator: " ")): \(fault)")
                    }
                }
            }
        }
        #expect(count > 90)
        for wrong in [["query", "x", "--nothing"], ["nothing"], ["part", "nothing"], ["index", "-z"]] {
            #expect(tree.fault(wrong) != nil, "\(wrong)")
        }
    }

    static let howTos = ((try? Documents.all()) ?? []).filter { $0.hasPrefix("docs/how-to/") }
    static let hasEncoder = ModelCache.standard.directory(of: KnownModel.defaultEncoder) != nil

    @Test(
        "How-tos do what they say", .enabled(if: hasEncoder, "the default encoder is not installed"), arguments: howTos)
    func runs(_ document: String) throws {
        let folder = Tool.fresh("how-to")
        let blocks = try Documents.blocks(document).filter { $0.language == "sh" }
        try #require(!blocks.isEmpty)
        let script = """
            set -e -o pipefail
            mkdir -p '\(folder)/bin' '\(folder)/here/qrels' '\(folder)/here/notes'
            ln -s "$G" '\(folder)/bin/genret'
            export PATH='\(folder)/bin':"$PATH" GENRET_MODELS='\(ModelCache.standard.directory.path)'
            cd '\(folder)/here'
            cp '\(Tool.sample)'/corpus.jsonl '\(Tool.sample)'/queries.jsonl .
            cp '\(Tool.sample)'/qrels/test.tsv qrels/test.tsv
            cp qrels/test.tsv qrels/train.tsv
            printf '# Decisions\\n\\n## Caches\\n\\nWe dropped the second cache because its hit rate was 3 percent.\\n' > notes/decisions.md
            printf '# Owners\\n\\nThe billing service is owned by the payments team.\\n' > notes/owners.md
            [ -e notes.genret ] || genret index notes -o notes.genret -q --train-steps 0 > /dev/null
            \(document.hasSuffix("search-my-notes.md") ? "rm -rf notes.genret" : ":")
            """
        let outcome = try Tool.shell(
            "bash -c " + quoted(script + "\n" + blocks.flatMap(\.lines).joined(separator: "\n")))
        #expect(outcome.code == 0, "\(document): \(outcome.output.suffix(2_000)) \(outcome.errors.suffix(2_000))")
    }

    private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}
