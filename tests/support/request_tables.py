"""The table of requests of the form of 2021, filled in at random so that it adds up, some of its cells left blank."""

from dataclasses import dataclass
from random import Random

from small_pages import page_with

APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_org",
    "legal_service_org",
    "other_org",
    "total",
)
_RESULTS = "三、本年度办理结果"
_REFUSED, _UNABLE, _UNPROCESSED, _OTHER = "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"
OUTCOMES = {
    "granted_full": ("（一）予以公开",),
    "granted_partial": ("（二）部分公开",),
    "denied_state_secret": (_REFUSED, "1.属于国家秘密"),
    "denied_other_law": (_REFUSED, "2.其他法律行政法规禁止公开"),
    "denied_safety_stability": (_REFUSED, "3.危及“三安全一稳定”"),
    "denied_third_party": (_REFUSED, "4.保护第三方合法权益"),
    "denied_internal": (_REFUSED, "5.属于三类内部事务信息"),
    "denied_process": (_REFUSED, "6.属于四类过程性信息"),
    "denied_case_file": (_REFUSED, "7.属于行政执法案卷"),
    "denied_administrative_inquiry": (_REFUSED, "8.属于行政查询事项"),
    "not_held": (_UNABLE, "1.本机关不掌握相关政府信息"),
    "requires_creation": (_UNABLE, "2.没有现成信息需要另行制作"),
    "unclear_after_correction": (_UNABLE, "3.补正后申请内容仍不明确"),
    "not_processed_petition": (_UNPROCESSED, "1.信访举报投诉类申请"),
    "not_processed_duplicate": (_UNPROCESSED, "2.重复申请"),
    "not_processed_publication": (_UNPROCESSED, "3.要求提供公开出版物"),
    "not_processed_excessive": (_UNPROCESSED, "4.无正当理由大量反复申请"),
    "not_processed_confirm": (_UNPROCESSED, "5.要求行政机关确认或重新出具已获取信息"),
    "other_handling_no_correction": (_OTHER, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    "other_handling_fee_unpaid": (_OTHER, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    "other_handling_misc": (_OTHER, "3.其他"),
}
PATHS = {
    "requests_received": ("一、本年新收政府信息公开申请数量",),
    "requests_pending_start": ("二、上年结转政府信息公开申请数量",),
    **{indicator: (_RESULTS, *path) for indicator, path in OUTCOMES.items()},
    "requests_processed": (_RESULTS, "（七）总计"),
    "requests_pending_end": ("四、结转下年度继续办理",),
}
_HEAD = (
    "<tr><td colspan=3 rowspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>"
    "<td colspan=7>申请人情况</td></tr><tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td>"
    "<td rowspan=2>总计</td></tr><tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td>"
    "<td>其他</td></tr>"
)


@dataclass(frozen=True, slots=True)
class RequestTable:
    """True figures by indicator and applicant, and the cells that the page leaves blank."""

    true: dict[tuple[str, str], int]
    blank: frozenset[tuple[str, str]]

    def printed(self) -> dict[tuple[str, str], int | None]:
        return {key: None if key in self.blank else value for key, value in self.true.items()}


def filled(rng: Random, *, blank: float = 0.0, zero_blank: float = 0.0) -> RequestTable:
    """A table whose columns and rows add up; each cell is left blank with the probability `blank`, a zero with another.

    As in most reports, some kinds of applicant ask nothing, and some outcomes never happen.
    """
    true = {}
    met = [indicator for indicator in OUTCOMES if rng.random() < 0.6]
    for applicant in APPLICANTS[:-1]:
        asked = rng.random() < 0.6
        for indicator in OUTCOMES:
            some = asked and indicator in met
            true[indicator, applicant] = rng.choice((0, 0, 1, 2, rng.randrange(200))) if some else 0
        done = sum(true[indicator, applicant] for indicator in OUTCOMES)
        left, before = (rng.randrange(4), rng.randrange(3)) if asked else (0, 0)
        before = min(before, done + left)
        true["requests_processed", applicant], true["requests_pending_end", applicant] = done, left
        true["requests_pending_start", applicant], true["requests_received", applicant] = before, done + left - before
    for indicator in PATHS:
        true[indicator, "total"] = sum(true[indicator, applicant] for applicant in APPLICANTS[:-1])
    return RequestTable(
        true, frozenset(key for key in true if rng.random() < (blank if true[key] else max(blank, zero_blank)))
    )


def page_of(table: RequestTable, title: str = "", shuffle: Random | None = None) -> str:
    """The report with this table; `shuffle` puts the rows, their groups and the parts of the table in another order."""
    parts: dict[str, dict[str, list[str]]] = {}
    for indicator, path in PATHS.items():
        parts.setdefault(path[0], {}).setdefault(path[1] if len(path) > 1 else "", []).append(indicator)
    rows = "".join(_part(part, groups, table, shuffle) for part, groups in _ordered(parts, shuffle))
    head = {"head": f"<h1>{title}</h1>"} if title else {}
    return page_with(f"<table>{_HEAD}{rows}</table>", **head)


def _ordered(items: dict, shuffle: Random | None) -> list[tuple]:
    found = list(items.items())
    if shuffle is not None:
        shuffle.shuffle(found)
    return found


def _part(part: str, groups: dict[str, list[str]], table: RequestTable, shuffle: Random | None) -> str:
    height = sum(len(indicators) for indicators in groups.values())
    rows = []
    for group, indicators in _ordered(groups, shuffle):
        listed = sorted(indicators, key=lambda _: shuffle.random()) if shuffle is not None else indicators
        for at, indicator in enumerate(listed):
            path = PATHS[indicator]
            labels = f"<td rowspan={len(listed)}>{group}</td>" if len(path) > 2 and at == 0 else ""
            labels += f"<td colspan={4 - len(path)}>{path[-1]}</td>"
            rows.append((labels, indicator))
    first = f"<td rowspan={height}>{part}</td>" if "" not in groups else ""
    return "".join(
        f"<tr>{first if at == 0 else ''}{labels}{_cells(indicator, table)}</tr>"
        for at, (labels, indicator) in enumerate(rows)
    )


def _cells(indicator: str, table: RequestTable) -> str:
    printed = table.printed()
    values = (printed[indicator, applicant] for applicant in APPLICANTS)
    return "".join(f"<td>{'&nbsp;' if value is None else value}</td>" for value in values)
