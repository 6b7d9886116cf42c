"""An index behind a server: ``genret serve``."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from ._errors import Cancelled, Error, OptionError, from_problem
from ._native import encoded
from ._searcher import Searcher

_PATHS = {"batch": "search/batch"}


class Client(Searcher):
    """Asks a server as an :class:`Index` is asked."""

    # What servers take of queries, and of ids, at once, in answers that come in time.
    _chunk = 100

    def __init__(self, url: str, token: str | None = None, timeout: float = 10) -> None:
        self._token = token
        self._timeout = timeout
        self.url = url.rstrip("/")

    def _call(self, method: str, request: Mapping[str, Any]) -> Any:
        if method == "info":
            return self._ask(self.url, None)
        return self._ask(f"{self.url}/{_PATHS.get(method, method)}", request)

    def _ask(self, url: str, body: Mapping[str, Any] | None) -> Any:
        request = urllib.request.Request(url, data=encoded(body) if body is not None else None)
        request.add_header("Accept", "application/json")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        if self._token is not None:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                raise from_problem(error.read(), f"the server answered {error.code}") from None
        except TimeoutError:
            raise Cancelled(f"{url} gave no answer within {self._timeout:g} s", "timed_out") from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise Cancelled(f"{url} gave no answer within {self._timeout:g} s", "timed_out") from None
            raise Error(f"{url} cannot be reached: {error.reason}", "unreachable") from None
        except (OSError, ValueError) as error:
            raise Error(f"{url} gave no answer that can be read: {error}", "unreachable") from None

    def close(self) -> None:
        """Does nothing: every question has a connection of its own."""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<genret.Client {self.url!r}>"


def connect(url: str, *, index: str | None = None, token: str | None = None, timeout: float = 10) -> Client:
    """A client of ``genret serve``. ``index`` names one of several; a server with one needs no name.

    ``timeout``: seconds that an answer may take.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise OptionError(f"{url} is no address such as http://localhost:7878", "invalid_option", "url")
    base = url.rstrip("/")
    if "/v1/" not in base:
        base = base.removesuffix("/v1") + "/v1"
        if index is None:
            indexes = Client(base, token, timeout)._ask(base + "/indexes", None)["indexes"]
            known = [str(item["name"]) for item in indexes]
            if len(known) != 1:
                raise OptionError(f"say which index: there are {', '.join(known)}", "invalid_option", "index")
            (index,) = known
        base += "/" + urllib.parse.quote(str(index), safe="")
    return Client(base, token, timeout)
