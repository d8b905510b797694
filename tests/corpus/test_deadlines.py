"""Which body owed its report by which day, and what an agency id tells of the body."""

from datetime import date

import pytest

from corpus.agencies import resolve_agency
from corpus.agency_ids import IdParts, existed, parts_of
from corpus.deadlines import Deadline, bodies_of, deadline_of, first_owed_year

LAW_2007 = "国务院令第492号, article 31"
DEPARTMENTS, GOVERNMENTS = "国务院令第711号, article 49(1)", "国务院令第711号, article 49(2)"


@pytest.mark.parametrize(
    ("name", "bodies"),
    [
        ("淮安市洪泽区人民政府", "government"),
        ("江苏省人民政府", "government"),
        ("淮安市洪泽区教育局", "department"),
        ("江苏省教育厅", "department"),
        ("上海市人民政府办公厅", "either"),
        ("平潭综合实验区管委会", "administrative"),
        ("平潭综合实验区财政金融局", "administrative"),
        ("淮安市洪泽区高良涧街道办事处", "administrative"),
        ("淮安市洪泽区岔河镇人民政府", "administrative"),
        ("国家税务总局淮安市税务局", "administrative"),
        ("黄埔海关", "administrative"),
        ("海关总署", "department"),
        ("教育部", "department"),
        ("国务院办公厅", "administrative"),
        ("中国气象局", "organisation"),
        ("淮安市妇女联合会", "organisation"),
        ("淮安市第一人民医院", "organisation"),
        ("某某供水集团有限公司", "organisation"),
    ],
)
def test_the_kind_of_body_decides_what_it_is_to_the_law(name, bodies):
    assert bodies_of(resolve_agency(name, 2020).agency_id) == bodies


def test_the_law_of_2007_bound_every_administrative_organ():
    day = date(2019, 3, 31)
    for agency_id in ("320813-government", "320813-education", "320813-0709e8e5-street_office", "cn-customs"):
        assert deadline_of(agency_id, 2018) == Deadline(day, day, LAW_2007, "")
    assert deadline_of("320813-education", 2008).last == date(2009, 3, 31)
    assert deadline_of("320800-women_federation", 2018) == Deadline(None, None, "", "body_not_named")


def test_the_law_of_2019_names_departments_and_governments():
    january, march = date(2020, 1, 31), date(2020, 3, 31)
    assert deadline_of("320813-education", 2019) == Deadline(january, january, DEPARTMENTS, "")
    assert deadline_of("cn-customs", 2019) == Deadline(january, january, DEPARTMENTS, "")
    assert deadline_of("320813-government", 2019) == Deadline(march, march, GOVERNMENTS, "")


def test_an_office_of_a_government_has_either_deadline():
    basis = f"{DEPARTMENTS} or {GOVERNMENTS}"
    assert deadline_of("310000-general_office", 2021) == Deadline(date(2022, 1, 31), date(2022, 3, 31), basis, "")


@pytest.mark.parametrize(
    "agency_id", ["320813-0709e8e5-street_office", "zone-2238cae3-zone_committee", "name-d2b3cdf6", "cn-meteorology"]
)
def test_whom_the_law_of_2019_does_not_name_has_no_deadline(agency_id):
    assert deadline_of(agency_id, 2021) == Deadline(None, None, "", "body_not_named")


def test_no_law_asked_for_a_report_on_a_year_before_2008():
    assert first_owed_year() == 2008
    assert deadline_of("310000-government", 2007) == Deadline(None, None, "", "before_the_law")


@pytest.mark.parametrize(
    ("agency_id", "parts"),
    [
        ("320813-education", IdParts("region", "education", "320813", "county")),
        ("310000-general_office", IdParts("region", "general_office", "310000", "province")),
        ("500110-2011-education", IdParts("region", "education", "500110-2011", "county")),
        ("320813-0709e8e5-street_office", IdParts("township", "street_office", "320813", "township")),
        ("320813-other-0709e8e5", IdParts("region", "other", "320813", "county")),
        ("zone-2238cae3-zone_committee", IdParts("zone", "zone_committee", "", "unknown")),
        ("place-1842a629-township_government", IdParts("place", "township_government", "", "township")),
        ("place-807c8dcf-other-12345678", IdParts("place", "other", "", "unknown")),
        ("name-d2b3cdf6", IdParts("name", "", "", "unknown")),
        ("cn-education", IdParts("central", "department", "", "central")),
        ("cn-education-other-0709e8e5", IdParts("central", "other", "", "central")),
    ],
)
def test_an_id_is_taken_apart(agency_id, parts):
    assert parts_of(agency_id) == parts


@pytest.mark.parametrize(
    ("agency_id", "year", "there"),
    [
        ("320813-education", 2010, True),
        ("110103-government", 2009, True),  # 崇文区 was joined to 东城区 in 2010
        ("110103-government", 2010, False),
        ("320813-natural_resources", 2017, False),  # the reform of 2018 made them
        ("320813-natural_resources", 2018, False),
        ("320813-natural_resources", 2019, True),
        ("320813-land_resources", 2017, True),
        ("320813-land_resources", 2018, False),
        ("320813-development_reform", 2010, True),  # took over the work of another in 2018, and is older
        ("cn-supervision", 2017, True),
        ("cn-supervision", 2019, False),
        ("cn-education", 2009, True),
        ("name-d2b3cdf6", 2015, False),
    ],
)
def test_the_registries_know_when_a_body_was_there(agency_id, year, there):
    assert existed(agency_id, year) is there
