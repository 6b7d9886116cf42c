"""A server answers as the index does."""

from __future__ import annotations

import shutil
import unittest

import genret

from .support import FOLDER, queries, sample, sample_path, server


class ClientTests(unittest.TestCase):
    def test_the_answers_are_the_index_s(self) -> None:
        with server(sample_path()) as url, genret.connect(url) as client, sample() as index:
            ours, theirs = (
                index.search("grey liquid", hits=5, explain=True),
                client.search("grey liquid", hits=5, explain=True),
            )
            self.assertEqual(ours.hits, theirs.hits)
            self.assertEqual(ours.generation, theirs.generation)
            self.assertEqual(client.batch_search(queries(), hits=10), index.batch_search(queries(), hits=10))
            self.assertEqual(client.explain("grey", "sourdough-starter"), index.explain("grey", "sourdough-starter"))
            self.assertEqual(list(client), list(index))
            self.assertEqual(client.info, index.info)
            self.assertEqual((len(client), "none" in client), (210, False))
            with self.assertRaises(KeyError):
                client.passage("none")
            with self.assertRaisesRegex(genret.OptionError, "hits"):
                client.search("grey", hits=0)
            with self.assertRaises(genret.UnavailableError):
                client.rerank("a", ["b"])

    def test_one_of_several_indexes_is_named(self) -> None:
        other = FOLDER / "other.genret"
        shutil.copytree(sample_path(), other)
        with server(sample_path(), str(other)) as url:
            with self.assertRaisesRegex(genret.OptionError, "other, sample|sample, other"):
                genret.connect(url)
            self.assertEqual(genret.connect(url, index="other").info.name, "other")
            self.assertEqual(genret.connect(url + "/v1/sample").info.name, "sample")
            with self.assertRaises(genret.NotFound):
                genret.connect(url, index="none").search("a")

    def test_a_token_opens(self) -> None:
        token = "correct-horse-battery-staple-0123456789"
        with server(sample_path(), token=token) as url:
            with self.assertRaises(genret.Error) as raised:
                genret.connect(url, index="sample").search("a")
            self.assertEqual(raised.exception.code, "unauthorized")
            self.assertEqual(genret.connect(url, token=token).search("grey liquid")[0].id, "sourdough-starter")

    def test_no_server_is_an_error(self) -> None:
        with self.assertRaises(genret.Error) as raised:
            genret.connect("http://127.0.0.1:9", index="a", timeout=2).search("a")
        self.assertEqual(raised.exception.code, "unreachable")
        with self.assertRaises(genret.OptionError):
            genret.connect("localhost:7878")


if __name__ == "__main__":
    unittest.main()
