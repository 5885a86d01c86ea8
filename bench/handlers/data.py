"""Profiles in the local Cosmos DB, and requests for them."""
import os

from data_services import APP, DataServices
from profile_documents import Service, profile_id, upsert

PROFILES = 200
CONTAINER = {"name": "profiles", "partitionKey": "/id", "defaultTtlSeconds": -1}
# What a read of a document says beside its path, as the SDKs do.
READ_HEADERS = "x-ms-version: 2020-07-15\tauthorization: type%3Daad%26ver%3D1.0%26sig%3Dloopback"


class Data(DataServices):
    def __init__(self, iommi):
        super().__init__(iommi, [CONTAINER])
        self.settings = {"COSMOS__accountEndpoint": self.cosmos, "STORAGE__blobServiceUri": self.blob,
                         "STORAGE__queueServiceUri": self.queue}
        self.cosmos_port = int(self.cosmos.rstrip("/").rpartition(":")[2])
        cosmos = Service(self.cosmos)
        for number in range(PROFILES):
            upsert(cosmos, number, 1)

    def requests(self, file, line):
        """Writes the requests for all profiles into a file for the load; `line` makes one of an id."""
        path = os.path.join(self.folder, file)
        with open(path, "w") as requests:
            requests.writelines(line(profile_id(number)) + "\n" for number in range(PROFILES))
        return path


def of_handler(profile):
    return f"/v1/profiles/{profile}"


def of_cosmos(profile):
    """The document itself, without any handler."""
    key = f'x-ms-documentdb-partitionkey: ["{profile}"]'
    return f"/dbs/{APP}/colls/profiles/docs/{profile}\t{key}\t{READ_HEADERS}"
