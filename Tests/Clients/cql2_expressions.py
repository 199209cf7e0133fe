"""CQL2 expressions by chance, of every class that the service claims, over the fields of a collection."""

CLASSES = [
    "number", "text", "properties", "like", "between", "in", "null", "boolean", "casei", "accenti", "arithmetic", "spatial", "spatial-literals",
    "temporal", "array", "functions"]
SPATIAL = ["S_INTERSECTS", "S_DISJOINT", "S_WITHIN", "S_CONTAINS", "S_CROSSES", "S_OVERLAPS", "S_TOUCHES", "S_EQUALS"]
TEMPORAL = [
    "T_AFTER", "T_BEFORE", "T_CONTAINS", "T_DISJOINT", "T_DURING", "T_EQUALS", "T_FINISHEDBY", "T_FINISHES", "T_INTERSECTS", "T_MEETS",
    "T_METBY", "T_OVERLAPPEDBY", "T_OVERLAPS", "T_STARTEDBY", "T_STARTS"]
INTERVALS_ONLY = {"T_CONTAINS", "T_DURING", "T_FINISHEDBY", "T_FINISHES", "T_MEETS", "T_METBY", "T_OVERLAPPEDBY", "T_OVERLAPS", "T_STARTEDBY", "T_STARTS"}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def name(field):
    return field if field.isascii() and field.isidentifier() else f'"{field}"'


class Expressions:
    """A generator of one collection's expressions; the same seed gives the same ones."""

    def __init__(self, random, features, kinds):
        self.random, self.features = random, features
        self.texts = [field for field, kind in kinds.items() if kind == "string"]
        self.numbers = [field for field, kind in kinds.items() if kind in ("integer", "number")]
        self.flags = [field for field, kind in kinds.items() if kind == "boolean"]
        xs = [p[0] for f in features for p in positions(f["geometry"]["coordinates"])]
        ys = [p[1] for f in features for p in positions(f["geometry"]["coordinates"])]
        self.box = min(xs), min(ys), max(xs), max(ys)

    def filter(self, depth=2):
        """Text, and the classes that are in it."""
        chance = self.random.random()
        if depth and chance < 0.35:
            parts = [self.filter(depth - 1) for _ in range(self.random.randint(2, 3))]
            word = self.random.choice([" AND ", " OR "])
            return "(" + word.join(text for text, _ in parts) + ")", set().union(*(classes for _, classes in parts))
        if depth and chance < 0.5:
            text, classes = self.filter(depth - 1)
            return f"NOT ({text})", classes | {"not"}
        kind = self.random.choice(CLASSES)
        made = getattr(self, "_" + kind.replace("-", "_"))()
        return (made, {kind}) if made else self.filter(depth)

    def value(self, field):
        """One of the field's own values, mostly."""
        values = [f["properties"][field] for f in self.features if f["properties"][field] is not None]
        return self.random.choice(values) if values else "x"

    def operator(self):
        return self.random.choice(["=", "<>", "<", ">", "<=", ">="])

    def _number(self):
        if not self.numbers:
            return None
        field = self.random.choice(self.numbers)
        sides = [name(field), f"{self.value(field)}"]
        if self.random.random() < 0.2:
            sides.reverse()
        return f" {self.operator()} ".join(sides)

    def _text(self):
        field = self.random.choice(self.texts)
        return f"{name(field)} {self.operator()} {quoted(self.value(field))}"

    def _properties(self):
        fields = self.random.choice([each for each in (self.texts, self.numbers) if each])
        return f"{name(self.random.choice(fields))} {self.operator()} {name(self.random.choice(fields))}"

    def _like(self):
        field = self.random.choice(self.texts)
        value = self.value(field)
        cut = self.random.randint(0, len(value))
        pattern = self.random.choice([value[:cut] + "%", "%" + value[cut:], "%" + value[cut:cut + 1] + "%", "_" + value[1:], value])
        return f"{name(field)} {self.random.choice(['LIKE', 'LIKE', 'NOT LIKE'])} {quoted(pattern)}"

    def _between(self):
        if not self.numbers:
            return None
        field = self.random.choice(self.numbers)
        low, high = sorted([self.value(field), self.value(field)])
        return f"{name(field)} {self.random.choice(['', 'NOT '])}BETWEEN {low} AND {high}"

    def _in(self):
        field = self.random.choice(self.texts + self.numbers)
        values = [self.value(field) for _ in range(self.random.randint(1, 4))]
        return f"{name(field)} {self.random.choice(['', 'NOT '])}IN ({', '.join(quoted(v) if isinstance(v, str) else str(v) for v in values)})"

    def _null(self):
        return f"{name(self.random.choice(self.texts + self.numbers))} IS {self.random.choice(['', 'NOT '])}NULL"

    def _boolean(self):
        return name(self.random.choice(self.flags)) + self.random.choice([" = TRUE", " = FALSE", " <> TRUE"]) if self.flags else self.random.choice(["TRUE", "FALSE"])

    def _casei(self):
        field = self.random.choice(self.texts)
        value = self.random.choice([str.lower, str.upper, str.swapcase])(self.value(field))
        return self.random.choice([f"CASEI({name(field)}) = CASEI({quoted(value)})", f"CASEI({name(field)}) LIKE CASEI({quoted('%' + value[1:])})"])

    def _accenti(self):
        field = self.random.choice(self.texts)
        return f"ACCENTI({name(field)}) = ACCENTI({quoted(self.value(field))})"

    def _arithmetic(self):
        if not self.numbers:
            return None
        field = self.random.choice(self.numbers)
        left = self.random.choice(["{} + 1", "{} * 2 - 3", "({} - 1) * ({} + 1)", "{} / 4", "{} % 3", "{} div 2", "{} ^ 2", "-{}", "2 * -{}"]).format(name(field), name(field))
        return f"{left} {self.operator()} {self.random.choice([0, 1, 2.5, 10, self.value(field)])}"

    def _position(self):
        west, south, east, north = self.box
        return round(self.random.uniform(west, east), 5), round(self.random.uniform(south, north), 5)

    def _corners(self, share=0.4):
        west, south, east, north = self.box
        x, y = self._position()
        width, height = (east - west) * share * self.random.random() + 1e-4, (north - south) * share * self.random.random() + 1e-4
        return round(x - width, 5), round(y - height, 5), round(x + width, 5), round(y + height, 5)

    def _literal(self):
        x, y = self._position()
        w, s, e, n = self._corners()
        ring = f"({w} {s}, {e} {s}, {e} {n}, {w} {n}, {w} {s})"
        middle = f"{(w + e) / 2:.6f} {(s + n) / 2:.6f}"
        return self.random.choice([
            f"BBOX({w}, {s}, {e}, {n})", f"POINT({x} {y})", f"LINESTRING({w} {s}, {x} {y}, {e} {n})", f"POLYGON({ring})",
            f"MULTIPOINT(({x} {y}), ({middle}))", f"MULTILINESTRING(({w} {s}, {x} {y}), ({middle}, {e} {n}))", f"MULTIPOLYGON(({ring}))",
            f"GEOMETRYCOLLECTION(POINT({x} {y}), LINESTRING({w} {s}, {e} {n}))"])

    def _spatial(self):
        sides = ["geometry", self._literal()]
        if self.random.random() < 0.2:
            sides.reverse()
        return f"{self.random.choice(SPATIAL[:5])}({', '.join(sides)})" if self.random.random() < 0.7 else f"{self.random.choice(SPATIAL)}({', '.join(sides)})"

    def _spatial_literals(self):
        return f"{self.random.choice(SPATIAL)}({self._literal()}, {self._literal()})"

    def _instant(self):
        day = f"20{self.random.randint(10, 12)}-0{self.random.randint(1, 3)}-1{self.random.randint(0, 2)}"
        return day if self.random.random() < 0.6 else f"{day}T0{self.random.randint(0, 2)}:00:00Z"

    def _moment(self, isInterval):
        if isInterval:
            ends = sorted(self._instant()[:10] for _ in range(2))
            end = self.random.choice([0, 1, None])
            if end is not None and self.random.random() < 0.3:
                ends[end] = ".."
            return f"INTERVAL('{ends[0]}', '{ends[1]}')"
        text = self._instant()
        return f"TIMESTAMP('{text}')" if "T" in text else f"DATE('{text}')"

    def _temporal(self):
        function = self.random.choice(TEMPORAL)
        both = function in INTERVALS_ONLY
        return f"{function}({self._moment(both or self.random.random() < 0.5)}, {self._moment(both or self.random.random() < 0.5)})"

    def _array(self):
        def some():
            return "(" + ", ".join(self.random.choice(["'a'", "'b'", "'c'", "'道'"]) for _ in range(self.random.randint(1, 3))) + ")"
        return f"{self.random.choice(['A_EQUALS', 'A_CONTAINS', 'A_CONTAINEDBY', 'A_OVERLAPS'])}({some()}, {some()})"

    def _functions(self):
        field = self.random.choice(self.texts)
        value = self.value(field)
        made = [f"lower({name(field)}) = {quoted(value.lower())}", f"upper({name(field)}) LIKE {quoted(value[:1].upper() + '%')}", f"length({name(field)}) {self.operator()} {len(value)}"]
        if self.numbers:
            number = self.random.choice(self.numbers)
            made += [f"{each}({name(number)} - 2.5) {self.operator()} {self.value(number)}" for each in ("abs", "floor", "ceil", "round")]
        return self.random.choice(made)

    def broken(self, text):
        """The text with something wrong in it, mostly."""
        place = self.random.randrange(len(text))
        return self.random.choice([
            lambda: text[:place] + text[place + 1:], lambda: text[:place] + self.random.choice("()',\"%=<>;\\0a ") + text[place:], lambda: text[:place],
            lambda: text + self.random.choice([" AND", " x", ")", "'", " NOT", " = 1"]), lambda: text.replace(" ", "", 1), lambda: text.replace("(", "", 1),
            lambda: text.replace("=", "==", 1), lambda: text.replace(" AND ", " AND AND ", 1), lambda: text.replace("'", "\"", 2)])()


def positions(tree):
    if isinstance(tree[0], (int, float)):
        return [tree]
    return [position for part in tree for position in positions(part)]
