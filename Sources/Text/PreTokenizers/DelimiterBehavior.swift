import Storage

/// What happens to the delimiters when a text is cut at them.
enum DelimiterBehavior: String, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    init(json: JSONValue?, _ section: String) throws(TokenizerError) {
        guard let name = json?.string, let behavior = DelimiterBehavior(rawValue: name) else {
            throw .malformed("\(section).behavior is not one of the five behaviours")
        }
        self = behavior
    }
}

/// Joins the delimiters of one word, and what lies between them, to new words.
struct DelimiterCutter {
    private let behavior: DelimiterBehavior
    /// Whether the last range was a delimiter.
    private var wasDelimiter = false
    private var hasRange = false
    /// A delimiter that may still join what comes next.
    private var waiting: Range<Int>?

    init(_ behavior: DelimiterBehavior) {
        self.behavior = behavior
    }

    /// Takes the next range, which begins where the last one ended.
    @inline(__always)
    mutating func add(_ range: Range<Int>, _ isDelimiter: Bool, _ words: inout [Range<Int>]) {
        switch behavior {
        case .removed: if !isDelimiter { words.append(range) }
        case .isolated: words.append(range)
        case .contiguous: append(range, joins: isDelimiter == wasDelimiter, &words)
        case .mergedWithPrevious: append(range, joins: isDelimiter && !wasDelimiter, &words)
        case .mergedWithNext:
            if isDelimiter {
                if let waiting { words.append(waiting) }
                waiting = range
            } else {
                words.append((waiting?.lowerBound ?? range.lowerBound)..<range.upperBound)
                waiting = nil
            }
        }
        wasDelimiter = isDelimiter
    }

    private mutating func append(_ range: Range<Int>, joins: Bool, _ words: inout [Range<Int>]) {
        if joins, hasRange, let last = words.popLast() {
            words.append(last.lowerBound..<range.upperBound)
        } else {
            words.append(range)
        }
        hasRange = true
    }

    /// Ends the word.
    mutating func finish(_ words: inout [Range<Int>]) {
        if let waiting { words.append(waiting) }
        waiting = nil
    }
}
