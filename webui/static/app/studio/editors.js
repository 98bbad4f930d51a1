// One editor for each kind of file. Each gives: content(), onChange(act), and what its tools can do.
// The modellers' own texts, where the interface is Dutch (translation.js).
const translated = window.ksTranslate ? { additionalModules: [{ translate: ["value", window.ksTranslate] }] } : {};

// The whole diagram where it can be read so; else its beginning, large enough to read.
const readable = (canvas, least = 0.55) => {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= least) return;
  const { inner, outer } = canvas.viewbox();
  const room = window.ksSmall.matches ? 20 : 140; // the palette
  canvas.viewbox({ x: inner.x - room / least, y: inner.y + inner.height / 2 - outer.height / least / 2, width: outer.width / least, height: outer.height / least });
};

window.ksEditors = {
  async diagram(place, text) {
    const modeler = new window.BpmnModeler({
      container: place,
      propertiesPanel: { parent: document.querySelector("[data-properties]") },
      ...translated,
    });
    await modeler.importXML(text);
    const canvas = modeler.get("canvas");
    readable(canvas);
    const stack = modeler.get("commandStack");
    return {
      modeler,
      content: async () => (await modeler.saveXML({ format: true })).xml,
      onChange: (act) => modeler.on("commandStack.changed", act),
      undo: () => stack.undo(),
      redo: () => stack.redo(),
      zoom: (by) => (by === 0 ? canvas.zoom("fit-viewport", "auto") : canvas.zoom(canvas.zoom() * by)),
      svg: async () => (await modeler.saveSVG()).svg,
      resized: () => canvas.resized(),
      map: () => modeler.get("minimap").toggle(),
      chosen: () => modeler.get("selection").get().length > 0,
      show(id) {
        const element = modeler.get("elementRegistry").get(id);
        if (!element) return false;
        const root = canvas.findRoot(element);
        if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
        if (element === root) return true;
        modeler.get("selection").select(element);
        canvas.scrollToElement(element);
        return true;
      },
    };
  },

  async tabel(place, text) {
    const modeler = new window.DmnJS({ container: place, drd: translated, decisionTable: translated, literalExpression: translated, boxedExpression: translated });
    await modeler.importXML(text);
    let tell = () => {};
    const listen = () => {
      const viewer = modeler.getActiveViewer();
      const bus = viewer?.get("eventBus");
      bus?.off("commandStack.changed", changed);
      bus?.on("commandStack.changed", changed);
    };
    const changed = () => tell();
    modeler.on("views.changed", listen);
    const tables = modeler.getViews().filter(({ type }) => type === "decisionTable");
    if (tables.length) await modeler.open(tables[0]);
    listen();
    const stack = () => modeler.getActiveViewer()?.get("commandStack");
    return {
      content: async () => (await modeler.saveXML({ format: true })).xml,
      onChange: (act) => (tell = act),
      undo: () => stack()?.undo(),
      redo: () => stack()?.redo(),
      views: () => modeler.getViews().map((view) => ({ name: view.name || view.id, type: view.type, open: () => modeler.open(view), active: view === modeler.getActiveView() })),
      onViews: (act) => modeler.on("views.changed", act),
      async show(id) {
        const holds = ({ id: own, decisionLogic: logic, ...inside }) =>
          own === id || logic?.id === id || [...(logic?.rule ?? []), ...(logic?.input ?? []), ...(logic?.output ?? []), ...(inside.rule ?? [])].some((part) =>
            part.id === id || [...(part.inputEntry ?? []), ...(part.outputEntry ?? []), part.inputExpression].some((cell) => cell?.id === id));
        const views = modeler.getViews();
        const view = views.find(({ element }) => element.id === id) || views.find(({ element }) => holds(element));
        if (!view) return false;
        if (view !== modeler.getActiveView()) await modeler.open(view);
        const part = place.querySelector(`[data-element-id="${CSS.escape(id)}"], [data-row-id="${CSS.escape(id)}"], [data-col-id="${CSS.escape(id)}"]`);
        part?.scrollIntoView({ block: "nearest", inline: "nearest" });
        (part?.querySelector("[contenteditable]") ?? part)?.focus?.();
        return true;
      },
    };
  },

  async formulier(place, text) {
    const editor = new window.FormEditor.FormEditor({
      container: place,
      propertiesPanel: { parent: document.querySelector("[data-properties]") },
    });
    window.ksDutchFields?.(editor.get("formFields"));
    await editor.importSchema(JSON.parse(text));
    const stack = editor.get("commandStack");
    return {
      form: editor,
      content: async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`,
      onChange: (act) => editor.on("commandStack.changed", act),
      undo: () => stack.undo(),
      redo: () => stack.redo(),
      chosen: () => Boolean(editor.get("selection").get()),
      show(id) {
        const field = editor.get("formFieldRegistry").getAll().find((one) => one.id === id || one.key === id);
        if (field) editor.get("selection").set(field);
        return Boolean(field);
      },
    };
  },

  async tekst(place, text) {
    const area = document.createElement("textarea");
    area.className = "ks-studio__text";
    area.spellcheck = false;
    area.value = text;
    area.setAttribute("aria-label", place.dataset.path);
    place.append(area);
    area.addEventListener("keydown", (event) => {
      if (event.key !== "]" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault(); // a Tab leaves the field, as everywhere
      area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
    });
    return {
      area,
      content: async () => area.value,
      onChange: (act) => area.addEventListener("input", act),
      show: (_id, line) => {
        const lines = area.value.split("\n");
        const start = lines.slice(0, Math.max(0, line - 1)).join("\n").length + (line > 1 ? 1 : 0);
        area.focus();
        area.setSelectionRange(start, start + (lines[line - 1] || "").length);
        return true;
      },
    };
  },
};

window.ksTools = (bar, editor, words, path) => {
  bar.replaceChildren();
  let less = bar; // on a small screen what is seldom used folds away
  const fold = () => {
    if (!window.ksSmall.matches) return;
    less = document.createElement("details");
    less.className = "ks-studio__less";
    const more = document.createElement("summary");
    more.className = "ks-studio__tool";
    more.textContent = words.more;
    less.append(more);
    less.addEventListener("click", (event) => event.target.closest("button") && (less.open = false));
    bar.append(less);
  };
  const tool = (label, act, sign = label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ks-studio__tool";
    made.textContent = sign;
    made.title = label;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    less.append(made);
  };
  const download = (content, type, ending) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = `${path.split("/").pop().replace(/\.\w+$/, "")}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  if (editor.undo) {
    tool(words.undo, () => editor.undo(), "↶");
    tool(words.redo, () => editor.redo(), "↷");
  }
  if (editor.zoom) {
    tool(words.out, () => editor.zoom(1 / 1.25), "−");
    tool(words.in, () => editor.zoom(1.25), "+");
    tool(words.fit, () => editor.zoom(0), "⤢");
    fold();
    tool(words.map, () => editor.map());
  }
  if (editor.svg) {
    tool(words.svg, async () => download(await editor.svg(), "image/svg+xml", "svg"), "SVG");
    tool(words.png, async () => {
      const picture = new Image();
      const drawn = await editor.svg();
      picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}`;
      await picture.decode();
      const canvas = document.createElement("canvas");
      canvas.width = picture.width * 2;
      canvas.height = picture.height * 2;
      const pen = canvas.getContext("2d");
      pen.fillStyle = "white";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => download(blob, "image/png", "png"));
    }, "PNG");
    tool(words.print, () => window.print());
  }
  tool(words.keys, () => document.querySelector("[data-keys]").showModal());
  if (editor.views) {
    const choose = document.createElement("select");
    choose.className = "utrecht-select utrecht-select--html-select";
    choose.setAttribute("aria-label", words.decision);
    const fill = () => {
      choose.replaceChildren();
      for (const view of editor.views()) {
        const option = new Option(view.type === "drd" ? words.map : view.name, view.name, view.active, view.active);
        option.view = view;
        choose.append(option);
      }
    };
    choose.addEventListener("change", () => choose.selectedOptions[0].view.open());
    editor.onViews(fill);
    fill();
    bar.append(choose);
  }
};
