"""Runs a program behind the gateway: `python -m rebench_common.gateway_main /environment/gateway/coder.py`.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

The program defines `open_model(context)`, which returns a `Generate`, or `open_service(context)`, which
returns a `Serve`. Descriptor 3 carries one line of JSON each way: the context first, then requests and
answers by number. What fails is told on stderr in full and to the program that asked not at all.
"""

import json
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from rebench_common.gateway import GatewayContext, Generate, Message, ModelRequest, Refused, Serve
from rebench_common.judge_main import load_module

DESCRIPTOR = 3


def to_context(raw: dict[str, Any]) -> GatewayContext:
    """Read the first line."""
    return GatewayContext(
        environment=raw["environment"],
        scale=raw["scale"],
        parameters=raw["parameters"],
        phase=raw["phase"],
        assets=Path("/assets"),
        scratch=Path("/scratch"),
    )


def ask_model(generate: Generate, raw: dict[str, Any]) -> dict[str, Any]:
    """Have one question answered."""
    answer = generate(
        ModelRequest(
            model=raw["model"],
            messages=tuple(Message(message["role"], message["text"]) for message in raw["messages"]),
            temperature=raw.get("temperature"),
            max_output_tokens=raw.get("maxOutputTokens"),
            seed=bytes.fromhex(raw["seed"]),
        )
    )
    return {
        "text": answer.text,
        "inputTokens": answer.input_tokens,
        "outputTokens": answer.output_tokens,
        "finishReason": answer.finish_reason,
    }


def reply(kind: str, program: Generate | Serve, request: Any) -> dict[str, Any]:
    """Answer one request, whatever happens in the program."""
    try:
        return {"answer": ask_model(program, request) if kind == "model" else program(request)}
    except Refused as refused:
        return {"refused": str(refused)}
    except Exception as error:
        traceback.print_exc()
        return {"failed": f"{type(error).__name__}: {error}"[:1000]}


def main() -> None:
    """Answer requests until the connection closes."""
    connection = socket.socket(fileno=DESCRIPTOR)
    connection.set_inheritable(False)
    with connection.makefile("rb") as lines:
        context = to_context(json.loads(next(lines)))
        module = load_module(Path(sys.argv[1]).resolve(), "gateway_program")
        opened: dict[str, Generate | Serve] = {}
        for line in lines:
            asked = json.loads(line)
            kind = asked["kind"]
            if kind not in opened:
                opened[kind] = getattr(module, f"open_{kind}")(context)
            answered = {"id": asked["id"], **reply(kind, opened[kind], asked["request"])}
            connection.sendall(json.dumps(answered, allow_nan=False).encode() + b"\n")


if __name__ == "__main__":
    main()
