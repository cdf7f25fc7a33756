"""What endpoints say about the number of tokens, beyond the words of the servers in `fakes.dialects`."""

import json

import pytest

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.llm.limits import Limits, context_that_cut, limits_of
from mkdocs_paperdigest.summaries.llm.outcomes import of_http

# Words of gateways and servers; none of them is a server in `fakes.dialects`.
MESSAGES = [
    ("exceeds limit (5000 > 4096)", Limits(context=4_096, sent=5_000)),
    ("the input length exceeds the context length", Limits()),
    ("The input exceeds the max limit of 8192 tokens", Limits(context=8_192)),
    ("input tokens plus max_tokens must not exceed 4097", Limits(context=4_097)),
    ("Prompt has 5,958,968 tokens, but the configured context size is 256,000 tokens.", Limits(256_000, sent=5_958_968)),
    ("Input length 131393 exceeds the maximum allowed input length of 131040 tokens.", Limits(question=131_040, sent=131_393)),
    ("Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).", Limits(question=59_862, sent=160_062)),
    ("Invalid request: Your request exceeded model token limit: 8192", Limits(8_192)),
    ("prompt token count of 12345 exceeds the limit of 8192", Limits(8_192, sent=12_345)),
    ("Requested tokens (2285) exceed context window of 2048", Limits(2_048, sent=1_285)),
    ("The sum of prompt length (9000.0), query length (0) should not exceed max_num_tokens (8192)", Limits(8_192, sent=9_000)),
    ("Context length 9000 is greater than max_seq_len 4096. Generation is aborted.", Limits(4_096, sent=8_000)),
    ("The prompt is too long: 9000, model maximum context length: 8191", Limits(8_191, sent=9_000)),
    ("This model's maximum prompt length is 131072 but the request contains 537812 tokens.", Limits(question=131_072, sent=537_812)),
    ("max_tokens is too large: 8192. This model supports at most 4096 completion tokens.", Limits(answer=4_096)),
    ("max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens", Limits(answer=4_096)),
    ("`max_tokens` must be less than or equal to `8192`, the maximum value for this model", Limits(answer=8_192)),
    ("max_completion_tokens must be between 1 and 4096", Limits(answer=4_096)),
    ("The maximum tokens you requested exceeds the model limit of 4096.", Limits(answer=4_096)),
    ("The prompt (total length 25938) is too long to fit into the model (context length 4096).", Limits(4_096, sent=25_938)),
    ("Your input of 9,001 tokens is larger than this deployment's limit of 8,192 tokens", Limits(8_192, sent=9_001)),
    ("Prompt is 9001 tokens, which is over the 8192 token limit", Limits(8_192, sent=9_001)),
    ("prompt is too long: 208310 tokens > 200000 maximum", Limits(200_000, sent=208_310)),
    ("输入过长，超出模型的上下文长度", Limits()),
]  # fmt: skip


@pytest.mark.parametrize(("said", "limits"), MESSAGES)
def test_what_an_error_says_about_tokens(said: str, limits: Limits) -> None:
    body = json.dumps({"error": {"message": said, "code": "400"}})
    assert of_http(400, body, {}).too_long
    assert limits_of(body, 1_000) == limits


@pytest.mark.parametrize(
    "said",
    [
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "Unsupported response_format type: 'json_object'",
        "invalid model ID",
        "You exceeded your current quota",
        "Too many concurrent requests exceed the limit",
        "messages: at least one message is required",
    ],
)
def test_other_refusals_are_not_about_length(said: str) -> None:
    assert not of_http(400, json.dumps({"error": {"message": said}}), {}).too_long


def test_groqs_limit_per_minute_is_too_small_for_the_question() -> None:
    said = (
        "Request too large for model `x` in organization `o` on tokens per minute (TPM): Limit 6000, Requested 9000, "
        "please reduce your message size and try again."
    )
    body = json.dumps({"error": {"message": said, "type": "tokens", "code": "rate_limit_exceeded"}})
    assert of_http(413, body, {}).too_long
    assert limits_of(body, 2_000) == Limits(context=6_000, sent=7_000)


ENGLISH = "The gate compares names, numbers and terms with the paper itself. " * 400
CHINESE = "本文提出一种门控方法，在发布之前逐项检查生成的文本字段。" * 400


@pytest.mark.parametrize(
    ("text", "read", "context"),
    [
        (ENGLISH, 4_095, 4_096),
        (ENGLISH, 4_096, 4_096),
        (ENGLISH, 2_050, 4_096),  # half of the context, as llama.cpp keeps it
        (ENGLISH, 2_048, 2_048),
        (ENGLISH, 3_000, 3_000),
        (CHINESE, 4_096, 4_096),
        (ENGLISH, 6_600, None),
        (ENGLISH, 5_600, None),  # the fewest tokens that a tokenizer may need
        (CHINESE, 9_000, None),
        (ENGLISH, 100, None),  # not believed: no context is as small
        (ENGLISH, 0, None),
        (ENGLISH[:3_000], 700, None),
    ],
)
def test_a_question_that_was_cut_has_too_few_tokens(text: str, read: int, context: int | None) -> None:
    assert context_that_cut(text, Usage(read, 300, 1)) == context
