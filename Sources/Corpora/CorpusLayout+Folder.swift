import Foundation

extension CorpusLayout {
    /// Chooses the files of a folder that are read, and accounts for the others.
    static func folder(_ path: String, _ options: CorpusOptions) throws(CorpusError) -> CorpusLayout {
        let walk = try FolderWalk(path: path, options: options)
        var choice = FolderChoice(walk.passedOver, includes: options.include.map(FilePattern.init))
        let beir = beirName(among: walk.files)
        for file in walk.files { try choice.add(file, beir: beir) }
        choice.settle()
        guard !choice.members.isEmpty else {
            throw .nothing(in: path, passedOver: choice.passedOver)
        }
        return CorpusLayout(
            format: beir != nil && choice.members.count == 1 ? .beirFolder : choice.format,
            files: choice.members, read: choice.read, passedOver: choice.passedOver)
    }

    /// The name of the corpus of a BEIR folder, beside which nothing else is read; nil where there is none.
    static func beirName(among files: [FolderWalk.File]) -> [UInt8]? {
        compressedSuffixes.lazy.map { Array("corpus.jsonl\($0)".utf8) }
            .first { name in files.contains { $0.name == name } }
    }
}

extension CorpusError {
    /// A folder in which there is nothing to read.
    package static func nothing(in path: String, passedOver: FileTally) -> CorpusError {
        let found = passedOver.isEmpty ? "" : ": \(passedOver) passed over"
        return .unrecognised(
            path: path,
            reason: "the folder has nothing to read\(found); expected corpus.jsonl, JSON lines, tables "
                + "(.tsv, .csv), or .txt and .md files")
    }
}

/// The files of a folder on their way to being read or passed over.
struct FolderChoice {
    private(set) var members: [CorpusLayout.Member] = []
    private(set) var read = FileTally()
    private(set) var passedOver: FileTally
    private let includes: [FilePattern]
    /// Texts that tell about the corpus, if there turns out to be one beside them.
    private var descriptions: Set<[UInt8]> = []

    init(_ passedOver: FileTally, includes: [FilePattern]) {
        self.passedOver = passedOver
        self.includes = includes
    }

    /// - Parameter beir: the name of the corpus of a BEIR folder, beside which nothing else is read.
    mutating func add(_ file: FolderWalk.File, beir: [UInt8]?) throws(CorpusError) {
        let ending = FileName.ending(file.name)
        let isIncluded = includes.contains { $0.matches(file.name) }
        let input = InputFile(pathBytes: file.path)
        func pass(_ kind: FileKind) { passedOver.add(kind, name: FileName.shown(file.name)) }
        if !isIncluded, file.name.split(separator: 0x2f).contains(where: { $0.first == 0x2e }) {
            return pass(.hidden)
        }
        let isQuestions = Self.isOfQuestions(file.name)
        if let beir, beir != file.name, !isIncluded {
            return pass(isQuestions ? .questions : .ending(ending))
        }
        if CorpusLayout.jsonEndings.contains(ending) || CorpusLayout.tableEndings.contains(ending) {
            if isQuestions, !isIncluded { return pass(.questions) }
            let isJSON = CorpusLayout.jsonEndings.contains(ending)
            if let format = try FormatSample(file: input).formatOfMember(isJSON: isJSON) {
                return take(file, input, format)
            }
            return isIncluded ? take(file, input, .textFile) : pass(.withoutPassages)
        }
        guard isIncluded || CorpusLayout.textEndings.contains(ending) else { return pass(.ending(ending)) }
        if !isIncluded, isQuestions || Self.isDescription(file.name) { descriptions.insert(file.name) }
        take(file, input, .textFile)
    }

    /// Takes a file whose format cannot be told as one of records.
    mutating func hold(_ file: FolderWalk.File) { take(file, InputFile(pathBytes: file.path), .jsonLines) }

    private mutating func take(_ file: FolderWalk.File, _ input: InputFile, _ format: CorpusFormat) {
        members.append(CorpusLayout.Member(file: input, name: file.name, format: format))
    }

    /// Leaves out what describes a corpus, once it is known that there is one, and counts the others.
    mutating func settle() {
        if members.contains(where: { !$0.format.isText }) {
            for member in members where descriptions.contains(member.name) {
                passedOver.add(
                    Self.isOfQuestions(member.name) ? .questions : .description,
                    name: FileName.shown(member.name))
            }
            members.removeAll { descriptions.contains($0.name) }
        }
        for member in members {
            read.add(.ending(FileName.ending(member.name)), name: FileName.shown(member.name))
        }
    }

    var format: CorpusFormat {
        let texts = members.count { $0.format.isText }
        if texts == members.count { return .textFolder }
        let json: Set<CorpusFormat> = [.beirLines, .jsonLines, .jsonDocuments]
        let objects = members.count { json.contains($0.format) }
        if objects == members.count { return .jsonFolder }
        return objects + texts == 0 ? .tableFolder : .mixedFolder
    }

    /// BEIR's and others' names for questions and judgements.
    private static func isOfQuestions(_ name: [UInt8]) -> Bool {
        let parts = name.split(separator: 0x2f).map { String(decoding: $0, as: UTF8.self).lowercased() }
        guard let last = parts.last else { return false }
        return ["queries", "topics", "qrels"].contains { word in
            last.hasPrefix(word + ".") || last.hasPrefix(word + "-") || last.hasPrefix(word + "_")
                || parts.dropLast().contains(word)
        }
    }

    private static func isDescription(_ name: [UInt8]) -> Bool {
        let known: Set = [
            "readme", "license", "licence", "copying", "notice", "changelog", "changes", "contributing",
            "authors", "citation", "datacard", "dataset_card",
        ]
        let stem = FileName.last(name).prefix { $0 != 0x2e }
        return known.contains(String(decoding: stem, as: UTF8.self).lowercased())
    }
}
