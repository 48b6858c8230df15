"""The surfaces that are APIs: ours and Wagtail's, wherever they are mounted."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet

from ..api.addresses import NAMESPACE
from ..embargo.gate import gated_types
from ..people.models import Member
from ..pilots.models import Pilot
from .mounted import Mounted, filled, is_view_of
from .needles import address_of
from .surfaces import Scene, by_ids, questions, surface, whole_list
from .walking import Ask, nonsense_for

V3 = "wagtailapi_v3"
RELATIONS = ("child_of", "descendant_of", "ancestor_of", "translation_of")


def _below(scene: Scene, namespace: str) -> list[Mounted]:
    return [entry for entry in scene.mounted if namespace in entry.namespaces]


def _named(entries: list[Mounted], name: str) -> str | None:
    return next((entry.address for entry in entries if entry.name == name), None)


@surface("api_v1", _("API v1: boards, members, description"))
def own_api(scene: Scene) -> Iterable[Ask] | None:
    """Lists, every public board, and the codes of hidden branches and people."""
    entries, host = _below(scene, NAMESPACE), scene.default_host
    boards, board, member = (_named(entries, name) for name in ("boards", "board", "member"))
    if not (boards and board and member):
        return None
    asks = [whole_list(boards, host)]
    languages = {page.locale.language_code for page in scene.public_pages}
    asks += [whole_list(f"{boards}?language={language}", host) for language in sorted(languages)]
    seen = {gate.pilot_id for gate in scene.hidden}
    for pilot in Pilot.objects.all():
        if pilot.is_public:
            asks += [Ask(filled(board, code=pilot.code) + f"?language={language}", host)
                     for language in languages]  # fmt: skip
        elif pilot.pk in seen:
            asks.append(_pair(board, "code", pilot.code, host))
    for row in Member.objects.select_related("pilot").prefetch_related("pages"):
        if row.pilot.is_public and any(page.live for page in row.pages.all()):
            asks.append(Ask(filled(member, public_id=row.public_id), host))
        else:
            asks.append(_pair(member, "public_id", row.public_id, host))
    workflow = _named(entries, "workflow")
    if workflow:
        asks += by_ids(scene, workflow.replace("{page_id}", "{id}"))
    return asks


def _pair(address: str, name: str, value: str, host: str) -> Ask:
    nothing = filled(address, **{name: nonsense_for(value)})
    return Ask(filled(address, **{name: value}), host, nothing=nothing)


def _v2(scene: Scene) -> list[Mounted]:
    return [entry for entry in scene.mounted if is_view_of(entry, BaseAPIViewSet)]


def _pages_v2(scene: Scene) -> list[Mounted]:
    return [entry for entry in scene.mounted if is_view_of(entry, PagesAPIViewSet)]


@surface("api_v2", _("API v2: lists with every field, details, relations"))
def wagtail_api(scene: Scene) -> Iterable[Ask] | None:
    """Pages, images and documents, by list, by id, by address and by relation."""
    entries, host = _v2(scene), scene.default_host
    if not entries:
        return None
    asks = [
        whole_list(f"{entry.address}?fields=*", host)
        for entry in entries
        if entry.name == "listing"
    ]
    pages = _pages_v2(scene)
    for base in (entry.address for entry in pages if entry.name == "listing"):
        for model in gated_types():
            asks.append(whole_list(f"{base}?type={model._meta.label}&fields=*", host))
        for relation in RELATIONS:
            asks += by_ids(scene, f"{base}?{relation}={{id}}")
    for entry in pages:
        if entry.name == "detail":
            asks += by_ids(scene, entry.address.replace("{pk}", "{id}"))
            asks += [Ask(filled(entry.address, pk=page.pk) + "?fields=*", host)
                     for page in scene.public_pages]  # fmt: skip
        if entry.name == "find":
            asks += _by_paths(scene, entry.address)
    return asks


def _by_paths(scene: Scene, address: str) -> Iterator[Ask]:
    for gate in scene.hidden:
        path = (address_of(gate.page) or "").strip("/")
        for wanted in {path, path.partition("/")[2]} - {""}:
            yield Ask(f"{address}?html_path={wanted}/", scene.default_host,
                      nothing=f"{address}?html_path={nonsense_for(wanted)}/")  # fmt: skip


@surface("api_v2_search", _("API v2: search, with every word"))
def wagtail_api_search(scene: Scene) -> Iterable[Ask] | None:
    """How many pages have a word is an answer, too."""
    bases = [entry.address for entry in _pages_v2(scene) if entry.name == "listing"]
    return [ask for base in bases for ask in questions(scene, f"{base}?search={{}}")] or None


@surface("api_v3", _("API v3 preview: lists, details, relations, revisions"))
def preview_api(scene: Scene) -> Iterable[Ask] | None:
    """As version 2, without a token."""
    entries, host = _below(scene, V3), scene.default_host
    pages, detail = _named(entries, "list_pages"), _named(entries, "detail_page")
    if not (pages and detail):
        return None
    asks = [whole_list(pages, host)]
    for model in gated_types():
        asks.append(whole_list(f"{pages}?type={model._meta.label}", host))
    for relation in RELATIONS:
        asks += by_ids(scene, f"{pages}?{relation}={{id}}")
    for entry in entries:
        if entry.name in ("detail_page", "list_page_revisions"):
            asks += by_ids(scene, entry.address.replace("{page_id}", "{id}"))
        if entry.name == "find_page":
            asks += _by_paths(scene, entry.address)
    asks += by_ids(scene, detail.replace("{page_id}", "{id}") + "?version=draft")
    return asks + [
        Ask(filled(detail, page_id=page.pk) + f"?rich_text_format={form}", host)
        for page in scene.public_pages
        for form in ("html", "db_html")
    ]


@surface("api_v3_search", _("API v3 preview: search, with every word"))
def preview_api_search(scene: Scene) -> Iterable[Ask] | None:
    """As version 2."""
    pages = _named(_below(scene, V3), "list_pages")
    return list(questions(scene, f"{pages}?search={{}}")) if pages else None
