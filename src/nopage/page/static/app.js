// The page around the worker: what is given, what comes back. Nothing is stored; nothing is fetched once it is ready.
import {ask, begun, NotBegun, Slow} from "./runner.js";
import {GIVEN} from "./given.js";

const HELD_FROM = 1 << 20, HELD_SHOWN = 12, MOST_BYTES = 1 << 30, LADDER_MS = 120;
const ENDINGS = {html: "html", case: "txt", sysctl: "conf", ansible: "yml", json: "json"};
const $ = (id) => document.getElementById(id);
let words = GIVEN.words.en, language = "en", held = [], answered = null, settled = false, latest = 0;
const pasted = new WeakSet();

const say = (name, given = {}) => words[name].replace(/\{(\w+)\}/g, (whole, key) => given[key] ?? whole);

function status(text, {bad = false, code = ""} = {}) {
  const line = $("status");
  line.removeAttribute("data-word");
  line.classList.toggle("bad", bad);
  line.replaceChildren(text);
  if (code) line.append(" ", Object.assign(document.createElement("code"), {textContent: code}));
}

// What went wrong, in a sentence.
function failed(error) {
  if (error instanceof Slow) status(say("slow"), {bad: true});
  else if (error instanceof NotBegun) status(say("broken", {reason: error.message}), {bad: true});
  else status(say("failed", {reason: error.message}), {bad: true});
}

// What is given.
function show() {
  const list = $("held");
  list.hidden = !held.length;
  list.replaceChildren(...held.slice(0, HELD_SHOWN).map((one) => {
    const size = one.size >= 1 << 20 ? `${(one.size / (1 << 20)).toFixed(1)} MB` : `${Math.ceil(one.size / 1024)} kB`;
    const button = Object.assign(document.createElement("button"), {type: "button", textContent: "×"});
    button.setAttribute("aria-label", say("remove", {name: one.name}));
    button.addEventListener("click", () => { held = held.filter((other) => other !== one); show(); $("log").focus(); });
    const item = document.createElement("li");
    item.append(`${one.name} (${size})`, button);
    return item;
  }));
  if (held.length > HELD_SHOWN)
    list.append(Object.assign(document.createElement("li"),
      {className: "more", textContent: say("more", {count: held.length - HELD_SHOWN})}));
}
const hold = (files) => { held = held.concat([...files]); show(); };
function clear() {
  held = []; answered = null; settled = false;
  $("log").value = ""; $("files").value = ""; $("kernel").value = ""; $("out").hidden = true;
  $("answer").replaceChildren(); $("ladder").replaceChildren(); $("said").replaceChildren();
  show();
}
// A text of many megabytes in a text field is what freezes a page: it becomes a file. One that is pasted after an answer
// takes the place of the text before it.
function take(text) {
  if (settled) held = held.filter((one) => !pasted.has(one));
  settled = false;
  if (text.length < HELD_FROM) { show(); return false; }
  const file = new File([text], say("held"), {type: "text/plain"});
  pasted.add(file);
  $("log").setRangeText("");
  hold([file]);
  return true;
}
$("log").addEventListener("paste", (event) => {
  const files = event.clipboardData?.files;
  if (files?.length) { event.preventDefault(); hold(files); return; }
  if (take(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
});
$("log").addEventListener("focus", () => setTimeout(() => { if (settled) $("log").select(); }));
$("log").addEventListener("input", () => { settled = false; });
$("log").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); $("form").requestSubmit(); }
});
$("files").addEventListener("change", (event) => { hold(event.target.files); event.target.value = ""; });
for (const kind of ["dragover", "drop", "dragleave"])
  addEventListener(kind, (event) => {
    event.preventDefault();
    $("drop").classList.toggle("over", kind === "dragover");
    if (kind !== "drop") return;
    const text = event.dataTransfer.files.length ? "" : event.dataTransfer.getData("text/plain");
    if (text && !take(text)) $("log").setRangeText(text);
    hold(event.dataTransfer.files);
  });
$("clear").addEventListener("click", () => { clear(); status(say("ready")); $("log").focus(); });
for (const button of document.querySelectorAll("[data-example]"))
  button.addEventListener("click", () => {
    const files = GIVEN.examples[+button.dataset.example];
    clear();
    $("log").value = files.messages;
    hold(Object.entries(files).filter(([name]) => name !== "messages").map(([name, text]) => new File([text], name)));
    $("form").requestSubmit();
  });

// The answer.
$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("log").value;
  const files = [...(text.trim() ? [new File([text], "pasted text")] : []), ...held];
  if (!files.length) { status(say("empty"), {bad: true}); $("log").focus(); return; }
  if (files.reduce((sum, one) => sum + one.size, 0) > MOST_BYTES) { status(say("large"), {bad: true}); return; }
  const mine = ++latest;
  $("run").disabled = true;
  try {
    await begun();
    status(say("working"));
    const start = performance.now();
    const given = [];
    for (const one of files) {
      const data = await one.arrayBuffer().catch(() => null);
      if (!data) { status(say("unread", {name: one.name}), {bad: true}); return; }
      given.push({name: one.name, data});
    }
    const release = $("kernel").value;
    const said = await ask({ask: "answer", files: given, release, language}, given.map((one) => one.data));
    const seconds = (performance.now() - start) / 1000;
    if (mine === latest) told(said, seconds.toFixed(seconds < 1 ? 2 : 1));
  } catch (error) {
    if (mine === latest) failed(error);
  } finally {
    $("run").disabled = false;
  }
});
function told(said, seconds) {
  $("out").hidden = !["result", "mask"].includes(said.kind);
  if (said.kind === "nothing" || said.kind === "archive") {
    status(said.sentence, {bad: true, code: said.command});
    return;
  }
  answered = said; settled = true;
  const whole = said.kind === "result";
  for (const tab of document.querySelectorAll("[role=tab]")) tab.hidden = !whole && tab.id !== "tab-answer";
  for (const button of document.querySelectorAll("[data-save=html]")) button.hidden = !whole;
  if (whole) {
    $("answer").replaceChildren(...parsed(inside(said.html)));
    for (const [name, text] of Object.entries(said.documents)) $(`text-${name}`).textContent = text;
  } else {
    $("answer").replaceChildren(mask(said.lines));
  }
  select($("tab-answer"));
  sliders(whole ? said.sliders : []);
  status(say("done", {seconds}));
  $("panel-answer").focus({preventScroll: true});
  $("out").scrollIntoView({block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"});
}
// One mask as a list of what each flag asks for; several as the command's own table.
function mask([first, ...others]) {
  const make = (name, text) => Object.assign(document.createElement(name), {textContent: text});
  const section = Object.assign(document.createElement("section"), {className: "mask"});
  const rows = others.map((line) => /^ +(\S.*?) {2,}(\S.*)$/.exec(line));
  if (!rows.length || !rows.every(Boolean)) {
    section.append(Object.assign(make("pre", [first, ...others].join("\n")), {tabIndex: 0}));
    return section;
  }
  const list = document.createElement("dl");
  list.append(...rows.flatMap(([, name, text]) => [make("dt", name), make("dd", text)]));
  section.append(make("h2", first), list);
  return section;
}
// HTML that nopage escaped: a piece without scripts and styles of its own; the lengths of bars are set one by one.
function parsed(html) {
  const plain = html.replaceAll(/ style="(--size|height): ([\d.]+(?:rem)?)"/g, ' data-style="$1" data-size="$2"');
  const root = document.importNode(new DOMParser().parseFromString(plain, "text/html").body, true);
  for (const one of root.querySelectorAll("script, style, link, meta, iframe, object, embed, form, base")) one.remove();
  for (const one of root.querySelectorAll("[data-size]")) one.style.setProperty(one.dataset.style, one.dataset.size);
  return [...root.childNodes];
}
const inside = (html) => html.slice(html.indexOf("<main>") + 6, html.lastIndexOf("</main>"));

// Tabs.
const tabs = () => [...document.querySelectorAll("[role=tab]")].filter((one) => !one.hidden);
function select(tab) {
  for (const one of document.querySelectorAll("[role=tab]")) {
    one.setAttribute("aria-selected", String(one === tab));
    one.tabIndex = one === tab ? 0 : -1;
    $(one.getAttribute("aria-controls")).hidden = one !== tab;
  }
}
document.querySelector("[role=tablist]").addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) select(tab);
});
document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
  const all = tabs(), at = all.indexOf(document.activeElement);
  const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1}[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const tab = all[(to + all.length) % all.length];
  select(tab); tab.focus();
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies], [data-save]");
  if (!button || !answered) return;
  const form = button.dataset.copies ?? button.dataset.save;
  const text = form === "html" ? answered.html : answered.documents[form];
  if (button.dataset.copies) {
    try { await navigator.clipboard.writeText(text); }
    catch { getSelection().selectAllChildren($(`text-${form}`)); document.execCommand("copy"); }
    button.textContent = say("copied");
    setTimeout(() => { button.textContent = say("copy"); }, 2000);
    return;
  }
  const address = URL.createObjectURL(new Blob([text]));
  const link = Object.assign(document.createElement("a"), {href: address, download: `nopage.${ENDINGS[form]}`});
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
});

// What if.
let changing = 0;
function sliders(rows) {
  $("whatif").hidden = !rows.length;
  $("said").replaceChildren(); $("ladder").replaceChildren();
  $("sliders").replaceChildren(...rows.map(({name, label, value, least, most, step}) => {
    const row = Object.assign(document.createElement("div"), {className: "slider"});
    const title = Object.assign(document.createElement("label"), {htmlFor: `range-${name}`, textContent: label});
    const range = Object.assign(document.createElement("input"),
      {type: "range", id: `range-${name}`, min: least, max: most, step: 1, value});
    range.step = "any";
    const field = Object.assign(document.createElement("input"),
      {type: "number", id: `number-${name}`, min: 0, max: Number.MAX_SAFE_INTEGER, required: true, value});
    field.setAttribute("aria-label", label);
    field.dataset.setting = name; field.dataset.now = value;
    range.addEventListener("input", () => {
      field.value = Math.min(most, Math.max(least, Math.round(range.value / step) * step));
      if (Math.abs(range.value - value) < step / 2) field.value = value;
      soon();
    });
    range.addEventListener("keydown", (event) => {
      const way = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10}[event.key];
      if (!way) return;
      event.preventDefault();
      field.value = range.value = Math.min(most, Math.max(least, +field.value + way * step));
      soon();
    });
    field.addEventListener("input", () => { range.value = field.value; soon(); });
    row.append(title, range, field);
    return row;
  }));
  if (rows.length) redraw();
}
const settings = () => [...document.querySelectorAll("[data-setting]")];
function soon() { clearTimeout(changing); changing = setTimeout(redraw, LADDER_MS); }
async function redraw() {
  const fields = settings(), wrong = fields.find((one) => !one.validity.valid);
  if (wrong) {  // in the browser's own words
    $("said").replaceChildren(Object.assign(document.createElement("p"),
      {textContent: `${wrong.getAttribute("aria-label")}: ${wrong.validationMessage}`}));
    $("ladder").replaceChildren();
    return;
  }
  const changed = fields.some((one) => one.value !== one.dataset.now);
  const asked = changed ? Object.fromEntries(fields.map((one) => [one.dataset.setting, +one.value])) : {};
  const mine = answered;
  try {
    const said = await ask({ask: "what_if", asked});
    if (mine !== answered) return;
    $("said").replaceChildren(...(said.words ?? [said.sentence]).map((text) =>
      Object.assign(document.createElement("p"), {textContent: text})));
    $("ladder").replaceChildren(...(said.html ? parsed(said.html) : []));
    $("ladder").dataset.asked = JSON.stringify(asked);
  } catch (error) { failed(error); }
}
$("reset").addEventListener("click", () => {
  for (const one of settings()) { one.value = one.dataset.now; $(`range-${one.dataset.setting}`).value = one.dataset.now; }
  redraw();
});

// Languages.
function speak(wanted) {
  language = wanted in GIVEN.words ? wanted : "en";
  words = GIVEN.words[language];
  document.documentElement.lang = GIVEN.tags[language] ?? language;
  document.querySelector("[role=tablist]").setAttribute("aria-label", words.tabs);
  $("out").setAttribute("aria-label", words.answer);
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = words[one.dataset.word];
  document.title = `nopage: ${words.title}`;
  show();
}
const wanted = navigator.languages.map((one) => one.slice(0, 2)).find((one) => one in GIVEN.words) ?? "en";
$("language").value = wanted;
speak(wanted);
$("language").addEventListener("change", () => {
  speak($("language").value);
  if (answered) $("form").requestSubmit(); else begun().then(() => status(say("ready")), () => undefined);
});

begun().then(() => { status(say("ready")); document.documentElement.dataset.ready = "1"; }, failed);
