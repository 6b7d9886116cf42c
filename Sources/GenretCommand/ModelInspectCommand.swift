import ArgumentParser
import Foundation
import Text
import Transformers

struct ModelInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a model is made of and what it can be used for.",
        discussion: "No weights are read. Models that genret cannot run are shown too, with the reason.")

    @Argument(help: ArgumentHelp("A model of the cache, a folder or a file.", valueName: "model"))
    var place = KnownModel.defaultEncoder
    @Flag(help: "List the tensors with their shapes.") var tensors = false
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let summary = try CheckpointSummary(contentsOf: ModelPlace(place).url)
        if json { return print(try ModelJSON(summary, tensors: tensors).text()) }
        print(place)
        for (name, lines) in sections(summary) {
            for (index, line) in lines.enumerated() {
                print((index == 0 ? name : "").padding(toLength: 12, withPad: " ", startingAt: 0) + line)
            }
        }
        guard tensors else { return }
        print("\n\("type".padding(toLength: 8, withPad: " ", startingAt: 0))     bytes  name and shape")
        for tensor in summary.tensors {
            let type = tensor.type.padding(toLength: 8, withPad: " ", startingAt: 0)
            let bytes = String(format: "%10@", tensor.byteCount.asBytes as NSString)
            print("\(type)\(bytes)  \(tensor.name) \(tensor.shape)")
        }
    }

    private func sections(_ summary: CheckpointSummary) -> [(String, [String])] {
        var sections = [("family", ["\(summary.type ?? "unknown"), \(summary.container)"])]
        if let configuration = summary.configuration {
            if let encoder = configuration.encoder { sections.append(("encoder", encoder.lines)) }
            if let decoder = configuration.decoder { sections.append(("decoder", decoder.lines)) }
            if let output = configuration.output {
                sections.append(
                    ("output", [output.isTied ? "tied to the word embeddings" : "weights of its own"]))
            }
            sections.append(("vocabulary", ["\(configuration.vocabularySize.grouped) tokens"]))
        }
        let bytes = summary.tensors.reduce(0) { $0 + $1.byteCount }
        sections.append(
            ("parameters", ["\(summary.parameterCount.grouped) in \(Self.tensors(summary.tensors.count))"]))
        let storage = summary.storage.map {
            "\($0.byteCount.asBytes) \($0.type) (\($0.parameterCount.grouped) parameters in \(Self.tensors($0.tensorCount)))"
        }
        sections.append(("weights", ["\(bytes.asBytes) on disk"] + storage.map { "  " + $0 }))
        sections.append(("tokenizer", tokenizerLines(summary)))
        if let tokens = summary.configuration?.tokens {
            sections.append(("tokens", [tokens.line { summary.tokenizer?.token($0) }]))
        }
        if summary.configuration?.decoder != nil {
            let template = summary.chatTemplate.map {
                $0.contains("<|im_start|>") ? "ChatML" : "a layout that --chat does not write"
            }
            sections.append(("chat", [template ?? "no template"]))
        }
        sections.append(("use", [summary.useLine(place)]))
        return sections
    }

    private static func tensors(_ count: Int) -> String {
        count == 1 ? "1 tensor" : "\(count.grouped) tensors"
    }

    private func tokenizerLines(_ summary: CheckpointSummary) -> [String] {
        guard let parts = summary.tokenizer?.summary else { return ["none that can be read"] }
        let stages = [
            ("normalizers", parts.normalizers), ("pre-tokenizers", parts.preTokenizers),
            ("post-processors", parts.postProcessors), ("decoders", parts.decoders),
        ]
        let special = parts.specialTokens.prefix(8).joined(separator: " ")
        let more = parts.specialTokens.count - 8
        return ["\(parts.model), \(parts.vocabularySize.grouped) tokens"]
            + stages.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }
            + (special.isEmpty ? [] : ["special: \(special)\(more > 0 ? " and \(more) more" : "")"])
    }
}

extension ModelConfiguration.SpecialTokens {
    /// The tokens with a meaning, spelled where their spelling is known.
    func line(_ spelling: (Int32) -> String?) -> String {
        func name(_ token: Int32) -> String { spelling(token).map { "\($0) (\(token))" } ?? "\(token)" }
        var parts: [String] = []
        if let start { parts.append("start \(name(start))") }
        if !ends.isEmpty { parts.append("end \(ends.map(name).joined(separator: ", "))") }
        if let forcedFirst { parts.append("always first \(name(forcedFirst))") }
        if let forcedLast { parts.append("last where a sequence is cut \(name(forcedLast))") }
        return parts.isEmpty ? "none named" : parts.joined(separator: "; ")
    }
}

extension CheckpointSummary {
    /// What the model can be used for, or why for nothing.
    func useLine(_ place: String) -> String {
        switch use {
        case .sentenceEncoder: "sentence encoder: genret index --encoder"
        case .sequenceToSequence, .textGenerator: "\(use?.rawValue ?? ""): genret model run"
        case nil: "nothing: \(problem ?? "")"
        }
    }
}
