// The form viewer speaks English only; these are its words in Dutch.
// Used when the page is Dutch; in English the viewer's own words stand.
(() => {
  if (document.documentElement.lang !== "nl") return;

  const exact = {
    "Field is required.": "Vul dit in.",
    "Value is not a number.": "Vul een getal in.",
    "Value is expected to be an integer.": "Vul een heel getal in.",
    "Field must be a valid email.": "Vul een geldig e-mailadres in.",
    "Field must be a valid  international phone number. (e.g. +4930664040900)":
      "Vul een geldig telefoonnummer in, bijvoorbeeld +31612345678.",
    "Date and time must both be entered.": "Vul de datum en de tijd allebei in.",
    "Select": "Kies",
    "Search": "Zoek",
    "Add new": "Nog een toevoegen",
    "Collapse": "Inklappen",
    "No results": "Niets gevonden",
    "All values selected": "Alles is gekozen",
    "Remove tag": "Verwijder keuze",
    "Clear": "Leegmaken",
    "clear": "leegmaken",
    "dd-mm-yyyy": "dd-mm-jjjj",
    "mm/dd/yyyy": "mm/dd/jjjj",
    "dd/mm/yyyy": "dd/mm/jjjj",
    "Items per page:": "Rijen per bladzijde:",
    "Nothing to show.": "Niets om te tonen.",
    "No file selected": "Geen bestand gekozen",
    "Browse": "Bladeren",
  };
  const patterns = [
    [/^Field must have minimum value of (.+)\.$/, "Vul minstens $1 in."],
    [/^Field must have maximum value of (.+)\.$/, "Vul hoogstens $1 in."],
    [/^Field must have minimum length of (.+)\.$/, "Gebruik minstens $1 tekens."],
    [/^Field must have maximum length of (.+)\.$/, "Gebruik hoogstens $1 tekens."],
    [/^Field must match pattern (.+)\.$/, "Dit past niet bij wat hier gevraagd wordt."],
    [/^Value is expected to have at most (\d+) decimal digits?\.$/, "Gebruik hoogstens $1 cijfers achter de komma."],
    [/^Please select a valid value, the two nearest valid values are (.+) and (.+)\.$/, "Kies $1 of $2."],
    [/^Expand all \((\d+)\)$/, "Toon alle ($1)"],
    [/^Remove list item (\d+)$/, "Verwijder regel $1"],
  ];

  const dutch = (text) => {
    const trimmed = text.trim();
    if (exact[trimmed]) return text.replace(trimmed, exact[trimmed]);
    for (const [pattern, words] of patterns) {
      if (pattern.test(trimmed)) return trimmed.replace(pattern, words);
    }
    return text;
  };

  const inOwnWords = "button, .fjs-placeholder, .fjs-select-display, .fjs-select-placeholder, .fjs-dropdownlist, .fjs-taglist-skip-link, .fjs-number-arrow-container";
  const translate = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement || !node.parentElement.closest(inOwnWords)) continue;
      const text = dutch(node.data);
      if (text !== node.data) node.data = text;
    }
    for (const element of root.querySelectorAll("[aria-label], [placeholder], [title]")) {
      for (const name of ["aria-label", "placeholder", "title"]) {
        const value = element.getAttribute(name);
        if (value && dutch(value) !== value) element.setAttribute(name, dutch(value));
      }
    }
  };

  const days = ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"];
  const months = [
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
  ];
  const calendar = {
    weekdays: { shorthand: days.map((day) => day.slice(0, 2)), longhand: days },
    months: { shorthand: months.map((month) => month.slice(0, 3)), longhand: months },
    firstDayOfWeek: 1,
    weekAbbreviation: "wk",
    rangeSeparator: " t/m ",
    scrollTitle: "Scroll voor meer of minder",
    toggleTitle: "Klik om te wisselen",
    ordinal: () => "",
  };
  const translateCalendars = (root) => {
    for (const input of root.querySelectorAll("input.flatpickr-input")) {
      const picker = input._flatpickr;
      if (!picker || picker.ketenspoorDutch) continue;
      picker.ketenspoorDutch = true;
      picker.set("locale", calendar);
    }
  };

  window.ketenspoorWords = {
    error: dutch,
    watch(canvas) {
      let planned = false;
      const all = () => {
        planned = false;
        translate(canvas);
        translateCalendars(canvas);
      };
      const observer = new MutationObserver(() => {
        if (!planned) {
          planned = true;
          queueMicrotask(all);
        }
      });
      observer.observe(canvas, { childList: true, subtree: true, characterData: true });
      all();
    },
  };
})();
