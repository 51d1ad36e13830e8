"""The frame in a real browser: nothing refused by the policy, readable to all, usable with keys."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browsers import browser, live_server
from tests.web.conftest import PASSWORD, open_account
from wuju.access.models import Grant, User

__all__ = ["browser", "live_server"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(
    browser: Browser,
    live_server: LiveServer,
    request: pytest.FixtureRequest,
    officer: User,
) -> Iterator[Page]:
    """Return a signed-in page whose console messages are collected on `page.complaints`."""
    context = browser.new_context(
        viewport=request.param, is_mobile=request.param is PHONE, base_url=live_server.url
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/login")
    page.fill("[name=username]", officer.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(live_server.url + "/")
    yield page
    assert [text for text in complaints if "Content Security Policy" in text] == []
    context.close()


@pytest.mark.parametrize("address", ["/", "/styleguide", "/password", "/account/", "/nowhere"])
def test_the_page_is_accessible_and_fits(page: Page, address: str) -> None:
    page.goto(address)

    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("role", ["system_admin", "security_admin"])
def test_the_pages_of_administrators_are_accessible(page: Page, role: str, officer: User) -> None:
    grant = Grant.objects.get(user=officer)
    Grant.objects.filter(pk=grant.pk).update(role=role)
    Grant.objects.create(
        user=open_account("auditor", grant.organization, username="shenji"),
        role="clerk",
        organization=grant.organization,
        from_on=grant.from_on,
    )
    for address in ("/accounts/", f"/accounts/{User.objects.get(username='shenji').pk}/"):
        page.goto(address)
        assert "谁也不能给自己授权" in page.inner_text("main")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_login_page_is_accessible(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/login")

    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_keys_walk_the_rows_and_show_themselves(page: Page) -> None:
    page.goto("/styleguide")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert "没有记录" in page.evaluate("document.activeElement.textContent")

    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_typing_is_not_taken_for_keys(page: Page) -> None:
    page.goto("/styleguide")
    field = page.locator("#id_topic")
    field.fill("")
    field.press("j")
    field.press("?")

    assert field.input_value() == "j?"
    assert not page.locator("#keys").is_visible()
