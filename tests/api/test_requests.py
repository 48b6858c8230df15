"""Requests that make no sense are told what is wrong and where, and never break the server."""

import pytest

from pledge_pages.embargo.moderation import MAX_COMMENT

pytestmark = pytest.mark.django_db

PROBLEM = {"type", "title", "status", "detail", "errors"}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("boards/?limit=0", "limit"),
        ("boards/?limit=-1", "limit"),
        ("boards/?limit=many", "limit"),
        ("boards/?limit=101", "limit"),
        ("boards/?limit=99999999999999999999999", "limit"),
        ("boards/?offset=-1", "offset"),
        ("boards/?offset=9223372036854775808", "offset"),
        ("boards/?offset=1.5", "offset"),
        ("boards/?language=fr", "language"),
        ("boards/?language=%00", "language"),
        ("boards/?language=" + "x" * 5000, "language"),
        ("boards/?programme=%00", "programme"),
        ("boards/?programme=" + "x" * 33, "programme"),
        ("boards/?programme=%27%20OR%201=1", "programme"),
        ("boards/?order=title", "order"),
        ("boards/?LIMIT=1", "LIMIT"),
        ("boards/SGZ/?year=20266", "year"),
        ("boards/SGZ/?year=now", "year"),
        ("boards/SGZ/?year=1999", "year"),
        ("boards/SGZ/?fields=*", "fields"),
        ("boards/SGZ/?language=zh", "language"),
        ("members/abc/?year=2026", "year"),
        ("?all", "all"),
    ],
)
def test_a_parameter_that_is_unknown_or_cannot_be_is_named(public, path, field) -> None:
    answer = public.get(path)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == PROBLEM
    assert problem["status"] == 422
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0]["message"]
    assert field in problem["detail"]
    assert len(answer.content) < 2000


def test_what_can_be_asked_is_said_with_what_cannot(public) -> None:
    detail = public.get("boards/?colour=red").json()["detail"]
    assert "colour" in detail
    assert "language, limit, offset, programme" in detail
    assert "zh-hans, en" in public.get("boards/?language=fr").json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "boards/%00/",
        "boards/" + "x" * 2000 + "/",
        "boards/SGZ%27/",
        "boards/../",
        "members/%F0%9F%92%A9/",
        "members/%ff/",
        "pages/abc/workflow/",
        "pages/-1/workflow/",
        "nothing/",
        "boards/SGZ/members/",
        "docs/",
    ],
)
def test_an_address_that_cannot_be_is_not_found(public, path) -> None:
    answer = public.get(path)
    assert answer.status_code == 404
    assert answer.content == public.get("boards/XYZ/").content


def test_a_page_of_no_possible_number_is_not_found(bearer, quiet_town) -> None:
    admin = bearer(quiet_town.admin)
    for number in ("0", "999999", "2147483648", "9" * 40):
        answer = admin.get(f"pages/{number}/workflow/")
        assert (answer.status_code, set(answer.json())) == (404, PROBLEM), number


def test_head_answers_as_get_without_the_body(public, half_open_town) -> None:
    for path in ("", "boards/", "boards/SGZ/", "boards/XYZ/", "openapi.json"):
        got, head = public.get(path), public.send("HEAD", path)
        assert head.status_code == got.status_code
        assert head.content == b""
        assert dict(head.headers) == dict(got.headers), path


def test_options_says_what_an_address_knows(public) -> None:
    answer = public.send("OPTIONS", "boards/SGZ/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert public.send("OPTIONS", "pages/1/workflow/submit")["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_refused_with_those_there_are(public, method) -> None:
    answer = public.send(method, "boards/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert set(answer.json()) == PROBLEM


BODIES = [
    (b"{", 400, None),
    (b"\xff\xfe", 400, None),
    (b"[]", 422, ""),
    (b'"text"', 422, ""),
    (b'{"comment": 5}', 422, "comment"),
    (b'{"comment": null}', 422, "comment"),
    (b'{"comment": "\\ud800"}', 422, "comment"),
    (b'{"comment": "a\\u0000b"}', 422, "comment"),
    (b'{"comment": "' + b"x" * (MAX_COMMENT + 1) + b'"}', 422, "comment"),
    (b'{"comment": "x", "by": "somebody else"}', 422, "by"),
    (b'{"reason": "x"}', 422, "reason"),
]


def test_a_body_that_cannot_be_is_refused_with_its_field(bearer, quiet_town) -> None:
    page = quiet_town.submit(quiet_town.pages["SGZ-M001", "en"], quiet_town.editor("SGZ"))
    moderator = bearer(quiet_town.moderator("SGZ"))
    for content, status, field in BODIES:
        answer = moderator.send("POST", f"pages/{page.pk}/workflow/reject", content)
        assert answer.status_code == status, content[:60]
        problem = answer.json()
        assert set(problem) == PROBLEM
        named = [error["field"] for error in problem["errors"]]
        assert named == ([] if field is None else [field]), content[:60]
        assert moderator.get(f"pages/{page.pk}/workflow/").json()["review_state"] == "pending"


def test_a_body_that_is_too_large_is_refused(bearer, quiet_town, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = quiet_town.pages["SGZ-M001", "en"].pk
    answer = bearer(quiet_town.admin).send(
        "POST", f"pages/{page}/workflow/reject", b'{"comment": "' + b"x" * 2000 + b'"}'
    )
    assert (answer.status_code, set(answer.json())) == (413, PROBLEM)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer wagtail_nothing", 401),
        ("bearer " + "x" * 5000, 401),
        ("Bearer 史", 401),
        ("Basic YWRtaW46YWRtaW4=", 200),
        ("", 200),
    ],
)
def test_only_a_good_token_or_none_is_let_in(public, authorization, status) -> None:
    answer = public.get("boards/", authorization=authorization.encode().decode("latin-1"))
    assert answer.status_code == status


def test_problems_speak_the_readers_language(public) -> None:
    answer = public.get("boards/?limit=0")
    assert answer["Content-Language"] == "en"
    assert answer.json()["errors"][0]["message"] == "At least 1."
    answer = public.get("boards/?limit=0", **{"accept-language": "zh-CN"})
    assert answer["Content-Language"] == "zh-hans"
