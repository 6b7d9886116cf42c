import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct DebianTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var lists: URL { URL(fileURLWithPath: folder.path + "/lists") }
    private var target: URL { URL(fileURLWithPath: folder.path + "/corpus") }

    private func writeLists() throws {
        let old = """
            Package: sonar-edit
            Version: 1:1.9-1
            Description: old words
            Section: sound

            Package: tables-perl
            Version: 2.0
            Description: draws tables in a terminal
            Section: libdevel
            Source: tables (2.0-1)
            Tag: devel::lang:perl, role::program, use::viewing,
             interface::{commandline,text-mode}, works-with::db

            """
        let new = """
            Package: sonar-edit
            Version: 1:1.10~rc1-1
            Description: sound editor
            Description-md5: 00ff
            Section: sound
            Tag: role::program, use::editing, works-with::audio, interface::graphical

            Package: no-description
            Version: 1

            Package: aardvark
            Version: 3
            Description: lists ants
             Ants are found
             and listed.
             .
             Slowly.

            """
        let translation = "Package: sonar-edit\nDescription-md5: 00ff\nDescription-en: sound editor\n Cuts waves.\n"
        try folder.write("lists/host_dists_a_main_binary-amd64_Packages", old)
        try folder.write("lists/host_dists_b_main_binary-amd64_Packages.gz", Compressors.gzip(Array(new.utf8)))
        try folder.write("lists/host_dists_b_main_i18n_Translation-en.zst", Compressors.zstd(Array(translation.utf8)))
        try folder.write("lists/host_InRelease", "Origin: x\n")
    }

    @Test func passagesQuestionsAndJudgements() throws {
        try writeLists()
        let report = try DebianCorpus.make(into: target, listsFolder: lists)
        let read = try readAll(target.path)
        #expect(
            read.passages == [
                Passage(id: "aardvark", title: "aardvark: lists ants", text: "Ants are found and listed.\nSlowly."),
                Passage(id: "sonar-edit", title: "sonar-edit: sound editor", text: "Cuts waves."),
                Passage(
                    id: "tables-perl", title: "tables-perl: draws tables in a terminal",
                    text: "draws tables in a terminal. A package of the section development libraries. "
                        + "It is built from the source package tables."),
            ])
        #expect(report.packages == 3)
        #expect(report.longDescriptions == 2)
        let queries = try Queries.read(path: target.path)
        let qrels = try Qrels.read(path: target.path)
        #expect(queries.map(\.id) == qrels.queryIDs)
        #expect(queries.count == report.questions)
        // One question for each different set of packages.
        #expect(Set(qrels.judgements.values.map { $0.keys.sorted() }) == [["sonar-edit"], ["tables-perl"]])
        #expect(qrels.judgements.values.allSatisfy { $0.values.allSatisfy { $0 == 1 } })
    }

    @Test func sameSeedSameFiles() throws {
        try writeLists()
        try DebianCorpus.make(into: target, listsFolder: lists, seed: 4)
        let again = URL(fileURLWithPath: folder.path + "/again")
        try DebianCorpus.make(into: again, listsFolder: lists, seed: 4)
        for name in ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"] {
            #expect(
                try Data(contentsOf: target.appendingPathComponent(name))
                    == Data(contentsOf: again.appendingPathComponent(name)))
        }
    }

    @Test func limitKeepsWhatQuestionsAskFor() throws {
        try writeLists()
        for seed in 0..<8 as Range<UInt64> {
            try DebianCorpus.make(into: target, listsFolder: lists, limit: 2, seed: seed)
            let ids = Set(try readAll(target.path).passages.map(\.id))
            #expect(ids.count == 2)
            #expect(
                try Qrels.read(path: target.path).judgements.values.allSatisfy {
                    ids.isSuperset(of: $0.keys.map(\.string))
                })
        }
    }

    @Test func missingListsAreExplained() throws {
        let none = #expect(throws: CorpusError.self) { try DebianCorpus.make(into: target, listsFolder: lists) }
        #expect("\(none!)".contains("apt"))
        try folder.write("lists/host_InRelease", "")
        let empty = #expect(throws: CorpusError.self) { try DebianCorpus.make(into: target, listsFolder: lists) }
        #expect("\(empty!)".contains("_Packages"))
    }

    @Test(arguments: [
        ("1.0", "1.1"), ("1.9", "1.10"), ("1.0~rc1", "1.0"), ("1.0", "1.0-1"), ("1.0", "1:0.1"), ("1.0a", "1.0+"),
        ("1.0", "1.0a"), ("1.0-1", "1.0-1+b1"), ("0.9-9", "1.0-1"), ("1.0~~", "1.0~"), ("1.0-1~deb12u1", "1.0-1"),
    ])
    func versionOrder(_ lower: String, _ higher: String) {
        #expect(DebianVersion(lower) < DebianVersion(higher))
        #expect(!(DebianVersion(higher) < DebianVersion(lower)))
    }

    @Test func equalVersions() { #expect(DebianVersion("1.01-0") == DebianVersion("1.1-0")) }
}
