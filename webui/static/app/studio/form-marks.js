// Where the answers of a form go: a mark at each field, a list at the side, and the choice for the
// selected field (process variable, place in the family file, why it is asked).
window.ksFormMarks = async (editor, place, base, words, closed) => {
  const frame = document.querySelector("[data-choices]");
  const fields = document.querySelector("[data-choice-fields]");
  const registry = editor.get("formFieldRegistry");
  const modeling = editor.get("modeling");
  const answer = await fetch(`${base}/keuzes`, { headers: { Accept: "application/json" } }).catch(() => null);
  const known = answer?.ok ? (await answer.json()).plaatsen : [];

  const goes = (field) => {
    const { procesvariabele, dossier } = field.properties || {};
    return [procesvariabele === "ja" && words.toProcess, dossier && `${words.toFile}: ${dossier}`].filter(Boolean).join(" · ");
  };
  const keyed = () => registry.getAll().filter(({ key, path, properties }) => key || path || properties?.dossier);
  const selected = () => {
    const one = editor.get("selection").get();
    return one && (one.key || one.path) ? one : null;
  };

  const mark = () => {
    for (const element of place.querySelectorAll(".fjs-element[data-id]")) {
      const field = registry.get(element.dataset.id);
      const told = field ? goes(field) : "";
      if (told && element.dataset.goes !== told) element.dataset.goes = told;
      if (!told) delete element.dataset.goes;
    }
  };

  const make = (name, properties = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inside);
    return made;
  };
  const write = (field, name, value) => {
    const properties = { ...(field.properties || {}) };
    if (value) properties[name] = value;
    else delete properties[name];
    modeling.editFormField(registry.get(field.id), "properties", properties);
  };
  const text = (field, name, label, list) => {
    const input = make("input", { className: "utrecht-textbox utrecht-textbox--html-input", id: `veld-${name}`, value: field.properties?.[name] || "", disabled: closed });
    if (list) input.setAttribute("list", "plaatsen");
    input.addEventListener("change", () => write(field, name, input.value.trim()));
    return make("div", { className: "utrecht-form-field" }, make("label", { className: "utrecht-form-label", htmlFor: input.id, textContent: label }), input);
  };

  const draw = () => {
    frame.hidden = false;
    const field = selected();
    if (!field) {
      frame.querySelector("summary").textContent = words.answersGo;
      const rows = keyed().map((one) => make("li", {}, make("strong", { textContent: one.label || one.dateLabel || one.key || one.path }), make("br"), goes(one) || words.formOnly));
      fields.replaceChildren(make("p", { className: "ks-soft ks-small", textContent: words.goesHelp }), make("ul", { className: "ks-small ks-studio__goes" }, ...rows));
      return;
    }
    frame.querySelector("summary").textContent = words.answerGoes;
    const box = make("input", { type: "checkbox", checked: field.properties?.procesvariabele === "ja", disabled: closed });
    box.addEventListener("change", () => write(field, "procesvariabele", box.checked ? "ja" : ""));
    fields.replaceChildren(
      make("label", { className: "ks-studio__tick" }, box, ` ${words.isVariable.replace("{key}", field.key || field.path)}`),
      text(field, "dossier", words.filePlace, true),
      make("datalist", { id: "plaatsen" }, ...known.map((value) => make("option", { value }))),
      text(field, "waarom", words.why),
    );
  };

  const refresh = () => {
    mark();
    if (!fields.contains(document.activeElement)) draw();
  };
  editor.on("selection.changed", () => setTimeout(draw));
  editor.on("commandStack.changed", () => setTimeout(refresh));
  new MutationObserver(mark).observe(place, { childList: true, subtree: true });
  refresh();

  // Dragging with a finger scrolls the page: a tap puts the field at the end.
  place.addEventListener("click", (event) => {
    const entry = event.target.closest(".fjs-palette-field");
    if (entry && matchMedia("(pointer: coarse)").matches) entry.dispatchEvent(new KeyboardEvent("keydown", { code: "Enter", key: "Enter", bubbles: true }));
  });
};
