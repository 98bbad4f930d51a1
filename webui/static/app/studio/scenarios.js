// Runs the scenarios one by one, tells how each went, and paints on the diagrams what they reach.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-cover]");
  if (!place) return;
  const json = (name) => JSON.parse(document.querySelector(`[data-${name}]`).textContent);
  const words = json("words-of-page");
  const processes = json("processes");
  const { outcome, rival, beside } = place.dataset;
  const rows = [...place.querySelectorAll("[data-scenario]")];
  const sum = document.querySelector("[data-sum]");
  const times = new Map(); // "process element" -> by how many scenarios it was reached
  const state = { done: 0, passed: 0 };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const count = (process, element) => times.get(`${process} ${element}`) || 0;

  const made = (tag, text, style) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (style) element.className = style;
    return element;
  };
  const badge = (text, tone) => made("span", text, `utrecht-status-badge utrecht-status-badge--${tone}`);

  async function run(row) {
    const file = row.dataset.scenario;
    const told = row.querySelector("[data-words]");
    told.textContent = words.busy;
    const asked = new URLSearchParams({ bestand: file, ...(rival ? { met: rival } : {}) });
    let result;
    try {
      const answer = await fetch(`${outcome}?${asked}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      result = await answer.json();
    } catch {
      told.textContent = words.unreachable;
      return;
    }
    state.done += 1;
    state.passed += result.passed ? 1 : 0;
    told.textContent = result.words;
    const signs = row.querySelector("[data-badge]");
    signs.replaceChildren(badge(result.passed ? words.passed : words.failed, result.passed ? "safe" : "danger"));
    if (result.same !== undefined) {
      const link = made("a", result.same ? words.same : words.differs, "utrecht-link ks-small");
      link.href = `${beside}?${asked}`;
      signs.append(" ", link);
    }
    if (!result.passed) {
      const again = row.querySelector("[data-walk]"); // to its end: that is where it went wrong
      const address = new URL(again.href);
      address.searchParams.delete("stap");
      again.href = address;
      again.firstChild.data = words.where;
    }
    row.querySelector("[data-wrong]").replaceChildren(...result.wrong.map((text) => made("p", text, "ks-error ks-small")));
    for (const [process, element] of result.reached) {
      const key = `${process} ${element}`;
      times.set(key, (times.get(key) || 0) + 1);
    }
    total();
  }

  function total() {
    const elements = processes.flatMap((one) => one.elements.map(({ id, reason }) => [one.id, id, reason]));
    const reached = elements.filter(([process, id]) => count(process, id)).length;
    const toReach = elements.filter(([process, id, reason]) => count(process, id) || !reason).length;
    const percent = toReach ? Math.floor((100 * reached) / toReach) : 100;
    sum.textContent =
      state.done < rows.length
        ? fill(words.running, { done: state.done, all: rows.length })
        : fill(words.sum, { passed: state.passed, all: rows.length, reached, elements: toReach, percent });
    for (const option of choose.options) {
      const one = processes.find(({ id }) => id === option.value);
      const missed = one.elements.filter(({ id, reason }) => !count(one.id, id) && !reason).length;
      option.textContent = state.done < rows.length ? one.name : `${one.name} (${one.elements.length - missed}/${one.elements.length})`;
    }
  }

  // -- the diagram -------------------------------------------------------------------------------
  const canvasElement = document.querySelector("[data-coverage]");
  const choose = document.querySelector("[data-process]");
  const missedList = document.querySelector("[data-missed]");
  const viewer = new window.BpmnJS({ container: canvasElement });
  window.ksTouch?.(viewer, viewer.get("canvas").getContainer());
  let drawn = null; // the process that the viewer shows

  async function open(process) {
    drawn = null;
    const answer = await fetch(process.diagram, { headers: { Accept: "application/xml" } });
    if (!answer.ok) throw new Error(String(answer.status));
    await viewer.importXML(await answer.text());
    const holds = ({ bpmnElement: shown }) =>
      shown && (shown.id === process.id || (shown.participants || []).some((one) => one.processRef?.id === process.id));
    const diagrams = viewer.getDefinitions().diagrams || [];
    const right = diagrams.find(({ plane }) => holds(plane));
    if (right && diagrams[0] !== right) await viewer.open(right);
    viewer.get("canvas").zoom("fit-viewport", "auto");
    drawn = process;
  }

  function paint() {
    if (!drawn) return;
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    const overlays = viewer.get("overlays");
    overlays.remove({ type: "ks-times" });
    const missed = [];
    const excused = [];
    for (const one of drawn.elements) {
      const shape = registry.get(one.id);
      const by = count(drawn.id, one.id);
      const style = by ? "ks-covered" : one.reason ? "ks-excused" : "ks-missed";
      if (!by) (one.reason ? excused : missed).push(one);
      if (!shape) continue;
      for (const other of ["ks-covered", "ks-excused", "ks-missed"]) canvas.removeMarker(one.id, other);
      canvas.addMarker(one.id, style);
      if (by) overlays.add(one.id, "ks-times", { position: { bottom: 0, left: 0 }, html: made("span", String(by), "ks-flag ks-flag--count") });
    }
    const list = (title, some, jump) => {
      if (!some.length) return [];
      const items = made("ul", "", "ks-rows");
      for (const one of some) {
        const item = made("li", "");
        const main = made("div", "", "ks-rows__main");
        const name = made("p", one.name);
        name.lang = "nl";
        main.append(name);
        if (one.reason) main.append(made("p", one.reason, "ks-soft ks-small"));
        item.append(main);
        if (jump && registry.get(one.id)) {
          const button = made("button", words.show, "utrecht-button utrecht-button--subtle");
          button.type = "button";
          button.addEventListener("click", () => {
            canvas.zoom(1);
            canvas.scrollToElement(one.id);
            canvasElement.scrollIntoView({ block: "nearest" });
          });
          item.append(button);
        }
        items.append(item);
      }
      return [made("h3", title, "utrecht-heading-3"), items];
    };
    const nothing = missed.length ? [] : [made("p", words.whole)];
    missedList.replaceChildren(...nothing, ...list(words.missed, missed, true), ...list(words.excused, excused, true));
    canvasElement.dataset.painted = drawn.id;
  }

  async function show() {
    const process = processes.find(({ id }) => id === choose.value);
    if (!process) return;
    try {
      await open(process);
    } catch {
      canvasElement.setAttribute("title", words.failedDiagram);
      drawn = null;
      missedList.replaceChildren(made("p", words.failedDiagram));
      return;
    }
    if (choose.value === process.id && state.done === rows.length) paint();
  }

  choose.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    if (button.dataset.zoom === "fit") viewer.get("canvas").zoom("fit-viewport", "auto");
    else viewer.get("zoomScroll").stepZoom(button.dataset.zoom === "in" ? 1 : -1);
  });

  (async () => {
    const drawing = show();
    for (const row of rows) await run(row);
    await drawing;
    // begin with the diagram in which most is missed
    const misses = (one) => one.elements.filter(({ id, reason }) => !count(one.id, id) && !reason).length;
    const worst = [...processes].sort((a, b) => misses(b) - misses(a))[0];
    if (worst && misses(worst) && worst.id !== choose.value) {
      choose.value = worst.id;
      await show();
    }
    paint();
    place.dataset.ready = "yes";
  })();
});
