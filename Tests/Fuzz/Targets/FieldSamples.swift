import Fields
import Foundation
import Storage

/// Fields of passages, filters that ask for them, and a table of them.
enum FieldSamples {
    /// Every kind of value; a passage without fields, dense and sparse columns.
    static let objects = [
        #"{"n":1,"tags":["river","sand"],"by":{"name":"Ä. Ost","born":"1971-05-02"},"open":true}"#,
        #"{"n":-2.5,"tags":"10","when":"2024-02-29T23:30:00.25-01:00"}"#, "",
        #"{"n":9007199254740993,"tags":["river"],"open":false,"by":{"name":"Ost"}}"#,
        #"{"n":"3","when":["2026-05-01","0000-01-01T00:00+23:59"],"tags":["","sa\u00e9\ud83d\ude00"]}"#,
        #"{"n":1e300,"big":123456789012345678901234567890,"none":null,"list":[[1,[2]],{"x":[{"y":3}]}]}"#,
    ]

    static let filters = [
        "n >= 1 and n < 1e6 or n in (-2.5, 3)", "not (tags like '%r%' or by.name = 'Ost')", "open",
        "when >= 2024-02 and when <= 2026", "tags is not null and by.born is null",
        "n != 1 and tags not in (river, '10')",
        "when > '2024-02-29T23:30:00-01:00'", "big > 5 or list.x.y = 3",
    ]

    /// As a file.
    static func table(_ path: String) throws -> [UInt8] {
        var builder = FieldTableBuilder()
        for number in 0..<60 { try builder.add(objects[number * 7 % objects.count]) }
        try builder.write(to: ContainerWriter(path: path, kind: "fields"))
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
}
