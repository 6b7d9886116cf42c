import Memory
import Tensors

/// The ways to make docids of vectors.
public enum DocidScheme: String, Sendable, Codable, CaseIterable {
    /// Hierarchical k-means (DSI, Tay et al. 2022).
    case tree
    /// Residual quantisation: the sum of one codeword a level (RIPOR, Zeng et al. 2024).
    case rq
    /// Product quantisation: a codeword for each part of the vector (Ultron, Zhou et al. 2022).
    case pq
    /// One step over all documents (DynamicRetriever, Zhou et al. 2023).
    case atomic
    /// A running number in decimal digits (DSI).
    case naive
    /// The digits of a k-means tree, the same at every level (DSI).
    case semantic
    /// The digits of a k-means tree, each level with its own tokens (NCI, Wang et al. 2022).
    case position
    /// Residual and product codes as tokens of their own (RIPOR, Ultron).
    case rqCodes = "rq-codes"
    case pqCodes = "pq-codes"

    /// Whether prefixes are scored by code vectors; else a network learns to write the tokens.
    public var isAnchored: Bool {
        switch self {
        case .tree, .rq, .pq, .atomic: true
        case .naive, .semantic, .position, .rqCodes, .pqCodes: false
        }
    }

    public static var anchored: [DocidScheme] { allCases.filter(\.isAnchored) }
    public static var sequential: [DocidScheme] { allCases.filter { !$0.isAnchored } }
}

/// Makes a ``DocidSkeleton`` of a corpus' vectors.
///
/// The code vector of a prefix is the mean of the documents below it, or what its codewords add up to;
/// for product quantisation with zeros in the parts that are still open, so that its inner product with
/// a query is the sum over the parts that are known. A prefix with no more than `leafSize` documents is
/// not continued.
public struct DocidSkeletonBuilder: Sendable {
    public var scheme = DocidScheme.tree
    /// The children of a node of a tree.
    public var fanout = 256
    public var leafSize = 8
    /// The codewords of a level.
    public var codewords = 256
    /// The levels of codes at most.
    public var levels = 8
    public var seed: UInt64 = 0
    public var threads = Parallel.cores

    public init() {}

    /// - Parameter vectors: [documents × dimension]. The same ones give the same skeleton on any number
    ///   of threads.
    ///
    /// - Precondition: the scheme is anchored.
    public func build(vectors: FrozenArray<Float>, dimension: Int) -> DocidSkeleton {
        precondition(dimension > 0 && vectors.count % dimension == 0 && scheme.isAnchored)
        switch scheme {
        case .atomic, .naive, .semantic, .position, .rqCodes, .pqCodes:
            return DocidSkeleton(
                unchecked: dimension, [0], FrozenArray([Float](repeating: 0, count: dimension)))
        case .tree:
            return DocidSkeleton(
                DocidTreeBuilder(
                    fanout: fanout, leafSize: leafSize, seed: seed, threads: threads, fillsLeaves: true
                ).build(vectors: vectors, dimension: dimension))
        case .rq:
            let quantiser = ResidualQuantiser.train(
                vectors: vectors, dimension: dimension, levels: levels, codewords: codewords, seed: seed,
                threads: threads)
            return skeleton(
                codes: quantiser.encode(vectors: vectors, threads: threads), depth: levels, dimension
            ) { quantiser.reconstruct($0.map { UInt16($0) }) }
        case .pq:
            let quantiser = ProductQuantiser.train(
                vectors: vectors, dimension: dimension, parts: min(levels, dimension),
                codewords: codewords, seed: seed, threads: threads)
            return skeleton(codes: quantiser.codes, depth: quantiser.parts.count, dimension) {
                quantiser.reconstruct($0.map { UInt16($0) })
            }
        }
    }

    /// The trie of code sequences, without what lies below prefixes of a few documents.
    private func skeleton(
        codes: FrozenArray<UInt16>, depth: Int, _ dimension: Int, _ reconstruct: ([Int32]) -> [Float]
    ) -> DocidSkeleton {
        let trie = DocidTrie(codes: codes, depth: depth)
        var childCounts: [Int32] = []
        var vectors: [Float] = []
        var level = [0]
        while !level.isEmpty {
            var next: [Int] = []
            for node in level {
                vectors += reconstruct(trie.nodes.path(to: node))
                let children = trie.documents(of: node).count > leafSize ? trie.children(of: node) : 0..<0
                childCounts.append(Int32(children.count))
                next += children
            }
            level = next
        }
        return DocidSkeleton(unchecked: dimension, childCounts, FrozenArray(vectors))
    }
}

/// Product quantisation: a vector in parts, each replaced by the nearest codeword of its own codebook
/// (Jégou, Douze and Schmid 2011).
struct ProductQuantiser {
    let dimension: Int
    /// The components of each part.
    let parts: [Range<Int>]
    /// The codewords of each part, [codewords × components].
    let codebooks: [Matrix]
    /// The codes of the vectors it was trained on, [vectors × parts].
    let codes: FrozenArray<UInt16>

    static func train(
        vectors: FrozenArray<Float>, dimension: Int, parts count: Int, codewords: Int, seed: UInt64,
        threads: Int
    ) -> ProductQuantiser {
        let rows = vectors.count / dimension
        let parts = (0..<count).map { $0 * dimension / count..<($0 + 1) * dimension / count }
        var codebooks: [Matrix] = []
        var codes = [UInt16](repeating: 0, count: rows * count)
        for (place, part) in parts.enumerated() {
            let own = FrozenArray<Float>(count: rows * part.count) { output in
                for row in 0..<rows {
                    for (i, component) in part.enumerated() {
                        output[row * part.count + i] = vectors[row * dimension + component]
                    }
                }
            }
            let clustering = KMeans(seed: seed &+ UInt64(place) &+ 1, threads: threads)
                .cluster(own, dimension: part.count, k: min(codewords, 65_536))
            for (row, code) in clustering.assignment.enumerated() { codes[row * count + place] = UInt16(code) }
            codebooks.append(clustering.centroids)
        }
        return ProductQuantiser(
            dimension: dimension, parts: parts, codebooks: codebooks, codes: FrozenArray(codes))
    }

    /// The codewords side by side; zeros where codes are missing.
    func reconstruct(_ codes: [UInt16]) -> [Float] {
        var vector = [Float](repeating: 0, count: dimension)
        for ((part, book), code) in zip(zip(parts, codebooks), codes) {
            vector.replaceSubrange(part, with: book.row(Int(code)))
        }
        return vector
    }
}
