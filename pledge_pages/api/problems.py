"""How the API says no: always the same JSON shape, as in RFC 9457 (problem details)."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.exceptions import RequestDataTooBig as TooBig
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError
from ninja.errors import ValidationError as BadInput
from pydantic import Field

from ..contention import BusyError, busy, is_contention

MEDIA_TYPE = "application/problem+json"


class FieldProblem(Schema):
    """What is wrong with one field or parameter."""

    field: str = Field(description="Name of the parameter or field; empty if it concerns all.")
    message: str


class Problem(Schema):
    """Why a request was refused."""

    type: str = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is wrong and what to do.")
    errors: list[FieldProblem] = Field(description="Field by field; empty unless the input is bad.")


class Refusal(Exception):
    """A request that is answered with a problem."""

    def __init__(self, status: int, detail: str, errors: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = [FieldProblem(field=field, message=message) for field, message in errors]


def title_of(status: int) -> str:
    """Return the name of a status, the same whatever the version of Python."""
    newer = {413: "Content Too Large", 422: "Unprocessable Content"}
    return newer.get(status) or HTTPStatus(status).phrase


def bad_input(errors: Iterable[tuple[str, str]]) -> Refusal:
    """Return the refusal (422) of input with these (field, message) errors."""
    errors = list(errors)
    detail = "; ".join(f"{field}: {message}" if field else message for field, message in errors)
    return Refusal(422, detail, errors)


def not_found() -> Refusal:
    """Return the one answer (404) for what does not exist and for what may not be seen."""
    return Refusal(404, _("There is nothing at this address, or it is not public."))


def answer(refusal: Refusal) -> HttpResponse:
    """Return the response for a refusal."""
    problem = Problem(
        title=title_of(refusal.status),
        status=refusal.status,
        detail=refusal.detail,
        errors=refusal.errors,
    )
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else None
    return HttpResponse(
        problem.model_dump_json(),
        status=refusal.status,
        content_type=MEDIA_TYPE,
        headers=headers,
    )


def install(api: NinjaAPI) -> None:
    """Let ``api`` answer every expected exception with a problem."""

    def add(kind: type[Exception], translate) -> None:
        api.add_exception_handler(kind, lambda request, error: answer(translate(error)))

    add(Refusal, lambda error: error)
    add(BadInput, lambda error: bad_input(_of_pydantic(row) for row in error.errors))
    add(ValidationError, lambda error: bad_input(_of_django(error)))
    add(Http404, lambda error: not_found())
    add(HttpError, lambda error: Refusal(error.status_code, _http_message(error)))
    add(TooBig, lambda error: Refusal(413, _("The request is too large.")))
    add(OperationalError, _of_contention)
    add(BusyError, lambda error: Refusal(503, str(error)))
    add(PermissionDenied, lambda error: Refusal(403, str(error) or _("You may not do this.")))
    add(
        IntegrityError,
        lambda error: Refusal(409, _("The page was changed meanwhile. Load it and try again.")),
    )


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """Return the response (405) for a method that an address does not know."""
    message = _("This address does not know the method %(method)s.")
    return answer(Refusal(405, message % {"method": request.method}))


def _of_contention(error: OperationalError) -> Refusal:
    if not is_contention(error):
        raise error
    return Refusal(503, busy())


def _http_message(error: HttpError) -> str:
    if error.status_code == 400:
        return _("The body is not JSON.")
    return str(error)


def _of_django(error: ValidationError) -> list[tuple[str, str]]:
    if not hasattr(error, "error_dict"):
        return [("", message) for message in error.messages]
    return [
        ("" if field == NON_FIELD_ERRORS else field, message)
        for field, messages in error.message_dict.items()
        for message in messages
    ]


def _of_pydantic(row: dict[str, Any]) -> tuple[str, str]:
    """Return (field, message) of one of pydantic's errors, in the reader's language."""
    # A path: where it was, for a body the name of the argument, then the field.
    path = [str(part) for part in row["loc"][1:]]
    if row["loc"][0] == "body":
        path = path[1:]
    messages = {
        "missing": _("This is needed."),
        "extra_forbidden": _("There is no such field."),
        "int_parsing": _("Give a whole number."),
        "int_type": _("Give a whole number."),
        "string_type": _("Give a text."),
        "string_unicode": _("Give a text of valid Unicode characters."),
        "string_pattern_mismatch": _("It has characters that cannot be in it."),
        "string_too_long": _("At most %(max_length)s characters."),
        "greater_than_equal": _("At least %(ge)s."),
        "less_than_equal": _("At most %(le)s."),
        "literal_error": _("One of: %(expected)s."),
        "model_attributes_type": _("Give a JSON object."),
        "model_type": _("Give a JSON object."),
    }
    message = messages.get(row["type"], _("This value cannot be used."))
    return ".".join(path), message % row.get("ctx", {})
