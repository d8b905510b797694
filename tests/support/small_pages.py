"""Reports of a few lines, for tests that look at one thing."""

TITLE = "样本市民政局2021年政府信息公开工作年度报告"
HEAD_ROW = "<tr><td>指标</td><td>单位</td><td>数量</td></tr>"
OPEN_DATA_ROW = "<tr><td>主动公开信息数</td><td>条</td><td>{}</td></tr>"
REQUESTS_ROW = "<tr><td>受理依申请公开信息总数</td><td>条</td><td>5</td></tr>"


def page_with(table: str = "", *, head: str = f"<h1>{TITLE}</h1>", site: str = "", end: str = "") -> str:
    """A report with `table` under its second heading, `head` above, `end` below, `site` as the page's own title."""
    return (
        f"<html><head><title>{site}</title></head><body>{head}<p>一、总体情况</p>"
        "<p>根据《中华人民共和国政府信息公开条例》编制本报告，统计期限为2021年1月1日至12月31日。</p>"
        f"<p>二、主动公开政府信息情况</p>{table}<p>三、存在的主要问题及改进情况</p><p>无。</p>{end}</body></html>"
    )


def own_table(value: str = "12", *, rows: str = REQUESTS_ROW) -> str:
    """An agency's own table of two indicators; `value` is what stands in the first value cell."""
    return f"<table>{HEAD_ROW}{OPEN_DATA_ROW.format(value)}{rows}</table>"
