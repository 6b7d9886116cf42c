extension StudyCell {
    /// A measure's value of each query, and their mean with its interval.
    package struct Quality: Sendable, Hashable, Codable {
        package var mean: Double
        /// The ends of the interval; nil where only a mean is known.
        package var low: Double?
        package var high: Double?
        /// In the order of the cell's queries; empty where they were not kept, and then no pairs are compared.
        package var values: [Double]

        package init(mean: Double, low: Double? = nil, high: Double? = nil, values: [Double] = []) {
            self.mean = mean
            self.low = low
            self.high = high
            self.values = values
        }

        /// The mean and the bootstrap interval of values: how cells are to be filled.
        package init(values: [Double]) {
            let interval = Bootstrap.mean(values)
            self.init(mean: interval.value, low: interval.low, high: interval.high, values: values)
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            values = try container.optional(.values, else: [])
            let given = try container.decodeIfPresent(Double.self, forKey: .mean)
            low = try container.decodeIfPresent(Double.self, forKey: .low)
            high = try container.decodeIfPresent(Double.self, forKey: .high)
            if let given {
                mean = given
            } else {
                guard !values.isEmpty else {
                    throw DecodingError.keyNotFound(
                        CodingKeys.mean, .init(codingPath: decoder.codingPath, debugDescription: ""))
                }
                let interval = Bootstrap.mean(values)
                (mean, low, high) = (interval.value, interval.low, interval.high)
            }
        }

        package var interval: Interval { Interval(value: mean, low: low ?? mean, high: high ?? mean) }
    }

    /// How long queries took, one at a time.
    package struct Latency: Sendable, Hashable, Codable {
        /// In milliseconds, with intervals over queries.
        package var p50: Interval
        package var p95: Interval
        package var p99: Interval
        /// Queries that were timed.
        package var n: Int
        /// Each of them in milliseconds; may be empty.
        package var milliseconds: [Double]

        package init(p50: Interval, p95: Interval, p99: Interval, n: Int, milliseconds: [Double] = []) {
            self.p50 = p50
            self.p95 = p95
            self.p99 = p99
            self.n = n
            self.milliseconds = milliseconds
        }

        /// The quantiles of times and their bootstrap intervals: how cells are to be filled.
        package init(milliseconds: [Double]) {
            self.init(
                p50: Bootstrap.quantile(milliseconds, 0.5), p95: Bootstrap.quantile(milliseconds, 0.95),
                p99: Bootstrap.quantile(milliseconds, 0.99), n: milliseconds.count, milliseconds: milliseconds)
        }

        enum CodingKeys: String, CodingKey { case p50, p95, p99, n, milliseconds }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            let times: [Double] = try values.optional(.milliseconds, else: [])
            guard times.isEmpty || values.contains(.p50) else {
                self.init(milliseconds: times)
                return
            }
            self.init(
                p50: try Self.interval(values, .p50), p95: try Self.interval(values, .p95),
                p99: try Self.interval(values, .p99), n: try values.optional(.n, else: times.count), milliseconds: times
            )
        }

        /// A number alone is a quantile without an interval.
        private static func interval(
            _ values: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys
        ) throws -> Interval {
            if let value = try? values.decode(Double.self, forKey: key) {
                return Interval(value: value, low: value, high: value)
            }
            return try values.decode(Interval.self, forKey: key)
        }
    }

    /// Where the relevant passages stand.
    package struct Ranks: Sendable, Hashable, Codable {
        /// For each query the rank of its best relevant passage, from 1; null where it is beyond `censored_at`.
        package var best: [Int?]
        /// How many passages of every list were looked at.
        package var censoredAt: Int
        /// For each query the passages above that rank that are judged for any evaluated query, since smaller samples
        /// keep them. Without it the thinned line treats them as distractors.
        package var judgedAbove: [Int]?
        /// For each query how many relevant passages it has. Without it each has one.
        package var relevant: [Int]?

        package init(best: [Int?], censoredAt: Int = 1000, judgedAbove: [Int]? = nil, relevant: [Int]? = nil) {
            self.best = best
            self.censoredAt = censoredAt
            self.judgedAbove = judgedAbove
            self.relevant = relevant
        }

        enum CodingKeys: String, CodingKey {
            case best, relevant
            case censoredAt = "censored_at"
            case judgedAbove = "judged_above"
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            best = try values.decode([Int?].self, forKey: .best)
            censoredAt = try values.optional(.censoredAt, else: 1000)
            judgedAbove = try values.decodeIfPresent([Int].self, forKey: .judgedAbove)
            relevant = try values.decodeIfPresent([Int].self, forKey: .relevant)
        }

        package var hasOneRelevant: Bool { relevant?.allSatisfy { $0 == 1 } ?? true }
    }
}
