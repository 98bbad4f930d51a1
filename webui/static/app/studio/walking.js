// A finding's way into trouble, walked on the diagram: step by step, or playing by itself.
window.ksWalk = (() => {
  const STEP = 900; // milliseconds that a token moves
  const REST = 500; // milliseconds between two steps
  const SIGNS = {
    first: "M3 2h2v12H3zM14 2v12L6 8z",
    back: "M12 2v12L4 8z",
    play: "M4 2l9 6-9 6z",
    pause: "M4 2h3v12H4zM9 2h3v12H9z",
    on: "M11 2h2v12h-2zM2 2l8 6-8 6z",
    close: "M3 4.4 4.4 3 8 6.6 11.6 3 13 4.4 9.4 8l3.6 3.6-1.4 1.4L8 9.4 4.4 13 3 11.6 6.6 8z",
  };
  let leave = () => {};

  const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });
  const along = (points, part) => {
    const lengths = points.slice(1).map((point, at) => Math.hypot(point.x - points[at].x, point.y - points[at].y));
    let left = part * lengths.reduce((sum, one) => sum + one, 0);
    for (const [at, length] of lengths.entries()) {
      if (left <= length || at === lengths.length - 1) {
        const share = length ? Math.min(1, left / length) : 1;
        return { x: points[at].x + (points[at + 1].x - points[at].x) * share, y: points[at].y + (points[at + 1].y - points[at].y) * share };
      }
      left -= length;
    }
    return points[0];
  };

  return (place, editor, finding, words) => {
    leave();
    const { modeler } = editor;
    const canvas = modeler.get("canvas");
    const registry = modeler.get("elementRegistry");
    const overlays = modeler.get("overlays");
    const steps = finding.walk;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const marked = new Map();
    let at = -1;
    let playing = false;
    let timer = 0;
    let frame = 0;
    const dots = new Set();

    const bar = document.createElement("div");
    bar.className = "ks-walk";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", words.walk);
    const told = document.createElement("p");
    told.className = "ks-walk__told";
    told.setAttribute("role", "status");
    const keys = document.createElement("div");
    keys.className = "ks-walk__keys";
    const sign = (button, label, shape) => {
      button.title = label;
      button.setAttribute("aria-label", label);
      button.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${shape}" fill="currentColor"/></svg>`;
    };
    const key = (label, shape, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "ks-studio__tool";
      sign(made, label, shape);
      made.addEventListener("click", act);
      keys.append(made);
      return made;
    };
    const hold = () => {
      playing = false;
      clearTimeout(timer);
      if (play) sign(play, words.walkPlay, SIGNS.play);
    };
    const by = (count) => () => {
      hold();
      const to = Math.max(0, Math.min(steps.length - 1, at + count));
      if (to !== at) show(to, count > 0);
    };
    const first = key(words.walkFirst, SIGNS.first, () => by(-steps.length)());
    const back = key(words.walkBack, SIGNS.back, by(-1));
    const play = calm.matches ? null : key(words.walkPlay, SIGNS.play, () => (playing ? hold() : start()));
    const on = key(words.walkOn, calm.matches ? SIGNS.play : SIGNS.on, by(1));
    key(words.close, SIGNS.close, () => leave(true));
    bar.append(keys, told);
    place.append(bar);
    place.classList.add("ks-walking");

    function start() {
      playing = true;
      sign(play, words.walkPause, SIGNS.pause);
      if (at >= steps.length - 1) show(0, false);
      else show(at + 1, true);
    }

    function mark(id, marker) {
      if (!registry.get(id)) return;
      canvas.addMarker(id, marker);
      marked.set(`${id} ${marker}`, [id, marker]);
    }

    function clear() {
      cancelAnimationFrame(frame);
      for (const dot of dots) dot.remove();
      dots.clear();
      for (const [id, marker] of marked.values()) if (registry.get(id)) canvas.removeMarker(id, marker);
      marked.clear();
      overlays.remove({ type: "ks-walk" });
    }

    // where the tokens stand after a step, what was passed, and what never comes
    function settle() {
      const step = steps[at];
      const last = at === steps.length - 1;
      for (const earlier of steps.slice(0, at + 1)) {
        mark(earlier.element, "ks-walk-passed");
        earlier.flows.forEach((flow) => mark(flow, "ks-walk-passed"));
      }
      mark(step.element, last ? "ks-walk-stuck" : "ks-walk-now");
      step.missing.forEach((flow) => mark(flow, "ks-walk-missing"));
      const count = new Map();
      for (const id of step.stands) count.set(id, (count.get(id) || 0) + 1);
      for (const [id, many] of count) {
        if (!registry.get(id)) continue;
        const token = document.createElement("span");
        token.className = "ks-walk__token";
        token.textContent = many > 1 ? many : "";
        overlays.add(id, "ks-walk", { position: { top: -10, left: -10 }, html: token });
      }
    }

    function name(id) {
      const object = registry.get(id)?.businessObject;
      return (object?.name || "").replace(/\s+/g, " ") || words.walkKinds[object?.$type?.replace("bpmn:", "")] || id;
    }

    function say() {
      const step = steps[at];
      const parts = [words.walkStep.replace("{at}", at + 1).replace("{of}", steps.length).replace("{name}", name(step.element))];
      if (at === steps.length - 1) parts.push(finding.message.split(" Zo ")[0]);
      told.textContent = parts.join(" ");
    }

    function see(id) {
      const element = registry.get(id);
      if (!element) return;
      const root = canvas.findRoot(element);
      if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
      const box = canvas.viewbox();
      const { x, y } = middle(element);
      const edge = 70 / canvas.zoom();
      const under = (bar.offsetHeight + 100) / canvas.zoom(); // the bar lies over the diagram
      const inside = x > box.x + edge && x < box.x + box.width - edge && y > box.y + edge && y < box.y + box.height - under;
      if (!inside) canvas.viewbox({ ...box, x: x - box.width / 2, y: y - Math.max(edge, (box.height - under) / 2) });
    }

    function ways(step) {
      const found = step.flows.map((flow) => registry.get(flow)?.waypoints).filter(Boolean);
      const origin = registry.get(step.origin);
      const target = registry.get(step.element);
      if (!found.length && origin && target) found.push([middle(origin), middle(target)]);
      return found;
    }

    function show(number, moves) {
      clear();
      at = number;
      // not "disabled": the key that was pressed last keeps the focus
      for (const [button, off] of [[back, at === 0], [first, at === 0], [on, at === steps.length - 1]]) button.setAttribute("aria-disabled", off);
      see(steps[at].element);
      say();
      const lines = ways(steps[at]);
      const next = () => {
        settle();
        if (!playing) return;
        if (at === steps.length - 1) return hold();
        timer = setTimeout(() => show(at + 1, true), REST);
      };
      if (!moves || calm.matches || !lines.length) return next();
      const layer = canvas.getLayer("ks-walk", 5);
      const made = lines.map((points) => {
        const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
        dot.setAttribute("r", 8);
        dot.setAttribute("class", "ks-walk__dot");
        layer.append(dot);
        dots.add(dot);
        return [dot, points];
      });
      const began = performance.now();
      const move = (now) => {
        const part = Math.min(1, (now - began) / STEP);
        for (const [dot, points] of made) {
          const { x, y } = along(points, part);
          dot.setAttribute("cx", x);
          dot.setAttribute("cy", y);
        }
        if (part < 1) frame = requestAnimationFrame(move);
        else {
          made.forEach(([dot]) => dot.remove());
          next();
        }
      };
      frame = requestAnimationFrame(move);
    }

    const keyboard = (event) => {
      if (event.key === "Escape") leave(true);
      if (event.key === "ArrowRight") by(1)();
      if (event.key === "ArrowLeft") by(-1)();
    };
    bar.addEventListener("keydown", keyboard);
    const asked = document.activeElement;
    const changed = () => leave();
    leave = (focus) => {
      hold();
      clear();
      bar.remove();
      place.classList.remove("ks-walking");
      modeler.off("commandStack.changed", changed);
      if (focus && document.contains(asked)) asked.focus();
      leave = () => {};
    };
    modeler.on("commandStack.changed", changed);
    place.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
    (play || on).focus();
    show(0, false);
    if (play) start();
  };
})();
