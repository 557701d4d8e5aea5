"""What a template may cost: every count_step, every character and every list element counts.

Jinja bounds neither time nor memory. Here each construct that can make something large or run long
is rewritten, when a template is parsed, to report to a cost first: loops by their length, macros,
blocks and includes by the text in them, comparisons and lists by what they hold. What is counted
cannot be switched off from within a template: the counters have no name that it could shadow.
"""

from __future__ import annotations

from typing import TypeVar

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.visitor import NodeTransformer

MAX_WORK = 10_000_000
"""Characters and list elements touched in one rendering; an episode of ten hours takes 500,000."""
STEP = 100
"""What a turn of a loop or a call costs besides what it touches: 100,000 of them are the limit."""


class CostLimit:
    """Adds up what a rendering does, and stops it at the limit."""

    def __init__(self) -> None:
        self.work = 0

    def charge(self, amount: int) -> None:
        """Raise SecurityError where the template does more than any episode needs."""
        self.work += amount
        if self.work > MAX_WORK:
            raise SecurityError("the template does far more work than any episode needs")

    def count_step(self, n_characters: int = 0) -> str:
        """A turn of a loop or a call, with so much text in it."""
        self.charge(STEP + n_characters)
        return ""

    def count_value(self, value: object) -> object:
        """Charge for touching all of a value once, and give it back."""
        self.charge(size(value))
        return value

    def count_loop(self, value: object) -> object:
        """Charge for a loop over a value."""
        n = len(value) if hasattr(value, "__len__") else 0
        self.charge(size(value) + n * STEP)
        return value


Bodied = TypeVar("Bodied", nodes.Template, nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)


def size(value: object) -> int:
    """Characters and elements in a value, each as often as it stands there; counts to the limit.

    A list of ten lists of ten lists … is large without taking memory: whoever prints or compares it
    pays for all of it.
    """
    total = 0
    waiting = [value]
    while waiting and total <= MAX_WORK:
        item = waiting.pop()
        if isinstance(item, str):
            total += 1 + len(item)
        elif isinstance(item, dict):
            total += 1
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, (list, tuple, range)):
            total += 1 + len(item) if isinstance(item, range) else 1
            waiting += [] if isinstance(item, range) else item
        else:
            total += 1 + (item.bit_length() // 8 if isinstance(item, int) else 0)
    return total


class CostCounting(NodeTransformer):
    """Rewrites a parsed template so that it reports to the environment's cost."""

    def visit_Template(self, node: nodes.Template) -> nodes.Node:  # noqa: N802 - Jinja's names
        """A template costs its text, however often it is included."""
        return self._with_step(node)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        """A loop costs its count_loop, those that its `if` passes over too."""
        node = self._with_step(node)
        node.iter = _call("count_loop", node.iter)
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802
        """A macro costs its text at every call."""
        return self._with_step(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        """So does the body of a call, a segment or a rest."""
        return self._with_step(node)

    def visit_Block(self, node: nodes.Block) -> nodes.Node:  # noqa: N802
        """So does a block: others may call it as self.name()."""
        return self._with_step(node)

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802
        """Text that was captured is markup already when it is printed."""
        self.generic_visit(node)
        node.filter = nodes.Filter(node.filter, MARKUP, [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """`~` goes through the environment, which bounds its length."""
        self.generic_visit(node)
        return _call("concatenate", *node.nodes)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        """A comparison costs what is compared."""
        self.generic_visit(node)
        node.expr = _call("count_value", node.expr)
        for operand in node.ops:
            operand.expr = _call("count_value", operand.expr)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        """A list costs what it holds."""
        self.generic_visit(node)
        return _call("count_value", node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        """So does a dict."""
        self.generic_visit(node)
        return _call("count_value", node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        """So does a tuple, unless it is the target of a loop or set."""
        self.generic_visit(node)
        return _call("count_value", node) if node.ctx == "load" else node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        """A slice costs what it is cut from."""
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _call("count_value", node.node)
        return node

    def _with_step(self, node: Bodied) -> Bodied:
        n_characters = sum(len(text.data) for text in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        count = _call("count_step", nodes.Const(n_characters))
        node.body.insert(0, nodes.ExprStmt(count, lineno=node.lineno))
        return node


MARKUP = "#markup"
"""A filter that no template can name."""


def _call(name: str, *arguments: nodes.Node) -> nodes.Call:
    lineno = next((a.lineno for a in arguments if a.lineno), None)
    method = nodes.EnvironmentAttribute(name)
    return nodes.Call(
        method, [a for a in arguments if isinstance(a, nodes.Expr)], [], None, None, lineno=lineno
    )
