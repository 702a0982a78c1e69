"""Pages asked through the whole stack (WSGI handler, middleware, session), without a socket nor a test client."""

import io
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


class Browser:
    """Somebody signed in, who asks for pages."""

    handler: WSGIHandler | None = None

    def __init__(self, user=None):
        self.cookie = ""
        if user is not None:
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            cookie = SimpleCookie({settings.SESSION_COOKIE_NAME: session.session_key})
            self.cookie = cookie.output(header="", sep=";").strip()
        Browser.handler = Browser.handler or WSGIHandler()

    def get(self, url: str, **headers: str) -> Answer:
        parts = urlsplit(url)
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_COOKIE": self.cookie,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            **headers,
        }
        told: list = []
        body = self.handler(environ, lambda status, sent, exc_info=None: told.extend([status, sent]))
        content = b"".join(body)
        getattr(body, "close", lambda: None)()
        return Answer(int(told[0].split()[0]), dict(told[1]), content)

    def page(self, url: str):
        """A call that gets the page and fails when it is not there."""

        def call() -> bytes:
            answer = self.get(url)
            if answer.status != 200:
                raise RuntimeError(f"{url}: {answer.status}")
            return answer.content

        return call


def queries_of(call) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
