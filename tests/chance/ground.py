"""The ground on which chance plays: a town with three branches, and what is drafted there.

Drafts, addresses and the tree are read from Wagtail's own tables: they are nobody's secret and
prove nothing. What was approved and what is public is never read; that is the model's to say.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.dateparse import parse_datetime
from PIL import Image
from wagtail.models import APIToken, Page, Revision

from pledge_pages.models import (
    BranchPage,
    Category,
    Member,
    MemberPledgePage,
    Pilot,
    ProgrammePage,
)
from pledge_pages.photos.actions import add_photo
from tests.chance.model import (
    BOARD,
    MEMBER,
    PROGRAMME,
    ConsentState,
    MemberState,
    Model,
    PageState,
    Person,
    PilotState,
    Version,
)
from tests.worlds import Town, build_town, make_user

BRANCHES = ("SGZ", "LSW", "HJW")
# SGZ and LSW make up the first wave; HJW waits for both.
WAVES = {"SGZ": 1, "LSW": 1, "HJW": 3}
MARK = re.compile(r"mk\d{5}q")


def marks_in(text: str) -> frozenset[str]:
    """Return every mark that stands in a text."""
    return frozenset(MARK.findall(text))


@dataclass
class Ground:
    """The town with its browsers and programs, and the model of it."""

    town: Town
    model: Model
    browsers: dict[str, Client] = field(default_factory=dict)
    programs: dict[str, Client] = field(default_factory=dict)
    category: Category | None = None
    next_mark: int = 0

    def mark(self) -> str:
        """Return a word that stands nowhere yet."""
        self.next_mark += 1
        return f"mk{self.next_mark:05}q"

    def user(self, name: str):
        """Return the user, without what Wagtail remembers of their permissions."""
        return get_user_model().objects.get(username=name)

    def page(self, state: PageState) -> Page:
        return Page.objects.get(pk=state.pk).specific

    # Learning what is drafted -------------------------------------------------------------

    def learn(self) -> list[PageState]:
        """Bring tree, addresses and drafts of the model up to what Wagtail's tables hold.

        Returns the pages that have a new draft.
        """
        rows = {row["pk"]: row for kind in KINDS for row in _rows(kind)}
        by_path = {row["path"]: pk for pk, row in rows.items()}
        pages = self.model.pages
        for pk in [pk for pk in pages if pk not in rows]:
            assert pages[pk].public is None, f"{pages[pk]} was public and is gone"
            del pages[pk]
        for pk, row in sorted(rows.items(), key=lambda item: item[1]["path"]):
            if pk not in pages:
                pages[pk] = PageState(
                    pk, row["kind"], row["locale__language_code"],
                    branch=row["branch"], member=row["code"],
                )  # fmt: skip
            state = pages[pk]
            state.slug = row["slug"]
            state.parent = pages.get(by_path.get(row["path"][: -Page.steplen], 0))
        changed = []
        for pk, row in rows.items():
            pages[pk].alias_of = pages.get(row["alias_of"])
            if pages[pk].draft_revision != row["latest_revision"]:
                self.learn_draft(pages[pk], row["latest_revision"])
                changed.append(pages[pk])
        return changed

    def learn_draft(self, state: PageState, revision_id: int | None) -> None:
        """Read the newest draft of a page."""
        state.draft_revision = revision_id
        state.draft = version_of(Revision.objects.get(pk=revision_id)) if revision_id else None


def version_of(revision: Revision) -> Version:
    """Return what a revision holds."""
    content = revision.content

    def moment(name: str):
        return parse_datetime(content[name]) if content.get(name) else None

    head = [content.get("title", ""), *(row["text"] for row in content.get("pledges", ()))]
    rest = [content.get(name, "") for name in ("introduction", "not_listed")]
    rest += [row["measure"] for row in content.get("pledges", ())]
    for relation in ("updates", "branch_pledges"):
        rest += [row["text"] for row in content.get(relation, ())]
    return Version(
        marks_in(" ".join([*head, *rest])),
        marks_in(" ".join(head)),
        revision.user.username if revision.user_id else None,
        moment("go_live_at"),
        moment("expire_at"),
        bool(content.get("photo")),
    )


KINDS = {
    PROGRAMME: (ProgrammePage, None, None),
    BOARD: (BranchPage, "pilot__code", None),
    MEMBER: (MemberPledgePage, "member__pilot__code", "member__code"),
}


def _rows(kind: str) -> list[dict]:
    """Return where the pages of one kind stand."""
    model, branch, code = KINDS[kind]
    fields = ("pk", "path", "slug", "locale__language_code", "alias_of", "latest_revision")
    rows = model.objects.order_by().values(*fields, *filter(None, (branch, code)))
    return [
        row | {"kind": kind, "branch": row.get(branch, ""), "code": row.get(code, "")}
        for row in rows
    ]


def build_ground(now) -> Ground:
    """Build the town: nothing is approved yet, and no branch is public."""
    town = build_town(codes=BRANCHES, members=2)
    make_user("nobody")
    Pilot.objects.filter(code="LSW").update(wave=Pilot.objects.get(code="SGZ").wave)
    for code in BRANCHES:
        _add_photo(town, f"{code}-M001")
    people = {
        "admin": Person("admin", "admin"),
        "lead": Person("lead", "lead"),
        "nobody": Person("nobody", "nobody"),
    }
    for code in BRANCHES:
        for role in ("editor", "moderator"):
            name = f"{role}_{code.lower()}"
            people[name] = Person(name, role, code)
    model = Model(
        people=people,
        pilots={code: PilotState(code, WAVES[code]) for code in BRANCHES},
        members={member.code: _member_state(member) for member in Member.objects.all()},
        pages={},
        now=now,
    )
    ground = Ground(town, model, category=Category.objects.get())
    ground.learn()
    for name in people:
        user = ground.user(name)
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        ground.browsers[name] = browser
        _row, token = APIToken.create_token(user=user, name="chance")
        ground.programs[name] = Client(
            raise_request_exception=False, headers={"authorization": f"Bearer {token}"}
        )
    return ground


def _add_photo(town: Town, code: str) -> None:
    picture = io.BytesIO()
    shade = sum(code.encode()) % 256
    Image.new("RGB", (320, 400), (shade, 90, 120)).save(picture, "JPEG")
    picture.seek(0)
    add_photo(town.members[code], picture, by=town.editor(code[:3]))


def _member_state(member: Member) -> MemberState:
    photo = member.photos.first()
    return MemberState(
        code=member.code,
        branch=member.code[:3],
        given={"zh-hans": member.given_name, "en": member.given_name_latin},
        is_secretary=member.office.is_secretary,
        name=ConsentState("full"),
        photo=ConsentState("full"),
        token=photo.token if photo else "",
    )
