"""What a template may cost: every step, every character and every list element counts.

Jinja limits neither time nor memory. Here each construct that can make something large or run long
is rewritten, when a template is parsed, to count its cost first: loops by their length, macros,
blocks and includes by the text in them, comparisons and lists by what they hold. A template cannot
switch this off: the counters have no name that it could shadow.
"""

from __future__ import annotations

from typing import TypeVar

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.visitor import NodeTransformer

MAX_WORK = 10_000_000
"""Characters and list elements touched in one rendering; an episode of ten hours takes 500,000."""
STEP = 100
"""What one pass of a loop or one call costs besides what it touches: 100,000 are the limit."""


class CostLimit:
    """Adds up what a rendering does, and stops it at the limit.

    Its methods raise SecurityError where that is far more than any episode needs.
    """

    def __init__(self) -> None:
        self.work = 0

    def charge(self, amount: int) -> None:
        """Add `amount`, in characters and list elements touched."""
        self.work += amount
        if self.work > MAX_WORK:
            raise SecurityError("the template does far more work than any episode needs")

    def count_step(self, n_characters: int = 0) -> str:
        """Charge for one pass of a loop or one call, with that much text in it."""
        self.charge(STEP + n_characters)
        return ""

    def count_value(self, value: object) -> object:
        """Charge for touching all of a value once, and return it."""
        self.charge(size(value))
        return value

    def count_loop(self, value: object) -> object:
        """Charge for a loop over a value, and return it."""
        n = len(value) if hasattr(value, "__len__") else 0
        self.charge(size(value) + n * STEP)
        return value


Bodied = TypeVar("Bodied", nodes.Template, nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)
Value = TypeVar("Value", nodes.List, nodes.Dict, nodes.Tuple)


def size(value: object) -> int:
    """Characters and elements in a value, each as often as it occurs; stops at the limit.

    A list of ten lists of ten lists … is large without using memory: a template that prints or
    compares it pays for all of it.
    """
    total = 0
    waiting = [value]
    while waiting and total <= MAX_WORK:
        item = waiting.pop()
        total += 1
        if isinstance(item, (str, range)):
            total += len(item)
        elif isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, (list, tuple)):
            waiting += item
        elif isinstance(item, int):
            total += item.bit_length() // 8
    return total


class CostCounting(NodeTransformer):
    """Rewrites a parsed template so that it counts its cost."""

    def visit_body(self, node: Bodied) -> Bodied:
        """A template, macro, block or body of a call costs its text each time that it runs."""
        n_characters = sum(len(text.data) for text in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        count = _call("count_step", nodes.Const(n_characters))
        node.body.insert(0, nodes.ExprStmt(count, lineno=node.lineno))
        return node

    # Jinja looks these names up.
    visit_Template = visit_Macro = visit_CallBlock = visit_Block = visit_body  # noqa: N815

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        """A loop costs its passes, also those that its `if` skips."""
        node = self.visit_body(node)
        node.iter = _call("count_loop", node.iter)
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802
        """Text that was captured is already markup when it is printed."""
        self.generic_visit(node)
        node.filter = nodes.Filter(node.filter, MARKUP, [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """`~` goes through the environment, which limits its length."""
        self.generic_visit(node)
        return _call("concatenate", *node.nodes)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        """A comparison costs what is compared."""
        self.generic_visit(node)
        node.expr = _call("count_value", node.expr)
        for operand in node.ops:
            operand.expr = _call("count_value", operand.expr)
        return node

    def visit_value(self, node: Value) -> nodes.Node:
        """A list, dict or tuple costs what it holds, unless it is the target of a loop or set."""
        self.generic_visit(node)
        return node if getattr(node, "ctx", "load") != "load" else _call("count_value", node)

    visit_List = visit_Dict = visit_Tuple = visit_value  # noqa: N815

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        """A slice costs what it is cut from."""
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _call("count_value", node.node)
        return node


MARKUP = "#markup"
"""A filter that no template can name."""


def _call(name: str, *arguments: nodes.Node) -> nodes.Call:
    lineno = next((a.lineno for a in arguments if a.lineno), None)
    method = nodes.EnvironmentAttribute(name)
    return nodes.Call(
        method, [a for a in arguments if isinstance(a, nodes.Expr)], [], None, None, lineno=lineno
    )
