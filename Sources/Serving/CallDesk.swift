import Engine
import Foundation
import Memory
import Search

/// Takes calls as JSON and answers them as JSON: the one way in for every interface.
public struct CallDesk: Sendable {
    public let limits: ServingLimits
    /// Nil keeps no answers.
    public let cache: AnswerCache?

    public init(limits: ServingLimits, cache: AnswerCache? = nil) { (self.limits, self.cache) = (limits, cache) }

    /// An answer as bytes of JSON.
    public struct Answer: Sendable {
        public var bytes: [UInt8]
        /// What it answers; nil for what would be answered otherwise the next time.
        public var key: AnswerCache.Key?
        public var isFromCache = false
    }

    /// An answer that was given before; nil where there is none.
    public func known(_ call: any IndexCall.Type, _ body: some Collection<UInt8>, of index: ServedIndex) -> Answer? {
        guard !call.changesIndex, let cache else { return nil }
        let key = key(call, body, index)
        return cache.answer(key).map { Answer(bytes: $0, key: key, isFromCache: true) }
    }

    private func key(
        _ call: any IndexCall.Type, _ body: some Collection<UInt8>, _ index: ServedIndex
    ) -> AnswerCache.Key {
        AnswerCache.Key(index: index.name, generation: index.generation, call: call.name, request: body)
    }

    /// Answers a call anew, and keeps the answer.
    ///
    /// - Parameters:
    ///   - body: the request's JSON; empty is an empty object.
    ///   - cancellation: asked between the steps of a search.
    public func answer(
        _ call: any IndexCall.Type, _ body: some Collection<UInt8> & Sendable, of index: ServedIndex,
        _ cancellation: Cancellation = .never
    ) throws(Problem) -> Answer {
        do { return try answered(call, body, of: index, cancellation) } catch { throw Problem(error) }
    }

    private func answered<Call: IndexCall>(
        _ call: Call.Type, _ body: some Collection<UInt8>, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> Answer {
        let key = key(call, body, index)
        let request = try request(of: call, body)
        let response = try Call.answer(request, of: index, cancellation)
        let bytes = [UInt8](try JSONTree.bytes(of: response))
        // A reload in between makes it the answer of one or the other.
        guard Call.isLasting(response), key == self.key(call, body, index) else { return Answer(bytes: bytes) }
        cache?.keep(bytes, for: key)
        return Answer(bytes: bytes, key: key)
    }

    /// A request within the limits.
    ///
    /// - Throws: ``OptionFault``, and `DecodingError` where the body is no JSON.
    public func request<Call: IndexCall>(of call: Call.Type, _ body: some Collection<UInt8>) throws -> Call.Request {
        let request = try JSONDecoder().decode(
            Call.Request.self, from: body.isEmpty ? Data("{}".utf8) : Data(body))
        try Call.check(request, limits)
        return request
    }
}
