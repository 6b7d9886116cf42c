import Engine
import Search

/// A way to search that a calibration times.
struct CalibrationQuestion {
    let name: String
    let search: SearchOptions
    /// Other questions whose retrievers it fuses.
    var parts: [String] = []
    /// How it is asked.
    var purposes = CalibrationSample.Purpose.allCases

    /// All that the times of cells follow from, each once: their own ways, and the retrievers of a fusion.
    static func all(_ cells: [StudyPlan.PlannedCell], hasVectors: Bool) -> [CalibrationQuestion] {
        var questions: [CalibrationQuestion] = []
        func add(_ question: CalibrationQuestion) {
            if !questions.contains(where: { $0.name == question.name }) { questions.append(question) }
        }
        for cell in cells {
            switch cell.options.retriever {
            case "merge":
                let parts =
                    ["bm25", "ngram"].map { plain($0) } + (hasVectors ? [plain("dense"), docids(.tree, 100)] : [])
                for part in parts { add(part) }
                var search = cell.search
                search.encode = 0
                add(CalibrationQuestion(name: name(of: cell), search: search, parts: parts.map(\.name)))
            case "docid":
                add(docids(source(of: cell), cell.search[DocidRetriever.self].beams))
            case let retriever: add(plain(retriever))
            }
        }
        if hasVectors, cells.contains(where: { StudyPlan.usesVectors($0.options.retriever) && $0.search.encode != 0 }) {
            add(plain("dense"))
            add(encoding)
        }
        return questions
    }

    /// The question that decides how long a cell's queries take. Docids that are made for a cell are taken for the tree's.
    static func name(of cell: StudyPlan.PlannedCell) -> String {
        guard cell.options.retriever == "docid" else { return cell.options.retriever }
        return docids(source(of: cell), cell.search[DocidRetriever.self].beams).name
    }

    /// How its time grows with the passages.
    static func law(of name: String) -> CalibrationCurve.Law {
        if name.hasPrefix("dense") { return .linear }
        return name.hasPrefix("docid") ? .logarithmic : .power
    }

    private static func source(of cell: StudyPlan.PlannedCell) -> DocidRetriever.Source {
        cell.training == nil ? cell.search[DocidRetriever.self].docids ?? .tree : .tree
    }

    private static func plain(_ retriever: String) -> CalibrationQuestion {
        var search = SearchOptions()
        search.encode = 0
        search.retrievers = [ComponentID(retriever)]
        return .init(name: retriever, search: search)
    }

    /// Dense search that encodes its best passages.
    static let encoding: CalibrationQuestion = {
        var search = plain("dense").search
        search.encode = SearchOptions.usuallyEncoded
        return .init(name: "dense, encoded", search: search, purposes: [.answers])
    }()

    private static func docids(_ source: DocidRetriever.Source, _ beams: Int) -> CalibrationQuestion {
        var search = SearchOptions()
        search.encode = 0
        search.retrievers = [DocidRetriever.id]
        search[DocidRetriever.self].docids = source
        search[DocidRetriever.self].beams = beams
        return .init(name: "docid \(source.rawValue) \(beams)", search: search)
    }
}
