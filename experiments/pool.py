"""Runs on this machine: worker processes that are replaced when they die, with a time limit per run.

Only a file's name travels through the pool's pipe. A worker that is killed in the middle of a long message
would leave the pipe unusable for all others; a message of a few bytes is written whole or not at all.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from experiments.performing import (
    Job,
    OtherVersion,
    Setting,
    TooLong,
    WorkersLost,
    failed,
    perform,
    refuse_other_version,
    warm_up,
)
from experiments.shards import Finished
from experiments.spawning import Spawning, deaf_to_interruptions
from experiments.storing import NotStored, reason_of

Work = Callable[..., Finished]
ATTEMPTS = 3
"""How often a run is begun whose worker dies; then it is booked as failed."""
GRACE = 5.0
"""Seconds beyond the limit after which a run that does not look at the clock is ended with its worker."""
AHEAD = 2
"""Runs handed out per worker, so that none waits for its next one."""
MOST_FRESH_POOLS = 3
"""New pools in a row that may break before one run has ended."""
SECONDS_BETWEEN_LOOKS = 1.0


class WorkerDied(RuntimeError):
    """The process that computed a run ended, every time."""


_worker: dict[str, Any] = {}
"""What a worker process keeps between runs: the setting, and who started it."""


def _prepare(packed: bytes, parent: int) -> None:
    _worker["setting"], _worker["work"] = pickle.loads(packed)
    _worker["parent"] = parent
    if _worker["work"] is perform:
        warm_up()


def _compute(job: Job, spool: str) -> str:
    """Compute one run in a worker and return the name of the file that holds it."""
    refuse_other_version(_worker["setting"])  # a worker that took a dead one's place may have newer code
    finished = _worker["work"](_worker["setting"], job, _leave_when_orphaned)
    path = Path(spool) / f"{job.run.run_id}-{os.getpid()}.pickle"
    with path.open("wb") as stream:
        pickle.dump(finished, stream, protocol=5)
    return path.name


def _leave_when_orphaned(_done: int, _total: int) -> None:
    if os.getppid() != _worker["parent"]:
        os._exit(1)


class LocalPool:
    """A pool of worker processes on this machine.

    Parameters
    ----------
    workers : number of processes.
    spool : an existing folder for results on their way.
    work : computes one run from setting and job.
    """

    def __init__(self, setting: Setting, workers: int, spool: Path, work: Work = perform) -> None:
        self._setting, self._workers, self._spool, self._work = setting, workers, spool, work
        self._pool: ProcessPool | None = None
        self._attempts: dict[str, int] = {}
        self._fresh_pools = 0

    def __enter__(self) -> Self:
        """Start the workers."""
        self._start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop the workers, whatever they do."""
        self._stop()

    def _start(self) -> None:
        packed = pickle.dumps((self._setting, self._work))
        self._pool = ProcessPool(
            self._workers, initializer=_prepare, initargs=(packed, os.getpid()), context=Spawning()
        )
        with deaf_to_interruptions():
            started = self._pool.active
        if not started:
            raise WorkersLost("the worker processes cannot be started")

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def performed(self, jobs: Iterator[Job]) -> Iterator[Finished]:
        """Yield runs as they end; jobs are taken only as fast as workers need them."""
        waiting: dict[Future[str], Job] = {}
        again: list[Job] = []
        try:
            while self._top_up(waiting, again, jobs):
                done, _ = wait(waiting, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
                broken = False
                for future in done:
                    job = waiting.pop(future)
                    try:
                        finished = self._finished(future, job)
                    except BrokenProcessPool:
                        finished, broken = None, True
                    if finished is None:
                        again.append(job)
                    else:
                        self._fresh_pools = 0
                        yield finished
                if broken:
                    again += waiting.values()
                    waiting.clear()
                    self._renew()
        finally:
            for future in waiting:
                future.cancel()

    def _top_up(self, waiting: dict[Future[str], Job], again: list[Job], jobs: Iterator[Job]) -> bool:
        """Hand out runs; return whether any is on its way."""
        assert self._pool is not None
        hard_limit = None if self._setting.limit is None else 1.5 * self._setting.limit + GRACE
        while len(waiting) < AHEAD * self._workers:
            job = again.pop() if again else next(jobs, None)
            if job is None:
                break
            try:
                future = self._pool.schedule(_compute, args=(job, str(self._spool)), timeout=hard_limit)
            except RuntimeError:  # the pool has broken meanwhile; what is under way will say so
                again.append(job)
                if waiting:
                    break
                self._renew()
                continue
            waiting[future] = job
        return bool(waiting)

    def _renew(self) -> None:
        """Replace a pool that has broken."""
        self._fresh_pools += 1
        if self._fresh_pools > MOST_FRESH_POOLS:
            raise WorkersLost("the worker processes end before they have computed anything")
        self._stop()
        self._start()

    def _finished(self, future: Future[str], job: Job) -> Finished | None:
        """Return a run that has ended, or None when it is to be begun again."""
        limit = self._setting.limit
        try:
            return self._collected(future.result())
        except BrokenProcessPool:
            raise
        except (TimeoutError, CancelledError):
            error = TooLong(f"the run took longer than {limit:g} s and did not answer")
            return failed(self._setting, job, error, seconds=limit or 0.0, status="timeout")
        except ProcessExpired as expired:
            return self._died(job, expired)
        except OtherVersion as error:
            raise WorkersLost(f"the model has been edited since the sweep began ({error})") from None
        except OSError as error:
            raise NotStored(f"results cannot be kept in {self._spool.parent} ({reason_of(error)})") from None

    def _collected(self, name: str) -> Finished:
        path = self._spool / name
        with path.open("rb") as stream:
            finished: Finished = pickle.load(stream)
        path.unlink()
        return finished

    def _died(self, job: Job, expired: ProcessExpired) -> Finished | None:
        times = self._attempts[job.run.run_id] = self._attempts.get(job.run.run_id, 0) + 1
        if times < ATTEMPTS:
            return None
        error = WorkerDied(f"its worker process ended {times} times, last {_how(expired.exitcode)}")
        return failed(self._setting, job, error, seconds=0.0)


def _how(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"with exit code {exitcode}"
    try:
        return f"by {signal.Signals(-exitcode).name}"
    except ValueError:
        return f"by signal {-exitcode}"
