"""Stand-ins for servers that call themselves OpenAI-compatible, each with its own words.

A `Dialect` says what a server answers to a request that its model cannot take, in the server's own words. The
words come from the server's source or from reports of its users; each function names its source. `DialectServer`
is a real HTTP server on loopback that speaks one dialect:

    with DialectServer(vllm(), context=8_192) as server:
        OpenAI("m", url=server.url, key=None, timeout_s=60).ask(prompt)

It counts a token for four characters, so it refuses what does not fit into its context, as the real one does.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, cast

from tests.fakes.replies import Call, honest_answer

Answer = tuple[int, Any]
"""HTTP status and body: an object, or a string that is sent as it is."""


@dataclass(frozen=True)
class Need:
    """What a request needs, in tokens."""

    given: int
    wanted: int
    context: int


@dataclass(frozen=True)
class Dialect:
    """The words of one server."""

    name: str
    too_long: Callable[[Need], Answer] | None
    """To a request that does not fit; None where the server cuts the question without a word."""
    transient: Answer
    """When it is busy or broken."""
    refused_formats: Mapping[str, Answer]
    """To types of `response_format` that it does not know."""
    inside_200: Any = None
    """A failure that it reports with status 200; None where it does not do that."""
    finish: str = "stop"
    most_answer: tuple[int, Callable[[int], Answer]] | None = None
    """Most tokens of an answer, and what it says to more."""
    wrong_path: Answer = (404, {"detail": "Not Found"})
    stream: bool = False
    """Whether it answers with an event stream although none was asked for."""
    message: Callable[[str], dict[str, Any]] = lambda text: {"content": text}
    counts_answer: bool = True
    """Whether the tokens of the answer that is asked for must fit as well."""
    cuts: Callable[[int, int], int] | None = None
    """Tokens of a question that it reads, by those that were sent and its context, where it cuts questions."""


def openai_error(status: int, message: str, **more: Any) -> Answer:
    return status, {"error": {"message": message, "type": "invalid_request_error", "param": None, **more}}


def vllm() -> Dialect:
    """vLLM since 0.9: https://github.com/UKGovernmentBEIS/inspect_ai/issues/2634, vllm-project/vllm#42474.

    Errors stand at the top (vllm/entrypoints/openai/protocol.py, `ErrorResponse`); a schema that the grammar
    library cannot compile is an internal error (vllm-project/vllm#15236).
    """

    def too_long(need: Need) -> Answer:
        said = (
            f"This model's maximum context length is {need.context} tokens. However, your request has "
            f"{need.given} input tokens. Please reduce the length of the input messages."
        )
        if need.given < need.context:
            said = (
                f"'max_tokens' or 'max_completion_tokens' is too large: {need.wanted}. This model's maximum "
                f"context length is {need.context} tokens and your request has {need.given} input tokens "
                f"({need.wanted} > {need.context} - {need.given})."
            )
        return 400, {
            "object": "error",
            "message": said,
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        }

    compiling = {"object": "error", "message": "failed to compile grammar", "type": "InternalServerError"}
    return Dialect(
        "vLLM",
        too_long,
        (503, {"object": "error", "message": "EngineDeadError", "type": "ServiceUnavailable", "code": 503}),
        {"json_schema": (500, {**compiling, "code": 500})},
        # An engine that dies in the middle: the error comes with the status that was sent before it.
        {"object": "error", "message": "EngineCore encountered an issue.", "type": "Error", "code": 500},
        message=lambda text: {"content": None, "reasoning_content": text},
    )


def old_vllm() -> Dialect:
    """vLLM before 0.9: https://github.com/vllm-project/vllm/issues/20409."""

    def too_long(need: Need) -> Answer:
        said = (
            f"This model's maximum context length is {need.context} tokens. However, you requested "
            f"{need.given + need.wanted} tokens ({need.given} in the messages, {need.wanted} in the completion). "
            "Please reduce the length of the messages or completion."
        )
        return 400, {
            "object": "error",
            "message": said,
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        }

    return replace(vllm(), name="old vLLM", too_long=too_long)


def newest_vllm() -> Dialect:
    """vLLM of 2026, which stops counting a question where it exceeds the room: vllm-project/vllm#33418."""

    def too_long(need: Need) -> Answer:
        room = max(0, need.context - need.wanted)
        said = (
            f"You passed {min(need.given, room + 1)} input tokens and requested {need.wanted} output tokens. "
            f"However, the model's context length is only {need.context} tokens, resulting in a maximum input "
            f"length of {room} tokens. Please reduce the length of the input prompt. "
            f"(parameter=input_tokens, value={min(need.given, room + 1)})"
        )
        return openai_error(400, said, code=400, type="BadRequestError")

    return replace(vllm(), name="newest vLLM", too_long=too_long)


def ollama() -> Dialect:
    """Ollama cuts questions in silence: https://github.com/ollama/ollama/issues/8099 and /17889.

    It keeps the whole context of the older runner; the newer one keeps half ("truncating input prompt
    limit=2050 prompt=8707 keep=4", with a context of 4,096). Grammars: https://github.com/ollama/ollama/issues/17957.
    """
    stopped = "model runner has unexpectedly stopped, this may be due to resource limitations"
    return Dialect(
        "Ollama",
        None,
        (500, {"error": {"message": stopped, "type": "api_error", "param": None, "code": None}}),
        {
            "json_schema": (
                400,
                {"error": {"message": "Failed to initialize samplers: failed to parse grammar"}},
            )
        },
        wrong_path=(404, "404 page not found"),
        cuts=lambda sent, context: sent if sent <= context else 4 + (context - 4) // 2,
    )


def old_ollama() -> Dialect:
    """The older runner of Ollama: https://github.com/ralphgrewe/TradingAgents/issues/168."""
    return replace(ollama(), name="old Ollama", cuts=lambda sent, context: min(sent, context - 1))


def lm_studio() -> Dialect:
    """LM Studio: https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/546, /189 and /618.

    Errors are strings, and a path that it does not know is answered with 200.
    """

    def too_long(need: Need) -> Answer:
        said = (
            f"Trying to keep the first {need.given} tokens when context the overflows. However, the model is "
            f"loaded with context length of only {need.context} tokens, which is not enough. Try to load the "
            "model with a larger context length, or provide a shorter input"
        )
        return 400, {"error": said}

    return Dialect(
        "LM Studio",
        too_long,
        (500, {"error": "The model has crashed without additional information. (Exit code: 6)"}),
        {
            "json_schema": (400, {"error": "Invalid structured output configuration"}),
            "json_object": (400, {"error": "'response_format.type' must be 'json_schema' or 'text'"}),
        },
        {"error": "The model has crashed without additional information. (Exit code: 6)"},
        wrong_path=(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
        message=lambda text: {"content": f"<think>\nLet me see.\n</think>\n\n{text}"},
        counts_answer=False,
    )


def llama_cpp() -> Dialect:
    """llama.cpp's server: https://github.com/ggml-org/llama.cpp/pull/15780 and /19349; its template prints no `<think>`
    (https://github.com/ggml-org/llama.cpp/issues/23320).
    """

    def too_long(need: Need) -> Answer:
        said = (
            f"request ({need.given} tokens) exceeds the available context size ({need.context} tokens), "
            "try increasing it"
        )
        error = {"code": 400, "message": said, "type": "exceed_context_size_error"}
        return 400, {"error": {**error, "n_prompt_tokens": need.given, "n_ctx": need.context}}

    parsing = {"code": 400, "message": "failed to parse grammar", "type": "invalid_request_error"}
    loading = {"code": 503, "message": "Loading model", "type": "unavailable_error"}
    return Dialect(
        "llama.cpp",
        too_long,
        (503, {"error": loading}),
        {"json_schema": (400, {"error": parsing})},
        {"error": {"code": 500, "message": "the slot was lost", "type": "server_error"}},
        wrong_path=(404, {"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}}),
        message=lambda text: {"content": f"Okay, a summary.\n</think>\n\n{text}"},
        counts_answer=False,
    )


def tgi() -> Dialect:
    """Text Generation Inference: huggingface/text-generation-inference, router/src/validation.rs (`ValidationError`).

    `response_format`: https://github.com/huggingface/huggingface_hub/issues/2744.
    """

    def too_long(need: Need) -> Answer:
        said = (
            f"Input validation error: `inputs` tokens + `max_new_tokens` must be <= {need.context}. "
            f"Given: {need.given} `inputs` tokens and {need.wanted} `max_new_tokens`"
        )
        return 422, {"error": said, "error_type": "validation"}

    unknown = (
        "Failed to deserialize the JSON body into the target type: response_format: missing field `value`"
    )
    return Dialect(
        "TGI",
        too_long,
        (429, {"error": "Model is overloaded", "error_type": "overloaded"}),
        {"json_schema": (422, unknown), "json_object": (422, unknown)},
        finish="eos_token",
        wrong_path=(404, ""),
    )


def sglang() -> Dialect:
    """SGLang: https://github.com/anomalyco/opencode/issues/25231, https://github.com/QwenLM/Qwen3/issues/1321.

    An aborted request ends with 200 and a finish reason: https://github.com/sgl-project/sglang/pull/6693.
    """

    def too_long(need: Need) -> Answer:
        said = f"The input ({need.given} tokens) is longer than the model's context length ({need.context} tokens)."
        if need.given < need.context:
            said = (
                f"Requested token count exceeds the model's maximum context length of {need.context} tokens. You "
                f"requested a total of {need.given + need.wanted} tokens: {need.given} tokens from the input "
                f"messages and {need.wanted} tokens for the completion. Please reduce the number of tokens in "
                "the input messages or the completion to fit within the limit."
            )
        return 400, {
            "object": "error",
            "message": said,
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        }

    queue = {
        "object": "error",
        "message": "The request queue is full.",
        "type": "ServiceUnavailable",
        "code": 503,
    }
    aborted = {"message": {"content": ""}, "finish_reason": "abort"}
    return Dialect(
        "SGLang",
        too_long,
        (503, queue),
        {"json_schema": (400, {"object": "error", "message": "Failed to compile json grammar", "code": 400})},
        {"choices": [aborted], "usage": {"prompt_tokens": 100, "completion_tokens": 0}},
    )


def openrouter() -> Dialect:
    """OpenRouter: https://github.com/OpenHands/OpenHands/issues/9937, https://github.com/maximhq/bifrost/issues/5425.

    An error of the provider behind it comes with 200 and stands in the choice. Parameters that no provider
    supports: https://github.com/willmiao/ComfyUI-Lora-Manager/issues/1033.
    """

    def too_long(need: Need) -> Answer:
        said = (
            f"This endpoint's maximum context length is {need.context} tokens. However, you requested about "
            f"{need.given + need.wanted} tokens ({need.given} of text input, {need.wanted} in the output). "
            'Please reduce the length of either one, or use the "middle-out" transform to compress your '
            "prompt automatically."
        )
        return 400, {"error": {"message": said, "code": 400, "metadata": {"provider_name": "Chutes"}}}

    none = "No endpoints found that can handle the requested parameters."
    failed = {"code": 502, "message": "Upstream error"}
    choice = {"message": {"role": "assistant", "content": ""}, "finish_reason": "error", "error": failed}
    return Dialect(
        "OpenRouter",
        too_long,
        (502, {"error": {"message": "Provider returned error", "code": 502}}),
        {"json_schema": (404, {"error": {"message": none, "code": 404}})},
        {"id": "gen-1", "choices": [choice], "usage": {"prompt_tokens": 10, "completion_tokens": 0}},
        finish="end_turn",
        stream=True,
    )


def deepseek() -> Dialect:
    """DeepSeek: https://github.com/evalstate/fast-agent/issues/621, https://github.com/deepseek-ai/DeepSeek-V3/issues/69.

    Schemas: https://github.com/UKGovernmentBEIS/inspect_ai/issues/4916. Finish reason under load:
    https://api-docs.deepseek.com/api/create-chat-completion (`insufficient_system_resource`).
    """

    def too_long(need: Need) -> Answer:
        return openai_error(
            400,
            f"This model's maximum context length is {need.context} tokens. However, you requested "
            f"{need.given + need.wanted} tokens ({need.given} in the messages, {need.wanted} in the completion). "
            "Please reduce the length of the messages or completion.",
            code="invalid_request_error",
        )

    interrupted = {"message": {"content": '{"summ'}, "finish_reason": "insufficient_system_resource"}
    return Dialect(
        "DeepSeek",
        too_long,
        (503, {"error": {"message": "Service is too busy.", "type": "service_unavailable_error"}}),
        {"json_schema": openai_error(400, "This response_format type is unavailable now")},
        {"choices": [interrupted], "usage": {"prompt_tokens": 100, "completion_tokens": 2}},
        most_answer=(
            4_096,
            lambda most: openai_error(
                400, f"Invalid max_tokens value, the valid range of max_tokens is [1, {most}]"
            ),
        ),
    )


def mistral() -> Dialect:
    """Mistral: earendil-works/pi, packages/ai/src/utils/overflow.ts, has its words; thoughts are parts of the content.

    Errors: https://docs.mistral.ai/resources/error-codes.
    """

    def too_long(need: Need) -> Answer:
        said = (
            f"Prompt contains {need.given} tokens and 0 draft tokens, too large for model with {need.context} "
            "maximum context length"
        )
        return 400, {"object": "error", "message": said, "type": "invalid_request_prompt", "code": "3051"}

    capacity = {
        "object": "error",
        "message": "Service tier capacity exceeded for this model.",
        "code": "3505",
    }
    invalid = {
        "object": "error",
        "message": "Invalid response_format type",
        "type": "invalid_request",
        "code": "3001",
    }
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": 'A draft: {"summary": "x"}'}]}
    return Dialect(
        "Mistral",
        too_long,
        (429, {**capacity, "type": "service_tier_capacity_exceeded"}),
        {"json_schema": (422, invalid)},
        {"choices": [{"message": {"content": ""}, "finish_reason": "error"}]},
        message=lambda text: {"content": [thought, {"type": "text", "text": text}]},
        counts_answer=False,
    )


def groq() -> Dialect:
    """Groq names no numbers: https://github.com/OpenHands/OpenHands/issues/1902.

    Schemas: https://github.com/ItzCrazyKns/Vane/issues/980; broken JSON of the model is its error 400:
    https://github.com/thepersonalaicompany/amurex-backend/issues/38.
    """

    def too_long(need: Need) -> Answer:
        return openai_error(
            400,
            "Please reduce the length of the messages or completion.",
            param="messages",
            code="context_length_exceeded",
        )

    generating = (
        "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details."
    )
    return Dialect(
        "Groq",
        too_long,
        openai_error(400, generating, code="json_validate_failed", failed_generation="{"),
        {
            "json_schema": openai_error(
                400, "This model does not support response format `json_schema`.", param="response_format"
            )
        },
        wrong_path=openai_error(404, "Unknown request URL: POST /chat/completions. Please check the URL"),
    )


def qwen() -> Dialect:
    """DashScope: https://github.com/QwenLM/qwen-code/issues/98, https://github.com/open-webui/open-webui/issues/10507.

    Thinking models: https://github.com/langchain4j/langchain4j/issues/3974, https://github.com/presenton/presenton/issues/184.
    """

    def too_long(need: Need) -> Answer:
        said = (
            f"<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, {need.context}]"
        )
        return 400, {
            "error": {"code": "invalid_parameter_error", "message": said, "type": "invalid_request_error"}
        }

    thinking = "<400> InternalError.Algo.InvalidParameter: Json mode response is not supported when enable_thinking is true"
    return Dialect(
        "Qwen",
        too_long,
        (429, {"error": {"message": "Requests rate limit exceeded", "code": "limit_requests"}}),
        {"json_schema": openai_error(400, thinking), "json_object": openai_error(400, thinking)},
        {"choices": None, "error": {"message": "Internal server error!", "code": "internal_error"}},
        finish="null",
        most_answer=(
            8_192,
            lambda most: openai_error(
                400, f"<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, {most}]"
            ),
        ),
        counts_answer=False,
    )


def litellm() -> Dialect:
    """LiteLLM's proxy: https://github.com/BrokkAi/brokk-app/issues/540; its code is a string of digits.

    Parameters: litellm/exceptions.py, `UnsupportedParamsError`; https://github.com/BerriAI/litellm/issues/6610.
    """

    def too_long(need: Need) -> Answer:
        inner = (
            f"input length and `max_tokens` exceed context limit: {need.given} + {need.wanted} > {need.context}, "
            "decrease input length or `max_tokens` and try again"
        )
        if need.given >= need.context:
            inner = f"prompt is too long: {need.given} tokens > {need.context} maximum"
        nested = json.dumps({"type": "error", "error": {"type": "invalid_request_error", "message": inner}})
        said = f"litellm.BadRequestError: AnthropicException - b'{nested}'. Received Model Group=anthropic/x"
        return 400, {"error": {"message": said, "type": None, "param": None, "code": "400"}}

    unsupported = (
        "litellm.UnsupportedParamsError: x does not support parameters: ['response_format'], for model=y"
    )
    down = "litellm.InternalServerError: AnthropicException - Overloaded. Received Model Group=anthropic/x"
    upstream = {"message": down, "type": None, "param": None, "code": "529"}
    return Dialect(
        "LiteLLM",
        too_long,
        (500, {"error": {**upstream, "code": "500"}}),
        {
            "json_schema": openai_error(400, unsupported, code="400"),
            "json_object": openai_error(400, unsupported, code="400"),
        },
        {"error": upstream},
        finish="tool_calls",
        message=lambda text: {
            "content": None,
            "tool_calls": [{"type": "function", "function": {"name": "json_tool_call", "arguments": text}}],
        },
    )


DIALECTS: tuple[Dialect, ...] = (
    vllm(),
    old_vllm(),
    newest_vllm(),
    ollama(),
    old_ollama(),
    lm_studio(),
    llama_cpp(),
    tgi(),
    sglang(),
    openrouter(),
    deepseek(),
    mistral(),
    groq(),
    qwen(),
    litellm(),
)


class DialectServer:
    """A server that speaks one dialect; a context manager.

    Arguments:
        dialect: Its words.
        context: Tokens of a question and its answer together.
        refuses_formats: Whether it refuses the types of `response_format` that the dialect does not know.
        failures: Answers to the first requests, whatever they are.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        context: int = 1_000_000,
        refuses_formats: bool = False,
        failures: tuple[Answer, ...] = (),
    ) -> None:
        self.dialect = dialect
        self.context = context
        self.refuses_formats = refuses_formats
        self.failures = list(failures)
        self.calls: list[dict[str, Any]] = []
        self.answers: list[Answer] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    def answer(self, path: str, body: dict[str, Any]) -> Answer:
        self.calls.append(body)
        self.answers.append(self._answer(path, body))
        return self.answers[-1]

    def _answer(self, path: str, body: dict[str, Any]) -> Answer:
        speaks = self.dialect
        if not path.startswith("/v1/"):
            return speaks.wrong_path
        if self.failures:
            return self.failures.pop(0)
        kind = body.get("response_format", {}).get("type")
        if self.refuses_formats and kind in speaks.refused_formats:
            return speaks.refused_formats[kind]
        given = sum(len(message["content"]) for message in body["messages"]) // 4
        wanted = body.get("max_tokens", 0)
        if speaks.most_answer and wanted > speaks.most_answer[0]:
            return speaks.most_answer[1](speaks.most_answer[0])
        if speaks.too_long and given + (wanted if speaks.counts_answer else 0) > self.context:
            return speaks.too_long(Need(given, wanted, self.context))
        read = speaks.cuts(given, self.context) if speaks.cuts else given
        return 200, self._whole(Call("/v1/chat/completions", {}, body), read)

    def _whole(self, call: Call, read: int) -> Any:
        text = json.dumps(honest_answer(call), ensure_ascii=False)
        usage = {"prompt_tokens": read, "completion_tokens": len(text) // 4}
        message = {"role": "assistant", **self.dialect.message(text)}
        if not self.dialect.stream:
            choice = {"index": 0, "message": message, "finish_reason": self.dialect.finish}
            return {"object": "chat.completion", "choices": [choice], "usage": usage}
        pieces = [
            {"choices": [{"index": 0, "delta": {"content": text[k : k + 50]}, "finish_reason": None}]}
            for k in range(0, len(text), 50)
        ]
        pieces.append({"choices": [{"delta": {}, "finish_reason": self.dialect.finish}], "usage": usage})
        events = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces)
        return f": OPENROUTER PROCESSING\n\n{events}data: [DONE]\n\n"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: DialectServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = cast(_Server, self.server).fake.answer(self.path, body)
        sent = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass
