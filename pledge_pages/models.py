"""Every model of the plugin, for Django to find. The rooms own them."""

from .appraisal.branch_models import BranchOutcome  # noqa: F401
from .appraisal.ledger_models import PointConfirmation, PointEntry  # noqa: F401
from .appraisal.models import (  # noqa: F401
    Appeal,
    CheckerStatement,
    DecisionEvidence,
    OutcomeDecision,
)
from .appraisal.review_models import (  # noqa: F401
    Appraisal,
    BranchReview,
    MemberReview,
    Sanction,
)
from .boards.content import (  # noqa: F401
    BranchPledge,
    Pledge,
    PledgeAmendment,
    PledgeTask,
    ProgressUpdate,
)
from .boards.models import BranchPage, MemberPledgePage, ProgrammePage  # noqa: F401
from .embargo.models import (  # noqa: F401
    EarlierApproval,
    GatedPage,
    HeldApproval,
    ModerationTask,
    ReviewState,
    Whereabouts,
)
from .leak_check.models import LeakCheck  # noqa: F401
from .letters.models import StaffLetter  # noqa: F401
from .people.models import Consent, Member, Office, Post  # noqa: F401
from .photos.models import (  # noqa: F401
    ConsentPaper,
    EvidenceFile,
    MemberPhoto,
    MemberPhotoRendition,
)
from .pilots.models import Pilot, Programme, Role, Transition, Wave  # noqa: F401
from .posters.models import PrintedSheet  # noqa: F401
from .quiet_words.models import QuietTerm  # noqa: F401
from .rulebook.models import (  # noqa: F401
    Category,
    Clause,
    Grade,
    PledgeTemplate,
    RuleBook,
)
from .supervision.models import Report, ReportContact  # noqa: F401
from .tasks.models import Assignment, Nudge  # noqa: F401
from .village.models import VillageLink, VillageVisit  # noqa: F401
