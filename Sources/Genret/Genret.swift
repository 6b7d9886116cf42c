// The library: `import Genret` brings all that is public.
//
// Engine answers queries, Indexing builds indexes, Training trains what they hold, and Evaluation measures
// answers. Of the modules below them only what these speak of is public, or is named here.

@_exported import Corpora
@_exported import Docids
@_exported import Engine
@_exported import Evaluation
@_exported import Fields
@_exported import IndexStore
@_exported import Indexing
@_exported import Learning
@_exported import Memory
@_exported import Ranking
@_exported import Search
@_exported import Storage
@_exported import Training
@_exported import Transformers

@_exported import enum FMIndex.NgramProfile

/// A query as the components of a search read it. A file of queries has ``CorpusQuery``.
public typealias Query = Search.Query

/// A query of a collection, with its id.
public typealias CorpusQuery = Corpora.Query
