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


@dataclass
class Surfaces:
    """The surfaces of the town's secretary, read over HTTP as a visitor."""

    client: Client
    town: Town

    def get(self, address: str, **query: str):
        """Ask for ``address``; it has to be there."""
        answer = self.client.get(address, query)
        assert answer.status_code == 200, address
        return answer

    def text(self, address: str, **query: str) -> str:
        """Return what stands at ``address``, with all escapes resolved."""
        body = self.get(address, **query).content.decode()
        if body.startswith("{"):
            return json.dumps(json.loads(body), ensure_ascii=False)
        return unescape(body)

    def page(self, language: str) -> MemberPledgePage:
        return MemberPledgePage.objects.get(pk=self.town.pages["SGZ-M001", language].pk)

    def showing_the_name(self, language: str) -> dict[str, str]:
        """Return the texts in ``language`` that tell who the member is, by surface."""
        programme = ProgrammePage.objects.get(pk=self.town.programme_pages[language].pk)
        board = BranchPage.objects.get(pk=self.town.boards["SGZ", language].pk)
        page = self.page(language)
        return {
            "programme": self.text(programme.url),
            "board": self.text(board.url),
            "member page": self.text(page.url),
            "title": re.search("<title>(.*?)</title>", self.text(page.url), re.DOTALL)[1],
            "lead of a branch pledge": re.search(
                'class="pp-branch"(.*?)</section>', self.text(board.url), re.DOTALL
            )[1],
            "search result": self.text(f"/{language}/search/", q=TEXT[language]),
            "API v1, board": self.text("/api/v1/boards/SGZ/", language=language),
            "API v1, member": self.text(
                f"/api/v1/members/{page.member.public_id}/", language=language
            ),
            "API v2, page": self.text(f"/api/v2/pages/{page.pk}/"),
        }

    def everything(self) -> dict[str, str]:
        """Return the texts of all surfaces, those that never tell a name among them."""
        texts = {
            f"{name} ({language})": text
            for language in LANGUAGES
            for name, text in self.showing_the_name(language).items()
        }
        texts["API v1, boards"] = self.text("/api/v1/boards/")
        texts["API v2, list"] = self.text("/api/v2/pages/", fields="*", type=MEMBER_TYPE)
        texts["sitemap"] = self.text("/sitemap.xml")
        return texts

    def found_by(self, query: str, language: str) -> bool:
        """Return whether the search finds the member's page."""
        results = self.get(f"/{language}/search/", q=query).context["results"]
        return self.page(language).url in {result.url for result in results}

    def alternative_texts(self) -> list[str]:
        """Return the alternative texts of the member's photo, on pages and in the APIs."""
        found = []
        for name, text in self.everything().items():
            pattern = r'"alt": "([^"]+)"' if "API" in name else r'<img[^>]* alt="([^"]*)"'
            found += re.findall(pattern, text)
        return found

    def photo_addresses(self) -> set[str]:
        """Return the photo's addresses that any surface tells."""
        texts = self.everything().values()
        return {address for text in texts for address in re.findall(r"/photos/[\w./-]+", text)}


MEMBER_TYPE = "pledge_pages.MemberPledgePage"
