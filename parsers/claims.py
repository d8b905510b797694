"""Prose → claims: the numbers that sentences state, with their subject, unit and meaning."""

from parsers.records import Block, Claim, Identity


def read_claims(blocks: tuple[Block, ...], identity: Identity) -> tuple[Claim, ...]:
    """Claims of a report in reading order."""
    return ()
