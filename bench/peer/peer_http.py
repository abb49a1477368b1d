"""Measures Autark's server beside the peer's: the same clients, in turns, on the same file.

Called by compare.py.
"""

import json
import os
import re
import statistics
import subprocess
import tarfile
import time
import urllib.request

CLIENTS = [int(count) for count in os.environ.get("CLIENTS", "1,4,16,64").split(",")]
REQUESTS = {1: 6, 4: 4, 16: 2}
SLOTS = 64
SLOT_TOKENS = 512
START_SECONDS = 300


def build(cache, version):
    """The peer's server, which its Python package carries as source only."""
    folder = f"{cache}/peer-server-{version}"
    program = f"{folder}/build/bin/llama-server"
    if os.path.exists(program):
        return program
    print(f"building the peer's server in {folder}, which takes ten minutes ...", flush=True)
    os.makedirs(folder, exist_ok=True)
    subprocess.run(
        ["python3", "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
        + ["-d", folder, f"llama-cpp-python=={version}"],
        check=True,
    )
    archive = f"{folder}/llama_cpp_python-{version}.tar.gz"
    with tarfile.open(archive) as source:
        source.extractall(folder, filter="data")
    options = ["CMAKE_BUILD_TYPE=Release", "GGML_NATIVE=ON", "LLAMA_BUILD_UI=OFF"]
    options += ["LLAMA_CURL=OFF", "LLAMA_OPENSSL=OFF", "LLAMA_BUILD_TESTS=OFF"]
    source = f"{folder}/llama_cpp_python-{version}/vendor/llama.cpp"
    subprocess.run(
        ["cmake", "-S", source, "-B", f"{folder}/build"] + [f"-D{option}" for option in options],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(
        ["cmake", "--build", f"{folder}/build", "--target", "llama-server", "-j", "2"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return program


class Server:
    """A server of this machine, which ends with the benchmark."""

    def __init__(self, name, command, log, address):
        self.name = name
        self.output = open(log, "w", encoding="utf-8")
        self.process = subprocess.Popen(
            command, stdout=self.output, stderr=subprocess.STDOUT, text=True
        )
        deadline = time.monotonic() + START_SECONDS
        while not (url := address(log)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start; its log: {log}")
            time.sleep(0.2)
        self.url = url
        with urllib.request.urlopen(f"{url}/v1/models") as answer:
            self.model = json.load(answer)["data"][0]["id"]

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.output.close()


def autark_address(log):
    with open(log, encoding="utf-8") as text:
        found = re.search(r"http://127\.0\.0\.1:\d+", text.read())
    return found and found.group(0)


def peer_address(port):
    def find(_log):
        url = f"http://127.0.0.1:{port}"
        try:
            with urllib.request.urlopen(f"{url}/health") as answer:
                return answer.status == 200 and url
        except OSError:
            return None

    return find


def load(root, server, clients, kind, seed):
    command = [f"{root}/bench/http-load", server.url, server.model, str(clients)]
    command += [str(REQUESTS.get(clients, 1)), kind, str(seed)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output)


def compare(root, cache, version, threads, rounds, files):
    program = build(cache, version)
    subprocess.run([f"{root}/bench/build"], check=True)
    for name, file in files:
        port = 18080
        peer = ours = None
        try:
            peer = Server(
                "peer",
                [program, "-m", file, "--host", "127.0.0.1", "--port", str(port)]
                + ["-np", str(SLOTS), "-c", str(SLOTS * SLOT_TOKENS)]
                + ["-t", str(threads), "-tb", str(threads)],
                f"{cache}/peer-server.log",
                peer_address(port),
            )
            ours = Server(
                "autark",
                [f"{root}/autark", "serve", "-m", file, "--port", "0", "--threads", str(threads)]
                + ["--parallel", str(SLOTS), "--kv-memory", "2GB"],
                f"{cache}/autark-server.log",
                autark_address,
            )
            table(root, name, ours, peer, rounds)
        finally:
            for server in (ours, peer):
                if server:
                    server.close()


def table(root, name, ours, peer, rounds):
    print(
        f"{'model':14}{'prefix':>7}{'clients':>8}{'written/s':>10}{'peer':>8}{'ratio':>7}"
        f"{'first p50':>10}{'p99':>7}{'peer':>7}{'p99':>7}"
        f"{'gap p50':>9}{'p99':>7}{'peer':>7}{'p99':>7}   (s; ms)"
    )
    seed = 1
    for kind in ("own", "shared"):
        for clients in CLIENTS:
            runs = {ours: [], peer: []}
            for _ in range(rounds):
                seed += 1_000_000
                for server in (peer, ours):
                    runs[server].append(load(root, server, clients, kind, seed))

            def median(server, key):
                return statistics.median(run[key] for run in runs[server])

            written, theirs = median(ours, "writtenPerSecond"), median(peer, "writtenPerSecond")
            print(
                f"{name:14}{kind:>7}{clients:8}{written:10.1f}{theirs:8.1f}{written / theirs:7.2f}"
                + "".join(
                    f"{median(server, key):{width}.2f}"
                    for server, width in ((ours, 8), (peer, 7))
                    for key in ("firstP50", "firstP99")
                )
                + "".join(
                    f"{median(server, key) * 1e3:{width}.0f}"
                    for server, width in ((ours, 8), (peer, 7))
                    for key in ("gapP50", "gapP99")
                ),
                flush=True,
            )
