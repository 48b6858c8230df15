"""Our own API, version 1: stable, with its own description at ``openapi.json``."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import boards, questions, schemas, workflow
from .addresses import NAMESPACE, api_url, only_known
from .problems import MEDIA_TYPE, answer, install, method_not_allowed, not_found, title_of
from .tokens import TokenOnly, TokenOrPublic, shows_token

VERSION = "1.0.0"
# A reader may keep a copy but has to ask each time, so that hiding works at once.
PUBLIC_CACHE = "private, no-cache"
STAFF_CACHE = "no-store"


class DescribedAPI(NinjaAPI):
    """An API whose description tells the media type of its refusals, and one name of tokens."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Return the description of this API as OpenAPI 3.1."""
        described = super().get_openapi_schema(**kwargs)
        schemes = described["components"]["securitySchemes"]
        described["components"]["securitySchemes"] = {"Token": schemes[TokenOnly.__name__]}
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["security"] = [
                    {"Token": []} if entry else {} for entry in operation["security"]
                ]
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        content = response["content"]
                        content[MEDIA_TYPE] = content.pop("application/json")
                        response["description"] = title_of(int(status))
        return described


api = DescribedAPI(
    title="Pledge boards",
    version=VERSION,
    description=(
        "Public boards of branches: what their members promised and what became of it. With one "
        "of Wagtail's API tokens also the drafts of your own branches, and their review. Refusals "
        "are problem details (RFC 9457)."
    ),
    urls_namespace=NAMESPACE,
    openapi_url=None,
    docs_url=None,
)
install(api)
api.add_router("/", boards.router)
api.add_router("/", questions.router)
api.add_router("/", workflow.router)


@api.get(
    "/",
    response=schemas.Start,
    auth=TokenOrPublic(),
    url_name="start",
    summary="Find your way",
    operation_id="start",
    tags=["start"],
    openapi_extra=boards.OPTIONAL,
)
def start(request: HttpRequest) -> dict[str, str]:
    """Show where the lists are."""
    only_known(request)
    return {
        "version": VERSION,
        "boards": api_url(request, "boards"),
        "openapi": api_url(request, "openapi"),
    }


@api.get("/openapi.json", url_name="openapi", include_in_schema=False)
def openapi(request: HttpRequest) -> dict[str, Any]:
    """Describe this API."""
    return api.get_openapi_schema()


def polite(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return ``view`` answering HEAD and OPTIONS, with the headers that every answer has."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        try:
            response = view(request, *args, **kwargs)
        finally:
            request.method = method
        if response.status_code == 405:
            response = _options(request, response)
        response.headers["Cache-Control"] = STAFF_CACHE if shows_token(request) else PUBLIC_CACHE
        response.headers["X-Robots-Tag"] = "noindex"
        patch_vary_headers(response, ["Authorization"])
        return response

    return answered


def _options(request: HttpRequest, refused: HttpResponseBase) -> HttpResponse:
    allowed = {name.strip() for name in refused.headers["Allow"].split(",")} | {"OPTIONS"}
    if "GET" in allowed:
        allowed.add("HEAD")
    response = (
        HttpResponse(status=204) if request.method == "OPTIONS" else method_not_allowed(request)
    )
    response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """Answer for every other address below the API's: the same 404 as for what is hidden."""
    return answer(not_found())


def urls() -> tuple[list[URLResolver | URLPattern], str, str]:
    """Return the API's addresses, for ``path("api/v1/", urls())``."""
    patterns, app_name, namespace = api.urls
    # Only addresses that end as ours do: others are redirected to that first.
    patterns = [*patterns, re_path(r"^(?:.*/)?$", nothing)]
    decorate_urlpatterns(patterns, polite)
    return patterns, app_name, namespace
