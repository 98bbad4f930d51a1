// A move to another version on both drawings: where trajectories stand, and what an element is now.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-move-pictures]");
  if (!place) return;
  const pictures = JSON.parse(place.querySelector("script[data-pictures]").textContent);
  const words = JSON.parse(place.querySelector("script[data-words]").textContent);
  const panel = place.querySelector("[data-panel]");
  const chooser = place.querySelector("[data-process]");
  const readable = 0.45; // below this zoom no name can be read
  let drawn = [];
  let current = null; // the mark that the panel is about

  const fieldOf = (mark) => mark.place && document.querySelector(`[name="nieuw:${CSS.escape(mark.place)}"]`);

  async function drawSide(side, address, processId) {
    const frame = place.querySelector(`[data-side="${side}"]`);
    const fresh = document.createElement("div");
    fresh.className = "ks-move__canvas";
    fresh.setAttribute("role", "group");
    fresh.setAttribute("aria-label", frame.dataset.label);
    frame.replaceChildren(fresh);
    if (!address) {
      fresh.classList.add("is-failed");
      fresh.textContent = words.none;
      return null;
    }
    const viewer = new window.BpmnJS({ container: fresh });
    window.ksTouch?.(viewer, viewer.get("canvas").getContainer());
    try {
      const answer = await fetch(address, { headers: { Accept: "application/xml" } });
      if (!answer.ok) throw new Error(String(answer.status));
      await viewer.importXML(await answer.text());
      await openProcess(viewer, processId);
    } catch {
      fresh.classList.add("is-failed");
      fresh.textContent = words.failed;
      return null;
    }
    const canvas = viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    return { side, viewer, canvas, registry: viewer.get("elementRegistry") };
  }

  // A file may hold several drawings: the one of this process.
  async function openProcess(viewer, processId) {
    const contains = ({ bpmnElement: one }) =>
      one && (one.id === processId || (one.participants || []).some((p) => p.processRef?.id === processId));
    const found = (viewer.getDefinitions().diagrams || []).find(({ plane }) => contains(plane));
    if (found && viewer.getDefinitions().diagrams[0] !== found) await viewer.open(found);
  }

  function flag(one, id, text, style, corner) {
    const sign = document.createElement("span");
    sign.className = `ks-flag ks-flag--${style}`;
    sign.textContent = text;
    one.viewer.get("overlays").add(id, { position: corner, html: sign });
  }

  async function show(picture) {
    close();
    const sides = await Promise.all([
      drawSide("before", picture.before, picture.process_id),
      drawSide("after", picture.after, picture.after_process),
    ]);
    drawn = sides.filter(Boolean);
    const [before, after] = sides;
    for (const mark of picture.marks) {
      if (before?.registry.get(mark.id)) {
        before.canvas.addMarker(mark.id, mark.stuck ? "ks-broken" : mark.standing ? "ks-here" : "ks-move-gone");
        before.canvas.addMarker(mark.id, "ks-leads");
        if (mark.standing) flag(before, mark.id, words.standing.replace("{n}", mark.standing), "here", { bottom: 8, left: -4 });
        if (mark.stuck) flag(before, mark.id, words.stuck.replace("{n}", mark.stuck), "broken", { top: -12, left: -4 });
      }
    }
    markAfter(picture);
    before?.viewer.on("element.click", ({ element }) => {
      const mark = picture.marks.find(({ id }) => id === (element.labelTarget || element).id);
      if (mark) tell(mark); else close();
    });
    after?.viewer.on("element.click", ({ element }) => choose((element.labelTarget || element).id));
    const first = picture.marks.find(({ stuck }) => stuck) || picture.marks.find(({ standing }) => standing);
    for (const one of drawn) if (first && one.canvas.zoom() < readable) centre(one, one.side === "before" ? first.id : nowOf(first));
    place.dataset.ready = "yes";
  }

  const nowOf = (mark) => (mark.place ? fieldOf(mark)?.value || "" : mark.id);

  // Where those who stand at an element are in the new version.
  function markAfter(picture) {
    const after = drawn.find(({ side }) => side === "after");
    if (!after) return;
    const here = new Set(picture.marks.filter((mark) => mark.standing || mark === current).map(nowOf));
    for (const { id } of after.registry.getAll()) {
      if (here.has(id)) after.canvas.addMarker(id, "ks-here");
      else after.canvas.removeMarker(id, "ks-here");
    }
  }

  function centre(one, id) {
    const element = id && one.registry.get(id);
    if (!element) return;
    const { outer } = one.canvas.viewbox();
    const scale = Math.min(0.9, outer.width / (element.width + 260));
    one.canvas.viewbox({
      x: element.x + element.width / 2 - outer.width / scale / 2,
      y: element.y + element.height / 2 - outer.height / scale / 2,
      width: outer.width / scale,
      height: outer.height / scale,
    });
  }

  function tell(mark) {
    close();
    current = mark;
    const field = fieldOf(mark);
    panel.replaceChildren();
    const add = (tag, text, inside = panel) => inside.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
    add("h3", mark.name).className = "utrecht-heading-3";
    if (mark.standing) add("p", words.stand.replace("{n}", mark.standing));
    for (const reason of mark.reasons) Object.assign(add("p", reason), { lang: "nl" });
    if (field) {
      const label = add("label", words.now);
      const copy = field.cloneNode(true);
      copy.removeAttribute("name");
      copy.id = "op-de-tekening";
      copy.value = field.value;
      label.htmlFor = copy.id;
      panel.appendChild(copy);
      copy.addEventListener("change", () => choose(copy.value, true));
      if (!field.disabled) add("p", words.pick).className = "ks-soft ks-small";
      const after = drawn.find(({ side }) => side === "after");
      for (const id of field.disabled ? [] : mark.choices) if (after?.registry.get(id)) after.canvas.addMarker(id, "ks-move-choice");
      if (after) centre(after, field.value || mark.choices[0]);
    }
    if (mark.list) Object.assign(add("a", words.list), { href: mark.list, className: "utrecht-link" });
    panel.hidden = false;
  }

  // An element of the new version is taken for the one that the panel is about.
  function choose(id, typed = false) {
    const field = current && fieldOf(current);
    if (!field || field.disabled || !(typed || current.choices.includes(id))) return;
    field.value = id;
    const copy = panel.querySelector("select");
    if (copy) copy.value = id;
    markAfter(chosen());
    const said = panel.querySelector("[role=status]") || panel.appendChild(document.createElement("p"));
    said.setAttribute("role", "status");
    said.textContent = words.chosen;
  }

  function close() {
    const after = drawn.find(({ side }) => side === "after");
    for (const id of current?.choices || []) if (after?.registry.get(id)) after.canvas.removeMarker(id, "ks-move-choice");
    current = null;
    panel.hidden = true;
  }

  const chosen = () => pictures[Number(chooser?.value || 0)];
  chooser?.addEventListener("change", () => show(chosen()));
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    for (const one of drawn) {
      if (button.dataset.zoom === "fit") one.canvas.zoom("fit-viewport", "auto");
      else one.viewer.get("zoomScroll").stepZoom(button.dataset.zoom === "in" ? 1 : -1);
    }
  });
  place.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  new IntersectionObserver((seen, watcher) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    watcher.disconnect();
    show(chosen());
  }, { rootMargin: "200px" }).observe(place);
});
