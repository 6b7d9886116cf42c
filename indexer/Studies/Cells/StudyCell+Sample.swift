extension StudyCell {
    /// The passages that were searched.
    package struct Sample: Sendable, Hashable, Codable {
        /// Passages in all, the judged ones included; at least 1.
        package var size: Int
        /// Passages that are in every sample: those with a judgement of an evaluated query.
        package var judged: Int
        package var seed: UInt64
        /// How the others were chosen: `random`, or `pooled:1000`.
        package var distractors: String
        /// 0, 1, 2 … of samples of one size with different seeds.
        package var replicate: Int
        /// The name of the corpus, or empty.
        package var corpus: String

        package init(
            size: Int, judged: Int = 0, seed: UInt64 = 1, distractors: String = "random", replicate: Int = 0,
            corpus: String = ""
        ) {
            self.size = size
            self.judged = judged
            self.seed = seed
            self.distractors = distractors
            self.replicate = replicate
            self.corpus = corpus
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            size = try values.decode(Int.self, forKey: .size)
            judged = try values.optional(.judged, else: 0)
            seed = try values.optional(.seed, else: 1)
            distractors = try values.optional(.distractors, else: "random")
            replicate = try values.optional(.replicate, else: 0)
            corpus = try values.optional(.corpus, else: "")
        }

        /// Whether more than half of the passages are judged: such a sample is easier than its size says.
        package var isMostlyJudged: Bool { judged * 2 > size }
    }

    /// Where a corpus stands that grows: an index was made of its start, and parts were added.
    package struct Growth: Sendable, Hashable, Codable {
        /// Parts that were added; 0 for the start alone.
        package var step: Int
        /// Parts that come in all.
        package var of: Int
        /// For each query the step with which its first relevant passage came.
        package var parts: [Int]

        package init(step: Int, of: Int, parts: [Int]) {
            self.step = step
            self.of = of
            self.parts = parts
        }

        /// Whether all of the corpus is there.
        package var isLast: Bool { step == of }
    }

    /// How the retriever was built, trained and asked. Any JSON object of scalars with at least `retriever`.
    ///
    /// The report names lines by the retriever and by those options in which the study's cells differ. Names that it knows
    /// how to order: `docids`, `beam`, `typos`, `encode`, `vectors`, `represent`. An option at its default may be left
    /// out, but then in all cells: one without `typos` and one with `typos` 0 are different.
    package struct Options: Sendable, Hashable, Codable {
        /// `ngram`, `docid`, `dense`, `bm25`, `merge`.
        package var retriever: String
        /// All other options by name, as text: numbers in their shortest form, `true` and `false`.
        package var others: [String: String]

        package init(_ retriever: String, _ others: [String: String] = [:]) {
            self.retriever = retriever
            self.others = others
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.singleValueContainer().decode([String: Scalar].self)
            guard let name = values["retriever"] else {
                throw DecodingError.keyNotFound(
                    Name("retriever"), .init(codingPath: decoder.codingPath, debugDescription: ""))
            }
            retriever = name.text
            others = values.filter { $0.key != "retriever" }.mapValues(\.text)
        }

        package func encode(to encoder: any Encoder) throws {
            var values = others
            values["retriever"] = retriever
            var container = encoder.singleValueContainer()
            try container.encode(values)
        }

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(_ name: String) { stringValue = name }
            init?(stringValue: String) { self.init(stringValue) }
            init?(intValue: Int) { nil }
        }

        /// A text, a number or a truth value.
        private struct Scalar: Decodable {
            let text: String

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                if let flag = try? value.decode(Bool.self) {
                    text = flag ? "true" : "false"
                } else if let whole = try? value.decode(Int.self) {
                    text = "\(whole)"
                } else if let number = try? value.decode(Double.self) {
                    text = "\(number)"
                } else {
                    text = try value.decode(String.self)
                }
            }
        }
    }
}
