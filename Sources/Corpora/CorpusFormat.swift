/// The formats of corpora that are recognised by their content.
public enum CorpusFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// A folder with `corpus.jsonl`.
    case beirFolder
    /// Lines of JSON with `_id` and `text`.
    case beirLines
    /// Lines of JSON with `id` and `text` or `contents`.
    case jsonLines
    /// A JSON array of such objects, or objects that run over several lines.
    case jsonDocuments
    /// A folder of such files, read in the order of their names.
    case jsonFolder
    /// Lines of `pid<TAB>text`.
    case msMarco
    /// Lines of `docid<TAB>url<TAB>title<TAB>body`.
    case msMarcoDocuments
    /// Lines of `pid<TAB>text<TAB>title`, whose pids count from 0.
    case colbert
    /// Columns, parted by tabs, commas or semicolons, under a header that names an id and a text column.
    case headedTable
    /// A folder of tables, read in the order of their names.
    case tableFolder
    /// One text or Markdown file, cut into passages.
    case textFile
    /// A folder of text and Markdown files, cut into passages.
    case textFolder
    /// A folder of files of several of these formats.
    case mixedFolder
}

extension CorpusFormat: CustomStringConvertible {
    /// A fragment for a sentence such as "reading *BEIR folder*".
    public var description: String {
        switch self {
        case .beirFolder: "BEIR folder"
        case .beirLines: "BEIR corpus (JSON lines with _id and text)"
        case .jsonLines: "JSON lines with id and text"
        case .jsonDocuments: "JSON objects with id and text"
        case .jsonFolder: "folder of JSON lines files"
        case .msMarco: "MS MARCO collection (pid, tab, text)"
        case .msMarcoDocuments: "MS MARCO documents (docid, url, title, body)"
        case .colbert: "ColBERT collection (pid, text, title)"
        case .headedTable: "table with a header"
        case .tableFolder: "folder of tables"
        case .textFile: "text file cut into passages"
        case .textFolder: "folder of text files cut into passages"
        case .mixedFolder: "folder of texts, JSON lines and tables"
        }
    }

    var isText: Bool { self == .textFile }
}
