import Memory

/// The tokens of one decoding step, of all hypotheses together: one row each.
///
/// A prompt's tokens are several rows of one step, each seeing those before it.
struct DecoderRows {
    struct Row {
        var token: Int32
        var position: Int
        /// Where its keys and values go.
        var slot: Int32
        /// Where the slots of its hypothesis start in ``histories``; it sees `position` + 1 of them.
        var history: Int
        var source: Int
    }

    private(set) var rows: [Row] = []
    /// The rows whose states are asked for: the last of each hypothesis.
    private(set) var last: [Int] = []
    private(set) var histories: [Int32] = []
    /// The most tokens that a row sees.
    private(set) var longest = 0

    /// Takes the states' slots and lays their tokens out.
    init(_ states: some Collection<DecoderState>) {
        for state in states {
            state.place()
            let start = histories.count
            histories.append(contentsOf: repeatElement(0, count: state.length))
            histories.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress { state.writeSlots(to: base + start) }
            }
            for (offset, token) in state.tokens.enumerated() {
                rows.append(
                    Row(
                        token: token, position: state.position + offset, slot: state.slots[offset],
                        history: start, source: state.source))
            }
            last.append(rows.count - 1)
            longest = max(longest, state.length)
        }
    }

    /// Consecutive rows of one source.
    var runs: [(source: Int, rows: Range<Int>)] {
        var runs: [(source: Int, rows: Range<Int>)] = []
        for (index, row) in rows.enumerated() {
            if let run = runs.last, run.source == row.source {
                runs[runs.count - 1].rows = run.rows.lowerBound..<index + 1
            } else {
                runs.append((row.source, index..<index + 1))
            }
        }
        return runs
    }
}
