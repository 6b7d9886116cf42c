import Corpora
import TestSupport
import Testing

/// Files of probabilities and of groups of queries.
@Suite struct ColumnFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("Probabilities, by tabs or white space") func values() throws {
        let text = "# query, passage, probability\nq1\td 1\t.5\n\nq1 d2   1\nq2\td2\t1e-3 \nq1\td2\t1.0\n"
        let read = try PassageValues.read(path: try folder.write("values", text))
        #expect(read.values == ["q1": ["d 1": 0.5, "d2": 1], "q2": ["d2": 0.001]])
        #expect(read.complements.values["q1"] == ["d 1": 0.5, "d2": 0])
    }

    @Test(
        "Lines that are no probabilities",
        arguments: [
            ("q d", "2 columns"), ("q d .5 x", "4 columns"), ("q d 1.5", "no probability"),
            ("q d -.1", "no probability"),
            ("q d nan", "no probability"), ("q d inf", "no probability"), ("q d x", "no probability"),
            ("\td\t1", "missing id"), ("q d .5\nq d .6", ":2:"), ("q\td\u{0}\t", "no probability"),
            ("# q d 1", "found"),
            ("", "found"),
        ])
    func badValues(_ text: String, _ part: String) throws {
        let path = try folder.write("values", text)
        let error = #expect(throws: CorpusError.self) { try PassageValues.read(path: path) }
        #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
    }

    @Test("Groups, in the order of the file") func groups() throws {
        let read = try QueryGroups.read(
            path: try folder.write("groups", "q1\tweather in Rome\nq2\tb\n#\nq3\tweather in Rome\n"))
        #expect(read == QueryGroups([.init("weather in Rome", ["q1", "q3"]), .init("b", ["q2"])]))
        #expect(
            read
                == (try QueryGroups.read(
                    path: try folder.write("crlf", "q1\tweather in Rome\r\nq2 b\r\nq3\tweather in Rome"))))
    }

    @Test(
        "Lines that are no groups",
        arguments: [
            ("q1", "1 column,"), ("q1 a b", "3 columns"), ("q1\ta\nq1\tb", "line 1"), ("q1\ta\nq2\tb", "no group"),
            ("q1\t", "missing id"), ("", "no group"),
        ])
    func badGroups(_ text: String, _ part: String) throws {
        let path = try folder.write("groups", text)
        let error = #expect(throws: CorpusError.self) { try QueryGroups.read(path: path) }
        #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
    }
}
