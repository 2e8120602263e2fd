"""A browser without a window: real HTTP to a running desk, with cookies and the pages' forms."""

import http.client
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

BORDER = "----a-border-between-the-parts"
#: Ends the session, or asks whether it goes on.
NOT_FILLED_IN = ("/accounts/logout/", "/session/", "/admin/logout/")


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    """The forms of a page that are sent by POST, each text of them filled in with `words`."""

    def __init__(self, here: str, words: str) -> None:
        super().__init__()
        self.here, self.words = here, words
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        name = has.get("name", "")
        if tag == "form" and has.get("method", "").lower() == "post":
            self._form = Form(urljoin(self.here, has.get("action") or self.here))
            self.forms.append(self._form)
        elif self._form is None or "disabled" in has:
            return
        elif tag == "textarea" and name:
            self._text(name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and has.get("value"):
            chosen = any(each == self._select for each, _ in self._form.fields)
            if "selected" in has or not chosen:
                self._set(self._select, has["value"])
        elif tag == "input" and name:
            self._input(name, has)

    def _input(self, name: str, has: dict[str, str]) -> None:
        assert self._form is not None
        kind = has.get("type", "text")
        if kind == "file":
            self._form.files.append(name)
        elif kind in ("text", "search") and not re.fullmatch(r"\d[\d:-]+", has.get("value", "")):
            self._text(name, int(has.get("maxlength") or 10_000))
        elif kind == "radio":
            if "checked" in has or name not in dict(self._form.fields):
                self._set(name, has.get("value", ""))
        elif kind == "tel":
            self._set(name, has.get("value") or "+1 555 0100")
        elif kind != "checkbox" or "checked" in has:
            self._form.fields.append((name, has.get("value", "on" if kind == "checkbox" else "")))

    def _text(self, name: str, most: int = 10_000) -> None:
        assert self._form is not None
        self._form.texts.append(name)
        self._set(name, self.words[:most])

    def _set(self, name: str, value: str) -> None:
        assert self._form is not None
        self._form.fields = [each for each in self._form.fields if each[0] != name]
        self._form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


@dataclass
class Answer:
    status: int
    url: str
    text: str
    location: str = ""

    def forms(self, words: str = "") -> list[Form]:
        parser = _Forms(self.url, words)
        parser.feed(self.text)
        return [each for each in parser.forms if urlsplit(each.action).path not in NOT_FILLED_IN]

    def links(self, pattern: str) -> list[str]:
        found = re.findall(r'href="([^"#]+)"', self.text)
        return sorted({each for each in found if re.search(pattern, each)})


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", "")

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> Answer:
        return self._ask(
            "POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded"
        )

    def send(self, form: Form, file: tuple[str, bytes] | None = None) -> Answer:
        """The form as it stands; with `file`, the name and the content of one for each field."""
        if not (file and form.files):
            return self.post(form.action, form.fields)
        parts = []
        for name, value in form.fields:
            head = f'--{BORDER}\r\nContent-Disposition: form-data; name="{name}"'
            parts.append(f"{head}\r\n\r\n{value}\r\n".encode())
        for name in form.files:
            head = f'Content-Disposition: form-data; name="{name}"; filename="{file[0]}"'
            parts.append(f"--{BORDER}\r\n{head}\r\nContent-Type: text/plain\r\n\r\n".encode())
            parts.append(file[1] + b"\r\n")
        parts.append(f"--{BORDER}--\r\n".encode())
        kind = f"multipart/form-data; boundary={BORDER}"
        return self._ask("POST", form.action, b"".join(parts), kind)

    def sign_in(self, email: str, password: str) -> Answer:
        """Through the system-use notice, where there is one."""
        page = self.get("/accounts/login/")
        if page.location:
            self.send(self.get(page.location).forms()[0])
            page = self.get("/accounts/login/")
        token = dict(page.forms()[0].fields)["csrfmiddlewaretoken"]
        form = {"csrfmiddlewaretoken": token, "login": email, "password": password}
        return self.post("/accounts/login/", form)

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        parts = urlsplit(urljoin(self.url, path))
        ours = urlsplit(self.url)
        assert ours.port is not None
        headers = {
            "Host": ours.netloc,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if kind:
            headers |= {"Content-Type": kind, "Origin": self.url}
        connection = http.client.HTTPConnection("127.0.0.1", ours.port, timeout=60)
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        text = answer.read().decode(errors="replace")
        connection.close()
        return Answer(
            answer.status, urljoin(self.url, path), text, answer.headers.get("Location", "")
        )
