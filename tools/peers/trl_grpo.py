"""GRPO steps of TRL on PyTorch in the shape of `doppio bench grpo`, for a comparison on the same machine.

    pip install torch trl==1.16 peft datasets
    python tools/peers/trl_grpo.py --model DIR [--steps 5]

Random prompts and rewards, every completion at full length, beta 0, one update per batch, f32 on the CPU. The model is a
folder in Hugging Face form; it needs no tokenizer. Prints JSON; the first step warms up and is not counted.
"""

import argparse
import json
import random
import resource
import tempfile
import time

import torch
from datasets import Dataset
from peft import LoraConfig
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

flags = argparse.ArgumentParser()
flags.add_argument("--model", required=True)
flags.add_argument("--prompts", type=int, default=16)
flags.add_argument("--group", type=int, default=8)
flags.add_argument("--prompt-tokens", type=int, default=16)
flags.add_argument("--completion-tokens", type=int, default=48)
flags.add_argument("--rank", type=int, default=16)
flags.add_argument("--steps", type=int, default=5)
flags = flags.parse_args()

random.seed(0)
model = AutoModelForCausalLM.from_pretrained(flags.model, dtype=torch.float32)
vocabulary = {f"t{i}": i for i in range(model.config.vocab_size)}
words = Tokenizer(models.WordLevel(vocabulary, unk_token="t0"))
words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=words, pad_token="t0", eos_token="t1", unk_token="t0"
)
names = list(vocabulary)[2:]
prompts = [
    " ".join(random.choices(names, k=flags.prompt_tokens))
    for _ in range(flags.prompts * (flags.steps + 1))
]


class Times(TrainerCallback):
    steps = []

    def on_step_begin(self, *_, **__):
        self.began = time.perf_counter()

    def on_step_end(self, *_, **__):
        self.steps.append(time.perf_counter() - self.began)


class Timed(GRPOTrainer):
    sampling = []

    def _generate(self, *args, **kwargs):
        began = time.perf_counter()
        try:
            return super()._generate(*args, **kwargs)
        finally:
            self.sampling.append(time.perf_counter() - began)


with tempfile.TemporaryDirectory() as out:
    trainer = Timed(
        model=model,
        processing_class=tokenizer,
        reward_funcs=lambda completions, **_: [random.random() for _ in completions],
        train_dataset=Dataset.from_dict({"prompt": prompts}),
        peft_config=LoraConfig(
            r=flags.rank, lora_alpha=2 * flags.rank, target_modules="all-linear"
        ),
        callbacks=[Times()],
        args=GRPOConfig(
            output_dir=out,
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            per_device_train_batch_size=flags.prompts * flags.group,
            num_generations=flags.group,
            max_completion_length=flags.completion_tokens,
            generation_kwargs={"min_new_tokens": flags.completion_tokens},
            temperature=1.0,
            beta=0.0,
            max_steps=flags.steps + 1,
            learning_rate=1e-4,
            logging_strategy="no",
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
        ),
    )
    trainer.train()

steps, sampling = Times.steps[1:], Timed.sampling[1:]
seconds = sum(steps) / len(steps)
sample = sum(sampling) / len(sampling)
print(
    json.dumps(
        {
            "seconds_per_step": seconds,
            "sample_seconds": sample,
            "train_seconds": seconds - sample,
            "completion_tokens_per_step": flags.prompts
            * flags.group
            * flags.completion_tokens,
            "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
        indent=2,
    )
)
