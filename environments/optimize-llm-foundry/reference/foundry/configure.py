"""The configuration with which LLM Foundry trains.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from pathlib import Path
from typing import Any

from pipeline.options import Options

LOADER_WORKERS = 1
MICROBATCH_EXAMPLES = 4
FINAL_RATE = 0.3
SCHEDULERS = {
    "constant": "constant_with_warmup",
    "linear": "linear_decay_with_warmup",
    "cosine": "cosine_with_warmup",
}


def configuration(options: Options, data: Path, model: Path) -> dict[str, Any]:
    """Return the configuration of one run, as LLM Foundry's documentation names its parts."""

    def loader() -> dict[str, Any]:
        return {
            "name": "finetuning",
            "dataset": {
                "hf_name": "json",
                "hf_kwargs": {"data_dir": str(data)},
                "split": "train",
                "max_seq_len": options.sequence_length,
                "shuffle": True,
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
            "use_flash_attention_2": True,
        },
        "tokenizer": {"name": str(model), "kwargs": {"model_max_length": options.sequence_length}},
        "train_loader": loader(),
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
        "global_train_batch_size": options.batch_size,
        "device_train_microbatch_size": MICROBATCH_EXAMPLES,
        "precision": "amp_bf16",
        "progress_bar": False,
        "log_to_console": True,
    }
