"""Writes the configuration with which `llmfoundry train` is called.

python3 -m foundry.configure OPTIONS DATA MODEL CHECKPOINTS CONFIGURATION
"""

import json
import sys
from pathlib import Path
from typing import Any

from pipeline.options import Options, read_options

LOADER_WORKERS = 8
EVALUATE_EVERY_BATCHES = 10
MICROBATCH_EXAMPLES = 1
FINAL_RATE = 0.3
SCHEDULERS = {
    "constant": "constant_with_warmup",
    "linear": "linear_decay_with_warmup",
    "cosine": "cosine_with_warmup",
}


def configuration(options: Options, data: Path, model: Path, checkpoints: Path) -> dict[str, Any]:
    """Return the configuration of one run, as LLM Foundry's documentation names its parts."""

    def loader(shuffle: bool) -> dict[str, Any]:
        return {
            "name": "finetuning",
            "dataset": {
                "hf_name": "json",
                "hf_kwargs": {"data_dir": str(data)},
                "split": "train",
                "max_seq_len": options.sequence_length,
                "shuffle": shuffle,
                "decoder_only_format": True,
                "target_prompts": "all" if options.loss_on == "all" else "none",
                "target_responses": "all",
            },
            "drop_last": False,
            "num_workers": LOADER_WORKERS,
        }

    schedule: dict[str, Any] = {"name": SCHEDULERS[options.schedule], "t_warmup": f"{options.warmup_steps}ba"}
    if options.schedule != "constant":
        schedule["alpha_f"] = FINAL_RATE
    return {
        "max_seq_len": options.sequence_length,
        "seed": options.seed,
        "run_name": "finetune",
        "model": {
            "name": "hf_causal_lm",
            "pretrained_model_name_or_path": str(model),
            "pretrained": True,
            "use_flash_attention_2": False,
        },
        "tokenizer": {"name": str(model), "kwargs": {"model_max_length": options.sequence_length}},
        "train_loader": loader(shuffle=True),
        "eval_loader": loader(shuffle=False),
        "scheduler": schedule,
        "optimizer": {
            "name": "decoupled_adamw",
            "lr": options.learning_rate,
            "betas": [0.9, options.beta2],
            "eps": 1.0e-6,
            # Composer's decay is not multiplied by the learning rate.
            "weight_decay": options.weight_decay * options.learning_rate,
        },
        "algorithms": {
            "gradient_clipping": {"clipping_type": "norm", "clipping_threshold": options.gradient_clip}
        },
        "max_duration": f"{options.epochs}ep",
        "eval_interval": f"{EVALUATE_EVERY_BATCHES}ba",
        "global_train_batch_size": options.batch_size,
        "device_eval_batch_size": MICROBATCH_EXAMPLES,
        "device_train_microbatch_size": MICROBATCH_EXAMPLES,
        "precision": "amp_bf16",
        "save_folder": str(checkpoints),
        "save_interval": "1ep",
        "progress_bar": False,
        "log_to_console": True,
    }


def main() -> None:
    """Write the file; JSON is YAML."""
    options_path, data, model, checkpoints, out = map(Path, sys.argv[1:])
    options = read_options(options_path)
    out.write_text(json.dumps(configuration(options, data, model, checkpoints), indent=2))


if __name__ == "__main__":
    main()
