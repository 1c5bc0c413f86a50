"""Where one stack's cluster keeps what it is made of, so that it goes on after a stop and goes away with one directory.

Everything in it is the owner's alone: it holds keys.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ClusterDirectory:
    """The files of one cluster.

    Args:
        root: the directory; it may not exist yet.
        stack: name of the stack.
    """

    root: Path
    stack: str

    def make(self) -> None:
        """Make the directories, for the owner alone."""
        for directory in (
            self.root,
            self.pki,
            self.logs,
            self.data,
            self.programs,
            self.aws,
            self.nodes,
        ):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            directory.chmod(0o700)

    @property
    def pki(self) -> Path:
        """Keys and certificates, made for this cluster."""
        return self.root / "pki"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.root / "logs"

    @property
    def data(self) -> Path:
        """What the control plane stores."""
        return self.root / "data"

    @property
    def programs(self) -> Path:
        """Programs for a person's PATH: `kubectl`, and an `aws` that gives tokens for this cluster."""
        return self.root / "bin"

    @property
    def aws(self) -> Path:
        """What the AWS that pods call stores."""
        return self.root / "aws"

    @property
    def nodes(self) -> Path:
        """What real nodes store."""
        return self.root / "nodes"

    @property
    def roster(self) -> Path:
        """What each real node stands for, and which images it has."""
        return self.nodes / "roster.json"

    @property
    def volumes(self) -> Path:
        """Volumes that real nodes mount."""
        return self.root / "volumes"

    @property
    def namespaces(self) -> Path:
        """The process that holds the namespaces of a cluster with real nodes, as this machine counts processes."""
        return self.root / "namespaces"

    @property
    def kubeconfig(self) -> Path:
        """For a person's `kubectl`."""
        return self.root / "kubeconfig"

    @property
    def settings(self) -> Path:
        """What was chosen for the cluster: its ports, and how many real nodes it has."""
        return self.root / "settings.json"

    @property
    def deployment(self) -> Path:
        """What exists of AWS, in the form of the engine's state."""
        return self.root / "account.json"

    @property
    def applications(self) -> Path:
        """What owners of applications added to the account beside the stack, in the same form."""
        return self.root / "applications.json"

    @property
    def status(self) -> Path:
        """What the running cluster says of itself."""
        return self.root / "status.json"

    @property
    def lock(self) -> Path:
        """Held by the running cluster."""
        return self.root / "lock"

    @property
    def stop_request(self) -> Path:
        """Its existence asks the running cluster to end."""
        return self.root / "stop"

    def log_of(self, process: str) -> Path:
        """What a process writes."""
        return self.logs / f"{process}.log"
