"""Small language models: text, tokens, a GPT, training, evaluation and weights on disk.

Judges and `prepare.py` import it; where an environment hands it to agents, it lies at `/assets/rebench_lm`.
"""
