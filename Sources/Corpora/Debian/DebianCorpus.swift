import Foundation

/// Makes a corpus out of the package lists that apt keeps on a Debian machine.
///
/// A passage is a package; questions and judgements follow from the debtags of the packages, which
/// are never part of the text. The same lists and seed give the same files.
package enum DebianCorpus {
    /// Where apt keeps its lists.
    package static let usualListsFolder = URL(fileURLWithPath: "/var/lib/apt/lists")

    /// Writes a BEIR folder.
    ///
    /// - Parameters:
    ///   - folder: where `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` are written.
    ///   - limit: the most packages; those that questions ask for come first, at most half of the
    ///     slice, and the others are chosen by the hash of their name. All packages where nil.
    ///   - questionCount: the most questions.
    ///   - seed: decides which questions and which packages are chosen.
    /// - Throws: ``CorpusError`` where there are no lists, where one cannot be decompressed and where
    ///   the folder cannot be written.
    @discardableResult
    package static func make(
        into folder: URL, listsFolder: URL = usualListsFolder, limit: Int? = nil,
        questionCount: Int = 200, seed: UInt64 = 1
    ) throws(CorpusError) -> DebianCorpusReport {
        if let limit, limit < 1 { throw .option("the limit is \(limit) packages, expected 1 or more") }
        let lists = try AptLists(folder: listsFolder)
        var catalogue = DebianCatalogue()
        for file in lists.packages { try catalogue.addPackages(from: file) }
        for file in lists.translations { try catalogue.addTranslations(from: file) }
        let packages = catalogue.packages
        guard !packages.isEmpty else {
            throw .empty(path: listsFolder.path, badLines: 0, first: nil)
        }
        let questions = DebianQuestions(packages: packages).choose(
            questionCount, mostRelevant: limit.map { $0 / 2 } ?? packages.count, seed: seed)
        let slice = slice(packages, questions: questions, limit: limit, seed: seed)
        var qrels = Qrels()
        var queries: [Query] = []
        for (index, question) in questions.enumerated() {
            let number = String(index + 1)
            let id: Identifier = "debian-\(String(repeating: "0", count: max(0, 3 - number.count)))\(number)"
            queries.append(Query(id: id, text: question.text))
            for package in question.relevant {
                qrels.set(1, query: id, passage: Identifier(packages[package].name))
            }
        }
        try BEIRFolder.write(
            passages: slice.lazy.map { packages[$0].passage }, queries: queries, qrels: qrels,
            to: folder.path)
        return DebianCorpusReport(
            lists: lists.packages.count, packages: packages.count, passages: slice.count,
            longDescriptions: slice.count { packages[$0].longDescription != nil },
            questions: questions.count, judgements: qrels.count)
    }

    /// The packages that are kept, by name.
    private static func slice(
        _ packages: [DebianPackage], questions: [DebianQuestion], limit: Int?, seed: UInt64
    ) -> [Int] {
        guard let limit, limit < packages.count else { return Array(packages.indices) }
        let wanted = Set(questions.flatMap(\.relevant))
        let hashes = packages.map { SeededHash.of($0.name, seed: seed) }
        let order = packages.indices.sorted { first, second in
            let isFirstWanted = wanted.contains(first)
            if isFirstWanted != wanted.contains(second) { return isFirstWanted }
            return (hashes[first], first) < (hashes[second], second)
        }
        return order.prefix(limit).sorted()
    }
}
