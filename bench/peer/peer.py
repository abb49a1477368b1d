"""Measures llama.cpp on one model file: prefill and greedy decode, as JSON on standard output.

Drives llama_decode directly, so that no Python code stands between two tokens but the choice of
the best one. The peer reads its weights as they lie in the file and keeps its default f16 cache.
"""

import argparse
import ctypes
import json
import time

import llama_cpp as peer
import numpy


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--prompt-tokens", type=int, default=512)
    parser.add_argument("--generate-tokens", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--plain-buffers",
        action="store_true",
        help="without repacked weights and matrix units, whose use some virtual machines forbid",
    )
    return parser.parse_args()


def quiet(_level, _text, _data):
    pass


def decode(context, tokens):
    """Appends tokens to the context and returns the most likely next one."""
    array = (peer.llama_token * len(tokens))(*tokens)
    status = peer.llama_decode(context, peer.llama_batch_get_one(array, len(tokens)))
    if status != 0:
        raise RuntimeError(f"llama_decode: found status {status}, expected 0")
    logits = peer.llama_get_logits_ith(context, -1)
    return int(numpy.ctypeslib.as_array(logits, shape=(decode.vocab_size,)).argmax())


def load(file, plain_buffers):
    """The model of a file, without what the peer tells while it loads it."""
    load.callback = peer.llama_log_callback(quiet)
    peer.llama_log_set(load.callback, ctypes.c_void_p(0))
    peer.llama_backend_init()
    loading = peer.llama_model_default_params()
    loading.use_extra_bufts = not plain_buffers
    model = peer.llama_model_load_from_file(file.encode(), loading)
    if not model:
        raise SystemExit(f"the peer cannot load {file}")
    return model


def vocab_size(model):
    return peer.llama_vocab_n_tokens(peer.llama_model_get_vocab(model))


def main():
    options = arguments()
    start = time.perf_counter()
    model = load(options.model, options.plain_buffers)
    parameters = peer.llama_context_default_params()
    parameters.n_ctx = options.prompt_tokens + options.generate_tokens + 8
    parameters.n_batch = parameters.n_ubatch = options.prompt_tokens
    parameters.n_threads = parameters.n_threads_batch = options.threads
    context = peer.llama_init_from_model(model, parameters)
    decode.vocab_size = vocab_size(model)
    loaded = time.perf_counter()

    prompt = [1000 + i * 7919 % (decode.vocab_size - 2000) for i in range(options.prompt_tokens)]
    decode(context, prompt)  # warm, as the other side is
    peer.llama_memory_clear(peer.llama_get_memory(context), True)

    before = time.perf_counter()
    token = decode(context, prompt)
    prefilled = time.perf_counter()
    for _ in range(options.generate_tokens):
        token = decode(context, [token])
    done = time.perf_counter()
    print(
        json.dumps(
            {
                "loadSeconds": loaded - start,
                "prefillTokensPerSecond": options.prompt_tokens / (prefilled - before),
                "decodeTokensPerSecond": options.generate_tokens / (done - prefilled),
            }
        )
    )


if __name__ == "__main__":
    main()
