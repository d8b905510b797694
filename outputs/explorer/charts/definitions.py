"""Which series stand in which chart, by indicator and kind of applicant. Labels and units are the dictionary's."""

from outputs.explorer.charts.records import ORGANISATIONS

TOTAL = "total"
SUMMED = {
    ORGANISATIONS: (
        "commercial_enterprise",
        "research_institution",
        "public_interest_org",
        "legal_service_org",
        "other_org",
    )
}
"""Kinds of applicant that are added up for a series, since no column of a form has their sum."""

CHARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "requests": (
        ("requests_received", TOTAL),
        ("requests_received", "natural_person"),
        ("requests_received", ORGANISATIONS),
        ("requests_pending_start", TOTAL),
        ("requests_pending_end", TOTAL),
    ),
    "outcomes": (
        ("requests_processed", TOTAL),
        ("responses_total", TOTAL),
        ("granted_full", TOTAL),
        ("already_public", TOTAL),
        ("granted_partial", TOTAL),
        ("denied_total", TOTAL),
        ("denied_exemptions", TOTAL),
        ("unable_to_provide_total", TOTAL),
        ("information_nonexistent", TOTAL),
        ("not_this_agency", TOTAL),
        ("redirected_to_other_procedure", TOTAL),
        ("not_processed_total", TOTAL),
        ("other_handling_total", TOTAL),
    ),
    "reconsideration": (
        ("reconsideration_total", TOTAL),
        ("reconsideration_upheld", TOTAL),
        ("reconsideration_corrected", TOTAL),
        ("reconsideration_other", TOTAL),
        ("reconsideration_pending", TOTAL),
    ),
    "litigation": (
        ("litigation_total", TOTAL),
        ("litigation_upheld", TOTAL),
        ("litigation_corrected", TOTAL),
        ("litigation_other", TOTAL),
        ("litigation_pending", TOTAL),
    ),
    "disclosure": (
        ("proactive_items_disclosed", TOTAL),
        ("normative_documents_issued", TOTAL),
        ("normative_documents_disclosed", TOTAL),
        ("normative_documents_repealed", TOTAL),
        ("normative_documents_in_force", TOTAL),
        ("regulations_issued", TOTAL),
        ("regulations_in_force", TOTAL),
        ("admin_licence_decisions", TOTAL),
        ("admin_penalty_decisions", TOTAL),
        ("admin_compulsion_decisions", TOTAL),
        ("admin_fee_amount", TOTAL),
        ("disclosed_via_website", TOTAL),
        ("disclosed_via_gazette", TOTAL),
        ("disclosed_via_weibo", TOTAL),
        ("disclosed_via_wechat", TOTAL),
        ("disclosed_via_other", TOTAL),
    ),
}
"""Charts by their name, in the order of the page. Every series has a panel, and an axis, of its own."""

INDICATORS = tuple(sorted({indicator for series in CHARTS.values() for indicator, _ in series}))
