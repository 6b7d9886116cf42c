import Charts
import Foundation
import Memory

/// Folders for reports: made where they are not yet there, and cleared of what an older report left.
enum ReportFolder {
    /// Files of one figure.
    static func write(_ figure: StudyFigure, to folder: String) throws {
        let base = folder + "/" + figure.name
        try OutputFile.write(figure.table.csv.utf8, to: base + ".csv")
        try OutputFile.write(figure.vega.bytes(figure), to: base + ".vl.json")
        for (index, panel) in figure.panels.enumerated() {
            let svg = panel.svg(id: "\(figure.name)-\(index + 1)", isAlone: true)
            try OutputFile.write(svg.utf8, to: "\(base)-\(index + 1).svg")
        }
        try removeOthers(of: figure.name, panels: figure.panels.count, in: folder)
    }

    /// Removes drawings beyond the last panel of a figure, and all of its files where it has none. Other files stay.
    static func removeOthers(of name: String, panels: Int, in folder: String) throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasPrefix(name) {
            let rest = file.dropFirst(name.count)
            let isNumbers = panels == 0 && (rest == ".csv" || rest == ".vl.json")
            var isDrawing = false
            if rest.hasPrefix("-"), rest.hasSuffix(".svg"), let number = Int(rest.dropFirst().dropLast(4)) {
                isDrawing = number > panels
            }
            if isNumbers || isDrawing { try FileManager.default.removeItem(atPath: folder + "/" + file) }
        }
    }

    static func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
}
