"""The JSON Schema of the declarations against real declarations and against the loader's own tables.

    check.py PROJECT_FOLDER GENERATOR FOLDER...

Accepts: every declaration of the examples, the benchmarks, the golden projects, the tests and the folders given is valid,
         and `dbwright check` accepts it, too.
Refuses: must_fail.txt names the mistakes among tests/golden/errors that the schema knows, and the exact places it
         complains about. `dbwright check` refuses these cases, too; about the other ones the schema says nothing.
Covers:  every key of the schema has a description and stands in a valid declaration.
Agrees:  keys, words, limits and kinds of values are those that stand in the loader's and the checker's sources.
"""

import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

failures = 0


def fail(text):
    global failures
    failures += 1
    print("FAILED: " + text)


# YAML 1.2 with the core schema, as the generator reads it, and by the same library: PyYAML alone reads 1.1, where `yes`
# is true.


class CoreLoader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        keys = set()
        for key, _ in node.value:
            if key.tag not in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge") or key.value in keys:
                raise yaml.constructor.ConstructorError(None, None, "a key that is twice or no text", key.start_mark)
            keys.add(key.value)
        return super().construct_mapping(node, deep)


def members_once(members):
    """An object of the schema; JSON would let the last of two members with one name win in silence."""
    names = [name for name, _ in members]
    for name in sorted({name for name in names if names.count(name) > 1}):
        fail(f"the schema has {name} twice in one object")
    return dict(members)


def resolve(kind, pattern, first):
    CoreLoader.add_implicit_resolver("tag:yaml.org,2002:" + kind, re.compile("^(?:" + pattern + ")$"), first)


resolve("merge", "<<", ["<"])
resolve("null", "~|null|Null|NULL|", ["~", "n", "N", ""])
resolve("bool", "true|True|TRUE|false|False|FALSE", list("tTfF"))
resolve("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789"))
resolve("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"))


def construct_int(loader, node):
    text = node.value
    return int(text[2:], {"0o": 8, "0x": 16}[text[:2]]) if text[:2] in ("0o", "0x") else int(text, 10)


CoreLoader.add_constructor("tag:yaml.org,2002:int", construct_int)


def read_yaml(path):
    return yaml.load(path.read_text(encoding="utf-8"), CoreLoader)


def validator_of(validator, path):
    """The schema is one of project and model files; an app's database.yaml is one entry."""
    if path.name != "database.yaml":
        return validator
    return validator.evolve(schema={**validator.schema["definitions"]["database"],
                                    "definitions": validator.schema["definitions"]})


def complaints(validator, path):
    """The places in a file that the schema complains about, as "file#/pointer"."""
    return {"/".join(["#", *(str(step) for step in error.absolute_path)]) for error in
            validator_of(validator, path).iter_errors(read_yaml(path))}


def accepts(generator, project):
    """Whether dbwright accepts the project of a folder."""
    return subprocess.run([generator, "check", "--quiet"], cwd=project, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def check_valid(validator, generator, files):
    for path in files:
        for error in validator_of(validator, path).iter_errors(read_yaml(path)):
            fail(f"{path}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
    projects = [path.parent for path in files if path.name == "dbwright.yaml"]
    for project in projects:
        if not accepts(generator, project):
            fail(f"dbwright refuses {project}")
    print(f"schemas: {len(files)} valid files of {len(projects)} projects")


def check_invalid(validator, generator, cases, listing):
    expected = {}
    for line in listing.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, *places = line.split()
            expected[name] = set(places)
            if not places or not (cases / name).is_dir():
                fail(f"{listing.name}: {name} is no case, or names no place")
    for case in sorted(cases.iterdir()):
        found = set()
        for path in sorted(case.rglob("*.yaml")):
            try:
                found |= {str(path.relative_to(case)) + place for place in complaints(validator, path)}
            except yaml.YAMLError:
                found.add(str(path.relative_to(case)))  # an editor sees that without a schema
        if found != expected.get(case.name, set()):
            fail(f"{case.name}: the schema complains about {sorted(found)}, "
                 f"not about {sorted(expected.get(case.name, set()))}")
        if case.name in expected and accepts(generator, case):
            fail(f"{case.name}: the schema complains, and dbwright does not")
    if len(expected) < 20:
        fail(f"{listing.name} has {len(expected)} cases")
    print(f"schemas: {len(expected)} invalid cases")


# Coverage: which properties of the schema the valid files use.


def properties_of(schema, place=""):
    """Every place with `properties` of the kind that names keys, with its path in the schema."""
    if isinstance(schema, dict):
        if "additionalProperties" in schema and "properties" in schema:
            yield place, schema
        for key, value in schema.items():
            if key not in ("dependencies", "allOf", "if", "then"):
                yield from properties_of(value, f"{place}/{key}")


def used_properties(root, schema, value, place, used):
    if "$ref" in schema:
        place = schema["$ref"][1:]
        schema = root["definitions"][place.split("/")[-1]]
    for i, branch in enumerate(schema.get("anyOf", [])):
        used_properties(root, branch, value, f"{place}/anyOf/{i}", used)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in schema.get("properties", {}):
                used.add((place, key))
                used_properties(root, schema["properties"][key], inner, f"{place}/properties/{key}", used)
            elif isinstance(schema.get("additionalProperties"), dict):
                used_properties(root, schema["additionalProperties"], inner, f"{place}/additionalProperties", used)
    elif isinstance(value, list) and "items" in schema:
        for inner in value:
            used_properties(root, schema["items"], inner, f"{place}/items", used)


def check_coverage(schema, files):
    used = set()
    for path in files:
        if path.name != "database.yaml":
            used_properties(schema, schema, read_yaml(path), "", used)
    for place, mapping in properties_of(schema):
        for key, value in mapping["properties"].items():
            if not value.get("description"):
                fail(f"the schema does not describe {place or '/'} {key}")
            if (place, key) not in used:
                fail(f"no valid declaration has {place or '/'} {key}: add it to tests/schemas/valid")


# The sources. Tables are read from the text: they are private to their files.


class Source:
    def __init__(self, path):
        text = path.read_text(encoding="utf-8")
        # Comments go; texts stay, with whatever they hold.
        self.text = re.sub(r'("(?:\\.|[^"\\])*")|/\*.*?\*/', lambda match: match.group(1) or " ", text, flags=re.S)
        self.name = path.name

    def words(self, name):
        """The texts of `char *const NAME[] = { "a", "b" }`."""
        found = re.findall(r"\*const\s+" + name + r"\[\w*\]\s*=\s*\{([^{}]*)\}", self.text)
        if len(found) != 1:
            fail(f"{self.name}: {len(found)} tables of texts are called {name}")
            return []
        items = [item.strip() for item in found[0].split(",") if item.strip()]
        items = [item for item in items if item != "NULL"]
        if not items or not all(re.fullmatch(r'"[a-z0-9_-]+"', item) for item in items):
            fail(f"{self.name}: the table {name} is no list of words")
        return [item.strip('"') for item in items]

    def key_tables(self):
        """The rows of `ir_keys NAME = { KNOWN, COUNT, LATER, COUNT }`: {NAME: [(known, later), ...]}."""
        tables = {}
        for name, body in re.findall(r"\bir_keys\s+(\w+)(?:\[\w*\])?\s*=\s*(\{.*?\});", self.text, flags=re.S):
            rows = re.findall(r"\{\s*(\w+)\s*,\s*[^,{}]+,\s*(\w+)\s*,\s*[^,{}]+,\s*\w+\s*,\s*[^,{}]+\}", body)
            if not rows or name in tables:
                fail(f"{self.name}: the keys {name} cannot be read")
            tables[name] = [(self.words(known), [] if later == "NULL" else self.words(later))
                            for known, later in rows]
        return tables

    def calls(self, function):
        """The arguments of each call of a function."""
        for match in re.finditer(r"\b" + function + r"\(", self.text):
            depth, arguments, text = 0, [], ""
            for token in re.findall(r'"(?:\\.|[^"\\])*"|.', self.text[match.end():], flags=re.S):
                if token == ")" and depth == 0:
                    break
                depth += (token in "([{") - (token in ")]}") if len(token) == 1 else 0
                if token == "," and depth == 0:
                    arguments.append(text.strip())
                    text = ""
                else:
                    text += token
            yield [*arguments, text.strip()]


def same(what, ours, theirs):
    if set(ours) != set(theirs) or len(theirs) == 0:
        fail(f"{what}: only in the schema {sorted(set(ours) - set(theirs))}, "
             f"only in the source {sorted(set(theirs) - set(ours))}")


def relation_keys(schema, kind):
    kinds = {"belongs_to", "has_many", "has_one"}
    relation = schema["definitions"]["relation"]
    return {key for key in relation["properties"]
            if (key == kind or key not in kinds) and relation["dependencies"].get(key, [kind]) == [kind]}


def check_keys(schema, sources):
    definitions = schema["definitions"]

    def keys(name):
        return set(definitions[name]["properties"])

    needs_project = (["project"], {"$ref": "#/definitions/with_project_or_alone"})
    project_only = {key for key, needs in schema["dependencies"].items() if needs in needs_project} | {"project"}
    field = definitions["field"]["properties"]
    engines = keys("fragment")
    # What the schema has for each table of the loader; a table that is not here is a failure.
    expected = {
        ("load_project.c", "project_keys"): [set(schema["properties"])],
        ("load_project.c", "file_keys"): [set(schema["properties"]) - project_only],
        ("load_schema.c", "schema_keys"): [keys("schema")],
        ("load_model.c", "model_keys"): [keys("model")],
        ("load_mixin.c", "mixin_keys"): [keys("mixin")],
        ("load_field.c", "field_keys"): [keys("field")],
        ("load_field.c", "keys"): [set(field["default"]["properties"])],
        ("load_relation.c", "kind_keys"): [relation_keys(schema, kind)
                                           for kind in ("belongs_to", "has_many", "has_one")],
        ("load_index.c", "index_keys"): [keys("index")],
        ("load_index.c", "part_keys"): [keys("index_part")],
        ("load_index.c", "check_keys"): [keys("check") - engines],
        ("load_fragment.c", "keys"): [engines],
    }
    same("the engines of sql_type", field["sql_type"]["properties"], engines)
    same("the engines of a check", keys("check") & engines, engines)
    found = {}
    for source in sources.values():
        tables = source.key_tables()
        found.update({(source.name, name): rows for name, rows in tables.items()})
        if source.name == "load_value.c":
            continue
        for arguments in source.calls("ir__load_keys"):
            name = re.match(r"&(\w+)", arguments[2])
            if name is None or name.group(1) not in tables:
                fail(f"{source.name}: ir__load_keys() is called with {arguments[2]}, which is no table")
        if "dbw_yaml_check_keys" in source.text:
            fail(f"{source.name} checks keys without a table")
    same("the tables of keys", {f"{file} {name}" for file, name in expected},
         {f"{file} {name}" for file, name in found})
    for place, rows in found.items():
        ours = expected.get(place, [])
        if len(ours) != len(rows):
            fail(f"{place[0]}: {place[1]} has {len(rows)} rows")
        for mine, (known, later) in zip(ours, rows):
            same(f"keys of {place[0]} {place[1]}", mine, known)
            if mine & set(later):
                fail(f"the schema has {sorted(mine & set(later))}, which {place[0]} does not support yet")


def check_words(schema, sources):
    definitions = schema["definitions"]
    expected = {
        ("load_schema.c", "names"): definitions["engine"]["enum"],
        ("load_schema.c", "storages"): definitions["storage"]["enum"],
        ("load_field.c", "choices"): definitions["storage"]["enum"],
        ("load_field.c", "loads"): definitions["field"]["properties"]["load"]["enum"],
        ("load_relation.c", "choices"): definitions["action"]["enum"],
        ("load_index.c", "orders"): definitions["index_part"]["properties"]["order"]["enum"],
        ("load_index.c", "places"): definitions["index_part"]["properties"]["nulls"]["enum"],
    }
    found = {(source.name, arguments[3]) for source in sources.values() if source.name != "load_value.c"
             for arguments in source.calls("ir__load_choice")}
    same("the tables of words", {f"{file} {name}" for file, name in expected},
         {f"{file} {name}" for file, name in found})
    for (file, name), words in expected.items():
        same(f"words of {file} {name}", words, sources[file].words(name))


def check_kinds(schema, sources):
    """Which function reads a key says what kind of value it has."""
    readers = {
        "ir__get_bool": ("a truth value", lambda value: value.get("type") == "boolean"),
        "ir__get_name": ("a name", lambda value: value.get("$ref") == "#/definitions/name"),
        "ir__get_text": ("text", lambda value: value.get("type") == "string"),
    }
    definitions = {name: value.get("properties", {}) for name, value in schema["definitions"].items()}
    of_file = {
        "load_project.c": [schema["properties"]],
        "load_schema.c": [definitions["schema"]],
        "load_model.c": [definitions["model"]],
        "load_field.c": [definitions["field"]],
        "load_relation.c": [definitions["relation"]],
        "load_index.c": [definitions["index"], definitions["index_part"], definitions["check"]],
    }
    count = 0
    for source in sources.values():
        for reader, (kind, right) in readers.items():
            for arguments in source.calls(reader) if source.name != "load_value.c" else []:
                key = arguments[2].strip('"')
                places = [place[key] for place in of_file.get(source.name, []) if key in place]
                count += 1
                if not places or not all(right(place) for place in places):
                    fail(f'{source.name} reads "{key}" as {kind}; the schema does not')
    if count < 30:
        fail(f"only {count} readers of single values were found")


def check_entry_keys(schema, table, reader):
    """The keys of a database: the table of config/entries, and the words that config/files reads besides."""
    definitions = {name: value.get("properties", {}) for name, value in schema["definitions"].items()}
    limits = {"HOUR_MS": 3600000, "DAY_MS": 86400000, "INT64_C(30) * DAY_MS": 30 * 86400000,
              "-INT32_MAX": 1 - 2 ** 31, "INT32_MAX": 2 ** 31 - 1, "INT64_C(1) << 40": 2 ** 40}
    rows = re.search(r"\bdbw__keys\[\]\s*=\s*\{(.*?)\n\};", table.text, flags=re.S).group(1)
    found, blocks, entry_only = [], {"pool": [], "security": []}, {"provider"}
    for macro, text in re.findall(r"\b(ENTRY_|PLACE_|POOL_|SQLITE_|SECURITY_|SERVER_)\(([^()]*(?:\([^()]*\)[^()]*)*)\)", rows):
        items = [item.strip() for item in text.split(",")]
        name = items[0].strip('"')
        found.append(name)
        least_most, words = None, None
        if macro == "ENTRY_":
            entry_only.add(name)
        if macro in ("POOL_", "SECURITY_"):
            blocks["pool" if macro == "POOL_" else "security"].append(items[1].strip('"'))
        if macro == "POOL_":
            least_most = items[2:4]
        if macro == "SQLITE_" and items[1] == "DBW__KEY_INT":
            least_most = items[2:4]
        if macro == "SERVER_" and items[1] == "DBW__KEY_INT":
            least_most = ["0", items[2]]
        if macro == "SERVER_" and items[3] != "NULL":
            words = items[3]
        if macro == "SQLITE_" and items[4] != "NULL":
            words = items[4]
        if macro == "SECURITY_" and items[3] != "NULL":
            words = items[3]
        check_key(definitions["database"].get(name, {}), name, least_most, words, limits, table)
    for row in re.findall(r"\{\s*\.name = (.*?)\}", rows, flags=re.S):
        name = re.match(r'"(\w+)"', row).group(1)
        found.append(name)
        least, most = re.search(r"\.least = ([^,}]+)", row), re.search(r"\.most = ([^,}]+)", row)
        words = re.search(r"\.words = (\w+)", row)
        check_key(definitions["database"].get(name, {}), name,
                  most and [least.group(1) if least else "0", most.group(1).strip()], words and words.group(1), limits, table)
    same("keys of an entry", definitions["database"], found + reader.words("entry_keys"))
    same("keys of settings", definitions["settings"], set(found) - entry_only | set(reader.words("blocks")))
    for block, names in blocks.items():
        same(f"keys of {block}", definitions[block], names)
    ours = set(definitions["database"]) & set(reader.words("later_keys"))
    if ours:
        fail(f"the schema has {sorted(ours)}, which read_entry.c does not support yet")


def check_key(ours, name, least_most, words, limits, table):
    if words is not None:
        enum = [word for branch in ours.get("anyOf", []) for word in branch.get("enum", [])]
        same(f"words of the key {name}", enum, [word for word in table.words(words) if word is not None])
    if least_most is not None:
        theirs = [limits[item] if item in limits else int(item) for item in least_most]
        if [ours.get("minimum"), ours.get("maximum")] != theirs:
            fail(f"the key {name} goes from {theirs[0]} to {theirs[1]}")


def check_types(schema, source):
    field = schema["definitions"]["field"]
    names = source.words("names")
    for what in (field, field["properties"]["type"]):
        same("types in a pattern", re.findall(r"[a-z]+[0-9]*", re.sub(r"\[[^]]*\]", "", what["pattern"])), names)
        same("types in examples", [example.split("(")[0] for example in what["examples"]], names)
        same("types in a message", re.findall(r"[a-z]+[0-9]*", what["patternErrorMessage"].split(" are ")[1].split(". A")[0]
                                              .replace("(p,s)", "").replace("(n)", "").replace("(a, b)", "")
                                              .replace(" and ", " , ").replace(" or ", " , ")), names)
        for example in what["examples"]:
            for text in (example, example + "?"):
                if not re.search(what["pattern"], text):
                    fail(f'the pattern of types does not match its example "{text}"')
            for text in (example + "[]", example + "x", "x" + example, example + "??"):
                if re.search(what["pattern"], text):
                    fail(f'the pattern of types matches "{text}"')


def check_limits(schema, sources, types, name_header):
    definitions = schema["definitions"]
    field = definitions["field"]["properties"]

    def constant(text, name):
        found = re.search(r"\b" + name + r"\s*=?\s*([0-9]+)\b", text)
        return int(found.group(1)) if found else fail(f"there is no {name}")

    theirs = {
        "length": [[1, constant(types, "LENGTH_MAX")]],
        "precision": [[1, constant(types, "DIGITS_MAX")]],
        "scale": [[0, constant(types, "DIGITS_MAX")]],
    }
    for name, limits in theirs.items():
        ours = field[name]
        if [[ours["minimum"], ours["maximum"]]] != limits:
            fail(f"{name} goes from {limits}")
    most = constant(name_header, "IR_NAME_MAX") or 0
    pattern = definitions["name"]["pattern"]
    if not re.search(pattern, "a" * most) or re.search(pattern, "a" * (most + 1)):
        fail(f"a name has at most {most} bytes")


def main():
    root, generator = pathlib.Path(sys.argv[1]), sys.argv[2]
    text = (root / "schemas/dbwright.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text, object_pairs_hook=members_once)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    valid = []
    for folder in ("examples", "bench", "tests/golden/generate", "tests/compile_fail", "tests/filters", "tests/generated",
                   "tests/package/consumer", "tests/programs", "tests/schemas/valid", *sys.argv[3:]):
        found = [path for path in sorted((root / folder).rglob("*.yaml")) if "expected" not in path.parts]
        if not found:
            fail(f"there are no declarations in {folder}")
        valid += found
    check_valid(validator, generator, valid)
    check_invalid(validator, generator, root / "tests/golden/errors", root / "tests/schemas/must_fail.txt")
    check_coverage(schema, valid)
    loader = {path.name: Source(path) for path in sorted((root / "generator/load").glob("*.c"))}
    check_keys(schema, loader)
    check_words(schema, loader)
    check_kinds(schema, loader)
    check_entry_keys(schema, Source(root / "config/entries/keys.c"), Source(root / "config/files/read_entry.c"))
    check_types(schema, Source(root / "generator/model/type.c"))
    check_limits(schema, loader, Source(root / "generator/check/check_types.c").text,
                 Source(root / "generator/model/include/model/name.h").text)
    print(f"schemas: {failures} failures")
    return 1 if failures else 0


sys.exit(main())
