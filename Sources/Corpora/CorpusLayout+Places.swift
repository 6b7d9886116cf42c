extension CorpusLayout {
    func sourceLine(_ place: SourcePlace) -> SourceLine {
        SourceLine(file: files[place.file].path, line: place.line)
    }

    /// Reads the identifier of one line again, to settle whether two equal hashes are one name.
    ///
    /// - Complexity: O(size of the file up to the line); needed once in a corpus as a rule.
    func identifier(at place: SourcePlace) throws(CorpusError) -> String? {
        let records = try RecordReader(path: files[place.file].path, format: format)
        let parser = records.parser
        var isOver = false
        while !isOver {
            let outcome = try records.next { (bytes) throws(LineFault) -> String? in
                guard records.line == place.line else { return nil }
                return try parser.passage(bytes, allowTitleOnly: true).id
            }
            if case .value(let id?) = outcome { return id }
            isOver = outcome == nil || records.line >= place.line
        }
        return nil
    }
}
