"""Uses the official clients as any program would, and prints what came of it as one JSON object."""

import asyncio
import json
import sys

import anthropic
import openai

HELLO = [{"role": "user", "content": "Hello"}]
LOOK = {"type": "object", "properties": {"at": {"type": "string"}}}


def raised(call):
    """Name the error of a call, with what a program can read off it."""
    try:
        call()
    except (openai.APIStatusError, anthropic.APIStatusError) as error:
        body = error.body if isinstance(error.body, dict) else {}
        code = body.get("code") or body.get("error", {}).get("type")
        return [type(error).__name__, error.status_code, code, str(error)]
    except (openai.APIConnectionError, anthropic.APIConnectionError) as error:
        return [type(error).__name__, None, None, str(error)]
    return "nothing was raised"


def ask_openai():
    client = openai.OpenAI()
    create = client.chat.completions.create
    whole = create(model="small", messages=HELLO)
    several = create(model="small", messages=HELLO, n=3, temperature=0.5, max_tokens=50)
    with create(
        model="small",
        messages=HELLO,
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        chunks = list(stream)
    with client.chat.completions.stream(model="small", messages=HELLO) as stream:
        helped = stream.get_final_completion()
    tools = [{"type": "function", "function": {"name": "look", "parameters": LOOK}}]
    first = create(model="tools", messages=HELLO, tools=tools).choices[0].message
    call = first.tool_calls[0]
    result = {"role": "tool", "tool_call_id": call.id, "content": "a wall"}
    second = create(model="tools", messages=[*HELLO, first, result], tools=tools)
    streamed = list(create(model="tools", messages=HELLO, tools=tools, stream=True))
    pieces = [
        part.function.arguments
        for chunk in streamed
        for choice in chunk.choices
        for part in choice.delta.tool_calls or []
    ]
    return {
        "text": whole.choices[0].message.content,
        "usage": whole.usage.total_tokens,
        "several": [choice.message.content for choice in several.choices],
        "streamed": "".join(
            c.choices[0].delta.content or "" for c in chunks if c.choices
        ),
        "streamedUsage": chunks[-1].usage.total_tokens,
        "helped": helped.choices[0].message.content,
        "call": [
            call.function.name,
            json.loads(call.function.arguments),
            first.content,
        ],
        "afterCall": second.choices[0].message.content,
        "streamedCall": json.loads("".join(pieces)),
        "models": sorted(model.id for model in client.models.list()),
        "model": client.models.retrieve("small").id,
    }


def ask_anthropic():
    client = anthropic.Anthropic()
    create = client.messages.create
    whole = create(model="small", messages=HELLO, max_tokens=100, system="Be brief.")
    events = list(create(model="small", messages=HELLO, max_tokens=100, stream=True))
    with client.messages.stream(
        model="small", messages=HELLO, max_tokens=100
    ) as stream:
        helped = "".join(stream.text_stream)
        final = stream.get_final_message()
    tools = [{"name": "look", "description": "Looks.", "input_schema": LOOK}]
    first = create(model="tools", messages=HELLO, max_tokens=100, tools=tools)
    use = first.content[-1]
    answer = {"role": "assistant", "content": first.content}
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "a wall"}
    second = create(
        model="tools",
        max_tokens=100,
        tools=tools,
        messages=[*HELLO, answer, {"role": "user", "content": [result]}],
    )
    with client.messages.stream(
        model="tools", messages=HELLO, max_tokens=100, tools=tools
    ) as stream:
        streamed = stream.get_final_message()
    return {
        "text": whole.content[0].text,
        "usage": whole.usage.input_tokens + whole.usage.output_tokens,
        "stop": whole.stop_reason,
        "events": [event.type for event in events],
        "helped": helped,
        "helpedUsage": final.usage.output_tokens,
        "call": [use.name, use.input, first.stop_reason],
        "afterCall": second.content[0].text,
        "streamedCall": streamed.content[-1].input,
        "models": sorted(model.id for model in client.models.list()),
    }


def refusals():
    create = openai.OpenAI().chat.completions.create
    message = anthropic.Anthropic().messages.create
    image = [{"type": "image_url", "image_url": {"url": "http://127.0.0.1/x.png"}}]
    return {
        "openaiModel": raised(lambda: create(model="gpt-5", messages=HELLO)),
        "openaiHeader": raised(
            lambda: create(
                model="small", messages=HELLO, extra_headers={"x-model": "gpt-5"}
            )
        ),
        "openaiRange": raised(
            lambda: create(model="small", messages=HELLO, max_tokens=100_000)
        ),
        "openaiImage": raised(
            lambda: create(model="small", messages=[{"role": "user", "content": image}])
        ),
        "openaiBroken": raised(lambda: create(model="broken", messages=HELLO)),
        "openaiRejected": raised(lambda: create(model="rejecting", messages=HELLO)),
        "openaiBudget": raised(lambda: create(model="spent", messages=HELLO)),
        "openaiStreamBudget": raised(
            lambda: create(model="spent", messages=HELLO, stream=True)
        ),
        "openaiResponses": raised(
            lambda: openai.OpenAI().responses.create(model="small", input="x")
        ),
        "openaiUnknown": raised(lambda: openai.OpenAI().models.retrieve("gpt-5")),
        "anthropicModel": raised(
            lambda: message(model="claude", messages=HELLO, max_tokens=9)
        ),
        "anthropicRange": raised(
            lambda: message(model="small", messages=HELLO, max_tokens=2_000)
        ),
        "anthropicBroken": raised(
            lambda: message(model="broken", messages=HELLO, max_tokens=9)
        ),
        "anthropicBudget": raised(
            lambda: message(model="spent", messages=HELLO, max_tokens=9)
        ),
        "anthropicBeta": raised(
            lambda: anthropic.Anthropic().beta.messages.create(
                model="small", messages=HELLO, max_tokens=9, betas=["web-fetch"]
            )
        ),
    }


async def many():
    """Forty calls at once through both asynchronous clients."""
    one, other = openai.AsyncOpenAI(), anthropic.AsyncAnthropic()
    answers = await asyncio.gather(
        *(
            one.chat.completions.create(model="small", messages=HELLO)
            for _ in range(20)
        ),
        *(
            other.messages.create(model="small", messages=HELLO, max_tokens=9)
            for _ in range(20)
        ),
    )
    return len(answers)


json.dump(
    {
        "openai": ask_openai(),
        "anthropic": ask_anthropic(),
        "refusals": refusals(),
        "many": asyncio.run(many()),
    },
    sys.stdout,
)
