# SPDX-License-Identifier: Apache-2.0
"""Loads generated Python modules, and finds in a generated file what the contract's own type is called."""
import importlib.util
import re
import sys

PYTHON_NAME = re.compile(r"^(?:class (\w+)|(\w+) = )", re.MULTILINE)
TYPESCRIPT_NAME = re.compile(r"^export (?:interface|type) (\w+)", re.MULTILINE)


def root_name(pattern, text):
    """The last name that the file defines at its top level: definitions stand in front of what uses them."""
    names = [next(filter(None, groups)) for groups in re.findall(pattern, text)] if pattern.groups > 1 else pattern.findall(text)
    return names[-1] if names else None


def load_root(path, module_name):
    """Imports the file; the module, and the type of the contract."""
    spec = importlib.util.spec_from_file_location(module_name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # Annotations are evaluated late, in the module of that name.
    spec.loader.exec_module(module)
    return getattr(module, root_name(PYTHON_NAME, path.read_text()))
