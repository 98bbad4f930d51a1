// A drawn form on a page: shows it, keeps drafts, sends it once, shows what is wrong at the field.
(() => {
  const json = (root, name) => {
    const element = root.querySelector(`[data-${name}]`);
    return element ? JSON.parse(element.textContent) : {};
  };
  const inWords = (message) => (window.ketenspoorWords ? window.ketenspoorWords.error(message) : message);
  // As the server names fields: doelen[0].wie
  const pathText = (path) =>
    path.map((step, at) => (typeof step === "number" ? `[${step}]` : `${at ? "." : ""}${step}`)).join("");

  // Times read 24 hours here, whatever the browser's language says.
  const withDayTimes = (components) => {
    for (const component of components || []) {
      if (component.type === "datetime" && component.use24h === undefined) component.use24h = true;
      withDayTimes(component.components);
    }
  };

  class DrawnForm {
    constructor(root) {
      this.root = root;
      this.texts = json(root, "texts");
      this.problems = root.querySelector("[data-problems]");
      this.button = root.querySelector("[data-send-button]");
      this.indicator = root.querySelector("[data-saved]");
      this.draft = new window.KetenspoorDraft({ root, indicator: this.indicator, texts: this.texts });
    }

    async open() {
      const schema = json(this.root, "schema");
      withDayTimes(schema.components);
      const values = json(this.root, "values");
      const unsaved = this.draft.unsaved();
      const canvas = this.root.querySelector("[data-canvas]");
      this.form = await window.FormViewer.createForm({
        container: canvas,
        schema,
        data: unsaved ? { ...values, ...unsaved } : values,
      });
      this.translateErrors();
      if (window.ketenspoorWords) window.ketenspoorWords.watch(canvas);
      window.ketenspoorNameGroups(canvas);
      this.typed = new window.KetenspoorTyped({
        form: this.form,
        canvas,
        elementOf: (instance) => this.fieldElement(instance),
      });
      this.root.querySelector("[data-required]").hidden = !canvas.querySelector(".fjs-asterix");
      this.form.on("field.updated", () => this.keep());
      for (const event of ["formFieldInstance.added", "formFieldInstance.removed"]) {
        this.form.on(event, () => this.opened && this.keep());
      }
      canvas.addEventListener("submit", (event) => event.preventDefault());
      this.button.addEventListener("click", () => this.send());
      // Leaving a field may move the button away between press and release: leave it at the click.
      this.button.addEventListener("mousedown", (event) => event.preventDefault());
      if (unsaved) {
        this.indicator.textContent = this.texts.restored;
        this.draft.pending = unsaved;
        this.draft.save();
      }
      setTimeout(() => {
        this.opened = true;
        this.root.dataset.ready = "yes";
      });
    }

    keep() {
      // The viewer sets its state right after this event.
      queueMicrotask(() => this.draft.keep(this.form._getSubmitData()));
    }

    translateErrors() {
      const validator = this.form.get("validator");
      for (const name of ["validateField", "validateFieldInstance"]) {
        const original = validator[name].bind(validator);
        validator[name] = (...parts) => original(...parts).map(inWords);
      }
    }

    instances() {
      return this.form.get("formFieldInstanceRegistry").getAllKeyed();
    }

    // The errors of the viewer's state, in the order of the page.
    errorsOnPage() {
      const { errors } = this.form._getState();
      const found = [];
      for (const instance of this.instances()) {
        const path = [instance.id, ...Object.values(instance.indexes || {})];
        const messages = path.reduce((part, step) => (part ? part[step] : undefined), errors);
        if (!Array.isArray(messages) || typeof messages[0] !== "string") continue;
        const field = this.form.get("formFieldRegistry").get(instance.id);
        found.push({ instance, label: field.label || field.dateLabel || field.key, message: messages[0] });
      }
      return found;
    }

    // What the server found wrong, put at the fields; what has no field is returned.
    putErrors(list) {
      const errors = {};
      const homeless = [];
      for (const { path, label, message } of list) {
        const instance = this.instances().find((one) => pathText(one.valuePath) === path);
        if (!instance) {
          homeless.push(label ? `${label}: ${message}` : message);
          continue;
        }
        let place = errors;
        const steps = [instance.id, ...Object.values(instance.indexes || {})];
        steps.slice(0, -1).forEach((step) => {
          place[step] = place[step] || {};
          place = place[step];
        });
        const last = steps.at(-1);
        place[last] = [...(place[last] || []), message];
      }
      this.form._setState({ errors });
      return homeless;
    }

    fieldElement(instance) {
      const indexes = Object.values(instance.indexes || {}).map((index) => `_${index}`).join("");
      const id = `${instance.id}${indexes}`;
      const all = this.root.querySelectorAll("input, select, textarea, [tabindex]");
      return [...all].find((element) => element.id.endsWith(`-${id}`) || element.id.includes(`-${id}-`));
    }

    showProblems(title, lines) {
      this.problems.querySelector("[data-problems-title]").textContent = title;
      const list = this.problems.querySelector("[data-problems-list]");
      list.replaceChildren(
        ...lines.map(({ text, target }) => {
          const item = document.createElement("li");
          if (target) {
            const link = document.createElement("a");
            link.className = "utrecht-link";
            link.href = `#${target.id}`;
            link.textContent = text;
            link.addEventListener("click", (event) => {
              event.preventDefault();
              target.scrollIntoView({ block: "center" });
              target.focus();
            });
            item.append(link);
          } else {
            item.textContent = text;
          }
          return item;
        }),
      );
      this.problems.hidden = false;
      this.problems.focus();
      this.problems.scrollIntoView({ block: "center" });
    }

    showErrors(homeless = []) {
      const lines = this.errorsOnPage().map(({ instance, label, message }) => ({
        text: /[?:.!]$/.test(label) ? `${label} ${message}` : `${label}: ${message}`,
        target: this.fieldElement(instance),
      }));
      lines.push(...homeless.map((text) => ({ text })));
      if (lines.length) this.showProblems(this.texts.title, lines);
      return lines.length > 0;
    }

    async send() {
      if (this.busy) return;
      this.busy = true;
      try {
        await this.typed.finish();
        this.problems.hidden = true;
        const { data } = this.form.submit();
        if (!this.showErrors()) await this.deliverOnce(data);
      } finally {
        this.busy = false;
      }
    }

    async deliverOnce(data) {
      this.button.setAttribute("aria-disabled", "true");
      this.indicator.textContent = this.texts.sending;
      this.draft.hold();
      try {
        await this.deliver(data);
      } finally {
        this.draft.release();
        this.button.removeAttribute("aria-disabled");
      }
    }

    async deliver(data) {
      let answer;
      let signedOut = false;
      let body = {};
      try {
        ({ answer, signedOut } = await window.ketenspoorSend(this.root, {
          address: this.root.dataset.send,
          method: "POST",
          body: { submission_id: this.root.dataset.submission, data },
        }));
        body = await answer.json();
      } catch {
        if (!answer || answer.status >= 500) {
          this.indicator.textContent = "";
          this.draft.keep(data);
          this.showProblems(this.texts.send_failed, []);
          return;
        }
      }
      this.indicator.textContent = "";
      if (answer.ok) {
        this.draft.close();
        window.location.assign(body.onward);
      } else if (answer.status === 422) {
        const homeless = this.putErrors(body.errors || []);
        if (!this.showErrors(homeless)) this.showProblems(this.texts.send_failed, []);
      } else if (signedOut) {
        this.draft.keep(data);
        this.showProblems(this.texts.signed_out, []);
      } else if (answer.status === 409) {
        this.draft.keepHere(data);
        const lines = [{ text: this.texts.copy }];
        this.showProblems(body.message || this.texts.send_failed, lines);
      } else {
        this.showProblems(body.message || this.texts.send_failed, []);
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const root of document.querySelectorAll("[data-drawn-form]")) {
      if (root.querySelector("[data-schema]")) new DrawnForm(root).open();
    }
  });
})();
