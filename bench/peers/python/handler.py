"""What functions/profiles does for GET v1/profiles/{id} and GET v1/health/live, as people write it for Python."""
import os
import re
import uuid
from contextlib import asynccontextmanager

import uvicorn
from azure.cosmos.aio import CosmosClient
from azure.cosmos.exceptions import CosmosHttpResponseError, CosmosResourceNotFoundError
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

# The key of Microsoft's emulator, the same for everybody: this SDK sends tokens over https only. Signing is some 20 µs.
KEY = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="
PROBLEMS = "/v1/docs#"
# Weakly compared, as RFC 9110 asks.
TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
SHOWN = ("id", "account", "givenName", "familyName", "age", "address", "picture", "photos", "subscriptions", "revision",
         "createdAt", "updatedAt", "schemaVersion")


@asynccontextmanager
async def connected(app):
    client = CosmosClient(os.environ["COSMOS__accountEndpoint"], credential=KEY)
    app.state.profiles = client.get_database_client("profiles").get_container_client("profiles")
    yield
    await client.close()


app = FastAPI(lifespan=connected, openapi_url=None)


def problem(request, status, slug, title, detail, **more):
    invocation = request.headers.get("x-azure-functions-invocationid") or uuid.uuid4()
    document = {**more, "type": PROBLEMS + slug, "title": title, "status": status, "detail": detail,
                "instance": f"urn:uuid:{invocation}"}
    return JSONResponse(document, status, media_type="application/problem+json")


def is_known(header, tag):
    if header is None:
        return False
    return header.strip() == "*" or any(found == tag for found in TAG.findall(header))


def view(document):
    shown = {name: document[name] for name in SHOWN}
    account, address = document["account"], document["address"]
    shown["account"] = {name: account[name] for name in ("id", "emailAddress", "userName")}
    shown["address"] = address and {name: address[name] for name in ("street", "city", "postalCode", "country")}
    shown["photos"] = [{"id": photo["id"], "state": photo["state"]} for photo in document["photos"]]
    shown["subscriptions"] = [{"serviceId": one["serviceId"], "since": one["since"]} for one in document["subscriptions"]]
    return shown


@app.get("/v1/health/live")
async def live():
    return JSONResponse({"status": "live"}, headers={"cache-control": "no-store"})


@app.get("/v1/profiles/{profile_id}")
async def profile(profile_id: str, request: Request):
    if not ID.fullmatch(profile_id):
        errors = [{"parameter": "profileId", "detail": "must be a UUID"}]
        return problem(request, 400, "invalid-parameter", "A parameter is not valid", "profileId: must be a UUID", errors=errors)
    try:
        document = await app.state.profiles.read_item(profile_id, profile_id)
    except CosmosResourceNotFoundError:
        document = {"state": "missing"}
    except CosmosHttpResponseError:
        return problem(request, 503, "unavailable", "The service is not available", "try again in a moment")
    if document["state"] != "active":
        detail = f"no profile has the id {profile_id}; it never existed or was erased"
        return problem(request, 404, "no-such-profile", "There is no such profile", detail)
    tag = str(document["revision"])
    headers = {"etag": f'"{tag}"'}
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return JSONResponse(view(document), headers=headers)


if __name__ == "__main__":
    port = int(os.environ["FUNCTIONS_CUSTOMHANDLER_PORT"])
    uvicorn.run(app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")
