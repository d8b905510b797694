from pathlib import Path

from scrapy.settings import Settings, default_settings

from scraper.engine import LiveOptions
from scraper.engine.limits import MAX_BYTES, TIMEOUT
from scraper.engine.settings import scrapy_settings
from scraper.resolver import ALLOW_PRIVATE

OPTIONS = LiveOptions("gongkai/0 (+tests@example.org)", delay=3.0, timeout=7.0)
SETTINGS = scrapy_settings(OPTIONS, Path("fetch.log"))


def test_every_setting_is_one_that_scrapy_knows():
    ours = {ALLOW_PRIVATE, MAX_BYTES, TIMEOUT}
    known = set(dir(default_settings))
    assert {name for name in SETTINGS if name not in known} <= ours


def test_a_host_is_asked_one_request_at_a_time_and_never_sooner_than_the_delay():
    assert SETTINGS["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert SETTINGS["DOWNLOAD_DELAY"] == SETTINGS["AUTOTHROTTLE_START_DELAY"] == OPTIONS.delay
    assert SETTINGS["DOWNLOAD_DELAY_JITTER"] == 0
    assert SETTINGS["AUTOTHROTTLE_MAX_DELAY"] >= OPTIONS.delay


def test_nothing_runs_that_is_not_named_here():
    settings = Settings(SETTINGS)
    for name in ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES"):
        active = settings.get_component_priority_dict_with_base(name)
        named = {getattr(one, "__name__", str(one)) for one in active}
        assert not {one for one in named if "RemoteControl" in one or "Telnet" in one or "Cookies" in one}
        assert set(active) == set(SETTINGS.get(name, {}))


def test_certificates_are_verified():
    assert SETTINGS["DOWNLOAD_VERIFY_CERTIFICATES"] is True
