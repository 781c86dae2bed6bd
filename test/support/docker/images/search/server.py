"""A fake of OpenSearch with behaviour: documents that survive a restart, and a search that finds words in them.

GET /, GET /_cluster/health, PUT|DELETE /INDEX, PUT|POST|GET|DELETE /INDEX/_doc[/ID], GET|POST /INDEX/_search with
match_all, match and term, GET /INDEX/_count. Scores are the number of words that match; there is no analysis beyond lower
case, no mapping, no bulk. It answers any user: the local target runs OpenSearch without its security plugin.
"""

import json
import os
import re
import signal
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FILE = os.environ.get("SEARCH_FILE", "/usr/share/opensearch/data/documents.json")
lock = threading.Lock()
indices = {}


class Failure(Exception):
    def __init__(self, status, kind):
        super().__init__(kind)
        self.status, self.kind = status, kind


def load():
    if os.path.exists(FILE):
        with open(FILE, encoding="utf-8") as file:
            indices.update(json.load(file))


def save():
    draft = f"{FILE}.draft"
    with open(draft, "w", encoding="utf-8") as file:
        json.dump(indices, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, FILE)


def words(value):
    return re.findall(r"\w+", json.dumps(value, ensure_ascii=False).lower())


def score(source, query):
    (kind, clause), = query.items()
    if kind == "match_all":
        return 1
    (field, wanted), = clause.items()
    wanted = wanted.get("query", wanted.get("value")) if isinstance(wanted, dict) else wanted
    if kind == "match":
        found = words(source.get(field, ""))
        return sum(found.count(word) for word in words(wanted))
    if kind == "term":
        return int(source.get(field) == wanted)
    raise Failure(400, "parsing_exception")


def documents(name):
    if name not in indices:
        raise Failure(404, "index_not_found_exception")
    return indices[name]


def search(name, body, query):
    text = query.get("q", [None])[0]
    wanted = body.get("query", {"match_all": {}})
    hits = []
    for key, source in documents(name).items():
        points = sum(words(source).count(word) for word in words(text)) if text else score(source, wanted)
        if points > 0:
            hits.append({"_index": name, "_id": key, "_score": points, "_source": source})
    hits.sort(key=lambda hit: (-hit["_score"], hit["_id"]))
    total = {"value": len(hits), "relation": "eq"}
    return {"took": 0, "timed_out": False, "hits": {"total": total, "hits": hits[: body.get("size", 10)]}}


def answer(method, path, body, query):
    parts = [part for part in path.split("/") if part]
    if not parts:
        return 200, {"name": "fake", "version": {"distribution": "opensearch", "number": "2.0.0"}}
    if parts[0] == "_cluster":
        return 200, {"cluster_name": "fake", "status": "green", "number_of_nodes": 1, "timed_out": False}
    name, rest = parts[0], parts[1:]
    if not rest and method == "PUT":
        indices.setdefault(name, {})
        save()
        return 200, {"acknowledged": True, "index": name}
    if not rest and method == "DELETE":
        documents(name)
        del indices[name]
        save()
        return 200, {"acknowledged": True}
    if rest[:1] == ["_doc"] and method in ("PUT", "POST"):
        key = rest[1] if len(rest) > 1 else uuid.uuid4().hex
        created = key not in indices.setdefault(name, {})
        indices[name][key] = body
        save()
        return 201 if created else 200, {"_index": name, "_id": key, "result": "created" if created else "updated"}
    if rest[:1] == ["_doc"] and len(rest) == 2:
        source = documents(name).get(rest[1])
        found = {"_index": name, "_id": rest[1], "found": source is not None}
        if source is None:
            return 404, found
        if method == "GET":
            return 200, {**found, "_source": source}
        del indices[name][rest[1]]
        save()
        return 200, {"_index": name, "_id": rest[1], "result": "deleted"}
    if rest == ["_search"]:
        return 200, search(name, body, query)
    if rest == ["_count"]:
        return 200, {"count": len(documents(name))}
    raise Failure(400, "illegal_argument_exception")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        length = int(self.headers.get("content-length") or 0)
        text = self.rfile.read(length)
        url = urlsplit(self.path)
        try:
            body = json.loads(text) if text else {}
            with lock:
                status, result = answer(self.command, url.path, body, parse_qs(url.query))
        except Failure as failure:
            status, result = failure.status, {"status": failure.status, "error": {"type": failure.kind}}
        except ValueError:
            status, result = 400, {"status": 400, "error": {"type": "parsing_exception"}}
        data = json.dumps(result).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json; charset=UTF-8")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    def log_message(self, *_):
        pass


load()
# PID 1 has no default reaction to it.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("fake search listens on 9200")
ThreadingHTTPServer(("0.0.0.0", 9200), Handler).serve_forever()
