"""What a capture turned out to be: told by its status, by its bytes, and of a page by the reader."""

from email.message import Message

from corpus.errors import UnpackError
from corpus.failures import failure_of_bytes, failure_of_document, failure_of_unpacking
from corpus.sniff import HEAD_BYTES, media_role, name_role, sniff
from corpus.unpack import decode_body
from corpus.warc import BLOCKED_STATUS
from scraper.records import Reader, Reading, Target, Visit
from scraper.webarchives.choice import PAGE_STATUS

_OUTCOME_OF_CUT = {"length": "too_large", "time": "timeout"}  # by the words of the WARC standard
_OTHER_CAPTURE = "Look for another capture of the address."


def judge(visit: Visit, target: Target, reader: Reader, limit: int) -> Reading:
    """Return the outcome of a capture as `gongkai build` will have it, with what the page tells of itself."""
    if visit.status not in PAGE_STATUS:
        outcome = "blocked" if visit.status in BLOCKED_STATUS else "empty"
        return Reading(outcome, f"HTTP {visit.status} when it was captured", _OTHER_CAPTURE)
    if visit.truncated:
        outcome = _OUTCOME_OF_CUT.get(visit.truncated.lower(), "crashed")
        return Reading(outcome, f"the crawler cut the page (WARC-Truncated: {visit.truncated})", _OTHER_CAPTURE)
    media_type, charset = _media(_header(visit, "content-type"))
    if media_role(media_type) == "document":
        return Reading(*failure_of_document(media_type))
    try:
        data = decode_body(visit.body, "", _header(visit, "content-encoding"), limit)
    except UnpackError as error:
        return Reading(*failure_of_unpacking(error))
    named_page = "page" in (media_role(media_type), name_role(visit.url))
    if failure := failure_of_bytes(sniff(data[:HEAD_BYTES]), named_page=named_page):
        return Reading(*failure)
    return reader.read(data, url=visit.url, media_type=media_type, charset=charset, target=target)


def _header(visit: Visit, name: str) -> str:
    return ", ".join(value for key, value in visit.headers if key.lower() == name)


def _media(content_type: str) -> tuple[str, str]:
    """Split `text/html; charset=gb2312` into media type and charset, '' where they are not said."""
    if "/" not in content_type:
        return "", ""
    message = Message()
    message["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    return message.get_content_type(), message.get_content_charset("")
