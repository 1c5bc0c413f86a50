"""Runs `@cloud-copilot/iam-simulate` on questions, and says where it answers otherwise than the project's evaluator.

The package is AGPL-licensed: it runs as a program of its own, unchanged, and no part of it is in this project.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from offline.errors import OfflineError
from offline.go_build import MODULES
from offline.isolation.second_opinion import Question
from offline.npm_program import npm_program
from offline.progress import Say, step
from offline.words import in_words

_MODULE = MODULES / "iam_simulate"


def disagreements(questions: Sequence[Question], report: Say) -> list[str]:
    """Questions that get another answer, or that the program refuses, in a sentence each.

    Args:
        questions: what to ask.
        report: where signs of life go.

    Raises:
        OfflineError: the program ended before it had answered all.
    """
    command = npm_program(_MODULE, report)
    workers = os.cpu_count() or 1
    parts = [questions[start::workers] for start in range(workers)]
    with step(f"asking iam-simulate {len(questions)} questions", report), ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(lambda part: _asked(command, part), parts))
    return [each for part in found for each in part]


def _asked(command: Sequence[str], questions: Sequence[Question]) -> list[str]:
    text = "".join(json.dumps(each.simulation) + "\n" for each in questions)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(answers) != len(questions):
        raise OfflineError(
            f"iam-simulate answered {len(answers)} of {len(questions)} questions and ended with "
            f"{done.returncode}:\n{done.stderr[-1500:].strip()}"
        )
    return [
        f"{question.words}: {'allowed' if question.allowed else 'refused'} by the project's evaluator, "
        f"{in_words(answer.get('result', answer))} by iam-simulate"
        for question, answer in zip(questions, answers, strict=True)
        if (answer.get("result") == "Allowed") != question.allowed or "error" in answer
    ]
