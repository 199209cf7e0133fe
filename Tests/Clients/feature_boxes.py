"""Where features lie, compared between two answers by the boxes around them."""
import bisect


def corners(features, turned=False):
    """The box of every feature, sorted."""
    boxes = []
    for each in features:
        flat = positions(each["geometry"]["coordinates"])
        xs, ys = [p[turned] for p in flat], [p[not turned] for p in flat]
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return sorted(boxes)


def strays(boxes, others, most):
    """How many boxes have no partner among the others, each of which is a partner once."""
    others, lost = list(others), 0
    for box in boxes:
        first = last = bisect.bisect_left(others, (box[0] - most,))
        while last < len(others) and others[last][0] <= box[0] + most:
            last += 1
        found = next((k for k in range(first, last) if all(abs(a - b) <= most for a, b in zip(box, others[k]))), None)
        if found is None:
            lost += 1
        else:
            del others[found]
    return lost


def positions(tree):
    if isinstance(tree[0], (int, float)):
        return [tree]
    return [position for part in tree for position in positions(part)]
