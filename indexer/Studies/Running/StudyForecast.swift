import Foundation

/// Estimates of cells.
enum StudyForecast {
    static func stored(
        for builds: [StudyPlan.PlannedBuild], _ run: StudyRun, _ census: CorpusCensus
    ) throws -> [String: StudyCell.Cost] { [:] }
}
