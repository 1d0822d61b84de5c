"""Makes the tiny models of this folder: random weights in the shapes of model families that the golden models lack, and what numpy says they compute.

    PYTHONPATH=<llama.cpp>/gguf-py python3 make.py

Needs numpy, and gguf-py of llama.cpp v0.5.0 (MIT).
"""
import json
from pathlib import Path

import numpy as np
from gguf import GGUFReader, GGUFValueType, GGUFWriter, PoolingType, TokenType

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden" / "models"


def tiny_bert():
    """An encoder that reads both ways, pools by the mean and can't generate; as MiniLM and BGE are. Source: Devlin et al., BERT (2018)."""
    width, inner, layers, heads, length = 32, 64, 2, 4, 64
    letters = "abcdefghijklmnopqrstuvwxyz"
    # A word's first piece has a mark before it, the others none (llama.cpp's form of WordPiece).
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"▁{c}" for c in letters), *letters, "▁hello", "▁world", "▁the", "ing", "▁.", "▁,"]
    random = np.random.default_rng(7)

    def weight(*shape):
        return random.normal(0, 0.3, shape).astype(np.float32)

    tensors = {
        "token_embd.weight": weight(len(tokens), width), "token_types.weight": weight(2, width), "position_embd.weight": weight(length, width),
        "token_embd_norm.weight": 1 + weight(width), "token_embd_norm.bias": weight(width),
    }
    for layer in range(layers):
        for name, rows, columns in [("attn_q", width, width), ("attn_k", width, width), ("attn_v", width, width), ("attn_output", width, width),
                                    ("ffn_up", inner, width), ("ffn_down", width, inner)]:
            tensors[f"blk.{layer}.{name}.weight"] = weight(rows, columns)
            tensors[f"blk.{layer}.{name}.bias"] = weight(rows)
        for name in ("attn_output_norm", "layer_output_norm"):
            tensors[f"blk.{layer}.{name}.weight"] = 1 + weight(width)
            tensors[f"blk.{layer}.{name}.bias"] = weight(width)

    writer = GGUFWriter(HERE / "tiny-bert.gguf", "bert")
    writer.add_name("tiny-bert")
    writer.add_context_length(length)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(inner)
    writer.add_block_count(layers)
    writer.add_head_count(heads)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(PoolingType.MEAN)
    writer.add_tokenizer_model("bert")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.CONTROL if t.startswith("[") else TokenType.NORMAL for t in tokens])
    writer.add_token_type_count(2)
    for add, id in [(writer.add_pad_token_id, 0), (writer.add_unk_token_id, 1), (writer.add_sep_token_id, 3),
                    (writer.add_mask_token_id, 4), (writer.add_bos_token_id, 2)]:
        add(id)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    close(writer)

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    def linear(x, name):
        return x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]

    def embed(ids):
        x = tensors["token_embd.weight"][ids] + tensors["token_types.weight"][0] + tensors["position_embd.weight"][: len(ids)]
        x = norm(x, "token_embd_norm")
        for layer in range(layers):
            at = f"blk.{layer}"
            q, k, v = (linear(x, f"{at}.attn_{part}").reshape(len(ids), heads, -1).transpose(1, 0, 2) for part in "qkv")
            scores = q @ k.transpose(0, 2, 1) / np.sqrt(width // heads)
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            mixed = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), width)
            x = norm(x + linear(mixed, f"{at}.attn_output"), f"{at}.attn_output_norm")
            up = linear(x, f"{at}.ffn_up")
            up = 0.5 * up * (1 + np.tanh(np.sqrt(2 / np.pi) * (up + 0.044715 * up**3)))
            x = norm(x + linear(up, f"{at}.ffn_down"), f"{at}.layer_output_norm")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)

    texts = {
        "hello world": ["▁hello", "▁world"],
        "the sing": ["▁the", "▁s", "ing"],
        "a": ["▁a"],
        "the world, a world.": ["▁the", "▁world", "▁,", "▁a", "▁world", "▁."],
    }
    expected = []
    for text, pieces in texts.items():
        ids = [2, *(tokens.index(piece) for piece in pieces), 3]
        expected.append({"text": text, "token_ids": ids, "embedding": [round(float(x), 6) for x in embed(ids)]})
    (HERE / "tiny-bert.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def tiny_fim():
    """The golden tiny-llama, with three tokens of its vocabulary renamed to those that mark a gap."""
    reader = GGUFReader(GOLDEN / "tiny-llama.gguf")
    writer = GGUFWriter(HERE / "tiny-fim.gguf", "llama")
    count = len(reader.fields["tokenizer.ggml.tokens"].data)
    marks = {count - 3: "<|fim_prefix|>", count - 2: "<|fim_suffix|>", count - 1: "<|fim_middle|>"}
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        value = field.contents()
        if name == "tokenizer.ggml.tokens":
            value = [marks.get(id, token) for id, token in enumerate(value)]
        if name == "tokenizer.ggml.token_type":
            value = [int(TokenType.CONTROL) if id in marks else kind for id, kind in enumerate(value)]
        kind = field.types[0]
        if kind == GGUFValueType.ARRAY:
            if name == "tokenizer.ggml.merges":
                gone = {reader.fields["tokenizer.ggml.tokens"].contents()[id] for id in marks}
                value = [merge for merge in value if merge.replace(" ", "") not in gone]
            writer.add_array(name, value)
        else:
            writer.add_key_value(name, value, kind)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    close(writer)


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


tiny_bert()
tiny_fim()
