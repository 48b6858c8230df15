"""A villager with a telephone: scans the printed code, reads, is refused in public, is cut off."""

from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Request

from pledge_pages.village import links
from tests.village.conftest import build_village, path_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def village():
    return build_village()


def test_a_villager_reads_with_a_telephone_until_the_link_is_revoked(
    live_server, browser, village, tmp_path
) -> None:
    link = links.issue(village.pilots["SGZ"], by=village.lead)
    address = read_from_the_wall(tmp_path / "board.pdf")
    assert address == path_of(link)
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=False
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.extend(failure_of(request)))

    page.goto(f"{live_server.url}{address}")
    assert page.url == f"{live_server.url}/v/"
    assert [(cookie["path"], cookie["httpOnly"]) for cookie in context.cookies()] == [("/v/", True)]
    assert "印出的二维码是提示，不是锁" in page.locator(".village-notice").inner_text()
    photo = page.locator("img").first
    assert photo.evaluate("image => image.naturalWidth") == 240

    page.locator("h3 a").first.click()
    assert page.url == f"{live_server.url}/v/{village.members['SGZ-M001'].public_id}/"
    assert page.locator("h1").inner_text() == "史长SGZ1"
    page.get_by_text("English").click()
    assert page.locator("h1").inner_text() == "Shi Changsgz1"
    page.locator(".pp-trail a").click()
    assert "Sweep the village gate" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    links_away = page.locator("a:not([href^='/v/']):not([href^='?']):not([href^='#'])")
    assert links_away.count() == 0
    assert complaints == []

    public = page.goto(f"{live_server.url}/zh-hans/work-plan/village-1/")
    assert public is not None
    assert public.status == 404
    assert "village" not in public.request.all_headers().get("cookie", "")

    links.revoke(link, by=village.lead, reason="photographed")
    for address in ("/v/", f"/v/{village.members['SGZ-M001'].public_id}/"):
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None
        assert answer.status == 404
    assert Client().get("/v/").status_code == 404
    context.close()


def read_from_the_wall(file: Path) -> str:
    """Print the board to ``file``, and return the address in the code as a camera reads it."""
    call_command("poster", "SGZ", str(file), size="A3", by="lead", verbosity=0)
    with pypdfium2.PdfDocument(file) as printed:
        seen = printed[0].render(scale=2).to_pil()
    (code,) = zxingcpp.read_barcodes(seen, formats=zxingcpp.BarcodeFormat.QRCode)
    return urlsplit(code.text).path


def failure_of(request: Request) -> list[str]:
    """Return the address of a request that failed, unless the reader went on before it ended."""
    return [] if request.failure == "net::ERR_ABORTED" else [request.url]
