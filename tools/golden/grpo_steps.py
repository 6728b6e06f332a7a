"""Whole GRPO updates on a tiny model: tokens and rewards in, adapter out, for the tests and for `doppio parity`.

    pip install torch transformers==5.23.0 peft==0.21.0
    python tools/golden/grpo_steps.py --models golden/numeric/models --out golden/numeric/grpo-steps [--seed 0]

Several optimizer updates on one batch with the old log-probabilities fixed: PyTorch's autograd, clipping and AdamW in
float64. The losses are written out here; that they are TRL's is what grpo-losses.json is for.
"""

import argparse
import json
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

EVERY = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
MODEL = "tiny-qwen2"
SHARED = {
    "r": 4,
    "lora_alpha": 16,
    "epsilon": 0.2,
    "max_completion_length": 12,
    "lr": 1e-3,
    "weight_decay": 0.0,
    "betas": [0.9, 0.999],
    "eps": 1e-8,
    "max_grad_norm": 1.0,
}
CASES = [
    {"loss_type": "grpo", "beta": 0.04, "scale_rewards": "group", "updates": 3},
    {"loss_type": "dapo", "beta": 0.0, "scale_rewards": "group", "updates": 2},
    {"loss_type": "dr_grpo", "beta": 0.0, "scale_rewards": "none", "updates": 2},
    {"loss_type": "bnpo", "beta": 0.04, "scale_rewards": "batch", "updates": 3},
]
PROMPTS, GROUP = (5, 9, 3), 4
ABOUT = (
    "Whole GRPO updates on models/tiny-qwen2 with a LoRA adapter on all seven projections (start.* to end.* in the named file, "
    "PEFT tensor names): prompts x completions (token ids) with given rewards, group-relative advantages, then several optimizer "
    "updates on the same batch with old log-probabilities fixed. Gradient, clipping and AdamW: PyTorch; float64. updates[i] holds "
    "the loss and gradient norm before update i; clipped_grad.* is update 0's gradient after clipping. Expect losses within 1e-5, "
    "gradients within 1e-3 relative of each tensor's norm, adapter change (end - start) within 1e-2 relative (AdamW normalises "
    "tiny gradients)."
)


def log_probs(model, batch):
    """Log-probabilities of each completion's tokens, a tensor per completion."""
    found = []
    for prompt, completion in batch:
        logits = model(input_ids=torch.tensor([prompt + completion])).logits[0, len(prompt) - 1 : -1]
        chosen = torch.log_softmax(logits, -1).gather(1, torch.tensor(completion)[:, None])
        found.append(chosen[:, 0])
    return found


def advantages_of(rewards, scale):
    rewards = torch.tensor(rewards, dtype=torch.float64)
    centred = rewards - rewards.mean(1, keepdim=True)
    if scale == "group":
        return (centred / (rewards.std(1, keepdim=True) + 1e-4)).flatten()
    return (centred / (rewards.std() + 1e-4) if scale == "batch" else centred).flatten()


def loss_of(case, now, old, reference, advantages):
    terms = []
    for i, logps in enumerate(now):
        ratio = torch.exp(logps - old[i])
        clipped = ratio.clamp(1 - case["epsilon"], 1 + case["epsilon"])
        term = -torch.min(ratio * advantages[i], clipped * advantages[i])
        if reference is not None:
            gap = reference[i] - logps
            term = term + case["beta"] * (gap.exp() - gap - 1)
        terms.append(term)
    if case["loss_type"] == "grpo":
        return torch.stack([term.mean() for term in terms]).mean()
    total = sum(term.sum() for term in terms)
    if case["loss_type"] == "dr_grpo":
        return total / (len(terms) * case["max_completion_length"])
    return total / sum(len(term) for term in terms)


def run(options, file, models, out, generator):
    case = {"file": file, "model": f"models/{MODEL}", **SHARED, **options}
    ids = lambda n: torch.randint(3, 320, (n,), generator=generator).tolist()
    lengths = torch.randint(1, SHARED["max_completion_length"] + 1, (len(PROMPTS), GROUP), generator=generator)
    case["prompts"] = [ids(n) for n in PROMPTS]
    case["completions"] = [[ids(n) for n in row] for row in lengths.tolist()]
    # The last group's rewards are equal: it has no signal of its own.
    drawn = torch.rand(len(PROMPTS) - 1, GROUP, generator=generator) * 2
    case["rewards"] = [[round(x, 1) for x in row] for row in drawn.tolist()] + [[0.5] * GROUP]
    advantages = advantages_of(case["rewards"], case["scale_rewards"])
    case["advantages"] = advantages.tolist()

    base = AutoModelForCausalLM.from_pretrained(models / MODEL, dtype=torch.float64, attn_implementation="eager")
    config = LoraConfig(r=case["r"], lora_alpha=case["lora_alpha"], target_modules=EVERY, task_type="CAUSAL_LM")
    model = get_peft_model(base, config)
    trained = {name.replace(".default", ""): p for name, p in model.named_parameters() if p.requires_grad}
    tensors = {}
    with torch.no_grad():
        for name, parameter in trained.items():
            start = 0.07 * torch.randn(parameter.shape, generator=generator)
            parameter.copy_(start.double())
            tensors[f"start.{name}"] = start
    batch = [(prompt, c) for prompt, group in zip(case["prompts"], case["completions"]) for c in group]
    with torch.no_grad():
        old = log_probs(model, batch)
        with model.disable_adapter():
            reference = log_probs(model, batch) if case["beta"] > 0 else None

    optimizer = torch.optim.AdamW(
        trained.values(), lr=case["lr"], betas=case["betas"], eps=case["eps"], weight_decay=case["weight_decay"]
    )
    count, case["updates"] = case["updates"], []
    for update in range(count):
        optimizer.zero_grad()
        loss = loss_of(case, log_probs(model, batch), old, reference, advantages)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(trained.values(), case["max_grad_norm"])
        if update == 0:
            tensors |= {f"clipped_grad.{name}": p.grad.float().clone() for name, p in trained.items()}
        case["updates"].append({"loss": loss.item(), "grad_norm": norm.item(), "metrics": {}})
        optimizer.step()
    tensors |= {f"end.{name}": p.detach().float().clone() for name, p in trained.items()}
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, out / file)
    padded = lambda rows: [row.tolist() + [0.0] * (SHARED["max_completion_length"] - len(row)) for row in rows]
    case["ref_logps"] = padded(reference) if reference is not None else None
    case["old_logps"] = padded(old)
    return case


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    generator = torch.Generator().manual_seed(arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    files = [f"step-{i}.safetensors" for i in range(len(CASES))]
    cases = [run(options, file, arguments.models, arguments.out, generator) for options, file in zip(CASES, files)]
    (arguments.out / "cases.json").write_text(json.dumps({"about": ABOUT, "cases": cases}) + "\n")
