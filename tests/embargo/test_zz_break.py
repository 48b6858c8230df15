"""Which rows fail when a lock is taken away? Not part of the suite."""
import collections, pytest
from django.db import transaction
from django.db.models.signals import pre_save
from tests.embargo.scene import Scene, SHUT, OPEN, state_of
from tests.embargo.ways import WAYS
from tests.embargo.test_ways import attempt
from pledge_pages.embargo import triggers, guards
from wagtail.signals import pre_page_move

def sweep(world, columns):
    out = collections.Counter(); names=collections.defaultdict(set)
    for way in WAYS:
        for column in way.columns:
            if column not in columns: continue
            sid = transaction.savepoint()
            try:
                try:
                    scene = Scene(world, column, "superuser" if "superuser" in way.actors else way.actors[0], alone=way.alone)
                    end = attempt(way, scene)
                    bad = scene.leaks()
                    if bad: names["leak"].add(way.name)
                    elif end not in (way.ends,) and way.ends!="either": names["ends "+end].add(way.name)
                except AssertionError as e:
                    names["assert "+str(e)[:60]].add(way.name)
                except Exception as e:
                    names["error "+type(e).__name__].add(way.name)
            finally:
                transaction.savepoint_rollback(sid)
    for k,v in names.items(): print(f"  {k}: {len(v)}: {sorted(v)[:60]}")

class TestShut:
    state = SHUT
    def test_intact(self, world): print("INTACT shut"); sweep(world, ("quiet",))
    def test_no_triggers(self, world):
        triggers.remove(); print("NO TRIGGERS shut"); sweep(world, ("quiet",)); triggers.install()
    def test_no_guards(self, world):
        pre_save.disconnect(dispatch_uid="pledge_pages.guard_page_save"); pre_page_move.disconnect(dispatch_uid="pledge_pages.guard_move")
        try:
            print("NO SAVE/MOVE GUARDS shut"); sweep(world, ("quiet",))
        finally:
            pre_save.connect(guards.guard_page_save, dispatch_uid="pledge_pages.guard_page_save"); pre_page_move.connect(guards.guard_move, dispatch_uid="pledge_pages.guard_move")
class TestOpen:
    state = OPEN
    def test_no_triggers(self, world):
        triggers.remove(); print("NO TRIGGERS open"); sweep(world, ("approved, page not","approved, page public")); triggers.install()
