// The room to work in: the whole screen for the editor, and on a small screen the palette, the menu of
// an element and the properties where a thumb reaches them.
window.ksSmall = matchMedia("(max-width: 60rem)");

window.ksScreen = (editor, words) => {
  const studio = document.querySelector(".ks-studio");
  const work = studio.querySelector(".ks-studio__work");
  const side = studio.querySelector(".ks-studio__side");
  const bar = studio.querySelector("[data-tools]");
  const saved = document.querySelector("[data-saved]");
  const small = window.ksSmall;
  const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  const whole = () => studio.classList.contains("ks-whole");
  const buttons = {};

  const tool = (name, label, sign, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ks-studio__tool";
    made.textContent = sign;
    made.title = label;
    if (sign !== label) made.setAttribute("aria-label", label);
    made.setAttribute("aria-pressed", "false");
    made.addEventListener("click", act);
    buttons[name] = made;
    return made;
  };
  const pressed = (name, is) => buttons[name]?.setAttribute("aria-pressed", String(is));

  // What saving says stays in sight: it moves along into the bar.
  const home = document.createComment("");
  saved.before(home);
  const fill = (is) => {
    if (is === whole()) return;
    studio.classList.toggle("ks-whole", is);
    document.documentElement.classList.toggle("ks-still", is);
    pressed("whole", is);
    buttons.whole.textContent = is ? words.smaller : words.whole;
    if (is) bar.append(saved);
    else home.after(saved);
    if (!is) showSide(false);
    editor.resized?.();
  };
  const showSide = (is) => {
    studio.classList.toggle("ks-sided", is);
    pressed("side", is);
    editor.resized?.();
  };
  const toggleWhole = () => {
    if (whole()) return history.state?.whole ? history.back() : fill(false);
    history.pushState({ whole: true }, "");
    fill(true);
  };
  window.addEventListener("popstate", () => fill(false));
  const openSide = (_event, at = side) => {
    if (whole()) showSide(at !== side || !studio.classList.contains("ks-sided"));
    if (!whole() || at !== side) at.scrollIntoView({ block: "start", behavior: calm() });
    side.focus({ preventScroll: true });
  };
  const openOwn = (event) => openSide(event, side.querySelector("[data-choices]:not([hidden])") || side.querySelector("[data-properties]"));
  side.tabIndex = -1;

  bar.prepend(tool("whole", words.whole, words.whole, toggleWhole));
  const onSmall = () => {
    if (small.matches && !buttons.side) bar.prepend(tool("side", words.side, words.side, (event) => (editor.chosen?.() && !studio.classList.contains("ks-sided") ? openOwn(event) : openSide(event))));
    if (buttons.side) buttons.side.hidden = !small.matches;
    if (buttons.palette) buttons.palette.hidden = !small.matches;
  };

  // Something in the drawing is pointed at from below: bring the drawing in sight.
  const bringIntoSight = () => {
    if (!small.matches) return;
    if (whole()) showSide(false);
    else work.scrollIntoView({ block: "start", behavior: calm() });
  };

  const { modeler } = editor;
  if (modeler) {
    const palette = modeler.get("palette");
    const togglePalette = (open) => {
      if (open) palette.open();
      else palette.close();
      pressed("palette", open);
    };
    bar.prepend(tool("palette", words.elements, words.elements, () => togglePalette(!palette.isOpen())));
    const onWidth = () => togglePalette(!small.matches);
    small.addEventListener("change", onWidth);
    onWidth();
    work.addEventListener("click", (event) => {
      if (small.matches && event.target.closest(".djs-palette .entry")) setTimeout(() => togglePalette(false));
    }, true); // the palette keeps its clicks to itself

    const entry = (text) => `<div class="entry ks-pad" role="button">${text}</div>`;
    modeler.get("contextPad").registerProvider(500, {
      getContextPadEntries: (element) => (entries) => {
        if (!small.matches) return entries;
        const own = { "ks-side": { group: "ks", html: entry(words.side), title: words.side, action: { click: openOwn } } };
        if (element.businessObject?.$instanceOf?.("bpmn:FlowNode") || element.type === "bpmn:SequenceFlow")
          own["ks-name"] = { group: "ks", html: entry(words.name), title: words.name, action: { click: () => modeler.get("directEditing").activate(element) } };
        return { ...own, ...entries };
      },
    });

    const hint = document.createElement("p");
    hint.className = "ks-studio__hint";
    hint.setAttribute("role", "status");
    hint.hidden = true;
    work.append(hint);
    const tell = (text) => {
      hint.textContent = text;
      hint.hidden = !text;
    };
    modeler.on(["create.init", "connect.init"], ({ type }) => {
      if (matchMedia("(pointer: coarse)").matches) tell(type === "connect.init" ? words.tapTarget : words.tapPlace);
    });
    modeler.on(["create.cleanup", "connect.cleanup"], () => tell(""));
    window.ksTouch(modeler, modeler.get("canvas").getContainer());
  }
  small.addEventListener("change", onSmall);
  onSmall();
  return { bringIntoSight };
};
