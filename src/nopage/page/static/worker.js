// Runs nopage in the browser's own Python. It is begun by app.js as text, so that the page's policy holds here too.
const LOCKED = ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "indexedDB",
  "caches", "importScripts", "BroadcastChannel", "RTCPeerConnection", "Worker", "SharedWorker"];
let desk;

async function begin({base, archives, lock}) {
  const {loadPyodide} = await import(`${base}engine/pyodide.mjs`);
  const files = archives.map(async (name) => [name, await (await fetch(`${base}engine/${name}`)).arrayBuffer()]);
  const python = await loadPyodide({indexURL: `${base}engine/`, lockFileContents: lock});
  for (const [name, data] of await Promise.all(files)) python.unpackArchive(data, name.endsWith(".whl") ? "wheel" : "zip");
  // nothing is asked for, kept or sent from here on
  for (const name of LOCKED) {
    try { Object.defineProperty(self, name, {value: undefined, configurable: false, writable: false}); } catch { /* not there */ }
  }
  desk = python.runPython("from nopage.page.desk import Desk\nDesk()");
}

function answer({files, release, language}) {
  const texts = files.map(({name, data}) => [name, data]);
  return desk.answer_buffers(texts, release, language);
}

addEventListener("message", async ({data}) => {
  try {
    if (data.ask === "begin") {
      await begin(data);
      postMessage({number: data.number, said: {kind: "ready"}});
    } else if (data.ask === "answer") {
      postMessage({number: data.number, said: JSON.parse(answer(data))});
    } else {
      postMessage({number: data.number, said: JSON.parse(desk.what_if_json(JSON.stringify(data.asked)))});
    }
  } catch (error) {
    postMessage({number: data.number, failed: String(error?.message ?? error).split("\n").filter(Boolean).at(-1)});
  }
});
