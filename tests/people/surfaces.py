"""Every public surface on which a member's name or photo could be shown."""

import json
import re
from dataclasses import dataclass
from html import unescape

from django.test import Client

from pledge_pages.models import BranchPage, MemberPledgePage, ProgrammePage
from tests.worlds import LANGUAGES, Town

# Letters that stand nowhere else on the pages.
SURNAME, GIVEN = "臧", "雨桐"
SURNAME_LATIN, GIVEN_LATIN = "Zang", "Yutong"
FULL = {"zh-hans": f"{SURNAME}{GIVEN}", "en": f"{SURNAME_LATIN} {GIVEN_LATIN}"}
# A text of the member's page, to find it by.
TEXT = {"zh-hans": "打扫村口 SGZ-M001", "en": "village gate SGZ-M001"}

TITLE = re.compile("<title>(.*?)</title>", re.DOTALL)
BRANCH_PLEDGES = re.compile('class="pp-branch"(.*?)</section>', re.DOTALL)


@dataclass(frozen=True)
class Seen:
    """What a visitor read: of each language the surfaces that say who it is, and all others."""

    naming: dict[str, dict[str, str]]
    others: dict[str, str]

    @property
    def texts(self) -> dict[str, str]:
        """Every text by its surface."""
        named = {
            f"{surface} ({language})": text
            for language, surfaces in self.naming.items()
            for surface, text in surfaces.items()
        }
        return {**named, **self.others}

    @property
    def alternative_texts(self) -> list[str]:
        """The alternative texts of photos, on pages and in the APIs."""
        found = []
        for name, text in self.texts.items():
            pattern = r'"alt": "([^"]+)"' if "API" in name else r'<img[^>]* alt="([^"]*)"'
            found += re.findall(pattern, text)
        return found

    @property
    def photo_addresses(self) -> set[str]:
        """The addresses of photos."""
        return {
            address
            for text in self.texts.values()
            for address in re.findall(r"/photos/[\w./-]+", text)
        }


@dataclass
class Surfaces:
    """The surfaces of the town's secretary, read over HTTP as a visitor."""

    client: Client
    town: Town

    def page(self, language: str) -> MemberPledgePage:
        """The member's page, fresh from the database."""
        return MemberPledgePage.objects.get(pk=self.town.pages["SGZ-M001", language].pk)

    def text(self, address: str, **query: str) -> str:
        """Return what stands at ``address``, with all escapes resolved. It has to be there."""
        answer = self.client.get(address, query)
        assert answer.status_code == 200, address
        body = answer.content.decode()
        return (
            json.dumps(json.loads(body), ensure_ascii=False)
            if body.startswith("{")
            else unescape(body)
        )

    def read(self) -> Seen:
        """Read everything once."""
        listing = {"fields": "*", "type": MemberPledgePage._meta.label}
        return Seen(
            {language: self.naming(language) for language in LANGUAGES},
            {
                "API v1, boards": self.text("/api/v1/boards/"),
                "API v2, list": self.text("/api/v2/pages/", **listing),
                "sitemap": self.text("/sitemap.xml"),
            },
        )

    def naming(self, language: str) -> dict[str, str]:
        """Return the texts in ``language`` that tell who the member is, by surface."""
        programme = ProgrammePage.objects.get(pk=self.town.programme_pages[language].pk)
        board = BranchPage.objects.get(pk=self.town.boards["SGZ", language].pk)
        page = self.page(language)
        board_text, page_text = self.text(board.url), self.text(page.url)
        api = {"language": language}
        return {
            "programme": self.text(programme.url),
            "board": board_text,
            "lead of a branch pledge": BRANCH_PLEDGES.search(board_text)[1],
            "member page": page_text,
            "title": TITLE.search(page_text)[1],
            "search result": self.text(f"/{language}/search/", q=TEXT[language]),
            "API v1, board": self.text("/api/v1/boards/SGZ/", **api),
            "API v1, member": self.text(f"/api/v1/members/{page.member.public_id}/", **api),
            "API v2, page": self.text(f"/api/v2/pages/{page.pk}/"),
        }

    def found_by(self, query: str, language: str) -> bool:
        """Return whether the search finds the member's page."""
        answer = self.client.get(f"/{language}/search/", {"q": query})
        results = answer.context["results"] or []
        return self.page(language).url in {result.url for result in results}
