"""PromQL expressions, parsed: which metrics they select, and which labels each part of them has.

Leaves out `or_matchers` and what durations mean.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import promql_parser as promql

# Grafana replaces these before it asks; any value that parses will do.
GRAFANA_VARIABLES = {"$__rate_interval": "5m", "$__interval": "1m", "$__range": "1h"}
VARIABLE = re.compile(r"\$\{?[a-z][a-z0-9_]*\}?")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Selector:
    """What an expression reads.

    Args:
        name: the metric's name; None where it is matched by a regular expression.
        matchers: label to operator and value.
    """

    name: str | None
    matchers: tuple[tuple[str, str, str], ...]

    def selects(self, name: str) -> bool:
        """Whether it reads a metric of this name."""
        if self.name is not None:
            return self.name == name
        return any(
            label == "__name__" and operator == "Re" and re.fullmatch(value, name) is not None
            for label, operator, value in self.matchers
        )


def parse(expression: str) -> promql.Expr:
    """The tree of an expression, dashboard variables replaced by numbers outside of quotes.

    Raises:
        ValueError: when it is not PromQL.
    """
    for variable, value in GRAFANA_VARIABLES.items():
        expression = expression.replace(variable, value)
    pieces, last = [], 0
    for quoted in QUOTED.finditer(expression):
        pieces += [VARIABLE.sub("1", expression[last : quoted.start()]), quoted.group()]
        last = quoted.end()
    return promql.parse("".join([*pieces, VARIABLE.sub("1", expression[last:])]))


def parts(tree: promql.Expr) -> Iterator[promql.Expr]:
    """The expression and every expression in it."""
    yield tree
    for inner in _inner(tree):
        yield from parts(inner)


def selectors(tree: promql.Expr) -> list[Selector]:
    """Everything that the expression reads, in its order."""
    return [_selector(each) for each in parts(tree) if isinstance(each, promql.VectorSelector)]


def label_problems(tree: promql.Expr, labels_of: Callable[[Selector], set[str]]) -> list[str]:
    """Labels that aggregations and joins name and that their operands can't have.

    Args:
        tree: the expression.
        labels_of: labels that a selector's series may have.
    """
    problems = []
    for part in parts(tree):
        if isinstance(part, promql.AggregateExpr) and part.modifier is not None and _kind(part.modifier) == "by":
            problems += _missing(part, part.modifier.labels, [part.expr], labels_of)
        if isinstance(part, promql.BinaryExpr) and part.modifier is not None:
            if (matching := part.modifier.matching) is not None and _kind(matching) == "on":
                problems += _missing(part, matching.labels, [part.lhs, part.rhs], labels_of)
            included, many = _included(part)
            if included:
                problems += _missing(part, included, [part.rhs if many == "left" else part.lhs], labels_of)
    return problems


def labels(tree: promql.Expr, labels_of: Callable[[Selector], set[str]]) -> set[str]:
    """Labels that the expression's result may have."""
    match tree:
        case promql.VectorSelector():
            return labels_of(_selector(tree))
        case promql.AggregateExpr():
            inner = labels(tree.expr, labels_of)
            named = set(tree.modifier.labels) if tree.modifier is not None else set()
            if str(tree.op) in ("topk", "bottomk"):
                return inner
            return inner - named if _kind(tree.modifier) == "without" else named
        case promql.BinaryExpr():
            return _labels_of_operation(tree, labels_of)
        case promql.Call():
            inner = set().union(*(labels(each, labels_of) for each in tree.args))
            if tree.func.name in ("label_replace", "label_join"):
                inner.add(tree.args[1].val)
            if tree.func.name == "absent":
                inner = {label for each in selectors(tree) for label, how, _ in each.matchers if how == "Equal"}
            return inner - {"le"} if tree.func.name == "histogram_quantile" else inner
        case _:
            return set().union(*(labels(each, labels_of) for each in _inner(tree)))


def _labels_of_operation(tree: promql.BinaryExpr, labels_of: Callable[[Selector], set[str]]) -> set[str]:
    left, right = labels(tree.lhs, labels_of), labels(tree.rhs, labels_of)
    if str(tree.op) in ("and", "unless"):
        return left
    if str(tree.op) == "or":
        return left | right
    included, many = _included(tree)
    if many == "left":
        return left | set(included)
    if many == "right":
        return right | set(included)
    matching = tree.modifier.matching if tree.modifier is not None else None
    if matching is not None:
        return set(matching.labels) if _kind(matching) == "on" else (left & right) - set(matching.labels)
    return left or right


def _missing(
    part: promql.Expr,
    named: list[str],
    operands: list[promql.Expr],
    labels_of: Callable[[Selector], set[str]],
) -> list[str]:
    return [
        f"{operand} has no label {label}, which {str(part)[:80]} names"
        for operand in operands
        for label in named
        if label not in labels(operand, labels_of)
    ]


def _inner(tree: promql.Expr) -> list[promql.Expr]:
    match tree:
        case promql.BinaryExpr():
            return [tree.lhs, tree.rhs]
        case promql.AggregateExpr() | promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            return [tree.expr]
        case promql.MatrixSelector():
            return [tree.vector_selector]
        case promql.Call():
            return list(tree.args)
        case _:
            return []


def _selector(tree: promql.VectorSelector) -> Selector:
    matchers = tuple((each.name, str(each.op).rpartition(".")[2], each.value) for each in tree.matchers.matchers)
    return Selector(tree.name, matchers)


def _kind(modifier: object) -> str:
    names: Mapping[str, str] = {"By": "by", "Without": "without", "Include": "on", "Exclude": "ignoring"}
    return names.get(str(getattr(modifier, "type", None)).rpartition(".")[2], "")


def _included(tree: promql.BinaryExpr) -> tuple[list[str], str]:
    """Labels that group_left or group_right names, and which side is the many."""
    if tree.modifier is None:
        return [], ""
    side = {"ManyToOne": "left", "OneToMany": "right"}.get(str(tree.modifier.card).rpartition(".")[2], "")
    return list(tree.modifier.group_labels or []), side
