"""A peer of `genret serve` for the load: bm25s behind FastAPI, which answers with ids, scores, titles and texts."""

import json
import os

import bm25s
import Stemmer
from fastapi import FastAPI
from pydantic import BaseModel

passages = [json.loads(line) for line in open(os.environ["CORPUS"])]
stemmer = Stemmer.Stemmer("english")
texts = [(passage.get("title") or "") + " " + passage["text"] for passage in passages]
retriever = bm25s.BM25(k1=0.9, b=0.4)
retriever.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
app = FastAPI()


class Search(BaseModel):
    query: str
    hits: int = 10


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/search")
def search(request: Search):
    tokens = bm25s.tokenize([request.query], stopwords="en", stemmer=stemmer, show_progress=False)
    found, scores = retriever.retrieve(tokens, k=request.hits, show_progress=False)
    return {
        "candidates": [
            {"docid": passages[place]["_id"], "rank": rank + 1, "score": float(score), "title": passages[place].get("title"), "text": passages[place]["text"]}
            for rank, (place, score) in enumerate(zip(found[0], scores[0]))
        ]
    }
