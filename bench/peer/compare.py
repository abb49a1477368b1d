"""Measures Autark beside the peer: both in turns on the same files, their medians and ratios.

compare.py ROOT CACHE VERSION rates|busy|start|sequences|http MODEL...
"""

import json
import math
import os
import statistics
import subprocess
import sys
import time

import peer_http

ROUNDS = int(os.environ.get("ROUNDS", "5"))
THREADS = int(os.environ.get("THREADS", "2"))
PROMPT_TOKENS = 512
GENERATE_TOKENS = 64
SEQUENCES = os.environ.get("SEQUENCES", "1,4,16,32")
SEQUENCES_PROMPT_TOKENS = 128
SEQUENCES_GENERATE_TOKENS = 32
SEGMENTATION_FAULT = -11
SPIN = [sys.executable, "-c", "while True: pass"]


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def work():
    return ["--threads", str(THREADS), "--prompt-tokens", str(PROMPT_TOKENS)] + [
        "--generate-tokens",
        str(GENERATE_TOKENS),
    ]


def sequences_work():
    return ["--threads", str(THREADS), "--sequences", SEQUENCES] + [
        "--prompt-tokens",
        str(SEQUENCES_PROMPT_TOKENS),
        "--generate-tokens",
        str(SEQUENCES_GENERATE_TOKENS),
        "--repetitions",
        "3",
    ]


class Peer:
    """The peer's rates; where it dies of its matrix units, those without them."""

    def __init__(self, root):
        self.root = root
        self.command = [sys.executable, f"{root}/bench/peer/peer.py"]
        self.plain_buffers = False

    def measure(self, file):
        return self.run(self.command + [file] + work())

    def measure_sequences(self, file):
        command = [sys.executable, f"{self.root}/bench/peer/peer_sequences.py", file]
        return self.run(command + sequences_work())

    def run(self, command):
        if not self.plain_buffers:
            run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
            if run.returncode != SEGMENTATION_FAULT:
                run.check_returncode()
                return json.loads(run.stdout)
            print("the peer died with its repacked weights; measured without them", flush=True)
            self.plain_buffers = True
        return json.loads(output(command + ["--plain-buffers"]))


class Autark:
    def __init__(self, root):
        self.root = root
        self.program = f"{root}/autark"

    def measure(self, file):
        command = [self.program, "bench", file, "--repetitions", "4", "--json"] + work()
        report = json.loads(output(command))
        return {
            "loadSeconds": report["loadSeconds"],
            "firstPrefillTokensPerSecond": report["firstPrefillTokensPerSecond"],
            "prefillTokensPerSecond": report["prefillTokensPerSecond"]["median"],
            "decodeTokensPerSecond": report["decodeTokensPerSecond"]["median"],
            "bandwidthShare": report.get("memoryBandwidthShare", math.nan),
            "multiplyShare": report.get("multiplyAddShare", math.nan),
        }

    def measure_sequences(self, file):
        command = [self.program, "bench", file, "--json"] + sequences_work()
        return json.loads(output(command))["sequences"]

    def measure_new_prompt(self, file):
        """Time between the tokens of running answers, alone and while a prompt is read."""
        return json.loads(output([f"{self.root}/bench/new-prompt", file, str(THREADS)]))

    def start(self, model):
        """Wall seconds, processor seconds and peak bytes of a whole process with one token."""
        command = [self.program, "run", model, "--max-tokens", "1", "--temperature", "0", "Hello"]
        before = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - before
        if status != 0:
            raise RuntimeError(f"{' '.join(command)}: found status {status}, expected 0")
        return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def rates(root, models):
    """Prefill and decode of both, and the share of the machine's limits that Autark reaches."""
    peer, autark = Peer(root), Autark(root)
    print(f"{THREADS} threads, prompt of {PROMPT_TOKENS} tokens, {GENERATE_TOKENS} written,")
    print(f"median of {ROUNDS} rounds in turns; tokens/s")
    print(
        f"{'model':16}{'prefill':>9}{'first':>8}{'peer':>8}{'ratio':>7}{'limit':>7}"
        f"{'decode':>9}{'peer':>8}{'ratio':>7}{'limit':>7}{'load s':>8}{'peer':>7}",
        flush=True,
    )
    for name, file in models:
        theirs, ours = [], []
        for _ in range(ROUNDS):
            theirs.append(peer.measure(file))
            ours.append(autark.measure(file))
        prefill, peer_prefill = (median(r, "prefillTokensPerSecond") for r in (ours, theirs))
        decode, peer_decode = (median(r, "decodeTokensPerSecond") for r in (ours, theirs))
        print(
            f"{name:16}{prefill:9.1f}{median(ours, 'firstPrefillTokensPerSecond'):8.1f}"
            f"{peer_prefill:8.1f}{prefill / peer_prefill:7.2f}"
            f"{median(ours, 'multiplyShare'):7.2f}"
            f"{decode:9.1f}{peer_decode:8.1f}{decode / peer_decode:7.2f}"
            f"{median(ours, 'bandwidthShare'):7.2f}"
            f"{median(ours, 'loadSeconds'):8.2f}{median(theirs, 'loadSeconds'):7.2f}",
            flush=True,
        )


def busy(root, models):
    """Decode beside one and two processes that never rest, as a share of the quiet speed."""
    engines = [("autark", Autark(root)), ("peer", Peer(root))]
    print(f"{'model':16}{'engine':>8}{'quiet':>8}{'1 busy':>8}{'share':>7}{'2 busy':>8}{'share':>7}")
    for name, file in models:
        for engine_name, engine in engines:
            speeds = {0: [], 1: [], 2: []}
            for _ in range(ROUNDS):
                for count in speeds:
                    speeds[count].append(beside(count, engine, file))
            quiet, one, two = (statistics.median(speeds[count]) for count in (0, 1, 2))
            print(
                f"{name:16}{engine_name:>8}{quiet:8.1f}{one:8.1f}{one / quiet:7.2f}"
                f"{two:8.1f}{two / quiet:7.2f}",
                flush=True,
            )


def beside(count, engine, file):
    children = [subprocess.Popen(SPIN) for _ in range(count)]
    try:
        return engine.measure(file)["decodeTokensPerSecond"]
    finally:
        for child in children:
            child.kill()
            child.wait()


def start(root, models):
    """A whole process from start to one token, its file in the page cache."""
    autark = Autark(root)
    print(f"{'model':16}{'wall s':>8}{'least':>8}{'cpu s':>8}{'peak MB':>9}{'file MB':>9}")
    for name, file in models:
        autark.start(file)
        runs = [autark.start(file) for _ in range(2 * ROUNDS)]
        wall, cpu, peak = (statistics.median(run[i] for run in runs) for i in range(3))
        least = min(run[0] for run in runs)
        print(
            f"{name:16}{wall:8.2f}{least:8.2f}{cpu:8.2f}{peak / 1e6:9.0f}"
            f"{os.path.getsize(file) / 1e6:9.0f}"
        )


def sequences(root, models):
    """Several sequences at once; then what a new prompt costs those that are being written."""
    peer, autark = Peer(root), Autark(root)
    print(f"{THREADS} threads, prompts of {SEQUENCES_PROMPT_TOKENS} tokens,")
    print(f"{SEQUENCES_GENERATE_TOKENS} written behind each; median of {ROUNDS} rounds; tokens/s")
    for name, file in models:
        rounds = [
            (peer.measure_sequences(file), autark.measure_sequences(file)) for _ in range(ROUNDS)
        ]
        print_sequences(name, rounds)
        ours = [autark.measure_new_prompt(file) for _ in range(ROUNDS)]
        print_new_prompt(name, [theirs for theirs, _ in rounds], ours)


def print_sequences(name, rounds):
    print(
        f"\n{'model':16}{'sequences':>10}{'prompt':>9}{'peer':>8}{'ratio':>7}"
        f"{'written':>9}{'peer':>8}{'ratio':>7}{'memory':>8}{'mul-add':>8}{'engine':>8}",
        flush=True,
    )
    for i, row in enumerate(rounds[0][1]):
        theirs = [peer["rows"][i] for peer, _ in rounds]
        ours = [rows[i] for _, rows in rounds]
        prompt, written = (
            statistics.median(run[key]["median"] for run in ours)
            for key in ("promptTokensPerSecond", "writtenTokensPerSecond")
        )
        peer_prompt = median(theirs, "promptTokensPerSecond")
        peer_written = median(theirs, "writtenTokensPerSecond")
        memory, multiply = (
            statistics.median(run.get(key, math.nan) for run in ours)
            for key in ("memoryBandwidthShare", "multiplyAddShare")
        )
        print(
            f"{name:16}{row['sequences']:10}{prompt:9.1f}{peer_prompt:8.1f}"
            f"{prompt / peer_prompt:7.2f}{written:9.1f}{peer_written:8.1f}"
            f"{written / peer_written:7.2f}{memory:8.2f}{multiply:8.2f}"
            f"{median(ours, 'engineShare'):8.2f}",
            flush=True,
        )


def print_new_prompt(name, theirs, ours):
    """The peer's library has no scheduler; its server puts a whole prompt into one step."""
    count, tokens = ours[0]["answers"], ours[0]["promptTokens"]
    print(f"\na prompt of {tokens} tokens beside {count} answers: ms between their tokens")
    print(f"{'model':16}{'engine':>8}{'':>8}{'alone':>8}{'beside':>8}{'ratio':>7}{'read s':>8}")
    for quantile, alone_key, beside_key in (
        ("median", "aloneMedianMillis", "besideMedianMillis"),
        ("95 %", "alone95Millis", "beside95Millis"),
    ):
        alone, beside = median(ours, alone_key), median(ours, beside_key)
        print(
            f"{name:16}{'autark':>8}{quantile:>8}{alone:8.1f}{beside:8.1f}"
            f"{beside / alone:7.2f}{median(ours, 'readingSeconds'):8.2f}"
        )
    alone, beside = median(theirs, "aloneMillis"), median(theirs, "besideMillis")
    print(
        f"{name:16}{'peer':>8}{'a step':>8}{alone:8.1f}{beside:8.1f}"
        f"{beside / alone:7.2f}{beside / 1e3:8.2f}",
        flush=True,
    )


def file_of(root, cache, model):
    """A file, a name in the store, or a storage type: then a random model of 1B shape."""
    if os.path.exists(model):
        return model
    if ":" in model:
        return json.loads(output([f"{root}/autark", "show", model, "--json"]))["file"]
    file = f"{cache}/random-1b-{model}.gguf"
    if not os.path.exists(file):
        print(f"making {file} ...", file=sys.stderr, flush=True)
        subprocess.run([f"{root}/bench/random-model", model, file + ".new"], check=True)
        os.replace(file + ".new", file)
    return file


def main(root, cache, version, command, models):
    os.makedirs(cache, exist_ok=True)
    files = [(model.split("/")[-1], file_of(root, cache, model)) for model in models]
    print(output(["uptime"]).strip())
    measurements = {
        "rates": rates,
        "busy": busy,
        "start": start,
        "sequences": sequences,
        "http": lambda root, files: peer_http.compare(root, cache, version, THREADS, ROUNDS, files),
    }
    measurements[command](root, files)
    print(output(["uptime"]).strip())


main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
