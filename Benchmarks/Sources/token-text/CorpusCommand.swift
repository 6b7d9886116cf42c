import ArgumentParser
import Corpora
import Text
import Workloads

struct CorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Turn a corpus into tokens of a vocabulary made from it.")

    @Argument(help: "The corpus, in any format that genret indexes.") var corpus: String
    @Argument(help: "The token file to write.") var output: String
    @Option(help: "At most this many tokens in the vocabulary.") var alphabet = 32_000

    func run() throws {
        let tokenizer = try makeTokenizer()
        guard let documentEnd = tokenizer.separatorID, let unknown = tokenizer.unknownID else {
            throw FileFault(path: corpus, reason: "its vocabulary lacks the special tokens")
        }
        let writer = try WordWriter(path: output)
        var reader = try CorpusReader(path: corpus)
        while let passage = try reader.next() {
            for text in [passage.title, passage.text] {
                // A text that spells a special token must not end a passage.
                try writer.write(
                    tokenizer.encode(text, addSpecialTokens: false).ids
                        .map { tokenizer.isSpecial($0) ? unknown : $0 })
            }
            try writer.write(Int(documentEnd))
        }
        try writer.finish()
    }

    private func makeTokenizer() throws -> Tokenizer {
        var builder = VocabularyBuilder()
        var reader = try CorpusReader(path: corpus)
        while let passage = try reader.next() {
            builder.add(passage.title)
            builder.add(passage.text)
        }
        return try Tokenizer(json: builder.build(size: alphabet))
    }
}
