"""What the record says beside outcomes that are on pages: registered with ``boards.remarks``."""

from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from ..boards.content import Status
from ..boards.remarks import Remark
from .models import OutcomeDecision, State

APPEALED = Q(state=State.FROZEN)
# Who was told since, or is on record with an account of their own, was asked.
UNASKED = Q(imported=True, told_on__isnull=True, replied_on__isnull=True) & ~Q(
    outcome=Status.FULFILLED
)


def remarked() -> QuerySet[OutcomeDecision]:
    """Return the outcomes beside which there is something to be said, each with codes as ``said``."""
    rows = OutcomeDecision.objects.filter(
        APPEALED | UNASKED, final_at__isnull=False, state__in=[State.FINAL, State.FROZEN]
    )
    return rows.annotate(
        said=Concat(
            _if(APPEALED, Remark.APPEAL_OPEN),
            _if(UNASKED, Remark.NOT_ASKED),
            output_field=TextField(),
        )
    ).only("member", "pledge_key")


def _if(condition: Q, remark: Remark) -> Case:
    then = When(condition, then=Value(f"{remark.value} "))
    return Case(then, default=Value(""), output_field=TextField())
