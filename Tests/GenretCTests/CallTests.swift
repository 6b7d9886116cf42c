import BuiltTool
import CGenret
import Foundation
import GenretC
import Search
import Testing

/// Opening, asking and closing through the C face.
@Suite struct CallTests {
    @Test("The library says what it is") func version() {
        #expect(abi() == 1)
        #expect(Face.string(GenretC.version()).contains("."))
    }

    @Test("An index is opened, asked and closed") func search() throws {
        let index = try Face.open(Face.sample)
        let answer = try Face.call(index, "search", #"{"query": "grey liquid on my starter", "hits": 2}"#)
        guard case .array(let candidates)? = answer["candidates"] else { throw Tool.Failure("no candidates") }
        #expect(candidates.count == 2 && candidates[0]["docid"] == .string("sourdough-starter"))
        #expect(answer["index"] == .string("face"))
        close(index)
    }

    @Test("Ids come in pages, each once") func ids() throws {
        let index = try Face.open(Face.sample)
        defer { close(index) }
        var (all, from) = ([JSONTree](), JSONTree?.some(.integer(0)))
        while case .integer(let place)? = from {
            let page = try Face.call(index, "ids", #"{"from": \#(place), "limit": 100}"#)
            guard case .array(let ids)? = page["ids"] else { throw Tool.Failure("no ids") }
            all += ids
            from = page["next"]
        }
        let info = try Face.call(index, "info", "")
        #expect(info["passages"] == .integer(Int64(all.count)))
        #expect(Set(all.map { "\($0)" }).count == all.count)
        #expect(throws: Face.Failure.self) { try Face.call(index, "ids", #"{"from": -1}"#) }
    }

    @Test(
        "What cannot be answered has a code",
        arguments: [
            ("search", "{", "invalid_json"), ("search", "{}", "invalid_option"),
            ("search", #"{"query": " "}"#, "empty_query"),
            ("search", #"{"query": "a", "hitz": 1}"#, "invalid_option"),
            ("explain", #"{"query": "starter", "docid": "none"}"#, "unknown_docid"), ("fly", "{}", "not_found"),
            ("encode", #"{"texts": ["a"]}"#, "cannot_rerank"),
        ])
    func problems(_ method: String, _ request: String, _ code: String) throws {
        let index = try Face.open(Face.sample)
        defer { close(index) }
        let failure = #expect(throws: Face.Failure.self) { try Face.call(index, method, request) }
        #expect(failure?.code == code)
        #expect(failure?.problem["status"] == .integer(Int64(failure?.status ?? 0)))
    }

    @Test("An index that is closed, or none, is told") func closed() throws {
        let index = try Face.open(Face.sample)
        close(index)
        close(index)
        close(nil)
        close(OpaquePointer(bitPattern: 99_999))
        for pointer in [index, OpaquePointer(bitPattern: 99_999)] {
            let failure = #expect(throws: Face.Failure.self) { try Face.call(pointer, "info", "") }
            #expect(failure?.code == "unknown_index")
        }
        let failure = #expect(throws: Face.Failure.self) { try Face.call(nil, "info", "") }
        #expect(failure?.code == "invalid_option")
    }

    @Test("Null pointers and bytes that are no text are told") func badPointers() throws {
        var (index, error): (OpaquePointer?, OpaquePointer?)
        #expect(GenretC.open(genret_text(data: nil, length: 3), genret_text(), &index, &error) == 400)
        #expect(index == nil && Face.string(errorSentence(error)).contains("null pointer"))
        freeError(error)
        let bad: [CChar] = [-1, -2]
        bad.withUnsafeBufferPointer {
            #expect(GenretC.open(genret_text(data: $0.baseAddress, length: 2), genret_text(), &index, &error) == 400)
        }
        #expect(Face.string(errorSentence(error)).contains("UTF-8"))
        freeError(error)
        // Who does not want to know why is not told.
        #expect(GenretC.open(genret_text(), genret_text(), nil, nil) == 400)
        #expect(GenretC.call(nil, genret_text(), genret_text(), nil, nil, nil) == 400)
        #expect(GenretC.build(genret_text(), nil, nil, nil, nil, nil) == 400)
        #expect(Face.string(errorSentence(nil)).isEmpty)
        freeError(nil)
        freeText(genret_text())
    }

    @Test("A raised flag ends a call") func cancel() throws {
        let index = try Face.open(Face.sample)
        defer { close(index) }
        let flag = UnsafeMutablePointer<CInt>.allocate(capacity: 1)
        defer { flag.deallocate() }
        flag.pointee = 1
        let failure = #expect(throws: Face.Failure.self) {
            try Face.call(index, "search", #"{"query": "starter"}"#, UnsafePointer(flag))
        }
        #expect(failure?.code == "cancelled")
    }

    @Test("Threads share an index, and closing waits for them") func threads() throws {
        let index = try Face.open(Face.sample)
        let expected = try Face.call(index, "search", #"{"query": "starter"}"#)["candidates"]
        let number = UInt(bitPattern: index)
        let group = DispatchGroup()
        for _ in 0..<2 {
            DispatchQueue.global().async(group: group) {
                for _ in 0..<20 {
                    do {
                        let answer = try Face.call(
                            OpaquePointer(bitPattern: number), "search", #"{"query": "starter"}"#)
                        #expect(answer["candidates"] == expected)
                    } catch {
                        #expect((error as? Face.Failure)?.code == "unknown_index")
                    }
                }
            }
        }
        usleep(20_000)
        close(index)
        #expect(throws: Face.Failure.self) { try Face.call(index, "info", "") }
        group.wait()
    }
}
