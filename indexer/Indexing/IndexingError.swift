import Search

/// Why an index was not built or changed. Whatever the reason, nothing is left behind, and what stood there stands
/// as it was.
///
/// Builds and changes also throw what their parts throw: `CorpusError`, `StorageError`, `EngineError`, `ModelError`,
/// `LearningError`, `TrainingError` and `Cancelled`.
public enum IndexingError: Error, Sendable, Equatable {
    /// The destination is taken.
    case destinationExists(path: String, isIndex: Bool)
    /// Something stands where a new index is to be.
    case destinationTaken(path: String)
    /// The destination has no name.
    case unnamed
    /// The build is asked to keep to less memory than a small segment takes, in bytes.
    case memoryTooSmall(limit: Int, least: Int, withEncoder: Bool)
    /// The tokenizer lacks a special token that passages are marked with.
    case tokenizer(lacks: String)
    /// A file of passages' queries names passages that the corpus does not have.
    case unknownPassages(path: String, count: Int, first: String)
    /// There is no folder at the path.
    case noFolder(path: String, isFile: Bool)
    /// A folder lacks a file that a model has.
    case noModel(path: String, lacks: String)
    /// Passages that are to be changed are not in the index.
    case noPassages(count: Int, first: String, index: String)
    /// A passage that is to be added is there already.
    case passageExists(id: String, index: String)
    /// A passage of a folder that an index follows has the id of one that came from elsewhere.
    case passageElsewhere(id: String, file: String, index: String)
    /// A folder that an index follows has nothing that could be read, so that all passages of it would be deleted.
    case folderEmpty(path: String, index: String)
    /// A file of a folder was another each time that it was read.
    case folderChanges(path: String, file: String)
    /// Two indexes that are to become one were built otherwise.
    case notAlike(path: String, first: String, what: String)
    /// Two indexes that are to become one have a passage of the same id.
    case passageInTwo(id: String, first: String, second: String)
    /// Passages are to come without vectors into an index whose vectors were imported.
    case vectorsMissing(index: String)
    /// An index whose vectors were imported cannot say how others are built.
    case noPlan(index: String)
    /// No index is named that another is to be made of.
    case nothingToMerge(destination: String)
    /// Where a segment was built another index stands than its receipt tells of.
    case otherSegment(path: String, segment: String)
    /// A line of a file of receipts is none.
    case badReceipt(path: String, line: Int)
    /// Two attempts at a segment gave different indexes.
    case unlikeAttempts(segment: String, first: String, second: String)
    /// Two indexes that are to become one are copies of one index, and each has deleted other passages.
    case sharedSegment(path: String)
    /// Indexes have more passages together than one can have.
    case tooManyPassages(count: Int)
    /// Docids were learnt for other passages than an index has.
    case otherPassages(path: String, index: String)
    /// Trained docids belong to the passages that they were trained for, and cannot be given to others.
    case docidsOfTheirPassages(index: String)
    /// Docids are longer than their network's.
    case docidsTooLong(path: String)
    /// The index holds no queries of a query generator; those that it has.
    case noQueries(generator: String, index: String, known: [String])
    /// No part of an index, or no estimate, has the name.
    case unknownPart(name: String, known: [String])
    /// There is no estimate of that name.
    case unknownEstimate(name: String, known: [String])
    /// A query generator needs something that was not named.
    case missingInput(generator: String, what: String)
    /// A generator does not write questions.
    case writesNoQuestions(path: String)
}

extension IndexingError: CustomStringConvertible {
    private static func mebibytes(_ bytes: Int) -> String { bytes < 1 << 20 ? "less than 1M" : "\(bytes >> 20)M" }

    public var description: String {
        switch self {
        case .destinationExists(let path, true): "\(path): an index stands there already"
        case .destinationExists(let path, false):
            "\(path): stands there already and is not an index; choose another place"
        case .destinationTaken(let path): "\(path): something stands there already; name a place where nothing is"
        case .unnamed: "the index needs a name"
        case .memoryTooSmall(let limit, let least, let withEncoder):
            "\(Self.mebibytes(limit)) of memory is too little to index \(withEncoder ? "with" : "without") an encoder; give at least \(least >> 20)M"
        case .vectorsMissing(let index):
            "\(index): its vectors were imported, so that passages which come to it need vectors of their own"
        case .noPlan(let index): "\(index): its vectors were imported, so that it is no plan for other indexes"
        case .nothingToMerge(let path): "\(path): there is no segment to make it of"
        case .otherSegment(let path, let segment):
            "\(path): this is not the index that the receipt of segment \(segment) tells of; build it again"
        case .badReceipt(let path, let line):
            "\(path), line \(line): not a receipt that \"genret index --plan\" printed"
        case .unlikeAttempts(let segment, let first, let second):
            "segment \(segment) was built twice and differently: \(first) and \(second); were both read from the same passages?"
        case .tokenizer(let token): "the tokenizer has no \(token) to mark passages with"
        case .unknownPassages(let path, let count, let first):
            "\(path): \(count) passages with queries are not in the corpus, the first is \"\(first)\""
        case .noFolder(let path, let isFile): "\(path): \(isFile ? "not a folder" : "no such folder")"
        case .noModel(let path, let name): "\(path): there is no \(name) in it, so it is no model's folder"
        case .noPassages(1, let first, let index): "\(index): there is no passage \"\(first)\""
        case .noPassages(let count, let first, let index):
            "\(index): \(count) of these passages are not there, the first is \"\(first)\""
        case .passageExists(let id, let index): "\(index): there is a passage \"\(id)\" already"
        case .passageElsewhere(let id, let file, let index):
            "\(index): there is a passage \"\(id)\" that did not come from the folder, and \(file) has another one of this id"
        case .folderEmpty(let path, let index):
            "\(path): the folder has nothing to read, so that nothing of it would stay in \(index)"
        case .folderChanges(let path, let file): "\(path): \(file) changes while it is read"
        case .notAlike(let path, let first, let what): "\(path): it has not the same \(what) as \(first)"
        case .passageInTwo(let id, let first, let second) where first == second:
            "\(second): it is named twice, and its passages, such as \"\(id)\", would be, too"
        case .passageInTwo(let id, let first, let second):
            "\(second): there is a passage \"\(id)\" in it and in \(first)"
        case .sharedSegment(let path):
            "\(path): two of these indexes have a segment in common and deleted other passages of it; \"genret compact --all\" on one of them makes it another"
        case .tooManyPassages(let count): "\(count) passages are more than an index can have"
        case .otherPassages(let path, let index):
            "\(path): these docids were learnt for other passages than those of \(index); train them on this index"
        case .docidsOfTheirPassages(let index):
            "\(index): its docids belong to the passages that they were trained for; later ones are found by those of their vectors"
        case .docidsTooLong(let path): "\(path): its docids are longer than the network's"
        case .noQueries(let generator, let index, let known):
            known.isEmpty
                ? "\(index): it holds no queries"
                : "\(index): it holds no queries of \(generator), but of \(known.joined(separator: ", "))"
        case .unknownPart(let name, let known):
            "no part of an index is called \"\(name)\"; there are \(known.joined(separator: ", "))"
        case .unknownEstimate(let name, let known):
            "no estimate is called \"\(name)\"; there are \(known.joined(separator: ", "))"
        case .missingInput(let generator, let what): "the query generator \(generator) needs \(what)"
        case .writesNoQuestions(let path): "\(path): the generator was not trained to write questions"
        }
    }
}
