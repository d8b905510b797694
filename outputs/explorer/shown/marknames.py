"""What the marks of reports are called in the explorer: by their words and in its style."""

from outputs.marks import BALANCED, DUPLICATE, FAILED, MISSING, PARSED, UNBALANCED

MARK_NAMES = {
    BALANCED: "balanced",
    PARSED: "parsed",
    UNBALANCED: "unbalanced",
    DUPLICATE: "duplicate",
    FAILED: "failed",
    MISSING: "missing",
}
"""Names of the marks, in the order in which they are explained."""
