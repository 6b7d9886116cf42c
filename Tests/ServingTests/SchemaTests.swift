import Search
import Serving
import Testing

@Suite("Schemas and names") struct SchemaTests {
    @Test("Every schema that is named is there") func references() {
        let named = Schema.named(within: .network)
        var wanted: Set<String> = []
        func visit(_ tree: JSONTree) {
            switch tree {
            case .object(let members):
                if case .string(let name)? = members["$ref"] { wanted.insert(name) }
                members.values.forEach(visit)
            case .array(let items): items.forEach(visit)
            default: break
            }
        }
        for call in Calls.all {
            visit(call.requestSchema.tree(names: ""))
            visit(call.responseSchema.tree(names: ""))
        }
        for schema in named.values { visit(schema.tree(names: "")) }
        #expect(wanted.subtracting(named.keys).isEmpty)
        #expect(Set(named.keys).subtracting(wanted).isEmpty)
    }

    @Test("Calls have names of their own") func names() {
        #expect(Set(Calls.all.map { $0.name }).count == Calls.all.count)
        for call in Calls.all { #expect(Calls.named(call.name)?.name == call.name) }
        #expect(Calls.named("nothing") == nil)
    }

    @Test("Names of indexes are harmless in addresses") func indexNames() {
        #expect(IndexName.of(path: "/a/notes.genret") == "notes")
        #expect(IndexName.of(path: "notes.genret/") == "notes")
        #expect(IndexName.of(path: "/a/My_notes-2.v1.genret") == "My_notes-2.v1")
        for bad in ["", "..", ".hidden", "a/b", "ä", "a b", "a%2f", "-a", String(repeating: "a", count: 65)] {
            #expect(!IndexName.isValid(bad), "\(bad)")
        }
        #expect(IndexName.isValid(String(repeating: "a", count: 64)))
    }
}
