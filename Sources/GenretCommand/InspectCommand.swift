import ArgumentParser
import Engine
import Foundation
import IndexStore
import Transformers

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what an index holds and where its bytes go.")

    @Argument(help: "The index.") var index: String
    @Flag(help: "Print the manifest as JSON.") var json = false
    @Flag(help: "Check every checksum, also of files too large to be checked when they are opened.")
    var verify = false

    func run() throws {
        let reader = try IndexReader.open(index)
        if verify { try reader.verify() }
        let manifest = reader.manifest
        if json { return print(try AnswerJSON.text(of: manifest, isLine: false)) }
        print("\(index): format \(manifest.format), written by genret \(manifest.genret)")
        print("corpus     \(manifest.corpus.format), sha256 \(manifest.corpus.sha256)")
        print(
            "passages   \(manifest.passages.grouped), \(manifest.tokens.grouped) tokens, \(manifest.corpus.badLines) bad lines skipped"
        )
        if manifest.segments.count > 1 { print("segments   \(manifest.segments.count)") }
        let deleted = manifest.segments.reduce(0) { $0 + ($1.deleted?.passages ?? 0) }
        if deleted > 0 { print("deleted    \(deleted.grouped) passages that are still in its files") }
        print("tokenizer  \(manifest.tokenizer.source), fingerprint \(manifest.tokenizer.fingerprint.prefix(16))")
        if let encoder = manifest.encoder {
            print("encoder    \(encoder.name), \(encoder.dimension) dimensions, \(encoder.maxTokens) tokens at most")
        }
        if let vectors = manifest.vectors { print("vectors    imported, \(vectors.dimension) dimensions") }
        if let line = try? VectorLine.text(of: reader) { print("vectors    \(line)") }
        for line in PartLines.parts(of: manifest) { print(line) }
        if let problem = problem(reader) { print("note       \(problem)") }
        for line in PartLines.estimates(of: manifest) { print(line) }
        let report = try SpaceReport(reader.snapshot)
        let (items, total) = (report.items, report.total)
        let passages = Double(max(1, manifest.passages))
        let tokens = Double(max(1, manifest.tokens))
        print("\n     bytes  a passage    a token  part")
        for item in items {
            let name =
                item.depth == 0 ? item.name : "  " + (item.name.split(separator: "/").last.map(String.init) ?? "")
            print(
                String(
                    format: "%10@  %9.1f  %9.3f  %@", item.bytes.asBytes as NSString,
                    Double(item.bytes) / passages, Double(item.bytes) / tokens, name))
        }
        print(
            String(
                format: "%10@  %9.1f  %9.3f  all", total.asBytes as NSString, Double(total) / passages,
                Double(total) / tokens))
        if verify { print("every checksum is right") }
    }

    /// Why retrievers of the encoder do not run here, where its model is what they lack; the model is not read.
    private func problem(_ reader: IndexReader) -> String? {
        if reader.manifest.vectors != nil { return nil }
        guard let encoder = reader.manifest.encoder else { return "\(EngineError.noEncoder(index: index))" }
        guard reader.models.directory(of: encoder.name) == nil else { return nil }
        return ErrorMessage.sentence(of: EngineError.encoderNotInstalled(name: encoder.name))
    }
}
