import Memory

/// What a program hears of long work, one event after the other: from the command line as lines of JSON, from the C face as texts.
public enum ProgressEvent: Sendable {
    case progress(WorkProgress)
    /// A sentence for people.
    case note(String)
    /// The last event of work that was done.
    case finished
    /// The last event of work that was not.
    case failed(Problem)
}

extension ProgressEvent: Encodable {
    private enum Key: String, CodingKey {
        case event, stage, fraction, count, unit, seconds, left, isFinished, detail, text, problem
    }

    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Key.self)
        switch self {
        case .progress(let progress):
            try members.encode("progress", forKey: .event)
            try members.encode(progress.stage, forKey: .stage)
            try members.encodeIfPresent(progress.fraction, forKey: .fraction)
            try members.encode(progress.count, forKey: .count)
            try members.encode(progress.unit, forKey: .unit)
            try members.encode(progress.seconds, forKey: .seconds)
            try members.encodeIfPresent(progress.secondsLeft, forKey: .left)
            try members.encode(progress.isFinished, forKey: .isFinished)
            try members.encodeIfPresent(progress.detail, forKey: .detail)
        case .note(let text):
            try members.encode("note", forKey: .event)
            try members.encode(text, forKey: .text)
        case .finished: try members.encode("finished", forKey: .event)
        case .failed(let problem):
            try members.encode("failed", forKey: .event)
            try members.encode(problem, forKey: .problem)
        }
    }
}
