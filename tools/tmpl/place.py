"""Where in an HTML page a piece of template stands, and so how a value must be written there.

The machine eats the static text of a template and knows at each directive the context: text,
attribute, start of a URL, part of a URL, JSON in a script. Whatever no escaper can make safe is
refused: values in tag names, unquoted attributes, event handlers, style, comments, scripts. What
the page's Content-Security-Policy would block (inline style and script) is refused as well, and so
are elements left open."""
import re

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
REFUSED_TAGS = {"style": "inline style is blocked by the page's policy", "base": "would redirect every link",
                "iframe": "no frames", "object": "no plug-ins", "embed": "no plug-ins", "applet": "no plug-ins"}
URLS = {"href", "src", "action", "formaction", "poster", "cite", "xlink:href", "hx-get", "hx-post", "hx-put",
        "hx-delete", "hx-patch", "hx-push-url", "hx-replace-url", "data-url"}
STATIC_ONLY = {"srcset", "hx-vals", "hx-headers", "hx-trigger", "hx-ext", "hx-request", "http-equiv", "type", "rel"}
SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.\-]*):")
GOOD_SCHEMES = ("http", "https", "mailto")
RAW = {"textarea": "text", "title": "text"}
PRE = {"pre", "textarea"}


class Bad(Exception):
    pass


class Html:
    """The state is plain values, so that two branches can be compared."""

    def __init__(self):
        self.mode = "text"      # text tag_open tag attr_name attr_eq value close comment json empty_script
        self.stack = ()         # open elements
        self.tag = self.attr = self.attrs_seen = ""
        self.quote = ""         # of the attribute, or of a JSON string
        self.value = ""         # static text of the attribute so far; "\0" stands for a value
        self.pending = ""       # "<", "</" or "<!-" not yet understood
        self.gap = False        # inside a tag: a blank must come before the next attribute
        self.space = True       # white space was just written: more of it is for the reader only

    def state(self):
        told = self.attr in URLS or self.attr in STATIC_ONLY
        return (self.mode, self.stack, self.tag, self.attr, self.quote, self.value if told else "", self.pending)

    def copy(self):
        other = Html()
        other.__dict__.update(self.__dict__)
        return other

    # -- values ---------------------------------------------------------------------------

    def context(self):
        """html, url, url_part or json for a value that stands here."""
        self.space = False
        if self.mode == "text" and not self.pending:
            return "html"
        if self.mode == "value":
            return self._attribute()
        if self.mode == "json":
            if self.quote:
                raise Bad("a value inside a JSON string: leave the quotes out, the compiler writes them")
            return "json"
        places = {"comment": "a comment", "empty_script": "script code", "tag_open": "a tag name", "close": "a closing tag",
                  "attr_name": "an attribute's name", "attr_eq": "an unquoted attribute", "tag": "a tag, outside an attribute"}
        raise Bad(f"no value can stand in {places.get(self.mode, 'a half-open tag')}")

    def _attribute(self):
        if self.attr in STATIC_ONLY or (self.tag == "meta" and "http-equiv" in self.attrs_seen.split()):
            raise Bad(f"no value can stand in the attribute {self.attr!r}")
        if self.attr not in URLS:
            self.value += "\0"
            return "html"
        head = self.value
        self.value += "\0"
        return "url_part" if head else "url"

    def at_text(self, what):
        if self.mode != "text" or self.pending:
            raise Bad(f"{what} must stand between elements, not inside a tag")

    # -- static text ----------------------------------------------------------------------

    def feed(self, text):
        """Takes static text; returns what is to be written of it."""
        out = []
        for c in text:
            blank = c.isspace() and self.mode in ("text", "tag") and not self.pending and not PRE & set(self.stack)
            if not (blank and self.space):
                out.append(getattr(self, "_" + self.mode)(c))
                self.space = blank or (self.space and out[-1] == "")
        return "".join(out)

    def _text(self, c):
        raw = self.stack[-1] if self.stack and self.stack[-1] in RAW else None
        if self.pending:
            self.pending += c
            return self._opening(raw)
        if c == "<":
            self.pending = c
            return ""
        return c

    def _opening(self, raw):
        p = self.pending
        if "<!--".startswith(p) and not raw:
            if p == "<!--":
                self.mode, self.pending = "comment", ""
            return ""
        if p.lower() == "<!d" and not raw and not self.stack:
            self.mode, self.pending, self.tag, self.attrs_seen = "tag", "", "!doctype", ""
            return p
        if p == "</":
            self.mode, self.pending, self.tag = "close", "", ""
            return p
        if len(p) == 2 and p[1].isalpha() and not raw:
            self.mode, self.pending, self.tag = "tag_open", "", p[1].lower()
            self.attrs_seen = ""
            return p
        raise Bad(f"a bare '<' (write &lt;), at {p!r}")

    def _comment(self, c):
        self.pending = (self.pending + c)[-3:]
        if self.pending == "-->":
            self.mode, self.pending = "text", ""
        return ""

    def _tag_open(self, c):
        if c.isalnum() or c == "-":
            self.tag += c.lower()
            return c
        self._tag_named()
        return self._tag(c)

    def _tag_named(self):
        if self.tag in REFUSED_TAGS:
            raise Bad(f"<{self.tag}>: {REFUSED_TAGS[self.tag]}")
        self.mode = "tag"

    def fork(self):
        """A way through begins or ends here: names that are being read end."""
        if self.mode == "tag_open":
            self._tag_named()
            self.gap = True
        elif self.mode == "attr_name":
            self._attr_named()
            self.mode, self.attr, self.gap = "tag", "", True

    def _tag(self, c):
        if c.isspace():
            self.gap = False
            return " "
        if c == ">":
            return self._tag_end()
        if c == "/":
            return c
        if self.tag == "!doctype":
            return c
        if c in "\"'=<":
            raise Bad(f"{c!r} inside <{self.tag}>")
        if self.gap:
            raise Bad(f"a blank is missing before the next attribute of <{self.tag}>")
        self.mode, self.attr = "attr_name", c.lower()
        return c

    def _tag_end(self):
        seen = self.attrs_seen.split()
        self.mode, tag, self.gap = "text", self.tag, False
        if tag == "script":
            if "type=json" in seen:
                self.mode, self.quote = "json", ""
            elif "src" in seen:
                self.mode = "empty_script"
            else:
                raise Bad("<script> with code in it: only src=... or type=\"application/json\"")
        if tag not in VOID and tag != "!doctype":
            self.stack += (tag,)
        self.tag = self.attrs_seen = ""
        return ">"

    def _attr_name(self, c):
        if c.isspace() or c in ">=/":
            self._attr_named()
            if c == "=":
                self.mode = "attr_eq"
                return c
            self.mode, self.attr = "tag", ""
            return self._tag(c)
        if c in "\"'<{}":
            raise Bad(f"{c!r} in an attribute's name")
        self.attr += c.lower()
        return c

    def _attr_named(self):
        if self.attr == "style" or self.attr.startswith("on") or self.attr.startswith("hx-on") or self.attr == "srcdoc":
            raise Bad(f"attribute {self.attr!r}: inline style and script are blocked by the page's policy")
        if self.attr in self.attrs_seen.split():
            raise Bad(f"attribute {self.attr!r} stands twice")
        if self.attr == "http-equiv" and "=value" in self.attrs_seen.split():
            raise Bad("http-equiv beside a value")
        self.attrs_seen += " " + self.attr

    def _attr_eq(self, c):
        if c in "\"'":
            self.mode, self.quote, self.value = "value", c, ""
            return c
        raise Bad(f"attribute {self.attr!r} needs quotes")

    def _value(self, c):
        if c == self.quote:
            self._value_end()
            return c
        if c == "<":
            raise Bad(f"'<' in the attribute {self.attr!r}: a quote is missing, or write &lt;")
        self.value += c
        if self.attr in URLS and c == ":":
            self._scheme()
        return " " if c == "\n" else c

    def _scheme(self):
        head = re.split(r"[/?#]", self.value, maxsplit=1)[0]
        if ":" not in head:
            return
        m = SCHEME.match(head)
        if "\0" in head or not m or m[1].lower() not in GOOD_SCHEMES:
            raise Bad(f"URL in {self.attr!r} with a scheme that is not http, https or mailto")

    def _value_end(self):
        if self.tag == "script" and self.attr == "type" and self.value == "application/json":
            self.attrs_seen += " type=json"
        if "\0" in self.value:
            self.attrs_seen += " =value"
        self.mode, self.attr, self.quote, self.value, self.gap = "tag", "", "", "", True

    def _close(self, c):
        if c != ">":
            self.tag += c.lower()
            return c
        tag, self.tag = self.tag.strip(), ""
        if not self.stack or self.stack[-1] != tag:
            inner = f"<{self.stack[-1]}> is open" if self.stack else "nothing is open"
            raise Bad(f"</{tag}>, but {inner}")
        self.stack, self.mode = self.stack[:-1], "text"
        return c

    def _script_end(self, c):
        self.pending += c
        if "</script>".startswith(self.pending.lower()):
            if self.pending.lower() == "</script>":
                out, self.pending, self.mode = self.pending, "", "text"
                self.stack = self.stack[:-1]
                return out
            return ""
        raise Bad("'<' inside a script")

    def _json(self, c):
        if self.pending or (c == "<" and not self.quote):
            return self._script_end(c)
        if c == "<":
            raise Bad("'<' in a JSON string: write \\u003c")
        if c == '"' and not self.quote:
            self.quote = '"'
        elif c == "\\" and self.quote == '"':
            self.quote = '"\\'
        elif self.quote == '"\\':
            self.quote = '"'
        elif c == '"':
            self.quote = ""
        return c

    def _empty_script(self, c):
        if self.pending or c == "<":
            return self._script_end(c)
        if not c.isspace():
            raise Bad("a script with src has no code")
        return ""

