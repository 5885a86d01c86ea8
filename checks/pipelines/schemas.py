"""Registering schemas, against a registry and an Azure that only pretend."""
import http.server
import json
import threading
import unittest

from steps import Steps


class Schemas(Steps):
    """A registry as the service has it: versions in order, and nothing ever goes."""

    def setUp(self):
        super().setUp()
        self.kept, self.asked, self.lost = {}, [], []
        steps = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in {"content-length": len(body), **headers}.items():
                    self.send_header(name.replace("_", "-"), str(value))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                steps.asked.append(f"{self.command} {self.path} {self.headers['authorization']}")
                path = self.path.partition("?")[0].split("/")
                versions = steps.kept.get(path[4])
                if versions is None:
                    self.answer(404)
                elif path[-1] == "versions":
                    self.answer(200, json.dumps({"value": list(range(1, len(versions) + 1))}).encode())
                else:
                    self.answer(200, versions[int(path[-1]) - 1].encode())

            def do_PUT(self):
                steps.asked.append(f"{self.command} {self.path} {self.headers['authorization']}")
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                versions = steps.kept.setdefault(self.path.partition("?")[0].split("/")[-1], [])
                if body not in versions:
                    versions.append(body)
                if steps.lost:
                    self.answer(steps.lost.pop())
                else:
                    self.answer(204, schema_version=versions.index(body) + 1)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}/"

    def release(self, name, *versions, hub="cake", suffix="json"):
        folder = self.root / f"functions/bakery/messages/released/{name}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "release.json").write_text(json.dumps({"mode": "full-transitive", "owner": "bakers", **({"hub": hub} if hub else {})}))
        for number, properties in enumerate(versions, 1):
            text = json.dumps({"title": f"com.iommi.bakery.{name}.v1", "type": "object", "properties": properties})
            (folder / f"{number}.{suffix}").write_text(text)

    def register(self, *more, code=0):
        return self.step("register-schemas.sh", "staging", *more, code=code, PRETEND_REGISTRY=self.url)

    def test_released_versions_of_what_flows_on_a_hub_are_registered_in_order_and_once(self):
        self.release("baked", {}, {"at": {}})
        self.release("ordered", {}, hub=None)
        self.assertIn("2 of 2 versions of 1 types were registered", self.register())
        self.assertEqual([list(json.loads(text)["properties"]) for text in self.kept["com.iommi.bakery.baked.v1"]], [[], ["at"]])
        self.assertIn("0 of 2 versions", self.register())
        self.assertEqual(list(self.kept), ["com.iommi.bakery.baked.v1"])
        self.assertTrue(all("Bearer a token for https://eventhubs.azure.net" in asked for asked in self.asked))

    def test_an_answer_that_is_lost_registers_nothing_twice(self):
        self.release("baked", {}, {"at": {}})
        self.lost = [503]
        self.register()
        self.assertEqual(len(self.kept["com.iommi.bakery.baked.v1"]), 2)

    def test_what_was_registered_by_hand_stops_all_and_is_named(self):
        self.release("baked", {})
        self.release("eaten", {})
        self.kept["com.iommi.bakery.eaten.v1"] = [(self.root / "functions/bakery/messages/released/eaten/1.json").read_text(), "{}"]
        self.assertIn("com.iommi.bakery.eaten.v1, version 2: in the registry, and never released", self.register(code=1))
        self.kept["com.iommi.bakery.eaten.v1"] = ["{}"]
        self.assertIn("com.iommi.bakery.eaten.v1, version 1: not what was released", self.register(code=1))
        self.assertNotIn("com.iommi.bakery.baked.v1", self.kept)

    def test_a_check_registers_nothing(self):
        self.release("baked", {})
        self.assertIn("com.iommi.bakery.baked.v1, version 1: not registered", self.register("--check", code=1))
        self.assertEqual(self.kept, {})
        self.register()
        self.register("--check")

    def test_what_the_registry_cannot_hold_is_refused_before_anything_is_registered(self):
        self.release("baked", *({str(number): {}} for number in range(26)))
        self.assertIn("26 versions are released, and the registry holds 25", self.register(code=1))
        self.assertEqual(self.asked, [])

    def test_avro_and_long_names_are_refused(self):
        self.release("baked", {}, suffix="avsc")
        self.release("a" * 60, {})
        said = self.register(code=1)
        self.assertIn("Avro needs a group of its own", said)
        self.assertIn("the registry takes no schema called", said)
        self.assertEqual(self.kept, {})

    def test_an_environment_without_hubs_has_nothing_to_register(self):
        said = self.step("register-schemas.sh", "staging", PRETEND_MISSING="Microsoft.EventHub/namespaces", PRETEND_REGISTRY=self.url)
        self.assertIn("no event hubs", said)

    def test_a_token_goes_over_https_only(self):
        said = self.step("register-schemas.sh", "staging", code=1, PRETEND_REGISTRY="http://registry.example.com/")
        self.assertIn("a token goes over https", said)


if __name__ == "__main__":
    unittest.main()
