// What the check finds: a list with how to mend each, marks on the diagram, numbers at the files.
window.ksFindings = async (base, path, words, current) => {
  const list = document.querySelector("[data-findings]");
  let found;
  try {
    const answer = await fetch(`${base}/controle`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    found = await answer.json();
  } catch {
    return; // no connection: what was found before still stands there
  }
  const errors = found.filter(({ level }) => level === "error").length;
  const count = document.querySelector("[data-findings-count]");
  const counted = (number, [one, more]) => (number ? `${number} ${number === 1 ? one : more}` : "");
  count.textContent = [counted(errors, words.errors), counted(found.length - errors, words.warnings)].filter(Boolean).join(", ") || "✓";
  list.replaceChildren();
  if (!found.length) {
    const fine = document.createElement("p");
    fine.textContent = words.clean;
    list.append(fine);
  }
  for (const sign of document.querySelectorAll("[data-count]")) {
    const here = found.filter(({ file }) => file === sign.dataset.count).length;
    sign.hidden = here === 0;
    sign.textContent = here;
  }
  const items = document.createElement("ul");
  const ordered = [...found.filter(({ file }) => file === path), ...found.filter(({ file }) => file !== path)];
  for (const one of ordered.slice(0, 100)) {
    const item = document.createElement("li");
    item.className = `ks-studio__finding ks-studio__finding--${one.level}`;
    const what = document.createElement("p");
    what.textContent = one.message;
    const how = document.createElement("p");
    how.className = "ks-soft ks-small";
    how.textContent = one.remedy;
    const where = document.createElement(one.file === path ? "button" : "a");
    where.className = one.file === path ? "ks-studio__jump" : "utrecht-link ks-small";
    if (one.file === path) {
      where.type = "button";
      where.textContent = words.show;
      where.addEventListener("click", () => current().show(one.element_id, one.line));
    } else {
      where.href = `${base}?bestand=${encodeURIComponent(one.file)}&element=${encodeURIComponent(one.element_id)}`;
      where.textContent = `${words.open}: ${one.file}`;
      where.dataset.afterSave = "";
    }
    item.append(what, how, where);
    if (one.walk?.length > 1 && one.file === path && current().modeler) {
      const walk = document.createElement("button");
      walk.type = "button";
      walk.className = "ks-studio__jump";
      walk.textContent = words.walkShow;
      walk.addEventListener("click", () => window.ksWalk(document.querySelector("[data-editor]"), current(), one, words));
      item.append(" ", walk);
    }
    items.append(item);
  }
  list.append(items);

  const { modeler } = current();
  if (!modeler) return;
  const overlays = modeler.get("overlays");
  const registry = modeler.get("elementRegistry");
  overlays.remove({ type: "ks-finding" });
  const marked = new Map(); // an element has one sign, of its worst finding (errors come first)
  for (const one of found.filter(({ file }) => file === path)) {
    if (!registry.get(one.element_id)) continue;
    const there = marked.get(one.element_id);
    if (there) {
      there.title += `\n${one.message} ${one.remedy}`;
      continue;
    }
    const sign = document.createElement("span");
    sign.className = `ks-studio__sign ks-studio__sign--${one.level}`;
    sign.textContent = one.level === "error" ? "!" : "?";
    sign.title = `${one.message} ${one.remedy}`;
    marked.set(one.element_id, sign);
    overlays.add(one.element_id, "ks-finding", { position: { top: -12, right: 12 }, html: sign });
  }
};
