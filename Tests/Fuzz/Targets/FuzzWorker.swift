import Foundation

/// Reads inputs in a process of its own, within bounds of time and memory that end it.
package struct FuzzWorker {
    private let target: FuzzTarget
    private let world: FuzzWorld
    private let cases: CaseFile

    /// Seconds for one input: a reader that takes longer for so few bytes hangs.
    package static let secondsOfInput = 10
    /// Of memory, beyond what a worker has before its first input: an input has a MiB at most.
    package static let extraMemory = 1 << 30

    package init(_ target: FuzzTarget, _ world: FuzzWorld, _ cases: CaseFile) {
        (self.target, self.world, self.cases) = (target, world, cases)
    }

    /// Reads the inputs of some numbers, until the time is over.
    package func run(_ numbers: Range<Int>, seed: UInt64, seconds: Double?) throws {
        let mutator = Mutator(target, seeds: try target.seeds(world))
        let reader = try prepared()
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        for number in numbers {
            if let end, ContinuousClock.now >= end { break }
            cases[.number] = number
            read(mutator.input(number, seed: seed), number, reader)
        }
        cases[.peak] = Self.peak
    }

    /// Reads one input.
    ///
    /// - Returns: why it was refused; nil where it was read.
    package func run(_ input: [UInt8]) throws -> (any Error)? { read(input, 0, try prepared()) }

    private func prepared() throws -> FuzzTarget.Reader {
        let reader = try target.reader(world)
        // Threads, caches and tables are made before memory is bounded.
        if let seed = try target.seeds(world).first { try? reader(seed) }
        cases[.start] = Self.peak
        Self.boundMemory()
        return reader
    }

    @discardableResult
    private func read(_ input: [UInt8], _ number: Int, _ reader: FuzzTarget.Reader) -> (any Error)? {
        var refusal: (any Error)?
        cases.input = input
        cases[.isReading] = 1
        alarm(UInt32(Self.secondsOfInput))
        let start = ContinuousClock.now
        do {
            try reader(input)
            cases[.accepted] += 1
        } catch {
            blackHole("\(error)")
            refusal = error
        }
        let time = (ContinuousClock.now - start) / .microseconds(1)
        alarm(0)
        cases[.isReading] = 0
        cases[.executions] += 1
        cases[.peak] = Self.peak
        if Int(time) > cases[.slowest] { (cases[.slowest], cases[.slowestNumber]) = (Int(time), number) }
        return refusal
    }

    private static var peak: Int {
        var usage = rusage()
        #if canImport(Glibc)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
        #else
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss >> 10
        #endif
    }

    private static func boundMemory() {
        #if canImport(Glibc)
        guard ProcessInfo.processInfo.environment["FUZZ_UNBOUNDED"] == nil,
            let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").first.flatMap({ UInt64($0) })
        else { return }
        let bound = pages * UInt64(sysconf(Int32(_SC_PAGESIZE))) + UInt64(extraMemory)
        var limit = rlimit(rlim_cur: rlim_t(bound), rlim_max: rlim_t(bound))
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        #endif
    }
}
