import Engine
import Foundation
import IndexStore
import Search

/// What the vectors of an index are, as a person reads it.
enum VectorLine {
    /// - Parameter cosine: of static vectors to the encoder's; nil where nobody measured it.
    /// - Returns: nil where all are the encoder's own, which needs no word.
    static func text(_ encoded: Int, of total: Int, cosine: Double?) -> String? {
        guard encoded < total else { return nil }
        let measured =
            cosine.map { String(format: ", with a mean cosine of %.2f to what the encoder would give", $0) } ?? ""
        return "\(encoded.grouped) encoded, \((total - encoded).grouped) static\(measured)"
    }

    /// Of an index's passages, deleted ones included.
    static func text(of reader: IndexReader) throws -> String? {
        guard reader.manifest.encoder != nil else { return nil }
        let part = reader.manifest.part(StaticEncoderPart.kind)
        let said = try? part?.description.decoded(as: StaticEncoderPart.Description.self)
        return text(try reader.value(PassageVectorKinds.self).encodedCount, of: reader.count, cosine: said?.cosine)
    }
}
