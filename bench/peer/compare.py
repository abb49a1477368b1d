"""Runs the peer and Autark in turns on one model and prints both and their ratios."""

import json
import statistics
import subprocess
import sys

ROUNDS = 5
THREADS = 2
PROMPT_TOKENS = 512
GENERATE_TOKENS = 64
SEGMENTATION_FAULT = -11


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def work():
    return ["--threads", str(THREADS), "--prompt-tokens", str(PROMPT_TOKENS)] + [
        "--generate-tokens",
        str(GENERATE_TOKENS),
    ]


def measure_peer(root, file):
    """The peer's rates; where it dies of its matrix units, those without them."""
    command = [sys.executable, f"{root}/bench/peer/peer.py", file] + work()
    if not measure_peer.plain_buffers:
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if run.returncode != SEGMENTATION_FAULT:
            run.check_returncode()
            return json.loads(run.stdout)
        print("the peer died with its repacked weights; measured without them", flush=True)
        measure_peer.plain_buffers = True
    return json.loads(output(command + ["--plain-buffers"]))


measure_peer.plain_buffers = False


def measure_autark(root, file):
    report = json.loads(
        output([f"{root}/autark", "bench", file, "--repetitions", "1", "--json"] + work())
    )
    return {
        "loadSeconds": report["loadSeconds"],
        "prefillTokensPerSecond": report["prefillTokensPerSecond"]["median"],
        "decodeTokensPerSecond": report["decodeTokensPerSecond"]["median"],
    }


def main(root, model):
    file = json.loads(output([f"{root}/autark", "show", model, "--json"]))["file"]
    print(output(["uptime"]).strip())
    print(
        f"{model}, {THREADS} threads, prompt of {PROMPT_TOKENS} tokens, {GENERATE_TOKENS} written,"
        f" median of {ROUNDS} rounds in turns",
        flush=True,
    )
    peer, autark = [], []
    for _ in range(ROUNDS):
        peer.append(measure_peer(root, file))
        autark.append(measure_autark(root, file))
    print(f"{'':24}{'peer':>10}{'autark':>10}{'ratio':>8}")
    for key, name in (
        ("loadSeconds", "load, s"),
        ("prefillTokensPerSecond", "prefill, tokens/s"),
        ("decodeTokensPerSecond", "decode, tokens/s"),
    ):
        theirs = statistics.median(run[key] for run in peer)
        ours = statistics.median(run[key] for run in autark)
        print(f"{name:24}{theirs:10.2f}{ours:10.2f}{ours / theirs:8.2f}")


main(sys.argv[1], sys.argv[2])
