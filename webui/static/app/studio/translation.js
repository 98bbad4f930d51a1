// The modellers in Dutch. The dictionary of the open editor (dutch/*.js) is loaded before this; without
// one, in English, nothing here does anything. ksTranslate is the modellers' translate service; what
// bypasses it is mended by ksDutchScreen, on their palettes and panels only.
(() => {
  const dutch = window.ksDutch;
  if (!dutch) return;
  // "User Task", as the panel's head writes it, is looked up as "User task".
  // and its "(non interrupting)" as the menus', "(non-interrupting)".
  const find = (text) => dutch[text] ?? dutch[(text.charAt(0) + text.slice(1).toLowerCase()).replace("(non interrupting)", "(non-interrupting)")];
  const own = (text) => (Object.hasOwn(dutch, text) ? dutch[text] : undefined);

  window.ksTranslate = (text, values = {}) =>
    (find(text) ?? text).replace(/{([^}]+)}/g, (all, key) => values?.[key] ?? all);

  const PLACES = ".fjs-palette-container, .fjs-empty-editor, .fjs-context-pad, .bio-properties-panel, .bio-properties-panel-popup, .bio-properties-panel-tooltip, .drill-down-overlay, .djs-popup, .fjs-form-field-placeholder, .fjs-select-placeholder, .fjs-repeat-render-footer";
  // here only the names of handles and menus: the texts are theirs
  const NAMED = `${PLACES}, .dmn-decision-table-container, .flatpickr-input`;
  // what process owners wrote themselves, and code
  const THEIRS = ".cm-editor, [contenteditable], textarea, code, pre, .bio-properties-panel-header-label, .bio-properties-panel-collapsible-entry-header-title";
  const ATTRIBUTES = ["title", "placeholder", "aria-label"];
  const NEW_FIELD = /^Create an? (.+) element$/;
  const REMOVE = /^Remove (.+)$/;

  const inDutch = (text) => {
    const made = text.match(NEW_FIELD);
    if (made) return `Nieuw veld: ${own(made[1]) ?? made[1]}`;
    const computed = text.match(/^Expression for '(.*)'$/);
    if (computed) return `Berekening voor ‘${computed[1]}’`;
    const counted = text.match(/^List contains (\d+) items?$/);
    if (counted) return (own(`List contains {numOfItems} item${counted[1] === "1" ? "" : "s"}`) ?? "{numOfItems}").replace("{numOfItems}", counted[1]);
    return own(text);
  };
  const write = (node) => {
    const text = node.data.trim();
    if (!text || node.parentElement?.closest(THEIRS)) return;
    // the kind of field and what stands in an empty one have one word in English
    const made = text === "Select" && node.parentElement?.closest(".fjs-select-placeholder") ? "Kies" : inDutch(text);
    if (made && made !== text) node.data = node.data.replace(text, () => made);
  };
  const name = (element) => {
    for (const attribute of ATTRIBUTES) {
      const text = element.getAttribute(attribute);
      if (!text) continue;
      const removes = element.closest(".fjs-context-pad") && text.match(REMOVE);
      const made = removes ? (own(text) ?? `${own(removes[1]) ?? removes[1]} verwijderen`) : inDutch(text);
      if (made && made !== text) element.setAttribute(attribute, made);
    }
  };
  const walk = (root) => {
    if (!root.closest(PLACES)) return [root, ...root.querySelectorAll("[title], [aria-label]")].forEach(name);
    name(root);
    const nodes = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) (nodes.currentNode.nodeType === Node.TEXT_NODE ? write : name)(nodes.currentNode);
  };

  window.ksDutchScreen = () => {
    document.querySelectorAll(NAMED).forEach(walk);
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        const place = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
        if (!(place instanceof HTMLElement)) continue; // drawings carry no texts of the modeller's own
        const inside = place.closest(NAMED);
        const texts = inside?.matches(PLACES);
        if (type === "characterData") texts && write(target);
        else if (type === "attributes") inside && name(target);
        else
          for (const node of addedNodes) {
            if (node.nodeType === Node.TEXT_NODE) texts && write(node);
            else if (!(node instanceof HTMLElement)) continue;
            else if (inside) walk(node);
            else if (node.matches(NAMED)) walk(node);
            else node.querySelectorAll(NAMED).forEach(walk);
          }
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  };

  // A field that is dropped on a form begins with a Dutch question.
  window.ksDutchFields = (fields) => {
    for (const { config } of Object.values(fields._formFields ?? {})) {
      const create = config?.create;
      if (!create || create.inDutch) continue;
      config.create = (given = {}) => {
        const made = create(given);
        if (!given.label && own(made.label)) made.label = own(made.label);
        return made;
      };
      config.create.inDutch = true;
    }
  };
})();
