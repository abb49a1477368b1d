"""Measures llama.cpp on several sequences at once, as JSON on standard output.

As its own batched-bench does: one context for all, all prompts in batches of its usual size, then
steps of one token a sequence, no sampling. For each number of sequences the key-value cache is once
shared by all and once divided among them; the faster one counts. Then, for a new prompt beside
running answers, one step of the answers alone and one that takes the whole prompt, too, as its
server packs them.
"""

import argparse
import json
import time

import llama_cpp
from peer import load, vocab_size

SLACK_TOKENS = 16


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--sequences", default="1,4,16,32")
    parser.add_argument("--prompt-tokens", type=int, default=128)
    parser.add_argument("--generate-tokens", type=int, default=32)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--running", type=int, default=8)
    parser.add_argument("--new-prompt-tokens", type=int, default=512)
    parser.add_argument("--plain-buffers", action="store_true")
    return parser.parse_args()


class Context:
    """Sequences in one context. Tokens of a step are (sequence, position, wanted) triples."""

    def __init__(self, model, sequence_count, tokens_each, threads, unified):
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = sequence_count * tokens_each
        parameters.n_seq_max = sequence_count
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.kv_unified = unified
        self.context = llama_cpp.llama_init_from_model(model, parameters)
        if not self.context:
            raise SystemExit("the peer cannot make a context")
        self.most = llama_cpp.llama_n_batch(self.context)
        self.batch = llama_cpp.llama_batch_init(self.most, 0, 1)
        self.vocab_size = vocab_size(model)

    def step(self, tokens):
        """Seconds for a step."""
        before = time.perf_counter()
        for start in range(0, len(tokens), self.most):
            self.decode(tokens[start : start + self.most])
        return time.perf_counter() - before

    def decode(self, tokens):
        self.batch.n_tokens = len(tokens)
        for i, (sequence, position, wanted) in enumerate(tokens):
            self.batch.token[i] = 1000 + position * 7919 % (self.vocab_size - 2000)
            self.batch.pos[i] = position
            self.batch.n_seq_id[i] = 1
            self.batch.seq_id[i][0] = sequence
            self.batch.logits[i] = wanted
        status = llama_cpp.llama_decode(self.context, self.batch)
        if status != 0:
            raise RuntimeError(f"llama_decode: found status {status}, expected 0")
        llama_cpp.llama_synchronize(self.context)

    def clear(self):
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)

    def close(self):
        llama_cpp.llama_batch_free(self.batch)
        llama_cpp.llama_free(self.context)


def prompts(count, length):
    return [(s, i, i == length - 1) for s in range(count) for i in range(length)]


def next_tokens(count, position):
    return [(s, position, True) for s in range(count)]


def median(values):
    return sorted(values)[len(values) // 2]


def row(model, count, options, unified):
    """Rates of so many sequences, after one repetition that warms up."""
    length, written = options.prompt_tokens, options.generate_tokens
    context = Context(model, count, length + written + SLACK_TOKENS, options.threads, unified)
    prefills, decodes = [], []
    for _ in range(options.repetitions + 1):
        context.clear()
        prefills.append(context.step(prompts(count, length)))
        decodes.append(
            sum(context.step(next_tokens(count, length + i)) for i in range(written))
        )
    context.close()
    return {
        "sequences": count,
        "unified": unified,
        "promptTokensPerSecond": count * length / median(prefills[1:]),
        "writtenTokensPerSecond": count * written / median(decodes[1:]),
    }


def new_prompt(model, options, unified):
    """Seconds of a step of the running sequences, alone and with a whole new prompt in it."""
    running, length = options.running, options.prompt_tokens
    tokens_each = length + options.new_prompt_tokens + 64
    context = Context(model, running + 1, tokens_each, options.threads, unified)
    alone, beside = [], []
    for _ in range(options.repetitions + 1):
        context.clear()
        context.step(prompts(running, length))
        steps = [context.step(next_tokens(running, length + i)) for i in range(16)]
        alone.append(median(steps))
        new = [
            (running, i, i == options.new_prompt_tokens - 1)
            for i in range(options.new_prompt_tokens)
        ]
        beside.append(context.step(next_tokens(running, length + len(steps)) + new))
    context.close()
    return median(alone[1:]), median(beside[1:])


def main():
    options = arguments()
    model = load(options.model, options.plain_buffers)
    rows = []
    for count in (int(text) for text in options.sequences.split(",")):
        both = [row(model, count, options, unified) for unified in (True, False)]
        rows.append(max(both, key=lambda one: one["writtenTokensPerSecond"]))
    both = [new_prompt(model, options, unified) for unified in (True, False)]
    alone, beside = min(both, key=lambda steps: steps[1])
    print(json.dumps({"rows": rows, "aloneMillis": alone * 1e3, "besideMillis": beside * 1e3}))


main()
