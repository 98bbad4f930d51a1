// Draws both diagrams of a comparison with what changed marked on them, and moves them together.
document.addEventListener("DOMContentLoaded", () => {
  const words = JSON.parse(document.querySelector("script[data-words]")?.textContent || "{}");
  const readable = 0.4; // below this zoom no name can be read
  const shownFor = 2500; // milliseconds
  const quiet = new Set(["moved"]); // marked, but without a flag

  async function draw(place) {
    if (place.dataset.ready) return;
    place.dataset.ready = "busy";
    const sides = await Promise.all([...place.querySelectorAll("[data-picture]")].map(drawSide));
    const drawn = sides.filter(Boolean);
    for (const one of drawn) follow(one, drawn);
    place.viewers = drawn;
    fit(drawn);
    const first = place.closest("[data-file]").querySelector("[data-show]");
    if (first && drawn.some(({ canvas }) => canvas.zoom() < readable)) show(place, first);
    place.dataset.ready = "yes";
  }

  async function drawSide(canvasElement) {
    const viewer = new window.BpmnJS({ container: canvasElement });
    try {
      const answer = await fetch(canvasElement.dataset.picture, { headers: { Accept: "application/xml" } });
      if (!answer.ok) throw new Error(String(answer.status));
      await viewer.importXML(await answer.text());
    } catch {
      canvasElement.classList.add("is-failed");
      canvasElement.textContent = words.failed;
      return null;
    }
    const canvas = viewer.get("canvas");
    window.ksTouch?.(viewer, canvas.getContainer());
    const registry = viewer.get("elementRegistry");
    for (const [id, sort] of Object.entries(JSON.parse(canvasElement.dataset.marks))) {
      const element = registry.get(id);
      if (!element) continue;
      canvas.addMarker(id, `ks-diff-${sort}`);
      if (quiet.has(sort) || element.waypoints) continue;
      const flag = document.createElement("span");
      flag.className = `ks-flag ks-flag--${sort}`;
      flag.textContent = words[sort];
      viewer.get("overlays").add(id, { position: { top: -12, left: -6 }, html: flag });
    }
    return { viewer, canvas, registry, side: canvasElement.dataset.side };
  }

  // What is shown of the one is shown of the other.
  let following = false;
  function follow(one, all) {
    one.viewer.on("canvas.viewbox.changed", ({ viewbox }) => {
      if (following) return;
      following = true;
      for (const other of all) if (other !== one) other.canvas.viewbox({ x: viewbox.x, y: viewbox.y, width: viewbox.width, height: viewbox.height });
      following = false;
    });
  }

  function fit(drawn) {
    for (const one of drawn) one.canvas.zoom("fit-viewport", "auto");
  }

  function show(place, button) {
    for (const one of place.viewers || []) {
      const element = one.registry.get(one.side === "before" ? button.dataset.showBefore : button.dataset.show);
      if (!element) continue;
      const root = one.canvas.findRoot(element);
      if (root && root !== one.canvas.getRootElement()) one.canvas.setRootElement(root);
      const bounds = element.waypoints ? boxOf(element.waypoints) : element;
      const { outer } = one.canvas.viewbox();
      const scale = Math.min(1, outer.width / (bounds.width + 240), outer.height / (bounds.height + 160));
      one.canvas.viewbox({
        x: bounds.x + bounds.width / 2 - outer.width / scale / 2,
        y: bounds.y + bounds.height / 2 - outer.height / scale / 2,
        width: outer.width / scale,
        height: outer.height / scale,
      });
      one.canvas.addMarker(element, "ks-diff-shown");
      setTimeout(() => one.canvas.removeMarker(element, "ks-diff-shown"), shownFor);
    }
  }

  function boxOf(points) {
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  }

  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) draw(target);
  }, { rootMargin: "300px" });
  for (const place of document.querySelectorAll("[data-pictures]")) watcher.observe(place);

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-show], [data-zoom]");
    if (!button) return;
    const place = button.closest("[data-file]")?.querySelector("[data-pictures]");
    if (!place) return;
    await draw(place);
    if (button.dataset.show) {
      place.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      show(place, button);
    } else if (button.dataset.zoom === "fit") fit(place.viewers);
    else for (const one of place.viewers.slice(0, 1)) one.viewer.get("zoomScroll").stepZoom(button.dataset.zoom === "in" ? 1 : -1);
  });
});
