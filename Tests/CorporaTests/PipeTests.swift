import Corpora
import Foundation
import TestSupport
import Testing

/// Corpora that can be read only once.
@Suite struct PipeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func pipe(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = folder.path + "/" + name
        #expect(mkfifo(path, 0o600) == 0)
        let thread = Thread {
            guard let handle = FileHandle(forWritingAtPath: path) else { return }
            try? handle.write(contentsOf: Data(bytes))
            try? handle.close()
        }
        thread.start()
        return path
    }

    private let lines = (0..<5000).map { "{\"id\":\"\($0)\",\"text\":\"passage number \($0)\"}\n" }.joined()

    @Test(.timeLimit(.minutes(5))) func aPipeIsReadMoreThanOnce() throws {
        for (name, bytes) in [
            ("plain", Array(lines.utf8)), ("gzip", Compressors.gzip(Array(lines.utf8))),
            ("zstd", Compressors.zstd(Array(lines.utf8))),
        ] {
            let source = CorpusSource(path: try pipe(name, bytes))
            for _ in 0..<3 {
                var reader = try source.reader()
                var count = 0
                while let passage = try reader.next() {
                    #expect(passage.id == "\(count)")
                    count += 1
                }
                #expect(count == 5000)
                #expect(reader.report.bytesRead == bytes.count)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func twoReadersOfOnePipeDoNotDisturbEachOther() throws {
        let source = CorpusSource(path: try pipe("p", Array(lines.utf8)))
        var one = try source.reader()
        #expect(try one.next()?.id == "0")
        var two = try source.reader()
        #expect(try two.next()?.id == "0")
        #expect(try one.next()?.id == "1")
    }

    @Test(.timeLimit(.minutes(5))) func textAndTablesComeThroughPipesToo() throws {
        let text = CorpusSource(path: try pipe("t", Array("just words\n".utf8)))
        var reader = try text.reader()
        #expect(try reader.next() == Passage(id: "t#1", title: "t", text: "just words"))
        let table = CorpusSource(path: try pipe("s", Array("7\tseven\n".utf8)))
        var rows = try table.reader()
        #expect(try rows.next() == Passage(id: "7", text: "seven"))
    }

    @Test(.timeLimit(.minutes(5))) func aSilentPipeCanBeLeft() throws {
        let path = folder.path + "/silent"
        #expect(mkfifo(path, 0o600) == 0)
        var asked = 0
        let error = #expect(throws: CorpusError.self) {
            _ = try CorpusSource(path: path).reader(isCancelled: {
                asked += 1
                return asked > 3
            })
        }
        #expect(error == .cancelled)
    }

    @Test(.timeLimit(.minutes(5))) func devicesAreNoCorpora() throws {
        #expect(throws: CorpusError.self) { _ = try CorpusSource(path: "/dev/zero").reader() }
        #expect(throws: CorpusError.empty(path: "/dev/null", badLines: 0, first: nil)) {
            _ = try CorpusSource(path: "/dev/null").reader()
        }
    }
}
