// Help in the text of a scenario: what may stand at the cursor, put in with a press; and what is wrong,
// with its line, while it is typed and before it is saved.
window.ksScenarioHelp = async (editor, base, path, words) => {
  const { area } = editor;
  const frame = document.querySelector("[data-choices]");
  const fields = document.querySelector("[data-choice-fields]");
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const rest = 500; // milliseconds of rest before what is typed is looked at

  const make = (name, properties = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inside);
    return made;
  };
  frame.hidden = false;
  frame.querySelector("summary").textContent = words.canStand;
  const wrong = make("div", { className: "ks-studio__wrong ks-small" });
  wrong.setAttribute("role", "status");
  area.before(wrong);
  const kind = make("p", { className: "ks-small ks-soft", textContent: words.noHelp });
  const search = make("input", { type: "search", className: "utrecht-textbox utrecht-textbox--html-input", hidden: true });
  search.setAttribute("aria-label", words.searchIn);
  search.placeholder = words.searchIn;
  const list = make("ul", { className: "ks-studio__offers" });
  fields.replaceChildren(kind, search, list);

  const answer = await fetch(`${base}/scenariowoorden`, { headers: { Accept: "application/json" } }).catch(() => null);
  const known = answer?.ok ? await answer.json() : null;

  const lists = { taak: "taken", taken: "taken", geen_taken: "taken", gewoonte_uit: "taken", gepasseerd: "elementen", niet_gepasseerd: "elementen", verzonden: "elementen", niet_verzonden: "elementen", element: "elementen", door: "rollen", ingang: "ingangen", aanroep: "processen", naast: "naast" };
  const indentOf = (line) => line.match(/^\s*(?:- )*/)[0].length;
  const keyOf = (line) => line.match(/^\s*(?:- )*["']?([\w-]+)["']?\s*:/)?.[1];

  // What may stand at the cursor: the name of a list, and what it holds.
  const offer = () => {
    const before = area.value.slice(0, area.selectionStart);
    const lines = before.split("\n");
    const whole = area.value.slice(before.length - lines.at(-1).length).split("\n", 1)[0];
    const here = lines.pop();
    const inFlow = here.match(/(?:([\w-]+)\s*:\s*)?[[{][^\]}]*$/); // within [..] or {..} on this line
    const valued = here.match(/([\w-]+)\s*:\s*(?:\[[^\]]*|["']?[\w-]*)$/)?.[1];
    if (valued && lists[valued]) return [lists[valued], known[lists[valued]]];

    const depth = whole.trim() ? indentOf(whole) : here.length;
    const parents = [];
    let at = /^\s*- /.test(whole) ? whole.search(/\S/) : depth;
    for (const line of lines.toReversed()) {
      if (!line.trim() || line.trim().startsWith("#")) continue;
      const own = indentOf(line);
      const dash = line.search(/\S/);
      const key = keyOf(line);
      if (key && (own < at || (own <= at && /^\s*- /.test(here) && !/^\s*- /.test(line)))) {
        parents.push(key);
        at = Math.min(own, dash);
      }
      if (at <= 0) break;
    }
    if (inFlow?.[1]) parents.unshift(inFlow[1]);
    const [parent] = parents;
    if (parent && lists[parent] && /^\s*- /.test(whole)) return [lists[parent], known[lists[parent]]];
    if (parent === "formulier") {
      const entry = area.value.match(/^ingang:\s*["']?([\w-]+)/m)?.[1];
      return ["antwoorden", known.antwoorden[`ingang:${entry}`]];
    }
    if (parent === "invullen") {
      const task = [...lines, whole].toReversed().join("\n").match(/\btaak:\s*["']?([\w-]+)/)?.[1];
      return ["antwoorden", known.antwoorden[task]];
    }
    if (parent === "verwacht" || parent === "wacht_op") return [parent, known.sleutels[parent]];
    if (parents.includes("gewoonten") || parent === "gewoonte_aan") return ["gewoonte", known.sleutels.gewoonte];
    if (parents.includes("stappen")) return ["stap", known.sleutels.stap];
    if (!parents.length) return ["bestand", known.sleutels.bestand];
    return ["", null];
  };

  const put = (text, isKey) => {
    const from = area.value.slice(0, area.selectionStart).match(/[\w-]*$/)[0].length;
    area.focus();
    area.setRangeText(isKey ? `${text}: ` : text, area.selectionStart - from, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  let shown = "";
  const draw = () => {
    if (!known) return;
    const [name, found] = offer();
    const rows = Array.isArray(found) ? found.map((one) => [one, ""]) : Object.entries(found || {});
    const isKey = Array.isArray(found) || name === "antwoorden";
    const now = `${name} ${rows.length} ${rows[0]?.[0]}`;
    if (now !== shown) search.value = "";
    shown = now;
    kind.textContent = rows.length ? words.helpKinds[name] : words.noHelp;
    search.hidden = rows.length < 12;
    const wanted = search.value.trim().toLowerCase();
    list.replaceChildren(
      ...rows
        .filter(([id, label]) => `${id} ${label}`.toLowerCase().includes(wanted))
        .slice(0, 200)
        .map(([id, label]) => {
          const button = make("button", { type: "button", className: "ks-studio__offer" }, make("code", { textContent: id }));
          if (label && label !== id) button.append(" ", make("span", { className: "ks-soft", textContent: label }));
          button.addEventListener("click", () => put(id, isKey));
          return make("li", {}, button);
        }),
    );
  };

  const check = async () => {
    const asked = area.value;
    const told = await fetch(`${base}/scenariocontrole/${path.split("/").map(encodeURIComponent).join("/")}`, {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json", "Content-Type": "application/octet-stream" },
      body: asked,
    }).catch(() => null);
    if (!told?.ok || asked !== area.value) return;
    const found = await told.json();
    wrong.classList.toggle("ks-studio__wrong--some", found.length > 0);
    if (!found.length) return wrong.replaceChildren(`✓ ${words.lineFine}`);
    wrong.replaceChildren(
      ...found.map(({ line, message, remedy }) => {
        const button = make("button", { type: "button", className: "ks-studio__jump", textContent: words.onLine.replace("{line}", line) });
        button.addEventListener("click", () => editor.show("", line));
        return make("p", {}, button, ` ${message} ${remedy}`);
      }),
    );
  };

  let timer = 0;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, rest);
  });
  for (const event of ["input", "click", "keyup", "focus"]) area.addEventListener(event, draw);
  search.addEventListener("input", draw);
  draw();
  check();
};
