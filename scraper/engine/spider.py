"""The spider: a target becomes a request, its answer a reading, and the archive hears of both."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.message import Message
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from scraper.browser import render_request
from scraper.engine.answers import CUT, STORED, address, header
from scraper.engine.failures import Stopped, reading_of
from scraper.engine.job import Job
from scraper.engine.judging import Answer, Judge, Verdict
from scraper.records import Reading, Stored, Target

TARGET = "target"
"""The keyword of the callbacks that holds the target."""


class FetchSpider(Spider):
    """Works on one job. Pages are read in a thread, one at a time, so that the clocks of other pages go on."""

    name = "gongkai"

    def __init__(self, job: Job, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = job
        self._judge = Judge(job.reader, job.options)
        self._reading = ThreadPoolExecutor(1, "reader")

    def request_for(self, target: Target) -> Request | None:
        """The request for a target; None where its address is none, and the target is settled."""
        about = {TARGET: target}
        try:
            return Request(target.url, callback=self.answered, errback=self.failed, cb_kwargs=about, dont_filter=True)
        except ValueError as error:
            reading = Reading("address_refused", f"the address cannot be asked ({error})", "Correct the address.")
            self._settle(target, Verdict(reading))
            return None

    async def answered(self, response: Response, target: Target) -> AsyncIterator[Request]:
        """Read an answer, and settle its target or have the page rendered."""
        answer, stored = _answer(response), _stored(response.request)
        verdict = await self._judged(answer, target)
        if verdict.reading.outcome == "script_shell" and self.job.options.browser:
            about = {TARGET: target, "shell": answer}
            yield render_request(Request(answer.url, callback=self.rendered, errback=self.unrendered, cb_kwargs=about))
        else:
            self._settle(target, verdict, answer, stored)

    async def rendered(self, response: Response, target: Target, shell: Answer) -> None:
        """Read a page as a browser made it, and settle its target."""
        answer = replace(shell, body=response.body, media_type="text/html", charset="utf-8")
        self._settle(target, await self._judged(answer, target), answer, _stored(response.request))

    def unrendered(self, failure: Failure) -> None:
        """Settle the target of a page that the browser did not bring to show: the shell is all there is."""
        target, shell = failure.request.cb_kwargs[TARGET], failure.request.cb_kwargs["shell"]  # type: ignore[attr-defined]
        if self._leaves_pending(failure, target):
            return
        reading = reading_of(_error(failure))
        words = f"written by scripts, and the browser did not render it: {reading.detail}"
        self._settle(target, Verdict(Reading("script_shell", words, reading.next_step)), shell)

    def failed(self, failure: Failure) -> None:
        """Settle the target of a request that got no answer, or one that is not to be read."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        target: Target = request.cb_kwargs[TARGET]
        if self._leaves_pending(failure, target):
            return
        stored = _stored(request)
        if stored and stored.url != address(request.url):
            stored = None  # the answer of an earlier hop: the address it led to was not asked
        answer = Answer(address(request.url), 0, "", "", b"") if stored else None
        self._settle(target, Verdict(reading_of(_error(failure))), answer, stored)

    async def _judged(self, answer: Answer, target: Target) -> Verdict:
        """What an answer is; a page that cannot be read is `crashed`, and the fetch goes on."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, self._judge.judge, answer, target)
        except Exception as error:  # noqa: BLE001  one page must not end a fetch of thousands
            return Verdict(reading_of(error))

    def _leaves_pending(self, failure: Failure, target: Target) -> bool:
        """Whether a request was dropped because the fetch ends: its target stays pending, another run asks for it."""
        dropped = isinstance(failure.value, Stopped) or self.job.fatal is not None
        if dropped:
            self.job.frontier.done(target)
        return dropped

    def _settle(
        self, target: Target, verdict: Verdict, answer: Answer | None = None, stored: Stored | None = None
    ) -> None:
        """Write down what became of a target; one whose words cannot be written is `crashed`, and the fetch goes on."""
        try:
            self._write(target, verdict, answer, stored)
        except Exception as error:
            if self.job.fatal is not None:
                raise
            self._write(target, Verdict(reading_of(error)), answer, stored)

    def _write(self, target: Target, verdict: Verdict, answer: Answer | None, stored: Stored | None) -> None:
        """Settle a target in the archive, and take up what it leads to."""
        job = self.job
        with job.writing():
            new = job.archive.settle(
                target,
                verdict.reading,
                final_url=answer.url if answer and answer.url != target.url else "",
                visit_no=stored.visit_no if stored else None,
                found=verdict.found,
            )
        job.frontier.done(target)
        job.frontier.offer(new)
        job.watch.visited(target.url, verdict.reading.outcome, len(answer.body) if answer else 0)
        if new:
            job.watch.added(len(new))


def _error(failure: Failure) -> BaseException:
    return failure.value or RuntimeError("no reason is known")


def _answer(response: Response) -> Answer:
    media_type, charset = _media(header(response, "Content-Type"))
    cut = response.request.meta[CUT] if response.request else ""
    return Answer(address(response.url), response.status, media_type, charset, response.body, cut)


def _media(content_type: str) -> tuple[str, str]:
    """Split `text/html; charset=gb2312` into media type and charset, '' for what is not said."""
    if not content_type:
        return "", ""
    message = Message()
    message["Content-Type"] = " ".join(content_type.split())
    charset = message.get_param("charset", "")
    return content_type.partition(";")[0].strip().lower(), charset if isinstance(charset, str) else ""


def _stored(request: Request | None) -> Stored | None:
    """The newest answer of a request, as it stands in the archive."""
    stored = request.meta.get(STORED) if request else None
    return stored if isinstance(stored, Stored) else None
