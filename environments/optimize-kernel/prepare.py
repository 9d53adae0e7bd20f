"""Makes the assets of a scale: none, since every input is made when a submission is scored."""

from rebench_common.preparation import open_preparation

if __name__ == "__main__":
    open_preparation()
