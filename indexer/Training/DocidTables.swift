import Docids
import Learning
import Memory
import Storage
import Tensors

/// The code vectors of all levels of docids, and of the entries, with what leads to each passage.
struct DocidTables {
    private let tree: DocidTree
    private let entries: DocidEntries
    /// The nodes of each level below the root, and their code vectors.
    private let levels: [(nodes: Range<Int>, table: Parameter)]
    /// The entries' vectors, [entries × d].
    private let leaves: Parameter

    /// - Parameter entryRate: what entries learn of the learning rate; without, they stay as they are.
    init(tree: DocidTree, entries: DocidEntries, entryRate: Float? = nil) {
        self.tree = tree
        self.entries = entries
        let d = entries.dimension
        levels = DocidSkeleton(tree).levels.dropFirst().enumerated().map { level, nodes in
            let vectors = tree.centroids.slice(nodes.lowerBound * d..<nodes.upperBound * d)
            return (nodes, Parameter(name: "level \(level)", shape: [nodes.count, d], vectors, isFrozen: true))
        }
        leaves = Parameter(
            name: "entries", shape: [entries.count, d], entries.vectors.floats(), isFrozen: entryRate == nil,
            rate: entryRate ?? 1)
    }

    /// What is trained of the tables.
    var trained: [Parameter] { leaves.isFrozen ? [] : [leaves] }

    /// The entries with their vectors as they are now, rounded as files hold them.
    var currentEntries: DocidEntries {
        DocidEntries(
            vectors: HalfVectors(rounding: FrozenArray(leaves.matrix.values), dimension: entries.dimension),
            passages: entries.passages, passageCount: entries.passageCount)
    }

    /// The levels with the codes of some passages as targets.
    func levels(of passages: [Int32]) -> [DocidLevel] {
        var targets = [SoftTargets](repeating: SoftTargets(), count: levels.count + 1)
        for passage in passages {
            let own = entries.entries(of: passage)
            targets[levels.count].append(own.map { (token: Int32($0), weight: Float(1)) })
            var nodes = [Set<Int32>](repeating: [], count: levels.count)
            for entry in own {
                // From the leaf up; its level is the number of steps to the root.
                var way: [Int] = []
                var node = tree.leaf(of: Int32(entry))
                while node != 0 {
                    way.append(node)
                    node = tree.parent(of: node)
                }
                for (level, node) in way.reversed().enumerated() {
                    nodes[level].insert(Int32(node - levels[level].nodes.lowerBound))
                }
            }
            for (level, nodes) in nodes.enumerated() {
                targets[level].append(nodes.sorted().map { (token: $0, weight: Float(1)) })
            }
        }
        return levels.enumerated().map { DocidLevel(table: $1.table, targets: targets[$0]) }
            + [DocidLevel(table: leaves, targets: targets[levels.count])]
    }

    /// Adds all that the loss depends on to a hash.
    func update(_ hash: inout SHA256) {
        for parameter in trained { hash.update("trained \(parameter.rate)") }
        entries.vectors.bits.withUnsafeBuffer { hash.update(UnsafeRawBufferPointer($0)) }
        entries.passages.withUnsafeBuffer { hash.update(UnsafeRawBufferPointer($0)) }
        tree.centroids.withUnsafeBuffer { hash.update(UnsafeRawBufferPointer($0)) }
    }
}
