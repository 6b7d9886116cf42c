/// The columns of a line, in quotes where they need them, as Python's csv module writes them.
enum DelimitedRow {
    /// A quote that is not at the start of a column, or that nothing closes, is an ordinary character.
    static func fields(_ line: [UInt8], separator: UInt8) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var index = 0
        while true {
            var field: [UInt8] = []
            if index < line.count, line[index] == 0x22, let (content, end) = quoted(line, from: index, separator) {
                field = content
                index = end
            } else {
                while index < line.count, line[index] != separator {
                    field.append(line[index])
                    index += 1
                }
            }
            fields.append(field)
            guard index < line.count else { return fields }
            index += 1
        }
    }

    /// A quoted column that a separator or the end of the line follows.
    private static func quoted(_ line: [UInt8], from start: Int, _ separator: UInt8) -> ([UInt8], Int)? {
        var content: [UInt8] = []
        var index = start + 1
        while index < line.count {
            if line[index] == 0x22 {
                if index + 1 < line.count, line[index + 1] == 0x22 {
                    index += 1
                } else {
                    index += 1
                    return index == line.count || line[index] == separator ? (content, index) : nil
                }
            }
            content.append(line[index])
            index += 1
        }
        return nil
    }
}
