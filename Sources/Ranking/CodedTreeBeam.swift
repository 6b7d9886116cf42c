import Docids
import Memory
import Search

/// Beam search over the docids of coded vectors, whose scores the query gives: a prefix scores the query's similarity to its code
/// vector.
///
/// Prefixes and whole docids are kept apart, as a passage is nearer to the query than the mean of many is: of every length the
/// best prefixes stay, and those that lead to a leaf wait for the end. Then the passages of all leaves that stayed are compared,
/// run after run of the code files. Only nodes below prefixes that stayed are looked at.
struct CodedTreeBeam {
    let codes: LeafCodes
    let query: CodedQuery
    /// How many prefixes stay of every length.
    let beams: Int
    /// The docids that are generated; nil for all.
    let passing: PassingDocids?

    /// The best `k` passages below the leaves that stayed, and how many were compared.
    func search(_ k: Int, _ cancellation: Cancellation) -> (passages: [Scored<Int32>], compared: Int) {
        var top = TopK<Int32>(capacity: k)
        var compared = 0
        for leaf in leaves(cancellation) {
            let documents = codes.documents(of: leaf)
            let first = documents.isEmpty ? 0 : codes.place(of: documents[0])
            let scores = codes.rows.products(query, first..<first + documents.count)
            for (place, score) in scores.enumerated() {
                guard passing?.documents.contains(Int(documents[place])) ?? true else { continue }
                compared += 1
                if score >= top.threshold { top.offer(documents[place], score: score) }
            }
        }
        return (top.sorted(), compared)
    }

    /// The leaves that the beam leads to.
    private func leaves(_ cancellation: Cancellation) -> [Int] {
        guard codes.count > 0 else { return [] }
        var leaves: [Int] = []
        var frontier = [0]
        if codes.isLeaf(0) { return frontier }
        while !frontier.isEmpty, !cancellation.isRaised {
            // Ties go to the node that comes first.
            var best = TopK<Int32>(capacity: beams)
            for node in frontier {
                let children = codes.children(of: node)
                for (child, score) in zip(children, codes.centroids.products(query, children)) {
                    guard passing?.contains(node: child) ?? true else { continue }
                    best.offer(Int32(child), score: score)
                }
            }
            frontier = []
            for node in best.sorted() {
                if codes.isLeaf(Int(node.id)) { leaves.append(Int(node.id)) } else { frontier.append(Int(node.id)) }
            }
        }
        return leaves
    }
}
