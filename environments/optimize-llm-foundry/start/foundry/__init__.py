"""The paper's scale: the same three stages around LLM Foundry. Not used at laptop scale."""
