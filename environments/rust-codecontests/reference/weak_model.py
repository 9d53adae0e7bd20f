"""Asks the weak model at $OPENAI_BASE_URL. Any other client of OpenAI's protocol does as well."""

import json
import os
import urllib.error
import urllib.request

MODEL = "weak-coder"
TIMEOUT_SECONDS = 120


class ModelError(Exception):
    """The gateway refused or could not answer; the message says why."""


def ask(
    messages: list[dict[str, str]], answers: int = 1, temperature: float = 0.7, max_tokens: int = 2048
) -> list[str]:
    """Return so many answers to a conversation: messages with `role` (system, user, assistant) and `content`.

    Each answer counts as a call. Raises ModelError.
    """
    body = {
        "model": MODEL,
        "messages": messages,
        "n": answers,
        "temperature": temperature,
        "max_tokens": max_tokens,
    }
    request = urllib.request.Request(
        os.environ["OPENAI_BASE_URL"] + "/chat/completions",
        json.dumps(body).encode(),
        {"content-type": "application/json", "authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            choices = json.load(answer)["choices"]
    except urllib.error.HTTPError as error:
        raise ModelError(error.read().decode(errors="replace")) from error
    return [choice["message"]["content"] or "" for choice in choices]
