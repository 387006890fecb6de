(() => {
  const place = document.getElementById("fleet-rows");
  if (!place) return;
  const at = (id) => document.getElementById(id);
  const MARKED = {severity: "sev-", turn: "t-"}, PAGE = 50, field = at("fleet-filter"), body = at("fleet-table").tBodies[0], told = at("fleet-told");
  const unpack = async () => {
    const bytes = Uint8Array.from(atob(place.textContent.trim()), (one) => one.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  };
  const number = (value) => value < 0 ? "-" : value.toLocaleString("en");
  const start = (data) => {
    const columns = data.columns, named = new Map(columns.map((one) => [one.name, one]));
    for (const one of columns) {
      if (one.kind === "text") {
        one.low = one.each.map((text) => text.toLowerCase());
        one.found = one.words ? one.low.map((low, index) => `${low} ${one.words[index].toLowerCase()}`) : one.low;
      }
      if (one.kind === "own") one.low = one.values.map((text) => text.toLowerCase());
    }
    const text = (column, row) => column.kind === "number" ? number(column.values[row])
      : column.kind === "own" ? column.values[row] : (column.words ?? column.each)[column.values[row]];
    const source = (row) => {
      const folder = text(named.get("folder"), row), leaf = text(named.get("leaf"), row);
      return (folder && folder + "/") + leaf.replace("\u241f", () => text(named.get("name"), row));
    };
    const all = Array.from({length: data.rows}, (_, row) => row);
    let shown = all, page = 0, sorted = all, by = null, down = false;
    const test = (word) => {
      const exact = /^(\w+):(.+)$/.exec(word), column = exact && named.get(exact[1]);
      if (column) {
        const wanted = exact[2];
        if (column.kind === "number") return (row) => String(column.values[row]) === wanted;
        if (column.kind === "list") {
          const fits = column.each.map((list) => list.includes(Number(wanted)));
          return (row) => fits[column.values[row]];
        }
        if (column.kind === "own") return (row) => column.low[row] === wanted;
        const fits = column.low.map((one) => one.replace(/\s/g, "_") === wanted);
        return (row) => fits[column.values[row]];
      }
      const texts = columns.filter((one) => one.kind === "text").map((one) => [one, one.found.map((low) => low.includes(word))]);
      const owns = columns.filter((one) => one.kind === "own");
      return (row) => texts.some(([one, fits]) => fits[one.values[row]]) || owns.some((one) => one.low[row].includes(word));
    };
    const cell = (column, row) => {
      const made = document.createElement("td"), value = column.name === "source" ? source(row) : text(column, row);
      const link = column.name === "name" && named.has("page") ? text(named.get("page"), row) : "";
      if (link) {
        const anchor = document.createElement("a");
        anchor.href = link; anchor.textContent = value; made.append(anchor);
      } else made.textContent = value;
      if (column.kind === "number") made.className = "n";
      if (MARKED[column.name]) made.className = MARKED[column.name] + column.each[column.values[row]];
      if (column.name === "source") made.className = "s";
      return made;
    };
    const visible = columns.filter((one) => one.title);
    const show = () => {
      const from = page * PAGE, rows = shown.slice(from, from + PAGE);
      body.replaceChildren(...rows.map((row) => {
        const line = document.createElement("tr");
        line.append(...visible.map((column) => cell(column, row)));
        return line;
      }));
      const range = {first: number(from + 1), last: number(from + rows.length), count: number(shown.length)};
      told.textContent = shown.length ? told.dataset.rows.replace(/\{(\w+)\}/g, (_, name) => range[name]) : told.dataset.none;
      at("fleet-first").disabled = at("fleet-back").disabled = page === 0;
      at("fleet-next").disabled = at("fleet-last").disabled = from + PAGE >= shown.length;
    };
    const filter = () => {
      const tests = field.value.toLowerCase().split(/\s+/).filter(Boolean).map(test);
      shown = tests.length ? sorted.filter((row) => tests.every((one) => one(row))) : sorted;
      page = 0; show();
    };
    const sort = (name) => {
      const column = named.get(name);
      down = by === name ? !down : column.kind === "number"; by = name;
      const key = column.kind === "number" ? column.values : column.kind === "own" ? column.low
        : column.rank ? column.values.map((one) => column.rank[one]) : ((order) => column.values.map((one) => order[one]))(column.each.map((one, index) => [one, index])
          .sort(([one], [other]) => one.localeCompare(other, "en", {numeric: true}))
          .reduce((order, [, index], rank) => { order[index] = rank; return order; }, []));
      const sign = down ? -1 : 1;
      sorted = [...all].sort((one, other) => (key[one] < key[other] ? -sign : key[one] > key[other] ? sign : one - other));
      filter();
    };
    const turn = (to) => { page = Math.max(0, Math.min(to, Math.ceil(shown.length / PAGE) - 1)); show(); };
    let waiting = 0;
    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, data.rows > 5000 ? 150 : 0); });
    document.addEventListener("click", async (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const data = button.dataset;
      if (data.by) sort(data.by);
      if (data.turn) turn({first: 0, back: page - 1, next: page + 1, last: Infinity}[data.turn]);
      if (data.pick) { field.value = data.pick; filter(); at("fleet-hosts").scrollIntoView(); field.focus(); }
      if (data.names !== undefined) {
        await navigator.clipboard.writeText(shown.map((row) => text(named.get("name"), row)).join("\n") + "\n");
        button.textContent = data.done;
      }
    });
    const whole = () => {
      const target = location.hash && document.getElementById(location.hash.slice(1)), fold = target && target.closest("details");
      if (fold) { fold.open = true; target.scrollIntoView(); }
    };
    addEventListener("hashchange", whole);
    show(); whole();
    document.documentElement.dataset.ready = "1";
  };
  unpack().then(start, () => { told.textContent = told.dataset.failed; });
})();
