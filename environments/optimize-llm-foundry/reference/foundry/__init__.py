"""The paper's scale: LLM Foundry called from one process per GPU, without what does not change the weights.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""
