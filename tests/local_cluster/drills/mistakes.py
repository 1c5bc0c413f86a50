"""Every mistake of the drill.

A module beside this one has the rows of one kind; rows that need containers which really run belong here too, each with
who must name it.
"""

from tests.local_cluster.drills.mistake import Mistake
from tests.local_cluster.drills.mistakes_admission import ADMISSION_MISTAKES
from tests.local_cluster.drills.mistakes_aws import AWS_MISTAKES
from tests.local_cluster.drills.mistakes_placement import PLACEMENT_MISTAKES
from tests.local_cluster.drills.mistakes_rights import RIGHTS_MISTAKES

MISTAKES: list[Mistake] = [*PLACEMENT_MISTAKES, *ADMISSION_MISTAKES, *RIGHTS_MISTAKES, *AWS_MISTAKES]
