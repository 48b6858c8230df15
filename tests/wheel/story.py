"""One branch's story, told inside the site that the tests made; prints what was seen as JSON.

Usage: python story.py SERVER SNIPPETS.json, in the folder of the site. Visits are real requests to
SERVER, which is another process; staff act through Django's test client and the plugin's actions.
"""

import io
import json
import re
import sys
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

SERVER = sys.argv[1]
SNIPPETS = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
NOWHERE = "/work-plan/village-1/0000000000/"
PLEDGE = "Sweep the village gate"

seen: dict = {}


def visit(path: str) -> tuple[int, str]:
    """Return status and body of what a visitor gets."""
    try:
        with urllib.request.urlopen(SERVER + path) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")


def look(moment: str, addresses: list[str]) -> None:
    """Note what a visitor gets at each address, and whether it is the same as at no address."""
    nowhere = visit(NOWHERE)
    answers = {address: visit(address) for address in addresses}
    seen[moment] = {
        "statuses": {address: status for address, (status, _body) in answers.items()},
        "plain": [address for address, answer in answers.items() if answer == nowhere],
        "found": "village-1" in visit("/search/?query=Sweep")[1],
        "listed": json.loads(visit("/api/v1/boards/")[1])["count"],
    }


def story() -> None:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    import pledge_pages

    seen["origin"] = pledge_pages.__file__
    seen["our settings"] = [
        name
        for name in dir(settings)
        if name.startswith(("PLEDGE", "SENDFILE", "NINJA", "WAGTAIL_FINISH", "WAGTAIL_I18N"))
    ]
    seen["localize installed"] = "wagtail_localize" in settings.INSTALLED_APPS
    make = get_user_model().objects.create_user
    admin = get_user_model().objects.create_superuser("admin", "admin@example.org", "secret")
    for title in SNIPPETS:
        if title.startswith("manage.py shell"):
            exec(SNIPPETS[title], {})
    people = {}
    for name, group in (
        ("editor", "SGZ editors"), ("moderator", "SGZ moderators"), ("lead", "PP leads"),
    ):  # fmt: skip
        people[name] = make(name, f"{name}@example.org", "secret")
        people[name].groups.add(Group.objects.get(name=group))
    browsers = {name: Client() for name in (*people, "admin")}
    for name, browser in browsers.items():
        browser.force_login(people.get(name, admin))
    pages, addresses = write(people["editor"])
    look("drafts", addresses)
    seen["admin"] = {
        f"{name} {address}": browsers[name].get(address).status_code
        for name in browsers
        for address in ("/admin/", "/admin/pledge-boards/pilots/", f"/admin/pages/{pages[1].pk}/")
    }
    seen["edit"] = browsers["editor"].get(f"/admin/pages/{pages[2].pk}/edit/").status_code
    authors = [admin, admin, people["editor"]]
    for page, author in zip(pages, authors, strict=True):
        page.get_workflow().start(page, author)
    for page, name in zip(pages, ("lead", "moderator", "moderator"), strict=True):
        approve(page, browsers[name])
    seen["states"] = [type(page).objects.get(pk=page.pk).review_state for page in pages]
    look("held", addresses)
    seen["ways in"] = try_to_publish(pages[2], admin)
    look("after trying", addresses)
    open_and_close(people, addresses)


def write(editor):
    """Write the member's page; return the three pages and the addresses a visitor might try."""
    from PIL import Image

    from pledge_pages.models import (
        BranchPage,
        Category,
        Member,
        MemberPledgePage,
        Pledge,
        ProgrammePage,
    )
    from pledge_pages.photos.actions import add_photo
    from pledge_pages.photos.addresses import photo_url
    from pledge_pages.photos.renditions import LARGE

    member = Member.objects.get(code="SGZ-001")
    picture = io.BytesIO()
    Image.new("RGB", (600, 800), "teal").save(picture, "JPEG")
    photo = add_photo(member, io.BytesIO(picture.getvalue()), by=editor)
    board = BranchPage.objects.get()
    page = MemberPledgePage(member=member, photo=photo, owner=editor)
    category, due = Category.objects.get(), date(2026, 12, 31)
    page.pledges = [Pledge(year=2026, text=PLEDGE, category=category, due=due)]
    board.add_child(instance=page)
    page.save_revision(user=editor)
    seen["name"], seen["slug"] = "Shi Changjiang", page.slug
    seen["photo file"] = str(Path(photo.file.path).relative_to(Path.cwd().resolve()))
    addresses = [
        "/work-plan/", "/work-plan/village-1/", f"/work-plan/village-1/{page.slug}/",
        photo_url(photo.token, LARGE),
    ]  # fmt: skip
    return [ProgrammePage.objects.get(), board, page], addresses


def approve(page, browser) -> None:
    """Approve the review of ``page`` by the admin's own view."""
    state = page.current_workflow_task_state
    address = f"/admin/pages/workflow/action/{page.pk}/approve/{state.pk}/"
    answer = browser.post(address, {"comment": ""})
    assert answer.status_code in (200, 302), (answer.status_code, answer.content[:500])


def try_to_publish(page, admin) -> dict[str, str]:
    """Try to publish a held page as the superuser; return what became of each try."""
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction

    revision = type(page).objects.get(pk=page.pk).latest_revision
    manager = type(page).objects

    def by_save():
        fresh = manager.get(pk=page.pk)
        fresh.live = True
        fresh.save()

    tries = {
        "publish": lambda: revision.publish(user=admin),
        "permitted action": lambda: PublishPageRevisionAction(revision, user=admin).execute(),
        "action": lambda: PublishPageRevisionAction(revision).execute(skip_permission_checks=True),
        "save": by_save,
        "update": lambda: manager.filter(pk=page.pk).update(live=True),
    }
    results = {}
    for name, attempt in tries.items():
        try:
            attempt()
        except Exception as error:
            results[name] = type(error).__name__
        else:
            results[name] = "done"
    results["live"] = str(manager.get(pk=page.pk).live)
    return results


def read_in_the_village(editor) -> None:
    """Print a code while the pilot is quiet, read by it as a villager would, and revoke it."""
    from http.cookiejar import CookieJar
    from urllib.parse import urlsplit

    from pledge_pages.models import Pilot
    from pledge_pages.people.actions import record_consent
    from pledge_pages.people.models import Member
    from pledge_pages.village import links

    member = Member.objects.get(code="SGZ-001")
    record_consent(
        member, by=editor, scope="village_qr", subject="photo", level="full",
        given_on=date(2025, 3, 24), method="paper",
    )  # fmt: skip
    link = links.issue(Pilot.objects.get(), by=editor)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def read(path: str) -> list:
        try:
            with browser.open(SERVER + path) as answer:
                body, where = answer.read().decode("utf-8", "replace"), answer.url
                return [answer.status, where.removeprefix(SERVER), dict(answer.headers), body]
        except urllib.error.HTTPError as error:
            return [error.code, path, dict(error.headers), error.read().decode("utf-8", "replace")]

    found = {"by code": read(urlsplit(links.address_of(link)).path)}
    found["member"] = read(f"/v/{member.public_id}/")
    photo = re.search(r'src="(/v/photos/[^"]+)"', found["by code"][-1])
    found["photo"] = read(photo[1] if photo else "/v/photos/none/tile.jpg")[:-1]
    links.revoke(link, by=editor, reason="taken down")
    found["revoked"] = read("/v/")
    found["nothing"] = read("/v/nothing-is-here/")
    seen["village"] = found


def open_and_close(people: dict, addresses: list[str]) -> None:
    """Bring the pilot to the public, look at everything, and hide it again."""
    from pledge_pages.embargo.release import approve_pilots, suspend_pilots
    from pledge_pages.models import Pilot
    from pledge_pages.pilots.actions import take_step

    lead, moderator = people["lead"], people["moderator"]
    for verb in ("agree", "start", "review"):
        take_step(Pilot.objects.get(), verb, by=lead, reason="as planned")
    read_in_the_village(people["editor"])
    take_step(Pilot.objects.get(), "concur", by=moderator, reason="it works")
    approve_pilots([Pilot.objects.get()], by=lead, reason="the trial has proved itself")
    look("public", addresses)
    seen["bodies"] = [visit(address)[1] for address in addresses[:3]]
    sheets = sorted(set(re.findall(r'href="(/static/[^"]+\.css)"', seen["bodies"][1])))
    seen["styles"] = {sheet: [visit(sheet)[0], len(visit(sheet)[1])] for sheet in sheets}
    suspend_pilots([Pilot.objects.get()], by=lead, reason="something is wrong")
    look("suspended", addresses)


if __name__ == "__main__":
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings.dev"
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    story()
    print(json.dumps(seen))
