/// The published figures that `genret reproduce` measures: to add some is a file and a line.
public enum ReferenceRuns {
    public static let all: [ReferenceRun] = BEIRReferences.all + OtherReferences.all

    /// - Throws: ``StudyError/unknownReference(name:known:)``.
    public static func named(_ name: String) throws(StudyError) -> ReferenceRun {
        guard let run = all.first(where: { $0.name == name }) else {
            throw .unknownReference(name: name, known: all.map(\.name))
        }
        return run
    }
}
