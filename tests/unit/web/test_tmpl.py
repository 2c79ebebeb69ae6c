#!/usr/bin/env python3
"""What must not compile as a template, and in which line it is said; one row a mistake."""
import pathlib
import subprocess
import sys
import tempfile

TMPL = pathlib.Path(sys.argv[1])
GOOD_MESSAGES = "ok\t好\tok\ncount\t共 {n}\t{n} {n?thing|things}\n"

BAD = [  # what, template, line, words of the message
    ("a value as a tag's name", "{template a  s: str}\n<{s}>\n{/template}", 2, "half-open tag"),
    ("a value inside a tag", "{template a  s: str}<p {s}>x</p>{/template}", 1, "outside an attribute"),
    ("a value as an attribute's name", "{template a  s: str}<p a{s}=\"\">x</p>{/template}", 1, "attribute's name"),
    ("an unquoted attribute", "{template a  s: str}\n\n<p title={s}>x</p>{/template}", 3, "unquoted"),
    ("an unquoted attribute without a value of ours", "{template a }<p title=x>x</p>{/template}", 1, "needs quotes"),
    ("an event handler", "{template a  s: str}\n<p onclick=\"f('{s}')\">x</p>{/template}", 2, "blocked"),
    ("an event handler of htmx", "{template a }<p hx-on:click=\"f()\">x</p>{/template}", 1, "blocked"),
    ("a style attribute", "{template a  s: str}<p style=\"color:{s}\">x</p>{/template}", 1, "blocked"),
    ("a style element", "{template a }\n<style>p{}</style>{/template}", 2, "inline style"),
    ("script code", "{template a  s: str}<script>var x = {s};</script>{/template}", 1, "code"),
    ("code in a script with src", "{template a }<script src=\"/x\">f()</script>{/template}", 1, "no code"),
    ("a value in a JSON string", "{template a  s: str}<script type=\"application/json\">\"{s}\"</script>{/template}", 1, "JSON string"),
    ("a value in a comment", "{template a  s: str}<!-- {s} -->{/template}", 1, "comment"),
    ("srcdoc", "{template a  s: str}<p srcdoc=\"{s}\">x</p>{/template}", 1, "blocked"),
    ("an iframe", "{template a }<iframe src=\"/\"></iframe>{/template}", 1, "no frames"),
    ("a base", "{template a }<base href=\"/\">{/template}", 1, "redirect"),
    ("a script URL in the template", "{template a }<a href=\"javascript:f()\">x</a>{/template}", 1, "scheme"),
    ("a scheme behind a value", "{template a  s: str}<a href=\"{s}:x\">x</a>{/template}", 1, "scheme"),
    ("a value in a refresh", "{template a  s: str}<meta http-equiv=\"refresh\" content=\"{s}\">{/template}", 1, "attribute 'content'"),
    ("the same, the other way round", "{template a  s: str}<meta content=\"{s}\" http-equiv=\"refresh\">{/template}", 1, "http-equiv"),
    ("a value in hx-vals", "{template a  s: str}<p hx-vals=\"{s}\">x</p>{/template}", 1, "hx-vals"),
    ("a value in srcset", "{template a  s: str}<img alt=\"\" srcset=\"{s}\">{/template}", 1, "srcset"),
    ("a script's type chosen at run time", "{template a  b: bool}<script{if b} type=\"application/json\"{/if}></script>{/template}", 1, "<script> tag"),
    ("ways that end in different places", "{template a  b: bool}\n{if b}<p>{/if}x</p>{/template}", 2, "different places"),
    ("a loop that leaves a tag open", "{template a  xs: [str]}\n{for x in xs}<p>{x}{/for}{/template}", 2, "different places"),
    ("an attribute glued to the next", "{template a  b: bool}<p{if b} hidden{/if}title=\"x\">x</p>{/template}", 1, "blank is missing"),
    ("an attribute twice", "{template a }<p id=\"a\" id=\"b\">x</p>{/template}", 1, "twice"),
    ("an element left open", "{template a }\n<p>x{/template}", 1, "<p> is open"),
    ("a wrong closing tag", "{template a }<p>x</div>{/template}", 1, "<p> is open"),
    ("a missing message", "{template a }\n\n{t no.such}{/template}", 3, "not in the catalogue"),
    ("a parameter missing", "{template a }{t count}{/template}", 1, "takes ['n']"),
    ("a parameter too many", "{template a  n: int}{t ok n=n}{/template}", 1, "takes nothing"),
    ("a parameter of another name", "{template a  n: int}{t count m=n}{/template}", 1, "takes ['n']"),
    ("a plural of text", "{template a  n: str}{t count n=n}{/template}", 1, "no number"),
    ("a name not declared", "{template a  s: str}{s}{x}{/template}", 1, "not declared"),
    ("a field that is not there", "{struct p  a: str}\n{template a  p: p}{p.b}{/template}", 2, "no field"),
    ("a struct as text", "{struct p  a: str}\n{template a  p: p}{p}{/template}", 2, "name a field"),
    ("a bool as text", "{template a  b: bool}{b}{/template}", 1, "no text"),
    ("a filter that does not fit", "{template a  s: str}{s|grouped}{/template}", 1, "no filter"),
    ("a loop over no list", "{template a  s: str}{for x in s}x{/for}{/template}", 1, "no list"),
    ("text compared with a number", "{template a  s: str}{if s == 1}x{/if}{/template}", 1, "text only"),
    ("a call with the wrong names", "{template b  s: str}{s}{/template}\n{template a }{call b x=\"y\"}{/template}", 2, "takes ['s']"),
    ("a call with the wrong type", "{template b  s: str}{s}{/template}\n{template a  n: int}{call b s=n}{/template}", 2, "must be str"),
    ("a call that does not exist", "{template a }{call b}{/template}", 1, "no template"),
    ("a call in an attribute", "{template b }x{/template}\n{template a }<p title=\"{call b}\">x</p>{/template}", 2, "between elements"),
    ("a body for a template without a slot", "{template b }x{/template}\n{template a }{call +b}y{/call}{/template}", 2, "no slot"),
    ("a parameter nobody uses", "{template a  s: str}x{/template}", 1, "never uses"),
    ("an icon that is not there", "{template a }{icon nothing}{/template}", 1, "not in the sprite"),
    ("an asset that is not there", "{template a }<a href=\"{asset x.css}\">x</a>{/template}", 1, "no static file"),
    ("an unknown type", "{template a  s: string}{s}{/template}", 1, "not declared"),
    ("two of one name", "{template a }x{/template}\n{template a }x{/template}", 2, "twice"),
    ("an if without end", "{template a  b: bool}\n{if b}x{/template}", 2, "missing"),
    ("text outside", "x\n{template a }x{/template}", 1, "outside"),
    ("an unknown directive", "{template a }{raw x}{/template}", 1, "unknown directive"),
]
BAD_MESSAGES = [  # what, catalogue, line, words
    ("a language missing", "ok\t好\tok\nx\t好\n", 2, "2 columns"),
    ("an empty language", "ok\t好\t \n", 1, "no text in en"),
    ("a key twice", "ok\t好\tok\nok\t好\tok\n", 2, "twice"),
    ("keys that are one in C", "a.b\t好\tok\na_b\t好\tok\n", 2, "twice"),
    ("different placeholders", "ok\t共 {n}\tok\n", 1, "zh has ['n']"),
    ("a plural in Chinese", "ok\t共 {n?一|多}\t{n}\n", 1, "no plural"),
    ("a brace left open", "ok\t共 {n\tok {n}\n", 1, "brace"),
    ("a bad key", "Ok\t好\tok\n", 1, "words and dots"),
]


def compile_one(folder, page, messages):
    (folder / "a.html").write_text(page, encoding="utf-8")
    (folder / "m.tsv").write_text(messages, encoding="utf-8")
    r = subprocess.run([sys.executable, str(TMPL), "--root", str(folder), "--messages", str(folder / "m.tsv"), "--out", str(folder),
                        str(folder / "a.html")], capture_output=True, text=True)
    return r.returncode, r.stderr.strip()


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for what, page, line, words in BAD:
            code, said = compile_one(folder, page, GOOD_MESSAGES)
            if code != 1 or not said.startswith(f"a.html:{line}: ") or words not in said:
                wrong.append(f"{what}: status {code}, wanted a.html:{line}: ...{words}..., got {said!r}")
        for what, messages, line, words in BAD_MESSAGES:
            code, said = compile_one(folder, "{template a }x{/template}", messages)
            if code != 1 or f"m.tsv:{line}: " not in said or words not in said:
                wrong.append(f"{what}: status {code}, wanted m.tsv:{line}: ...{words}..., got {said!r}")
        code, said = compile_one(folder, "{template a  n: int}<p>{t count n=n}</p>{/template}", GOOD_MESSAGES)
        if code != 0:
            wrong.append(f"a good template: {said}")
    print("\n".join(wrong) or f"tmpl: {len(BAD) + len(BAD_MESSAGES)} mistakes refused in their lines")
    return bool(wrong)


sys.exit(main())
