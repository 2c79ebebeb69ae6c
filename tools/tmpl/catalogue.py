"""The message catalogue: key, zh-CN, en, separated by tabs. A message missing in one language, or
whose placeholders differ between languages, is refused with file and line.

  draws.found<TAB>共 {n} 次抽取<TAB>{n} {n?draw|draws}

"{n}" is a parameter; "{n?one|many}" chooses by n == 1 and may stand in English only."""
import re

LANGUAGES = ("zh", "en")
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\Z")
HOLE = re.compile(r"\{([a-z][a-z0-9_]*)(?:\?([^|{}]*)\|([^|{}]*))?\}")


class Wrong(Exception):
    """A mistake in somebody's source; carries where it is."""

    def __init__(self, path, line, what):
        super().__init__(f"{path}:{line}: {what}")


class Param:
    def __init__(self, name, one=None, many=None):
        self.name, self.one, self.many = name, one, many


class Message:
    def __init__(self, key, line, texts):
        self.key, self.line, self.c_name = key, line, "M_" + key.replace(".", "_")
        self.parts = dict(zip(LANGUAGES, texts))
        self.params = {p.name for p in self.parts["zh"] if isinstance(p, Param)}


def split(path, line, text):
    """Literal strings and Params, in order."""
    parts, at = [], 0
    for m in HOLE.finditer(text):
        parts += [text[at:m.start()]] if m.start() > at else []
        parts.append(Param(*m.groups()))
        at = m.end()
    parts += [text[at:]] if at < len(text) else []
    for p in parts:
        if isinstance(p, str) and re.search(r"[{}]", p):
            raise Wrong(path, line, f"brace that is no placeholder in {text!r}")
    return parts


def load(path):
    """{key: Message} of a file."""
    found, names = {}, {}
    for n, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        cells = raw.split("\t")
        if len(cells) != 1 + len(LANGUAGES):
            raise Wrong(path, n, f"{len(cells)} columns, not {1 + len(LANGUAGES)}: key, zh-CN, en")
        key = cells[0]
        if not KEY.match(key):
            raise Wrong(path, n, f"key {key!r} is not made of words and dots")
        for language, text in zip(LANGUAGES, cells[1:]):
            if not text.strip():
                raise Wrong(path, n, f"message {key!r} has no text in {language}")
        message = Message(key, n, [split(path, n, c) for c in cells[1:]])
        if key in found or message.c_name in names:
            raise Wrong(path, n, f"message {key!r} stands twice, first in line {names[message.c_name]}")
        english = {p.name for p in message.parts["en"] if isinstance(p, Param)}
        if english != message.params:
            raise Wrong(path, n, f"message {key!r}: zh has {sorted(message.params)}, en has {sorted(english)}")
        if any(isinstance(p, Param) and p.one is not None for p in message.parts["zh"]):
            raise Wrong(path, n, f"message {key!r}: Chinese has no plural")
        found[key], names[message.c_name] = message, n
    return found
