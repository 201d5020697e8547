"""Every service of the platform, composed once a process: what the doors are given."""

from __future__ import annotations

from dataclasses import dataclass

from tp.clients.analysis import AnalysisClient
from tp.clients.taskqueue import TaskQueueClient
from tp.clock import Clock, Entropy
from tp.services.authoring.importing import ImportService
from tp.services.authoring.questions import QuestionService
from tp.services.authoring.tests import TestService
from tp.services.chores import Chores
from tp.services.exporting.results import ResultExport
from tp.services.grading.correct import CorrectionService
from tp.services.grading.grade import GradingService
from tp.services.grading.rescore import RescoreService
from tp.services.identity.login import LoginService
from tp.services.identity.sessions import SessionService
from tp.services.invigilation.acts import InvigilationService
from tp.services.invigilation.attendance import Attendance
from tp.services.invigilation.progress import ProgressReader
from tp.services.invigilation.watch import WatchService
from tp.services.jobs import JobService
from tp.services.people.creation import UserCreation
from tp.services.people.credentials import Credentials
from tp.services.published import PublishedPapers
from tp.services.publishing.publish import PublishingService
from tp.services.relay import RelayService
from tp.services.renditions import Renditions
from tp.services.reports.ask import ReportDesk
from tp.services.reports.follow import ReportFollowing
from tp.services.reports.read import ReportReading
from tp.services.results.results import ResultService
from tp.services.serving.attempts import AttemptRows
from tp.services.serving.events import EventRows
from tp.services.serving.standings import StandingService
from tp.services.serving.tests import ServedTests
from tp.services.sitting.assignment import AssignmentService
from tp.services.sitting.attempts import AttemptService
from tp.services.sitting.board import NoticeBoard
from tp.services.sitting.close import CloseService
from tp.services.sitting.devices import DeviceService
from tp.services.sitting.expire import ExpiryService
from tp.services.sitting.heads import Heads
from tp.services.sitting.notices import NoticeService
from tp.services.sitting.prepare import PrepareService
from tp.services.sitting.save import SaveService
from tp.services.sitting.start import StartService
from tp.services.sitting.together import AttemptReader
from tp.services.sweeping import SweepService
from tp.services.tests import RecentTests

RESCORE_AT_ONCE = 500
"""How many results are scored again while a teacher waits for it."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`relay` is `None` without a task queue: then `sweeping` does what it would hand on."""

    clock: Clock
    login: LoginService
    creation: UserCreation
    credentials: Credentials
    sessions: SessionService
    questions: QuestionService
    imports: ImportService
    tests: TestService
    renditions: Renditions
    publishing: PublishingService
    assignments: AssignmentService
    starting: StartService
    saving: SaveService
    closing: CloseService
    attempts: AttemptService
    board: NoticeBoard
    notices: NoticeService
    invigilation: InvigilationService
    attendance: Attendance
    watching: WatchService
    progress: ProgressReader
    correction: CorrectionService
    results: ResultService
    jobs: JobService
    exporting: ResultExport
    chores: Chores
    sweeping: SweepService
    relay: RelayService | None
    served_tests: ServedTests
    attempt_rows: AttemptRows
    event_rows: EventRows
    standings: StandingService
    reports: ReportDesk
    report_reading: ReportReading
    report_following: ReportFollowing | None


def compose(
    login: LoginService,
    creation: UserCreation,
    credentials: Credentials,
    sessions: SessionService,
    clock: Clock,
    entropy: Entropy,
    queue: TaskQueueClient | None = None,
    rescore_at_once: int = RESCORE_AT_ONCE,
    analysis: AnalysisClient | None = None,
) -> Catalogue:
    """Put the services together around one set of caches."""
    recent, published, renditions = RecentTests(), PublishedPapers(), Renditions()
    board, attendance = NoticeBoard(), Attendance()
    reader = AttemptReader(recent, published, board)
    heads = Heads(reader, published, board)
    closing = CloseService(reader, board, heads, attendance)
    notices = NoticeService(board)
    grading = GradingService(published, clock)
    jobs = JobService(queue, clock, entropy)
    rescoring = RescoreService(grading, jobs)
    correction = CorrectionService(published, recent, rescoring, jobs, rescore_at_once if queue else None)
    expiry = ExpiryService(closing, clock)
    exporting = ResultExport(published, jobs)
    following = None if analysis is None else ReportFollowing(analysis, clock)
    chores = Chores(grading, rescoring, expiry, PrepareService(entropy), exporting, following)
    results = ResultService(published, recent)
    questions = QuestionService(entropy)
    assignments = AssignmentService()
    return Catalogue(
        clock=clock,
        login=login,
        creation=creation,
        credentials=credentials,
        sessions=sessions,
        questions=questions,
        imports=ImportService(questions),
        tests=TestService(recent, assignments, entropy),
        renditions=renditions,
        publishing=PublishingService(published, renditions, recent),
        assignments=assignments,
        starting=StartService(reader, DeviceService(board), heads, attendance, entropy),
        saving=SaveService(heads, notices, attendance, clock),
        closing=closing,
        attempts=AttemptService(recent, published, reader, board, closing, attendance, clock),
        board=board,
        notices=notices,
        invigilation=InvigilationService(recent, board),
        attendance=attendance,
        watching=WatchService(attendance, recent, board, clock),
        progress=ProgressReader(published),
        correction=correction,
        results=results,
        jobs=jobs,
        exporting=exporting,
        chores=chores,
        sweeping=SweepService(chores, jobs),
        relay=None if queue is None else RelayService(queue, expiry, clock),
        served_tests=ServedTests(published),
        attempt_rows=AttemptRows(published, clock),
        event_rows=EventRows(clock),
        standings=StandingService(),
        reports=ReportDesk(analysis is not None, entropy),
        report_reading=ReportReading(analysis, results),
        report_following=following,
    )
