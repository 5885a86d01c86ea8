"""The local data services as they are on a laptop: inside the real `iommi`, whose app is asleep because nobody asks it."""
import json
import os
import shutil
import tempfile

from platform_run import ROOT, Platform

# Its function `health` is all that is declared of it; the app, and with it its database, is called as its folder is.
APP = "profiles"


class DataServices:
    """Open until the end of `with`. `containers` are declared as in app.json."""

    def __init__(self, iommi, containers=()):
        self.folder = tempfile.mkdtemp()
        app = os.path.join(self.folder, APP)
        os.mkdir(app)
        shutil.copy(os.path.join(ROOT, "host.json"), app)
        shutil.copy(os.path.join(ROOT, "local.settings.sample.json"), app)
        os.mkdir(os.path.join(app, "health"))
        shutil.copy(os.path.join(ROOT, "functions", APP, "src", "functions", "health", "function.json"), os.path.join(app, "health"))
        with open(os.path.join(app, "app.json"), "w") as declared:
            json.dump({"purpose": "Data to read", "team": "platform", "owns": {"containers": list(containers)}}, declared)
        self.platform = Platform(iommi, app)
        self.process = self.platform.host
        urls = self.platform._line(lambda line: line["message"] == "started")
        self.cosmos, self.blob, self.queue = urls["cosmosUrl"], urls["blobUrl"], urls["queueUrl"]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.platform.__exit__(*error)
        shutil.rmtree(self.folder)
