/// How a folder changed: what lay in it, and every step since.
package struct Recording: Sendable {
    package let before: FileTree
    package let operations: [FileOperation]

    package init(before: FileTree, operations: [FileOperation]) {
        self.before = before
        self.operations = operations
    }

    /// What lies in the folder once all steps are done.
    ///
    /// - Throws: ``RecordingGap`` where a step changes something that no step made.
    package func after() throws -> FileTree {
        let model = try CrashModel(self)
        while try model.advance() {}
        return model.tree(of: model.everything)
    }
}

/// A step that is about something that was neither there nor made by a recorded step: the code that was
/// recorded changes files past the file system that it was given.
package struct RecordingGap: Error, CustomStringConvertible {
    package let path: String
    package let operation: FileOperation

    package var description: String {
        "\(operation): no recorded step made \(path); something changes files past the recorded file system"
    }
}
