/// Suffix sorting of integer texts by induced sorting (SA-IS: Nong, Zhang, Chan 2011).
///
/// Linear time. Beside the text (4 bytes a symbol) and the result (4 bytes a symbol) the work
/// space is two bucket arrays of one entry a symbol of the alphabet; the recursion lives inside
/// the result.
public enum SuffixArray {
    /// The longest text, sentinel included, whose positions fit 32 bits.
    public static let maximumLength = Int(Int32.max) - 1

    /// Sorts the suffixes of `text` into `result`, which has the same length.
    ///
    /// - Parameters:
    ///   - text: symbols in `0..<alphabetSize`; the last is 0 and occurs nowhere else.
    ///   - result: receives the starts of the suffixes in rising order.
    /// - Precondition: `0 < text.count <= maximumLength`.
    public static func sort(
        text: UnsafeBufferPointer<Int32>, alphabetSize: Int,
        into result: UnsafeMutableBufferPointer<Int32>
    ) {
        precondition(text.count == result.count && !text.isEmpty && text.count <= maximumLength)
        precondition(text[text.count - 1] == 0, "the text must end with its sentinel")
        guard let symbols = text.baseAddress, let suffixes = result.baseAddress else { return }
        sort(symbols, suffixes, text.count, alphabetSize)
    }

    /// Sorts the suffixes of an array; a convenience for small texts.
    public static func sorted(_ text: [Int32], alphabetSize: Int) -> [Int32] {
        guard !text.isEmpty else { return [] }
        var result = [Int32](repeating: 0, count: text.count)
        text.withUnsafeBufferPointer { symbols in
            result.withUnsafeMutableBufferPointer { suffixes in
                sort(text: symbols, alphabetSize: alphabetSize, into: suffixes)
            }
        }
        return result
    }

    private typealias Symbols = UnsafePointer<Int32>
    private typealias Suffixes = UnsafeMutablePointer<Int32>

    private static func sort(_ text: Symbols, _ sa: Suffixes, _ n: Int, _ alphabetSize: Int) {
        if n == 1 {
            sa[0] = 0
            return
        }
        let counts = UnsafeMutablePointer<Int32>.allocate(capacity: alphabetSize)
        let buckets = UnsafeMutablePointer<Int32>.allocate(capacity: alphabetSize)
        counts.initialize(repeating: 0, count: alphabetSize)
        defer {
            counts.deallocate()
            buckets.deallocate()
        }
        for i in 0..<n { counts[Int(text[i])] &+= 1 }

        // 1. Sort the LMS substrings by one induction from their unsorted starts.
        sa.update(repeating: 0, count: n)
        setTails(buckets, counts, alphabetSize)
        forEachLMS(text, n) { position in
            let symbol = Int(text[position])
            buckets[symbol] &-= 1
            sa[Int(buckets[symbol])] = Int32(truncatingIfNeeded: position)
        }
        induce(text, sa, n, counts, buckets, alphabetSize, keepingAll: false)

        // What is left above zero is the LMS positions in order; the sentinel's comes first.
        var m = 1
        sa[0] = Int32(truncatingIfNeeded: n - 1)
        for i in 1..<n where sa[i] > 0 {
            let position = sa[i]
            sa[i] = 0
            sa[m] = position
            m += 1
        }

        // 2. Name the substrings; equal ones share a name. LMS positions are at least two apart,
        // so that position / 2 addresses a slot of its own in the upper part.
        let upper = sa + m
        upper.update(repeating: 0, count: n - m)
        var end = n
        forEachLMS(text, n) { position in
            upper[position >> 1] = Int32(truncatingIfNeeded: end - position)
            end = position + 1
        }
        var names: Int32 = 0
        var previous = -1
        var previousLength: Int32 = -1
        for i in 0..<m {
            let position = Int(sa[i])
            let length = upper[position >> 1]
            var same = length == previousLength
            if same {
                var k = 0
                while k < Int(length), text[previous + k] == text[position + k] { k += 1 }
                same = k == Int(length)
            }
            if !same {
                names &+= 1
                previous = position
                previousLength = length
            }
            upper[position >> 1] = names
        }

        // 3. Order the LMS suffixes: directly when all names differ, else by recursion on them.
        let reduced = sa + (n - m)
        var write = n - 1
        var read = n - 1
        while read >= m {
            if sa[read] > 0 {
                sa[write] = sa[read] - 1
                write -= 1
            }
            read -= 1
        }
        if Int(names) < m {
            sort(Symbols(reduced), sa, m, Int(names))
        } else {
            for i in 0..<m { sa[Int(reduced[i])] = Int32(truncatingIfNeeded: i) }
        }
        var slot = m
        forEachLMS(text, n) { position in
            slot -= 1
            reduced[slot] = Int32(truncatingIfNeeded: position)
        }
        for i in 0..<m { sa[i] = reduced[Int(sa[i])] }

        // 4. Induce the order of all suffixes from the sorted LMS suffixes.
        (sa + m).update(repeating: 0, count: n - m)
        setTails(buckets, counts, alphabetSize)
        for i in stride(from: m - 1, through: 0, by: -1) {
            let position = sa[i]
            sa[i] = 0
            let symbol = Int(text[Int(position)])
            buckets[symbol] &-= 1
            sa[Int(buckets[symbol])] = position
        }
        induce(text, sa, n, counts, buckets, alphabetSize, keepingAll: true)
    }

    /// Visits the left-most S positions from the right end: the sentinel first.
    @inline(__always)
    private static func forEachLMS(_ text: Symbols, _ n: Int, _ visit: (Int) -> Void) {
        visit(n - 1)
        var isS = false  // the type of position i + 1 in the loop below
        var i = n - 2
        while i >= 0 {
            if text[i] < text[i + 1] || (isS && text[i] == text[i + 1]) {
                isS = true
            } else {
                if isS { visit(i + 1) }
                isS = false
            }
            i -= 1
        }
    }

    /// The two passes of induced sorting.
    ///
    /// The sign tells which pass still has to look at an entry: above zero, its predecessor is of
    /// type L; complemented, of type S (or there is none). So each entry's text is read in one
    /// pass only, which halves the cache misses. With `keepingAll` false every entry is dropped
    /// once used and the LMS positions alone remain.
    @inline(__always)
    private static func induce(
        _ text: Symbols, _ sa: Suffixes, _ n: Int, _ counts: UnsafeMutablePointer<Int32>,
        _ buckets: UnsafeMutablePointer<Int32>, _ alphabetSize: Int, keepingAll: Bool
    ) {
        setHeads(buckets, counts, alphabetSize)
        for i in 0..<n {
            let entry = sa[i]
            guard entry > 0 else { continue }
            if !keepingAll { sa[i] = 0 }
            let j = Int(entry) - 1
            let symbol = text[j]
            let place = Int(buckets[Int(symbol)])
            buckets[Int(symbol)] &+= 1
            let position = Int32(truncatingIfNeeded: j)
            sa[place] = j > 0 && text[j - 1] >= symbol ? position : ~position
        }
        setTails(buckets, counts, alphabetSize)
        for i in stride(from: n - 1, through: 0, by: -1) {
            let entry = sa[i]
            guard entry < 0 else { continue }
            let position = ~entry
            sa[i] = keepingAll ? position : 0
            guard position > 0 else { continue }
            let j = Int(position) - 1
            let symbol = text[j]
            buckets[Int(symbol)] &-= 1
            let next = Int32(truncatingIfNeeded: j)
            sa[Int(buckets[Int(symbol)])] = j > 0 && text[j - 1] <= symbol ? ~next : next
        }
    }

    private static func setHeads(
        _ buckets: UnsafeMutablePointer<Int32>, _ counts: UnsafeMutablePointer<Int32>, _ size: Int
    ) {
        var sum: Int32 = 0
        for symbol in 0..<size {
            buckets[symbol] = sum
            sum &+= counts[symbol]
        }
    }

    private static func setTails(
        _ buckets: UnsafeMutablePointer<Int32>, _ counts: UnsafeMutablePointer<Int32>, _ size: Int
    ) {
        var sum: Int32 = 0
        for symbol in 0..<size {
            sum &+= counts[symbol]
            buckets[symbol] = sum
        }
    }
}
