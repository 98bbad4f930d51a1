// What is typed into a drawn form stays, at any pace and on a slow device: the form viewer takes words
// 300 ms after the last key, and forgets a time that comes while it still works out the date.
(() => {
  // After what the viewer does once it has drawn; it waits for that in the same way.
  const drawn = () =>
    new Promise((go) => {
      const now = () => {
        clearTimeout(late);
        cancelAnimationFrame(frame);
        setTimeout(go);
      };
      const late = setTimeout(now, 100);
      const frame = requestAnimationFrame(now);
    });

  const minutes = (text) => {
    const found = /^(\d{1,2}):(\d{2}) ?([AP]M)?$/i.exec(text);
    if (!found) return null;
    const hours = found[3] ? (found[1] % 12) + (/p/i.test(found[3]) ? 12 : 0) : Number(found[1]);
    return hours * 60 + Number(found[2]);
  };
  const toMinute = (moment) => (Number.isNaN(moment.getTime()) ? null : Math.floor(moment.getTime() / 60000));

  window.KetenspoorTyped = class {
    // form: the viewer's; elementOf: gives the first field of one of its instances.
    constructor({ form, canvas, elementOf }) {
      this.form = form;
      this.canvas = canvas;
      this.elementOf = elementOf;
      this.words = null;
      this.drawing = false;
      canvas.addEventListener("input", (event) => {
        this.words = event.target;
        if (this.drawing) this.keepWords();
      });
      canvas.addEventListener("focusout", () => {
        this.words = null;
        this.settle();
      });
      form.on("changed", () => {
        this.drawing = true;
        queueMicrotask(() => {
          this.drawing = false;
        });
        this.keepWords();
      });
    }

    instances() {
      const fields = this.form.get("formFieldRegistry");
      const all = this.form.get("formFieldInstanceRegistry").getAllKeyed();
      return all.map((instance) => ({ instance, field: fields.get(instance.id) }));
    }

    valueOf(instance) {
      return instance.valuePath.reduce((part, step) => part?.[step], this.form._getState().data);
    }

    // Something else changed: the viewer would draw the words it knows over those that are typed.
    keepWords() {
      const { words } = this;
      if (!words) return;
      const found = this.instances().find(
        ({ instance, field }) =>
          ["textfield", "textarea"].includes(field.type) && this.elementOf(instance) === words,
      );
      if (!found || words.value === (this.valueOf(found.instance) ?? "")) return;
      const { instance, field } = found;
      this.form._update({ field, indexes: instance.indexes, fieldInstance: instance, value: words.value });
    }

    // The fields of a moment whose value is not what they show; not while they are filled in.
    forgotten({ instance, field }) {
      if (field.type !== "datetime" || field.subtype === "time") return null;
      const day = this.elementOf(instance);
      const picker = day?._flatpickr;
      const time = field.subtype === "datetime" ? document.getElementById(day?.id.replace(/-date$/, "-time")) : null;
      if (!picker || day.disabled || day.readOnly) return null;
      if ([day, time].includes(document.activeElement)) return null;
      const value = this.valueOf(instance) || "";
      const kept = toMinute(new Date(time ? value : `${value}T00:00`));
      const [date] = picker.selectedDates;
      const inDay = time ? minutes(time.value) : 0;
      const whole = date && inDay !== null;
      const shown = whole
        ? toMinute(new Date(date.getFullYear(), date.getMonth(), date.getDate(), 0, inDay))
        : null;
      return kept === shown ? null : { picker, time };
    }

    // Waits until the form has taken all that it shows.
    settle() {
      this.settling ||= this.untilTaken().finally(() => {
        this.settling = null;
      });
      return this.settling;
    }

    async untilTaken() {
      for (let round = 1; round <= 24; round += 1) {
        await drawn();
        const forgotten = this.instances().map((one) => this.forgotten(one)).filter(Boolean);
        if (!forgotten.length) return;
        // The viewer had time enough: choose and leave once more.
        if (round % 6) continue;
        for (const { picker, time } of forgotten) {
          picker.setDate(picker.selectedDates, true);
          time?.dispatchEvent(new FocusEvent("focusout"));
        }
      }
    }

    // Leaves the field that is filled in, as a press on the button does, and waits.
    finish() {
      if (this.canvas.contains(document.activeElement)) document.activeElement.blur();
      return this.settle();
    }
  };
})();
