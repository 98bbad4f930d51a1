"""The check for everyone itself: it finds what it should, and nothing on a good page."""

from __future__ import annotations

import pytest

GOOD = (
    "<html lang=nl><title>Taken</title><main><h1>Taken</h1><button>Opslaan</button></main></html>"
)


def test_a_page_that_is_in_order_passes(phone_page, assert_accessible):
    phone_page.set_content(GOOD)
    assert_accessible(phone_page)


def test_a_button_without_a_name_is_found(phone_page, assert_accessible):
    phone_page.set_content(GOOD.replace("Opslaan", ""))
    with pytest.raises(AssertionError, match="button-name"):
        assert_accessible(phone_page)


def test_targets_that_are_too_small_are_found(phone_page, assert_accessible):
    small = "<style>button {width: 9px; height: 9px; padding: 0; border: 0; display: block}</style>"
    buttons = "".join(f"<button aria-label=knop{number}></button>" for number in range(3))
    phone_page.set_content(GOOD.replace("<button>Opslaan</button>", small + buttons))
    with pytest.raises(AssertionError, match="target-size"):
        assert_accessible(phone_page)
