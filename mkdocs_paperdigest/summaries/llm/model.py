"""The language model of one build: limited concurrency, retries, and a switch that ends hopeless calls."""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.network.turns import ThreadQueue
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.options.summarizer import KEY_NAMES, api_key, key_fault, resolve_model
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
"""Calls for one question, including the first."""
MAX_WAIT_S = 70.0
"""Longest wait before a retry: after a minute, a quota per minute is free again."""
LARGE_TEXT_BUDGET = 60_000
"""Characters: all of a paper of about fifteen pages, about 15,000 tokens."""
SMALL_TEXT_BUDGET = 24_000
"""Characters for a self-hosted model, which often reads no more than 8,000 tokens at once."""
LONG_WAIT_S = 10.0
"""Waits of at least this length are logged at INFO."""
HEAD_START_S = 0.1
"""How long other calls wait for the first one of a build: a refused key or a used-up quota shows at once."""
MIN_TEXT_BUDGET = 3_000
"""Characters; a model that cannot read this much is of no use here."""
MAX_LOST = 3
"""Questions in a row without an answer after which the model counts as down for this build."""


class Switch:
    """A circuit breaker: whether a model is worth another call in this build; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._off: ModelCallError | None = None
        self._lost = 0

    @property
    def reason(self) -> str | None:
        """Why no more calls are made, or None while the model is on."""
        return str(self._off) if self._off else None

    def check(self) -> None:
        """Raises the error that switched the model off, if there is one."""
        if self._off:
            raise ModelCallError(self._off.outcome, str(self._off))

    def turn_off(self, error: ModelCallError) -> None:
        """Prevents all further calls of this build; the first reason is kept."""
        with self._lock:
            self._off = self._off or error

    def note_answer(self) -> None:
        """Notes that the model answers."""
        with self._lock:
            self._lost = 0

    def note_loss(self, error: ModelCallError) -> None:
        """Notes a question without an answer after all retries; a few in a row turn the model off."""
        with self._lock:
            self._lost += 1
            if self._lost >= MAX_LOST:
                self._off = self._off or error


class Model(LanguageModel):
    """A language model that is called; see `LanguageModel`. Safe for threads.

    Arguments:
        name: Provider and model, `gemini/gemini-3.5-flash-lite`.
        provider: Makes the calls.
        concurrency: Calls at the same time.
        text_budget: Most characters of a paper that one call should carry.
        log_level: Level of the messages about failed calls: one message for each way of failing.
        sleep: Waits for some seconds; tests pass their own.
        chance: Gives a number from 0 to 1 for jitter.
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
        self._slots = ThreadQueue(concurrency)
        self._begun: set[str] = set()
        self._starting = threading.Lock()
        self._prepared = False
        self._started = False
        self._first_done = threading.Event()
        self._log_level = log_level
        self._logged: set[Outcome] = set()
        self._shortened: set[bool] = set()
        self._sleep = sleep
        self._chance = chance

    def prepare(self) -> None:
        """Does the slow preparations for the first call, such as loading an SDK; sends nothing."""
        with self._starting:
            if not self._prepared:
                self._provider.prepare()
                self._prepared = True

    def ask(self, prompt: Prompt) -> Reply:
        """The model's answer, after retries where they help.

        Raises:
            ModelCallError: There is no answer. Once a quota is used up, a key refused, a model unknown or
                the endpoint down, every further question of the build fails at once.
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
                    self._log_once(error, prompt)
                    raise
                # A build that waits for a minute should say why.
                level = logging.INFO if wait_s >= LONG_WAIT_S else logging.DEBUG
                log.log(level, "%s: %s; next call in %.0f s", self.name, error, wait_s)
            else:
                return replace(reply, usage=spent + reply.usage)
            self._sleep(wait_s)

    def shorten(self, budget: int, fitting: int | None = None, why: str = "") -> bool:
        """Lowers the text budget; see `LanguageModel`."""
        if self._text_budget != budget:
            return True
        # By a tenth at least, so that an endpoint that miscounts does not make this endless.
        smaller = budget // 2 if fitting is None else min(fitting, budget * 9 // 10)
        enough = smaller >= MIN_TEXT_BUDGET
        sent = f"{smaller:,} characters of a paper are" if enough else "abstracts alone are"
        with self._starting:
            new = enough not in self._shortened
            self._shortened.add(enough)
        if new:
            log.log(
                self._log_level, "model %s: %s; %s sent; %s", self.name, why, sent, _CURES[Outcome.TOO_LONG]
            )
        if enough:
            self._text_budget = smaller
        return enough

    @property
    def text_budget(self) -> int:
        """Most characters of a paper that one call should carry."""
        return self._text_budget

    def begin(self, papers: Sequence[str], places: int) -> None:
        """Prepares in the background, so that the first call need not wait for it."""
        if papers and places and not self.switch.reason:
            threading.Thread(target=self._prepare_quietly, daemon=True).start()

    def fetch(self) -> None:
        """Does nothing: every question is answered at once."""

    def settle(self, _paper: str, /) -> None:
        """Does nothing: no replies are kept."""

    def finish(self) -> BatchSent:
        """Sends nothing: every question was asked at once."""
        return BatchSent()

    def _prepare_quietly(self) -> None:
        try:
            self.prepare()
        except Exception as error:  # noqa: BLE001 - the first question fails in the same way and reports it
            log.debug("%s: %s", self.name, error)

    def _call(self, prompt: Prompt) -> Reply:
        # A paper's second question goes before the first of others: papers are finished, and kept, as soon as can be,
        # and the last one has no second question left when all others are done.
        with self._slots.turn(self.switch.check, soon=prompt.paper in self._begun):
            if prompt.paper:
                self._begun.add(prompt.paper)
            self.switch.check()
            self._await_turn()
            self.switch.check()
            try:
                reply = self._answer(prompt)
            except ModelCallError as error:
                # Without a status, these mean that there was no usable key or proxy, so nothing was sent.
                sent = error.status or error.outcome not in (Outcome.AUTH, Outcome.SETUP)
                if not error.usage.calls and sent:
                    error.usage += Usage(calls=1)
                # Before the slot is free, so that no waiting thread makes a useless call.
                if error.outcome in HOPELESS:
                    self.switch.turn_off(error)
                elif error.outcome not in PASSING:
                    self.switch.note_answer()
                raise
            finally:
                self._first_done.set()
        self.switch.note_answer()
        return reply

    def _answer(self, prompt: Prompt) -> Reply:
        try:
            return self._provider.ask(prompt)
        except (ModelCallError, ConfigurationError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever is odd in it, an answer came and was paid for
            # Only the name of the error, whose text may hold the key.
            said = f"the answer cannot be read ({type(error).__name__})"
        raise ModelCallError(Outcome.BAD_SHAPE, said, usage=Usage(calls=1))

    def _log_once(self, error: ModelCallError, prompt: Prompt) -> None:
        """Logs what is wrong and how to mend it, once per build for each way of failing."""
        if error.too_long and prompt.characters:
            return  # less of the paper is sent, and logged
        with self._starting:
            if error.outcome in self._logged:
                return
            self._logged.add(error.outcome)
        provider = self.name.partition("/")[0]
        about_paper = error.outcome in ABOUT_THE_PAPER
        cure = _CURES.get(error.outcome, _CURE_OF_PAPERS if about_paper else "asked again in the next build")
        names = KEY_NAMES[provider]
        cure = cure.format(keys=" or ".join(names))
        message = f"{prompt.paper}: {error}" if about_paper else f"{error.reason} ({error})"
        if cure not in message and not (error.outcome is Outcome.AUTH and any(n in message for n in names)):
            message += f"; {cure}"
        log.log(self._log_level, "model %s: %s", self.name, message)

    def _await_turn(self) -> None:
        try:
            self.prepare()
        except ModelCallError as error:
            self.switch.turn_off(error)
        with self._starting:
            first, self._started = not self._started, True
        if not first:
            self._first_done.wait(HEAD_START_S)

    def _wait_s(self, error: ModelCallError, count: int) -> float | None:
        """Seconds until the next call, or None if there should be none.

        Exponential back-off with jitter on its upper half
        (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
        """
        if count == MAX_CALLS or self.switch.reason:
            return None
        if error.retry_after_s is not None:
            wait_s = error.retry_after_s + self._chance()
            return wait_s if wait_s <= MAX_WAIT_S else None
        # Quotas are per minute, so four calls must span more than a minute.
        base_s, growth = (4.0, 4) if error.outcome is Outcome.RATE_LIMITED else (1.0, 2)
        return base_s * float(growth ** (count - 1)) * (0.5 + 0.5 * self._chance())


def open_model(options: Options, environ: Mapping[str, str]) -> Model | None:
    """The configured language model, or None if the options name none; sends nothing yet.

    Arguments:
        options: The model, its endpoint, and the limits of calls.
        environ: Environment variables, which hold the keys.

    Raises:
        ConfigurationError: The model's provider is unknown or not installed.
    """
    model = resolve_model(options.model, environ)
    provider, _, name = model.partition("/")
    if not name:
        return None
    own = provider == "openai" and options.model_url
    opened = Model(
        model,
        _provider(provider)(
            name, url=options.model_url, key=api_key(provider, environ), timeout_s=options.model_timeout_s
        ),
        concurrency=options.model_concurrency,
        log_level=options.log_level,
        text_budget=SMALL_TEXT_BUDGET if own else LARGE_TEXT_BUDGET,
    )
    if fault := key_fault(provider, environ):
        opened.switch.turn_off(ModelCallError(Outcome.AUTH, fault))
    return opened


def _provider(name: str) -> Callable[..., Provider]:
    """The class of a provider; only its own module is imported."""
    if name == "gemini":
        from mkdocs_paperdigest.summaries.llm.gemini import Gemini

        return Gemini
    if name == "openai":
        from mkdocs_paperdigest.summaries.llm.openai import OpenAI

        return OpenAI
    from mkdocs_paperdigest.summaries.llm.generativeai import GenerativeAI

    return GenerativeAI


_CURES: Mapping[Outcome, str] = {
    Outcome.AUTH: "set {keys}",
    Outcome.MODEL_NOT_FOUND: "see `model` and `model_url`",
    Outcome.WRONG_PATH: "see `model_url`",
    Outcome.BAD_REQUEST: "see `model` and `model_url`",
    Outcome.TOO_LONG: "serve the model with a longer context (Ollama: OLLAMA_CONTEXT_LENGTH, vLLM: "
    "--max-model-len, llama.cpp: --ctx-size, LM Studio: context length) to have more read",
    Outcome.TRUNCATED: "let the model write longer answers, or think less",
}
"""What the user can do about trouble that does not pass by itself."""
_CURE_OF_PAPERS = "sentences of the abstract are shown, and it is asked again after `refresh`"
