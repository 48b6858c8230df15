"""A public town with one of everything that a visitor can be shown."""

import io

from home.models import HomePage, NewsPage
from pledge_pages.models import MemberPledgePage
from pledge_pages.photos.actions import add_photo
from pledge_pages.photos.portraits import draw_portrait
from tests.worlds import LANGUAGES, Town, build_town

CODE, MEMBER = "SGZ", "SGZ-M001"
NEWS = {"zh-hans": "brief", "en": "brief-en"}


def public_town() -> Town:
    """Return a town with a public branch, one member with a photo, and a piece of news."""
    town = build_town(codes=(CODE,), members=1)
    picture = io.BytesIO(draw_portrait("anyone"))
    photo = add_photo(town.members[MEMBER], picture, by=town.editor(CODE))
    for language in LANGUAGES:
        page = MemberPledgePage.objects.get(pk=town.pages[MEMBER, language].pk)
        page.photo = photo
        page.save()
        page.save_revision(user=town.editor(CODE))
    town.hold_branch(CODE)
    town.open(CODE)
    for language, slug in NEWS.items():
        home = HomePage.objects.get(pk=town.home[language].pk)
        home.add_child(instance=NewsPage(title="Brief", slug=slug, locale=home.locale))
    return town


def public_pages(town: Town) -> dict[str, str]:
    """Return the address of a page of each kind, by kind and language."""
    pages = {}
    for language, news in NEWS.items():
        kinds = {
            "programme": town.programme_pages[language],
            "board": town.boards[CODE, language],
            "member": town.pages[MEMBER, language],
        }
        pages |= {
            f"{kind} {language}": type(page).objects.get(pk=page.pk).url
            for kind, page in kinds.items()
        }
        pages |= {
            f"home {language}": f"/{language}/",
            f"news {language}": f"/{language}/{news}/",
            f"search {language}": f"/{language}/search/?q=sweep",
            f"missing {language}": f"/{language}/no-such-page/",
        }
    return pages


def photo_address(town: Town) -> str:
    """Return the address of the member's photo."""
    page = MemberPledgePage.objects.get(pk=town.pages[MEMBER, "en"].pk)
    assert page.photo is not None
    return next(iter(page.photo.stored_renditions().values())).url
