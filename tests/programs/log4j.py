"""Log4j as Spark's image has it, its jars pinned by checksum, and a Java that compiles and runs what logs with it.

Java itself is the machine's: it is in no registry that serves every system alike. Leaves out Spark, which hands the
file on and logs through these same jars.
Source: `log4j.version` of spark-parent_2.13 4.1.2, the version in images/spark.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from offline.errors import MissingToolError
from offline.progress import Say
from offline.release_download import download_file
from offline.tool_cache import alone, cache_directory

# renovate: datasource=maven depName=org.apache.logging.log4j:log4j-core
VERSION = "2.24.3"
GROUP = "https://repo1.maven.org/maven2/org/apache/logging/log4j"
# Maven Central publishes SHA-1 of these; the SHA-256 here is of files whose SHA-1 matched.
JARS = {
    "log4j-api": "5b4a0a0cd0e751ded431c162442bdbdd53328d1f8bb2bae5fc1bbeee0f66d80f",
    "log4j-core": "7eb4084596ae25bd3c61698e48e8d0ab65a9260758884ed5cbb9c6e55c44a56a",
    "log4j-layout-template-json": "53e89d35be783d0d47de319dcfeed5b2ea16b0b39929a302f2b7e681efaf18ec",
}
# That of the image; a newer one compiles and runs the same.
OLDEST_JAVA = 17
REMEDY = (
    f"install a JDK of Java {OLDEST_JAVA} or newer, such as Debian's openjdk-{OLDEST_JAVA}-jdk-headless, "
    "and put its java on PATH or its directory into JAVA_HOME"
)


@dataclass(frozen=True)
class Log4j:
    """A Java with Log4j.

    Args:
        java: the program.
        jars: Log4j's.
    """

    java: Path
    jars: tuple[Path, ...]

    def run(
        self, source: Path, arguments: Sequence[str], configuration: Path, options: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Compile one file of Java and run it.

        Args:
            source: the file.
            arguments: what its main gets.
            configuration: Log4j's file.
            options: of Java.
        """
        jars = os.pathsep.join(map(str, self.jars))
        command = [self.java, *options, f"-Dlog4j2.configurationFile={configuration}", "-cp", jars, source, *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False)


def find_log4j(report: Say) -> Log4j:
    """Java of this machine, and Log4j's jars out of the cache or from Maven Central.

    Args:
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no Java that compiles, or the jars can't be had; the message says what helps.
    """
    java = _java()
    directory = cache_directory() / f"log4j-{VERSION}"
    with alone("Log4j", report):
        for name, checksum in JARS.items():
            file = f"{name}-{VERSION}.jar"
            download_file(f"{GROUP}/{name}/{VERSION}/{file}", checksum, directory / file, report)
    return Log4j(java, tuple(directory / f"{name}-{VERSION}.jar" for name in JARS))


def _java() -> Path:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    if found is None:
        place = f"bin of JAVA_HOME, {home}," if home else "PATH"
        raise MissingToolError(f"Log4j needs Java and {place} has no program java: {REMEDY}")
    try:
        asked = subprocess.run([found, "--list-modules"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingToolError(f"Log4j needs Java and {found} does not run ({error}): {REMEDY}") from error
    compiler = re.search(r"^jdk\.compiler@(\d+)", asked.stdout, re.MULTILINE)
    if compiler is None:
        raise MissingToolError(f"Log4j needs Java with its compiler and {found} is without one: {REMEDY}")
    if int(compiler[1]) < OLDEST_JAVA:
        raise MissingToolError(f"Log4j needs Java {OLDEST_JAVA} and {found} is Java {compiler[1]}: {REMEDY}")
    return Path(found)
