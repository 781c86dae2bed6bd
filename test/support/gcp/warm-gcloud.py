"""The real gcloud, started once: a process of it takes two seconds to import what it is made of, and a story runs hundreds.

`warm-gcloud.py serve SDK SOCKET` imports gcloud and forks for each command; it ends when its standard input does. What a command
imports besides is imported before the next one. `warm-gcloud.py run SOCKET WORDS…` is gcloud: same words, environment, directory,
standard streams and exit code; when it is killed, so is the command.
"""

import array
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys


def run(path, words):
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        request = json.dumps({"words": words, "environment": dict(os.environ), "directory": os.getcwd()}).encode()
        streams = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))]
        server.sendmsg([len(request).to_bytes(4, "big")], streams)
        server.sendall(request)
        code = server.recv(1)
    return code[0] if code else 1


def receive(client):
    size = array.array("i")
    streams = array.array("i")
    head, ancillary, _, _ = client.recvmsg(4, socket.CMSG_LEN(3 * streams.itemsize))
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            streams.frombytes(data[: len(data) - len(data) % size.itemsize])
    length = int.from_bytes(head, "big")
    text = b""
    while len(text) < length:
        more = client.recv(length - len(text))
        if not more:
            raise EOFError
        text += more
    return json.loads(text), list(streams)


def command(request, streams, note):
    """In a process of its own: becomes gcloud."""
    before = set(sys.modules)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["directory"])
    sys.argv = ["gcloud", *request["words"]]
    code = 0
    try:
        sys.modules["googlecloudsdk.gcloud_main"].main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException as error:  # What Python itself would print.
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    learned = set(sys.modules) - before
    try:
        os.write(note, ("\n".join(sorted(learned)) + "\n").encode()[:60000])
    except OSError:
        pass
    os._exit(code)


def attend(client, note):
    """In a process of its own: starts the command, and ends it when nobody waits for it any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        request, streams = receive(client)
    except (EOFError, OSError, ValueError):
        os._exit(0)
    # Its other end is closed when the command has ended.
    ended, held = os.pipe()
    child = os.fork()
    if child == 0:
        client.close()
        os.close(ended)
        command(request, streams, note)
    os.close(held)
    for stream in streams:
        os.close(stream)
    ready, _, _ = select.select([client, ended], [], [])
    if ended not in ready:
        os.kill(child, signal.SIGKILL)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    try:
        client.sendall(bytes([os.waitstatus_to_exitcode(status) & 255]))
    except OSError:
        pass
    os._exit(0)


def learn(names):
    for name in names:
        if name in sys.modules or name == "":
            continue
        try:
            importlib.import_module(name)
        except BaseException:
            pass
    # A child that collects what it has inherited copies the memory that it shares.
    gc.collect()
    gc.freeze()


def serve(sdk, path):
    library = os.path.join(sdk, "lib")
    sys.path[:0] = [os.path.join(library, "third_party"), library]
    import googlecloudsdk.gcloud_main  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    heard, note = os.pipe()
    os.set_blocking(heard, False)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen(64)
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([server, sys.stdin, heard], [], [])
            if sys.stdin in ready:
                return
            if heard in ready:
                learn(os.read(heard, 1 << 20).decode(errors="replace").split("\n"))
                continue
            client, _ = server.accept()
            if os.fork() == 0:
                server.close()
                attend(client, note)
            client.close()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(*sys.argv[2:])
    else:
        sys.exit(run(sys.argv[2], sys.argv[3:]))
