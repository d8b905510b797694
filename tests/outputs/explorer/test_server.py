"""The server: who may ask what, what a browser may do with the answer, and what becomes of trouble."""

import asyncio
import base64
import hashlib
import re
import shutil
import sqlite3
from contextlib import closing

import httpx
import pytest
from datasette.app import Datasette

from outputs.directory import RUN_FILE
from outputs.errors import ExplorerError
from outputs.explorer.index import open_index
from outputs.explorer.records import Answer, NoPage
from outputs.explorer.server import FIRST_PORT, make_server, open_door, plugin

OURS = ("/", "/about", "/checks/fail/1", "/search?q=%E5%A4%8D%E8%AE%AE", "/nowhere", "/report/0000000000000000")
DATASETTES = ("/dataset", "/dataset/facts", "/dataset?sql=select+1", "/dataset/requests-received", "/dataset/reports/1")
FILES = ("/assets/base.css", "/-/static/app.css", "/dataset/facts.csv?_size=1", "/dataset/reports.json?_size=1")
TELLING = (
    "/-/plugins",
    "/-/threads",
    "/-/actor",
    "/-/databases",
    "/-/settings.json",
    "/-/versions",
    "/-/metadata.json",
    "/-/permissions",
    "/-/logout",
    "/-/auth-token",
    "/-/messages",
    "/-/allow-debug",
    "/-/patterns",
    "/_internal",
    "/_internal/databases",
    "/.json",
    "//dataset",
)
ENDLESS = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"
SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


class NoShelf:
    def page(self, capture_id, places):
        del places
        return NoPage(f"{capture_id} is not here", "")


@pytest.fixture(scope="module")
def server(dataset):
    return make_server(dataset, NoShelf())


def ask(server, path, method="GET", host="127.0.0.1:8001", **headers):
    async def answered():
        transport = httpx.ASGITransport(server.app())
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, f"http://{host}{path}", headers=named)

    return asyncio.run(answered())


def policy(answered):
    return dict(each.strip().partition(" ")[::2] for each in answered.headers["content-security-policy"].split(";"))


# What a browser may do.


@pytest.mark.parametrize("path", [*OURS, *DATASETTES, *FILES])
def test_every_answer_has_the_headers_of_security(server, path):
    answered = ask(server, path)
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert answered.headers["referrer-policy"] == "no-referrer"
    assert answered.headers["cross-origin-opener-policy"] == "same-origin"
    assert answered.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in answered.headers["permissions-policy"]
    rules = policy(answered)
    assert (rules["default-src"], rules["frame-ancestors"]) == ("'none'", "'none'")
    assert "unsafe" not in rules.get("script-src", "")
    assert "set-cookie" not in answered.headers


@pytest.mark.parametrize("path", OURS)
def test_our_pages_need_nothing_inline(server, path):
    answered = ask(server, path)
    assert "unsafe-inline" not in answered.headers["content-security-policy"]
    assert SCRIPT.findall(answered.text) == []
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", answered.text)


@pytest.mark.parametrize("path", DATASETTES)
def test_of_inline_scripts_those_of_datasette_alone_may_run(server, path):
    answered = ask(server, path)
    assert answered.status_code == (404 if path.endswith("/1") else 200)
    for script in SCRIPT.findall(answered.text):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy(answered)["script-src"]


def test_archived_pages_and_pictures_have_rules_of_their_own(server, monkeypatch):
    given = {"/about": Answer("<p>1", archived=True), "/search": Answer("<svg/>", "image/svg+xml")}
    monkeypatch.setattr(plugin, "answer", lambda _desk, path, _query: given[f"/{path}"])
    framed, picture = policy(ask(server, "/about")), policy(ask(server, "/search"))
    assert framed["frame-ancestors"] == "'self'"
    assert framed["sandbox"] == "allow-same-origin"
    assert {"script-src", "connect-src", "frame-src"} & {*framed, *picture} == set()
    assert "sandbox" in picture


# Who may ask what.


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "[::2]:8001", "localhost.evil"]
)
def test_a_foreign_name_for_this_machine_is_refused(server, host):
    answered = ask(server, "/dataset/reports.json", host=host)
    assert answered.status_code == 403
    assert "127.0.0.1" in answered.text


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost", "[::1]:8001", "LOCALHOST:9999"])
def test_the_names_of_this_machine_are_answered(server, host):
    assert ask(server, "/assets/base.css", host=host).status_code == 200


def test_a_server_for_others_answers_to_any_name(dataset):
    assert ask(make_server(dataset, NoShelf(), None), "/assets/base.css", host="desk.example").status_code == 200


def test_other_websites_may_link_here_and_nothing_else(server):
    assert (
        ask(server, "/dataset?sql=select+1", sec_fetch_site="cross-site", sec_fetch_mode="no-cors").status_code == 403
    )
    assert ask(server, "/about", sec_fetch_site="cross-site", sec_fetch_mode="navigate").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/dataset/facts"])
def test_nothing_can_be_written(server, method, path):
    answered = ask(server, path, method)
    assert (answered.status_code, answered.headers["allow"]) == (405, "GET, HEAD")


def test_sql_can_only_read(server):
    for sql in ("drop table facts", "delete from facts", "pragma writable_schema=1", "attach 'x' as y", "vacuum"):
        assert ask(server, f"/dataset.json?sql={sql.replace(' ', '+')}").status_code == 400


@pytest.mark.parametrize("path", TELLING)
def test_pages_of_datasette_that_tell_of_the_machine_are_not_there(server, path):
    answered = ask(server, path)
    assert answered.status_code == 404
    assert "There is no page" in answered.text


def test_the_index_is_no_download(server):
    assert ask(server, "/dataset.db").status_code == 403


@pytest.mark.parametrize("path", ["/about", "/dataset/facts", "/assets/base.css", "/nowhere"])
def test_head_is_get_without_a_body(server, path):
    whole, head = ask(server, path), ask(server, path, "HEAD")
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_a_page_that_is_known_is_not_sent_again(server):
    tag = ask(server, "/about").headers["etag"]
    again = ask(server, "/about", if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers


# Trouble.


def test_sql_that_takes_long_is_stopped(server, monkeypatch):
    monkeypatch.setattr(server, "sql_time_limit_ms", 20)
    page = ask(server, f"/dataset?sql={ENDLESS.replace('+', '%2B').replace(' ', '+')}")
    assert (page.status_code, "takes too long" in page.text) == (503, True)
    data = ask(server, f"/dataset.json?sql={ENDLESS.replace('+', '%2B').replace(' ', '+')}")
    assert (data.status_code, data.json()["ok"]) == (503, False)


def test_sql_that_is_wrong_is_told(server, capfd):
    answered = ask(server, "/dataset?sql=select+nowhere+from+facts")
    assert answered.status_code == 400
    assert "no such column: nowhere" in answered.text
    assert capfd.readouterr().out == ""


def test_a_page_of_ours_that_takes_long_is_stopped(server, monkeypatch):
    monkeypatch.setattr(plugin, "PAGE_SECONDS", 0.02)
    monkeypatch.setattr(plugin, "answer", lambda desk, *_: desk.rows(ENDLESS))
    answered = ask(server, "/about")
    assert (answered.status_code, "takes too long" in answered.text) == (503, True)


def test_a_page_that_fails_tells_the_terminal_and_not_the_reader(server, monkeypatch, caplog):
    def fail(*_):
        raise sqlite3.OperationalError("no such table: secret")

    monkeypatch.setattr(plugin, "answer", fail)
    answered = ask(server, "/about")
    assert answered.status_code == 500
    assert "secret" not in answered.text
    assert "Traceback" not in answered.text
    assert "Traceback" in caplog.text
    assert "secret" in caplog.text


def test_a_dataset_that_was_built_again_is_not_mixed_with_the_old_one(dataset, tmp_path):
    folder = shutil.copytree(dataset, tmp_path / "d")
    server, other = make_server(folder, NoShelf()), make_server(dataset, NoShelf())
    run = (folder / RUN_FILE).read_bytes()
    (folder / RUN_FILE).unlink()
    (folder / RUN_FILE).write_bytes(run)
    assert ask(server, "/about").status_code == 200  # the same bytes again
    (folder / RUN_FILE).write_bytes(run + b" ")
    for path in ("/about", "/dataset/facts.json"):
        answered = ask(server, path)
        assert answered.status_code == 503
        assert "start" in answered.text
    assert ask(server, "/assets/base.css").status_code == 200
    assert ask(other, "/about").status_code == 200
    (folder / RUN_FILE).unlink()
    assert ask(server, "/about").status_code == 503


def test_another_datasette_of_the_process_is_left_alone(server):
    del server
    answered = ask(Datasette(memory=True), "/")
    assert "_memory" in answered.text
    assert "content-security-policy" not in answered.headers


# Tables and SQL.


def test_the_questions_that_are_offered_are_answered(server):
    received = ask(server, "/dataset/requests-received.json?_shape=objects").json()["rows"]
    pingtan = {row["report_year"]: row["value"] for row in received if row["agency"] == "平潭综合实验区管委会"}
    assert pingtan == {2018: 0, 2019: 23, 2020: 21, 2021: 70, 2023: 81}
    wrong = ask(server, "/dataset/does-not-add-up.json?_shape=objects").json()["rows"]
    assert ("平潭综合实验区管委会", 2020) in {(row["agency"], row["report_year"]) for row in wrong}
    found = ask(server, "/dataset/search-sections.json?_shape=objects&words=%E5%A4%8D%E8%AE%AE").json()["rows"]
    assert found
    assert all("复议" in (row["around"] or "") + (row["title"] or "") for row in found)
    for nothing in ("", "?words=", "?words=%22"):
        answer = ask(server, f"/dataset/search-sections.json{nothing}")
        assert (answer.status_code, answer.json()["rows"]) == (200, [])


def test_tables_lead_to_the_place_of_a_number_and_back(server):
    page = ask(server, "/dataset/facts?indicator=requests_received&applicant=total&report_year=2019").text
    assert 'href="/report/f63ae7462f2b9325#c-1-3-9"' in page
    assert '<a href="/">' in page
    described = ask(server, "/dataset/facts?_size=1").text
    assert "One row per indicator value of a report" in described
    assert "指标数值" in described


def test_csv_has_all_rows(server, dataset):
    lines = ask(server, "/dataset/cells.csv?_stream=1").text.splitlines()
    own = (dataset / "cells.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(own)


def test_names_from_pages_are_text(dataset, tmp_path):
    hostile = "<script>alert(1)</script>'\"&"
    folder = shutil.copytree(dataset, tmp_path / "d")
    with closing(sqlite3.connect(open_index(folder))) as base, base:
        for column in ("agency", "agency_as_printed", "title", "source_uri"):
            base.execute(f"UPDATE reports SET {column} = ?", (hostile,))
        base.execute("UPDATE agency_years SET agency = ?, source_uri = 'javascript:alert(1)'", (hostile,))
        base.execute("UPDATE passages SET title = ?, about = ?", (hostile, hostile))
    server = make_server(folder, NoShelf())
    for path in (
        "/",
        "/checks/fail/1",
        "/search?q=%E5%A4%8D%E8%AE%AE",
        "/report/f63ae7462f2b9325",
        "/agency/zone-2238cae3-zone_committee",
        "/dataset/reports?_facet=agency",
        "/dataset/requests-received",
        "/dataset/reports?agency__contains=%3Cscript%3E",
    ):
        page = ask(server, path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page, path
        assert 'href="javascript' not in page
    assert "<script>alert" not in ask(server, "/%3Cscript%3Ealert(1)").text
    assert "<script>alert" not in ask(server, "/search?q=%3Cscript%3Ealert(1)").text
    assert "<script>alert" in ask(server, "/dataset/reports.csv").text  # data is as it is


# The door.


def test_a_taken_port_is_passed_over_or_told(monkeypatch):
    first = open_door("127.0.0.1", 0)
    monkeypatch.setattr("outputs.explorer.server.running.FIRST_PORT", first.port)
    second = open_door("127.0.0.1", None)
    try:
        assert second.port != first.port
        assert second.moved_from == first.port
        with pytest.raises(ExplorerError, match="taken"):
            open_door("127.0.0.1", first.port)
        assert first.address == f"http://127.0.0.1:{first.port}/"
    finally:
        first.socket.close()
        second.socket.close()


def test_a_door_for_others_is_known_as_one():
    door = open_door("0.0.0.0", 0)
    door.socket.close()
    assert (door.is_loopback, door.names) == (False, None)
    assert door.address.startswith("http://127.0.0.1:")
    assert FIRST_PORT == 8001
    with pytest.raises(ExplorerError, match="no such address"):
        open_door("nowhere.invalid", 0)
