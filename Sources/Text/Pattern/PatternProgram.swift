/// A regular expression compiled to a few kinds of steps.
struct PatternProgram: Sendable {
    struct Step: Sendable {
        enum Kind: UInt8 {
            /// The byte `a`.
            case byte
            /// A scalar of set `a`.
            case set
            /// Scalars of set `a`, from `b` to `c` of them, as many as possible; gives back.
            case loop
            /// The same, but keeps what it has.
            case possessiveLoop
            /// Goes to `a`, and on failure to `b`.
            case split
            case jump
            /// Goes to `b` unless the next byte is in table `a`.
            case unless
            /// Checks assertion `a`.
            case assertion
            /// The steps up to `a` must match here, or not when `b` is 1; nothing is consumed.
            case ahead
            /// The same for the `c` scalars before this place.
            case behind
            /// The steps up to `a`, without going back into them.
            case atomic
            case match
        }

        var kind: Kind
        var a: Int32 = 0
        var b: Int32 = 0
        var c: Int32 = 0
    }

    static let longest = 20_000
    static let mostSets = 64

    private(set) var steps: [Step] = []
    /// Keeps alive what ``sets`` points to.
    private var owners: [ScalarSet] = []
    private(set) var sets: [ScalarSet.View] = []
    /// Which bytes an alternative can begin with, 256 entries each.
    private(set) var firstBytes: [Bool] = []
    private var numbers: [ScalarClass: Int32] = [:]

    init(_ node: PatternNode) throws(TokenizerError) {
        try add(node, isLast: true)
        try add(Step(kind: .match))
        numbers = [:]
    }

    private mutating func add(_ step: Step) throws(TokenizerError) {
        guard steps.count < PatternProgram.longest else {
            throw TokenizerError(.unsupported, "a regular expression is too large")
        }
        steps.append(step)
    }

    private mutating func number(of set: ScalarClass) throws(TokenizerError) -> Int32 {
        if let number = numbers[set] { return number }
        guard sets.count < PatternProgram.mostSets else {
            throw TokenizerError(.unsupported, "a regular expression has too many classes")
        }
        let owner = ScalarSet { set.contains($0) }
        owners.append(owner)
        sets.append(owner.view)
        numbers[set] = Int32(sets.count - 1)
        return Int32(sets.count - 1)
    }

    private var here: Int32 { Int32(steps.count) }

    /// Appends the steps of a node; after the last one of a pattern nothing can fail, so that
    /// loops need not give back.
    private mutating func add(_ node: PatternNode, isLast: Bool) throws(TokenizerError) {
        switch node {
        case .set(let set): try add(Step(kind: .set, a: try number(of: set)))
        case .literal(let scalar):
            for byte in String(Character(scalar)).utf8 { try add(Step(kind: .byte, a: Int32(byte))) }
        case .sequence(let parts):
            for (index, part) in parts.enumerated() {
                try add(part, isLast: isLast && index == parts.count - 1)
            }
        case .alternatives(let parts): try add(alternatives: parts, isLast: isLast)
        case .repeated(let part, let least, let most, let greed):
            try add(repeated: part, least, most, greed, isLast: isLast)
        case .look(let part, let isAhead, let isNegative):
            let start = steps.count
            try add(
                Step(
                    kind: isAhead ? .ahead : .behind, b: isNegative ? 1 : 0,
                    c: Int32(part.fixedLength ?? 0)))
            try add(part, isLast: true)
            try add(Step(kind: .match))
            steps[start].a = here
        case .atomic(let part):
            let start = steps.count
            try add(Step(kind: .atomic))
            try add(part, isLast: true)
            try add(Step(kind: .match))
            steps[start].a = here
        case .assertion(let assertion): try add(Step(kind: .assertion, a: assertion.rawValue))
        }
    }

    private mutating func add(
        alternatives parts: [PatternNode], isLast: Bool
    ) throws(TokenizerError) {
        var jumps: [Int] = []
        for (index, part) in parts.enumerated() {
            var unless: Int?
            let split = steps.count + (part.isNullable ? 0 : 1)
            if !part.isNullable {
                let table = try self.firstBytes(of: part)
                unless = steps.count
                try add(Step(kind: .unless, a: Int32(firstBytes.count / 256)))
                firstBytes.append(contentsOf: table)
            }
            let isFinal = index == parts.count - 1
            if !isFinal { try add(Step(kind: .split, a: Int32(split + 1))) }
            try add(part, isLast: isLast)
            if !isFinal {
                jumps.append(steps.count)
                try add(Step(kind: .jump))
                steps[split].b = here
            }
            // The last alternative's guard leads to a step that fails as the alternative would.
            if let unless { steps[unless].b = isFinal ? Int32(unless + 1) : here }
        }
        for jump in jumps { steps[jump].a = here }
    }

    private mutating func add(
        repeated part: PatternNode, _ least: Int, _ most: Int?, _ greed: PatternNode.Greed,
        isLast: Bool
    ) throws(TokenizerError) {
        if greed == .possessive, part.singleClass == nil {
            try add(.atomic(.repeated(part, least: least, most: most, .greedy)), isLast: isLast)
            return
        }
        if let set = part.singleClass, greed != .lazy {
            try add(
                Step(
                    kind: greed == .possessive || isLast ? .possessiveLoop : .loop,
                    a: try number(of: set), b: Int32(least), c: most.map(Int32.init) ?? .max))
            return
        }
        for _ in 0..<least { try add(part, isLast: false) }
        func aim(_ split: Int, into: Int32, past: Int32) {
            steps[split].a = greed == .lazy ? past : into
            steps[split].b = greed == .lazy ? into : past
        }
        guard let most else {
            let start = steps.count
            try add(Step(kind: .split))
            try add(part, isLast: false)
            try add(Step(kind: .jump, a: Int32(start)))
            aim(start, into: Int32(start + 1), past: here)
            return
        }
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(steps.count)
            try add(Step(kind: .split))
            try add(part, isLast: false)
        }
        for split in splits { aim(split, into: Int32(split + 1), past: here) }
    }

    /// The bytes that a match of a node that is not nullable can begin with.
    private mutating func firstBytes(of node: PatternNode) throws(TokenizerError) -> [Bool] {
        var table = [Bool](repeating: false, count: 256)
        try collect(node, into: &table)
        return table
    }

    private mutating func collect(
        _ node: PatternNode, into table: inout [Bool]
    ) throws(TokenizerError) {
        switch node {
        case .set(let set):
            let view = sets[Int(try number(of: set))]
            for byte in 0..<128 where view.contains(ascii: UInt8(byte)) { table[byte] = true }
            for byte in 128..<256 { table[byte] = true }
        case .literal(let scalar): table[Int(String(Character(scalar)).utf8.first ?? 0)] = true
        case .sequence(let parts):
            for part in parts {
                try collect(part, into: &table)
                if !part.isNullable { return }
            }
        case .alternatives(let parts): for part in parts { try collect(part, into: &table) }
        case .repeated(let part, _, _, _): try collect(part, into: &table)
        case .atomic(let part): try collect(part, into: &table)
        case .look, .assertion: break
        }
    }
}
