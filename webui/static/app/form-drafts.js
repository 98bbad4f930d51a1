// Keeps what was typed: on the server as a draft, and on this device until the server has it.
window.KetenspoorDraft = class {
  constructor({ root, indicator, texts }) {
    this.root = root;
    this.storageKey = `ketenspoor:${root.dataset.key}`;
    this.address = root.dataset.draft;
    this.indicator = indicator;
    this.texts = texts;
    this.timer = 0;
    this.version = 0;
    this.underway = null;
    this.held = false;
    this.closed = false;
    window.addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.pending) this.save();
    });
  }

  // What this device still holds that the server never got, or null.
  unsaved() {
    try {
      const text = localStorage.getItem(this.storageKey);
      return text ? JSON.parse(text) : null;
    } catch {
      return null;
    }
  }

  keep(values) {
    if (this.closed) return;
    this.pending = values;
    this.version += 1;
    try {
      localStorage.setItem(this.storageKey, JSON.stringify(values));
    } catch {
      // A full or forbidden storage: the draft on the server remains.
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 1000);
  }

  async save() {
    if (this.closed || this.held || !this.pending || !this.address) return;
    clearTimeout(this.timer);
    const version = this.version;
    const underway = new AbortController();
    this.underway = underway;
    this.show("saving");
    try {
      const { answer, signedOut } = await window.ketenspoorSend(this.root, {
        address: this.address,
        method: "PUT",
        body: { data: this.pending },
        keepalive: document.visibilityState === "hidden",
        signal: underway.signal,
      });
      if (this.closed || this.held) return;
      if (!answer.ok) {
        this.show(signedOut ? "signed_out" : "failed");
        return;
      }
      if (version === this.version) {
        this.pending = null;
        this.forget();
        this.show("saved");
      }
    } catch {
      if (this.closed || underway.signal.aborted) return;
      this.show("offline");
      this.timer = setTimeout(() => this.save(), 15000);
    }
  }

  show(state) {
    this.indicator.dataset.state = state;
    this.indicator.textContent = this.texts[state];
  }

  forget() {
    try {
      localStorage.removeItem(this.storageKey);
    } catch {
      // Nothing was kept then.
    }
  }

  // The whole form is being sent: a draft that crosses it would come too late, and its answer would
  // take away the message that the next page is to show.
  hold() {
    this.held = true;
    clearTimeout(this.timer);
    this.underway?.abort();
  }

  // It was not taken: drafts are kept again.
  release() {
    this.held = false;
    if (this.pending) this.keep(this.pending);
  }

  // The server takes no draft any more (somebody else was first): keep the text on this device.
  keepHere(values) {
    clearTimeout(this.timer);
    this.address = "";
    this.keep(values);
  }

  // The form was sent: nothing of it stays on this device.
  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.forget();
  }
};
