"""Building and changing indexes."""

from __future__ import annotations

import unittest
import warnings
from types import SimpleNamespace

import genret
from genret._index import _bytes

from .support import FOLDER, SAMPLE, corpus, sample_path

NOTES = [
    ("cats", "A cat purrs when it is stroked."),
    ("dogs", "A dog barks at the postman."),
    ("fish", "A fish says nothing."),
]


def shapes() -> dict[str, object]:
    """The same three passages in the shapes that people have."""
    return {
        "pairs": NOTES,
        "dicts": [{"id": id, "text": text} for id, text in NOTES],
        "pyterrier": [{"docno": id, "text": text} for id, text in NOTES],
        "beir": {id: {"title": "", "text": text} for id, text in NOTES},
        "texts": dict(NOTES),
        "documents": [genret.Document(id, text, fields={"legs": len(id)}) for id, text in NOTES],
        "ir_datasets": [SimpleNamespace(doc_id=id, default_text=lambda text=text: text) for id, text in NOTES],
        "stream": (pair for pair in NOTES),
    }


class BuildTests(unittest.TestCase):
    def test_takes_passages_in_many_shapes(self) -> None:
        for name, passages in shapes().items():
            with (
                self.subTest(name),
                genret.Index.build(passages, FOLDER / f"shape-{name}.genret", encoder=None) as index,
            ):  # type: ignore[arg-type]
                self.assertEqual([(passage.id, passage.text) for passage in index], NOTES)
                self.assertEqual(index.search("which animal purrs?")[0].id, "cats")

    def test_a_file_and_its_passages_give_the_same(self) -> None:
        with (
            genret.Index.build(corpus(), FOLDER / "same.genret", encoder=None) as index,
            genret.Index.open(sample_path()) as other,
        ):
            self.assertEqual(
                [(hit.id, hit.score) for hit in index.search("grey liquid")],
                [(hit.id, hit.score) for hit in other.search("grey liquid")],
            )

    def test_progress_is_told(self) -> None:
        heard: list[genret.Progress] = []
        genret.Index.build(NOTES, FOLDER / "told.genret", encoder=None, progress=heard.append).close()
        self.assertIn("reading", {progress.stage for progress in heard})
        self.assertTrue(any(progress.is_finished for progress in heard))

    def test_what_a_listener_raises_ends_the_build(self) -> None:
        def stop(_: genret.Progress) -> None:
            raise LookupError("enough")

        with self.assertRaisesRegex(LookupError, "enough"):
            genret.Index.build(SAMPLE, FOLDER / "stopped.genret", encoder=None, progress=stop)
        self.assertFalse((FOLDER / "stopped.genret").exists())

    def test_what_passages_raise_ends_the_build(self) -> None:
        def passages():  # type: ignore[no-untyped-def]
            yield NOTES[0]
            raise LookupError("no more")

        with self.assertRaisesRegex(LookupError, "no more"):
            genret.Index.build(passages(), FOLDER / "raised.genret", encoder=None)
        with self.assertRaises(TypeError):
            genret.Index.build([7], FOLDER / "raised.genret", encoder=None)  # type: ignore[list-item]
        self.assertEqual([name for name in FOLDER.iterdir() if "raised" in name.name or "corpus" in name.name], [])

    def test_an_index_is_replaced_where_that_is_said(self) -> None:
        path = FOLDER / "replaced.genret"
        genret.Index.build(NOTES, path, encoder=None).close()
        with self.assertRaises(genret.Error) as raised:
            genret.Index.build(NOTES, path, encoder=None)
        self.assertEqual(raised.exception.code, "conflict")
        with genret.Index.build(NOTES[:2], path, encoder=None, replace=True) as index:
            self.assertEqual(len(index), 2)

    def test_options_that_cannot_be_are_told(self) -> None:
        for options in ({"fanout": 1}, {"fanuot": 7}, {"max_memory": "2X"}, {"train_minutes": float("inf")}):
            with self.subTest(options), self.assertRaises(ValueError):
                genret.Index.build(NOTES, FOLDER / "no.genret", encoder=None, **options)  # type: ignore[arg-type]
        with self.assertRaises(genret.UnavailableError):
            genret.Index.build(NOTES, FOLDER / "no.genret", encoder="no-such-encoder")
        self.assertEqual((_bytes("512m"), _bytes("2G"), _bytes(7)), (512 << 20, 2 << 30, 7))

    def test_a_default_that_is_not_there_is_told(self) -> None:
        import os
        from unittest import mock

        with mock.patch.dict(os.environ, {"GENRET_MODELS": "/nowhere"}), mock.patch("genret._models.folders", dict):
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                genret.Index.build(NOTES, FOLDER / "plain.genret").close()
        notes = [str(item.message) for item in told]
        self.assertEqual(sum("genret.fetch() gets it" in note for note in notes), 1, notes)


class ChangeTests(unittest.TestCase):
    def test_passages_are_added_replaced_and_deleted(self) -> None:
        with genret.Index.build(NOTES, FOLDER / "changed.genret", encoder=None) as index:
            change = index.add([("cows", "A cow moos in the meadow.")])
            self.assertEqual((change.added, change.passages, len(index)), (1, 4, 4))
            self.assertEqual(index.search("what moos?")[0].id, "cows")
            with self.assertRaises(genret.Error):
                index.add([("cows", "again")])
            self.assertEqual(index.add([genret.Document("cows", "A cow chews.")], replace=True).replaced, 1)
            self.assertEqual(index.delete(["cows", "dogs"]).deleted, 2)
            self.assertEqual([passage.id for passage in index], ["cats", "fish"])
            with self.assertRaises(genret.NotFound):
                index.delete(["dogs"])
            self.assertEqual(index.delete(["dogs"], lenient=True).deleted, 0)
            self.assertGreaterEqual(index.compact(all=True).compacted, 1)
            self.assertEqual(index.search("which animal purrs?")[0].id, "cats")

    def test_fields_choose_what_is_deleted(self) -> None:
        documents = [
            genret.Document(str(year), f"What happened in {year}.", fields={"year": year}) for year in range(2018, 2024)
        ]
        with genret.Index.build(documents, FOLDER / "years.genret", encoder=None) as index:
            self.assertEqual({hit.id for hit in index.search("happened", where="year >= 2022")}, {"2022", "2023"})
            facets = index.search("happened", facets=["year"]).facets
            self.assertEqual((facets[0].field, len(facets[0].values)), ("year", 6))
            self.assertEqual(index.delete(where="year < 2020").deleted, 2)
            self.assertEqual(index.passage("2021").fields, {"year": 2021})


if __name__ == "__main__":
    unittest.main()
