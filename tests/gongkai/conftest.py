"""Pages for the front door: one report of a made-up county bureau, and what lies beside reports."""

import pytest

REVIEW_TABLE = """
<table border="1">
<tr><td colspan="5">行政复议</td><td colspan="10">行政诉讼</td></tr>
<tr><td rowspan="2">结果维持</td><td rowspan="2">结果纠正</td><td rowspan="2">其他结果</td>
<td rowspan="2">尚未审结</td>
<td rowspan="2">总计</td><td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr>
<tr><td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>
<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td></tr>
<tr><td>3</td><td>1</td><td></td><td>2</td><td>6</td><td>0</td><td>0</td><td>0</td><td>1</td><td>1</td>
<td>0</td><td>0</td><td>0</td><td>0</td><td>0</td></tr>
</table>
"""

REPORT = f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>清河县财政局2022年政府信息公开工作年度报告</title></head>
<body><div>首页 &gt; 政府信息公开年报</div>
<h1>清河县财政局2022年政府信息公开工作年度报告</h1>
<p>根据《中华人民共和国政府信息公开条例》，现公布清河县财政局2022年政府信息公开工作年度报告。</p>
<p>一、总体情况</p><p>本机关认真落实条例要求，回应社会关切。统计期限自2022年1月1日起至2022年12月31日止。</p>
<p>二、政府信息公开行政复议、行政诉讼情况</p>{REVIEW_TABLE}
<p>三、存在的主要问题及改进情况</p><p>公开的深度还有不足，将加强培训。</p>
<p>四、其他需要报告的事项</p><p>无其他需要报告的事项。</p>
</body></html>"""


NOTICE = """<html><head><meta charset="utf-8"><title>停水通知</title></head><body>
<p>各位居民：因管网检修，定于本周六上午八时至十二时停水，请提前做好储水准备，不便之处敬请谅解。</p>
<p>检修期间如遇水质浑浊，请放水片刻后使用。如有疑问，可拨打供水服务热线咨询。</p>
<p>本次检修涉及东城路以西、南环路以北的住宅小区和沿街商铺，检修完成后将逐步恢复供水，高层住户恢复时间可能略有延迟。
请各小区物业管理单位及时将本通知告知业主，并做好二次供水设施的检查和维护，确保恢复供水后水质达标、水压正常。</p>
<p>供水单位已准备应急送水车，行动不便的老人和医疗机构可提前登记，由工作人员上门送水。施工路段将临时封闭一条车道，
请过往车辆减速慢行，听从现场人员指挥。由此给您的生活带来不便，我们深表歉意，并感谢您的理解与支持。</p></body></html>""".encode()


@pytest.fixture(scope="session")
def notice_page():
    return NOTICE


@pytest.fixture(scope="session")
def report_page():
    return REPORT.encode()


@pytest.fixture
def archive(tmp_path, report_page):
    """Make a folder with a report, a copy of it, an empty file and a notice."""
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "2022.html").write_bytes(report_page)
    (folder / "copy.html").write_bytes(report_page)
    (folder / "empty.html").write_bytes(b"")
    (folder / "notice.html").write_bytes(NOTICE)
    return folder
