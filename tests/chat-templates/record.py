#!/usr/bin/env python3
"""Records what Python's Jinja makes of chat templates, as expectations for LlamaHost's tests (Debian: python3-jinja2).

The environment is set up as transformers does it (utils/chat_template_utils.py).
Usage: tests/chat-templates/record.py            writes rendered.json and snippets-rendered.json beside this script
       tests/chat-templates/record.py FOLDER     renders all templates of another folder instead, to standard output
"""
import datetime
import json
import pathlib
import sys

import jinja2
import jinja2.ext
import jinja2.sandbox
from jinja2 import nodes

HERE = pathlib.Path(__file__).parent
NAMED = HERE.parent.parent / "src" / "LlamaHost.Chat" / "Templates" / "Named"
NOW = datetime.datetime(2026, 1, 5, 9, 7, 3)
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


class Generation(jinja2.ext.Extension):
    """{% generation %} marks the assistant's text for training; rendering passes it through."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_pass"), [], [], body).set_lineno(line)

    @staticmethod
    def _pass(caller):
        return caller()


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def render(source, variables):
    try:
        return {"text": environment().from_string(source).render(**variables)}
    except Exception as failure:
        return {"error": str(failure)}


def render_all(folder, conversations):
    return {
        path.stem: {
            one["name"]: render(path.read_text(), {
                "documents": None, **TOKENS, **one.get("variables", {}), "messages": one["messages"], "tools": one.get("tools"),
                "add_generation_prompt": one.get("add_generation_prompt", True)})
            for one in conversations}
        for path in sorted(folder.glob("*.jinja"))}


def dump(value):
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


conversations = json.loads((HERE / "conversations.json").read_text())
if len(sys.argv) > 1:
    sys.stdout.write(dump(render_all(pathlib.Path(sys.argv[1]), conversations)))
else:
    (HERE / "rendered.json").write_text(dump({**render_all(HERE / "templates", conversations), **render_all(NAMED, conversations)}))
    snippets = (HERE / "snippets.txt").read_text().split("\n====\n")
    data = json.loads((HERE / "snippets-data.json").read_text())
    (HERE / "snippets-rendered.json").write_text(dump([{"source": one, **render(one, data)} for one in snippets]))
