import FMIndex

extension CorpusCounts {
    /// A token that follows a sequence, and how often it does so in the corpus.
    package struct Follower: Equatable, Sendable {
        package var token: Int32
        package var count: Int

        static func precedes(_ a: Follower, _ b: Follower) -> Bool {
            a.count != b.count ? a.count > b.count : a.token < b.token
        }
    }

    /// The `k` tokens that follow each sequence most often in all segments together: count falling, then
    /// token rising. They are the same however the corpus is cut into segments.
    ///
    /// Every segment names its most frequent followers, which are then counted in the whole corpus. A token
    /// that no segment named occurs at most as often as the sum of the segments' last counts. Where the k-th
    /// best does not beat that bound, the segments are asked for longer lists. This is the threshold algorithm
    /// of Fagin, Lotem and Naor 2003, "Optimal aggregation algorithms for middleware", with lists that grow
    /// fourfold. Deleted passages only lower counts, so that the bound stays one.
    ///
    /// - Parameter sequences: for each the rows in every index: of the segments, then of deleted passages.
    /// - Complexity: O(segments) lists a sequence, as a rule of 2k tokens.
    package func followers(of sequences: [[FMIndex.Rows]], _ k: Int) -> [[Follower]] {
        guard all.count > 1 else {
            return sequences.map { rows in
                all[0].topTokens(of: rows[0], k).map { Follower(token: $0.token, count: $0.count) }
            }
        }
        var best = [[Follower]](repeating: [], count: sequences.count)
        var open = Array(sequences.indices)
        var length = 2 * k
        while !open.isEmpty {
            let lists = open.map { named(after: sequences[$0], length) }
            let items = zip(open, lists).flatMap { place, list in list.tokens.map { (place, $0) } }
            let sums = counts(of: items, after: sequences)
            var next = 0
            var unsettled: [Int] = []
            for (place, list) in zip(open, lists) {
                var counted = list.tokens.indices.map { Follower(token: list.tokens[$0], count: sums[next + $0]) }
                next += list.tokens.count
                counted.sort(by: Follower.precedes)
                best[place] = Array(counted.prefix(k))
                let isSettled = list.bound == 0 || (counted.count >= k && counted[k - 1].count > list.bound)
                if !isSettled { unsettled.append(place) }
            }
            open = unsettled
            length *= 4
        }
        return best
    }

    /// How often tokens follow sequences in the corpus.
    ///
    /// - Parameters:
    ///   - items: the place of a sequence, and the token behind it.
    ///   - sequences: for each the rows in every index of ``all``.
    func counts(of items: [(sequence: Int, token: Int32)], after sequences: [[FMIndex.Rows]]) -> [Int] {
        let tokens = items.map(\.token)
        var sums = [Int](repeating: 0, count: items.count)
        for (place, index) in all.enumerated() {
            var longer = items.map { sequences[$0.sequence][place] }
            index.extend(&longer, by: tokens)
            for item in sums.indices { sums[item] += sign(place) * max(0, longer[item].count) }
        }
        return sums
    }

    /// The tokens of the segments' lists of a length, and how often any other may follow at most.
    private func named(after rows: [FMIndex.Rows], _ length: Int) -> (tokens: [Int32], bound: Int) {
        var tokens: [Int32] = []
        var bound = 0
        for (place, index) in indexes.enumerated() where !rows[place].isEmpty {
            let top = index.topTokens(of: rows[place], length)
            // Shorter lists are whole.
            if top.count == length { bound += top[length - 1].count }
            tokens += top.lazy.map(\.token)
        }
        tokens.sort()
        var last: Int32 = -1
        tokens.removeAll { token in
            defer { last = token }
            return token == last
        }
        return (tokens, bound)
    }
}
