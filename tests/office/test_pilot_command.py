"""The command `pilot`: the admin's steps from the command line, or a clear refusal."""

import os
import subprocess
import sys
from io import StringIO
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from wagtail.models import Page

from pledge_pages.management.commands import pilot as module
from pledge_pages.models import Pilot, Transition
from pledge_pages.pilots.actions import take_step

pytestmark = pytest.mark.django_db


def pilot(*words: str, **options) -> str:
    """Run the command and return what it printed."""
    out = StringIO()
    with override("en"):
        call_command("pilot", *words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def stages() -> dict[str, str]:
    return dict(Pilot.objects.values_list("code", "stage"))


def live() -> int:
    return Page.objects.filter(gate__isnull=False, live=True).count()


def ready(town, code: str = "SGZ") -> None:
    town.hold_branch(code)
    take_step(town.to_stage(code, "reviewed"), "concur", by=town.moderator(code), reason="good")


def test_a_pilot_travels_from_proposed_to_public_and_back(town):
    ready(town)
    assert "Pages that went public: 10" in pilot("SGZ", "approve", by="lead", reason="proved")
    assert live() == 10
    out = pilot("SGZ", "suspend", by="lead", reason="a complaint")
    assert "Pages that were hidden: 10" in out
    assert "SGZ village (SGZ): Suspended" in out
    assert live() == 0
    pilot("SGZ", "resume", by="lead", reason="settled")
    assert stages()["SGZ"] == "reviewed"
    assert Transition.objects.filter(verb="resume").get().reason == "settled"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_answers_in_english_whatever_the_site_speaks(town, language):
    out = StringIO()
    with override(language):
        call_command("pilot", "SGZ", "agree", by="lead", reason="x", stdout=out)
        with pytest.raises(CommandError, match="cannot follow"):
            call_command("pilot", "SGZ", "agree", by="lead", reason="x")
    assert "SGZ village (SGZ): Agreed" in out.getvalue()


def test_every_verb_goes_through_the_same_actions(town):
    for verb, stage in (("agree", "agreed"), ("start", "quiet"), ("review", "reviewed")):
        pilot("SGZ", verb, by="lead", reason="as agreed")
        assert stages()["SGZ"] == stage
    pilot("SGZ", "concur", by="moderator_sgz", reason="good")
    pilot("SGZ", "end", by="lead", reason="over")
    pilot("SGZ", "propose", by="lead", reason="again")
    assert stages()["SGZ"] == "proposed"


# Words, options, and what the refusal has to name.
BAD_INPUT = [
    (("NOPE", "agree"), {}, "NOPE"),
    (("SGZ", "NOPE", "agree"), {}, "NOPE"),
    (("SGZ", "fly"), {}, "fly"),
    (("SGZ",), {}, "SGZ"),
    ((), {}, "There is no step"),
    (("agree",), {}, "--wave N or --all"),
    (("SGZ", "agree"), {"by": "nobody"}, "nobody"),
    (("SGZ", "agree"), {"by": None}, "--by"),
    (("SGZ", "agree"), {"reason": None}, "reason"),
    (("SGZ", "agree"), {"reason": "  "}, "reason"),
    (("SGZ", "agree"), {"reason": "x" * 2001}, "2000"),
    (("SGZ", "review"), {}, "SGZ is at the stage"),
    (("SGZ", "approve"), {}, "SGZ is at the stage"),
    (("SGZ", "suspend"), {}, "SGZ is at the stage"),
    (("SGZ", "agree"), {"by": "editor_sgz"}, "editor_sgz may not"),
    (("SGZ", "agree"), {"wave": 2}, "SGZ: not in wave 2"),
    (("agree",), {"wave": 9}, "wave 9"),
    (("SGZ", "agree"), {"all": True}, "not both"),
    (("resume",), {"all": True}, "No pilot is at a stage"),
]


def test_bad_input_is_named_and_changes_nothing(town):
    before, steps = stages(), Transition.objects.count()
    for words, options, expected in BAD_INPUT:
        with pytest.raises(CommandError) as error:
            pilot(*words, **{"by": "lead", "reason": "because", **options})
        assert expected in str(error.value), (words, options)
    assert (stages(), Transition.objects.count()) == (before, steps)


def test_one_pilot_that_cannot_follow_keeps_all_of_them_back(town):
    town.to_stage("SGZ", "agreed")
    with pytest.raises(CommandError) as error:
        pilot("LSW", "SGZ", "agree", by="lead", reason="both")
    assert "SGZ is at the stage" in str(error.value)
    assert stages() == {"SGZ": "agreed", "LSW": "proposed"}


def test_all_running_pilots_are_suspended_at_once_after_a_restore(town):
    town.hold_branch("SGZ")
    town.open("SGZ")
    town.to_stage("LSW", "quiet")
    pilot("suspend", all=True, by="admin", reason="restore")
    assert stages() == {"SGZ": "suspended", "LSW": "suspended"}
    assert live() == 0


def test_a_wave_is_approved_in_one_step(town):
    Pilot.objects.filter(code="LSW").update(wave=town.pilots["SGZ"].wave)
    ready(town)
    ready(town, "LSW")
    pilot("approve", wave=1, by="lead", reason="the wave opens")
    assert set(stages().values()) == {"approved"}
    assert live() == 18


def test_a_dry_run_prints_the_plan_and_does_nothing(town):
    ready(town)
    out = pilot("SGZ", "approve", by="lead", reason="try", dry_run=True)
    assert "Goes public: 10" in out
    assert "Nothing has been done" in out
    assert town.members["SGZ-M001"].public_id in out
    assert "史" not in out
    assert (live(), stages()["SGZ"]) == (0, "reviewed")
    out = pilot("SGZ", "suspend", by="lead", reason="try", dry_run=True)
    assert "Suspended" in out
    assert stages()["SGZ"] == "reviewed"


def test_a_dry_run_of_what_cannot_be_says_why(town):
    town.hold_branch("SGZ")
    town.to_stage("SGZ", "reviewed")
    with pytest.raises(CommandError) as error:
        pilot("SGZ", "approve", by="lead", reason="try", dry_run=True)
    assert "concur" in str(error.value)


def test_long_work_says_that_it_goes_on(town, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    told = Event()

    class Listener(StringIO):
        def write(self, text):
            told.set()
            return super().write(text)

    take = module.take

    def slow(*args, **kwargs):
        assert told.wait(10)
        return take(*args, **kwargs)

    monkeypatch.setattr(module, "take", slow)
    stderr = Listener()
    with override("en"):
        call_command(
            "pilot", "SGZ", "agree", by="lead", reason="x", stdout=StringIO(), stderr=stderr
        )
    assert "Still working" in stderr.getvalue()


def test_from_a_shell_a_refusal_ends_with_exit_code_1_and_no_traceback(tmp_path):
    """Run as a user would; an empty database knows no pilot and no user."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "VAR_DIR": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, "manage.py", "pilot", "SGZ", "fly", "--by", "lead", "--reason", "x"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert run.returncode == 1
    assert "fly" in run.stderr
    assert "Traceback" not in run.stderr
