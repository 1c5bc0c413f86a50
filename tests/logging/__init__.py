"""Runs the real Fluent Bit on the files under components/logs/files and counts lines in and lines out.

`make verify-logging FLUENT_BIT=/path/to/fluent-bit`. The agent sees its own file system and network: the files are
those of the repository, byte for byte, at the paths that the DaemonSet mounts them at, and S3, the kubelet and the API
server answer under their real names. Needs root, for mount and network namespaces.
"""
