// Lists to choose from for the selected element: form, role, decision, called process, connector.
window.ksChoices = async (modeler, base, words) => {
  const frame = document.querySelector("[data-choices]");
  const fields = document.querySelector("[data-choice-fields]");
  const answer = await fetch(`${base}/keuzes`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const known = await answer.json();
  modeler.get("elementTemplatesLoader").setTemplates(known.sjablonen);
  const modeling = modeler.get("modeling");
  const factory = modeler.get("bpmnFactory");

  // kind of element -> [label, list, extension, attribute]
  const offered = {
    "bpmn:UserTask": [
      [words.form, known.formulieren, "zeebe:FormDefinition", "formId"],
      [words.role, known.rollen, "zeebe:AssignmentDefinition", "candidateGroups"],
    ],
    "bpmn:BusinessRuleTask": [[words.decision, known.beslissingen, "zeebe:CalledDecision", "decisionId"]],
    "bpmn:CallActivity": [[words.process, known.processen, "zeebe:CalledElement", "processId"]],
    "bpmn:ServiceTask": [[words.connector, known.koppelingen, "zeebe:TaskDefinition", "type"]],
  };

  const extension = (element, type) =>
    element.businessObject.extensionElements?.values?.find((one) => one.$type === type);

  const set = (element, type, attribute, value) => {
    const object = element.businessObject;
    const there = extension(element, type);
    if (there) {
      modeling.updateModdleProperties(element, there, { [attribute]: value || undefined });
      return;
    }
    const extensions = object.extensionElements || factory.create("bpmn:ExtensionElements", { values: [] });
    const made = factory.create(type, { [attribute]: value });
    made.$parent = extensions;
    if (!object.extensionElements) {
      extensions.$parent = object;
      extensions.values = [made];
      modeling.updateProperties(element, { extensionElements: extensions });
    } else {
      modeling.updateModdleProperties(element, extensions, { values: [...(extensions.values || []), made] });
    }
  };

  const draw = () => {
    const [element, ...more] = modeler.get("selection").get();
    // what a template holds fixed is chosen with the template, not here
    const fixed = element?.businessObject.get("zeebe:modelerTemplate") && element.type !== "bpmn:UserTask";
    const lists = element && !more.length && !fixed ? offered[element.type] : undefined;
    frame.hidden = !lists;
    if (!lists) return;
    fields.replaceChildren();
    for (const [label, list, type, attribute] of lists) {
      const now = extension(element, type)?.[attribute] || "";
      const id = `keuze-${attribute}`;
      const row = document.createElement("div");
      row.className = "utrecht-form-field";
      const name = document.createElement("label");
      name.className = "utrecht-form-label";
      name.htmlFor = id;
      name.textContent = label;
      const choose = document.createElement("select");
      choose.className = "utrecht-select utrecht-select--html-select";
      choose.id = id;
      choose.append(new Option(words.none, ""));
      for (const { waarde, naam } of list) choose.append(new Option(naam === waarde ? naam : `${naam} (${waarde})`, waarde, false, waarde === now));
      if (now && !list.some(({ waarde }) => waarde === now)) choose.append(new Option(now, now, false, true));
      choose.addEventListener("change", () => set(element, type, attribute, choose.value));
      row.append(name, choose);
      fields.append(row);
    }
  };
  draw();
  modeler.on("selection.changed", draw);
  modeler.on("commandStack.changed", () => setTimeout(() => { if (!fields.contains(document.activeElement)) draw(); }));
};
