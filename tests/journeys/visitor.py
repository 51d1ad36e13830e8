"""A person at a browser: what they see, what they press, and what the page did behind their back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.conftest import PASSWORD

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SHOTS = Path(__file__).parents[1] / "screenshots"
WANTED = os.environ.get("WUJU_SCREENSHOTS") == "1"


@dataclass(slots=True)
class Visitor:
    """One signed-in person. Whatever the console says, and whoever else is asked, is kept."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    refusals: int = 0

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def opens(self, address: str) -> None:
        self.page.goto(address)

    def sees(self, text: str, where: Locator | None = None) -> None:
        expect(where or self.main).to_contain_text(text)

    def does_not_see(self, text: str, where: Locator | None = None) -> None:
        expect(where or self.main).not_to_contain_text(text)

    def follows(self, name: str, where: Locator | None = None) -> None:
        (where or self.main).get_by_role("link", name=name).first.click()

    def presses(self, name: str, where: Locator | None = None) -> None:
        (where or self.main).get_by_role("button", name=name, exact=True).click()

    def fills(self, where: Locator | None = None, /, **said: str) -> None:
        """Type into the fields with these labels."""
        for label, text in said.items():
            (where or self.main).get_by_label(label).fill(text)

    def desk(self, title: str) -> Locator:
        """Return the sheet with this heading, or the folded one with this summary, unfolded."""
        named = self.page.get_by_role("heading", name=title, exact=True)
        return self.main.locator("section.sheet").filter(has=named)

    def line(self, text: str) -> Locator:
        """Return the row of a table that says this."""
        return self.main.get_by_role("row").filter(has_text=text)

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Expect the server to answer 409."""
        self.refusals += 1
        with self.page.expect_response(lambda answer: answer.status == 409):
            yield
        self.page.wait_for_load_state()

    @property
    def unexpected(self) -> list[str]:
        """What the console said, but for the browser's own word on each refusal that was expected."""
        left = list(self.complaints)
        for _ in range(self.refusals):
            left.remove(next(said for said in left if "409 (Conflict)" in said))
        return left

    def asked(self, address: str) -> None:
        if not address.startswith((self.home, "data:", "blob:")):
            self.strangers.append(address)


@dataclass(slots=True)
class House:
    """The people who come in by the door of one live server. `skeletons` are those axe has seen."""

    browser: Browser
    home: str
    visitors: list[Visitor] = field(default_factory=list)
    skeletons: set[str] = field(default_factory=set)

    def sign_in(self, username: str, *, phone: bool = False, script: bool = True) -> Visitor:
        context = self.browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            is_mobile=phone,
            java_script_enabled=script,
            base_url=self.home,
            accept_downloads=True,
        )
        context.set_default_timeout(10_000)
        visitor = Visitor(context.new_page(), self.home)
        visitor.page.on("console", lambda message: visitor.complaints.append(message.text))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        context.on("request", lambda request: visitor.asked(request.url))
        self.visitors.append(visitor)
        visitor.opens("/login")
        visitor.fills(账号=username, 密码=PASSWORD)
        visitor.presses("登录")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("今日")
        return visitor

    def look(self, visitor: Visitor, skeleton: str, *, axe: bool = True) -> None:
        """Look at a page: it fits the window, and anybody can use it."""
        page = visitor.page
        if WANTED:
            picture(page, SHOTS / f"{skeleton}.png")
        if axe and skeleton not in self.skeletons:
            self.skeletons.add(skeleton)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{skeleton}: {found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{skeleton} is {wide} px wider than the window"

    def leave(self) -> None:
        for visitor in self.visitors:
            visitor.page.context.close()
        assert [said for visitor in self.visitors for said in visitor.unexpected] == []
        assert [asked for visitor in self.visitors for asked in visitor.strangers] == []


def picture(page: Page, path: Path) -> None:
    """Save the whole page. The window is made as high as it, or sticky bars would lie in the middle."""
    path.parent.mkdir(exist_ok=True)
    window = page.viewport_size or DESK
    height = page.locator("body").bounding_box() or window
    page.set_viewport_size({"width": window["width"], "height": int(height["height"]) + 1})
    page.screenshot(path=path, full_page=True)
    page.set_viewport_size({"width": window["width"], "height": window["height"]})
