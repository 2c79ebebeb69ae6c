"""Writes templates as C: one typed function each, every value through the escaper of its place."""
import re
from catalogue import LANGUAGES, Param, Wrong
from place import Bad, Html
from syntax import SCALARS

C_TYPES = {"str": "struct str ", "z": "const char *", "int": "int64_t ", "size": "size_t ", "bool": "bool ",
           "id": "int64_t ", "date": "int32_t ", "time": "int64_t ", "hash": "const uint8_t *", "msg": "enum msg "}
TRUE = {"str": "{}.n != 0", "z": "{} != NULL", "bool": "{}", "msg": "{} != M_NONE"}
# type -> filter -> writer; every writer is web_put_<name>(b, lang, place, value)
WRITERS = {"str": {None: "str", "short": "short"}, "z": {None: "z"}, "int": {None: "int", "grouped": "grouped"},
           "size": {None: "size", "grouped": "size_grouped"}, "id": {None: "id"}, "date": {None: "date", "long": "date_long"},
           "time": {None: "time", "minute": "minute", "clock": "clock", "machine": "machine", "long": "time_long"},
           "hash": {None: "hash", "short": "hash_short"}, "msg": {None: "msg"}, "bool": {None: "bool"}}
PLACES = {"html": "PLACE_HTML", "url": "PLACE_URL", "url_part": "PLACE_URL_PART", "json": "PLACE_JSON"}
LANG_C = {"zh": "LANG_ZH", "en": "LANG_EN"}
CHUNK = 1500  # C compilers need not take literals of more than 4095 characters


def c_quote(text):
    return '"' + re.sub(r'[\\"]', lambda m: "\\" + m[0], text).replace("\n", "\\n").replace("\t", "\\t").replace("?", "\\?") + '"'


def html_quote(text):
    for a, b in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(a, b)
    return text


class Scope:
    def __init__(self, names):
        self.names = dict(names)  # name -> (C text, Type, "." or "->", C text of the count)
        self.used = set()

    def inner(self, more):
        other = Scope({**self.names, **more})
        other.used = self.used
        return other


class Emitter:
    def __init__(self, tops, messages, assets, icons):
        self.messages, self.assets, self.icons = messages, assets, icons
        self.structs, self.templates, self.used_messages = {}, {}, set()
        for node in tops:
            known = self.templates if node.kind == "template" else self.structs
            if node.name in known:
                raise Wrong(node.path, node.line, f"{node.name!r} is declared twice")
            known[node.name] = node
        self.lines, self.text, self.serial = [], "", 0

    # -- small things ---------------------------------------------------------------------

    def wrong(self, node, what):
        return Wrong(self.path, node.line, what)

    def put(self, line):
        self.flush()
        self.lines.append("    " * self.depth + line)

    def flush(self):
        for at in range(0, len(self.text), CHUNK):
            self.lines.append("    " * self.depth + f"buf_put(b, STR({c_quote(self.text[at:at + CHUNK])}));")
        self.text = ""

    def at_line(self, node):
        self.flush()
        self.lines.append(f'#line {node.line} "{self.path}"')

    def value(self, node, operand, scope):
        """(C text, Type, C text of the count) of a path."""
        if operand.value[0] not in scope.names:
            raise self.wrong(node, f"{operand.value[0]!r} is not declared")
        scope.used.add(operand.value[0])
        text, kind, joint, count = scope.names[operand.value[0]]
        for i, part in enumerate(operand.value[1:], 1):
            owner = self.structs.get(kind.name)
            if kind.array or owner is None or part not in owner.fields:
                raise self.wrong(node, f"{'.'.join(operand.value[:i])!r} has no field {part!r}")
            kind = owner.fields[part]
            text, count = f"{text}{joint}{part}", f"{text}{joint}{kind.count}"
            joint = "->" if kind.pointer else "."
        self.is_pointer = joint == "->"
        return text, kind, count

    def writer(self, node, operand, scope, place):
        """The call that writes a value."""
        if operand.kind == "msg":
            return f"web_put_msg(b, lang, {PLACES[place]}, {self.key(node, operand.value).c_name});"
        if operand.kind in ("text", "int", "const"):
            raise self.wrong(node, "a literal cannot be written here: write it as text")
        text, kind, _ = self.value(node, operand, scope)
        if kind.array or kind.name not in SCALARS:
            raise self.wrong(node, f"{'.'.join(operand.value)!r} is a struct or a list: name a field, or use {{for}}")
        if kind.name == "bool" and place != "json":
            raise self.wrong(node, "a bool has no text: choose it with {if}")
        if operand.filter not in WRITERS[kind.name]:
            raise self.wrong(node, f"no filter {operand.filter!r} for {kind.name}")
        return f"web_put_{WRITERS[kind.name][operand.filter]}(b, lang, {PLACES[place]}, {text});"

    def key(self, node, key):
        if key not in self.messages:
            raise self.wrong(node, f"message {key!r} is not in the catalogue")
        self.used_messages.add(key)
        return self.messages[key]

    def context(self, node):
        try:
            return self.html.context()
        except Bad as bad:
            raise self.wrong(node, str(bad)) from None

    # -- nodes ----------------------------------------------------------------------------

    def body(self, nodes, scope):
        for node in nodes:
            getattr(self, "do_" + node.kind)(node, scope)

    def do_text(self, node, scope):
        line = node.line
        for part in re.split(r"(?<=\n)", node.text):
            try:
                self.text += self.html.feed(part)
            except Bad as bad:
                raise Wrong(self.path, line, str(bad)) from None
            line += 1

    def do_out(self, node, scope):
        place = self.context(node)
        call = self.writer(node, node.value, scope, place)
        self.at_line(node)
        self.put(call)

    def do_message(self, node, scope):
        message, place = self.key(node, node.key), self.context(node)
        if set(node.args) != message.params:
            raise self.wrong(node, f"message {node.key!r} takes {sorted(message.params) or 'nothing'}, given {sorted(node.args) or 'nothing'}")
        if place != "html":
            raise self.wrong(node, "a message can stand in text and in attributes only")
        if not message.params and len({"".join(p) for p in message.parts.values()}) == 1:
            self.text += html_quote("".join(message.parts["zh"]))
            return
        self.at_line(node)
        for i, language in enumerate(LANGUAGES[1:]):
            self.put(f"{'} else ' if i else ''}if (lang == {LANG_C[language]}) {{")
            self.message_parts(node, message.parts[language], scope)
        self.put("} else {")
        self.message_parts(node, message.parts[LANGUAGES[0]], scope)
        self.put("}")

    def message_parts(self, node, parts, scope):
        self.flush()
        self.depth += 1
        for part in parts:
            if isinstance(part, str):
                self.text += html_quote(part)
            elif part.one is None:
                self.put(self.writer(node, node.args[part.name], scope, "html"))
            else:
                text, kind, _ = self.value(node, node.args[part.name], scope)
                if kind.name not in ("int", "size"):
                    raise self.wrong(node, f"plural of {part.name!r}, which is no number")
                self.put(f"buf_put(b, {text} == 1 ? STR({c_quote(html_quote(part.one))}) : STR({c_quote(html_quote(part.many))}));")
        self.flush()
        self.depth -= 1

    def do_icon(self, node, scope):
        try:
            self.html.at_text("{icon}")
        except Bad as bad:
            raise self.wrong(node, str(bad)) from None
        if node.name not in self.icons:
            raise self.wrong(node, f"icon {node.name!r} is not in the sprite")
        self.html.space = False
        self.text += (f'<svg class="icon" aria-hidden="true" focusable="false"><use href="{self.assets["icons.svg"]}#{node.name}">'
                      "</use></svg>")

    def do_asset(self, node, scope):
        if node.name not in self.assets:
            raise self.wrong(node, f"no static file {node.name!r}")
        self.context(node)
        if self.html.mode != "value" or self.html.value != "\0":
            raise self.wrong(node, "{asset} stands alone in an attribute")
        self.text += self.assets[node.name]

    def condition(self, node, cond, scope):
        if cond[0] in ("and", "or"):
            joint = {"and": "&&", "or": "||"}[cond[0]]
            return f"({self.condition(node, cond[1], scope)} {joint} {self.condition(node, cond[2], scope)})"
        if cond[0] == "not":
            return f"!({self.condition(node, cond[1], scope)})"
        if cond[0] == "is":
            if cond[1].kind != "path":
                raise self.wrong(node, "a condition needs a value, not a literal")
            text, kind, count = self.value(node, cond[1], scope)
            if kind.array:
                return f"{count} != 0"
            if kind.name not in SCALARS:
                if not kind.pointer:
                    raise self.wrong(node, f"{'.'.join(cond[1].value)!r} is a struct and always there")
                return f"{text} != NULL"
            return TRUE.get(kind.name, "{} != 0").format(text)
        return self.comparison(node, cond, scope)

    def comparison(self, node, cond, scope):
        sides, kinds = [], []
        for operand in cond[2:]:
            if operand.kind == "path":
                text, kind, _ = self.value(node, operand, scope)
                sides.append(text)
                kinds.append("list" if kind.array else kind.name)
            elif operand.kind == "text":
                sides.append(f"STR({c_quote(operand.value)})")
                kinds.append("str")
            else:
                sides.append(operand.value)
                kinds.append(None)
        if "str" in kinds:
            if kinds != ["str", "str"] or cond[1] not in ("==", "!="):
                raise self.wrong(node, "text compares with text only, by == or !=")
            return f"{'!' if cond[1] == '!=' else ''}str_eq({sides[0]}, {sides[1]})"
        if any(k not in (None, "int", "size", "date", "time", "id", "msg") for k in kinds):
            raise self.wrong(node, "these cannot be compared")
        return f"{sides[0]} {cond[1]} {sides[1]}"

    def branch(self, node, nodes, scope, start):
        """One way through; returns the state it ends in."""
        self.html = start.copy()
        self.depth += 1
        self.body(nodes, scope)
        self.flush()
        self.depth -= 1
        self.fork(node)
        return self.html

    def fork(self, node):
        try:
            self.html.fork()
        except Bad as bad:
            raise self.wrong(node, str(bad)) from None

    def join(self, node, ends):
        first = ends[0]
        for other in ends[1:]:
            if other.state() != first.state():
                raise self.wrong(node, f"the ways through this {{{node.kind}}} end in different places of the page")
            first.attrs_seen += " " + other.attrs_seen
        first.space = all(e.space for e in ends)
        first.gap = any(e.gap for e in ends)
        self.html = first

    def do_if(self, node, scope):
        if self.html.tag == "script":
            raise self.wrong(node, "no {if} inside a <script> tag")
        self.fork(node)
        start, ends = self.html, []
        self.at_line(node)
        for i, (cond, nodes) in enumerate(node.branches):
            self.put(f"{'} else ' if i else ''}if ({self.condition(node, cond, scope)}) {{")
            ends.append(self.branch(node, nodes, scope, start))
        if node.otherwise is not None:
            self.put("} else {")
            ends.append(self.branch(node, node.otherwise, scope, start))
        else:
            ends.append(start)
        self.put("}")
        self.join(node, ends)

    def do_for(self, node, scope):
        text, kind, count = self.value(node, node.value, scope)
        if not kind.array:
            raise self.wrong(node, f"{'.'.join(node.value.value)!r} is no list")
        for name in filter(None, (node.var, node.index)):
            if name in scope.names or name in ("b", "lang"):
                raise self.wrong(node, f"{name!r} hides another name")
        self.serial += 1
        i = f"i{self.serial}_"
        scalar = kind.name in SCALARS or kind.pointer
        element = type(kind)(("*" if not scalar or kind.pointer else "") + kind.name, node.var)
        more = {node.var: (node.var, element, "." if kind.name in SCALARS else "->", "")}
        if node.index:
            more[node.index] = (i, type(kind)("size", node.index), ".", "")
        self.fork(node)
        start = self.html
        self.at_line(node)
        self.put(f"for (size_t {i} = 0; {i} < (size_t){count}; {i}++) {{")
        c_type = C_TYPES[kind.name] if kind.name in SCALARS else f"const struct {kind.name} *"
        self.put(f"    {c_type}{node.var} = {'' if scalar else '&'}{text}[{i}];")
        end = self.branch(node, node.body, scope.inner(more), start)
        self.put("}")
        ends = [start, end]
        if node.empty is not None:
            self.put(f"if ({count} == 0) {{")
            ends.append(self.branch(node, node.empty, scope, start))
            self.put("}")
        self.join(node, ends)

    def do_slot(self, node, scope):
        if self.depth != 1 or self.slot_state is not None:
            raise self.wrong(node, "{slot} stands once, outside of {if} and {for}")
        try:
            self.html.at_text("{slot}")
        except Bad as bad:
            raise self.wrong(node, str(bad)) from None
        self.flush()
        self.slot_state = self.html.copy()
        self.lines += ["}", "", f"void t_{self.current.name}_end({self.signature(self.current)})", "{"]

    def do_call(self, node, scope):
        try:
            self.html.at_text("{call}")
        except Bad as bad:
            raise self.wrong(node, str(bad)) from None
        callee = self.templates.get(node.name)
        if callee is None:
            raise self.wrong(node, f"no template {node.name!r}")
        if (node.body is not None) != self.has_slot(callee):
            raise self.wrong(node, f"template {node.name!r} {'has no slot: no body' if node.body is not None else 'has a slot: {call +' + node.name + '}'}")
        if set(node.args) != set(callee.fields):
            raise self.wrong(node, f"template {node.name!r} takes {sorted(callee.fields)}, given {sorted(node.args)}")
        args = ", ".join(["b", "lang"] + [self.argument(node, name, want, node.args[name], scope) for name, want in callee.fields.items()])
        self.at_line(node)
        self.put(f"t_{node.name}({args});")
        if node.body is not None:
            before = self.html.state()
            self.body(node.body, scope)
            if self.html.state() != before:
                raise self.wrong(node, "the body of a {call} must close what it opens")
            self.put(f"t_{node.name}_end({args});")
        self.html.space = False

    def argument(self, node, name, want, operand, scope):
        if operand.filter:
            raise self.wrong(node, "an argument takes no filter")
        if operand.kind == "msg" and want.name == "msg":
            return self.key(node, operand.value).c_name
        if operand.kind == "text" and want.name == "str":
            return f"STR({c_quote(operand.value)})"
        if operand.kind in ("int", "const") and want.name in ("int", "size", "msg", "bool"):
            return operand.value
        if operand.kind == "path" and operand.value in (["true"], ["false"]) and want.name == "bool":
            return operand.value[0]
        if operand.kind != "path":
            raise self.wrong(node, f"{name!r} must be {want.name}")
        text, kind, count = self.value(node, operand, scope)
        if (kind.name, kind.array) != (want.name, want.array):
            raise self.wrong(node, f"{name!r} must be {'a list of ' * want.array}{want.name}, is {'a list of ' * kind.array}{kind.name}")
        if kind.array:
            return f"{text}, (size_t){count}"
        return text if kind.name in SCALARS or self.is_pointer else f"&{text}"

    # -- files ----------------------------------------------------------------------------

    @staticmethod
    def has_slot(template):
        return any(n.kind == "slot" for n in template.body)

    @staticmethod
    def c_type(kind, as_parameter):
        """With a space or star at its end. Structs are passed by pointer, and kept by value unless declared *struct."""
        if kind.name in SCALARS:
            base = C_TYPES[kind.name]
        elif kind.pointer or (as_parameter and not kind.array):
            base = f"const struct {kind.name} *"
        else:
            base = f"struct {kind.name} "
        if kind.array:
            return f"{base}const *" if base.endswith("*") else f"const {base}*"
        return base

    def signature(self, t):
        words = ["struct buf *b", "enum lang lang UNUSED"]
        for name, kind in t.fields.items():
            words.append(f"{self.c_type(kind, True)}{name} UNUSED")
            words += [f"size_t {kind.count} UNUSED"] if kind.array else []
        return ", ".join(words)

    def field(self, node, name, kind):
        if kind.name not in SCALARS and kind.name not in self.structs:
            raise Wrong(node.path, node.line, f"type {kind.name!r} of {name!r} is not declared")
        count = [f"    size_t {kind.count};"] if kind.array else []
        return [f"    {self.c_type(kind, False)}{name};"] + count

    def header(self, guard):
        out = [f"/* Made from the page templates. */\n#ifndef {guard}\n#define {guard}\n", '#include "web/put.h"\n', '#include "messages.h"\n']
        out += [f"struct {n};" for n in self.structs]
        for node in self.structs.values():
            lines = [line for n, k in node.fields.items() for line in self.field(node, n, k)]
            if node.kind == "struct":
                out += [f"\nstruct {node.name} {{", *lines, "};"]
        for t in self.templates.values():
            for name, kind in t.fields.items():
                self.field(t, name, kind)
            out.append(f"\n/* {t.path}:{t.line} */")
            out += [f"void t_{t.name}{end}({self.signature(t)});" for end in (("", "_end") if self.has_slot(t) else ("",))]
        return "\n".join(out) + "\n\n#endif\n"

    def template(self, t):
        self.path, self.current, self.depth = t.path, t, 1
        self.html, self.slot_state = Html(), None
        scope = Scope({n: (n, k, "." if k.name in SCALARS else "->", k.count) for n, k in t.fields.items()})
        self.lines += [f"void t_{t.name}({self.signature(t)})", "{"]
        self.body(t.body, scope)
        self.flush()
        self.lines += ["}", ""]
        if self.html.mode != "text" or self.html.pending or self.html.stack:
            left = f"<{self.html.stack[-1]}> is open" if self.html.stack else "a tag is half open"
            raise Wrong(t.path, t.line, f"at the end of {t.name!r} {left}")
        unused = sorted(set(t.fields) - scope.used)
        if unused:
            raise Wrong(t.path, t.line, f"{t.name!r} never uses {unused}")

    def source(self, headers):
        self.lines = ["/* Made from the page templates. */"] + [f'#include "{h}"' for h in headers] + [""]
        for t in self.templates.values():
            self.template(t)
        return "\n".join(self.lines) + "\n"


def message_header(messages):
    names = "\n".join(f"    {m.c_name}," for m in messages.values())
    return ("/* Made from the message catalogue. */\n#ifndef SISHI_MESSAGES_H\n#define SISHI_MESSAGES_H\n\n#include \"base/base.h\"\n\n"
            f"enum msg {{\n    M_NONE,\n{names}\n    M__COUNT\n}};\n\n"
            "/* The message in a language, with {names} where parameters stand. */\nstruct str msg_text(enum msg m, enum lang lang);\n\n#endif\n")


def message_source(messages):
    def whole(parts):
        return "".join(p if isinstance(p, str) else "{" + p.name + "}" for p in parts)
    rows = "\n".join("    [%s] = { %s }," % (m.c_name, ", ".join(f"[{LANG_C[l]}] = {c_quote(whole(m.parts[l]))}" for l in LANGUAGES))
                     for m in messages.values())
    return ("/* Made from the message catalogue. */\n#include \"messages.h\"\n\n"
            f"static const char *const texts[M__COUNT][LANG__COUNT] = {{\n    [M_NONE] = {{ \"\", \"\" }},\n{rows}\n}};\n\n"
            "struct str msg_text(enum msg m, enum lang lang)\n{\n"
            "    return m < M__COUNT && lang < LANG__COUNT ? str_of(texts[m][lang]) : STR(\"\");\n}\n")
