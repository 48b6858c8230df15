"""How names are split."""

import pytest

from home.demo.names import SplitName, split_name
from home.demo.sample import Sample


def test_the_surname_is_what_is_read_like_the_first_word() -> None:
    assert split_name("史长顺", "Shi Changshun") == SplitName("史", "长顺", "Shi", "Changshun")


def test_a_surname_of_two_characters_is_kept_whole() -> None:
    assert split_name("欧阳春", "Ouyang Chun") == SplitName("欧阳", "春", "Ouyang", "Chun")


def test_a_surname_with_a_rare_reading_is_recognised() -> None:
    assert split_name("单永和", "Shan Yonghe").surname == "单"


def test_a_spelling_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="史长顺 does not begin with a surname"):
        split_name("史长顺", "Wang Changshun")


def test_every_member_of_the_sample_can_be_split(sample: Sample) -> None:
    for member in sample["members"]:
        name = split_name(member["name_zh"], member["name_en"])
        assert name.surname + name.given_name == member["name_zh"]
        assert f"{name.surname_latin} {name.given_name_latin}" == member["name_en"]
        assert len(name.surname) == 1
