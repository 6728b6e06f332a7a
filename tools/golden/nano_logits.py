"""Golden numbers of the bundled model: Transformers' logits on a few chats, and a trained adapter through PEFT.

    pip install torch transformers peft
    python tools/golden/nano_logits.py [ADAPTER_FOLDER]

Writes packages/plugins/nano-preset/test/fixtures/nano-logits.json: token ids of each chat as the tokenizer and chat
template give them, log-probabilities of the next token at the last position, and of every token given those before it.
With an adapter folder it prints the largest change that the adapter makes, to show that PEFT loads it.
"""
import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

root = Path(__file__).resolve().parents[2]
folder = root / "packages/plugins/nano-preset/model"
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float64).eval()
cases = []
for question, answer in [("12+34=?", "<think>2+4=6,1+3=4</think>46"), ("4516*9=?", "<think>6*9=54</think>7"), ("(45+54)*6=?", "")]:
    ids = tokenizer.apply_chat_template([{"role": "user", "content": question}], add_generation_prompt=True, tokenize=True, return_dict=False)
    ids = list(ids) + tokenizer.encode(answer, add_special_tokens=False)
    with torch.no_grad():
        logps = torch.log_softmax(model(torch.tensor([ids])).logits[0], -1)
    cases.append({
        "question": question,
        "answer": answer,
        "ids": ids,
        "next": [round(x, 6) for x in logps[-1].tolist()],
        "tokens": [round(logps[i, ids[i + 1]].item(), 6) for i in range(len(ids) - 1)],
    })
out = root / "packages/plugins/nano-preset/test/fixtures/nano-logits.json"
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({"about": "Transformers on the bundled model in float64; expect 1e-4", "cases": cases}, indent=1) + "\n")
print(f"wrote {out}")
if len(sys.argv) > 1:
    from peft import PeftModel

    before = model(torch.tensor([cases[0]["ids"]])).logits
    adapted = PeftModel.from_pretrained(model, sys.argv[1]).eval()
    print("largest change by the adapter:", (adapted(torch.tensor([cases[0]["ids"]])).logits - before).abs().max().item())
