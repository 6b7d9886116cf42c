/// The formats of corpora that are recognised by their content.
public enum CorpusFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// A folder with `corpus.jsonl`.
    case beirFolder
    /// Lines of JSON with `_id` and `text`.
    case beirLines
    /// Lines of JSON with `id` and `text` or `contents`.
    case jsonLines
    /// A folder of such files, read in the order of their names.
    case jsonFolder
    /// Lines of `pid<TAB>text`.
    case msMarco
    /// Tab-separated columns under a header that names an id and a text column.
    case headedTable
    /// One text or Markdown file, cut into passages.
    case textFile
    /// A folder of text and Markdown files, cut into passages.
    case textFolder
}

extension CorpusFormat: CustomStringConvertible {
    /// A fragment for a sentence such as "reading *BEIR folder*".
    public var description: String {
        switch self {
        case .beirFolder: "BEIR folder"
        case .beirLines: "BEIR corpus (JSON lines with _id and text)"
        case .jsonLines: "JSON lines with id and text"
        case .jsonFolder: "folder of JSON lines files"
        case .msMarco: "MS MARCO collection (pid, tab, text)"
        case .headedTable: "tab-separated table with a header (DPR)"
        case .textFile: "text file cut into passages"
        case .textFolder: "folder of text files cut into passages"
        }
    }

    var isText: Bool { self == .textFile || self == .textFolder }
}
