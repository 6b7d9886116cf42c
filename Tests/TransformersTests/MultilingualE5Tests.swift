import Storage
import Tensors
import TestSupport
import Testing
import Transformers

/// Vectors of the Python package that carries the model, which rounds activations to 8 bits.
@Suite struct MultilingualE5Tests {
    private static let folder = ModelCache.standard.directory(of: KnownModel.multilingualEncoder)

    @Test(
        "Vectors in several languages are those of the package",
        .enabled(if: folder != nil, "multilingual-e5-small is not installed"))
    func reference() throws {
        let encoder = try SentenceEncoder(directory: try #require(Self.folder))
        let cases = try #require(Fixture.json("multilingual_e5_vectors.json").array)
        #expect(cases.count == 6)
        for expected in cases {
            let text = try #require(expected["text"]?.string)
            let query = encoder.encodeQuery(text)
            #expect(query.ids.count == expected["tokens"]?.int)
            #expect(Vector.dot(query.vector, expected.floats("query")) > 0.999)
            let passage = encoder.encode(tokens: [encoder.tokens(of: text, as: .passage)]).values
            #expect(Vector.dot(passage, expected.floats("passage")) > 0.999)
            #expect(Vector.dot(passage, query.vector) < 0.999)
        }
    }
}
