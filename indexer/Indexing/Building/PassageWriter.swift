import Engine
import Fields
import Ranking
import Storage

/// Writes what a segment keeps of its passages one by one: ids, texts, terms and fields.
struct PassageWriter {
    /// What has been collected; tokens are counted by who makes them.
    var load: SegmentBudget.Load
    private let draft: SegmentDraft
    private let writer: ContainerWriter
    private var texts: DocumentStoreWriter
    private var terms: SparseIndexBuilder
    private var fields = FieldTableBuilder()
    private var ids: [String] = []

    /// - Parameter passagesBefore: of segments before, whose ids the reader still knows.
    init(_ draft: SegmentDraft, _ analyzer: TermAnalyzer, passagesBefore: Int = 0) throws {
        self.draft = draft
        load = SegmentBudget.Load(passagesBefore: passagesBefore)
        writer = try draft.writer(PassageStore.self)
        texts = try DocumentStoreWriter(writer)
        terms = SparseIndexBuilder(analyzer: analyzer)
    }

    /// - Parameter json: the passage's fields; empty where it has none.
    mutating func add(id: String, title: String, text: String, fields json: String) throws {
        ids.append(id)
        try texts.add(title: title, text: text)
        terms.add(title: title, text: text)
        try fields.add(json)
        load.add(id: id)
        (load.termBytes, load.fieldBytes) = (terms.peakByteCount, fields.byteCount)
    }

    /// Completes the files.
    consuming func finish() throws {
        try texts.finish()
        try StringList.write(ids, to: writer, prefix: PassageStore.idsPrefix)
        try draft.stamp?.write(to: writer)
        try writer.finish()
        ids = []
        draft.passages = load.passages
        try terms.write(to: draft.writer(SparseIndex.self))
        if !fields.isEmpty { try fields.write(to: draft.writer(FieldTable.self)) }
    }
}
