// Draws the diagram of a process and marks where it stands. The same stands in words on the page.
document.addEventListener("DOMContentLoaded", async () => {
  const canvasElement = document.querySelector("[data-diagram]");
  if (!canvasElement) return;
  const marks = JSON.parse(document.querySelector("[data-standing]").textContent);

  const viewer = new window.BpmnJS({ container: canvasElement });
  try {
    const answer = await fetch(canvasElement.dataset.diagram, { headers: { Accept: "application/xml" } });
    if (!answer.ok) throw new Error(String(answer.status));
    await viewer.importXML(await answer.text());
    if (marks.process) await openProcess(viewer, marks.process);
  } catch {
    canvasElement.classList.add("is-failed");
    canvasElement.textContent = marks.texts.failed;
    return;
  }

  const canvas = viewer.get("canvas");
  window.ksTouch?.(viewer, canvas.getContainer());
  const registry = viewer.get("elementRegistry");
  const overlays = viewer.get("overlays");

  const flag = (id, text, style, address) => {
    const element = registry.get(id);
    if (!element) return;
    const sign = document.createElement(address ? "a" : "span");
    sign.className = `ks-flag ks-flag--${style}`;
    sign.textContent = text;
    if (address) {
      sign.href = address;
      sign.tabIndex = -1; // the list in words holds the same link
    }
    overlays.add(id, { position: { bottom: 0, left: 0 }, html: sign });
  };

  const passed = new Set(marks.passed.map(({ id }) => id));
  for (const { id } of marks.passed) if (registry.get(id)) canvas.addMarker(id, "ks-passed");
  for (const flow of marks.flows) if (registry.get(flow)) canvas.addMarker(flow, "ks-passed");
  for (const flow of marks.recent || []) if (registry.get(flow)) canvas.addMarker(flow, "ks-recent");
  const here = [];
  for (const { id, style, text, address } of marks.standing) {
    if (!registry.get(id)) continue;
    if (passed.has(id)) canvas.removeMarker(id, "ks-passed");
    canvas.addMarker(id, `ks-${style}`);
    if (text || address) flag(id, text, style, address);
    here.push(registry.get(id));
  }

  // a click on the element itself leads where its flag leads
  const leads = new Map(marks.standing.filter(({ address }) => address).map(({ id, address }) => [id, address]));
  for (const id of leads.keys()) if (registry.get(id)) canvas.addMarker(id, "ks-leads");
  viewer.on("element.click", ({ element }) => {
    const address = leads.get(element.id);
    if (address) window.location.assign(address);
  });

  const fit = () => canvas.zoom("fit-viewport", "auto");
  const goHere = () => {
    if (!here.length) return fit();
    const box = {
      x: Math.min(...here.map((one) => one.x)),
      y: Math.min(...here.map((one) => one.y)),
      right: Math.max(...here.map((one) => one.x + one.width)),
      bottom: Math.max(...here.map((one) => one.y + one.height)),
    };
    const { outer } = canvas.viewbox();
    const room = 140;
    const width = Math.max(box.right - box.x + 2 * room, outer.width / 1.1);
    const height = Math.max(box.bottom - box.y + 2 * room, outer.height / 1.1);
    const scale = Math.min(outer.width / width, outer.height / height, 1.1);
    const middle = { x: (box.x + box.right) / 2, y: (box.y + box.bottom) / 2 };
    canvas.viewbox({
      x: middle.x - outer.width / scale / 2,
      y: middle.y - outer.height / scale / 2,
      width: outer.width / scale,
      height: outer.height / scale,
    });
  };
  fit();
  if (here.length && canvas.zoom() < 0.55) goHere();

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    const how = button.dataset.zoom;
    if (how === "fit") fit();
    else if (how === "here") goHere();
    else viewer.get("zoomScroll").stepZoom(how === "in" ? 1 : -1);
  });
  canvasElement.dataset.ready = "yes";
});

// A file may hold several diagrams: open the one of this process.
async function openProcess(viewer, processId) {
  const definitions = viewer.getDefinitions();
  const contains = (plane) => {
    const drawn = plane.bpmnElement;
    if (!drawn) return false;
    if (drawn.id === processId) return true;
    return (drawn.participants || []).some((one) => one.processRef && one.processRef.id === processId);
  };
  const diagram = (definitions.diagrams || []).find((one) => contains(one.plane));
  if (diagram && definitions.diagrams[0] !== diagram) await viewer.open(diagram);
}
