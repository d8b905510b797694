"""Loopback servers for tests of what is connected to: they count, and send where they are told."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class CountingServer(ThreadingHTTPServer):
    """Counts what it is asked.

    `/to?http://...` redirects, `/never` does not answer, every other path gives its page of `pages` (headers, with
    `Status` for another than 200, and body), else itself. `asked` holds paths and hosts, `agents` who asked.
    """

    daemon_threads = True

    def __init__(self, host, tls=None):
        super().__init__((host, 0), _Handler)
        self.asked = []
        self.connections = 0
        self.pages = {}
        self.agents = set()
        self.closing = threading.Event()
        self.port = self.server_address[1]
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request, client_address):
        """A client that hangs up is no failure."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        self.server.agents.add(self.headers["User-Agent"])
        path, _, query = self.path.partition("?")
        if path == "/to":
            self.send_response(302)
            self.send_header("Location", query)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        headers, body = self.server.pages.get(path, ({}, path.encode()))
        if path == "/never":
            self.server.closing.wait()
        self.send_response(headers.get("Status", 200))
        for name, value in {"Content-Type": "text/html; charset=utf-8", "Content-Length": len(body), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, *args):
        pass


@contextmanager
def counting_server(host="127.0.0.1", tls=None):
    server = CountingServer(host, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
