"""action=paraminfo: what the other modules take, told out of their declarations."""

from __future__ import annotations

from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.parameters import HIGH, LOW, Module, Parameter, many, text


def paraminfo(call: Call) -> dict[str, Any]:
    """The modules asked for; of one that does not exist, a warning."""
    from sandbox.wikibase.action import modules

    shown = []
    for path in call["modules"] or []:
        name, plus, sub = path.partition("+")
        if path == "main":
            shown.append(_main(list(modules.MODULES)))
        elif plus and name == "query" and sub in modules.QUERY:
            shown.append(_told(modules.QUERY[sub], call))
        elif path in modules.MODULES:
            shown.append(_told(modules.MODULES[path], call))
        else:
            call.warn("paraminfo", f'The module "main" does not have a submodule "{path}".')
    return {"paraminfo": {"helpformat": "none", "modules": shown}}


def _main(names: list[str]) -> dict[str, Any]:
    action = {
        "index": 1,
        "name": "action",
        "type": sorted(names),
        "default": "help",
        "submodules": {name: name for name in sorted(names)},
    }
    others = ("format", "maxlag", "assert", "assertuser", "errorformat", "formatversion", "origin")
    parameters = [action]
    parameters += [
        {"index": at, "name": name, "type": "string"} for at, name in enumerate(others, 2)
    ]
    return {**_head("main", "main", "ApiMain"), "prefix": "", "parameters": parameters}


def _head(name: str, path: str, classname: str) -> dict[str, Any]:
    return {
        "name": name,
        "classname": classname,
        "path": path,
        "source": "MediaWiki",
        "helpurls": [],
        "templatedparameters": [],
    }


def _told(module: Module, call: Call) -> dict[str, Any]:
    told = _head(module.name, module.path, f"Api{module.name.capitalize()}")
    told |= {"group": module.group, "prefix": module.prefix}
    if module.writes:
        told["writerights"] = True
    if module.posted:
        told["mustbeposted"] = True
    if module.generates:
        told["generator"] = True
    parameters = [
        _parameter(index, name, parameter, call)
        for index, (name, parameter) in enumerate(module.parameters.items(), 1)
    ]
    if module.guarded_by:
        token = {"index": len(parameters) + 1, "name": "token", "type": "string"}
        parameters.append({**token, "required": True, "tokentype": module.guarded_by})
    if module.name == "query":
        parameters = _submodules() + parameters
    return {**told, "parameters": parameters}


def _parameter(index: int, name: str, parameter: Parameter, call: Call) -> dict[str, Any]:
    choices = parameter.choices(call) if callable(parameter.choices) else parameter.choices
    told: dict[str, Any] = {
        "index": index,
        "name": name,
        "type": list(choices) if choices else parameter.kind,
    }
    if parameter.required:
        told["required"] = True
    if parameter.multi:
        told |= {"multi": True, "lowlimit": LOW, "highlimit": HIGH}
        told["limit"] = HIGH if call.high_limits else LOW
    if parameter.kind == "limit":
        told |= {"max": LOW, "highmax": HIGH, "min": 1}
    if parameter.default not in (None, False):
        default = parameter.default
        told["default"] = "|".join(default) if isinstance(default, list) else default
    return told


def _submodules() -> list[dict[str, Any]]:
    from sandbox.wikibase.action.modules import QUERY

    told = []
    for index, group in enumerate(("prop", "list", "meta"), 1):
        names = sorted(name for name, module in QUERY.items() if module.group == group)
        told.append(
            {
                "index": index,
                "name": group,
                "type": names,
                "multi": True,
                "lowlimit": LOW,
                "highlimit": HIGH,
                "limit": LOW,
                "submodules": {name: f"query+{name}" for name in names},
            }
        )
    names = sorted(name for name, module in QUERY.items() if module.generates)
    told.append(
        {
            "index": 4,
            "name": "generator",
            "type": names,
            "submodules": {name: f"query+{name}" for name in names},
        }
    )
    return told


MODULES = (Module("paraminfo", paraminfo, {"modules": many(), "helpformat": text(default="none")}),)
