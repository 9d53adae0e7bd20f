"""The pipeline in one process, with everything that does not change the weights taken out.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""
