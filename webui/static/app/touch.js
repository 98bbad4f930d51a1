// Fingers on a diagram; bpmn.io listens to a mouse only. One finger sideways moves the diagram, up and
// down it scrolls the page, unless the diagram has the whole screen. Two fingers move and zoom. A
// finger on what is chosen drags it, and so does one while something waits to be placed.
window.ksTouch = (diagram, container) => {
  const canvas = diagram.get("canvas");
  const selection = diagram.get("selection", false);
  const dragging = diagram.get("dragging", false);
  const OWN = ".djs-palette, .djs-context-pad, .djs-popup-parent, .djs-direct-editing-parent, .djs-search-container, .djs-minimap, .bjs-breadcrumbs, .bjs-powered-by, a, button";
  const GRIPS = ".djs-resizer, .djs-bendpoint, .djs-segment-dragger";
  const STILL = 6; // pixels within which a touch is a tap
  let doing = "";
  let from = null; // where the finger, or the middle of two, was last
  let apart = 0; // distance of two fingers
  let began = null; // the first touch: its place and what lay under it
  let over = null; // what the dragging finger is over

  const at = ({ clientX, clientY }) => ({ x: clientX, y: clientY });
  const middle = ([a, b]) => ({ x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 });
  const distance = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  const waits = () => Boolean(dragging?.context());
  const chosen = (target) => target.closest(GRIPS) || (selection && target.closest(".djs-element.selected"));
  const mouse = (type, target, { x, y }) =>
    target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, view: window, button: 0, buttons: type === "mouseup" ? 0 : 1, clientX: x, clientY: y }));
  const mouseTo = (point) => {
    const below = document.elementFromPoint(point.x, point.y);
    if (below && below !== over) {
      if (over) mouse("mouseout", over, point);
      mouse("mouseover", below, point);
      over = below;
    }
    mouse("mousemove", below || document, point);
  };

  container.addEventListener("touchstart", (event) => {
    if (event.target.closest(OWN)) return (doing = "");
    if (event.touches.length === 2) {
      event.preventDefault();
      doing = "two";
      from = middle(event.touches);
      apart = distance(event.touches);
      return;
    }
    if (event.touches.length > 2 || doing) return;
    from = at(event.touches[0]);
    began = { ...from, target: event.target };
    doing = waits() ? "place?" : chosen(event.target) ? "drag?" : "one?";
  }, { passive: false });

  container.addEventListener("touchmove", (event) => {
    if (!doing) return;
    if (doing === "two") {
      if (event.touches.length < 2) return;
      event.preventDefault();
      const [now, wide] = [middle(event.touches), distance(event.touches)];
      const { left, top } = container.getBoundingClientRect();
      canvas.scroll({ dx: now.x - from.x, dy: now.y - from.y });
      if (apart) canvas.zoom(Math.min(4, Math.max(0.15, canvas.zoom() * (wide / apart))), { x: now.x - left, y: now.y - top });
      [from, apart] = [now, wide];
      return;
    }
    const now = at(event.touches[0]);
    if (doing.endsWith("?")) {
      if (doing !== "one?" && event.cancelable) event.preventDefault(); // else the page takes the finger
      if (Math.hypot(now.x - began.x, now.y - began.y) < STILL) return;
      doing = doing.slice(0, -1);
      const down = Math.abs(now.y - began.y) > Math.abs(now.x - began.x);
      if (doing === "one" && down && !container.closest(".ks-whole")) return (doing = ""); // the page's
      if (doing === "drag") {
        over = null;
        mouse("mouseover", began.target, began);
        mouse("mousedown", began.target, began);
        over = began.target;
      }
    }
    if (event.cancelable) event.preventDefault();
    if (doing === "one") canvas.scroll({ dx: now.x - from.x, dy: now.y - from.y });
    else mouseTo(now);
    from = now;
  }, { passive: false });

  const end = (event) => {
    if (event.touches.length) return;
    if (doing === "drag" || doing === "place") {
      if (event.cancelable) event.preventDefault();
      mouse("mouseup", over || document, from);
    }
    doing = "";
    over = null;
  };
  container.addEventListener("touchend", end, { passive: false });
  container.addEventListener("touchcancel", () => {
    if (doing === "drag") dragging?.cancel();
    doing = "";
    over = null;
  });
  // A finger on the palette or the pad places by two taps, not by the browser's drag and drop.
  container.addEventListener("contextmenu", (event) => {
    if (event.pointerType === "touch" && !event.target.closest("input, textarea, [contenteditable]")) event.preventDefault();
  });
};
