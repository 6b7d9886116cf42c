extension String {
    /// Without the white space of ASCII at both ends.
    var trimmed: String {
        let bytes = utf8
        guard let first = bytes.first, let last = bytes.last,
            TRECColumn.isSpace(first) || TRECColumn.isSpace(last)
        else { return self }
        let rest = bytes.drop(while: TRECColumn.isSpace)
        return String(
            Substring(
                rest.prefix(upTo: rest.lastIndex { !TRECColumn.isSpace($0) }.map(rest.index(after:)) ?? rest.startIndex)
            ))
    }
}
