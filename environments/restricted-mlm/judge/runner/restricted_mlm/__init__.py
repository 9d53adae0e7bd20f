"""The rules of restricted-mlm as code: a model becomes a graph, the graph is checked, the graph is executed.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

The judge, the runner and agents (at /assets/restricted_mlm) use the same files. The judge trusts only what
it has checked itself: `graph`, `check` and `execute` on its side; `export` runs where submissions run.
"""
