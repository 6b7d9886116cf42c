"""The states that a person can meet, each brought about in the browser: for axe, for narrow screens and for pictures."""


def empty(test):
    test.page.open(**test.at)


def results(test):
    test.page.open(q="the harbour lamp", **test.at)


def why(test):
    results(test)
    test.page.open_why()


def filters(test):
    weights = ",".join(f"{name}:0.4" for name in test.server.index["retrievers"] if test.server.runs(name))
    test.page.open(q="the harbour lamp", where="lang in (en, de) and topic = harbour", weights=weights, **test.at)
    test.page.script("document.querySelectorAll('aside details').forEach(one => { one.open = true; })")


def nothing_found(test):
    test.page.open(q="harbour", where="year > 3000", **test.at)


def error(test):
    test.page.open(q="harbour lamp", where="year ==", **test.at)


def busy(test):
    test.page.open(**test.at)
    test.gate.busy = 2
    test.page.script("document.querySelector('#q').value = 'lamp'; document.querySelector('#form').requestSubmit()")
    test.page.until("document.querySelector('#status').textContent.includes('busy')")


def no_encoder(test):
    notes = ["docid and dense do not run: the index was built without an encoder"]
    index = {**test.server.index, "retrievers": ["ngram", "bm25"], "rerank": 0, "notes": notes}
    test.gate.indexes = {"indexes": [index], "version": "0"}
    test.page.open(q="the harbour lamp", r="ngram,bm25", **test.at)


def long_words(test):
    test.page.open(q="the customs house and its seven clerks", **test.at)
    test.page.open_why()


def token(test):
    test.gate.token = "sesame"
    test.page.open(**test.at)


def help(test):
    results(test)
    test.page.script("document.querySelector('#keys').click()")


ALL = [empty, results, why, filters, nothing_found, error, busy, no_encoder, long_words, token, help]
PICTURES = [empty, results, why, filters, error]
