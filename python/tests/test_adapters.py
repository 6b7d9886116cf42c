"""genret in other people's tools: each is tested where it is installed."""

from __future__ import annotations

import unittest

import genret

from .support import FOLDER, corpus, needs, qrels, queries, sample, sample_path


@needs("pyterrier", "pandas")
class PyTerrierTests(unittest.TestCase):
    def test_runs_in_an_experiment(self) -> None:
        import pandas
        import pyterrier

        from genret.pyterrier import Retriever

        topics = pandas.DataFrame([{"qid": id, "query": text} for id, text in queries().items()])
        judged = pandas.DataFrame(
            [{"qid": q, "docno": d, "label": n} for q, items in qrels().items() for d, n in items.items()]
        )
        with sample() as index:
            retriever = Retriever(index, num_results=20)
            table = pyterrier.Experiment([retriever, retriever % 5], topics, judged, ["ndcg_cut_10", "num_ret"])
            self.assertGreater(table["ndcg_cut_10"][0], 0.5)
            run = index.batch_search(queries(), hits=20)
            found = [sum(min(most, len(scores)) for scores in run.values()) for most in (20, 5)]
            self.assertEqual(list(table["num_ret"]), found)
        self.assertFalse(pyterrier.java.started())

    def test_gives_the_columns_that_pipelines_expect(self) -> None:
        import pandas

        from genret.pyterrier import Retriever

        topics = pandas.DataFrame(
            [
                {"qid": "1", "query": "grey liquid on my starter", "user": "ann"},
                {"qid": "2", "query": "  ", "user": "bob"},
            ]
        )
        with sample() as index:
            found = Retriever(index, num_results=3, text=True)(topics)
            self.assertEqual(list(found.columns), ["qid", "query", "user", "docno", "score", "rank", "title", "text"])
            self.assertEqual(list(found["rank"]), [0, 1, 2])
            self.assertEqual((found["docno"][0], found["user"][0]), ("sourdough-starter", "ann"))
            none = Retriever(index)(topics[:0])
            self.assertEqual((len(none), list(none.columns)), (0, ["qid", "query", "user", "docno", "score", "rank"]))
            self.assertEqual(Retriever(index, 50).fuse_rank_cutoff(10).num_results, 10)  # type: ignore[union-attr]

    def test_indexes_an_iterator(self) -> None:
        from genret.pyterrier import Indexer

        passages = ({"docno": id, **item} for id, item in corpus().items())
        with Indexer(FOLDER / "pyterrier.genret", encoder=None).index(passages) as index:
            self.assertEqual(len(index), 210)


@needs("langchain_core")
class LangChainTests(unittest.TestCase):
    def test_gives_documents(self) -> None:
        from genret.langchain import GenretRetriever

        with sample() as index:
            retriever = GenretRetriever(index=index, k=2, options={"retrievers": ["bm25"]})
            documents = retriever.invoke("grey liquid on my starter")
            self.assertEqual((len(documents), documents[0].id), (2, "sourdough-starter"))
            self.assertIn("grey liquid", documents[0].page_content)
            self.assertEqual(set(documents[0].metadata["retrievers"]), {"bm25"})
            self.assertEqual(retriever.invoke("  "), [])
            self.assertEqual(
                [found[0].id for found in retriever.batch(["grey liquid", "steam in the oven"])][1], "bread-oven-steam"
            )


@needs("llama_index.core")
class LlamaIndexTests(unittest.TestCase):
    def test_gives_nodes(self) -> None:
        from genret.llama_index import GenretRetriever

        with sample() as index:
            nodes = GenretRetriever(index, similarity_top_k=2).retrieve("grey liquid on my starter")
            self.assertEqual((len(nodes), nodes[0].node.node_id), (2, "sourdough-starter"))
            self.assertEqual(nodes[0].score, index.search("grey liquid on my starter")[0].score)


@needs("haystack")
class HaystackTests(unittest.TestCase):
    def test_runs_in_a_pipeline_that_is_stored(self) -> None:
        from haystack import Pipeline

        from genret.haystack import GenretRetriever

        pipeline = Pipeline()
        pipeline.add_component("retriever", GenretRetriever(sample_path(), top_k=2))
        again = Pipeline.loads(pipeline.dumps(), allowed_modules=["genret.haystack"])
        found = again.run({"retriever": {"query": "grey liquid on my starter"}})["retriever"]["documents"]
        self.assertEqual((len(found), found[0].id), (2, "sourdough-starter"))
        self.assertIn("grey liquid", found[0].content)


class BEIRTests(unittest.TestCase):
    def test_builds_and_searches(self) -> None:
        from genret.beir import Genret

        searcher = Genret(encoder=None)
        run = searcher.search(corpus(), queries(), 10, "cos_sim")
        with sample() as index:
            self.assertEqual(run, index.batch_search(queries(), hits=10))
            self.assertEqual(Genret(index).search({}, queries(), 10, "dot"), run)
        self.assertIsInstance(run, genret.Run)


if __name__ == "__main__":
    unittest.main()
