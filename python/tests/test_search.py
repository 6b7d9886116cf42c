"""Searching an index on this machine."""

from __future__ import annotations

import pickle
import unittest

import genret

from .support import corpus, encoded_path, needs, needs_encoder, queries, sample


class SearchTests(unittest.TestCase):
    def setUp(self) -> None:
        self.index = sample()
        self.addCleanup(self.index.close)

    def test_finds_the_passage_that_answers(self) -> None:
        hits = self.index.search("grey liquid on my starter", hits=3)
        self.assertEqual(len(hits), 3)
        self.assertEqual((hits[0].rank, hits[0].id), (1, "sourdough-starter"))
        self.assertEqual([hit.score for hit in hits], sorted((hit.score for hit in hits), reverse=True))
        self.assertIn("[grey liquid]", hits[0].snippet.marked("[", "]"))
        self.assertEqual(hits[0].title, "Keeping a sourdough starter alive")
        self.assertAlmostEqual(sum(part.contribution for part in hits[0].retrievers.values()), hits[0].score, places=3)

    def test_options_reach_the_engine(self) -> None:
        hits = self.index.search("starter", retrievers=["bm25"], depth=5, bm25={"k1": 1.2, "b": 0.1})
        self.assertEqual(set(hits[0].retrievers), {"bm25"})
        self.assertEqual(set(hits.timings) & {"ngram", "dense"}, set())

    def test_explanations_mark_characters(self) -> None:
        why = self.index.explain("grey liquid on my starter", "sourdough-starter")
        text = self.index.passage("sourdough-starter").text
        words = {text[start:end] for term in why.terms for start, end in term.text_spans}
        self.assertIn("liquid", words)
        self.assertAlmostEqual(sum(part.contribution for part in why.parts), why.score, places=3)
        explained = self.index.search("grey liquid on my starter", explain=True)[0].explanation
        assert explained is not None
        self.assertEqual(explained.terms, why.terms)

    def test_passages_are_read_by_id(self) -> None:
        self.assertEqual(len(self.index), 210)
        self.assertIn("sourdough-starter", self.index)
        self.assertNotIn("none", self.index)
        self.assertNotIn(7, self.index)
        found = self.index.passages(["none", "sourdough-starter"])
        self.assertEqual([found[0], found[1] and found[1].id], [None, "sourdough-starter"])
        with self.assertRaises(KeyError):
            self.index.passage("none")

    def test_iterates_over_all_passages(self) -> None:
        passages = list(self.index)
        self.assertEqual(
            {passage.id: passage.text for passage in passages}, {id: item["text"] for id, item in corpus().items()}
        )
        self.index._chunk = 50
        self.assertEqual(list(self.index), passages)

    def test_many_chunks_are_one_run(self) -> None:
        whole = self.index.batch_search(queries(), hits=5)
        self.index._chunk = 20
        self.assertEqual(self.index.batch_search(queries(), hits=5, threads=1), whole)

    def test_what_cannot_be_asked_is_an_error(self) -> None:
        with self.assertRaisesRegex(genret.OptionError, "hits"):
            self.index.search("starter", hits=0)
        with self.assertRaises(ValueError):
            self.index.search("  ")
        with self.assertRaisesRegex(genret.OptionError, "hitz"):
            self.index.search("starter", hitz=3)  # type: ignore[call-arg]
        with self.assertRaises(genret.UnavailableError):
            self.index.search("starter", retrievers=["dense"])
        with self.assertRaises(TypeError):
            self.index.encode("a text")

    def test_half_a_character_is_searched_for_all_the_same(self) -> None:
        self.assertEqual(self.index.search("starter \ud800")[0].id, self.index.search("starter ?")[0].id)

    def test_a_closed_index_says_so(self) -> None:
        self.index.close()
        self.index.close()
        with self.assertRaisesRegex(genret.Error, "closed"):
            self.index.search("starter")

    def test_an_index_is_pickled_as_its_path(self) -> None:
        with pickle.loads(pickle.dumps(self.index)) as other:
            self.assertEqual(other.info, self.index.info)

    def test_what_is_no_index_is_an_error(self) -> None:
        with self.assertRaises(genret.NotFound):
            genret.Index.open("/nowhere/notes.genret")
        with self.assertRaises(genret.IndexMismatch):
            genret.Index.open("/tmp")


@needs_encoder
class EncodedTests(unittest.TestCase):
    def setUp(self) -> None:
        self.index = genret.Index.open(encoded_path())
        self.addCleanup(self.index.close)

    def test_all_retrievers_answer(self) -> None:
        self.assertEqual(set(self.index.info.retrievers), {"ngram", "docid", "dense", "bm25"})
        hit = self.index.search("grey liquid on my starter", explain=True)[0]
        assert hit.explanation is not None and hit.explanation.docid is not None
        self.assertEqual(hit.id, "sourdough-starter")
        self.assertGreater(len(hit.explanation.docid.levels), 1)

    def test_without_the_encoder_words_alone_answer(self) -> None:
        with genret.Index.open(encoded_path(), load_encoder=False) as index:
            hits = index.search("grey liquid on my starter")
            self.assertEqual(hits[0].id, "sourdough-starter")
            self.assertTrue(hits.notes)

    def test_texts_are_reranked(self) -> None:
        ranked = self.index.rerank(
            "how do I feed my starter?", ["Trains to Bern", "Feed a sourdough starter with flour daily"]
        )
        self.assertEqual([item.index for item in ranked], [1, 0])
        self.assertEqual(ranked[1].text, "Trains to Bern")

    @needs("numpy")
    def test_vectors_are_rows_of_length_one(self) -> None:
        import numpy

        texts = [item["text"] for item in list(corpus().values())[:7]]
        vectors = self.index.encode(texts)
        self.assertEqual((vectors.shape, vectors.dtype), ((7, 384), numpy.float32))
        numpy.testing.assert_allclose((vectors**2).sum(axis=1), 1, atol=1e-5)
        self.index._chunk = 3
        numpy.testing.assert_array_equal(self.index.encode(texts), vectors)
        self.assertEqual(self.index.encode([]).shape, (0, 0))

    def test_without_numpy_encoding_says_so(self) -> None:
        import sys
        from unittest import mock

        with mock.patch.dict(sys.modules, {"numpy": None}), self.assertRaisesRegex(genret.UnavailableError, "numpy"):
            self.index.encode(["a"])


if __name__ == "__main__":
    unittest.main()
