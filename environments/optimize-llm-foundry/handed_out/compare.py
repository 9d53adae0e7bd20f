"""How far weights are from the expected ones: what the judge looks at.

python3 compare.py WEIGHTS EXPECTED BASE TOLERANCE
"""

import math
import sys
from collections.abc import Mapping

from torch import Tensor


def differences(
    weights: Mapping[str, Tensor], expected: Mapping[str, Tensor], base: Mapping[str, Tensor]
) -> dict[str, float]:
    """Return, for each tensor, the norm of its error as a share of the norm of what training was to change.

    Tensors that training was to leave alone, and those of integers, have to be equal: 0 or infinity.
    """
    found = {}
    for name, right in expected.items():
        moved = (right.double() - base[name].double()).norm()
        if not right.is_floating_point() or moved == 0:
            found[name] = 0.0 if weights[name].equal(right) else math.inf
        else:
            found[name] = float((weights[name].double() - right.double()).norm() / moved)
    return found


if __name__ == "__main__":
    from safetensors.torch import load_file

    found = differences(*(load_file(path) for path in sys.argv[1:4]))
    too_far = {name: share for name, share in found.items() if not share <= float(sys.argv[4])}
    for name, share in sorted(found.items(), key=lambda item: -item[1])[:10]:
        print(f"{share:10.2e}  {name}{'  too far' if name in too_far else ''}")
    print(f"{len(too_far)} of {len(found)} tensors too far")
    sys.exit(1 if too_far else 0)
