import Foundation
import Studies

/// Cells of learnt docids and of a corpus that grows, made up: reports of them have every figure that others lack.
enum LearntStudy {
    /// The same in every process.
    private static func key(_ retriever: String, _ size: Int, _ options: [String: String]) -> String {
        ([retriever, "\(size)"] + options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(
            separator: " ")
    }

    private static func cell(_ retriever: String, _ size: Int, _ options: [String: String], _ mean: Double) -> StudyCell
    {
        let values = ReportTests.values(mean, 60)
        var cell = ReportTests.cell(retriever, size, options, values)
        cell.key = key(retriever, size, options)
        cell.quality = ["nDCG@10": .init(values: values), "MRR@10": .init(values: values.map { $0 * 0.9 })]
        return cell
    }

    /// Texts × schemes × layers × sizes beside two retrievers that learn nothing, and five numbers of steps of one.
    static var cells: [StudyCell] {
        var cells: [StudyCell] = []
        for (place, size) in [1000, 10_000].enumerated() {
            cells.append(cell("dense", size, ["typos": "0"], 0.8 - 0.1 * Double(place)))
            cells.append(cell("bm25", size, ["typos": "0"], 0.7 - 0.04 * Double(place)))
            for (text, represent) in ["first", "labelled", "queries-40"].enumerated() {
                for (scheme, docids) in ["atomic", "naive", "semantic", "position", "pawa"].enumerated() {
                    for layers in [2, 4] {
                        let mean = 0.5 + 0.1 * Double(text) - 0.05 * Double(scheme) - 0.12 * Double(place)
                        for constrained in scheme == 0 ? [nil] : ["yes", "no"] {
                            var options = [
                                "docids": docids, "represent": represent, "layers": "\(layers)", "steps": "1000",
                                "typos": "0", "beam": "40",
                            ]
                            options["constrained"] = constrained
                            var cell = cell(
                                "docid", size, options,
                                mean + 0.01 * Double(layers) - (constrained == "no" ? 0.005 : 0))
                            cell.train = .init(steps: 1000, seconds: 60, loss: 2, kept: 800, accepted: true)
                            cells.append(cell)
                        }
                    }
                }
            }
        }
        for steps in [30, 100, 300, 3000] {
            var cell = cell(
                "docid", 10_000,
                [
                    "docids": "naive", "represent": "first", "layers": "2", "steps": "\(steps)", "typos": "0",
                    "beam": "40",
                    "constrained": "yes",
                ], 0.36 - 0.8 / Foundation.pow(Double(steps), 0.5))
            cell.train = .init(steps: steps, seconds: 60)
            cells.append(cell)
        }
        return cells
    }

    /// Four lines over a start and five parts.
    static var growing: [StudyCell] {
        let lines: [(String, [String: String], Double)] = [
            ("bm25", [:], 0), ("dense", [:], 0.01), ("docid", ["docids": "tree"], 0.02),
            ("docid", ["docids": "tree", "represent": "queries-10"], 0.06),
        ]
        return lines.flatMap { retriever, options, loss in
            (0...5).map { step in
                let parts = (0...step).flatMap { [Int](repeating: $0, count: $0 == 0 ? 60 : 12) }
                let hits = parts.indices.map { place -> Double in
                    let mean = 0.85 - loss * Double(step) - (parts[place] == 0 ? 0 : loss * 2)
                    return Double(place * 37 % 60) < 60 * mean ? 1 : 0
                }
                let size = 1000 + 200 * step
                var cell = ReportTests.cell(retriever, size, options, hits)
                cell.key = key(retriever, size, options)
                cell.quality = ["Hits@10": .init(values: hits)]
                cell.growth = .init(step: step, of: 5, parts: parts)
                if options["represent"] != nil { cell.train = .init(steps: 100, seconds: 9) }
                return cell
            }
        }
    }
}
