/// A study with a name: it fills in the axes of a plan and does nothing else. To add one is a file and a line in
/// ``StudyPresets/all``.
package protocol StudyPreset: Sendable {
    var name: String { get }
    /// What it is for, in a few words.
    var summary: String { get }

    func fill(_ plan: inout StudyPlan)
}

package enum StudyPresets {
    package static let all: [any StudyPreset] = [ScalingPaperPreset(), DynamicCorporaPreset(), LatencyPreset()]

    package static func named(_ name: String) -> (any StudyPreset)? { all.first { $0.name == name } }
}
