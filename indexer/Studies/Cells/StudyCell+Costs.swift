extension StudyCell {
    /// Where it ran.
    package struct Machine: Sendable, Hashable, Codable {
        package var cpu: String
        package var cores: Int
        /// In bytes.
        package var memory: Int
        /// The set of kernels that the CPU chose, such as `avx512`.
        package var kernels: String
        /// The part of the machine that other programs took before and after, 0 to 1.
        package var loadBefore: Double
        package var loadAfter: Double

        package init(
            cpu: String = "", cores: Int = 0, memory: Int = 0, kernels: String = "", loadBefore: Double = 0,
            loadAfter: Double = 0
        ) {
            self.cpu = cpu
            self.cores = cores
            self.memory = memory
            self.kernels = kernels
            self.loadBefore = loadBefore
            self.loadAfter = loadAfter
        }

        enum CodingKeys: String, CodingKey {
            case cpu, cores, memory, kernels
            case loadBefore = "load_before"
            case loadAfter = "load_after"
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            cpu = try values.optional(.cpu, else: "")
            cores = try values.optional(.cores, else: 0)
            memory = try values.optional(.memory, else: 0)
            kernels = try values.optional(.kernels, else: "")
            loadBefore = try values.optional(.loadBefore, else: 0)
            loadAfter = try values.optional(.loadAfter, else: 0)
        }

        /// Whether other programs took more than a fifth: its times are drawn as open circles.
        package var isLoaded: Bool { max(loadBefore, loadAfter) > 0.2 }
    }

    /// The making of the index, with parts that cells share counted in each.
    package struct Build: Sendable, Hashable, Codable {
        package struct Stage: Sendable, Hashable, Codable {
            package var name: String
            /// Seconds on the clock, and of all cores together.
            package var wall: Double
            package var cpu: Double
            /// The most memory that the process had, in bytes; 0 where that is not known.
            package var peakRSS: Int

            package init(_ name: String, wall: Double, cpu: Double, peakRSS: Int = 0) {
                self.name = name
                self.wall = wall
                self.cpu = cpu
                self.peakRSS = peakRSS
            }

            enum CodingKeys: String, CodingKey {
                case name, wall, cpu
                case peakRSS = "peak_rss"
            }

            package init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                name = try values.decode(String.self, forKey: .name)
                wall = try values.decode(Double.self, forKey: .wall)
                cpu = try values.optional(.cpu, else: wall)
                peakRSS = try values.optional(.peakRSS, else: 0)
            }
        }

        package struct Vectors: Sendable, Hashable, Codable {
            /// Passages whose vectors are the encoder's own.
            package var real: Int
            /// The mean cosine of the others to the encoder's; nil where it was not measured.
            package var cosine: Double?

            package init(real: Int, cosine: Double? = nil) {
                self.real = real
                self.cosine = cosine
            }
        }

        /// In the order in which they ran.
        package var stages: [Stage]
        /// By component, such as `ngrams`, `terms`, `passages`, `codes`, `docids`: what this retriever needs.
        package var bytes: [String: Int]
        package var vectors: Vectors?

        package init(stages: [Stage] = [], bytes: [String: Int] = [:], vectors: Vectors? = nil) {
            self.stages = stages
            self.bytes = bytes
            self.vectors = vectors
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            stages = try values.optional(.stages, else: [])
            bytes = try values.optional(.bytes, else: [:])
            vectors = try values.decodeIfPresent(Vectors.self, forKey: .vectors)
        }
    }

    package struct Training: Sendable, Hashable, Codable {
        package var steps: Int
        package var seconds: Double
        package var loss: Double?
        /// The step whose weights were kept.
        package var kept: Int?
        /// Whether what was trained is what is searched: anchored docids that held-out queries do not find better stay as
        /// they were. Nil where that was not noted.
        package var accepted: Bool?

        package init(steps: Int, seconds: Double, loss: Double? = nil, kept: Int? = nil, accepted: Bool? = nil) {
            self.steps = steps
            self.seconds = seconds
            self.loss = loss
            self.kept = kept
            self.accepted = accepted
        }
    }

    /// Passages whose vectors were made while queries ran.
    package struct EncodedAtQuery: Sendable, Hashable, Codable {
        /// Passages a query.
        package var mean: Double
        /// Milliseconds a query.
        package var ms: Double

        package init(mean: Double, ms: Double) {
            self.mean = mean
            self.ms = ms
        }
    }

    /// What a cell takes; nil where it was not estimated or measured.
    package struct Cost: Sendable, Hashable, Codable {
        package var seconds: Double?
        package var bytes: Int?
        /// The most memory, in bytes.
        package var memory: Int?

        package init(seconds: Double? = nil, bytes: Int? = nil, memory: Int? = nil) {
            self.seconds = seconds
            self.bytes = bytes
            self.memory = memory
        }
    }
}
