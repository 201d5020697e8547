"""Every service of the platform, composed once a process: what the doors are given."""

from __future__ import annotations

from dataclasses import dataclass

from tp.clock import Clock, Entropy
from tp.services.authoring.importing import ImportService
from tp.services.authoring.questions import QuestionService
from tp.services.authoring.tests import TestService
from tp.services.grading.correct import CorrectionService
from tp.services.grading.grade import GradingService
from tp.services.identity.login import LoginService
from tp.services.people.creation import UserCreation
from tp.services.people.credentials import Credentials
from tp.services.published import PublishedPapers
from tp.services.publishing.publish import PublishingService
from tp.services.results.results import ResultService
from tp.services.sitting.assignment import AssignmentService
from tp.services.sitting.attempts import AttemptService
from tp.services.sitting.close import CloseService
from tp.services.sitting.heads import Heads
from tp.services.sitting.save import SaveService
from tp.services.sitting.start import StartService
from tp.services.sitting.together import AttemptReader
from tp.services.sweeping import SweepService
from tp.services.tests import RecentTests


@dataclass(frozen=True, slots=True)
class Catalogue:
    clock: Clock
    login: LoginService
    creation: UserCreation
    credentials: Credentials
    questions: QuestionService
    imports: ImportService
    tests: TestService
    publishing: PublishingService
    assignments: AssignmentService
    starting: StartService
    saving: SaveService
    closing: CloseService
    attempts: AttemptService
    correction: CorrectionService
    results: ResultService
    sweeping: SweepService


def compose(
    login: LoginService, creation: UserCreation, credentials: Credentials, clock: Clock, entropy: Entropy
) -> Catalogue:
    """Put the services together around one set of caches."""
    recent, published = RecentTests(), PublishedPapers()
    reader = AttemptReader(recent, published)
    heads = Heads(reader, published)
    closing = CloseService(recent, heads)
    grading = GradingService(published, clock)
    correction = CorrectionService(published, recent, grading)
    questions = QuestionService(entropy)
    assignments = AssignmentService()
    return Catalogue(
        clock=clock,
        login=login,
        creation=creation,
        credentials=credentials,
        questions=questions,
        imports=ImportService(questions),
        tests=TestService(recent, assignments, entropy),
        publishing=PublishingService(published, recent),
        assignments=assignments,
        starting=StartService(recent, entropy),
        saving=SaveService(heads, clock),
        closing=closing,
        attempts=AttemptService(recent, published, reader, closing, clock),
        correction=correction,
        results=ResultService(published, recent),
        sweeping=SweepService(closing, grading, correction, clock),
    )
