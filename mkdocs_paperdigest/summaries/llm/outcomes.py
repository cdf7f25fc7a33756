"""The ways in which a call of a language model can fail, and which one an HTTP answer or an exception means.

Sources: https://ai.google.dev/gemini-api/docs/troubleshooting and `google/rpc/error_details.proto` for
the bodies of errors; OpenAI's reference for `insufficient_quota` and `content_filter`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from mkdocs_paperdigest.errors import ModelError
from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.network.setup import SetupError
from mkdocs_paperdigest.reasons import Reason, ReasonCode


class Outcome(StrEnum):
    """Every way in which a call can fail; each is a reason code as well."""

    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    TIMEOUT = "timeout"
    NETWORK = "network"
    GARBLED = "garbled"

    BAD_JSON = "bad_json"
    BAD_SHAPE = "bad_shape"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"

    DAILY_QUOTA = "daily_quota"
    AUTH = "auth"
    SETUP = "setup"
    MODEL_NOT_FOUND = "model_not_found"
    WRONG_PATH = "wrong_path"
    BAD_REQUEST = "bad_request"
    TOO_LONG = "too_long"
    BLOCKED = "blocked"
    RECITATION = "recitation"
    EMPTY = "empty"

    BATCHED = "batched"
    POSTPONED = "postponed"


PASSING = frozenset(
    {Outcome.RATE_LIMITED, Outcome.OVERLOADED, Outcome.TIMEOUT, Outcome.NETWORK, Outcome.GARBLED}
)
"""The same call may succeed a moment later."""

REPAIRABLE = frozenset(
    {Outcome.BAD_JSON, Outcome.BAD_SHAPE, Outcome.TRUNCATED, Outcome.MALFORMED, Outcome.RECITATION}
)
"""A changed call may succeed: with a complaint, with room for more output, or with a request for other words."""

HOPELESS = frozenset(
    {Outcome.DAILY_QUOTA, Outcome.AUTH, Outcome.SETUP, Outcome.MODEL_NOT_FOUND, Outcome.WRONG_PATH}
)
"""No further call of this build will succeed."""

LATER = frozenset({Outcome.BATCHED, Outcome.POSTPONED})
"""The answer comes with a batch, or a later build asks for it."""

ABOUT_THE_PAPER = REPAIRABLE | {Outcome.BLOCKED, Outcome.EMPTY}
"""The model was reached but gave nothing usable about this paper; other failures do not concern the paper."""


class ModelCallError(ModelError):
    """A call that failed.

    Arguments:
        outcome: The way in which it failed.
        message: What the endpoint said.
        status: HTTP status, if there was one.
        retry_after_s: Seconds that the endpoint asked to wait.
        usage: What the call cost all the same.
        body: The whole answer of the endpoint, for its limits; never shown.
    """

    excess: int | None = None
    """Characters that a question has too many, where the endpoint says how much it can read."""

    def __init__(
        self,
        outcome: Outcome,
        message: str,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
        usage: Usage = Usage(),  # noqa: B008  # frozen
        body: str = "",
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.status = status
        self.retry_after_s = retry_after_s
        self.usage = usage
        self.body = body

    @property
    def reason(self) -> Reason:
        """See `ModelError.reason`."""
        return Reason(ReasonCode(self.outcome.value))

    @property
    def too_long(self) -> bool:
        """Whether the prompt is longer than the model can read."""
        return self.outcome is Outcome.TOO_LONG


def of_http(status: int, body: str, headers: Mapping[str, str]) -> ModelCallError:
    """The failure that an HTTP answer with a status other than 200 means.

    Arguments:
        status: HTTP status.
        body: Text of the answer: JSON of Google or OpenAI, JSON in a list (Google's OpenAI-compatible
            endpoint), or HTML of a proxy.
        headers: Headers of the answer; their names may be in upper or lower case.
    """
    error = _error(body)
    said = _message(error) or _title(body)
    if 300 <= status < 400:
        said = "redirects are not followed, because the key is for the configured URL only"
    message = f"HTTP {status}: {said}" if said else f"HTTP {status}"
    return ModelCallError(
        _outcome(status, error, said),
        message,
        status=status,
        retry_after_s=_retry_after(error, said, headers),
        body=body,
    )


def wrong_path(failure: ModelCallError, cure: str) -> ModelCallError:
    """The failure as one of the address, where the server does not know the path; else the failure itself.

    Arguments:
        failure: As `of_http` has it.
        cure: What is wrong with `model_url`.
    """
    said = _ASKED_PATH.sub("", f"{failure} {failure.body}")
    unknown = failure.status in (404, 405) and not _ABOUT_MODEL.search(said)
    if failure.status and (unknown or _WRONG_PATH.search(str(failure))):
        return ModelCallError(Outcome.WRONG_PATH, f"HTTP {failure.status}: {cure}", status=failure.status)
    return failure


_ABOUT_MODEL = re.compile(r"model|deployment|endpoints found|requested entity", re.IGNORECASE)
"""What servers say of a model that they do not have; Azure calls it a deployment, Google an entity."""
_ASKED_PATH = re.compile(r"/models/[^\s\"'<>]*")
"""The part of Gemini's own path that servers repeat, and that says nothing of a model."""
_WRONG_PATH = re.compile(
    r"unexpected endpoint|(unknown|invalid|no such|no) (endpoint|route|path|url|handler)\b(?!s)|"
    r"(route|path|url|endpoint|page)\b.{0,80}\bnot (be )?(found|exist)|cannot post|method not allowed|"
    r"no static resource|unrecognized request url",
    re.IGNORECASE,
)


def of_error(error: object, usage: Usage) -> ModelCallError:
    """The failure that an error object inside an answer with HTTP status 200 means.

    Gateways put the status of the server behind them into the error, as a number or as digits; others have
    only a word for it, such as `rate_limit_exceeded`.

    Arguments:
        error: What stands under `error`, or the whole answer where it has no other content.
        usage: What the call cost.
    """
    body = json.dumps({"error": error})
    failure = of_http(_status(_error(body)), body, {})
    failure.usage = usage
    return failure


def of_exception(error: BaseException) -> ModelCallError:
    """The failure that an exception of requests, urllib3 or Google's older SDK means, by its name."""
    if isinstance(error, SetupError):
        return ModelCallError(Outcome.SETUP, str(error))
    if isinstance(error, RecursionError):
        return ModelCallError(Outcome.BAD_JSON, "the answer is nested too deeply")
    names = {kind.__name__ for kind in type(error).__mro__}
    if "ProxyError" in names:
        return ModelCallError(Outcome.NETWORK, str(error))
    said = f"{type(error).__name__}: {error}"
    if names & {"InvalidURL", "InvalidSchema", "MissingSchema", "TooManyRedirects"}:
        return ModelCallError(Outcome.BAD_REQUEST, said)
    if names & {"Timeout", "TimeoutError"}:
        return ModelCallError(Outcome.TIMEOUT, said)
    if names & {"HTTPError", "RequestException", "OSError"} and "JSONDecodeError" not in names:
        return ModelCallError(Outcome.NETWORK, said)
    # An SDK that cannot parse an answer raises anything: ValueError, TypeError, KeyError.
    return ModelCallError(Outcome.GARBLED, said)


def of_finish(reason: str, usage: Usage, *, answered: bool = False) -> ModelCallError | None:
    """The failure that a finish or block reason means; None if the answer is complete.

    Servers have many words for the same few things, so a word is judged by the words that it is made of:
    `contentFilter`, `CONTENT_FILTERED` and `blocked_by_content_filter` are one.

    Arguments:
        reason: Gemini's `finishReason`, or another provider's word for it.
        usage: What the call cost.
        answered: Whether there is text. An unknown word after a text is no failure; the text is judged later.
    """
    parts = [part.lower() for part in _WORDS_OF_REASON.findall(reason)]
    for outcome, beginning in _FINISH:
        if any(beginning.match(part) for part in parts):
            return ModelCallError(outcome, f"the model stopped with {reason}", usage=usage)
    if answered or reason.lower() in _COMPLETE:
        return None
    return ModelCallError(Outcome.BLOCKED, f"the model stopped with {reason}", usage=usage)


_WORDS_OF_REASON = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_COMPLETE = frozenset({"", "stop", "eos", "eos_token", "finish_reason_unspecified"})

# The first kind that fits counts: `ERROR_TOXIC` is a refusal, `rate_limit` is no limit of the answer's length.
_FINISH = tuple(
    (outcome, re.compile(beginnings))
    for outcome, beginnings in (
        (
            Outcome.BLOCKED,
            "filter|refus|safe|sensitiv|prohibit|block|guardrail|moderat|toxic|polic|violat|harm|spii|armor",
        ),
        (Outcome.RECITATION, "recit|copyright"),
        (Outcome.MALFORMED, "malform"),
        (Outcome.RATE_LIMITED, "rate|quota|throttl"),
        (Outcome.TIMEOUT, "timeout|timed|deadline"),
        (Outcome.NETWORK, "network|disconnect|connection"),
        (
            Outcome.OVERLOADED,
            "error|abort|cancel|interrupt|fail|load|overload|insufficient|unavailab|busy|evict|preempt|crash",
        ),
        (Outcome.TRUNCATED, "length|max|limit|truncat|context|continuation|incomplete|partial"),
    )
)

_TOO_LONG = re.compile(
    r"context.{0,3}(length|window|size|limit)|too (long|large|many tokens)|maximum.{0,40}tokens|"
    r"(tokens?|prompt|input|request) .{0,60}exceed|exceed\w* .{0,60}(tokens?|context|length)|"
    r"payload size exceeds|longer than the model|reduce the length|must have less than|max_new_tokens`? must be|"
    r"(range|value) (of|for) (max_tokens|input length)|max_(completion_)?tokens\W.{0,60}"
    r"(less than|at most|up to|no more than|lower than|between|<=)|(at most|up to) \d+ (output|completion)|"
    r"than (the )?max|过长|超(过|出).{0,20}(长度|上下文)|token limit|max_(seq|model)_len|n_ctx|"
    r"maximum (prompt|input|sequence) length|tokens.{0,40}(more|greater|larger) than|\d{3,} >=? \d{3,}",
    re.IGNORECASE,
)
_NOT_TOO_LONG = re.compile(r"quota|rate.?limit|balance|credit|concurren|requests? per", re.IGNORECASE)
_CONTEXT = re.compile(r"context.{0,3}(length|window|size)", re.IGNORECASE)
_FILTERED = re.compile(
    r"content_?filter|content.(policy|management)|data_?inspection|responsible_?ai|inappropriate content|"
    r"flagged.{0,40}(moderation|policy)",
    re.IGNORECASE,
)
"""HTTP 400 with which Azure, DashScope and gateways refuse a question because of its content."""

_BY_STATUS: Mapping[int, Outcome] = {
    401: Outcome.AUTH,
    402: Outcome.DAILY_QUOTA,
    403: Outcome.AUTH,
    404: Outcome.MODEL_NOT_FOUND,
    405: Outcome.MODEL_NOT_FOUND,
    408: Outcome.TIMEOUT,
    429: Outcome.RATE_LIMITED,
    499: Outcome.NETWORK,
    504: Outcome.TIMEOUT,
}


def _outcome(status: int, error: Mapping[str, Any], said: str) -> Outcome:
    if status == 429 and _used_up(error, said):
        return Outcome.DAILY_QUOTA
    if status == 400 and _bad_key(error, said):
        return Outcome.AUTH
    words = f"{error.get('code')} {error.get('type')} {said}"
    if status in (400, 403, 422) and _FILTERED.search(words):
        return Outcome.BLOCKED
    if status == 400 and error.get("code") == "json_validate_failed":
        # Groq: the model wrote broken JSON, which another try may not.
        return Outcome.GARBLED
    if (
        status in (400, 413, 422)
        and _TOO_LONG.search(words)
        and (status == 413 or not _NOT_TOO_LONG.search(words))
    ):
        return Outcome.TOO_LONG
    if status == 500 and _CONTEXT.search(words):
        return Outcome.TOO_LONG
    if status >= 500:
        return _BY_STATUS.get(status, Outcome.OVERLOADED)
    return _BY_STATUS.get(status, Outcome.BAD_REQUEST)


def _used_up(error: Mapping[str, Any], said: str) -> bool:
    """Whether waiting cannot help: a quota per day, one of zero, or an account without money.

    RetryInfo is useless here: it says half a minute for a daily quota as well.
    """
    quotas = [
        str(violation.get("quotaId", ""))
        for detail in _details(error)
        for violation in detail.get("violations") or ()
        if isinstance(violation, dict)
    ]
    if quotas:
        return any("PerDay" in quota for quota in quotas) or " limit: 0" in said
    spent = {"insufficient_quota", "billing_hard_limit_reached"}
    if spent & {str(error.get("code")), str(error.get("type"))}:
        return True
    return bool(_USED_UP.search(said))


# Without details, only the message is left. The free tier allows about 30 requests a minute at most, so
# a limit of hundreds is one per day.
_USED_UP = re.compile(r"\blimit: 0\b|\bper day\b|\(RPD\)|free_tier_requests, limit: \d{3}")


def _bad_key(error: Mapping[str, Any], said: str) -> bool:
    reasons = {detail.get("reason") for detail in _details(error)}
    return "API_KEY_INVALID" in reasons or "API key not valid" in said or "API key expired" in said


def _retry_after(error: Mapping[str, Any], said: str, headers: Mapping[str, str]) -> float | None:
    """Seconds that the endpoint asked to wait: in a header, in RetryInfo, or in its message."""
    lower = {name.lower(): value for name, value in headers.items()}
    candidates = [lower.get("retry-after", "")]
    candidates += [str(detail.get("retryDelay", "")) for detail in _details(error)]
    candidates += re.findall(r"(?:retry|try again) in ([\d.]+ ?m?s)\b", said)
    for candidate in candidates:
        found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(m?)s?", candidate.strip())
        if found:
            return float(found[1]) / (1000 if found[2] else 1)
    return None


def _error(body: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(parsed, list) and parsed:
        parsed = parsed[0]
    # vLLM puts the fields of its errors at the top level.
    error = parsed.get("error", parsed) if isinstance(parsed, dict) else None
    if isinstance(error, str):
        return {"message": error}
    return error if isinstance(error, dict) else {}


def _message(error: Mapping[str, Any]) -> str:
    """What an error says, on one line."""
    for name in ("message", "msg", "detail", "error_msg", "status_msg", "error", "title"):
        if isinstance(said := error.get(name), str) and said.strip():
            return " ".join(said.split())
    return ""


def _status(error: Mapping[str, Any]) -> int:
    """The HTTP status that an error names inside an answer with status 200; 500 where it names none."""
    named = [error.get(name) for name in ("code", "status_code", "status", "http_status", "type")]
    for one in named:
        if not isinstance(one, bool) and re.fullmatch(r"[45]\d\d", str(one)):
            return int(str(one))
    words = " ".join(one for one in named if isinstance(one, str))
    return next((status for status, pattern in _STATUS_WORDS if pattern.search(words)), 500)


_STATUS_WORDS = tuple(
    (status, re.compile(words, re.IGNORECASE))
    for status, words in (
        (401, r"auth|api.?key|permission|forbidden"),
        (429, r"rate.?limit|too.?many|quota|throttl"),
        (404, r"not.?found"),
        (400, r"invalid|bad.?request|validation|context|content.?filter"),
    )
)


def _details(error: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict):
            yield detail


def _title(body: str) -> str:
    found = re.search(r"<title>([^<]{1,200})", body[:10_000], re.IGNORECASE)
    return " ".join(found[1].split()) if found else ""
