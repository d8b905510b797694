"""The words of a text: numbers whole, terms of the subject whole, nothing lost."""

import marshal
import random
import sys
from pathlib import Path
from types import SimpleNamespace

import jieba
import pytest

from corpus.words import _compiled, _heaviest, _weights, cut, runs, tokenizer

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("收到申请1,234件，占33.9%。", ["收到", "申请", "1,234", "件", "，", "占", "33.9%", "。"]),
        ("2020，2021两年", ["2020", "，", "2021", "两年"]),
        ("浏览１２．５万次", ["浏览", "１２．５", "万次"]),
        ("拨打12345热线", ["拨打", "12345", "热线"]),
        ("治理PM2.5", ["治理", "PM2.5"]),
        ("第1.2.3条", ["第", "1.2", ".", "3", "条"]),
        ("", []),
    ],
)
def test_numbers_and_latin_words_are_kept_whole(text, words):
    assert cut(text) == words


def test_terms_of_the_subject_are_whole():
    assert cut("行政规范性文件属于过程性信息") == ["行政规范性文件", "属于", "过程性信息"]


def test_no_character_is_lost():
    text = "一、总体情况\n\n（一）主动公开。　2013年二〇一三,\r\nA1-2.3 9,99 12,3456元\t︰𠮷☃"
    assert "".join(cut(text)) == text


def test_the_tokenizer_that_others_share_is_left_alone():
    tokenizer()
    assert "依申请公开" not in jieba.dt.FREQ


def test_the_dictionary_is_read_as_jieba_reads_it():
    theirs = jieba.Tokenizer()
    assert _weights(theirs.get_dict_file()) == theirs.gen_pfdict(theirs.get_dict_file())


def test_cutting_run_by_run_changes_no_word():
    text = "各级行政机关收到申请，均未收取费用；政务新媒体、一网通办。行政复议与行政诉讼\n依申请公开方面"
    assert cut(text) == tokenizer().lcut(text, HMM=False)


def test_words_do_not_come_from_the_folder_for_temporary_files(tmp_path, monkeypatch):
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"收": 1, "收到": 0, "到申": 99}, 1)))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tokenizer.cache_clear()
    try:
        assert tokenizer().lcut("收到申请", HMM=False) == ["收到", "申请"]
    finally:
        tokenizer.cache_clear()
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]


def _probes():
    """Runs of the samples, of words of the dictionary side by side, and of any characters."""
    rng = random.Random(0)
    words = sorted(tokenizer().FREQ)
    any_words = ("".join(rng.choices(words, k=4)) for _ in range(2000))
    any_characters = ("".join(chr(rng.randint(0x4E00, 0x9FD5)) for _ in range(8)) for _ in range(500))
    samples = (path.read_text("utf-8") for path in sorted(SAMPLES.glob("*/sections.json")))
    found = dict.fromkeys(run for text in (*samples, *any_words, *any_characters) for run in runs(text))
    return [run for run in found if not run.isascii()]


def test_the_heaviest_words_are_those_that_jieba_finds():
    assert [run for run in _probes() if list(_heaviest(run)) != tokenizer().lcut(run, HMM=False)] == []


def test_the_compiled_tokenizer_cuts_the_same_words():
    pytest.importorskip("rjieba")
    compiled = _compiled()
    assert [run for run in _probes() if tuple(compiled.cut(run, False)) != _heaviest(run)] == []


def test_a_compiled_tokenizer_that_cuts_otherwise_is_not_taken(monkeypatch):
    class Other:
        def clear(self):
            pass

        def add_word(self, word, weight, tag):
            pass

        def cut(self, text, hmm):
            return list(text)

    monkeypatch.setitem(sys.modules, "rjieba", SimpleNamespace(Jieba=Other))
    assert _compiled() is None
