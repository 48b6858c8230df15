"""Responsibility documents of the sample town: their templates, and who was asked to sign them."""

from datetime import date

from wagtail.models import Page, Revision

from pledge_pages.boards.models import MemberPledgePage
from pledge_pages.people.models import Member
from pledge_pages.people.naming import today
from pledge_pages.rulebook.models import Category, PledgeTemplate
from pledge_pages.tasks import actions, offers
from pledge_pages.tasks.models import Assignment

from .sample import Record, Sample
from .timeline import moment

# What a document asks: the file has its title and its categories, and no text.
DOCUMENTS: dict[str, Record] = {
    "RD-1": {
        "category": "safety",
        "document": {"zh-hans": "安全生产责任书", "en": "Work-safety responsibility document"},
        "text": {
            "zh-hans": "按责任书要求,每月查隐患不少于{places}处,查出的{days}天内整改或者上报。",
            "en": "Under the document: look for hazards in at least {places} places every month, and "
            "have each put right or reported within {days} days.",
        },
        "measure": {"zh-hans": "每月一张检查单", "en": "One check sheet a month"},
        "numbers": {"places": [5, 60], "days": [1, 7]},
    },
    "RD-2": {
        "category": "flood",
        "document": {"zh-hans": "防汛责任书", "en": "Flood-control responsibility document"},
        "text": {
            "zh-hans": "6月到9月接到预警,{minutes}分钟内到岗;汛前组织转移演练不少于{drills}次。",
            "en": "From June to September be on watch within {minutes} minutes of every warning, and "
            "hold at least {drills} evacuation drills before the flood season.",
        },
        "measure": {
            "zh-hans": "签到表与预警次数对得上,演练有记录",
            "en": "Sign-in sheet matches the number of warnings; each drill recorded",
        },
        "numbers": {"minutes": [10, 60], "drills": [1, 6]},
    },
    "RD-3": {
        "category": "fire",
        "document": {"zh-hans": "森林防火责任书", "en": "Forest-fire responsibility document"},
        "text": {
            "zh-hans": "清明前后防火期在进山路口值守不少于{days}天,劝下带火种上山的人。",
            "en": "In the Qingming fire season stand watch at the way uphill on at least {days} days "
            "and stop anyone carrying matches.",
        },
        "measure": {"zh-hans": "值守签到表", "en": "Sign-in sheet of the watch"},
        "numbers": {"days": [5, 60]},
    },
    # Not in the file: two that towns have as well, after its library (T057 to T059, T063).
    "RD-4": {
        "category": "building",
        "document": {"zh-hans": "项目建设责任书", "en": "Project-building responsibility document"},
        "text": {
            "zh-hans": "陪建房户跑完审批手续,不少于{households}户;施工料不堆路上,晚上挂灯。",
            "en": "Go with at least {households} households through the permit steps before they "
            "build; no materials on the road, and a lamp on the site at night.",
        },
        "measure": {
            "zh-hans": "{households}户受理回执",
            "en": "{households} receipts from the town office",
        },
        "numbers": {"households": [1, 30]},
    },
    "RD-5": {
        "category": "building",
        "document": {"zh-hans": "不违规加层责任书", "en": "No-unpermitted-storeys document"},
        "text": {
            "zh-hans": "自家不加盖、不抢建,劝{households}户先停工、先办审批,再动土。",
            "en": "Add no storey of my own, put up nothing in a hurry, and persuade {households} "
            "households to stop work and get the permit before digging.",
        },
        "measure": {
            "zh-hans": "现场核对与审批一致",
            "en": "The sites match the permits",
        },
        "numbers": {"households": [1, 30]},
    },
}  # fmt: skip
NUMBERS = {"RD-1": {"places": 12, "days": 3}, "RD-2": {"minutes": 30, "drills": 2},
           "RD-3": {"days": 20}, "RD-5": {"households": 5}}  # fmt: skip
# Nobody of the pilot village signed one by the file. This member is asked, for somebody to answer.
ALSO_ASKED = {"id": "RD-5", "cycle": 2026, "village": "SGZ", "signed_by": "SGZ-M09"}
# The village whose secretary's answer is entered, on paper; the others wait for theirs.
ANSWERED = "SMT"


def make_documents(categories: dict[str, Category]) -> None:
    """Make the templates; another programme may have made them already."""
    for code, record in DOCUMENTS.items():
        values = {**record, "category": categories[record["category"]]}
        template = PledgeTemplate(code=code, kind=PledgeTemplate.Kind.RESPONSIBILITY, **values)
        if not PledgeTemplate.objects.filter(code=code).exists():
            template.full_clean()
            template.save()


def assign(sample: Sample, on: date, *, members: dict[str, Member], users: dict) -> None:
    """Ask those who signed a document of a year that had begun by the day ``on``.

    The file says neither on what day they signed nor has it their papers. So they are asked on the
    day itself, and one answer is entered, for others to be tried out.
    """
    for record in (*sample["responsibility_documents"], ALSO_ASKED):
        member = members.get(record["signed_by"])
        if member is None or date(record["cycle"], 1, 1) > on:
            continue
        by = users[f"editor_{record['village'].lower()}"]
        template = PledgeTemplate.objects.get(code=record["id"])
        (asked,) = actions.assign_to(
            [member],
            offers.from_template(template, NUMBERS[record["id"]]),
            by=by,
            year=record["cycle"],
            due=date(record["cycle"], 12, 31),
            at=moment(on, 8),
        )
        if record["village"] == ANSWERED and on <= today():
            accept_on_paper(asked, on, by=by)


def accept_on_paper(asked: Assignment, on: date, *, by) -> None:
    """Enter the signed answer, of which there is no scan; the drafts are of that day."""
    actions.accept(asked, by=by, on=on)
    written = moment(on, 16)
    for page in MemberPledgePage.objects.filter(member=asked.member):
        Revision.objects.filter(pk=page.latest_revision_id).update(created_at=written)
        Page.objects.filter(pk=page.pk).update(latest_revision_created_at=written)
