/// Bytes of an index by component.
enum SpaceFigure {
    static let title = "Bytes by component"
    private static let order = ["passages", "terms", "ngrams", "docids", "codes", "vectors"]

    static func make(_ study: Study) -> StudyFigure.Outcome {
        let figure = StackFigure(
            name: "bytes", title: title, part: "component", unit: "bytes a passage",
            caption: "What each retriever needs on disk, divided by the passages. The table has the whole sizes.",
            parts: { point in
                guard let cell = point.cells.first(where: { !$0.build.bytes.isEmpty }) else { return [] }
                return cell.build.bytes.sorted { rank($0.key) < rank($1.key) }.map { name, bytes in
                    StackFigure.Part(
                        name: name, perPassage: Double(bytes) / Double(point.size), others: [.count(bytes)])
                }
            }, columns: [.init("bytes", .bytes)])
        guard let drawn = figure.figure(study) else {
            return .left(title: title, reason: "No cell has sizes of files.")
        }
        return .drawn(drawn)
    }

    private static func rank(_ name: String) -> String { "\(order.firstIndex(of: name) ?? order.count) \(name)" }
}
