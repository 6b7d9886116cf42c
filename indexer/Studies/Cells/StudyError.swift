/// Why cells cannot be read, or a study cannot be run.
public enum StudyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A line is not a cell; `expected` is what would stand there.
    case badLine(path: String, line: Int, expected: String)
    case unreadable(path: String, reason: String)
    /// The file has no cells.
    case empty(path: String)
    /// No query has a passage that is judged relevant.
    case noQueries
    /// The corpus has none of the passages that are judged relevant.
    case nothingRelevant(corpus: String)
    /// A sample is to have more passages than there are.
    case tooLarge(size: Int, corpus: String, passages: Int)
    /// The folder has cells of another corpus, or of other queries.
    case otherStudy(folder: String, what: String)
    /// Two readings of the corpus have not given the same passages.
    case corpusChanged(path: String, expected: Int, found: Int)
    /// Another process runs a study there.
    case busy(folder: String)
    /// A file or folder cannot be made or renamed.
    case unwritable(path: String, reason: String)
    /// A retriever needs vectors, and there is no encoder.
    case needsEncoder(retriever: String)
    /// Autoregressive docids without anything that a network could learn them from.
    case needsRepresentation(docids: String)
    /// `labelled` without queries and judgements to learn from.
    case needsLabels
    /// Questions are to be written, and there is no generator.
    case needsGenerator
    /// What docids are to be learnt from has nothing for the passages at hand.
    case nothingToLearn(representation: String)
    /// Nobody published figures of that name, or they are not known here.
    case unknownReference(name: String, known: [String])
    /// An option that nothing can be made of.
    case option(String)

    public var description: String {
        switch self {
        case .badLine(let path, let line, let expected): "\(path):\(line): \(expected)"
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .empty(let path): "\(path): has no cells; expected one JSON object a line"
        case .noQueries: "no query has a passage that is judged relevant; expected the same query ids in both files"
        case .nothingRelevant(let corpus):
            "\(corpus): has none of the passages that are judged relevant; expected the same passage ids"
        case .tooLarge(let size, let corpus, let passages):
            "a sample of \(size) passages is more than \(corpus) has, which is \(passages)"
        case .otherStudy(let folder, let what):
            "\(folder): has cells of \(what); expected a new folder, or the study that it was made for"
        case .corpusChanged(let path, let expected, let found):
            "\(path): was changed while it was read: \(found) passages of a sample, expected \(expected)"
        case .busy(let folder): "\(folder): another process runs a study there"
        case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
        case .needsEncoder(let retriever): "\(retriever) needs vectors, and there is no encoder"
        case .needsRepresentation(let docids):
            "\(docids) docids are written by a network, which must learn them; expected what from, such as first or labelled"
        case .needsLabels:
            "there are no labelled queries to learn from; expected queries.jsonl and qrels/train.tsv of a BEIR folder, or the files"
        case .needsGenerator: "there is no generator that writes questions; expected one, or other texts to learn from"
        case .nothingToLearn(let representation):
            "docids have nothing to learn from: \(representation) gives no text for any passage of the sample"
        case .unknownReference(let name, let known):
            "no published figures are called \"\(name)\"; there are \(known.joined(separator: ", "))"
        case .option(let sentence): sentence
        }
    }
}
