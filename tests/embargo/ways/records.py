"""Ways by what a public page shows and does not hold itself: people, pictures, files."""

import io

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from pledge_pages.models import EvidenceFile, Member, MemberPhoto, Office, Post
from pledge_pages.transfer.importing import import_roster
from tests.embargo.scene import CLOSED, LEAK, LIVE, Scene
from tests.embargo.ways.row import BY_HAND, EITHER, KEPT, way

SHOWN = ("quiet", "suspended", LIVE)


def seen(address: str) -> tuple[int, bytes]:
    """Return what a visitor is answered."""
    answer = Client(raise_request_exception=False).get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body


def other_picture() -> ContentFile:
    kept = io.BytesIO()
    Image.new("RGB", (64, 80), "red").save(kept, "JPEG")
    return ContentFile(kept.getvalue(), name="other.jpg")


@way("admin: the member's own data sent by the editor", actors=BY_HAND, ends=EITHER, columns=SHOWN)
def edit_member(scene: Scene):
    """Programmes, branches and pages are not theirs to choose there."""
    member = scene.town.members["SGZ-M001"]
    pilot = scene.town.pilots["LSW"].pk
    return scene.client.post(
        reverse("pledge_members:edit", args=[member.pk]),
        {"pilot": pilot, "code": member.code, "surname": member.surname,
         "given_name": member.given_name, "surname_latin": "Shi", "given_name_latin": "x",
         "office": member.office_id, "posts": [], "public_id": LEAK},
    )  # fmt: skip


@way("a member given to another branch", ends=EITHER, columns=SHOWN)
def other_branch(scene: Scene):
    """Whose promises a page shows, and where."""
    member = Member.objects.get(code="SGZ-M001")
    member.pilot = scene.town.pilots["LSW"]
    member.save()


@way("the file behind a public photo exchanged", ends=EITHER, columns=SHOWN)
def exchange_photo(scene: Scene):
    """What was approved is the picture that the moderator saw."""
    address = f"/photos/{scene.town.photo.token}/tile.jpg"
    before = seen(address)
    photo = MemberPhoto.objects.get(pk=scene.town.photo.pk)
    photo.file = other_picture()
    photo.save()
    if scene.column in CLOSED:
        assert seen(address)[0] == 404
    else:
        assert before == seen(address)


@way("another member's photo", ends=EITHER, columns=SHOWN)
def other_photo(scene: Scene):
    """A photo changes hands."""
    other = scene.town.members["SGZ-M002"]
    MemberPhoto.objects.filter(pk=scene.town.photo.pk).update(member=other)
    assert seen(f"/photos/{scene.town.photo.token}/tile.jpg")[0] == 404 or scene.column == LIVE


@way("a piece of evidence marked as public", ends=KEPT, columns=("quiet", "suspended"))
def publish_evidence(scene: Scene):
    """The mark opens nothing while the pilot is closed."""
    EvidenceFile.objects.filter(pk=scene.town.evidence.pk).update(public=True)
    assert seen(f"/photos/evidence/{scene.town.evidence.token}.jpg")[0] == 404


@way("admin: a member renamed by an editor", actors=("editor",), ends=EITHER, columns=SHOWN)
def rename_member(scene: Scene):
    """Words of the editor's in the place of a name."""
    member = scene.town.members["SGZ-M001"]
    return scene.client.post(
        reverse("pledge_members:edit", args=[member.pk]),
        {"pilot": member.pilot_id, "code": member.code, "surname": LEAK, "given_name": LEAK,
         "surname_latin": LEAK, "given_name_latin": LEAK, "office": member.office_id,
         "posts": [post.pk for post in member.posts.all()], "active": "on"},
    )  # fmt: skip


@way("admin: a member given an office and posts by an editor",
     actors=("editor",), ends=EITHER, columns=SHOWN)  # fmt: skip
def promote_member(scene: Scene):
    """What an approved page says of a person beside the name."""
    member = scene.town.members["SGZ-M001"]
    labels = {"code": LEAK, "name": {"zh-hans": LEAK, "en": LEAK}}
    office, post = Office.objects.create(**labels), Post.objects.create(**labels)
    return scene.client.post(
        reverse("pledge_members:edit", args=[member.pk]),
        {"pilot": member.pilot_id, "code": member.code, "surname": member.surname,
         "given_name": member.given_name, "surname_latin": member.surname_latin,
         "given_name_latin": member.given_name_latin, "office": office.pk, "posts": [post.pk]},
    )  # fmt: skip


def _import(scene: Scene, office: str, pledge: str) -> None:
    """Import a roster that says so of the first member of SGZ, as an editor."""
    member = scene.town.members["SGZ-M001"]
    rows = (
        "编号,姓名,职务,类别,承诺,怎么算办到,到期",
        f"{member.code},{member.staff_name},{office},sanitation,{pledge},{pledge},2026-12-31",
    )
    import_roster(
        scene.town.pilots["SGZ"],
        "\n".join(rows).encode(),
        name="r.csv",
        by=scene.town.editor("SGZ"),
    )


@way("command import_roster: a roster of a public branch", ends=KEPT, columns=SHOWN)
def import_pledge(scene: Scene):
    """A pledge more for a member, whose page is approved: it waits in a draft."""
    _import(scene, scene.town.members["SGZ-M001"].office.code, LEAK)


@way("import of a roster that gives a member an office", ends=EITHER, columns=SHOWN)
def import_office(scene: Scene):
    """What an approved page says of a person beside the name."""
    Office.objects.create(code=LEAK, name={"zh-hans": LEAK, "en": LEAK})
    _import(scene, LEAK, "x")
