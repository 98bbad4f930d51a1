"""Making a net smaller without changing whether it is sound.

A node with one way in and one way out only passes a token on, so its two flows become one. Ways
that leave one gateway and come together at once in the gateway that matches it become one as well.
Applied until nothing changes, everything that is well nested disappears; what is left is small.
"""

from __future__ import annotations

from itertools import pairwise

from engine.definitions.soundness.net import Bundle, Join, Net, Node


def reduce_net(net: Net) -> None:
    """Apply both rules in place until nothing changes."""
    changed = True
    while changed:
        changed = False
        for node_id in list(net.nodes):
            node = net.nodes.get(node_id)
            if node is None:
                continue
            changed = _pass_through(net, node) or changed
            if node_id in net.nodes:
                changed = _together(net, node) or changed


def _pass_through(net: Net, node: Node) -> bool:
    if len(node.inputs) != 1 or len(node.bundles) != 1 or node.clears:
        return False
    (bundle,) = node.bundles
    (incoming,) = node.inputs
    if len(bundle) != 1:
        return False
    (outgoing,) = bundle
    target = net.nodes[net.targets[outgoing]]
    if target is node or outgoing in net.from_boundary:
        return False
    net.passed[incoming] += (node.id, *net.passed[outgoing])
    net.targets[incoming] = target.id
    net.same_as[outgoing] = incoming
    target.inputs[target.inputs.index(outgoing)] = incoming
    del net.nodes[node.id]
    return True


def _together(net: Net, node: Node) -> bool:
    """Make one flow of two that are always, or never, needed together."""
    by_target: dict[str, list[int]] = {}
    for flow in dict.fromkeys(flow for bundle in node.bundles for flow in sorted(bundle)):
        by_target.setdefault(net.targets[flow], []).append(flow)
    for target_id, flows in by_target.items():
        target = net.nodes[target_id]
        for keep, drop in pairwise(flows):
            if target is not node and _match(node.bundles, target.join, keep, drop):
                _drop(net, node, target, keep, drop)
                return True
    return False


def _match(bundles: list[Bundle], join: Join, keep: int, drop: int) -> bool:
    if join is Join.ALL:
        return all((keep in bundle) == (drop in bundle) for bundle in bundles)
    if join is Join.ANY:
        return not any(keep in bundle and drop in bundle for bundle in bundles)
    return True


def _drop(net: Net, node: Node, target: Node, keep: int, drop: int) -> None:
    renamed = [bundle - {drop} | {keep} if drop in bundle else bundle for bundle in node.bundles]
    node.bundles = list(dict.fromkeys(renamed))
    target.inputs.remove(drop)
    net.same_as[drop] = keep
    if drop not in net.from_boundary:
        net.from_boundary.discard(keep)
