/// Runs a ``PatternProgram`` over valid UTF-8, trying alternatives in the order in which they were
/// written.
struct PatternMatcher {
    /// A place to go on from when the present path fails.
    struct Branch {
        var step: Int32
        /// The last scalar that a loop may give back begins here or later; -1 for a plain branch.
        var lowest: Int
        var position: Int
    }

    /// More open branches end the search, as too many steps do.
    private static let deepest = 1 << 22

    private(set) var stack: [Branch]
    /// Steps that are left; without any, nothing matches.
    private var budget: Int

    init(stack: [Branch], budget: Int) {
        self.stack = stack
        self.budget = budget
    }

    mutating func forEachMatch(
        of program: PatternProgram, in text: UnsafeBufferPointer<UInt8>,
        _ body: (Range<Int>) -> Void
    ) {
        withExtendedLifetime(program) {
            program.steps.withUnsafeBufferPointer { steps in
                program.sets.withUnsafeBufferPointer { sets in
                    program.firstBytes.withUnsafeBufferPointer { firstBytes in
                        let run = Run(text: text, steps: steps, sets: sets, firstBytes: firstBytes)
                        search(run, body)
                    }
                }
            }
        }
        stack.removeAll(keepingCapacity: true)
    }

    private struct Run {
        let text: UnsafeBufferPointer<UInt8>
        let steps: UnsafeBufferPointer<PatternProgram.Step>
        let sets: UnsafeBufferPointer<ScalarSet.View>
        let firstBytes: UnsafeBufferPointer<Bool>
    }

    private mutating func search(_ run: Run, _ body: (Range<Int>) -> Void) {
        let text = run.text
        var index = 0
        var lastEnd = -1
        while index <= text.count, budget > 0 {
            if let end = match(run, step: 0, at: index) {
                // An empty match right after another one does not count, as in the reference.
                if end > index || end != lastEnd {
                    body(index..<end)
                    lastEnd = end
                }
                if end > index {
                    index = end
                    continue
                }
            }
            guard index < text.count else { return }
            index += text.length(at: index)
        }
    }

    /// The end of the match of the steps from `step` to the next ``PatternProgram/Step/Kind/match``
    /// that begins at `start`.
    private mutating func match(_ run: Run, step start: Int32, at begin: Int) -> Int? {
        let text = run.text
        let base = stack.count
        var step = Int(start)
        var position = begin
        while true {
            budget -= 1
            let current = run.steps[step]
            var isFine = false
            switch current.kind {
            case .byte:
                if position < text.count, Int32(text[position]) == current.a {
                    position += 1
                    isFine = true
                }
            case .set:
                if position < text.count {
                    let (scalar, length) = text.scalar(at: position)
                    if run.sets[Int(current.a)].contains(scalar) {
                        position += length
                        isFine = true
                    }
                }
            case .loop, .possessiveLoop:
                let set = run.sets[Int(current.a)]
                var count: Int32 = 0
                var lowest = current.b == 0 ? position : Int.max
                let from = position
                while count < current.c, position < text.count {
                    let byte = text[position]
                    if byte < 0x80 {
                        guard set.contains(ascii: byte) else { break }
                        position += 1
                    } else {
                        let (scalar, length) = text.scalar(at: position)
                        guard set.contains(scalar) else { break }
                        position += length
                    }
                    count += 1
                    if count == current.b { lowest = position }
                }
                budget -= (position - from) >> 2
                if count >= current.b {
                    isFine = true
                    if current.kind == .loop, position > lowest {
                        stack.append(
                            Branch(step: Int32(step + 1), lowest: lowest, position: position))
                    }
                }
            case .split:
                stack.append(Branch(step: current.b, lowest: -1, position: position))
                if stack.count > PatternMatcher.deepest { budget = 0 }
                step = Int(current.a)
                if budget > 0 { continue }
            case .jump:
                step = Int(current.a)
                if budget > 0 { continue }
            case .unless:
                let fits =
                    position < text.count
                    && run.firstBytes[Int(current.a) << 8 | Int(text[position])]
                step = fits ? step + 1 : Int(current.b)
                if budget > 0 { continue }
            case .assertion: isFine = holds(current.a, text, position, run)
            case .ahead:
                isFine = (match(run, step: Int32(step + 1), at: position) != nil) == (current.b == 0)
                if isFine {
                    step = Int(current.a)
                    if budget > 0 { continue }
                }
            case .behind:
                isFine = matchesBehind(run, step, current, position) == (current.b == 0)
                if isFine {
                    step = Int(current.a)
                    if budget > 0 { continue }
                }
            case .atomic:
                if let end = match(run, step: Int32(step + 1), at: position) {
                    position = end
                    step = Int(current.a)
                    if budget > 0 { continue }
                }
            case .match:
                if stack.count > base { stack.removeLast(stack.count - base) }
                return position
            }
            guard budget > 0 else {
                if stack.count > base { stack.removeLast(stack.count - base) }
                return nil
            }
            if isFine {
                step += 1
                continue
            }
            // Back to the last branch.
            guard stack.count > base else { return nil }
            let last = stack.count - 1
            step = Int(stack[last].step)
            if stack[last].lowest < 0 {
                position = stack[last].position
                stack.removeLast()
            } else {
                position = stack[last].position - 1
                while text[position] & 0xC0 == 0x80 { position -= 1 }
                if position > stack[last].lowest {
                    stack[last].position = position
                } else {
                    stack.removeLast()
                }
            }
        }
    }

    private mutating func matchesBehind(
        _ run: Run, _ step: Int, _ current: PatternProgram.Step, _ position: Int
    ) -> Bool {
        var start = position
        for _ in 0..<current.c {
            guard start > 0 else { return false }
            start -= run.text.scalar(before: start).length
        }
        return match(run, step: Int32(step + 1), at: start) != nil
    }

    private func holds(
        _ assertion: Int32, _ text: UnsafeBufferPointer<UInt8>, _ position: Int, _ run: Run
    ) -> Bool {
        let isStart = position == 0
        let isEnd = position == text.count
        switch PatternNode.Assertion(rawValue: assertion) {
        case .textStart: return isStart
        case .textEnd: return isEnd
        case .lastLineEnd: return isEnd || (position == text.count - 1 && text[position] == 0x0A)
        case .lineStart: return isStart || (!isEnd && text[position - 1] == 0x0A)
        case .lineEnd: return isEnd || text[position] == 0x0A
        case .wordBoundary, .noWordBoundary:
            let before = !isStart && CommonSets.bounded.contains(text.scalar(before: position).value)
            let after = !isEnd && CommonSets.bounded.contains(text.scalar(at: position).value)
            return (before != after) == (assertion == PatternNode.Assertion.wordBoundary.rawValue)
        case nil: return false
        }
    }
}
