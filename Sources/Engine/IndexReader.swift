import Docids
import FMIndex
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Tensors
import Text
import Transformers

/// A snapshot of an index with what reads it: the structures of all segments, the models, the parts. All are
/// loaded when they are first asked for, by one caller while others wait; what failed is tried again by the
/// next.
public final class IndexReader: Sendable {
    public let snapshot: IndexSnapshot
    /// Where the encoder is looked for.
    public let models: ModelCache
    /// Of the products of generators.
    public let precision: Precision
    /// That one query may use.
    public let threads: Int
    /// How many files of the snapshot were known to be damaged.
    private let knownDamage: Int
    /// The numbering of the passages of all segments.
    package let places: SegmentPlaces
    private let values = LoadedValues()

    /// - Throws: `StorageError` where the tokenizer is not that of the index.
    public init(
        _ snapshot: IndexSnapshot, models: ModelCache = .standard, precision: Precision = .int8, threads: Int = 1
    ) {
        (self.snapshot, self.models, self.precision, self.threads) = (snapshot, models, precision, max(1, threads))
        knownDamage = snapshot.checks.failureCount
        places = SegmentPlaces(counts: snapshot.manifest.segments.map(\.passages))
    }

    /// Opens an index to copy, train or measure what it holds: unlike a search, which can take an answer back, all of a file
    /// is checked before it is used.
    ///
    /// - Throws: ``EngineError/storage(_:)`` when the index is absent, damaged or of another format.
    public static func open(_ path: String, models: ModelCache = .standard) throws(EngineError) -> IndexReader {
        do throws(StorageError) {
            return IndexReader(try IndexSnapshot.open(URL(filePath: path)), models: models)
        } catch {
            throw .storage(error)
        }
    }

    public var manifest: IndexManifest { snapshot.manifest }

    /// Whether a file was found damaged since this began to read.
    var hasNewDamage: Bool { snapshot.checks.failureCount > knownDamage }

    /// The path that errors name.
    public var path: String { snapshot.root.path }

    /// The number of places: of passages, with those that are deleted.
    public var count: Int { places.count }

    /// A value that is made of this index once.
    public func value<Value: LoadedOnce>(_ type: Value.Type) throws -> Value {
        try values.value(type) { try Value(loading: self) }
    }

    /// Gives a value that was made before, such as an encoder that a builder has.
    package func preload<Value: LoadedOnce>(_ value: Value) { values.set(value) }

    /// A component of every segment.
    ///
    /// - Throws: `StorageError` and others where one is missing or damaged.
    public func components<Component: SegmentComponent>(_ type: Component.Type) throws -> [Component] {
        try snapshot.segments.map { try $0.component(type) }
    }

    /// What parts are read with.
    public func environment() -> PartEnvironment {
        var environment = PartEnvironment(snapshot)
        environment.values[IndexReader.self] = self
        return environment
    }
}

/// What is made of an index once and kept with its reader: a model, a structure over all segments.
public protocol LoadedOnce: Sendable {
    init(loading index: IndexReader) throws
}
