"""Tiny random models with what Transformers and PEFT compute on them, for the tests and for `doppio parity`.

    pip install torch transformers==5.23.0 peft==0.21.0
    python tools/golden/models.py --out golden/models [--seed 0]

Of each model: logits, hidden states, log-probabilities, entropies, greedy continuations and the gradient of an objective
by every weight; of Qwen2, Llama and Qwen3, tied and untied. Of each adapter: logits, gradients by its matrices, and merged
weights. Weights are f32, everything computed from them is f64, rounded to f32 where it is stored.
"""

import argparse
import json
import pathlib
import shutil

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

SHAPE = dict(
    vocab_size=320,
    hidden_size=32,
    intermediate_size=80,
    num_hidden_layers=2,
    max_position_embeddings=512,
    initializer_range=0.25,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
)
MODELS = {
    "tiny-qwen2": ("qwen2", dict(num_attention_heads=2, num_key_value_heads=1, tie_word_embeddings=False, rope_theta=1e4)),
    "tiny-qwen2-tied": (
        "qwen2",
        dict(num_attention_heads=2, num_key_value_heads=2, tie_word_embeddings=True, rope_theta=1e6),
    ),
    "tiny-llama": (
        "llama",
        dict(
            num_attention_heads=2,
            num_key_value_heads=2,
            tie_word_embeddings=True,
            rope_theta=1e5,
            rms_norm_eps=1e-5,
        ),
    ),
    "tiny-qwen3": (
        "qwen3",
        dict(num_attention_heads=4, num_key_value_heads=1, head_dim=16, tie_word_embeddings=True, rope_theta=1e6),
    ),
}
EVERY = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LORA = dict(r=4, lora_alpha=16, target_modules=EVERY)
ADAPTERS = {
    "tiny-qwen2": {
        "lora": LORA,
        "lora-qv-rslora": dict(r=8, lora_alpha=8, use_rslora=True, target_modules=["q_proj", "v_proj"]),
        "lora-patterns": dict(
            r=2,
            lora_alpha=4,
            target_modules=["o_proj", "down_proj"],
            rank_pattern={"down_proj": 6},
            alpha_pattern={"down_proj": 3},
        ),
    },
    "tiny-qwen2-tied": {"lora": LORA},
    "tiny-llama": {"lora": LORA},
    "tiny-qwen3": {"lora": LORA},
}
LENGTHS = [24, 13, 7, 2]
PROMPTS = [3, 4, 5, 6, 9, 11, 3, 4]
MAX_NEW = 16
LIMIT = "expect max abs error below 2e-4 of each tensor's max in float32"


def f32(tensor):
    return tensor.detach().to(torch.float32).contiguous().clone()


def make_model(kind, options, generator):
    theta = options.pop("rope_theta")
    config = AutoConfig.for_model(kind, **{**SHAPE, **options}, rope_parameters={"rope_type": "default", "rope_theta": theta})
    config.architectures = [{"qwen2": "Qwen2", "llama": "Llama", "qwen3": "Qwen3"}[kind] + "ForCausalLM"]
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            # Norms near 1 and biases that are not zero, so that nothing drops out of the comparison.
            parameter.copy_(1 + 0.2 * noise if "norm" in name else SHAPE["initializer_range"] * noise)
    return model


def plain_config(config, theta):
    """The older spelling of rope, which more readers know."""
    kept = {k: v for k, v in config.to_dict().items() if k not in ("rope_parameters", "transformers_version")}
    return {**kept, "dtype": "float32", "rope_theta": theta}


def scores(model, ids):
    output = model(input_ids=torch.tensor([ids]), output_hidden_states=True)
    logits = output.logits[0]
    log = torch.log_softmax(logits[:-1], -1)
    chosen = log.gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
    return logits, chosen, -(log.exp() * log).sum(-1), [state[0] for state in output.hidden_states]


def objective_of(model, sequences, weights):
    """sum_t weight_t logp_t + 0.01 sum_t entropy_t, and the tensors it is made of."""
    total, tensors = 0, {}
    for i, (ids, weight) in enumerate(zip(sequences, weights)):
        logits, chosen, entropies, hidden = scores(model, ids)
        total = total + (torch.tensor(weight, dtype=torch.float64) * chosen).sum() + 0.01 * entropies.sum()
        tensors |= {f"logits.{i}": logits, f"logps.{i}": chosen, f"entropies.{i}": entropies}
        if i == 0:
            tensors |= {f"hidden.{layer}": state for layer, state in enumerate(hidden)}
    return total, tensors


@torch.no_grad()
def greedy(model, prompt):
    ids = list(prompt)
    while len(ids) - len(prompt) < MAX_NEW:
        ids.append(int(model(input_ids=torch.tensor([ids])).logits[0, -1].argmax()))
        if ids[-1] == SHAPE["eos_token_id"]:
            break
    return ids[len(prompt) :]


def write_adapter(model, name, options, folder, sequences, weights, generator):
    peft = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **options))
    trained = {key: value for key, value in peft.named_parameters() if "lora_" in key}
    with torch.no_grad():
        for key, value in trained.items():
            value.copy_(f32(0.15 * torch.randn(value.shape, generator=generator)).to(value.dtype))
    objective, tensors = objective_of(peft, sequences, weights)
    peft.zero_grad()
    objective.backward()
    stored = lambda key: key.replace(".default", "")
    tensors = {key: value for key, value in tensors.items() if key.startswith("log")}
    tensors |= {f"grad.{stored(key)}": value.grad for key, value in trained.items()}
    peft.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    config = {**json.loads(path.read_text()), "base_model_name_or_path": name}
    config["target_modules"] = sorted(config["target_modules"])
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    matrices = {stored(key): f32(value) for key, value in trained.items()}
    save_file(matrices, folder / "adapter_model.safetensors", metadata={"format": "pt"})  # as PEFT does
    base = peft.merge_and_unload()
    merged = {f"merged.{key}": value for key, value in base.named_parameters() if ".1." in key and "_proj.weight" in key}
    wanted = [f"merged.model.layers.1.{'mlp' if m in EVERY[4:] else 'self_attn'}.{m}.weight" for m in options["target_modules"]]
    tensors |= {key: merged[key] for key in wanted}
    save_file({key: f32(value) for key, value in tensors.items()}, folder / "expected.safetensors")
    about = "as ../cases.json with this adapter in place; merged.NAME: base + scaled B A for layer 1"
    (folder / "cases.json").write_text(json.dumps({"about": about, "objective": objective.item()}) + "\n")


def write_model(folder, name, generator):
    kind, options = MODELS[name]
    theta = options["rope_theta"]
    model = make_model(kind, dict(options), generator)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(plain_config(model.config, theta), indent=2) + "\n")
    state = {key: f32(value) for key, value in model.named_parameters()}
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    model = model.double()
    ids = lambda length: torch.randint(3, SHAPE["vocab_size"], (length,), generator=generator).tolist()
    sequences = [ids(length) for length in LENGTHS]
    weights = [[round(value, 9) for value in torch.randn(length - 1, generator=generator).tolist()] for length in LENGTHS]
    objective, tensors = objective_of(model, sequences, weights)
    objective.backward()
    tensors |= {f"grad.{key}": value.grad for key, value in model.named_parameters()}
    save_file({key: f32(value) for key, value in tensors.items()}, folder / "expected.safetensors")
    prompts = [ids(length) for length in PROMPTS]
    about = (
        "sequences (ids), weights [len-1] of the objective L = sum_t weight_t * logp_t + 0.01 * sum_t entropy_t (logp of token "
        "t+1 given tokens up to t), its value, and greedy continuations (stop at id 2, at most 16). expected.safetensors: "
        "logits.i [len, vocab], logps.i [len-1], entropies.i [len-1], hidden.l [len, hidden] of sequence 0 after l layers (the "
        "last one after the final norm), grad.NAME = dL/dNAME with no adapter. Float64 results rounded to float32; " + LIMIT + "."
    )
    cases = {
        "about": about,
        "sequences": sequences,
        "weights": weights,
        "objective": objective.item(),
        "greedy": [{"prompt": prompt, "completion": greedy(model, prompt)} for prompt in prompts],
    }
    (folder / "cases.json").write_text(json.dumps(cases) + "\n")
    for adapter, lora in ADAPTERS[name].items():
        fresh = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager")
        write_adapter(fresh, name, lora, folder / adapter, sequences, weights, generator)


def write_sharded_bf16(root, generator):
    source, folder = root / "tiny-qwen2", root / "tiny-qwen2-bf16-sharded"
    model = AutoModelForCausalLM.from_pretrained(source, dtype=torch.bfloat16)
    model.save_pretrained(folder, max_shard_size="40KB")
    (folder / "generation_config.json").unlink(missing_ok=True)
    config = json.loads((source / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "dtype": "bfloat16"}, indent=2) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    generator = torch.Generator().manual_seed(arguments.seed)
    shutil.rmtree(arguments.out, ignore_errors=True)
    for name in MODELS:
        write_model(arguments.out / name, name, generator)
    write_sharded_bf16(arguments.out, generator)
