import Foundation
import Storage

/// How a file system fails.
package struct FileFault: Hashable, Sendable, CustomStringConvertible {
    /// The error's number, such as `ENOSPC`.
    package var number: Int32
    /// A write that fails has written the first half of its bytes.
    package var writesHalf: Bool
    /// All that comes after the failed call fails, too: the disk is gone. Where there is no room, only what
    /// takes room does.
    package var lasts: Bool

    package init(_ number: Int32, writesHalf: Bool = false, lasts: Bool = false) {
        self.number = number
        self.writesHalf = writesHalf
        self.lasts = lasts
    }

    /// The faults that each change of an index is to withstand.
    package static let all = [
        FileFault(ENOSPC), FileFault(ENOSPC, writesHalf: true), FileFault(ENOSPC, lasts: true), FileFault(EIO),
        FileFault(EIO, lasts: true), FileFault(EACCES), FileFault(EMFILE),
    ]

    /// What the system says.
    package var reason: String { String(cString: strerror(number)) }

    package var description: String {
        reason + (writesHalf ? ", half written" : "") + (lasts ? ", from then on" : "")
    }
}

/// One run of what is tested: without a fault, or with one at one call.
package final class FaultTrial {
    /// Nil in the first run, whose calls are counted.
    package let fault: FileFault?
    /// The call that fails, from 1 on; nil in the first run.
    package let call: Int?
    fileprivate var made: FaultyFileSystem?

    fileprivate init(_ fault: FileFault?, _ call: Int?) {
        self.fault = fault
        self.call = call
    }

    /// The file system to run with, over another; it is made once a run.
    package func files(over files: any FileSystem = LocalFileSystem()) -> FaultyFileSystem {
        let faulty = FaultyFileSystem(over: files, failing: call, with: fault ?? FileFault(EIO))
        made = faulty
        return faulty
    }

    /// Runs something without a fault to count its calls, and then once with each fault at each call.
    ///
    /// - Parameter run: starts anew each time, with the trial's ``files(over:)``.
    /// - Returns: the number of calls.
    @discardableResult
    package static func forEach(
        _ faults: [FileFault] = FileFault.all, _ run: (FaultTrial) throws -> Void
    ) throws -> Int {
        let whole = FaultTrial(nil, nil)
        try run(whole)
        guard let calls = whole.made?.calls, calls > 0 else { return 0 }
        for call in 1...calls {
            for fault in faults { try run(FaultTrial(fault, call)) }
        }
        return calls
    }
}
