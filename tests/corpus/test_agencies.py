import re
import time

import pytest

from corpus.agencies import resolve_agency
from corpus.bodies import central_named, kind_named, zone_end
from corpus.regions import full_name, mentioned, read_regions, regions_named
from corpus.tables import read_table

# (printed name, year, hints) -> (agency_id, agency, level, region_code)
SETTLED = [
    # central bodies, short forms, former names
    ("海关总署", 2010, (), "cn-customs", "海关总署", "central", ""),
    ("中华人民共和国海关总署", 2010, (), "cn-customs", "海关总署", "central", ""),
    ("国家发改委", 2020, (), "cn-development_reform", "国家发展和改革委员会", "central", ""),
    ("国家发展改革委", 2020, (), "cn-development_reform", "国家发展和改革委员会", "central", ""),
    ("中华人民共和国财政部", 2015, (), "cn-finance", "财政部", "central", ""),
    ("国务院办公厅", 2015, (), "cn-state_council_general_office", "国务院办公厅", "central", ""),
    ("新闻出版总署", 2010, (), "cn-press", "中华人民共和国新闻出版总署", "central", ""),
    ("国家新闻出版广电总局", 2015, (), "cn-press_broadcast", "国家新闻出版广电总局", "central", ""),
    ("国家广电总局", 2009, (), "cn-broadcast_film", "国家广播电影电视总局", "central", ""),
    ("国家广电总局", 2020, (), "cn-radio_television", "国家广播电视总局", "central", ""),
    ("银监会", 2012, (), "cn-banking_regulation", "中国银行业监督管理委员会", "central", ""),
    ("中国银保监会", 2020, (), "cn-banking_insurance_regulation", "中国银行保险监督管理委员会", "central", ""),
    ("国家金融监督管理总局", 2023, (), "cn-financial_regulation", "国家金融监督管理总局", "central", ""),
    ("国土资源部", 2012, (), "cn-land_resources", "国土资源部", "central", ""),
    ("自然资源部", 2019, (), "cn-natural_resources", "自然资源部", "central", ""),
    ("国家卫计委", 2014, (), "cn-health_family_planning", "国家卫生和计划生育委员会", "central", ""),
    ("国家测绘局", 2010, (), "cn-surveying", "国家测绘局", "central", ""),
    ("国家测绘地理信息局", 2015, (), "cn-surveying", "国家测绘地理信息局", "central", ""),
    ("国务院扶贫办", 2015, (), "cn-poverty_relief", "国务院扶贫开发领导小组办公室", "central", ""),
    ("国家乡村振兴局", 2022, (), "cn-poverty_relief", "国家乡村振兴局", "central", ""),
    # provinces, municipalities, autonomous regions
    ("江苏省人民政府", 2020, (), "320000-government", "江苏省人民政府", "province", "320000"),
    ("上海市人民政府办公厅", 2019, (), "310000-general_office", "上海市人民政府办公厅", "province", "310000"),
    (
        "广西壮族自治区自然资源厅",
        2020,
        (),
        "450000-natural_resources",
        "广西壮族自治区自然资源厅",
        "province",
        "450000",
    ),
    ("广西自然资源厅", 2020, (), "450000-natural_resources", "广西壮族自治区自然资源厅", "province", "450000"),
    ("河北教育厅", 2020, (), "130000-education", "河北省教育厅", "province", "130000"),
    ("新疆生产建设兵团", 2020, (), "660000-government", "新疆生产建设兵团", "province", "660000"),
    # prefectures
    ("淮安市", 2020, (), "320800-government", "淮安市人民政府", "prefecture", "320800"),
    ("江苏省淮安市人民政府", 2020, (), "320800-government", "淮安市人民政府", "prefecture", "320800"),
    ("恩施州人民政府", 2019, (), "422800-government", "恩施土家族苗族自治州人民政府", "prefecture", "422800"),
    ("锡林郭勒盟行政公署", 2019, (), "152500-government", "锡林郭勒盟行政公署", "prefecture", "152500"),
    ("大兴安岭地区", 2019, (), "232700-government", "大兴安岭地区行政公署", "prefecture", "232700"),
    ("襄樊市人民政府", 2009, (), "420600-government", "襄樊市人民政府", "prefecture", "420600"),
    ("襄阳市人民政府", 2015, (), "420600-government", "襄阳市人民政府", "prefecture", "420600"),
    ("巢湖市人民政府", 2009, (), "341400-government", "巢湖市人民政府", "prefecture", "341400"),
    # counties, districts, banners, county-level cities
    ("巢湖市人民政府", 2015, (), "340181-government", "巢湖市人民政府", "county", "340181"),
    ("淮安市洪泽区人民政府", 2024, (), "320813-government", "淮安市洪泽区人民政府", "county", "320813"),
    ("洪泽区人民政府", 2023, (), "320813-government", "淮安市洪泽区人民政府", "county", "320813"),
    ("洪泽区", 2023, (), "320813-government", "淮安市洪泽区人民政府", "county", "320813"),
    ("洪泽县人民政府", 2012, (), "320813-government", "淮安市洪泽县人民政府", "county", "320813"),
    ("鄂温克族自治旗人民政府", 2019, (), "150724-government", "呼伦贝尔市鄂温克族自治旗人民政府", "county", "150724"),
    ("昆山市人民政府", 2019, (), "320583-government", "昆山市人民政府", "county", "320583"),
    ("仙桃市人民政府", 2019, (), "429004-government", "仙桃市人民政府", "county", "429004"),
    ("上海市浦东新区人民政府", 2019, (), "310115-government", "上海市浦东新区人民政府", "county", "310115"),
    ("万盛区人民政府", 2009, (), "500110-2011-government", "重庆市万盛区人民政府", "county", "500110"),
    ("綦江县人民政府", 2009, (), "500110-government", "重庆市綦江县人民政府", "county", "500110"),
    ("乾县人民政府", 2020, (), "610424-government", "咸阳市乾县人民政府", "county", "610424"),
    ("合肥市庐江县人民政府", 2015, (), "340124-government", "合肥市庐江县人民政府", "county", "340124"),
    ("巢湖市庐江县人民政府", 2009, (), "340124-government", "巢湖市庐江县人民政府", "county", "340124"),
    # departments and their spellings
    (
        "淮安市洪泽区发展和改革委员会",
        2020,
        (),
        "320813-development_reform",
        "淮安市洪泽区发展和改革委员会",
        "county",
        "320813",
    ),
    ("淮安市洪泽区发改委", 2020, (), "320813-development_reform", "淮安市洪泽区发展和改革委员会", "county", "320813"),
    ("淮安市洪泽区发展与改革局", 2020, (), "320813-development_reform", "淮安市洪泽区发展和改革局", "county", "320813"),
    ("洪泽发改委", 2020, (), "320813-development_reform", "淮安市洪泽区发展和改革委员会", "county", "320813"),
    ("浦东新区发展改革委", 2019, (), "310115-development_reform", "上海市浦东新区发展和改革委员会", "county", "310115"),
    ("淮安市国土资源局", 2012, (), "320800-land_resources", "淮安市国土资源局", "prefecture", "320800"),
    ("淮安市自然资源和规划局", 2020, (), "320800-natural_resources", "淮安市自然资源和规划局", "prefecture", "320800"),
    ("淮安市卫计委", 2015, (), "320800-health_family_planning", "淮安市卫生和计划生育委员会", "prefecture", "320800"),
    ("淮安市人社局", 2015, (), "320800-human_resources", "淮安市人力资源和社会保障局", "prefecture", "320800"),
    (
        "淮安市城市管理综合执法局",
        2015,
        (),
        "320800-city_management",
        "淮安市城市管理综合执法局",
        "prefecture",
        "320800",
    ),
    ("淮安市洪泽区政府办公室", 2020, (), "320813-general_office", "淮安市洪泽区人民政府办公室", "county", "320813"),
    ("淮安市洪泽生态环境局", 2020, (), "320813-ecology_environment", "淮安市洪泽生态环境局", "county", "320813"),
    ("南京市公安局鼓楼分局", 2020, (), "320106-public_security", "南京市公安局鼓楼分局", "county", "320106"),
    ("淮安市教育局（本级）", 2020, (), "320800-education", "淮安市教育局", "prefecture", "320800"),
    # names without their region, and names that several regions bear, with hints
    (
        "发改委",
        2020,
        ("淮安市洪泽区人民政府",),
        "320813-development_reform",
        "淮安市洪泽区发展和改革委员会",
        "county",
        "320813",
    ),
    ("区教育局", 2020, ("首页 > 淮安市洪泽区",), "320813-education", "淮安市洪泽区教育局", "county", "320813"),
    ("市政府办公厅", 2020, ("苏州市",), "320500-general_office", "苏州市人民政府办公厅", "prefecture", "320500"),
    ("鼓楼区人民政府", 2020, ("中国南京",), "320106-government", "南京市鼓楼区人民政府", "county", "320106"),
    ("鼓楼区人民政府", 2020, ("福建省人民政府",), "350102-government", "福州市鼓楼区人民政府", "county", "350102"),
    ("朝阳区教育局", 2020, ("北京市",), "110105-education", "北京市朝阳区教育局", "county", "110105"),
    # branches of central systems
    ("北京海关", 2019, (), "110000-customs_office", "北京海关", "province", "110000"),
    ("中华人民共和国北京海关", 2019, (), "110000-customs_office", "北京海关", "province", "110000"),
    ("国家税务总局北京市税务局", 2019, (), "110000-tax_bureau", "国家税务总局北京市税务局", "province", "110000"),
    ("淮安市洪泽区税务局", 2019, (), "320813-tax_bureau", "国家税务总局淮安市洪泽区税务局", "county", "320813"),
    ("江苏省国家税务局", 2012, (), "320000-state_tax_bureau", "江苏省国家税务局", "province", "320000"),
    ("江苏证监局", 2012, (), "320000-securities_bureau", "中国证券监督管理委员会江苏监管局", "province", "320000"),
    ("国家统计局淮安调查队", 2012, (), "320800-statistics_survey_team", "国家统计局淮安调查队", "prefecture", "320800"),
    # traditional script
    ("廣東省人民政府辦公廳", 2015, (), "440000-general_office", "广东省人民政府办公厅", "province", "440000"),
    ("上海市環境保護局", 2010, (), "310000-environmental_protection", "上海市环境保护局", "province", "310000"),
]


@pytest.mark.parametrize(("name", "year", "hints", "agency_id", "agency", "level", "code"), SETTLED)
def test_a_name_means_one_body(name, year, hints, agency_id, agency, level, code):
    found = resolve_agency(name, year, hints)
    assert (found.agency_id, found.agency, found.level, found.region_code) == (agency_id, agency, level, code)
    assert not found.ambiguous
    assert found.how in {"registry", "pattern"}


@pytest.mark.parametrize(
    ("name", "year", "hints", "readings"),
    [
        (
            "鼓楼区人民政府",
            2020,
            (),
            (
                "320106-government 南京市鼓楼区人民政府",
                "320302-government 徐州市鼓楼区人民政府",
                "350102-government 福州市鼓楼区人民政府",
                "410204-government 开封市鼓楼区人民政府",
            ),
        ),
        # Both 南京 and 徐州 lie in 江苏: the province settles nothing.
        ("鼓楼区", 2020, ("江苏省",), None),
        (
            "通州区人民政府",
            2020,
            (),
            ("110112-government 北京市通州区人民政府", "320612-government 南通市通州区人民政府"),
        ),
        ("教育局", 2020, (), ()),
        ("高新区管委会", 2020, (), ()),
        ("巢湖市人民政府", None, (), None),
        ("东乡县人民政府", 2012, (), None),
        # Two cities are named: neither is chosen.
        ("市教育局", 2020, ("苏州市", "无锡市"), ()),
    ],
)
def test_an_unsettled_name_is_not_guessed(name, year, hints, readings):
    found = resolve_agency(name, year, hints)
    assert found.ambiguous
    assert found.region_code == ""
    assert re.fullmatch(r"place-[0-9a-f]{8}-[a-z_]+", found.agency_id)
    if readings is not None:
        assert found.candidates == readings


def test_an_unsettled_name_has_a_stable_id_for_all_its_spellings():
    assert resolve_agency("鼓楼区", 2020).agency_id == resolve_agency("鼓楼区人民政府", 2021).agency_id


def test_a_short_form_alone_stays_open_between_the_centre_and_a_local_body():
    found = resolve_agency("发改委")
    assert (found.agency_id, found.ambiguous) == ("cn-development_reform", True)


@pytest.mark.parametrize(
    "name",
    [
        "平潭综合实验区",
        "平潭综合实验区管委会",
        "平潭综合实验区管理委员会",
        "福建省平潭综合实验区管委会",
        "平潭综合实验区党工委管委会",
    ],
)
def test_a_zone_is_its_committee_in_every_spelling(name):
    found = resolve_agency(name, 2014)
    assert found.agency == "平潭综合实验区管委会"
    assert found.agency_id == resolve_agency("平潭综合实验区", 2023).agency_id
    assert (found.kind, found.level) == ("zone_committee", "unknown")


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("苏州工业园区", "江苏省苏州市工业园区管理委员会", "320500"),
        ("合肥高新技术产业开发区管委会", "合肥市高新区", "340100"),
        ("淮安经济技术开发区", "淮安市经济技术开发区管委会", "320800"),
    ],
)
def test_a_zone_keeps_its_id_however_its_city_is_printed(one, other, code):
    assert resolve_agency(one, 2019).agency_id == resolve_agency(other, 2021).agency_id
    assert resolve_agency(one, 2019).region_code == resolve_agency(other, 2021).region_code == code


def test_a_zone_class_takes_its_city_from_the_hints():
    found = resolve_agency("高新区管委会", 2019, ("合肥市人民政府",))
    assert found.agency == "合肥市高新区管委会"
    assert found.agency_id == resolve_agency("合肥高新区", 2019).agency_id


def test_a_body_of_a_zone_is_none_of_the_county_beside_it():
    zone = resolve_agency("平潭综合实验区财政金融局", 2014)
    assert zone.kind == "finance_economy"
    assert zone.agency_id.startswith("zone-")
    assert resolve_agency("平潭县人民政府", 2014).agency_id == "350128-government"


@pytest.mark.parametrize(
    ("name", "agency", "kind", "code"),
    [
        ("长沙县黄兴镇人民政府", "长沙市长沙县黄兴镇人民政府", "township_government", "430121"),
        ("长沙县黄兴镇", "长沙市长沙县黄兴镇人民政府", "township_government", "430121"),
        ("北京市朝阳区建外街道办事处", "北京市朝阳区建外街道办事处", "street_office", "110105"),
        ("东莞市虎门镇政府", "东莞市虎门镇人民政府", "township_government", "441900"),
    ],
)
def test_townships(name, agency, kind, code):
    found = resolve_agency(name, 2019)
    assert (found.agency, found.level, found.kind, found.region_code) == (agency, "township", kind, code)
    assert not found.ambiguous


def test_a_township_without_its_county_is_open():
    found = resolve_agency("敖东镇人民政府", 2015)
    assert (found.level, found.region_code, found.ambiguous) == ("township", "", True)


def test_a_customs_house_is_one_body_even_where_its_place_is_no_region():
    found = resolve_agency("黄埔海关", 2019)
    assert (found.agency, found.region_code, found.ambiguous) == ("黄埔海关", "", False)


@pytest.mark.parametrize(
    ("name", "agency", "kind"),
    [
        ("某山县教育局", "某山县教育局", "education"),
        ("昆明市某某区教育体育局", "昆明市某某区教育体育局", "education_sports"),
        ("某岚市", "某岚市人民政府", "government"),
    ],
)
def test_a_region_that_no_registry_holds_is_read_by_its_form_and_gets_no_code(name, agency, kind):
    found = resolve_agency(name, 2019)
    assert (found.agency, found.kind, found.region_code, found.how) == (agency, kind, "", "pattern")


def test_a_body_of_an_unlisted_district_is_none_of_its_city():
    found = resolve_agency("上海市某浦区交通管理总站", 2019)
    assert (found.region_code, found.level) == ("", "unknown")


@pytest.mark.parametrize("name", ["abc", "今天天气不错", "12345"])
def test_nonsense_is_nobody(name):
    found = resolve_agency(name, 2020)
    assert (found.how, found.level, found.region_code, found.kind) == ("none", "unknown", "", "")
    assert found.agency_id.isascii()


def test_an_empty_name_has_no_id():
    assert resolve_agency(" ", 2020).agency_id == ""


def test_an_organisation_of_no_listed_kind_keeps_an_id_of_its_own():
    court = resolve_agency("淮安市洪泽区人民法院", 2020)
    assert court.agency_id.startswith("320813-other-")
    assert resolve_agency("某某大学", 2020).kind == "other"


def test_successors_are_recorded_and_not_merged():
    kinds = {row["kind"]: row for row in read_table("agency_kinds.csv")}
    assert kinds["land_resources"]["successor"] == "natural_resources"
    assert resolve_agency("淮安市国土资源局").agency_id != resolve_agency("淮安市自然资源局").agency_id
    central = {row["name"]: row for row in read_table("central_bodies.csv")}
    assert central["农业部"]["successor"] == "cn-agriculture_rural"


def test_every_successor_and_parent_exists():
    kinds = read_table("agency_kinds.csv")
    central = read_table("central_bodies.csv")
    region_rows = read_table("regions.csv")
    slugs = {row["kind"] for row in kinds}
    ids = {row["agency_id"] for row in central}
    codes = {row["code"] for row in region_rows}
    assert {row["successor"] for row in kinds} - slugs == {""}
    assert {row["system"] for row in kinds} - ids == {""}
    assert {one for row in central for one in row["successor"].split()} <= ids
    assert {row["successor"] for row in region_rows} - codes == {""}
    assert {row["parent"] for row in region_rows} - codes == {""}


def test_no_spelling_means_two_kinds():
    owner: dict[str, str] = {}
    for row in read_table("agency_kinds.csv"):
        if row["use"] == "kind":
            for spelling in (row["name"], *filter(None, row["spellings"].split("|"))):
                assert owner.setdefault(spelling, row["kind"]) == row["kind"]


def test_every_region_in_force_resolves_by_its_full_name():
    missed = []
    for row in read_table("regions.csv"):
        if row["valid_to"] == "" and int(row["valid_from"] or 0) < 2025:
            region = next(one for one in regions_named(row["name"]) if one.code == row["code"])
            found = resolve_agency(full_name(region, 2024) + "财政局", 2024)
            if found.agency_id != f"{region.identity}-finance":
                missed.append(row["name"])
    assert missed == []


def test_region_chains_mentions_and_paths():
    found, end = read_regions("吉林省吉林市船营区教育局")
    assert ([region.code for region in found], end) == (["220204"], 9)
    assert [region.name for region in mentioned(["地址：淮安市洪泽区某路1号"])] == ["江苏省", "淮安市", "洪泽区"]
    assert full_name(regions_named("济源市")[-1]) == "济源市"


def test_small_look_ups():
    assert kind_named("卫健委").name == "卫生健康委员会"
    assert kind_named("某某局") is None
    assert central_named("中华人民共和国教育部")[0].agency_id == "cn-education"
    assert zone_end("教育局") == 0


def test_hostile_names_end_in_time():
    started = time.perf_counter()
    for name in ("市" * 5000, "公安局分局" * 1000, "镇" * 3000, "开发区" * 1000):
        resolve_agency(name, 2020)
    assert time.perf_counter() - started < 20
