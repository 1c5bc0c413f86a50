"""A program that only a pipeline has: it writes down what it is asked, and answers what it was told to.

Runs under the name of the program that it stands for. CALLS is the file of calls, a line each. ANSWERS is JSON: a list
of a pattern over program and arguments, what to print, and an exit code. What no pattern fits is refused, except by
programs that REAL names, which then run.
"""

import itertools
import json
import os
import re
import sys
from pathlib import Path
from typing import NoReturn


def main() -> NoReturn:
    """Answer one call."""
    program, *arguments = Path(sys.argv[0]).name, *sys.argv[1:]
    call = " ".join([program, *arguments])
    with Path(os.environ["CALLS"]).open("a", encoding="utf-8") as file:
        file.write(f"{call}\n")
    for pattern, output, code in json.loads(os.environ["ANSWERS"]):
        if re.fullmatch(pattern, call, re.DOTALL):
            if "stdin" in call or "--extract" in arguments:
                sys.stdin.buffer.read()
            sys.stdout.write(output)
            sys.exit(code)
    real = json.loads(os.environ["REAL"]).get(program)
    if real is None:
        sys.stderr.write(f"nobody said what this answers: {call}\n")
        sys.exit(64)
    options = itertools.takewhile(lambda each: program == "sudo" and each.startswith("--"), arguments)
    words = arguments[len(list(options)) :]
    # What REAL names, or else the first word, as sudo does.
    command = [real, *words] if real else words
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
