"""Runs, and what other tools make of them."""

from __future__ import annotations

import pickle
import unittest

import genret
from genret._run import falling_scores

from .support import FOLDER, SAMPLE, encoded_path, encoder_is_there, needs, program, qrels, queries, sample, sample_path


class RunTests(unittest.TestCase):
    def test_the_file_is_that_of_the_command_line(self) -> None:
        for path in [sample_path()] + ([encoded_path()] if encoder_is_there() else []):
            with genret.Index.open(path) as index:
                index.batch_search(queries(), hits=100).write(FOLDER / "own.trec")
            program(
                "search",
                path,
                "--queries",
                str(SAMPLE / "queries.jsonl"),
                "-k",
                "100",
                "-o",
                str(FOLDER / "its.trec"),
                "-q",
            )
            own, its = (FOLDER / "own.trec").read_text(), (FOLDER / "its.trec").read_text()
            self.assertEqual(own.count("\n"), its.count("\n"))
            self.assertEqual(own, its)

    def test_scores_fall_where_ids_would_order_otherwise(self) -> None:
        # A tie stays one where the greater id is first, and only there.
        self.assertEqual(falling_scores([("b", 0.5), ("a", 0.5)]), [("b", 0.5), ("a", 0.5)])
        (_, first), (_, second) = falling_scores([("a", 0.5), ("b", 0.5)])
        self.assertEqual(first, 0.5)
        self.assertLess(second, first)
        self.assertGreater(second, 0.4999)
        # Below zero, at zero, and where a single has fewer than six decimals.
        for score in (-1.25, 0.0, 140.4461, 1e6):
            ids = [f"{place:03}" for place in range(50)]
            written = falling_scores([(id, score) for id in ids])
            order = sorted(written, key=lambda pair: (pair[1], pair[0]), reverse=True)
            self.assertEqual([id for id, _ in order], ids)
        with self.assertRaises(ValueError):
            falling_scores([("a", float("nan"))])

    def test_queries_without_words_are_left_out(self) -> None:
        with sample() as index:
            run = index.batch_search([("q1", "starter"), genret.Query("q2", " "), ("q3", "liquid")], hits=3)
        self.assertEqual((list(run), run.empty), (["q1", "q3"], ("q2",)))
        self.assertEqual(list(run.raw["q1"]), list(run["q1"]))
        self.assertEqual(pickle.loads(pickle.dumps(run)), run)
        with self.assertRaises(ValueError):
            genret.Run({"q 1": [("a", 1.0)]}).write(FOLDER / "no.trec")

    @needs("pandas")
    def test_frames(self) -> None:
        run = genret.Run({"q": [("a", 2.0), ("b", 1.0)]})
        self.assertEqual(
            run.to_frame().to_dict("list"), {"query_id": ["q", "q"], "doc_id": ["a", "b"], "score": [2.0, 1.0]}
        )
        self.assertEqual(list(run.to_frame(style="pyterrier").columns), ["qid", "docno", "score", "rank"])


class ToolTests(unittest.TestCase):
    """All tools give what ``genret eval`` gives."""

    def setUp(self) -> None:
        with sample() as index:
            self.run_ = index.batch_search(queries(), hits=100)
        self.run_.write(FOLDER / "tools.trec")
        lines = program(
            "eval",
            "--qrels",
            str(SAMPLE / "qrels" / "test.tsv"),
            "--run",
            str(FOLDER / "tools.trec"),
            "-m",
            "ndcg_cut_10",
        )
        self.expected = float(lines.split()[-1])

    @needs("pytrec_eval")
    def test_pytrec_eval(self) -> None:
        import pytrec_eval  # type: ignore[import-untyped]

        measured = pytrec_eval.RelevanceEvaluator(qrels(), {"ndcg_cut.10"}).evaluate(self.run_)
        self.assertAlmostEqual(
            sum(item["ndcg_cut_10"] for item in measured.values()) / len(qrels()), self.expected, places=3
        )

    @needs("ranx")
    def test_ranx(self) -> None:
        import ranx

        self.assertAlmostEqual(
            ranx.evaluate(ranx.Qrels(qrels()), self.run_.to_ranx(), "ndcg@10"), self.expected, places=3
        )

    @needs("ir_measures", "pandas")
    def test_ir_measures(self) -> None:
        import ir_measures  # type: ignore[import-untyped]

        for run in (self.run_, self.run_.to_frame()):
            measured = ir_measures.calc_aggregate([ir_measures.nDCG @ 10], qrels(), run)
            self.assertAlmostEqual(measured[ir_measures.nDCG @ 10], self.expected, places=3)

    @needs("beir", "pytrec_eval")
    def test_beir(self) -> None:
        # The module alone: beir.retrieval imports torch, which is large.
        import pytrec_eval

        k_values = [1, 10]
        try:
            from beir.retrieval.evaluation import EvaluateRetrieval  # type: ignore[import-untyped]
        except ImportError:
            self.skipTest("beir's own dependencies are not installed")
        ndcg, *_ = EvaluateRetrieval.evaluate(qrels(), self.run_, k_values)
        self.assertAlmostEqual(ndcg["NDCG@10"], self.expected, places=3)
        self.assertTrue(pytrec_eval)


if __name__ == "__main__":
    unittest.main()
