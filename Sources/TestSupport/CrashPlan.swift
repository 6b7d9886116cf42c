import Memory

/// What a file system keeps of what was not synced.
struct CrashKind {
    /// Of a folder's changes the first are kept and the rest lost, as in a journal; else any of them.
    let isOrdered: Bool
    /// Syncing a file or folder keeps the names that lead to it, too.
    let keepsNamesAbove: Bool

    static let all = [
        CrashKind(isOrdered: true, keepsNamesAbove: false), CrashKind(isOrdered: false, keepsNamesAbove: false),
        CrashKind(isOrdered: true, keepsNamesAbove: true), CrashKind(isOrdered: false, keepsNamesAbove: true),
    ]
}

/// The choices that are built for one moment and one kind of file system.
struct CrashPlan {
    private let model: CrashModel
    private let kind: CrashKind
    private let samples: Int
    private let seed: UInt64
    private let sureNames: [Bool]
    /// The effects that may be lost.
    private let unsureNames: [Int]
    private let unsureWrites: [Int]

    init(_ model: CrashModel, _ kind: CrashKind, seed: UInt64, samples: Int) {
        self.model = model
        self.kind = kind
        self.samples = samples
        self.seed = seed
        let synced = kind.keepsNamesAbove ? model.isNameKept : model.isNameSynced
        sureNames = kind.isOrdered ? Self.filled(synced, model.names) : synced
        unsureNames = sureNames.indices.filter { [sureNames] in !sureNames[$0] }
        unsureWrites = model.isWriteSynced.indices.filter { !model.isWriteSynced[$0] }
    }

    /// Gives each choice to a closure; some lead to equal trees.
    func forEach(_ body: (CrashChoice) throws -> Void) throws {
        let all = model.everything
        let lostWrites = model.isWriteSynced.map { $0 ? WriteFate.applied : .lost }
        let sure = CrashChoice(names: sureNames, writes: lostWrites)
        try body(all)
        try body(sure)
        try body(CrashChoice(names: all.names, writes: lostWrites))
        try body(CrashChoice(names: all.names, writes: model.isWriteSynced.map { $0 ? .applied : .headOnly(0) }))
        try body(CrashChoice(names: sureNames, writes: all.writes))
        for index in unsureNames {
            for writes in [all.writes, lostWrites] {
                try body(CrashChoice(names: without(index), writes: writes))
                try body(CrashChoice(names: only(index), writes: writes))
            }
        }
        for index in unsureWrites {
            var kept = sure
            kept.writes[index] = .applied
            try body(kept)
            let write = model.writes[index]
            for fate in [.lost] + WriteFate.torn(write.bytes.count, at: write.offset) {
                var torn = all
                torn.writes[index] = fate
                try body(torn)
            }
        }
        guard !unsureNames.isEmpty || !unsureWrites.isEmpty else { return }
        let stream = UInt64(model.position) * 4 + (kind.isOrdered ? 1 : 0) + (kind.keepsNamesAbove ? 2 : 0)
        var random = SeededGenerator(seed: seed, stream: stream + 1)
        for _ in 0..<samples { try body(sample(&random)) }
    }

    /// When the machine stopped and what was lost.
    func describe(_ choice: CrashChoice, of total: Int) -> String {
        var lost = zip(model.names, choice.names).filter { !$0.1 }.map { $0.0.label }
        for (write, fate) in zip(model.writes, choice.writes) {
            switch fate {
            case .applied: break
            case .lost: lost.append(write.label)
            case .cut(let count): lost.append("\(write.label) beyond its first \(count)")
            case .headOnly(let count): lost.append("\(write.label) but for its length and its first \(count)")
            case .tailOnly(let count): lost.append("\(write.label), its first \(count)")
            }
        }
        let last = model.lastOperation.map { " (\($0))" } ?? ""
        return "crash after \(model.position) of \(total) steps\(last); lost: "
            + (lost.isEmpty ? "nothing" : lost.joined(separator: "; "))
    }

    /// All names but one; with a journal also without what came after it in its folder.
    private func without(_ index: Int) -> [Bool] {
        model.names.indices.map { other in
            sureNames[other] || other != index && !(kind.isOrdered && other > index && isSameFolder(other, index))
        }
    }

    /// The sure names and one more; with a journal also what came before it in its folder.
    private func only(_ index: Int) -> [Bool] {
        model.names.indices.map { other in
            sureNames[other] || other == index || kind.isOrdered && other < index && isSameFolder(other, index)
        }
    }

    private func isSameFolder(_ a: Int, _ b: Int) -> Bool { model.names[a].folder == model.names[b].folder }

    private func sample(_ random: inout SeededGenerator) -> CrashChoice {
        var choice = model.everything
        var ended: Set<Int> = []
        for index in unsureNames {
            let folder = model.names[index].folder
            // A journal that ended stays so: of m changes each number of kept ones is likely enough.
            if kind.isOrdered, ended.contains(folder) {
                choice.names[index] = false
            } else if random.next() % (kind.isOrdered ? 4 : 2) == 0 {
                choice.names[index] = false
                ended.insert(folder)
            }
        }
        for index in unsureWrites {
            let write = model.writes[index]
            let fates = [.lost] + WriteFate.torn(write.bytes.count, at: write.offset)
            if random.next() % 2 == 0 { choice.writes[index] = fates[Int(random.next() % UInt64(fates.count))] }
        }
        return choice
    }

    /// With a journal, what came before a sure change of a folder is sure, too.
    private static func filled(_ isSure: [Bool], _ names: [NameEffect]) -> [Bool] {
        var isSure = isSure
        var folders: Set<Int> = []
        for index in names.indices.reversed() {
            if isSure[index] { folders.insert(names[index].folder) }
            if folders.contains(names[index].folder) { isSure[index] = true }
        }
        return isSure
    }
}
