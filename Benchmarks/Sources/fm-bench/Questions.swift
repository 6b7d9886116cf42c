import FMIndex
import Memory
import Workloads

/// The single questions of a workload, each timed on its own.
struct Questions {
    let index: FMIndex
    let workload: FMWorkload

    /// One backward step from a known range.
    func steps() {
        for length in [1, 2, 3, 8] {
            guard let prefixes = workload.prefixes(length: length) else { continue }
            var sample = Sample()
            var rows = 0
            let questions = (0..<prefixes.count).map { place -> (FMIndex.Rows, Int32) in
                let tokens = prefixes[place]
                return (index.rows(of: tokens.dropLast()), tokens[length - 1])
            }
            for (range, token) in questions {
                var result = range
                let time = timed { result = index.extend(range, by: token) }
                sample.add(time.nanoseconds)
                rows += result.count
            }
            sample.print("step \(length)", unit: "ns")
            Figure("rows after step \(length)", "\(rows)").print()
        }
    }

    /// Fifteen steps at a time, as a decoder takes them; the figure is for one of them.
    func batches() {
        for length in [2, 3, 8] {
            guard let prefixes = workload.prefixes(length: length) else { continue }
            var sum = 0.0
            var steps = 0
            for start in stride(from: 0, to: prefixes.count - 15, by: 15) {
                let tokens = (start..<start + 15).map { prefixes[$0] }
                var rows = tokens.map { index.rows(of: $0.dropLast()) }
                let last = tokens.map { $0[length - 1] }
                let time = timed { index.extend(&rows, by: last) }
                sum += time.nanoseconds
                steps += 15
            }
            Figure("step \(length), batch of 15", sum / Double(max(1, steps)), unit: "ns").print()
        }
    }

    /// The distinct next tokens with their counts.
    func continuations() {
        for length in [0, 1, 2, 3, 6] {
            var ranges = Array(repeating: index.all, count: 20)
            if length > 0 {
                guard let prefixes = workload.prefixes(length: length) else { continue }
                ranges = (0..<prefixes.count).map { index.rows(of: prefixes[$0]) }
            }
            var sample = Sample()
            var tokens = 0
            for range in ranges {
                var found: [FMIndex.Continuation] = []
                let time = timed { found = index.continuations(of: range) }
                sample.add(time.microseconds)
                tokens += found.count
            }
            sample.print("continuations of \(length)", unit: "us")
            Figure("tokens after \(length)", "\(tokens)").print()
        }
    }

    /// Rows to passages, and passages to tokens.
    func places() {
        var sample = Sample()
        var sum = 0
        for row in workload.rows.toArray() {
            let time = timed { sum &+= index.document(row: Int(row)) ?? 0 }
            sample.add(time.microseconds)
        }
        sample.print("document of a row", unit: "us")

        var positions = Sample()
        for row in workload.rows.toArray() {
            let time = timed { sum &+= index.locate(row: Int(row), length: 1)?.offset ?? 0 }
            positions.add(time.microseconds)
        }
        positions.print("document and offset of a row", unit: "us")

        if let pairs = workload.prefixes(length: 2) {
            let runs = (0..<min(workload.runPrefixes, pairs.count)).map { place -> FMIndex.Rows in
                let rows = index.rows(of: pairs[place])
                return FMIndex.Rows(low: rows.low, high: min(rows.high, rows.low + workload.runRows))
            }
            let time = timed {
                for run in runs { index.forEachDocument(of: run) { sum &+= $0 } }
            }
            let total = runs.reduce(0) { $0 + $1.count }
            Figure("document of a row, in runs", time.microseconds / Double(max(1, total)), unit: "us").print()
        }

        var passages = Sample()
        var tokens: [Int32] = []
        for passage in workload.passages.toArray() {
            let time = timed { index.extract(Int(passage), into: &tokens) }
            passages.add(time.microseconds)
            sum &+= Int(tokens.last ?? 0)
        }
        passages.print("passage", unit: "us")
        // Printed, so that nothing of the above is optimised away.
        Figure("places seen", "\(sum)", unit: "sum").print()
    }
}
