extension CorpusLayout {
    func sourceLine(_ place: SourcePlace) -> SourceLine {
        SourceLine(file: files[place.file].file.shown, line: place.line)
    }

    /// Whether a record on a line has an identifier, read again to settle whether two equal hashes are
    /// one name.
    ///
    /// - Complexity: O(size of the file up to the line).
    func has(_ id: String, at place: SourcePlace) throws(CorpusError) -> Bool {
        let member = files[place.file]
        // Identifiers of texts are made from names and numbers, so that two are never equal.
        guard !member.format.isText else { return true }
        let records = try RecordReader(file: member.file, format: member.format)
        let parser = records.parser
        while true {
            let outcome = try records.next { (bytes) throws(LineFault) -> String in
                try parser.passage(bytes, allowTitleOnly: true).id
            }
            guard outcome != nil, records.line <= place.line else { return false }
            if records.line == place.line, case .value(let found) = outcome,
                found.utf8.elementsEqual(id.utf8)
            {
                return true
            }
        }
    }
}
