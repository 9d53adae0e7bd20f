"""First stage: tokenizes a file of examples into shards.

python3 -m pipeline.convert OPTIONS DATA TOKENIZER SHARDS
"""

import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

from pipeline.options import Options, read_options

END_OF_TEXT = "<|endoftext|>"
SHARD_EXAMPLES = 64


def convert_example(line: str, tokenizer: Tokenizer, options: Options) -> dict:
    """Tokenize one line, a JSON object with `prompt` and `response`."""
    example = json.loads(line)
    prompt = tokenizer.encode(example["prompt"], add_special_tokens=False).ids
    response = tokenizer.encode(example["response"], add_special_tokens=False).ids
    tokens = [*prompt, *response, tokenizer.token_to_id(END_OF_TEXT)]
    return {"tokens": tokens[: options.sequence_length], "prompt_tokens": len(prompt)}


def write_shard(shards: Path, index: int, examples: list[dict]) -> None:
    """Write one shard: examples as JSON, one per line."""
    text = "".join(json.dumps(example) + "\n" for example in examples)
    (shards / f"shard-{index:05d}.jsonl").write_text(text)


def main() -> None:
    """Convert the whole file."""
    options_path, data, tokenizer_path, shards = map(Path, sys.argv[1:])
    options = read_options(options_path)
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    shards.mkdir(parents=True)
    waiting: list[dict] = []
    count = written = 0
    with data.open(encoding="utf-8") as lines:
        for line in lines:
            waiting.append(convert_example(line, tokenizer, options))
            count += 1
            if len(waiting) == SHARD_EXAMPLES:
                write_shard(shards, written, waiting)
                waiting, written = [], written + 1
    if waiting:
        write_shard(shards, written, waiting)
    (shards / "index.json").write_text(json.dumps({"examples": count, "shard_examples": SHARD_EXAMPLES}))
    print(f"converted {count} examples")


if __name__ == "__main__":
    main()
