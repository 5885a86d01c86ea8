"""The steps of the pipelines, run against an Azure, a Terraform and a cargo that only pretend."""
import contextlib
import hashlib
import http.server
import importlib.util
import io
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE / "samples"
DEADLINE_S = 60
ROOT = HERE.parent.parent


def module(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"pipelines/steps/{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


class Steps(unittest.TestCase):
    """A copy of the repository's parts that steps read and write, and an empty Azure."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.root = self.folder / "checkout"
        shutil.copytree(ROOT / "pipelines", self.root / "pipelines")
        (self.root / "terraform/environments").mkdir(parents=True)
        shutil.copy(ROOT / "terraform/objectives.json", self.root / "terraform")
        for found in (path for app in ("profiles", "legacy", "accounts") for path in (ROOT / f"functions/{app}/src").glob("**/function.json")):
            copy = self.root / found.relative_to(ROOT)
            copy.parent.mkdir(parents=True)
            shutil.copy(found, copy)
        self.azure = self.folder / "azure"
        self.azure.mkdir()

    def step(self, name, *arguments, code=0, **environment):
        path = f"{HERE / 'pretended'}:{os.environ['PATH']}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BUILD_", "SYSTEM_", "TF_", "ARM_", "AZURESUBSCRIPTION_"))}
        done = subprocess.run(
            [self.root / "pipelines/steps" / name, *map(str, arguments)], capture_output=True, text=True, timeout=DEADLINE_S,
            env={**kept, "PATH": path, "PRETENDED": str(self.azure), "STATE_ACCOUNT": "ststate", "SETTINGS_WAIT_S": "0", "SYNC_PAUSE_S": "0", **environment},
        )
        self.assertEqual(done.returncode, code, f"{name}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def package(self, text):
        path = self.folder / f"{text}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            # With a fixed time: the same text is the same package.
            archive.writestr(zipfile.ZipInfo("health/function.json"), text)
            archive.writestr(zipfile.ZipInfo("host.json"), '{"customHandler": {"description": {"defaultExecutablePath": "handler"}}}')
            settings = [{"name": "LOG_LEVEL", "required": True}, {"name": "MAX_CHECKING", "required": False}]
            archive.writestr(zipfile.ZipInfo("handler"), f"#!/bin/sh\necho '{json.dumps({'settings': settings})}'\n")
        return path

    def running(self):
        return (self.azure / "sites/func-pretended").read_bytes()

    def noted(self):
        return (self.azure / "blobs/deployed-staging/staging/eastus2/profiles").read_text().split()


class Releases(Steps):
    place = ("profiles", "staging", "eastus2")

    def deploy(self, package, build="1", **more):
        return self.step("deploy.sh", *self.place, package, BUILD_BUILDID=build, **more)

    def test_a_package_is_deployed_kept_and_noted(self):
        package = self.package("one")
        self.deploy(package)
        sha = hashlib.sha256(package.read_bytes()).hexdigest()
        self.assertEqual(self.running(), package.read_bytes())
        self.assertEqual((self.azure / f"blobs/releases/packages/profiles/{sha}.zip").read_bytes(), package.read_bytes())
        self.assertEqual(self.noted(), [sha, "none", "1", "finished"])

    def test_the_same_bytes_are_not_deployed_again(self):
        self.deploy(self.package("one"))
        self.assertIn("already", self.deploy(self.package("one"), "2"))
        self.assertEqual((self.azure / "calls").read_text().count("config-zip"), 1)

    def test_a_roll_back_brings_the_package_before_and_never_the_bad_one_again(self):
        one, two = self.package("one"), self.package("two")
        self.deploy(one)
        self.deploy(two, "2")
        self.step("roll-back.sh", *self.place, BUILD_BUILDID="2")
        self.assertEqual(self.running(), one.read_bytes())
        self.assertIn("no package before", self.step("roll-back.sh", *self.place, code=1))
        self.assertEqual(self.running(), one.read_bytes())

    def test_a_run_that_deployed_nothing_rolls_nothing_back(self):
        self.deploy(self.package("one"))
        self.deploy(self.package("two"), "2")
        self.assertIn("not deployed by this run", self.step("roll-back.sh", *self.place, BUILD_BUILDID="3"))
        self.assertEqual(self.running(), self.package("two").read_bytes())

    def test_a_deployment_that_broke_off_is_rolled_back_or_done_again(self):
        one, two = self.package("one"), self.package("two")
        self.deploy(one)
        broken = {"BUILD_BUILDID": "2", "PRETEND_BROKEN_DEPLOYMENT": "yes"}
        self.step("deploy.sh", *self.place, two, code=1, **broken)
        self.deploy(two, "2")
        self.assertEqual(self.running(), two.read_bytes())
        self.step("roll-back.sh", *self.place, BUILD_BUILDID="2")
        self.assertEqual(self.running(), one.read_bytes())

    def test_what_only_began_is_nothing_to_go_back_to(self):
        self.deploy(self.package("one"))
        self.step("deploy.sh", *self.place, self.package("two"), code=1, BUILD_BUILDID="2", PRETEND_BROKEN_DEPLOYMENT="yes")
        self.deploy(self.package("three"), "3")
        self.step("roll-back.sh", *self.place, BUILD_BUILDID="3")
        self.assertEqual(self.running(), self.package("one").read_bytes())

    def test_a_package_that_was_altered_in_the_store_is_not_put_back(self):
        self.deploy(self.package("one"))
        self.deploy(self.package("two"), "2")
        before = self.noted()[1]
        (self.azure / f"blobs/releases/packages/profiles/{before}.zip").write_text("something else")
        self.step("roll-back.sh", *self.place, code=1)
        self.assertEqual(self.running(), self.package("two").read_bytes())

    def released(self, package):
        return self.step("released.sh", "profiles", package, "staging", "eastus2", "westeurope")

    def test_what_every_region_has_already_is_no_release(self):
        package = self.package("one")
        self.assertIn("isOutput=true]true", self.released(package))
        self.deploy(package)
        self.assertIn("isOutput=true]true", self.released(package), "one region lacks it")
        self.step("deploy.sh", "profiles", "staging", "westeurope", package, BUILD_BUILDID="1")
        self.assertIn("isOutput=true]false", self.released(package))
        self.assertIn("isOutput=true]true", self.released(self.package("two")))

    def test_what_is_only_planned_stops_before_production_and_is_named(self):
        self.assertIn("releasable;isOutput=true]true", self.step("releasable.sh", "orders"))
        refused = self.step("releasable.sh", "bakery")
        self.assertIn("releasable;isOutput=true]false", refused)
        self.assertIn("bakery stops before production", refused)

    def test_the_platform_is_told_of_triggers_after_each_package_and_again_if_it_did_not_hear(self):
        one, two = self.package("one"), self.package("two")
        self.deploy(one)
        self.assertEqual((self.azure / "synchronised").read_bytes(), one.read_bytes())
        (self.azure / "sync-fails").touch()
        self.deploy(two, "2")
        self.assertEqual((self.azure / "synchronised").read_bytes(), two.read_bytes())
        self.step("roll-back.sh", *self.place, BUILD_BUILDID="2")
        self.assertEqual((self.azure / "synchronised").read_bytes(), one.read_bytes())

    def test_a_package_is_not_brought_before_its_settings(self):
        said = self.step("deploy.sh", *self.place, self.package("one"), code=1, PRETEND_SETTINGS="CONTINUATION_KEY")
        self.assertIn("lacks LOG_LEVEL: apply terraform/ first", said)
        self.assertFalse((self.azure / "sites").exists())

    def test_a_host_that_was_given_a_storage_key_gets_no_package(self):
        said = self.step("deploy.sh", *self.place, self.package("one"), code=1, PRETEND_SETTINGS="LOG_LEVEL,AzureWebJobsStorage")
        self.assertIn("wins over the identity", said)

    def test_an_app_that_is_not_there_is_named(self):
        said = self.step("deploy.sh", *self.place, self.package("one"), code=1, PRETEND_MISSING="Microsoft.Web/sites")
        self.assertIn("expected exactly one function app profiles in staging, eastus2", said)


class Deployments(Steps):
    """What is written down of deployments, in a repository that several pipelines push to."""

    place = ("production", "eastus2")

    def setUp(self):
        super().setUp()
        self.remote = self.folder / "remote.git"
        self.git("init", "--bare", "--initial-branch", "main", self.remote, at=self.folder)
        self.git("init", "--initial-branch", "main")
        self.git("add", "--all")
        self.git("commit", "--message", "All")
        self.git("remote", "add", "origin", self.remote)
        self.git("push", "origin", "main")

    def git(self, *words, at=None):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", "-C", at or self.root, *identity, *words], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def record(self, what, app="profiles", run="1", **more):
        return self.step("record_deployment.py", app, *self.place, what, BUILD_BUILDID=run, **more)

    def lines(self):
        return [json.loads(line) for line in self.git("show", "deployments:deployments.jsonl", at=self.remote).splitlines()]

    def tags(self):
        return self.git("tag", "--list", at=self.remote).split()

    def test_what_begins_and_how_it_ends_are_two_lines_with_one_start(self):
        self.record("begun")
        self.record("succeeded")
        begun, ended = self.lines()
        sha = self.git("rev-parse", "main")
        self.assertEqual((begun["app"], begun["environment"], begun["region"], begun["sha"]), ("profiles", *self.place, sha))
        self.assertNotIn("result", begun)
        self.assertEqual((ended["started"], ended["result"]), (begun["started"], "succeeded"))
        self.assertIn("finished", ended)

    def test_main_and_the_checkout_stay_as_they_are(self):
        before = self.git("rev-parse", "main", at=self.remote)
        self.record("begun")
        self.assertEqual(self.git("rev-parse", "main", at=self.remote), before)
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.assertEqual(self.git("ls-tree", "--name-only", "deployments", at=self.remote), "deployments.jsonl")

    def test_what_production_has_is_tagged_once_and_what_failed_is_not(self):
        self.record("failed")
        self.assertEqual(self.tags(), [])
        self.record("succeeded")
        self.record("succeeded", run="2")
        [tag] = self.tags()
        self.assertRegex(tag, r"^released/profiles/\d{8}T\d{6}Z$")
        self.assertEqual(self.git("rev-parse", tag, at=self.remote), self.git("rev-parse", "main"))
        self.place = ("dev", "westeurope")
        self.record("succeeded", app="legacy")
        self.assertEqual(self.tags(), [tag])

    def test_pipelines_that_write_at_once_lose_no_line(self):
        apps = [f"app-{number}" for number in range(6)]
        threads = [threading.Thread(target=self.record, args=("begun", app)) for app in apps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE_S)
        self.assertEqual(sorted(line["app"] for line in self.lines()), apps)
        self.assertEqual(self.git("rev-list", "--count", "deployments", at=self.remote), str(len(apps)))

    def test_who_may_not_push_is_told_the_line(self):
        hook = self.remote / "hooks/pre-receive"
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
        module_text = (self.root / "pipelines/steps/record_deployment.py").read_text()
        (self.root / "pipelines/steps/record_deployment.py").write_text(module_text.replace("TRIES = 12", "TRIES = 2"))
        said = self.record("begun", code=1)
        self.assertIn("may this run push to the branch deployments?", said)
        self.assertIn('"app": "profiles"', said)


class SmokeTest(Steps):
    def smoke(self, app, **more):
        return self.step("smoke-test.sh", app, "staging", "eastus2", self.package("one"), SMOKE_DEADLINE_S="0", **more)

    def test_the_gateway_of_the_region_is_asked_for_what_the_function_says(self):
        self.smoke("profiles")
        asked = (self.azure / "curls").read_text()
        self.assertIn("https://apim-pretended.azure-api.net/v1/health/ready", asked)
        self.assertIn("X-Azure-FDID: 00000000-0000-0000-0000-00000000000f", asked)

    def test_so_it_is_for_an_app_whose_paths_begin_with_its_name(self):
        self.smoke("accounts")
        self.assertIn("https://apim-pretended.azure-api.net/accounts/v1/health/ready", (self.azure / "curls").read_text())

    def test_an_app_behind_sign_in_is_asked_by_the_front_door(self):
        self.smoke("legacy")
        self.assertIn("https://api.pretended.example.com/ops/v1/health/ready", (self.azure / "curls").read_text())

    def test_an_app_that_is_not_ready_or_lacks_a_function_fails(self):
        self.assertIn("FAILED", self.smoke("profiles", PRETEND_CURL="22", code=1))
        self.assertIn("FAILED", self.smoke("profiles", PRETEND_FUNCTIONS="func-pretended/other", code=1))


class BurnGate(Steps):
    def test_each_sample_is_judged_as_it_says(self):
        for name, case in json.loads((SAMPLES / "burn.json").read_text()).items():
            with self.subTest(name):
                file = self.folder / "samples.json"
                file.write_text(json.dumps(case["samples"]))
                said = self.step("burn_gate.py", "--samples", file, code=1 if case["verdict"] == "stop" else 0)
                self.assertTrue(said.startswith(case["verdict"]), said)

    def test_the_gate_finds_app_and_workspace_and_stops_a_bad_release(self):
        bad = json.dumps([{"minute": 0, "total": 100, "failed": 50}])
        self.assertIn("stop", self.step("burn-gate.sh", "profiles", "staging", "eastus2", "0", code=1, PRETEND_SAMPLES=bad))
        self.assertIn("AppRoleName =~ 'func-pretended'", (self.azure / "calls").read_text())

    def test_an_app_is_held_to_what_it_promises(self):
        gate = module("burn_gate")
        self.assertEqual([gate.promised(app) for app in ("profiles", "legacy", "")], [99.9, 99.5, 99.9])

    def watch(self, answers):
        gate, now = module("burn_gate"), [0.0]
        asked = iter(answers)

        def ask(*_):
            answer = next(asked)
            if isinstance(answer, Exception):
                raise answer
            return answer

        class Clock:
            strftime, gmtime = time.strftime, time.gmtime
            time = staticmethod(lambda: now[0])

            @staticmethod
            def sleep(seconds):
                now[0] += seconds

        gate.ask, gate.time = ask, Clock
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return gate.watch("workspace", "role", 15, 99.9)[0], now[0]

    def test_the_gate_watches_to_the_end_and_until_telemetry_has_come(self):
        good = [{"minute": 0, "total": 1000, "failed": 0}]
        self.assertEqual(self.watch([good] * 100), ("go on", (15 + 4) * 60))

    def test_the_gate_stops_at_once_and_when_nobody_can_see(self):
        good, bad = [{"minute": 0, "total": 1000, "failed": 0}], [{"minute": 1, "total": 1000, "failed": 99}]
        self.assertEqual(self.watch([good, bad]), ("stop", 60))
        blind = ValueError("no answer")
        self.assertEqual(self.watch([blind] * 5)[0], "stop")
        self.assertEqual(self.watch([*[blind] * 4, *[good] * 100])[0], "go on")


class LoadTest(Steps):
    def serve(self, status, pause_s=0.0):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                time.sleep(pause_s)
                self.send_response(status(self.path))
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def load(self, url, code, *more):
        said = self.step("load-test.sh", "profiles", "--url", url, "--rate", 50, "--seconds", 1, *more, code=code)
        return json.loads(said)

    def test_good_answers_pass(self):
        report = self.load(self.serve(lambda _: 200), 0)
        self.assertEqual((report["asked"], report["failed"], report["statuses"]), (50, 0, {"200": 50}))

    def test_errors_slowness_and_silence_do_not(self):
        ready_fails = self.serve(lambda path: 503 if path.endswith("ready") else 200)
        self.assertEqual(self.load(ready_fails, 1)["statuses"]["503"], 13)
        self.assertGreater(self.load(self.serve(lambda _: 200, 0.2), 1, "--max-p95-ms", 100)["p95Ms"], 200)
        self.assertEqual(self.load("http://127.0.0.1:1", 1)["failed"], 50)

    def test_what_the_firewall_refuses_was_not_served(self):
        self.assertEqual(self.load(self.serve(lambda _: 403), 1)["failed"], 50)
        self.assertEqual(self.load(self.serve(lambda _: 429), 1)["failed"], 50)


class Infrastructure(Steps):
    def plan(self, plan, *more, code=0):
        return self.step("plan.sh", "staging", self.folder / "plan", *more, code=code, PRETEND_PLAN=str(plan))

    def nothing(self):
        file = self.folder / "nothing.json"
        file.write_text("{}")
        return file

    def test_the_summary_tells_what_is_lost_first_and_no_values(self):
        command = [ROOT / "pipelines/steps/plan_summary.py", "production"]
        done = subprocess.run(command, input=(SAMPLES / "plan.json").read_text(), capture_output=True, text=True)
        self.assertEqual(done.stdout, (SAMPLES / "plan.md").read_text())
        self.assertNotIn("secret-value", done.stdout)

    def test_who_reads_a_plan_is_told_of_captures_that_azure_will_try_out(self):
        def hub(actions, **after):
            return {"address": "azurerm_eventhub.cake", "type": "azurerm_eventhub", "change": {"actions": actions, "before": {}, "after": after}}

        summary = module("plan_summary").summary
        captured = {"capture_description": [{"enabled": True}]}
        self.assertIn("tries out the capture of `azurerm_eventhub.cake`", summary("staging", {"resource_changes": [hub(["update"], **captured)]}))
        for harmless in (hub(["no-op"], **captured), hub(["create"], **captured), hub(["update"], capture_description=[])):
            self.assertNotIn("tries out", summary("staging", {"resource_changes": [harmless]}))

    def test_a_plan_is_kept_and_exactly_that_plan_applied(self):
        self.assertIn("variable=changes;isOutput=true]true", self.plan(SAMPLES / "plan.json"))
        kept = self.folder / "plan/plan.tfplan"
        self.assertTrue(kept.is_file())
        self.step("apply.sh", "staging", self.folder / "plan")
        self.assertIn(f"staging: apply -no-color {kept}", (self.azure / "terraforms").read_text())

    def test_nothing_to_change_is_nothing_to_approve(self):
        self.assertIn("variable=changes;isOutput=true]false", self.plan(self.nothing()))

    def test_who_may_only_read_keeps_no_plan_and_takes_no_lock(self):
        self.plan(SAMPLES / "plan.json", "--read-only")
        self.assertFalse((self.folder / "plan/plan.tfplan").exists())
        self.assertIn("-lock=false", (self.azure / "terraforms").read_text())

    def test_a_plan_for_review_asks_azure_nothing_and_drift_does(self):
        self.plan(SAMPLES / "plan.json", "--for-review")
        self.assertIn("-lock=false -refresh=false", (self.azure / "terraforms").read_text())
        self.assertFalse((self.folder / "plan/plan.tfplan").exists())
        (self.azure / "terraforms").unlink()
        self.step("drift.sh", "staging", PRETEND_PLAN=str(self.nothing()))
        self.assertNotIn("-refresh=false", (self.azure / "terraforms").read_text())
        self.plan(SAMPLES / "plan.json", "--readonly", code=2)

    def test_a_plan_that_deletes_data_cannot_be_approved_where_it_is_locked(self):
        plan = json.loads((SAMPLES / "plan.json").read_text())
        plan["resource_changes"][2]["type"] = "azurerm_cosmosdb_sql_container"
        file = self.folder / "locked.json"
        file.write_text(json.dumps({**plan, "variables": {"locked": {"value": True}}}))
        self.assertIn("this plan deletes module.b.azurerm_cosmosdb_sql_container", self.plan(file, code=3))
        self.assertFalse((self.folder / "plan/plan.tfplan").exists())
        file.write_text(json.dumps({**plan, "variables": {"locked": {"value": False}}}))
        self.plan(file)
        self.assertTrue((self.folder / "plan/plan.tfplan").exists())

    def test_each_environment_has_its_own_state_and_tokens_that_last(self):
        connection = {
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "connection", "servicePrincipalId": "client", "tenantId": "tenant",
            "SYSTEM_OIDCREQUESTURI": "https://dev.example.com/oidc",
        }
        self.assertIn("SYSTEM_ACCESSTOKEN", self.step("plan.sh", "staging", self.folder / "plan", code=1, PRETEND_PLAN=str(self.nothing()), **connection))
        self.step("plan.sh", "staging", self.folder / "plan", PRETEND_PLAN=str(self.nothing()), SYSTEM_ACCESSTOKEN="token", **connection)
        said = (self.azure / "terraforms").read_text()
        self.assertIn("container_name=states-staging", said)
        self.assertIn("oidc: true connection client, no token of minutes", said)

    def test_a_plan_that_fails_says_why(self):
        self.assertIn("a plan that failed", self.plan("broken", code=1))

    def test_clients_are_sent_to_the_region_that_is_at_work_and_what_is_so_already_is_left_alone(self):
        hours = ["southeastasia"] * 10 + ["westeurope"] * 12 + ["southeastasia"] * 2
        sun = {"resource_group": "rg", "profile": "afd", "origin_group": "api", "regions": ["westeurope", "eastus2", "southeastasia"], "by_hour": hours}

        def at(hour):
            said = self.step("sun.sh", "production", hour, PRETEND_SUN=json.dumps(sun))
            return said, [(self.azure / "priorities" / region).read_text() for region in sun["regions"] if (self.azure / "priorities" / region).is_file()]

        self.assertEqual(at("09")[1], ["2", "3"], "the first is what it was: nobody asked for it")
        self.assertEqual(at("10")[1], ["1", "3", "4"])
        self.assertEqual(at("11")[0], "")
        self.assertIn("southeastasia was 4, is 1", at("22")[0])

    def test_without_a_sun_to_follow_nothing_is_asked_of_the_front_door(self):
        self.assertEqual(self.step("sun.sh", "staging", "3"), "")
        self.assertNotIn("afd", (self.azure / "calls").read_text())

    def test_drift_is_a_failure(self):
        self.step("drift.sh", "staging", PRETEND_PLAN=str(self.nothing()))
        said = self.step("drift.sh", "staging", code=1, PRETEND_PLAN=str(SAMPLES / "plan.json"))
        self.assertIn("is not what terraform/ says", said)

    def test_the_plan_is_told_under_the_pull_request_without_the_token_in_sight(self):
        apps = self.folder / "apps.txt"
        apps.write_text("photos\n")
        told = json.loads(self.step("post-plan.sh", SAMPLES / "plan.md", apps))
        self.assertIn("Packages that change: `photos`.", told["comments"][0]["content"])
        where = {
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "7", "SYSTEM_COLLECTIONURI": "https://dev.example.com/", "SYSTEM_TEAMPROJECT": "iommi",
            "BUILD_REPOSITORY_ID": "r", "SYSTEM_ACCESSTOKEN": "token-of-the-run", "BUILD_REPOSITORY_PROVIDER": "TfsGit",
        }
        self.step("post-plan.sh", SAMPLES / "plan.md", apps, **where)
        asked = (self.azure / "curls").read_text()
        self.assertIn("https://dev.example.com/iommi/_apis/git/repositories/r/pullRequests/7/threads", asked)
        self.assertNotIn("token-of-the-run", asked)
        # Who may not comment, or has the repository elsewhere, finds it on the run's page.
        self.assertIn("type=warning", self.step("post-plan.sh", SAMPLES / "plan.md", apps, PRETEND_CURL="22", **where))
        (self.azure / "curls").unlink()
        told = self.step("post-plan.sh", SAMPLES / "plan.md", apps, **{**where, "BUILD_REPOSITORY_PROVIDER": "GitHub", "BUILD_REPOSITORY_ID": "owner/name"})
        self.assertIn("task.uploadsummary", told)
        self.assertFalse((self.azure / "curls").exists())


class WhatChanged(Steps):
    def git(self, *words):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", self.root, *identity, *words], check=True, capture_output=True)

    def change(self, name):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("changed")
        self.git("add", "--all")
        self.git("commit", "--message", name)

    def test_only_apps_that_are_made_from_it_change(self):
        self.git("init", "--initial-branch", "main")
        self.change("Cargo.lock")
        for name, apps in [("docs/a.md", []), ("crates/oven/a.rs", ["bakery"]), ("functions/orders/a.rs", ["bakery", "orders"])]:
            self.git("checkout", "-B", "branch")
            self.change(name)
            self.assertEqual(self.step("what-changed.sh", "main").split(), apps, name)
            told = self.step("what-changed.sh", "main", "--matrix").partition("isOutput=true]")[2]
            self.assertEqual(json.loads(told), {app: {"app": app} for app in apps})
        # What main got meanwhile is not the branch's doing.
        self.git("checkout", "main")
        self.change("functions/orders/b.rs")
        self.git("checkout", "-B", "other", "main~1")
        self.change("crates/oven/b.rs")
        self.assertEqual(self.step("what-changed.sh", "main").split(), ["bakery"])


if __name__ == "__main__":
    unittest.main()
