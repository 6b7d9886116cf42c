import Corpora
import Foundation
import TestSupport
import Testing

/// Zip and tar files that other programs wrote, and what is left of them when they are damaged.
@Suite struct ArchiveTests {
    private func run() throws -> RecipeRun {
        let run = try RecipeRun("beir")
        let passages = (0..<400).map {
            "{\"_id\": \"p\($0)\", \"title\": \"\", \"text\": \"passage \($0 * $0) of many\"}\n"
        }
        try run.folder.write("set/corpus.jsonl", passages.joined())
        try run.folder.write("set/queries.jsonl", "{\"_id\": \"q\", \"text\": \"which one\"}\n")
        try run.folder.write("set/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq\tp7\t1\n")
        return run
    }

    private static let write = """
        import zipfile, pathlib, sys
        archive = zipfile.ZipFile("set.zip", "w", int(sys.argv[1]), allowZip64=True)
        for path in sorted(pathlib.Path("set").rglob("*")):
            if path.is_file():
                with archive.open(str(path), "w", force_zip64=len(sys.argv) > 2) as file: file.write(path.read_bytes())
        archive.writestr("__MACOSX/set/._corpus.jsonl", "nothing")
        archive.close()
        """

    @Test("A zip file, with and without compression and large sizes", arguments: ["0", "8", "8 large"])
    func zip(arguments: String) throws {
        let run = try run()
        try run.make(["set"])
        let expected = try run.text("corpus.jsonl")
        try run.shell("python3 -c '\(Self.write)' \(arguments)")
        try run.make(["set.zip"])
        #expect(try run.text("corpus.jsonl") == expected && run.judgements() == ["q p7 1"])
    }

    @Test("Long names in a tar file", arguments: ["gnu", "pax", "ustar"]) func tar(format: String) throws {
        let run = try run()
        try run.make(["set"])
        let expected = try run.text("corpus.jsonl")
        // Longer than the 100 bytes of a header, and with a folder that fits beside them.
        let long = String(repeating: "longname", count: 11) + "/" + String(repeating: "other", count: 8)
        try run.shell(
            "mkdir -p \(long) && mv set \(long)/set && tar --format=\(format) -czf set.tar.gz \(long.prefix(88))")
        try run.make(["set.tar.gz"])
        #expect(try run.text("corpus.jsonl") == expected)
    }

    @Test("No cut or altered archive is taken for a whole one", arguments: ["set.zip", "set.tar", "set.tar.gz"])
    func damage(name: String) throws {
        let run = try run()
        try run.make(["set"])
        let expected = try run.passages()
        try run.shell("python3 -c '\(Self.write)' 8; tar -cf set.tar set; tar -czf set.tar.gz set")
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: run.folder.path(name))))
        var refused = 0
        for step in 1..<24 {
            try run.folder.write(name, bytes[..<(bytes.count * step / 24)])
            // A tar may end where it has all that was asked for.
            if !run.complaint([name]).isEmpty { refused += 1 } else { #expect(try run.passages() == expected) }
        }
        #expect(refused >= (name == "set.tar" ? 8 : 22))
        guard name != "set.tar" else { return }
        for step in 1..<24 {
            var altered = bytes
            altered[bytes.count * step / 24] ^= 0x55
            try run.folder.write(name, altered)
            // Times and flags may change unnoticed, texts may not.
            if run.complaint([name]).isEmpty { #expect(try run.passages() == expected) }
        }
    }

    @Test("A name that leads out of an archive leads nowhere") func outside() throws {
        let run = try run()
        try run.shell("mkdir in && cd in && tar -cPf ../out.tar ../set/corpus.jsonl ../set/queries.jsonl")
        #expect(run.complaint(["out.tar"]).contains("there is no corpus.jsonl among these files"))
    }

    @Test("MD5 of the texts of RFC 1321, in pieces") func digests() {
        let expected = [
            "": "d41d8cd98f00b204e9800998ecf8427e", "a": "0cc175b9c0f1b6a831c399e269772661",
            "abc": "900150983cd24fb0d6963f7d28e17f72", "message digest": "f96b697d7cb7938d525a2f31aaf161d0",
            "abcdefghijklmnopqrstuvwxyz": "c3fcd3d76192e4007dfb496cca67e13b",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789": "d174ab98d277d9f5a5611c2c9f419d9f",
            String(repeating: "1234567890", count: 8): "57edf4a22be3c955ac49da2e2107b67a",
        ]
        for (text, digest) in expected {
            for piece in [1, 3, 55, 64, 1_000] {
                var md5 = MD5()
                let bytes = Array(text.utf8)
                for start in stride(from: 0, to: bytes.count, by: piece) {
                    bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { md5.update($0) }
                }
                #expect(md5.finish() == digest)
            }
        }
    }
}
