"""Every place where a visitor could come across something: what is asked there, and of whom."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from ..embargo.models import GatedPage
from ..people.models import Member, new_public_id
from ..photos.addresses import evidence_url, new_token, photo_url
from ..photos.models import ConsentPaper, EvidenceFile, MemberPhoto
from ..photos.renditions import SPECS
from ..photos.serving import is_evidence_public, is_photo_public
from ..village.models import VillageLink
from ..village.reading import EVIDENCE_VIEW, PHOTO_VIEW
from ..village.tokens import token_again
from .mounted import Mounted, filled, mounted
from .needles import WORDS, Needle, address_of, hidden_gates
from .visitor import Answer, usable_host
from .walking import Ask, nonsense_for, nothing_like

# Links that are followed, at most; rows of a list asked for at once.
MOST_LINKS = 3000
ROWS = 20
_LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]+)""")
_LOCATION = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>")


@dataclass
class Scene:
    """What there is to ask about, read from the database once."""

    needles: list[Needle]
    # Hosts that cannot be asked, by site.
    unreachable: list[str] = field(default_factory=list)

    @cached_property
    def mounted(self) -> list[Mounted]:
        """The addresses of the site."""
        return mounted()

    @cached_property
    def hosts(self) -> dict[int, str]:
        """The host of each site by which it can be asked."""
        hosts = {}
        for site in Site.objects.all():
            try:
                hosts[site.root_page_id] = usable_host(site)
            except ImproperlyConfigured:
                self.unreachable.append(str(site))
        return hosts

    @cached_property
    def default_host(self) -> str:
        """The host of the default site; empty for the visitor's own."""
        site = Site.objects.filter(is_default_site=True).first()
        return self.hosts.get(site.root_page_id, "") if site else ""

    @cached_property
    def public_pages(self) -> list[Page]:
        """Every page that everyone may see."""
        pages = Page.objects.live().public().filter(depth__gt=1).order_by("path")
        return list(pages.select_related("locale").specific())

    @cached_property
    def hidden(self) -> list[GatedPage]:
        """The gates of the pages that nobody may see."""
        return hidden_gates()

    @cached_property
    def no_page(self) -> int:
        """An id that no page has, as long as those of the hidden ones."""
        longest = max((gate.page_id for gate in self.hidden), default=1)
        return (
            10 ** len(str(longest)) - 1
            if not Page.objects.filter(pk=10 ** len(str(longest)) - 1).exists()
            else 2**31 - 2
        )

    def host_of(self, page: Page) -> str:
        """Return the host of the site that ``page`` belongs to."""
        parts = Page.get_url_parts(page)
        site = Site.objects.filter(pk=parts[0]).first() if parts else None
        return self.hosts.get(site.root_page_id, "") if site else ""


@dataclass(frozen=True)
class Surface:
    """One kind of place: its name, its title, and what is asked there."""

    name: str
    title: object
    # Returns None if the site has no such place.
    asks: Callable[[Scene], Iterable[Ask] | None]
    most: int = 1_000_000


SURFACES: list[Surface] = []


def surface(name: str, title, most: int = 1_000_000):
    """Put a function into the list of surfaces."""

    def add(asks):
        SURFACES.append(Surface(name, title, asks, most))
        return asks

    return add


# Pages -----------------------------------------------------------------------------------


@surface("pages", _("Public pages and what they link to"), MOST_LINKS)
def pages(scene: Scene) -> Iterable[Ask]:
    """The front page of every site, every public page, and every address they link to."""
    follow = Follower(scene)
    asks = [Ask("/", host, more=follow.after("/", host)) for host in scene.hosts.values()]
    for page in scene.public_pages:
        path = (page.get_url_parts() or ("", "", ""))[2]
        if path:
            host = scene.host_of(page)
            asks.append(Ask(path, host, more=follow.after(path, host)))
    return asks


class Follower:
    """Finds the addresses of the same site in an answer."""

    def __init__(self, scene: Scene) -> None:
        from .mounted import admin_prefixes

        self.hosts = {host: host for host in scene.hosts.values()} | {"": ""}
        # Styles and scripts are the same for everyone.
        self.left_out = (*admin_prefixes(), settings.STATIC_URL or "/static/", "//")

    def after(self, path: str, host: str) -> Callable[[Answer], Iterator[Ask]]:
        """Return what finds the next addresses in the answer of ``path``."""

        def more(answer: Answer) -> Iterator[Ask]:
            kind = answer.header("content-type")
            found = [answer.header("location")]
            if "html" in kind:
                found += _LINK.findall(answer.body)
            elif "xml" in kind:
                found += _LOCATION.findall(answer.body) + _LINK.findall(answer.body)
            for link in found:
                yield from self._ask(urljoin(path, link.strip().replace("&amp;", "&")), host)

        return more

    def _ask(self, link: str, host: str) -> Iterator[Ask]:
        parts = urlsplit(link)
        if parts.scheme not in ("", "http", "https") or not parts.path.startswith("/"):
            return
        if parts.netloc:
            if parts.netloc not in self.hosts:
                return
            host = parts.netloc
        if link and not parts.path.startswith(self.left_out):
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            yield Ask(address, host, more=self.after(address, host))


@surface("addresses", _("Every address that is mounted (API descriptions, health, feeds, …)"))
def addresses(scene: Scene) -> Iterable[Ask]:
    """What the list of addresses names and takes nothing."""
    host = scene.default_host
    return [Ask(entry.address, host) for entry in scene.mounted if not entry.takes]


@surface("sitemap", _("Site map"), MOST_LINKS)
def sitemap(scene: Scene) -> Iterable[Ask] | None:
    """The site map, wherever it is, and every address in it."""
    follow = Follower(scene)
    found = [
        entry.address
        for entry in scene.mounted
        if "sitemaps" in getattr(entry.view, "__module__", "") and not entry.takes
    ]
    return [
        Ask(path, host, more=follow.after(path, host))
        for path in found
        for host in scene.hosts.values()
    ] or None


@surface("robots", _("robots.txt and other addresses by custom"))
def robots(scene: Scene) -> Iterable[Ask]:
    """What programs ask for without being told."""
    names = ("robots.txt", "sitemap.xml", "feed/", "rss.xml", "atom.xml", "humans.txt",
             ".well-known/security.txt", "openapi.json", "favicon.ico")  # fmt: skip
    return [Ask(f"/{name}", scene.default_host) for name in names]


@surface("hidden", _("Addresses of hidden pages, against addresses where nothing is"))
def hidden(scene: Scene) -> Iterator[Ask]:
    """Each must answer, byte for byte, as if there had never been anything."""
    for gate in scene.hidden:
        path = address_of(gate.page)
        if path and path.strip("/"):
            host = scene.host_of(gate.page)
            for query in ("", "?year=2026", "?preview=1"):
                yield Ask(path + query, host, nothing=nothing_like(path) + query)


@surface("redirects", _("Redirects"))
def redirects(scene: Scene) -> Iterable[Ask] | None:
    """Old addresses: where they lead is public."""
    from django.apps import apps

    if not apps.is_installed("wagtail.contrib.redirects"):
        return None
    from wagtail.contrib.redirects.models import Redirect

    rows = Redirect.objects.select_related("site").order_by("pk")
    return [
        Ask(row.old_path, scene.hosts.get(row.site.root_page_id, "") if row.site else "")
        for row in rows.iterator()
    ]


# Search ----------------------------------------------------------------------------------


def words_of(scene: Scene) -> list[str]:
    """Return what a curious visitor would search for."""
    return list(dict.fromkeys(n.text for n in scene.needles if n.kind in WORDS))


def questions(scene: Scene, address: str) -> Iterator[Ask]:
    """Yield a question for every needle; ``address`` has ``{}`` where the word stands."""
    for word in words_of(scene):
        yield Ask(
            address.replace("{}", quote(word)),
            scene.default_host,
            nothing=address.replace("{}", quote(nonsense_for(word))),
            word=word,
        )


@surface("search", _("The site's search, with every word"))
def search(scene: Scene) -> Iterable[Ask] | None:
    """The view named ``search``, in every language it has."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            try:
                found.append(reverse("search"))
            except NoReverseMatch:
                continue
    # Wagtail's own template for new sites asks by another name.
    forms = [f"{path}?q={{}}&query={{}}" for path in dict.fromkeys(found)]
    return [ask for form in forms for ask in questions(scene, form)] or None


# Files -----------------------------------------------------------------------------------


@surface("photos", _("Addresses of photos that are not public, in every size"))
def photos(scene: Scene) -> Iterable[Ask] | None:
    """Each must answer as an address that was made up."""
    try:
        photo_url("x", "tile")
    except NoReverseMatch:
        return None
    asks, none = [], new_token()
    for photo in MemberPhoto.objects.select_related("member__pilot"):
        if not is_photo_public(photo):
            for spec in (*SPECS, "original"):
                asks.append(Ask(photo_url(photo.token, spec), nothing=photo_url(none, spec)))
    return asks


@surface("evidence", _("Addresses of evidence files that are not public"))
def evidence(scene: Scene) -> Iterable[Ask] | None:
    """As the photos."""
    try:
        evidence_url("x", "jpg")
    except NoReverseMatch:
        return None
    none = new_token()
    return [
        Ask(evidence_url(row.token, ext), nothing=evidence_url(none, ext))
        for row in EvidenceFile.objects.select_related("pilot")
        if not is_evidence_public(row)
        for ext in ("jpg", "pdf")
    ]


@surface("village", _("The village view, without a code or with one that is over"))
def village(scene: Scene) -> Iterable[Ask] | None:
    """The board, members' pages and files of every branch, and the links that open nothing."""
    try:
        board = reverse("pledge_village:board")
    except NoReverseMatch:
        return None
    nothing = page_of_village(new_public_id())
    asks = [Ask(board)]
    asks += [Ask(page_of_village(row.public_id), nothing=nothing) for row in Member.objects.all()]
    asks += [
        Ask(photo_url(row.token, spec, PHOTO_VIEW), nothing=nothing)
        for row in MemberPhoto.objects.all()
        for spec in SPECS
    ]
    for row in EvidenceFile.objects.all():
        asks.append(Ask(evidence_url(row.token, row.extension, EVIDENCE_VIEW), nothing=nothing))
    for link in VillageLink.objects.select_related("pilot"):
        token = token_again(link.nonce, link.token_hash)
        if token and not link.opens:
            asks.append(Ask(page_of_village(token), nothing=nothing))
    return asks


def page_of_village(word: str) -> str:
    """Return the address of a member's page, or of a code, in the village view."""
    return reverse("pledge_village:page", args=[word])


@surface("uploads", _("Stored names of private files below the public folder of uploads"))
def uploads(scene: Scene) -> Iterator[Ask]:
    """No private file can be fetched by the name it is stored under."""
    base = settings.MEDIA_URL or "/media/"
    if not base.startswith("/"):
        return
    names = list(EvidenceFile.objects.values_list("file", flat=True))
    names += ConsentPaper.objects.values_list("file", flat=True)
    for photo in MemberPhoto.objects.prefetch_related("renditions"):
        names += [photo.file.name, *(row.file.name for row in photo.renditions.all())]
    for name in filter(None, names):
        yield Ask(base + name, scene.default_host, nothing=base + nothing_like(name))


# Elsewhere -------------------------------------------------------------------------------


@surface("admin", _("The admin without a session"))
def admin(scene: Scene) -> Iterator[Ask]:
    """A log-in page, the same for every id."""
    for gate in scene.hidden:
        for name in ("edit", "view_draft", "history"):
            pair = [reverse(f"wagtailadmin_pages:{name}", args=[pk])
                    for pk in (gate.page_id, scene.no_page)]  # fmt: skip
            yield Ask(pair[0], scene.default_host, nothing=pair[1])


def rows_of(answer: Answer) -> list:
    """Return the rows of an API's list, or nothing."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return []
    if isinstance(found, dict):
        found = found.get("items", found.get("results"))
    return found if isinstance(found, list) else []


def whole_list(address: str, host: str, offset: int = 0) -> Ask:
    """Return what asks for a list and, as long as there are rows, for its next page."""
    mark = "&" if "?" in address else "?"

    def more(answer: Answer) -> Iterator[Ask]:
        if len(rows_of(answer)) >= ROWS:
            yield whole_list(address, host, offset + ROWS)

    return Ask(f"{address}{mark}limit={ROWS}&offset={offset}", host, more=more)


def by_ids(scene: Scene, address: str) -> Iterator[Ask]:
    """Yield ``address`` with the id of each hidden page, against one that no page has."""
    for gate in scene.hidden:
        yield Ask(
            filled(address, id=gate.page_id),
            scene.default_host,
            nothing=filled(address, id=scene.no_page),
        )
