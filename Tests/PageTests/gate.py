"""A gate between browser and server: it passes requests on, remembers them, and answers in the server's place where a test
wants a fault that no healthy server gives on demand."""

import http.client
import http.server
import json
import threading
import time
import urllib.parse

DROPPED = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "origin", "referer"}


class Request:
    """A request that passed the gate, with its body read as JSON where it has one."""

    def __init__(self, method, path, body, status):
        self.method, self.path, self.status = method, path, status
        self.body = json.loads(body) if body else None

    @property
    def is_search(self):
        return self.path.endswith("/search")


class Gate:
    """Listens on a port of its own, so that every test has an origin, and thereby a storage, of its own."""

    def __init__(self, upstream):
        self.upstream = urllib.parse.urlsplit(upstream)
        self.requests = []
        self.token = None  # Answers 401 to requests under /v1 that do not bring it.
        self.busy = 0  # Answers 503 to so many searches.
        self.fault = None  # Answers searches with this problem.
        self.delays = {}  # Seconds by query, or by path.
        self.indexes = None  # Answers /v1/indexes with this object.
        gate = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                gate.handle(self)

            do_POST = do_GET

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def searches(self):
        return [request for request in self.requests if request.is_search]

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        status, headers, answer = self.own_answer(handler, body) or self.pass_on(handler, body)
        self.requests.append(Request(handler.command, handler.path, body, status))
        try:
            handler.send_response(status)
            for name, value in headers:
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(answer)))
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.wfile.write(answer)
        except (BrokenPipeError, ConnectionResetError):
            pass  # The page has dropped a question that is no longer asked.
        handler.close_connection = True

    def own_answer(self, handler, body):
        is_search = handler.path.endswith("/search")
        time.sleep(self.delays.get(handler.path, 0))
        if is_search:
            time.sleep(self.delays.get(json.loads(body).get("query"), 0))
        if self.token and handler.path.startswith("/v1/") and handler.headers.get("Authorization") != f"Bearer {self.token}":
            return problem(401, "unauthorized", "Unauthorized", "no token, or a wrong one", ("WWW-Authenticate", "Bearer"))
        if is_search and self.busy > 0:
            self.busy -= 1
            return problem(503, "busy", "Busy", "too many requests at once", ("Retry-After", "1"))
        if is_search and self.fault:
            return problem(*self.fault)
        if handler.path == "/v1/indexes" and self.indexes:
            return 200, [("Content-Type", "application/json")], json.dumps(self.indexes).encode()
        return None

    def pass_on(self, handler, body):
        connection = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=60)
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in DROPPED}
        connection.request(handler.command, handler.path, body or None, headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, [pair for pair in response.getheaders() if pair[0].lower() not in DROPPED], answer


def problem(status, code, title, detail, *headers):
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, "requestId": "gate-1"}
    return status, [("Content-Type", "application/problem+json"), *headers], json.dumps(body).encode()
