/// The time that building takes, by stage.
enum BuildFigure {
    static let title = "Build time by stage"

    static func make(_ study: Study) -> StudyFigure.Outcome {
        let figure = StackFigure(
            name: "build", title: title, part: "stage", unit: "milliseconds a passage",
            caption:
                "Time on the clock divided by the passages, training included. The table has whole seconds, the seconds "
                + "of all cores together, and the most memory.",
            parts: { point in
                guard let cell = point.cells.first(where: { !$0.build.stages.isEmpty }) else { return [] }
                var parts = cell.build.stages.map { stage in
                    StackFigure.Part(
                        name: stage.name, perPassage: stage.wall * 1000 / Double(point.size),
                        others: [
                            .number(stage.wall), .number(stage.cpu),
                            stage.peakRSS > 0 ? .count(stage.peakRSS) : .none,
                        ])
                }
                if let train = cell.train, train.seconds > 0, !parts.contains(where: { $0.name == "train" }) {
                    parts.append(
                        StackFigure.Part(
                            name: "train", perPassage: train.seconds * 1000 / Double(point.size),
                            others: [.number(train.seconds), .none, .none]))
                }
                return parts
            },
            columns: [
                .init("wall_seconds", .significant(4)), .init("cpu_seconds", .significant(4)),
                .init("peak_rss", .bytes),
            ])
        guard let drawn = figure.figure(study) else {
            return .left(title: title, reason: "No cell has stages of a build.")
        }
        return .drawn(drawn)
    }
}
