"""Store finished runs in a thread of its own, so that no worker waits while a shard is written or merged."""

from __future__ import annotations

import queue
import threading
from types import TracebackType
from typing import Self

from experiments.archive import ResultsFolder
from experiments.shards import Finished

LONGEST_QUEUE = 64
"""Finished runs that may wait to be stored; then whoever finishes another one waits too."""
SECONDS_BETWEEN_LOOKS = 1.0


class Recorder:
    """Hands finished runs over to a results folder; an error of the disk comes back at the next call."""

    def __init__(self, folder: ResultsFolder) -> None:
        self._folder = folder
        self._queue: queue.Queue[Finished | None] = queue.Queue(LONGEST_QUEUE)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Wait until all is handed over."""
        self._put(None)
        self._thread.join()
        if error is None:
            self._raise()

    def add(self, finished: Finished) -> None:
        """Keep a run that has ended."""
        self._put(finished)
        self._raise()

    def drain(self) -> None:
        """Wait until everything added so far is on disk."""
        self._queue.join()
        self._raise()
        self._folder.flush()

    def _put(self, item: Finished | None) -> None:
        while self._thread.is_alive():
            try:
                self._queue.put(item, timeout=SECONDS_BETWEEN_LOOKS)
            except queue.Full:
                continue
            return

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        while True:
            item = self._queue.get()
            try:
                if item is None:
                    return
                if self._error is None:
                    self._folder.add(item)
            except Exception as error:  # noqa: BLE001 - raised again where runs are added
                self._error = error
            finally:
                self._queue.task_done()
