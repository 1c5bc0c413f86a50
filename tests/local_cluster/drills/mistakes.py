"""Every mistake of the drill.

A module beside this one has the rows of one kind, each with who must name it.
"""

from tests.local_cluster.drills.mistake import Mistake
from tests.local_cluster.drills.mistakes_admission import ADMISSION_MISTAKES
from tests.local_cluster.drills.mistakes_aws import AWS_MISTAKES
from tests.local_cluster.drills.mistakes_containers import CONTAINER_MISTAKES
from tests.local_cluster.drills.mistakes_images import IMAGE_MISTAKES
from tests.local_cluster.drills.mistakes_placement import PLACEMENT_MISTAKES
from tests.local_cluster.drills.mistakes_rights import RIGHTS_MISTAKES

# What the control plane and AWS say, whether nodes are real or not.
SIMULATED_MISTAKES: list[Mistake] = [
    *PLACEMENT_MISTAKES,
    *ADMISSION_MISTAKES,
    *IMAGE_MISTAKES,
    *RIGHTS_MISTAKES,
    *AWS_MISTAKES,
]
MISTAKES: list[Mistake] = [*SIMULATED_MISTAKES, *CONTAINER_MISTAKES]
