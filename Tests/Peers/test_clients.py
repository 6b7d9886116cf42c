"""Official clients of other services against `genret serve`: they ask as they always do, and read what comes back."""

import base64
import math
import struct
import unittest

import cohere
import jsonschema
import openai
import requests
from rerankers.models.api_rankers import APIRanker

from peers import server

TEXTS = ["A layer of grey liquid on a starter means that it is hungry.", "Bees dance to tell where flowers are."]
QUESTION = "What does grey liquid on my sourdough starter mean?"

# What Anserini's and Pyserini's REST API promises of its answers.
DOC = {"anyOf": [{"type": "string"}, {"type": "object"}]}
FOUND = {
    "type": "object",
    "required": ["api", "index", "query", "candidates"],
    "properties": {
        "api": {"const": "v1"},
        "index": {"type": "string"},
        "query": {"type": "object", "required": ["text"]},
        "candidates": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["docid", "score", "rank", "doc"],
                "properties": {
                    "docid": {"type": "string"},
                    "score": {"type": "number"},
                    "rank": {"type": "integer", "minimum": 1},
                    "doc": DOC,
                },
            },
        },
    },
}
DOCUMENT = {
    "type": "object",
    "required": ["api", "index", "docid", "doc"],
    "properties": {"api": {"const": "v1"}, "docid": {"type": "string"}, "doc": DOC},
}


class ClientTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.running = server("--cache", "0", environment={"GENRET_TOKEN": "secret"})
        cls.url = cls.running.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.running.__exit__(None, None, None)

    def test_openai_embeddings(self):
        client = openai.OpenAI(base_url=self.url + "/v1", api_key="secret")
        names = [model.id for model in client.models.list()]
        self.assertIn("genret-rerank", names)
        name = names[0]
        plain = client.embeddings.create(model=name, input=TEXTS)  # asks for base64 by itself
        self.assertEqual([item.index for item in plain.data], [0, 1])
        self.assertGreater(plain.usage.prompt_tokens, 10)
        numbers = client.embeddings.create(model=name, input=TEXTS, encoding_format="float")
        coded = client.embeddings.create(model=name, input=TEXTS, encoding_format="base64")
        for one, other, third in zip(plain.data, numbers.data, coded.data):
            own = struct.unpack(f"<{len(other.embedding)}f", base64.b64decode(third.embedding))
            self.assertEqual(len(other.embedding), 384)
            self.assertAlmostEqual(math.fsum(x * x for x in other.embedding), 1, places=5)
            for a, b, c in zip(one.embedding, other.embedding, own):
                self.assertAlmostEqual(a, b, places=6)
                self.assertAlmostEqual(a, c, places=6)
        single = client.embeddings.create(model=name, input=TEXTS[0], encoding_format="float")
        self.assertEqual(single.data[0].embedding, numbers.data[0].embedding)
        other = client.embeddings.with_raw_response.create(model="text-embedding-3-small", input="x")
        self.assertEqual(other.headers["x-genret-model"], name)
        for arguments in [{"dimensions": 256}, {"input": []}, {"input": [[1, 2]]}]:
            with self.assertRaises(openai.BadRequestError) as caught:
                client.embeddings.create(**{"model": name, "input": "x", **arguments})
            self.assertEqual(caught.exception.body["type"], "invalid_request_error")
        with self.assertRaises(openai.AuthenticationError):
            openai.OpenAI(base_url=self.url + "/v1", api_key="wrong").embeddings.create(model=name, input="x")

    def test_cohere_rerank(self):
        client = cohere.ClientV2(api_key="secret", base_url=self.url)
        ranked = client.rerank(model="genret-rerank", query=QUESTION, documents=list(reversed(TEXTS)), top_n=5)
        self.assertEqual([item.index for item in ranked.results], [1, 0])
        self.assertGreater(ranked.results[0].relevance_score, ranked.results[1].relevance_score)
        for item in ranked.results:
            self.assertTrue(0 <= item.relevance_score <= 1)
        best = client.rerank(model="genret-rerank", query=QUESTION, documents=TEXTS, top_n=1)
        self.assertEqual([item.index for item in best.results], [0])
        with self.assertRaises(cohere.errors.BadRequestError):
            client.rerank(model="genret-rerank", query=QUESTION, documents=[])
        first = cohere.Client(api_key="secret", base_url=self.url)
        old = first.rerank(model="genret-rerank", query=QUESTION, documents=TEXTS, return_documents=True)
        self.assertEqual([item.document.text for item in old.results], TEXTS)

    def test_rerankers(self):
        for provider, path in [("cohere", "/v1/rerank"), ("jina", "/v1/rerank"), ("text-embeddings-inference", "/rerank")]:
            with self.subTest(provider):
                ranker = APIRanker("genret-rerank", "secret", provider, url=self.url + path)
                ranked = ranker.rank(query=QUESTION, docs=list(reversed(TEXTS)))
                self.assertEqual([result.document.text for result in ranked.results], TEXTS)

    def test_text_embeddings_inference(self):
        headers = {"Authorization": "Bearer secret"}
        vectors = requests.post(self.url + "/embed", json={"inputs": TEXTS, "truncate": True}, headers=headers).json()
        self.assertEqual([len(vector) for vector in vectors], [384, 384])
        single = requests.post(self.url + "/embed", json={"inputs": TEXTS[0]}, headers=headers).json()
        self.assertEqual(single, vectors[:1])
        raw = requests.post(
            self.url + "/rerank", json={"query": QUESTION, "texts": TEXTS, "raw_scores": True}, headers=headers
        ).json()
        soft = requests.post(self.url + "/rerank", json={"query": QUESTION, "texts": TEXTS}, headers=headers).json()
        self.assertEqual([item["index"] for item in raw], [item["index"] for item in soft])
        self.assertNotEqual([item["score"] for item in raw], [item["score"] for item in soft])
        wrong = requests.post(self.url + "/embed", json={"inputs": 3}, headers=headers)
        self.assertEqual((wrong.status_code, sorted(wrong.json())), (400, ["error", "error_type"]))

    def test_pyserini(self):
        def get(path, **parameters):
            return requests.get(self.url + path, params=parameters, headers={"X-API-Key": "secret"})

        found = get("/v1/sample/search", query=QUESTION, hits=3)
        jsonschema.validate(found.json(), FOUND)
        self.assertEqual(len(found.json()["candidates"]), 3)
        self.assertEqual(found.json()["candidates"][0]["docid"], "sourdough-starter")
        raw = get("/v1/sample/search", query=QUESTION, hits=3, parse="false").json()
        self.assertTrue(all(isinstance(candidate["doc"], str) for candidate in raw["candidates"]))
        document = get("/v1/sample/doc/sourdough-starter")
        jsonschema.validate(document.json(), DOCUMENT)
        missing = get("/v1/sample/doc/no%2Fsuch")
        self.assertEqual((missing.status_code, "error" in missing.json()), (404, True))
        self.assertIn("no/such", missing.json()["error"])
        self.assertEqual(get("/v1/nothing/search", query="x").status_code, 404)
        self.assertEqual(get("/v1/sample/search").status_code, 400)
        same = get("/v1/search", query=QUESTION, hits=3).json()
        self.assertEqual(same["candidates"], found.json()["candidates"])
        bm25 = get("/v1/sample/search", query=QUESTION, retrievers="bm25", k1=1.2, b=0.75)
        self.assertEqual(list(bm25.json()["candidates"][0]["retrievers"]), ["bm25"])
        self.assertEqual(get("/v1/sample/search", query="x", k1=1.2).status_code, 400)


if __name__ == "__main__":
    unittest.main()
