import fs from 'node:fs';
import { nanoConfig, initialWeights } from '/work/main/tools/nano/initial-weights.ts';
import { createRuntimeHost } from '@doppio/runtime';
import { saveModel } from '@doppio/models';
import * as M from '@doppio/models';
import { Engine, OnnxPolicy } from '@doppio/onnx-policy';
import { SamplerSessions, OnnxSampler } from '@doppio/onnx-sampler';
import { pretrainingExamples, VOCABULARY, uniqueProblems, questionOf, valueOf, tokenizerJson, tokenizerConfigJson, specialTokensMapJson } from '@doppio/arithmetic-suite';
const config=(M as any).parseModelConfig ? (M as any).parseModelConfig(nanoConfig, 'nano') : undefined;
console.log(config);
const tok={vocabularySize:48,stopIds:[VOCABULARY.indexOf('<|im_end|>')],encode(t:string){ const out:number[]=[]; const re=/<\|im_start\|>|<\|im_end\|>|<think>|<\/think>|user|assistant|\n|[\s\S]/g; for(const m of t.match(re)??[]) { const i=VOCABULARY.indexOf(m); if(i<0) throw new Error('tok '+m); out.push(i);} return Int32Array.from(out)},decode(ids:any){return Array.from(ids,(i:any)=>VOCABULARY[i]).join('')},applyChatTemplate(ms:any){ return this.encode(ms.map((m:any)=>`<|im_start|>${m.role}\n${m.content}<|im_end|>\n`).join('')+'<|im_start|>assistant\n')}} as any;
const seed=Number(process.env.SEED??1); const LR=2e-3;
const tensors=initialWeights(config,seed); let n=0; for(const t of tensors.values()) n+=t.data.length; console.log('parameters',n);
const params=[...tensors].map(([name,t])=>({name,shape:t.shape,data:t.data}));
const full={id:'full',kind:'full',parameters:params,lowRank:()=>undefined,save:async()=>{}} as any;
const host=await createRuntimeHost({name:'policy'});
const engine=await Engine.create(host,config,{config,tensors} as any,full);
const pol=new OnnxPolicy(engine,tok,{microBatchTokens:1400,headChunkRows:4096,keepActivationsMegabytes:600});
const shost=await createRuntimeHost({name:'sampler'});
const samp=new OnnxSampler(new SamplerSessions(shost,config,{config,tensors} as any),tok,{chunkTokens:16,maxRows:400,cacheMegabytes:512});
const probs=uniqueProblems({split:'selection'} as any,7,400);
async function ev(temp=1){ await samp.setAdapter(full); const r=await samp.sample({prompts:probs.map((p,i)=>({ids:tok.applyChatTemplate([{role:'user',content:questionOf(p)}]),samples:1,index:i})),parameters:{maxTokens:48,temperature:temp},key:{seed:7,purpose:'sel',step:0}}); let ok=0,wf=0; const by:any={}; r.completions.forEach((c,i)=>{ const t=tok.decode(c[0]!.ids); const m=/^<think>[^<]*<\/think>(\d+)<\|im_end\|>$/.exec(t); if(m) wf++; const good=m&&Number(m[1])===valueOf(probs[i]!); if(good) ok++; const k=probs[i]!.kind+probs[i]!.difficulty; by[k]??=[0,0]; by[k][1]++; if(good) by[k][0]++; }); return {p:ok/400,wf:wf/400,by:Object.entries(by).map(([k,v]:any)=>k+':'+(v[0]/v[1]).toFixed(2)).sort().join(' '), ex:tok.decode(r.completions[0]![0]!.ids)}; }
const m=params.map(p=>new Float32Array(p.data.length)), v=params.map(p=>new Float32Array(p.data.length));
const B=64; const t0=performance.now(); const [b1,b2]=[0.9,0.98];
for(let s=0;s<Number(process.env.STEPS??900);s++){
  const ex=pretrainingExamples(seed,s*B,B); const groups=ex.map(e=>({promptIds:tok.applyChatTemplate([{role:'user',content:e.question}]),completions:[tok.encode(e.completionText+'<|im_end|>')]}));
  const N=groups.reduce((a,g)=>a+g.completions[0]!.length,0); const grads=params.map(p=>new Float32Array(p.data.length));
  const r=await pol.accumulate(groups,{dLogProbs:new Float32Array(N).fill(-1/N)},grads);
  let loss=0; for(const x of r.scores.logProbs.data) loss-=x/N;
  let nn=0; for(const g of grads) for(let i=0;i<g.length;i++) nn+=g[i]!*g[i]!; const norm=Math.sqrt(nn); const cl=Math.min(1,1/(norm+1e-6)); const lr=LR*Math.min(1,(s+1)/100); const c1=1-b1**(s+1),c2=1-b2**(s+1);
  params.forEach((p,k)=>{ const g=grads[k]!,mm=m[k]!,vv=v[k]!,d=p.data; for(let i=0;i<d.length;i++){ const gi=g[i]!*cl; mm[i]=b1*mm[i]!+(1-b1)*gi; vv[i]=b2*vv[i]!+(1-b2)*gi*gi; d[i]=d[i]!*(1-lr*0.01)-lr*(mm[i]!/c1)/(Math.sqrt(vv[i]!/c2)+1e-8);} });
  if(s%20===0) console.log('step',s,'loss',loss.toFixed(4),'norm',norm.toFixed(2),((performance.now()-t0)/1000/(s+1)).toFixed(3),'s/step');
  if(s>=Number(process.env.EVFROM??350) && (s+1)%25===0 || s===49){ const e=await ev(); console.log('EVAL step',s+1,'pass',e.p.toFixed(3),'wf',e.wf.toFixed(3),e.by,e.ex); fs.mkdirSync(`/tmp/nano/${seed}/${s+1}`,{recursive:true}); await saveModel(`/tmp/nano/${seed}/${s+1}`,{...nanoConfig,eos_token_id:42,pad_token_id:40},tensors as any,{files:{'tokenizer.json':JSON.stringify(tokenizerJson()),'tokenizer_config.json':JSON.stringify(tokenizerConfigJson()),'special_tokens_map.json':JSON.stringify(specialTokensMapJson()),'generation_config.json':JSON.stringify({eos_token_id:42,pad_token_id:40})}} as any); if(e.p>0.62) break; }
}
process.exit(0);
