// The worker: one at a time, ended when it takes too long or fails, begun again.
import {GIVEN} from "./given.js";

const LIMIT_MS = 20000;
const base = new URL("./", location.href).href;
const waiting = new Map();
let worker = null, ready = null, control = null, number = 0;

export class Slow extends Error {}
export class NotBegun extends Error {}

function send(message, transfer = []) {
  return new Promise((resolve, reject) => {
    waiting.set(++number, {resolve, reject});
    worker.postMessage({...message, number}, transfer);
  });
}
function end(error) {
  worker?.terminate();
  worker = ready = null;
  for (const {reject} of waiting.values()) reject(error);
  waiting.clear();
}
async function start() {
  const text = await (await fetch("worker.js")).text();
  const address = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
  worker = new Worker(address, {type: "module"});
  worker.onmessage = ({data}) => {
    const one = waiting.get(data.number);
    waiting.delete(data.number);
    if (data.failed !== undefined) one?.reject(new Error(data.failed)); else one?.resolve(data.said);
  };
  worker.onerror = (event) => { event.preventDefault(); end(new Error(event.message || "worker")); };
  await send({ask: "begin", base, archives: GIVEN.archives, lock: GIVEN.lock});
}
async function controlled() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("sw.js");
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, {once: true}));
  } catch { /* without it the page works as long as there is a network */ }
}

// Resolves when Python is there; what failed before is tried anew.
export function begun() {
  ready ??= (control ??= controlled()).then(start).catch((error) => { end(error); throw new NotBegun(error.message); });
  return ready;
}
// The worker's answer. One that failed or was too slow has left its memory in no known state: the next has a new one.
export async function ask(message, transfer = []) {
  await begun();
  const mine = worker;
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Slow()), LIMIT_MS); });
  try {
    return await Promise.race([send(message, transfer), late]);
  } catch (error) {
    if (worker === mine) end(error);
    begun().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
