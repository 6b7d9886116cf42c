"""`genret serve` from outside: its description, metrics and limits, and clients that mean no good."""

import concurrent.futures
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import openapi_spec_validator
import requests
from jsonschema import Draft202012Validator
from prometheus_client.parser import text_string_to_metric_families
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from peers import GENRET, INDEX, server

QUESTION = "What does grey liquid on my sourdough starter mean?"
SEARCH = {"query": QUESTION, "hits": 3}


def raw(url, data, wait=5.0, keep=False):
    """What comes back for some bytes."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=wait) as connection:
        connection.sendall(data)
        if not keep:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while piece := connection.recv(1 << 16):
                answer += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


class ServerTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.running = server()
        cls.url = cls.running.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.running.__exit__(None, None, None)

    def post(self, path, body, **headers):
        return requests.post(self.url + path, json=body, headers=headers)

    def test_the_description_is_valid_and_answers_fit_it(self):
        document = requests.get(self.url + "/openapi.json").json()
        openapi_spec_validator.validate(document)
        place = "urn:openapi"
        registry = Registry().with_resource(place, Resource.from_contents(document, default_specification=DRAFT202012))

        def check(name, value):
            schema = {"$ref": f"{place}#/components/schemas/{name}"}
            # References inside the document are to itself.
            Draft202012Validator(schema, registry=registry).validate(value)

        full = {**SEARCH, "explain": "full", "offsets": "utf16"}
        check("SearchRequest", full)
        check("SearchResponse", self.post("/v1/sample/search", full).json())
        check("SearchResponse", self.post("/v1/sample/search", {"query": "zzzz", "fields": [], "retrievers": ["bm25"]}).json())
        explained = self.post("/v1/sample/explain", {"query": QUESTION, "docid": "sourdough-starter"}).json()
        check("ExplainResponse", explained)
        self.assertIn("others", explained["explanation"]["docid"]["levels"][0])
        check("PassagesResponse", self.post("/v1/sample/passages", {"ids": ["sourdough-starter", "nothing"]}).json())
        check("IndexInfo", requests.get(self.url + "/v1/sample").json())
        check("Indexes", requests.get(self.url + "/v1/indexes").json())
        check("EncodeResponse", self.post("/v1/sample/encode", {"texts": ["a"], "encoding": "base64"}).json())
        check("RerankResponse", self.post("/v1/sample/rerank", {"query": "a", "texts": ["b", "c"]}).json())
        batch = {"queries": [{"id": "1", "text": QUESTION}, {"id": "2", "text": "..."}], "hits": 2}
        check("BatchRequest", batch)
        answer = self.post("/v1/sample/search/batch", batch).json()
        check("BatchResponse", answer)
        self.assertEqual(answer["empty"], ["2"])
        check("FoundDocuments", requests.get(self.url + "/v1/search", params={"query": QUESTION}).json())
        check("Document", requests.get(self.url + "/v1/sample/doc/sourdough-starter").json())
        check("OpenAIEmbeddings", self.post("/v1/embeddings", {"model": "x", "input": "a"}).json())
        check("Models", requests.get(self.url + "/v1/models").json())
        check("DocumentsRanking", self.post("/v1/rerank", {"query": "a", "documents": ["b"]}).json())
        check("TextsRanking", self.post("/rerank", {"query": "a", "texts": ["b"]}).json())
        check("Health", requests.get(self.url + "/health").json())
        check("Problem", self.post("/v1/sample/search", {"query": ""}).json())
        check("OpenAIError", self.post("/v1/embeddings", {"input": 3}).json())
        check("TextEmbeddingsError", self.post("/embed", {"inputs": 3}).json())

    def test_metrics_can_be_read(self):
        self.post("/v1/sample/search", SEARCH)
        families = {family.name: family for family in text_string_to_metric_families(requests.get(self.url + "/metrics").text)}
        for name in ["genret_requests", "genret_request_seconds", "genret_index_passages", "genret_index_info",
                     "genret_cache_hits", "genret_build_info", "genret_queue_depth", "process_resident_memory_bytes",
                     "process_open_fds", "process_cpu_seconds"]:
            self.assertIn(name, families)
        routes = {sample.labels.get("route") for sample in families["genret_requests"].samples}
        self.assertIn("/v1/{index}/search", routes)
        buckets = [s for s in families["genret_request_seconds"].samples if s.name.endswith("_bucket")]
        self.assertTrue(any(sample.labels["le"] == "+Inf" for sample in buckets))

    def test_wrong_requests_say_what_is_wrong(self):
        cases = [
            ({"query": "a", "hits": 0}, 400, "hits"),
            ({"query": "a", "hits": 1001}, 400, "hits"),
            ({"query": "a", "hit": 3}, 400, "hit"),
            ({"query": "a", "options": {"ngram": {"beams": 1001}}}, 400, "ngram.beams"),
            ({"query": "a", "options": {"ngram": {"beam": 3}}}, 400, "options.ngram.beam"),
            ({"query": "a", "retrievers": ["nothing"]}, 400, "retrievers"),
            ({"query": "a", "where": "year >"}, 400, "where"),
            ({"query": "a", "where": "year > 3"}, 400, "where"),
            ({"query": "a", "facets": ["year"]}, 400, "where"),
            ({"query": "a", "facets": ["f"] * 17}, 400, "facets"),
            ({"query": "..."}, 400, "query"),
            ({"query": "a" * 8193}, 400, "query"),
            ({"query": 3}, 400, "query"),
            ({}, 400, "query"),
            ([], 400, "request"),
        ]
        for body, status, member in cases:
            with self.subTest(str(body)[:60]):
                answer = self.post("/v1/sample/search", body)
                self.assertEqual((answer.status_code, answer.json().get("member")), (status, member), answer.text)
                self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertEqual(self.post("/v1/sample/search", {"query": "a" * 8192, "retrievers": ["bm25"]}).status_code, 200)
        self.assertEqual(self.post("/v1/sample/search", {"query": "a", "hits": 1000}).status_code, 200)

    def test_bodies(self):
        url = self.url + "/v1/sample/search"
        json_type = {"Content-Type": "application/json"}
        self.assertEqual(requests.post(url, data=b'{"query":', headers=json_type).json()["code"], "invalid_json")
        self.assertEqual(requests.post(url, data=b"\xff\xfe", headers=json_type).json()["code"], "invalid_json")
        self.assertEqual(requests.post(url, data=b"[" * 100_000, headers=json_type).status_code, 400)
        self.assertEqual(requests.post(url, data=b'{"a":' * 50_000, headers=json_type).status_code, 400)
        self.assertEqual(requests.post(url, data=json.dumps(SEARCH)).status_code, 415)
        self.assertEqual(requests.post(url, data=json.dumps(SEARCH), headers={"Content-Type": "text/plain"}).status_code, 415)
        large = requests.post(url, data=b" " * (2 << 20) + b"1", headers=json_type)
        self.assertEqual((large.status_code, large.json()["code"]), (413, "too_large"))

        def chunks():
            for _ in range(40):
                yield b" " * 65536

        self.assertEqual(requests.post(url, data=chunks(), headers=json_type).status_code, 413)
        self.assertEqual(self.post("/v1/sample/passages", {"ids": ["x"] * 1001}).status_code, 400)
        self.assertEqual(self.post("/v1/rerank", {"query": "a", "documents": ["x"] * 1001}).status_code, 400)
        self.assertEqual(self.post("/v1/rerank", {"query": "a", "documents": ["x" * 100_001]}).status_code, 400)

    def test_paths_and_methods(self):
        self.assertEqual(requests.put(self.url + "/v1/sample/search").status_code, 405)
        allowed = requests.delete(self.url + "/v1/sample/search")
        self.assertEqual((allowed.status_code, allowed.headers["allow"]), (405, "POST, GET, HEAD, OPTIONS"))
        head = requests.head(self.url + "/health")
        self.assertEqual((head.status_code, head.text), (200, ""))
        self.assertEqual(int(head.headers["content-length"]), len(requests.get(self.url + "/health").text))
        tricks = [
            "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/v1/..%2f..%2fetc/search?query=a", "/v1/sample/doc/../../manifest.json",
            "/v1/sample/doc/..%2f..%2fmanifest.json", "/v1/sample/doc/%00", "/v1/sample/doc/%ff", "/v1//search?query=a",
            "/v1/sample%2Fsearch?query=a", "//health", "/v1/sample/doc/", "/health/", "/v1/%2e/search?query=a",
            "/v1/file:%2f%2f%2fetc/search?query=a", "/v1/sample/doc/manifest.json", "/v1/sample/doc/%2fetc%2fpasswd",
            "/manifest.json", "/..;/metrics", "/%252e%252e/etc/passwd", "/v1/sample\\..\\doc/x",
        ]
        for path in tricks:
            with self.subTest(path):
                answer = raw(self.url, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                self.assertRegex(answer.split(b"\r\n")[0], rb"^HTTP/1.1 (400|404) ")
                self.assertNotIn(b"root:", answer)
                self.assertNotIn(b"segments", answer)

    def test_hosts_and_origins(self):
        for host, status in [("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200), ("evil.example", 421),
                             ("127.0.0.1.evil.example", 421), ("localhost.evil.example:80", 421), ("", 421)]:
            with self.subTest(host):
                answer = raw(self.url, f"GET /v1/indexes HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                self.assertIn(f"HTTP/1.1 {status} ".encode(), answer[:40])
        self.assertEqual(self.post("/v1/sample/search", SEARCH, Origin="https://evil.example").status_code, 403)
        self.assertEqual(self.post("/v1/sample/search", SEARCH, Origin="null").status_code, 403)
        same = self.post("/v1/sample/search", SEARCH, Origin=self.url)
        self.assertEqual(same.status_code, 200)
        self.assertNotIn("access-control-allow-origin", same.headers)

    def test_nobody_changes_without_tokens(self):
        for path, body in [("add", {"passages": [{"id": "x", "text": "y"}]}), ("delete", {"ids": ["sourdough-starter"]}),
                           ("compact", {}), ("reload", {})]:
            self.assertEqual(self.post(f"/v1/sample/{path}", body).status_code, 403, path)

    def test_broken_requests(self):
        """What no client sends: each is refused, or the connection closed, and the server lives on."""
        body = json.dumps(SEARCH).encode()
        head = b"POST /v1/sample/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        requests_sent = [
            b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
            b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(300)) + b"\r\n",
            b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            head + b"Content-Length: -1\r\n\r\n" + body, head + b"Content-Length: 99999999999999999999\r\n\r\n" + body,
            head + b"Content-Length: 10\r\nContent-Length: 20\r\n\r\n" + body,
            head + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            head + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n", head + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
            head + b"Transfer-Encoding: gzip, chunked, identity\r\n\r\n",
            head + b"X-Request-ID: a\r\n\tb\r\n\r\n", head + b"Content-Length: %d\r\n\r\n" % (len(body) + 100) + body,
            head + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
            os.urandom(5000), b"GET /\x00 HTTP/1.1\r\n\r\n",
        ]
        for data in requests_sent:
            with self.subTest(data[:60]):
                answer = raw(self.url, data, wait=3)
                self.assertNotIn(b" 500 ", answer[:20])
                self.assertTrue(not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 204")), answer[:60])
        self.assertEqual(requests.get(self.url + "/health").status_code, 200)

    def test_request_ids_and_logs_stay_on_their_lines(self):
        self.assertEqual(requests.get(self.url + "/health", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"], "abc-1")
        other = requests.get(self.url + "/health", headers={"X-Request-ID": "a b{}"}).headers["x-request-id"]
        self.assertRegex(other, r"^[0-9a-f]{1,16}$")

    def test_answers_are_kept_by_generation(self):
        first = self.post("/v1/sample/search", SEARCH)
        again = self.post("/v1/sample/search", SEARCH)
        self.assertEqual(first.content, again.content)
        info = requests.get(self.url + "/v1/sample")
        known = requests.get(self.url + "/v1/sample", headers={"If-None-Match": info.headers["etag"]})
        self.assertEqual((known.status_code, known.content), (304, b""))

    def test_batches_as_lines_and_runs(self):
        queries = [{"id": f"q{n}", "text": f"{QUESTION} {n}"} for n in range(30)] + [{"id": "none", "text": "?"}]
        body = {"queries": queries, "hits": 5, "fields": []}
        lines = self.post("/v1/sample/search/batch", body, Accept="application/x-ndjson").text.splitlines()
        answers = [json.loads(line) for line in lines]
        self.assertEqual((answers[-1]["event"], answers[-1]["queries"], answers[-1]["empty"]), ("finished", 31, ["none"]))
        self.assertEqual(sorted(a["id"] for a in answers if "id" in a), sorted(q["id"] for q in queries[:30]))
        run = self.post("/v1/sample/search/batch", body, Accept="text/x-trec-run").text.splitlines()
        self.assertEqual(len(run), 150)
        scores = [float(line.split()[4]) for line in run[:5]]
        self.assertEqual(scores, sorted(set(scores), reverse=True))
        self.assertEqual(self.post("/v1/sample/search/batch", {"queries": [queries[0]] * 2}).status_code, 400)
        self.assertEqual(self.post("/v1/sample/search/batch", {"queries": [{"id": str(n), "text": "a"} for n in range(1001)]}).status_code, 400)

    def test_the_page_and_its_policy(self):
        page = requests.get(self.url + "/")
        self.assertIn("text/html", page.headers["content-type"])
        self.assertIn("default-src 'none'", page.headers["content-security-policy"])
        self.assertEqual(requests.get(self.url + "/", headers={"Accept": "application/json"}).json()["name"], "genret")


class TokenTests(unittest.TestCase):
    def test_scopes_and_rates(self):
        with tempfile.TemporaryDirectory() as folder:
            lines, tokens = [], {}
            for name in ["search", "metrics", "admin"]:
                out = subprocess.run([GENRET, "serve", "--new-token", name, "--scopes", name], capture_output=True, text=True).stdout
                tokens[name] = out.splitlines()[0].split()[1]
                lines.append(out.splitlines()[1].split()[1])
            path = os.path.join(folder, "tokens")
            with open(path, "w") as file:
                file.write("# who may ask\n" + "\n".join(lines) + "\n")
            index = os.path.join(folder, "sample.genret")
            shutil.copytree(INDEX, index)
            with server("--tokens", path, "--rate", "50", index=index) as url:
                def ask(method, where, token=None, **more):
                    headers = {"Authorization": f"Bearer {token}"} if token else {}
                    return requests.request(method, url + where, headers=headers, **more).status_code

                self.assertEqual(ask("GET", "/health"), 200)
                for where, right in [("/v1/indexes", "search"), ("/metrics", "metrics")]:
                    self.assertEqual(ask("GET", where), 401)
                    self.assertEqual(ask("GET", where, "wrong"), 401)
                    for name, token in tokens.items():
                        self.assertEqual(ask("GET", where, token), 200 if name == right else 403)
                bare = requests.get(url + "/v1/indexes", headers={"Authorization": "Basic abc"})
                self.assertEqual((bare.status_code, bare.headers["www-authenticate"]), (401, "Bearer"))
                self.change(url, tokens)
                statuses = [ask("GET", "/v1/sample", tokens["search"]) for _ in range(400)]
                self.assertIn(429, statuses)
                self.assertEqual(set(statuses), {200, 429})

    def change(self, url, tokens):
        admin = {"Authorization": f"Bearer {tokens['admin']}"}
        reader = {"Authorization": f"Bearer {tokens['search']}"}
        words = "a perfectly unheard-of zyzzyva sang in the attic"

        def post(path, body, headers=admin, **more):
            return requests.post(f"{url}/v1/sample/{path}", json=body, headers=headers, **more)

        def first(query):
            return post("search", {"query": query, "retrievers": ["bm25"]}, reader).json()["candidates"][:1]

        self.assertEqual(post("add", {"passages": []}, reader).status_code, 403)
        self.assertEqual(first("zyzzyva"), [])
        added = post("add", {"passages": [{"id": "new/1", "title": "Zyzzyva", "text": words}]})
        self.assertEqual((added.status_code, added.json()["added"]), (200, 1), added.text)
        self.assertEqual(first("zyzzyva")[0]["docid"], "new/1")
        self.assertEqual(requests.get(f"{url}/v1/sample/doc/new/1", headers=reader).json()["doc"]["text"], words)
        self.assertEqual(post("add", {"passages": [{"id": "new/1", "text": "again"}]}).status_code, 409)
        replaced = post("add", {"passages": [{"id": "new/1", "text": "quagga"}], "replace": True}).json()
        self.assertEqual((replaced["replaced"], first("zyzzyva"), first("quagga")[0]["docid"]), (1, [], "new/1"))
        lines = '{"_id":"new/2","text":"okapi","year":12345678901234567890123}\n{"_id":"new/3","text":"okapi okapi"}\n'
        more = requests.post(f"{url}/v1/sample/add", data=lines, headers={**admin, "Content-Type": "application/x-ndjson"})
        self.assertEqual((more.status_code, more.json()["added"]), (200, 2), more.text)
        bad = requests.post(f"{url}/v1/sample/add", data='{"_id":"new/4"}\nnot json\n', headers={**admin, "Content-Type": "application/x-ndjson"})
        self.assertEqual(bad.status_code, 400)
        self.assertIn("passages:", bad.json()["detail"])
        self.assertNotIn("/tmp", bad.json()["detail"])
        self.assertEqual(post("delete", {"ids": ["new/1", "nothing"]}).status_code, 404)
        self.assertEqual(post("delete", {"ids": ["new/1", "nothing"], "lenient": True}).json()["deleted"], 1)
        self.assertEqual(post("delete", {"where": "year > 3", "ids": []}).status_code, 400)
        self.assertEqual(first("quagga"), [])
        self.assertEqual(post("compact", {"all": True}).status_code, 200)
        self.assertEqual({c["docid"] for c in post("search", {"query": "okapi", "retrievers": ["bm25"]}, reader).json()["candidates"]}, {"new/2", "new/3"})

    def test_no_stranger_gets_in_without_tokens(self):
        done = subprocess.run([GENRET, "serve", INDEX, "--host", "0.0.0.0", "--port", "0"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 64)
        self.assertIn("--new-token", done.stderr)

    def test_a_probe(self):
        def ask(address):
            return subprocess.run([GENRET, "serve", "--probe", address], capture_output=True, text=True)

        with server("--workers", "1") as url:
            for path in "", "/", "/health":
                done = ask(url + path)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            missing = ask(url + "/nothing")
            self.assertEqual(missing.returncode, 1)
            self.assertIn("404", missing.stderr)
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/socket"
            self.assertEqual(ask(path).returncode, 1)
            with server("--socket", path):
                self.assertEqual(ask(path).returncode, 0)
        gone = ask(url)
        self.assertEqual(gone.returncode, 1)
        self.assertIn("does not answer", gone.stderr)
        for address in "localhost", "socket", "https://localhost", "http://", "":
            self.assertEqual(ask(address).returncode, 64, address)

    def test_a_taken_port(self):
        with server() as url:
            done = subprocess.run([GENRET, "serve", INDEX, "--port", url.split(":")[-1]], capture_output=True, text=True)
            self.assertEqual(done.returncode, 69, done.stderr)

    def test_named_origins(self):
        with server("--cors", "https://wiki.example") as url:
            answer = requests.post(url + "/v1/search", json=SEARCH, headers={"Origin": "https://wiki.example"})
            self.assertEqual((answer.status_code, answer.headers["access-control-allow-origin"]), (200, "https://wiki.example"))
            asked = requests.options(url + "/v1/search", headers={"Origin": "https://wiki.example", "Access-Control-Request-Method": "POST"})
            self.assertIn("POST", asked.headers["access-control-allow-methods"])
            other = requests.options(url + "/v1/search", headers={"Origin": "https://evil.example"})
            self.assertNotIn("access-control-allow-origin", other.headers)


class LifeTests(unittest.TestCase):
    def test_slow_clients_are_left(self):
        with server("--timeout", "2") as url:
            host, port = url.removeprefix("http://").split(":")
            held = [socket.create_connection((host, int(port))) for _ in range(50)]
            for connection in held:
                connection.sendall(b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
            start = time.monotonic()
            self.assertEqual(requests.post(url + "/v1/search", json=SEARCH).status_code, 200)
            self.assertLess(time.monotonic() - start, 10)
            held[0].settimeout(40)
            self.assertIn(b" 504 ", held[0].recv(1000)[:20])
            for connection in held:
                connection.close()

    def test_overload_is_told_and_survived(self):
        with server("--workers", "1", "--queue", "1", "--cache", "0") as url:
            def ask(n):
                return requests.post(url + "/v1/search", json={"query": f"{QUESTION} {n}"}, timeout=60)

            with concurrent.futures.ThreadPoolExecutor(32) as pool:
                answers = list(pool.map(ask, range(300)))
            statuses = {answer.status_code for answer in answers}
            self.assertEqual(statuses, {200, 503})
            self.assertTrue(all(a.headers["retry-after"] == "1" for a in answers if a.status_code == 503))
            self.assertEqual(ask(1).status_code, 200)

    def test_deadlines(self):
        with server("--cache", "0") as url:
            heavy = {"query": QUESTION, "options": {"ngram": {"beams": 1000}}}
            answer = requests.post(url + "/v1/search", json=heavy, headers={"Prefer": "wait=0.001"})
            self.assertEqual((answer.status_code, answer.json()["code"]), (504, "timed_out"))

    def test_reload_under_load(self):
        """The index is replaced ten times, once by a damaged one, while queries run: none fails."""
        with tempfile.TemporaryDirectory() as folder:
            index = os.path.join(folder, "live.genret")
            shutil.copytree(INDEX, index)
            corpus = os.path.join(folder, "more.jsonl")
            with server("--reload-interval", "0.1", "--queue", "64", index=index) as url:
                failures, generations, stop = [], set(), threading.Event()

                def ask():
                    while not stop.is_set():
                        answer = requests.post(url + "/v1/search", json=SEARCH)
                        if answer.status_code != 200:
                            failures.append(answer.text)
                        generations.add(answer.json().get("generation"))

                askers = [threading.Thread(target=ask) for _ in range(4)]
                for asker in askers:
                    asker.start()
                for n in range(9):
                    with open(corpus, "w") as file:
                        file.write(json.dumps({"_id": f"more-{n}", "text": f"number {n} of more"}) + "\n")
                    subprocess.run([GENRET, "add", index, corpus, "-q"], check=True, capture_output=True)
                    time.sleep(0.4)
                manifest = os.path.join(index, "manifest.json")
                with open(manifest) as file:
                    whole = file.read()
                with open(manifest + ".new", "w") as file:
                    file.write(whole[: len(whole) // 2])
                os.replace(manifest + ".new", manifest)
                failed = 'genret_reloads_total{index="live",result="failed"}'
                for _ in range(100):
                    if failed in requests.get(url + "/metrics").text:
                        break
                    time.sleep(0.2)
                self.assertIn(failed, requests.get(url + "/metrics").text)
                with open(manifest + ".new", "w") as file:
                    file.write(whole)
                os.replace(manifest + ".new", manifest)
                time.sleep(2)
                stop.set()
                for asker in askers:
                    asker.join()
                self.assertEqual(failures, [])
                self.assertGreater(len(generations), 3)
                for _ in range(100):
                    if requests.get(url + "/v1/live").json()["passages"] == 219:
                        break
                    time.sleep(0.2)
                self.assertEqual(requests.get(url + "/v1/live").json()["passages"], 219)

    def test_events(self):
        with tempfile.TemporaryDirectory() as folder:
            index = os.path.join(folder, "live.genret")
            shutil.copytree(INDEX, index)
            with server("--reload-interval", "0.1", index=index) as url:
                stream = requests.get(url + "/v1/events", stream=True, timeout=30)
                lines = stream.iter_lines()
                self.assertEqual(next(lines), b": listening")
                subprocess.run([GENRET, "delete", index, "sourdough-starter", "-q"], check=True, capture_output=True)
                seen = []
                for line in lines:
                    if line.startswith(b"event: "):
                        seen.append(line[7:])
                    if line == b"event: index.ready":
                        break
                self.assertEqual(seen, [b"index.reloading", b"index.ready"])

    def test_a_signal_lets_running_requests_finish(self):
        process = subprocess.Popen([GENRET, "serve", INDEX, "--port", "0", "--cache", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        url = process.stdout.readline().split()[-1]
        queries = [{"id": str(n), "text": f"{QUESTION} {n}"} for n in range(200)]
        answer = {}

        def ask():
            answer["lines"] = requests.post(url + "/v1/search/batch", json={"queries": queries, "fields": []}, headers={"Accept": "application/x-ndjson"}).text.splitlines()

        asker = threading.Thread(target=ask)
        asker.start()
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 0)
        asker.join()
        self.assertEqual(json.loads(answer["lines"][-1])["event"], "finished")
        self.assertEqual(len(answer["lines"]), 201 + sum('"progress"' in line for line in answer["lines"]))


if __name__ == "__main__":
    unittest.main()
