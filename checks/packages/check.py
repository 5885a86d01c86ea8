"""The packages in two folders: `check.py ROOT IOMMI FIRST SECOND`. limits.json says what each app may use."""
import filecmp
import http.client
import json
import os
import pathlib
import re
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from bill import problems_of_bill
from host import Host
from surroundings import settings, surround

HERE = pathlib.Path(__file__).parent
COMPANIONS = (".zip", ".sbom.cdx.json", ".licences.md")
EARLIEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ANSWER_DEADLINE_S = 10
STARTS = 5


class Findings:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, what, problems):
        if problems:
            self.failed += 1
            print(f"FAILED: {what}", *problems, sep="\n   ", flush=True)
        else:
            self.passed += 1
            print(f"ok: {what}", flush=True)

    def at_most(self, what, found, limit, unit):
        self.check(f"{what}: {found} {unit}, at most {limit}", [] if found <= limit else ["too much"])


def wrong_layout(archive, app_folder):
    """What is in the zip that does not belong, what is missing, and which attributes differ."""
    functions = sorted(path.parent.name for path in app_folder.glob("src/functions/*/function.json"))
    folders = json.loads((app_folder / "app.json").read_text()).get("files", {})
    files = {f"{name}/{path.name}": path for name, folder in folders.items() for path in (app_folder / folder).glob("[!.]*")}
    expected = sorted(["handler", "host.json", *files, *(f"{name}/function.json" for name in functions)])
    found = [entry.filename for entry in archive.infolist()]
    problems = [] if found == expected else [f"{found}, not {expected}"]
    for entry in archive.infolist():
        mode = stat.S_IMODE(entry.external_attr >> 16)
        wanted = 0o755 if entry.filename == "handler" else 0o644
        if mode != wanted:
            problems.append(f"{entry.filename} has mode {mode:o}, not {wanted:o}")
        if entry.date_time != EARLIEST_ZIP_TIME:
            problems.append(f"{entry.filename} has a time: {entry.date_time}")
    for name in functions:
        if f"{name}/function.json" in found and archive.read(f"{name}/function.json") != (app_folder / f"src/functions/{name}/function.json").read_bytes():
            problems.append(f"{name}/function.json is not the one of the sources")
    problems += [f"{name} is not the one of the sources" for name, path in files.items() if name in found and archive.read(name) != path.read_bytes()]
    started = json.loads(archive.read("host.json"))["customHandler"]["description"]["defaultExecutablePath"]
    return problems + ([] if started == "handler" else [f"host.json starts {started}"])


def unpack(archive, folder):
    for entry in archive.infolist():
        os.chmod(archive.extract(entry, folder), stat.S_IMODE(entry.external_attr >> 16))


def not_static(handler):
    headers = subprocess.run(["readelf", "--program-headers", handler], check=True, capture_output=True, text=True)
    dynamic = subprocess.run(["readelf", "--dynamic", handler], check=True, capture_output=True, text=True)
    problems = ["it names an interpreter"] if "INTERP" in headers.stdout else []
    return problems + (["it needs shared libraries"] if "(NEEDED)" in dynamic.stdout else [])


def machine_paths(root, *contents):
    home = pathlib.Path.home()
    cargo = os.environ.get("CARGO_HOME", home / ".cargo")
    places = {str(root), str(cargo), str(home / ".rustup"), os.environ.get("RUSTUP_HOME"), os.environ.get("CARGO_TARGET_DIR")} - {None}
    return [f"{name} mentions {place}" for name, content in contents for place in sorted(places) if place.encode() in content]


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_DEADLINE_S) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def health_route(folder, probe):
    bindings = json.loads((folder / "health/function.json").read_text())["bindings"]
    trigger = next(binding for binding in bindings if binding["type"] == "httpTrigger")
    return "/" + trigger["route"].replace("{probe}", probe)


def what_the_host_finds(host, folder, app_folder):
    """The package served by the host: all functions loaded, alive and ready, and its own contract at hand."""
    problems = []
    _, listed = get(f"{host.url}/admin/functions")
    functions = sorted(path.parent.name for path in folder.glob("*/function.json"))
    loaded = sorted(function["name"] for function in json.loads(listed))
    if loaded != functions:
        problems.append(f"loaded {loaded}, not {functions}")
    for name in loaded:
        status = get(f"{host.url}/admin/functions/{name}/status")[1]
        if json.loads(status) != {}:
            problems.append(f"{name}: {status.decode()}")
    for probe in ("live", "ready"):
        status, body = get(host.url + health_route(folder, probe))
        if status != 200:
            problems.append(f"{health_route(folder, probe)}: {status} {body[:300]!r}")
    route = health_route(folder, "").removesuffix("/health/") + "/openapi.yaml"
    status, contract = get(host.url + route)
    title = re.search(rb"^  title: .*$", (app_folder / "openapi.yaml").read_bytes(), re.M)[0]
    if status != 200 or title not in contract or b"../../crates/" in contract:
        problems.append(f"{route}: {status}, {len(contract)} bytes that are not the whole contract")
    return problems


def first_answer(folder, route, environment):
    """Milliseconds from exec to the handler's first answer, and KiB that are resident then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    handler = subprocess.Popen(
        [folder / "handler"], cwd=folder, stdout=subprocess.DEVNULL, env={**environment, "FUNCTIONS_CUSTOMHANDLER_PORT": str(port)}
    )
    try:
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_DEADLINE_S)
            try:
                connection.request("GET", route)
                status = connection.getresponse().status
                took_ms = (time.monotonic() - began) * 1e3
                break
            except ConnectionRefusedError:
                if time.monotonic() - began > ANSWER_DEADLINE_S or handler.poll() is not None:
                    sys.exit(f"{folder / 'handler'} did not answer within {ANSWER_DEADLINE_S} s")
                time.sleep(0.001)
            finally:
                connection.close()
        if status != 200:
            sys.exit(f"{route}: {status}")
        lines = pathlib.Path(f"/proc/{handler.pid}/status").read_text().splitlines()
        return took_ms, next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    finally:
        handler.kill()
        handler.wait()


def check_app(findings, root, iommi, package, app, limits):
    app_folder = root / "functions" / app
    bill, licences = (package / f"{app}{ending}" for ending in COMPANIONS[1:])
    zip_path = package / f"{app}.zip"
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(zip_path) as archive:
        folder = pathlib.Path(name)
        findings.check(f"{app}: host.json, handler and function folders at the root, nothing else, fixed attributes", wrong_layout(archive, app_folder))
        unpack(archive, folder)
        handler = folder / "handler"
        findings.check(f"{app} is statically linked", not_static(handler))
        findings.at_most(f"{app}, handler", handler.stat().st_size, limits["binaryBytes"], "bytes")
        findings.at_most(f"{app}, zip", zip_path.stat().st_size, limits["zipBytes"], "bytes")
        text = bill.read_text()
        invalid = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
        findings.check(f"{app}: the bill of materials is CycloneDX 1.6", [str(invalid)[:500]] if invalid else [])
        findings.check(f"{app}: bill and licences name every crate, the bill this very zip", problems_of_bill(json.loads(text), licences.read_text(), zip_path))
        mentioned = machine_paths(root, ("the bill", bill.read_bytes()), ("the list of licences", licences.read_bytes()), ("the handler", handler.read_bytes()))
        findings.check(f"{app} mentions no path of this machine", mentioned)

        environment = {**os.environ, **settings(root)["Values"]}
        starts = sorted(first_answer(folder, health_route(folder, "live"), environment) for _ in range(STARTS))
        findings.at_most(f"{app}, first answer (best of {STARTS})", round(starts[0][0], 1), limits["firstAnswerMs"], "ms")
        findings.at_most(f"{app}, memory after it", starts[0][1], limits["idleKib"], "KiB")

        functions = surround(root, folder)
        with Host(str(iommi), str(folder)) as host:
            problems = what_the_host_finds(host, folder, app_folder)
            findings.check(f"{app} runs from its package: {len(functions)} functions, alive, ready, its contract", problems)


def main():
    root, iommi, first, second = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    limits = json.loads((HERE / "limits.json").read_text())
    findings = Findings()
    apps = sorted(path.parent.name for path in root.glob("functions/*/Cargo.toml"))
    again = sorted(path.stem for path in second.glob("*.zip"))
    for folder, made in ((first, apps), (second, again)):
        expected = sorted(app + ending for app in made for ending in COMPANIONS)
        found = sorted(path.name for path in folder.iterdir())
        findings.check(f"{folder.name}: packages, bills and licences of {', '.join(made)}", [] if found == expected and made else [f"{found}"])
    different = filecmp.cmpfiles(first, second, expected, shallow=False)
    findings.check("made twice, they are the same byte for byte", [f"{name} differs" for name in different[1] + different[2]])
    for app in apps:
        check_app(findings, root, iommi, first, app, limits.get(app, limits["others"]))
    print(f"{findings.passed} passed, {findings.failed} failed")
    sys.exit(1 if findings.failed else 0)


if __name__ == "__main__":
    main()
