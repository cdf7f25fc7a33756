"""The language model of one build: bounded concurrency, retries, and a switch for lost causes."""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.options.summarizer import KEY_NAMES, api_key
from mkdocs_paperdigest.summaries.llm.calls import BatchSent, LanguageModel, Prompt, Provider, Reply
from mkdocs_paperdigest.summaries.llm.outcomes import (
    ABOUT_THE_PAPER,
    HOPELESS,
    PASSING,
    ModelCallError,
    Outcome,
)

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

MAX_CALLS = 4
"""Calls for one question, the first included."""
MAX_WAIT_S = 70.0
"""Longest wait before a retry: a quota per minute is free again after one."""
LARGE_TEXT_BUDGET = 60_000
"""Characters: a paper of some fifteen pages as it is, about 15,000 tokens."""
SMALL_TEXT_BUDGET = 24_000
"""Characters for a model of one's own, which often reads no more than 8,000 tokens at once."""
LONG_WAIT_S = 10.0
HEAD_START_S = 0.1
"""How long other calls let a build's first one go ahead: a refused key or a used-up quota shows at once."""
MIN_TEXT_BUDGET = 3_000
"""Characters; a model that cannot read as much is of no use here."""
MAX_LOST = 3
"""Questions in a row without any answer, after which the model counts as down for this build."""


class Switch:
    """Whether a model is worth another call in this build; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._off: ModelCallError | None = None
        self._lost = 0

    @property
    def reason(self) -> str | None:
        """Why no call is made any more, or None while the model is on."""
        return str(self._off) if self._off else None

    def check(self) -> None:
        """Raises the error that switched the model off, if one did."""
        if self._off:
            raise ModelCallError(self._off.outcome, str(self._off))

    def turn_off(self, error: ModelCallError) -> None:
        """Ends all calls of this build; the first reason stays."""
        with self._lock:
            self._off = self._off or error

    def note_answer(self) -> None:
        """Notes that the model is there."""
        with self._lock:
            self._lost = 0

    def note_loss(self, error: ModelCallError) -> None:
        """Notes a question that got no answer after all retries; a few in a row turn the model off."""
        with self._lock:
            self._lost += 1
            if self._lost >= MAX_LOST:
                self._off = self._off or error


class Model(LanguageModel):
    """A language model that is called; see `LanguageModel`. Safe for threads.

    Arguments:
        name: Provider and model, `gemini/gemini-3.5-flash-lite`.
        provider: What carries the calls.
        concurrency: Calls at once.
        text_budget: Characters of a paper that one call should carry at most.
        log_level: How loud to be, once for each way of failing, about calls that fail.
        sleep: Waits for some seconds; tests pass their own.
        chance: A number from 0 to 1 for jitter.
    """

    def __init__(
        self,
        name: str,
        provider: Provider,
        *,
        concurrency: int = 4,
        text_budget: int = LARGE_TEXT_BUDGET,
        log_level: int = logging.INFO,
        sleep: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self._text_budget = text_budget
        self.switch = Switch()
        self._provider = provider
        self._slots = threading.BoundedSemaphore(concurrency)
        self._starting = threading.Lock()
        self._prepared = False
        self._started = False
        self._first_done = threading.Event()
        self._log_level = log_level
        self._told: set[Outcome] = set()
        self._sleep = sleep
        self._chance = chance

    def prepare(self) -> None:
        """Does what takes time before the first call, such as loading an SDK; sends nothing."""
        with self._starting:
            if not self._prepared:
                self._provider.prepare()
                self._prepared = True

    def ask(self, prompt: Prompt) -> Reply:
        """The model's answer, after as many calls as make sense.

        Raises:
            ModelCallError: When there is none. Once a quota is used up, a key refused, a model unknown
                or the endpoint dead, every further question of the build fails at once.
        """
        count, spent = 0, Usage()
        while True:
            count += 1
            try:
                reply = self._call(prompt)
            except ModelCallError as error:
                error.usage = spent = spent + error.usage
                wait_s = self._wait_s(error, count) if error.outcome in PASSING else None
                if wait_s is None:
                    if error.outcome in PASSING:
                        self.switch.note_loss(error)
                    self._tell(error)
                    raise
                # A build that stands still for a minute should say why.
                level = logging.INFO if wait_s >= LONG_WAIT_S else logging.DEBUG
                log.log(level, "%s: %s; next call in %.0f s", self.name, error, wait_s)
            else:
                return replace(reply, usage=spent + reply.usage)
            self._sleep(wait_s)

    def shorten(self, budget: int) -> bool:
        """Halves the text budget for the rest of the build, if it is still `budget` and not tiny."""
        if self._text_budget == budget:
            if budget // 2 < MIN_TEXT_BUDGET:
                return False
            self._text_budget = budget // 2
        return True

    @property
    def text_budget(self) -> int:
        """Characters of a paper that one call should carry at most."""
        return self._text_budget

    @property
    def pending(self) -> frozenset[str]:
        """None: a call is answered at once."""
        return frozenset()

    def begin(self, papers: Sequence[str], places: int) -> None:
        """Gets ready in the background, so that the first call need not wait for it."""
        if papers and places:
            threading.Thread(target=self._prepare_quietly, daemon=True).start()

    def fetch(self) -> None:
        """Does nothing: every question is answered at once."""

    def settle(self, _paper: str, /) -> None:
        """Does nothing: no answer is kept."""

    def finish(self) -> BatchSent:
        """Sends nothing: every question was asked at once."""
        return BatchSent()

    def _prepare_quietly(self) -> None:
        try:
            self.prepare()
        except Exception as error:  # noqa: BLE001 - the first question meets it again, and reports it
            log.debug("%s: %s", self.name, error)

    def _call(self, prompt: Prompt) -> Reply:
        with self._slots:
            self._await_turn()
            self.switch.check()
            try:
                reply = self._provider.ask(prompt)
            except ModelCallError as error:
                # Without a status, a key was refused before anything was sent.
                if not error.usage.calls and (error.status or error.outcome is not Outcome.AUTH):
                    error.usage += Usage(calls=1)
                # Before the slot is free: nobody who waits for it may call in vain.
                if error.outcome in HOPELESS:
                    self.switch.turn_off(error)
                elif error.outcome not in PASSING:
                    self.switch.note_answer()
                raise
            finally:
                self._first_done.set()
        self.switch.note_answer()
        return reply

    def _tell(self, error: ModelCallError) -> None:
        """Says once a build what is wrong with the model and how it can be mended."""
        with self._starting:
            if error.outcome in ABOUT_THE_PAPER or error.too_long or error.outcome in self._told:
                return
            self._told.add(error.outcome)
        provider = self.name.partition("/")[0]
        cure = _CURES.get(error.outcome, "asked again in the next build")
        cure = cure.format(keys=" or ".join(KEY_NAMES[provider]))
        message = f"{error.reason} ({error})"
        if cure not in message:
            message += f"; {cure}"
        log.log(self._log_level, "model %s: %s", self.name, message)

    def _await_turn(self) -> None:
        self.prepare()
        with self._starting:
            first, self._started = not self._started, True
        if not first:
            self._first_done.wait(HEAD_START_S)

    def _wait_s(self, error: ModelCallError, count: int) -> float | None:
        """Seconds until the next call, or None where there should be none.

        Exponential back-off with jitter on its upper half
        (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
        """
        if count == MAX_CALLS or self.switch.reason:
            return None
        if error.retry_after_s is not None:
            wait_s = error.retry_after_s + self._chance()
            return wait_s if wait_s <= MAX_WAIT_S else None
        # Quotas are counted by the minute, so four calls must reach over one.
        base_s, growth = (4.0, 4) if error.outcome is Outcome.RATE_LIMITED else (1.0, 2)
        return base_s * float(growth ** (count - 1)) * (0.5 + 0.5 * self._chance())


def open_model(options: Options, environ: Mapping[str, str]) -> Model | None:
    """The model that the settings name, or None where none is to be asked; sends nothing yet.

    Arguments:
        options: `model` is resolved (`providers.resolve_model`).
        environ: Where keys are looked for.

    Raises:
        ConfigurationError: When the model's provider is unknown or not installed.
    """
    provider, _, name = options.model.partition("/")
    if provider in ("none", "extractive"):
        return None
    opener = _OPENERS.get(provider)
    if opener is None or not name:
        raise ConfigurationError(f"`model: {options.model}` names no summarizer that we know")
    return Model(
        options.model,
        opener(name, options, environ),
        concurrency=options.model_concurrency,
        log_level=options.log_level,
        text_budget=SMALL_TEXT_BUDGET
        if provider == "openai" and options.model_url
        else LARGE_TEXT_BUDGET,
    )


def _gemini(name: str, options: Options, environ: Mapping[str, str]) -> Provider:
    from mkdocs_paperdigest.summaries.llm.gemini import Gemini

    key = api_key("gemini", environ)
    return Gemini(name, url=options.model_url, key=key, timeout_s=options.model_timeout_s)


def _openai(name: str, options: Options, environ: Mapping[str, str]) -> Provider:
    from mkdocs_paperdigest.summaries.llm.openai import OpenAI

    key = api_key("openai", environ)
    return OpenAI(name, url=options.model_url, key=key, timeout_s=options.model_timeout_s)


def _generativeai(name: str, options: Options, environ: Mapping[str, str]) -> Provider:
    from mkdocs_paperdigest.summaries.llm.generativeai import GenerativeAI

    key = api_key("google-generativeai", environ)
    return GenerativeAI(name, url=options.model_url, key=key, timeout_s=options.model_timeout_s)


_CURES: Mapping[Outcome, str] = {
    Outcome.AUTH: "set {keys}",
    Outcome.MODEL_NOT_FOUND: "see `model` and `model_url`",
    Outcome.BAD_REQUEST: "see `model` and `model_url`",
}
"""How trouble can be mended that does not pass of itself."""

_OPENERS: Mapping[str, Callable[[str, Options, Mapping[str, str]], Provider]] = {
    "gemini": _gemini,
    "openai": _openai,
    "google-generativeai": _generativeai,
}
