import ArgumentParser
import Fields

/// What the fields of passages must be.
struct FilterFlag: ParsableArguments {
    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            """
            Only passages whose fields pass: 'year >= 2020 and lang in (de, fr) and not draft'. Fields are the members \
            of a passage's JSON besides id, title and text.
            """, valueName: "filter"))
    var text: String?

    func validate() throws { _ = try filter() }

    /// - Throws: `ValidationError` where the text is no filter.
    func filter() throws -> FieldFilter? {
        do { return try text.map(FieldFilter.init) } catch { throw ValidationError("\(error)") }
    }
}
