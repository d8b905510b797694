"""The site on loopback, for tests of the fetch as a whole: one for each module, since a module shares its archive."""

import pytest
from site_server import GovernmentSite


@pytest.fixture(scope="module")
def site():
    with GovernmentSite() as running:
        yield running
