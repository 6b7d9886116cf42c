import Foundation
import Memory

/// Every state that a crash may leave of a recorded sequence of steps.
///
/// The machine may stop after any step. What was written to a file is sure to be there once the file was
/// synced; until then each write may be there, lost or torn at a block's border, whatever became of the
/// others. A name that was given, changed or taken away is sure once its folder was synced. Until then a file
/// system with a journal keeps the first of a folder's changes and loses the rest; one without keeps any of
/// them; and with both, a sync may or may not keep the names that lead to what is synced. States of all four
/// kinds are built. A rename across folders is kept or lost in each folder on its own.
///
/// Of each prefix of the steps these are built: all effects; only the sure ones; all names without their
/// data, and the reverse; each unsure effect lost alone and kept alone; each unsure write torn in all ways;
/// and random choices. Equal trees are built once.
package struct CrashStates: Sendable {
    package let recording: Recording
    package let seed: UInt64
    /// Random choices a prefix and kind of file system.
    package let samples: Int

    package init(_ recording: Recording, seed: UInt64 = 1, samples: Int = 8) {
        self.recording = recording
        self.seed = seed
        self.samples = samples
    }

    /// Builds each state as a folder, gives it to a closure and removes it.
    ///
    /// - Parameter mark: crashes come after so many steps and not before. With the number of all steps, these
    ///   are the crashes after the end: then what was promised to last must be there.
    /// - Returns: the number of states.
    /// - Throws: what the closure throws, and ``RecordingGap``.
    @discardableResult
    package func forEach(after mark: Int = 0, _ body: (CrashState) throws -> Void) throws -> Int {
        let workspace = try TemporaryFolder("genret-crash")
        let model = try CrashModel(recording)
        var seen: Set<[String: Int]> = []
        repeat {
            guard model.position >= mark else { continue }
            for kind in CrashKind.all {
                let plan = CrashPlan(model, kind, seed: seed, samples: samples)
                try plan.forEach { choice in
                    let listing = model.listing(of: choice)
                    guard seen.insert(listing).inserted else { return }
                    let tree = model.tree(of: listing)
                    let folder = workspace.path("state")
                    try tree.write(to: folder)
                    defer { try? FileManager.default.removeItem(atPath: folder) }
                    let description = plan.describe(choice, of: recording.operations.count)
                    try body(CrashState(folder: folder, tree: tree, position: model.position, description: description))
                }
            }
        } while try model.advance()
        return seen.count
    }

    /// Asks of each state whether it is a good one; an error that is thrown meanwhile says that it is not.
    ///
    /// - Parameter mark: as for ``forEach(after:_:)``.
    package func check(after mark: Int = 0, _ isGood: (CrashState) throws -> Bool) throws -> CrashReport {
        var report = CrashReport()
        report.states = try forEach(after: mark) { state in
            do {
                if try !isGood(state) { report.bad.append(state.description) }
            } catch {
                report.bad.append("\(state.description): \(error)")
            }
        }
        return report
    }
}

/// A state that a crash may leave.
package struct CrashState: Sendable, CustomStringConvertible {
    /// Where it lies for as long as the closure runs; it may be changed.
    package let folder: String
    package let tree: FileTree
    /// After how many steps the machine stopped.
    package let position: Int
    /// When the machine stopped and what was lost, in words.
    package let description: String
}

/// What came of looking at all states.
package struct CrashReport: Sendable {
    package var states = 0
    /// Each bad state, in words.
    package var bad: [String] = []
}
