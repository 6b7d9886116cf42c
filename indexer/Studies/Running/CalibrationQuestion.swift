import Engine
import Search

/// A way to search that a calibration times.
struct CalibrationQuestion {
    let name: String
    let search: SearchOptions
    let needsVectors: Bool
    /// Other questions whose retrievers it fuses.
    var parts: [String] = []

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
                add(
                    CalibrationQuestion(
                        name: name(of: cell), search: cell.search, needsVectors: hasVectors, parts: parts.map(\.name)))
            case "docid":
                add(docids(source(of: cell), cell.search[DocidRetriever.self].beams))
            case let retriever: add(plain(retriever))
            }
        }
        return questions
    }

    /// The question that decides how long a cell's queries take. Docids that are made for a cell are taken for the tree's.
    static func name(of cell: StudyPlan.PlannedCell) -> String {
        guard cell.options.retriever == "docid" else { return cell.options.retriever }
        return docids(source(of: cell), cell.search[DocidRetriever.self].beams).name
    }

    private static func source(of cell: StudyPlan.PlannedCell) -> DocidRetriever.Source {
        cell.training == nil ? cell.search[DocidRetriever.self].docids ?? .tree : .tree
    }

    private static func plain(_ retriever: String) -> CalibrationQuestion {
        var search = SearchOptions()
        search.encode = 0
        search.retrievers = [ComponentID(retriever)]
        return .init(name: retriever, search: search, needsVectors: StudyPlan.needsVectors(retriever))
    }

    private static func docids(_ source: DocidRetriever.Source, _ beams: Int) -> CalibrationQuestion {
        var search = SearchOptions()
        search.encode = 0
        search.retrievers = [DocidRetriever.id]
        search[DocidRetriever.self].docids = source
        search[DocidRetriever.self].beams = beams
        return .init(name: "docid \(source.rawValue) \(beams)", search: search, needsVectors: true)
    }
}
