"""Drawn people and papers: always the same for a seed, and no two alike."""

import hashlib
import io
import time

import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

from pledge_pages.photos.cleaning import clean_photo
from pledge_pages.photos.models import EvidenceFile
from pledge_pages.photos.pdf import clean_pdf
from pledge_pages.photos.portraits import draw_evidence, draw_portrait
from pledge_pages.photos.portraits.hair import STYLES
from pledge_pages.photos.portraits.traits import LONGER, SHORT, traits_for

pytestmark = pytest.mark.once

SEEDS = [f"person {number}" for number in range(12)]


def thumbnail(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).resize((48, 60))


def test_a_seed_always_gives_the_same_person():
    assert draw_portrait("someone") == draw_portrait("someone")


def test_a_portrait_passes_as_a_photo():
    photo = clean_photo(io.BytesIO(draw_portrait("someone")))
    assert (photo.width, photo.height) == (960, 1200)


def test_people_are_clearly_different_from_each_other():
    drawn = [thumbnail(draw_portrait(seed)) for seed in SEEDS]
    for at, first in enumerate(drawn):
        for second in drawn[at + 1 :]:
            difference = ImageStat.Stat(ImageChops.difference(first, second)).mean
            assert sum(difference) / 3 > 8


def test_a_town_has_people_of_every_kind():
    looks = [traits_for(f"member {number}") for number in range(300)]
    assert {look.style for look in looks} == set(STYLES) == set(LONGER + SHORT)
    for feature in ("backdrop", "clothes", "eye", "mouth", "glasses", "beard"):
        assert len({getattr(look, feature) for look in looks}) >= 3, feature
    assert len({look.skin for look in looks}) > 30
    assert not any(look.longer_hair and look.beard for look in looks)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_kind_of_hair_can_be_drawn(style, monkeypatch):
    from dataclasses import replace

    from pledge_pages.photos.portraits import people

    monkeypatch.setattr(
        people, "traits_for", lambda seed: replace(traits_for(seed), style=style, beard="goatee")
    )
    assert draw_portrait("someone").startswith(b"\xff\xd8\xff")


def test_a_portrait_takes_less_than_a_quarter_of_a_second():
    draw_portrait("warm up")
    spent = []
    for seed in SEEDS:
        begun = time.process_time()
        draw_portrait(seed)
        spent.append(time.process_time() - begun)
    assert sorted(spent)[len(spent) // 2] < 0.25


def test_photos_of_work_are_pictures():
    drawn = [draw_evidence(f"work {number}", "photo") for number in range(10)]
    assert {kind for _content, kind in drawn} == {"image/jpeg"}
    assert all(Image.open(io.BytesIO(content)).size == (1200, 900) for content, _kind in drawn)
    assert len({hashlib.sha256(content).digest() for content, _kind in drawn}) == 10


@pytest.mark.parametrize("kind", [kind for kind in EvidenceFile.Kind.values if kind != "photo"])
def test_papers_are_small_pdfs_without_words(kind):
    content, content_type = draw_evidence("someone", kind)
    assert content_type == "application/pdf"
    assert len(content) < 20_000
    assert content == draw_evidence("someone", kind)[0]
    reader = PdfReader(io.BytesIO(clean_pdf(content)))
    assert len(reader.pages) == 1
    assert reader.pages[0].extract_text().strip() == ""
