"""Runs on many machines: a Dask cluster, reached through the address of its scheduler."""

from __future__ import annotations

import contextlib
import logging
import pickle
from collections.abc import Iterator
from concurrent.futures import CancelledError
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from experiments.errors import BadInput, Problem
from experiments.performing import (
    Job,
    OtherVersion,
    Setting,
    WorkersLost,
    failed,
    perform,
    refuse_other_version,
    warm_up,
)
from experiments.pool import AHEAD, Work
from experiments.shards import Finished

if TYPE_CHECKING:
    from distributed import Client, Future

SECONDS_TO_ANSWER = 10.0
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_WITHOUT_WORKERS = 60.0
"""How long a cluster may have no worker at all before the sweep gives up."""


def _version_here() -> str:
    """Return the model version of a worker; runs there."""
    from model.version import model_version

    warm_up()
    return model_version()


def _unpacked(packed: bytes) -> tuple[Setting, Work]:
    """Return the setting; kept by the workers, and computed again where one is lost."""
    setting, work = pickle.loads(packed)
    return setting, work


def _compute(unpacked: tuple[Setting, Work], job: Job) -> Finished:
    setting, work = unpacked
    refuse_other_version(setting)  # a worker may have joined later
    return work(setting, job)


class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    address : of the scheduler, such as tcp://host:8786.
    work : computes one run from setting and job.
    """

    def __init__(self, setting: Setting, address: str, work: Work = perform) -> None:
        self._setting, self._address, self._work = setting, address, work
        self._client: Client | None = None

    def __enter__(self) -> Self:
        """Reach the scheduler and see that its workers have this version of the model."""
        from distributed import Client

        _quiet()
        try:
            self._client = Client(self._address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
        except (OSError, ValueError) as error:
            expected = f"a Dask scheduler that answers within {SECONDS_TO_ANSWER:g} s"
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise BadInput(Problem(f"--scheduler {self._address}", expected, reason)) from None
        try:
            self._check_workers()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave the cluster; what is under way there is cancelled."""
        if self._client is not None:
            with contextlib.suppress(OSError, RuntimeError):
                self._client.close(timeout=SECONDS_TO_ANSWER)
            self._client = None

    def _check_workers(self) -> None:
        client = self._connected()
        try:
            client.wait_for_workers(1, timeout=SECONDS_TO_ANSWER)
        except TimeoutError:
            raise BadInput(Problem(f"--scheduler {self._address} has no workers", "at least one")) from None
        try:
            versions = client.run(_version_here)
        except Exception as error:  # noqa: BLE001 - whatever the worker raised, it cannot run this
            what = f"a worker of {self._address} cannot run this software ({type(error).__name__}: {error})"
            raise BadInput(Problem(what, "the same version installed on every worker")) from None
        wanted = self._setting.model_version
        for worker, version in sorted(versions.items()):
            if version != wanted:
                what = f"worker {worker} of {self._address} has another version of the model"
                raise BadInput(Problem(what, wanted, version))

    @property
    def threads(self) -> int:
        """How many runs the cluster computes at once."""
        return max(1, sum(self._connected().nthreads().values()))

    def _connected(self) -> Client:
        if self._client is None:
            raise RuntimeError("the cluster has been left")
        return self._client

    def performed(self, jobs: Iterator[Job]) -> Iterator[Finished]:
        """Yield runs as they end; jobs are handed out only as fast as workers need them."""
        client = self._connected()
        setting = client.submit(_unpacked, pickle.dumps((self._setting, self._work)), pure=True)
        waiting: dict[Future, Job] = {}
        idle = 0.0
        try:
            while True:
                with self._reached():
                    if not self._top_up(waiting, setting, jobs):
                        return
                    ended = self._ended(waiting)
                    idle = 0.0 if ended else self._idle(idle)
                    finished = [self._finished(future, waiting.pop(future)) for future in ended]
                yield from finished
        finally:
            with contextlib.suppress(Exception):
                client.cancel(list(waiting))

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """Say in our words that the scheduler has gone."""
        try:
            yield
        except (OSError, CancelledError):
            raise WorkersLost(f"the scheduler at {self._address} has been lost") from None

    def _ended(self, waiting: dict[Future, Job]) -> set[Future]:
        """Return runs that have ended, after a second at most."""
        import distributed

        try:
            with self._connected().as_current():
                found = distributed.wait(
                    list(waiting), timeout=SECONDS_BETWEEN_LOOKS, return_when="FIRST_COMPLETED"
                )
        except TimeoutError:
            return set()
        return set(found.done)

    def _top_up(self, waiting: dict[Future, Job], setting: Future, jobs: Iterator[Job]) -> bool:
        client = self._connected()
        room = AHEAD * self.threads - len(waiting)
        for _, job in zip(range(room), jobs, strict=False):
            name = f"run-{job.run.run_id}"
            waiting[client.submit(_compute, setting, job, key=name, pure=False)] = job
        return bool(waiting)

    def _idle(self, seconds: float) -> float:
        """Count the seconds for which there was no worker; give up when they are too many."""
        client = self._connected()
        if client.status not in ("running", "connecting"):
            raise WorkersLost(f"the scheduler at {self._address} has been lost")
        seconds = 0.0 if client.nthreads() else seconds + SECONDS_BETWEEN_LOOKS
        if seconds > SECONDS_WITHOUT_WORKERS:
            raise WorkersLost(f"the scheduler at {self._address} has no workers any more")
        return seconds

    def _finished(self, future: Any, job: Job) -> Finished:
        if future.status == "cancelled":
            raise WorkersLost(f"the scheduler at {self._address} has been lost")
        error = future.exception()
        if isinstance(error, OtherVersion):
            raise WorkersLost(f"a worker of {self._address} has another version of the model ({error})")
        if error is not None:  # its workers died, again and again
            return failed(self._setting, job, error, seconds=0.0)
        finished: Finished = future.result()
        return finished


def _quiet() -> None:
    """Keep Dask's own remarks off standard error: what matters is said in our words."""
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm.tcp", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
