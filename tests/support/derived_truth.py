"""What follows from the typed records of a page: sums over typed facts, facts from typed claims.

Written by hand from the forms and from the rules of docs/how-it-reads.md; nothing here reads the concordance.
"""

import csv
from collections import defaultdict
from decimal import Decimal

from golden_pages import Golden

from parsers.records import Claim, ClaimKind

APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_org",
    "legal_service_org",
    "other_org",
)
_EXEMPTIONS = (
    "denied_state_secret",
    "denied_other_law",
    "denied_safety_stability",
    "denied_third_party",
    "denied_internal",
    "denied_process",
    "denied_case_file",
)
_C = {
    "denied_total": (*_EXEMPTIONS, "denied_administrative_inquiry"),
    "denied_exemptions": _EXEMPTIONS,
    "unable_to_provide_total": ("not_held", "requires_creation", "unclear_after_correction"),
    "not_processed_total": (
        "not_processed_petition",
        "not_processed_duplicate",
        "not_processed_publication",
        "not_processed_excessive",
        "not_processed_confirm",
    ),
    "litigation_total": ("litigation_direct_total", "litigation_post_review_total"),
    "litigation_upheld": ("litigation_direct_upheld", "litigation_post_review_upheld"),
    "litigation_corrected": ("litigation_direct_corrected", "litigation_post_review_corrected"),
    "litigation_other": ("litigation_direct_other", "litigation_post_review_other"),
    "litigation_pending": ("litigation_direct_pending", "litigation_post_review_pending"),
}
_OTHER_HANDLING = ("other_handling_no_correction", "other_handling_fee_unpaid", "other_handling_misc")
_NOT_HELD = ("information_nonexistent", "not_this_agency")
_SHANGHAI = {
    "requests_online": ("requests_email", "requests_web_form"),
    "denied_third_party": ("denied_trade_secret", "denied_personal_privacy"),
    "not_held": _NOT_HELD,
    "unable_to_provide_total": (*_NOT_HELD, "unclear_after_correction"),
}
SUMS = {
    "A_SH_2004": {
        **_SHANGHAI,
        "denied_exemptions": (
            "denied_state_secret",
            "denied_trade_secret",
            "denied_personal_privacy",
            "denied_process",
            "denied_case_file",
            "denied_other_law",
        ),
    },
    "A_SH_2008": _SHANGHAI,
    "B_2014_32": {
        "granted_full": ("already_public", "granted_excluding_already_public"),
        "denied_third_party": ("denied_trade_secret", "denied_personal_privacy"),
        "denied_exemptions": (
            "denied_state_secret",
            "denied_trade_secret",
            "denied_personal_privacy",
            "denied_safety_stability",
            "denied_other_law",
        ),
        "not_held": _NOT_HELD,
        "unable_to_provide_total": (*_NOT_HELD, "unclear_after_correction"),
    },
    "C1_2019_60": _C,
    "C2_2021_30": {**_C, "other_handling_total": _OTHER_HANDLING},
}


def sums(golden: Golden, form_ids: tuple[str, ...]) -> dict[tuple[str, str, str], Decimal]:
    """The sums over the typed facts of a page that has tables of these forms, where each part is a number."""
    typed = golden.facts()
    number = {key: value for key, (value, _, state) in typed.items() if state == "number"}
    found: dict[tuple[str, str, str], Decimal] = {}
    for form_id in form_ids:
        for whole, parts in SUMS.get(form_id, {}).items():
            for applicant in ("total", *APPLICANTS):
                keys = [(part, applicant, "annual") for part in parts]
                if all(key in number for key in keys):
                    found[whole, applicant, "annual"] = sum((number[key] for key in keys), Decimal(0))
    for indicator, applicant, measure in typed:
        keys = [(indicator, column, measure) for column in APPLICANTS]
        if applicant == "total" and all(key in number for key in keys):
            found[indicator, "total", measure] = sum((number[key] for key in keys), Decimal(0))
    return {key: value for key, value in found.items() if key not in number}


def typed_claims(golden: Golden) -> tuple[Claim, ...]:
    """The typed claims of a page as the reader of prose would hand them on, each in a block of its own."""
    with golden.record("claims.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds: dict[str, ClaimKind] = {"元": "amount", "%": "share"}
    return tuple(
        Claim(
            block_no=no,
            char_start=0,
            char_end=len(row["raw"]),
            section_no=None,
            sentence=row["sentence"],
            subject=row["subject"],
            raw=row["raw"],
            value=Decimal(row["value"]),
            unit=row["unit"],
            share_percent=None,
            approximate=row["approximate"] == "1",
            indicator=row["indicator"],
            mapping="exact" if row["indicator"] else "none",
            kind=kinds.get(row["unit"], "count"),
            period="year",
            zero_in_words=row["zero_in_words"] == "1",
            whole_start=None,
            last_digit=Decimal(1),
        )
        for no, row in enumerate(rows)
    )


def stated(claims: tuple[Claim, ...]) -> dict[tuple[str, str, str], set[Decimal]]:
    """All values that claims give a quantity for the report and its year."""
    found = defaultdict(set)
    for claim in claims:
        applicant = claim.indicator.removeprefix("requests_received_")
        if claim.indicator:
            split = applicant != claim.indicator
            key = ("requests_received", applicant) if split else (claim.indicator, "total")
            found[*key, "annual"].add(claim.value)
    return dict(found)
