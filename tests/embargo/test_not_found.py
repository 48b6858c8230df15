"""What is hidden answers as what does not exist: the same bytes, headers and cookies."""

import pytest
from django.test import Client

from tests.embargo.addresses import page_addresses
from tests.embargo.scene import OPEN, QUIET, SUSPENDED
from tests.embargo.view import ANYONE, NO_RIGHTS, OTHER_BRANCH, OTHER_TOKEN, SITE_EDITOR, View

METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
NO_PAGE = 987_654


def answers(view: View, method: str, path: str, **kwargs) -> tuple:
    """Return all that can be told of an answer, without what the address itself says."""
    answer = getattr(view.client, method)(path, **kwargs)
    body = answer.content.decode()
    for part in sorted(path.partition("?")[0].strip("/").split("/"), key=len, reverse=True):
        if len(part) > 3:
            body = body.replace(part, "…")
    headers = {name: value for name, value in answer.headers.items() if name != "Date"}
    if "Content-Length" in headers:  # of a body that names the address
        headers["Content-Length"] = str(len(body))
    return answer.status_code, body, headers, sorted(answer.cookies.items())


def pairs(view: View) -> list[tuple[str, str]]:
    """Return addresses of hidden pages, each with one as long at which there is nothing."""
    found = []
    for address in view.addresses():
        parts = address.strip("/").split("/")
        parts[-1] = parts[-1].translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "z" * 26))
        found.append((address, f"/{'/'.join(parts)}/"))
    return found


class Hidden:
    """What is asked of every state in which the pages are hidden."""

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("reader", [ANYONE, OTHER_BRANCH])
    def test_a_page_answers_as_no_page(self, world, method, reader):
        view = View(world, reader)
        for hidden, nothing in pairs(view):
            assert answers(view, method, hidden) == answers(view, method, nothing), hidden

    def test_a_page_is_not_found(self, world):
        view = View(world, ANYONE)
        assert {view.client.get(hidden).status_code for hidden, _nothing in pairs(view)} == {404}

    def test_browsers_with_other_wishes_cannot_tell(self, world):
        view = View(world, ANYONE)
        for header in (
            {"accept-language": "en"}, {"accept": "application/json"}, {"if-none-match": "*"},
            {"if-modified-since": "Wed, 21 Oct 2026 07:28:00 GMT"}, {"range": "bytes=0-9"},
            {"x-requested-with": "XMLHttpRequest"}, {"cookie": "django_language=en"},
        ):  # fmt: skip
            for hidden, nothing in pairs(view):
                one, other = (
                    answers(view, "get", path, headers=header) for path in (hidden, nothing)
                )
                assert one == other, (hidden, header)

    @pytest.mark.parametrize("reader", [ANYONE, NO_RIGHTS, OTHER_TOKEN])
    @pytest.mark.parametrize(
        "path",
        [
            "/api/v2/pages/{}/",
            "/api/v2/pages/{}/?fields=*",
            "/api/v2/pages/?child_of={}",
            "/api/v2/pages/?descendant_of={}",
            "/api/v2/pages/?ancestor_of={}",
            "/api/v2/pages/?translation_of={}",
            "/api/v2/images/{}/",
            "/api/v3-preview/pages/{}/",
            "/api/v3-preview/pages/{}/?version=draft",
            "/api/v3-preview/pages/?child_of={}",
            "/api/v3-preview/pages/?descendant_of={}",
            "/api/v3-preview/pages/?ancestor_of={}",
            "/api/v3-preview/pages/?translation_of={}",
            "/api/v3-preview/pages/find/?id={}",
            "/api/v3-preview/pages/{}/revisions/",
            "/api/v1/pages/{}/workflow/",
            "/zh-hans/_util/authenticate_with_password/1/{}/",
        ],
    )
    def test_an_id_answers_as_no_id(self, world, path, reader):
        view = View(world, reader)
        nothing = view.client.get(path.format(NO_PAGE))
        for page in view.hidden_pages:
            answer = view.client.get(path.format(page.pk))
            assert answer.status_code == nothing.status_code, page
            # A page that is not found may name the address that was asked for.
            said = answer.content.decode().replace(f"/{page.pk}/", f"/{NO_PAGE}/")
            assert said == nothing.content.decode()
            length = len(answer.content) if "Content-Length" in answer.headers else None
            headers = dict(nothing.headers) | ({"Content-Length": str(length)} if length else {})
            assert dict(answer.headers) == headers

    def test_a_nul_below_a_page_answers_as_one_below_no_page(self, world):
        view = View(world, ANYONE)
        for hidden, nothing in pairs(view):
            assert answers(view, "get", f"{hidden}%00/") == answers(view, "get", f"{nothing}%00/")
            assert answers(view, "get", f"{hidden}%00/") == answers(view, "get", nothing)
            for api in ("/api/v2/pages/find/", "/api/v3-preview/pages/find/"):
                # The path below the language's home page, and an address more.
                paths = (path.split("/", 2)[2] for path in (hidden, nothing))
                one, other = (view.client.get(api, {"html_path": f"{p}\0/"}) for p in paths)
                assert (one.status_code, one.content) == (other.status_code, other.content)

    @pytest.mark.parametrize("reader", [OTHER_BRANCH, SITE_EDITOR])
    def test_in_the_admin_a_page_answers_as_no_page(self, world, reader):
        view = View(world, reader)
        tried = 0
        for hidden, nothing in page_addresses(view, NO_PAGE):
            for method in ("get", "post"):
                one, other = (getattr(view.client, method)(path) for path in (hidden, nothing))
                assert one.status_code == other.status_code, (method, hidden)
                assert one.headers.get("Location") == other.headers.get("Location"), hidden
                tried += 1
        assert tried > 50

    def test_a_file_answers_as_no_file(self, world):
        view = View(world, ANYONE)
        for method in METHODS:
            for hidden in view.photo_addresses():
                nothing = hidden.replace(world.photo.token, "z" * 24)
                assert answers(view, method, hidden) == answers(view, method, nothing)


class TestNeverPublic(Hidden):
    state = QUIET


class TestSuspended(Hidden):
    state = SUSPENDED


class TestApproved:
    state = OPEN

    def test_the_same_addresses_are_found(self, world):
        view = View(world, ANYONE)
        for shown, nothing in pairs(view):
            assert Client().get(shown).status_code == 200
            assert Client().get(nothing).status_code == 404
