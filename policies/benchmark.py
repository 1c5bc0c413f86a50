"""The recommendations of the CIS Amazon EKS Benchmark 1.8.0, and where those are answered that no control names.

Source: aquasecurity/kube-bench, cfg/eks-1.8.0, which lists every recommendation by its id.
"""

_SECTIONS = {
    "2.1": 2,
    "3.1": 4,
    "3.2": 9,
    "4.1": 12,
    "4.2": 5,
    "4.3": 2,
    "4.4": 2,
    "4.5": 2,
    "5.1": 4,
    "5.2": 1,
    "5.3": 1,
    "5.4": 5,
    "5.5": 1,
}
BENCHMARK = tuple(f"{section}.{item}" for section, items in _SECTIONS.items() for item in range(1, items + 1))

# Sections and recommendations that no control answers.
ELSEWHERE = {
    "3.1": "Files of the kubelet are those of Amazon's image, which the program takes as it is",
    "3.2": "The kubelet's logins and certificates are set by nodeadm in Amazon's image; the program sets none of them",
}
